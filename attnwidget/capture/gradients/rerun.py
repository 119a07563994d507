"""A model and its inputs, ready to run once more."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any

import transformers
from torch import Tensor, nn

from attnwidget.capture.assemble.stack_tokens import Sides, select
from attnwidget.capture.assemble.streams import Group
from attnwidget.capture.attention.capture_attention import Way
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.model.model_state import evaluating
from attnwidget.trace.tokens import Tokens


@dataclass(frozen=True)
class Outcome:
    """What a run gave.

    Attributes
    ----------
    output
        As the model returned it.
    hidden
        (n, D), the last hidden state of the main stack for the traced entry, padding included; None
        where the model gives none.
    """

    output: Any
    hidden: Tensor | None


@dataclass(frozen=True)
class Rerun:
    """A model, what it was called with and how its attention was caught.

    Attributes
    ----------
    way
        Tells an observer of the same attention as at capture.
    batch_index
        Entry that is traced, where a module makes a batch of its own.
    groups
        The streams, and the padding that was cut away.
    """

    model: nn.Module
    sides: Sides
    way: Way
    batch_index: int | None
    groups: tuple[Group, ...]

    @cached_property
    def main(self) -> Group:
        """The stream whose queries are the positions that the model predicts at."""
        return next((each for each in self.groups if each.name == "decoder"), self.groups[0])

    @cached_property
    def tokens(self) -> Tokens:
        """The tokens of these positions."""
        main = self.main
        tokens = self.sides.tokens(main.queries, main.stacks[0], main.lengths[0])
        return select(tokens, main.rows)

    def group(self, stream: str) -> Group:
        """Return the attention calls of a stream."""
        return next(each for each in self.groups if each.name == stream)

    def inputs(self) -> ModelInputs:
        """Return the inputs, none of which forbids a graph."""
        given = self.sides.inputs
        tensors = {
            name: each.clone() if isinstance(each, Tensor) and each.is_inference() else each
            for name, each in given.tensors.items()
        }
        return replace(given, tensors=tensors)

    def run(self, called: Callable[[], Any]) -> Outcome:
        """Call the model in evaluation mode and find its last hidden state.

        Parameters
        ----------
        called
            Calls the model and returns its output.
        """
        stack = self.stack(self.main.queries)
        with evaluating(self.model), results_of(stack) as results:
            output = called()
        has_hidden = hasattr(output, "last_hidden_state") or not results
        return Outcome(output, self._of_entry(hidden_among(output if has_hidden else results[-1])))

    def stack(self, name: str) -> nn.Module | None:
        """Return the module that ends in a stack's last hidden state, None if that is unknown."""
        names = {each.queries for each in self.groups} - {"encoder"}
        if names == {name} and isinstance(self.model, transformers.PreTrainedModel):
            return _trunk(self.model)
        sides = ((each.queries, each.keys) for each in self.groups)
        stacks = dict(
            zip(chain(*sides), chain(*(each.stacks for each in self.groups)), strict=True)
        )
        return _trunk(stacks[name])

    def _of_entry(self, hidden: Tensor | None) -> Tensor | None:
        if hidden is None or hidden.ndim not in (2, 3):
            return None
        length = self.main.lengths[0]
        if hidden.ndim == 2:
            # One vector for each position, or one for each entry of a batch.
            return hidden if len(hidden) == length else hidden[self.entry(hidden)][None]
        batch_first = hidden.shape[1] == length or hidden.shape[0] != length
        hidden = hidden if batch_first else hidden.transpose(0, 1)
        return hidden[self.entry(hidden)]

    def entry(self, batch: Tensor) -> int:
        """Return the place of the traced entry on the first axis of what the model returned."""
        return self.batch_index or 0 if len(batch) > 1 else 0


def _trunk(stack: nn.Module | None) -> nn.Module | None:
    """Return the part of a stack that ends in its last hidden state, without a head."""
    if not isinstance(stack, transformers.PreTrainedModel):
        return stack
    if stack.config.is_encoder_decoder and stack.get_encoder() is not stack:
        decoder = stack.get_decoder()
        return decoder if isinstance(decoder, nn.Module) else stack
    base = stack.base_model
    return base if isinstance(base, nn.Module) else stack


@contextmanager
def results_of(module: nn.Module | None) -> Iterator[list[Any]]:
    """Collect what a module returns; nothing if there is none."""
    results: list[Any] = []
    if module is None:
        yield results
        return

    def collect(_: nn.Module, __: object, result: Any) -> None:
        results.append(result)

    hook = module.register_forward_hook(collect)
    try:
        yield results
    finally:
        hook.remove()


def hidden_among(result: Any) -> Tensor | None:
    """Return the hidden state among what a model or module returned."""
    if isinstance(result, Tensor):
        return result
    hidden = getattr(result, "last_hidden_state", None)
    if isinstance(hidden, Tensor):
        return hidden
    parts = result if isinstance(result, (tuple, list)) else ()
    return next((each for each in parts if isinstance(each, Tensor)), None)
