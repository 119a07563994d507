"""The tokens of each stack of a model: words, patches or moments."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from attnwidget.capture.assemble.position_names import frame_tokens, numbered, patch_tokens
from attnwidget.capture.assemble.text_tokens import id_tokens, text_tokens
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.trace.tokens import Tokens


@dataclass(frozen=True)
class Sides:
    """Finds the tokens that the positions of a stack stand for.

    Parameters
    ----------
    inputs
        What the model was called with.
    tokenizer
        None if ids are to be shown as they are.
    """

    inputs: ModelInputs
    tokenizer: Any = None

    def tokens(self, name: str, stack: nn.Module | None, length: int) -> Tokens:
        """Return a token for each position of a stack.

        Parameters
        ----------
        name
            What the stack is called; ``"decoder"`` reads the decoder's inputs.
        stack
            The stack itself, which says what it is fed with.
        length
            Its number of positions, padding included.
        """
        fed_with = _fed_with(stack)
        given = self.inputs.tensors.get(fed_with)
        config = getattr(stack, "config", None)
        if name != "decoder" and isinstance(given, Tensor):
            if fed_with == "pixel_values":
                return patch_tokens(config, given, length)
            if fed_with in ("input_features", "input_values") and not hasattr(config, "patch_size"):
                return frame_tokens(given, length)
        source = "decoder_input_ids" if name == "decoder" else "input_ids"
        ids = self.inputs.ids(source) or self._only_ids(length)
        if ids is None or len(ids) != length:
            return numbered(length)
        if self.tokenizer is None:
            return id_tokens(ids)
        if source != "input_ids":
            return text_tokens(self.tokenizer, ids)
        return text_tokens(
            self.tokenizer, ids, words=self.inputs.words, segments=self.inputs.segments
        )

    def _only_ids(self, length: int) -> list[int] | None:
        """Return the whole numbers that a module got one of for each position, if only once."""
        found = [
            name
            for name, each in self.inputs.tensors.items()
            if isinstance(each, Tensor) and each.dtype in (torch.int32, torch.int64)
            if each.ndim == 2 and each.shape[1] == length and not name.endswith("mask")
        ]
        return self.inputs.ids(found[0]) if len(found) == 1 else None

    def mask(self, name: str, length: int) -> Tensor | None:
        """Return which positions of a stack are tokens, (length,); None where no input says it."""
        source = "decoder_attention_mask" if name == "decoder" else "attention_mask"
        mask = self.inputs.tensors.get(source)
        if isinstance(mask, Tensor) and mask.shape == (1, length):
            return mask[0].cpu()
        return None


def _fed_with(stack: nn.Module | None) -> str:
    """Return the name of the input that a stack reads."""
    name = str(getattr(stack, "main_input_name", "input_ids"))
    config = getattr(stack, "config", None)
    # Parts of a vision model may not name their input.
    sees = hasattr(config, "patch_size") and not hasattr(config, "vocab_size")
    return "pixel_values" if sees and name == "input_ids" else name


def select(tokens: Tokens, span: slice) -> Tokens:
    """Return a contiguous part of the tokens."""
    return Tokens(
        tokens.text[span],
        tokens.raw[span],
        tokens.special[span],
        tokens.continues[span],
        tokens.segments[span],
    )
