"""Find the tokens of each stack of a model: words, patches or frames."""

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from attnwidget.capture.assemble.entity_names import entity_names
from attnwidget.capture.assemble.image_tokens import (
    IMAGE_IDS,
    OTHER_IDS,
    grids_in,
    ids_in,
    patch_names,
    with_images,
)
from attnwidget.capture.assemble.position_names import (
    frame_tokens,
    grid_tokens,
    heard_positions,
    named_tokens,
    numbered_tokens,
    patch_tokens,
)
from attnwidget.capture.assemble.text_tokens import id_tokens, text_tokens
from attnwidget.capture.attention.layout import Grid
from attnwidget.capture.attention.lookups import Lookups
from attnwidget.capture.attention.patches import PatchGrids
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.trace.tokens import Tokens

SOUND_INPUTS = ("input_features", "input_values")
"""Names of the inputs that hold spectrograms or waveforms."""

WORDLESS = ("vision", "audio")
"""Names of towers that read no words."""


@dataclass(frozen=True)
class StackTokens:
    """The tokens that the positions of each stack stand for.

    Parameters
    ----------
    inputs
        Inputs of the forward pass.
    lookups
        The token ids that the model looked up in it.
    patches
        The grids that the model cut images into in it.
    batch
        Number of entries that the model gets.
    prompt_length
        Number of positions of a learned prompt before the text.
    config
        Config of the whole model, None without one.
    """

    inputs: ModelInputs
    lookups: Lookups = field(default_factory=Lookups)
    patches: PatchGrids = field(default_factory=PatchGrids)
    batch: int = 1
    prompt_length: int = 0
    config: Any = None

    def of_stack(
        self,
        name: str,
        stack: nn.Module | None,
        length: int,
        *,
        stream: str = "",
        run: int | None = None,
        part: int = 0,
        sources: frozenset[int] | None = None,
        grid: Grid | None = None,
    ) -> Tokens:
        """Return a token for each position of a stack.

        Parameters
        ----------
        name
            Name of the stack; ``"decoder"`` reads the decoder's inputs.
        stack
            The stack itself, which declares the input that it reads.
        length
            Number of positions, padding included.
        stream
            Name of the stream, which tells towers that no library describes.
        run
            Index among the runs of the stack, which read one text each; None if there is one.
        part
            Index among the parts of the input, such as images, that do not attend to each other.
        sources
            What the positions are made of, see `CallLinks`; None if it is not known.
        grid
            Rows and columns of the image whose patches the positions are, if the run told them.
        """
        if grid is not None and grid.size == length:
            return named_tokens(grid.names())
        if sources is not None:
            found = self.lookups.named(sources, length)
            ids = None if found is None else self._of_entry(found)
            return self._unread(name, length) if ids is None else self._text(ids, "", name)
        if stack is None and stream.split(" ")[0] in WORDLESS:
            return self._unread(name, length)
        main_input = _main_input(stack)
        value = self.inputs.tensors.get(main_input)
        config = getattr(stack, "config", None)
        grids = grids_in(self.inputs.tensors)
        if grids and hasattr(config, "spatial_merge_size"):
            patches = patch_names(grids[min(run or 0, len(grids) - 1)], config, part, length)
            return self._unread(name, length) if patches is None else named_tokens(patches)
        if name != "decoder" and isinstance(value, Tensor):
            if main_input == "pixel_values":
                return patch_tokens(config, value, length) or self._unread(name, length)
            if main_input in SOUND_INPUTS and not hasattr(config, "patch_size"):
                return frame_tokens(config, value, length)
        before = self.prompt_length
        if before and length == before + self.inputs.length:
            names = [f"[PROMPT {place}]" for place in range(1, before + 1)]
            text = self.of_stack(name, stack, length - before)
            return named_tokens(names, special=before).followed_by(text)
        ids = self._given_ids(name, length)
        if ids is None:
            ids = self._looked_up(stack, length, run)
            return self._unread(name, length) if ids is None else self._longer(ids, length)
        return with_images(self._text(ids, _source(name), name), ids, self.config, grids)

    def ids_of(
        self,
        name: str,
        stack: nn.Module | None,
        length: int,
        *,
        run: int | None = None,
        sources: frozenset[int] | None = None,
    ) -> list[int | None] | None:
        """Return the token id of each position of a stack, None if they are not known.

        A position that is no token, such as one of a learned prompt or of an image, has None.
        """
        before = self.prompt_length
        if not before or length != before + self.inputs.length:
            before = 0
        if name != "decoder" and _main_input(stack) in ("pixel_values", *SOUND_INPUTS):
            return None
        if sources is not None:
            found = self.lookups.named(sources, length)
            return None if found is None else [*self._of_entry(found)]
        ids = self._given_ids(name, length - before) or self._looked_up(stack, length, run)
        if ids is None:
            return None
        others = ids_in(self.config, (*IMAGE_IDS, *OTHER_IDS))
        after = length - before - len(ids)
        known = [None if each in others else each for each in ids]
        return [None] * before + known + [None] * after

    def _given_ids(self, name: str, length: int) -> list[int] | None:
        """Return the ids among the inputs of a stack, None unless each position has one."""
        ids = self.inputs.ids(_source(name)) or self._only_ids(length)
        return ids if ids and len(ids) == length else None

    def _unread(self, name: str, length: int) -> Tokens:
        """Return names for positions that are no ids: patches, object queries, or numbers."""
        if name == "decoder" and "pixel_values" in self.inputs.tensors:
            return named_tokens([f"query {place}" for place in range(length)])
        grid = None if name == "decoder" else self.patches.of_length(length)
        if grid is None or self._is_given(length):
            return numbered_tokens(length)
        is_sound = any(each in self.inputs.tensors for each in SOUND_INPUTS)
        return grid_tokens(grid.names(*("ft" if is_sound else "rc")), length)

    def _is_given(self, length: int) -> bool:
        """Return whether an input holds a vector for each position."""
        values = self.inputs.tensors.values()
        return any(
            isinstance(each, Tensor) and each.ndim == 3 and each.shape[1] == length
            for each in values
        )

    def _text(self, ids: list[int], source: str, name: str) -> Tokens:
        inputs = self.inputs
        if inputs.tokenizer is None:
            tokens = id_tokens(ids)
        elif source != "input_ids":
            tokens = text_tokens(inputs.tokenizer, ids)
        else:
            words, segments = inputs.words, inputs.segments
            tokens = text_tokens(inputs.tokenizer, ids, words=words, segments=segments)
        first = inputs.first_written(ids, name)
        return tokens if first is None else tokens.written_from(first)

    def _looked_up(self, stack: nn.Module | None, length: int, run: int | None) -> list[int] | None:
        ids = self.lookups.ids(stack, length, self.batch, run)
        return None if ids is None else self._of_entry(ids)

    def _of_entry(self, ids: Tensor) -> list[int]:
        found: list[int] = ids[self.inputs.entry if len(ids) > 1 else 0].tolist()
        return found

    def _longer(self, ids: list[int], length: int) -> Tokens:
        """Return the tokens of ids, and names for the positions after them."""
        tokenizer = self.inputs.tokenizer
        known = id_tokens(ids) if tokenizer is None else text_tokens(tokenizer, ids)
        count = length - len(ids)
        entities = entity_names(self.inputs, ids, count)
        names = [f"[EXTRA {place}]" for place in range(1, count + 1)]
        return known.followed_by(named_tokens(entities or names, special=0 if entities else count))

    def _only_ids(self, length: int) -> list[int] | None:
        """Return the only input with a whole number for each position, None if there are others."""
        found = [
            name
            for name, each in self.inputs.tensors.items()
            if isinstance(each, Tensor) and each.dtype in (torch.int32, torch.int64)
            if each.ndim == 2 and each.shape[1] == length and not name.endswith("mask")
        ]
        return self.inputs.ids(found[0]) if len(found) == 1 else None

    def heard(self, name: str, stack: nn.Module | None, length: int) -> int | None:
        """Return the number of positions before the silence after a sound, None without any."""
        main_input, config = _main_input(stack), getattr(stack, "config", None)
        sound = self.inputs.tensors.get(main_input)
        if self.inputs.silence or name == "decoder" or hasattr(config, "patch_size"):
            return None
        if main_input not in SOUND_INPUTS or not isinstance(sound, Tensor):
            return None
        return heard_positions(config, sound, length)

    def num_sources(self, length: int) -> int:
        """Return the number of inputs that have a token or a vector for each of some positions."""
        values = [each for each in self.inputs.tensors.values() if isinstance(each, Tensor)]
        vectors = sum(
            each.is_floating_point() and each.ndim == 3 and length in each.shape[:2]
            for each in values
        )
        return vectors + len(self.lookups.of_length(length))

    def mask(self, name: str, length: int) -> Tensor | None:
        """Return the mask (length,) of a stack's padding, None if the inputs have none."""
        source = "decoder_attention_mask" if name == "decoder" else "attention_mask"
        mask = self.inputs.tensors.get(source)
        if isinstance(mask, Tensor) and mask.shape == (1, length):
            return mask[0].cpu()
        return None


def _source(name: str) -> str:
    """Return the name of the input that holds a stack's ids."""
    return "decoder_input_ids" if name == "decoder" else "input_ids"


def _main_input(stack: nn.Module | None) -> str:
    """Return the name of the input that a stack reads, such as ``"pixel_values"``."""
    name = str(getattr(stack, "main_input_name", "input_ids"))
    config = getattr(stack, "config", None)
    # Parts of a vision model may not name their input.
    reads_images = hasattr(config, "patch_size") and not hasattr(config, "vocab_size")
    return "pixel_values" if reads_images and name == "input_ids" else name
