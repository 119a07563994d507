"""Run a captured model again on the same inputs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Any

from torch import Tensor, nn

from attnwidget.capture.assemble.call_groups import CallGroup
from attnwidget.capture.assemble.stack_tokens import StackTokens
from attnwidget.capture.attention.layout import Layout
from attnwidget.capture.attention.observer import Unobserved
from attnwidget.capture.attention.strategies import CaptureStrategy
from attnwidget.capture.gradients.predicted_text import PredictedText
from attnwidget.capture.inputs.forward import batch_size, forward
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.model.loaded_model import LoadedModel
from attnwidget.capture.model.model_state import evaluation_mode
from attnwidget.capture.model.pretrained import trunk_of
from attnwidget.trace.cut_places import PlacedCut
from attnwidget.trace.stream import Stream
from attnwidget.trace.tokens import Tokens


@dataclass(frozen=True)
class RunResult:
    """The result of one run.

    Attributes
    ----------
    output
        The output as the model returned it.
    hidden
        (n, D), the last hidden state of the main stack for the traced entry, padding included; None
        if the model gives none.
    """

    output: Any
    hidden: Tensor | None


@dataclass(frozen=True)
class Rerun:
    """A model that can be run again on the inputs of a trace.

    Attributes
    ----------
    model
        The model.
    stack_tokens
        The inputs, and the tokens that they are shown as.
    strategy
        The strategy that captured the attention, which finds the same attention again.
    batch_index
        Index of the traced entry in a whole batch; None if the model gets the entry alone.
    groups
        The attention calls of each stream, and the padding that was cut away.
    streams
        The streams, without gradients.
    layouts
        Where the tiles of calls lie, by the numbers of the calls.
    cuts
        What the strategy cuts in every run.
    """

    model: LoadedModel
    stack_tokens: StackTokens
    strategy: CaptureStrategy
    batch_index: int | None
    groups: tuple[CallGroup, ...]
    streams: tuple[Stream, ...]
    layouts: Mapping[int, Layout] = field(default_factory=dict)
    cuts: tuple[PlacedCut, ...] = ()

    @cached_property
    def main(self) -> CallGroup:
        """The stream whose queries are the positions that the model predicts at."""
        return next((each for each in self.groups if each.name == "decoder"), self.groups[0])

    @property
    def tokens(self) -> Tokens:
        """The tokens of these positions."""
        return self.text.stream.queries

    @cached_property
    def text(self) -> PredictedText:
        """The same tokens, each with the position at which it is predicted."""
        main, model = self.main, self.model
        stream = next(each for each in self.streams if each.name == main.name)
        is_next = model.can_generate if model.is_pretrained else stream.causal
        ids = self.stack_tokens.ids_of(
            main.queries,
            main.stacks[0],
            main.lengths[0],
            run=main.run,
            sources=main.made_of[0],
        )
        # A model that fills masks predicts what a mask stands for, and not the mask.
        mask = None if is_next else getattr(self.inputs.tokenizer, "mask_token_id", None)
        if ids is not None:
            ids = [None if each == mask else each for each in ids[main.rows]]
        return PredictedText(model.class_name, stream, ids, is_next, self._answer(stream.queries))

    def _answer(self, tokens: Tokens) -> int | None:
        """Return the first token of what was written, or of the second text."""
        if self.main.name == "decoder":
            return 0
        if self.inputs.written is not None:
            return self.inputs.written - int(self.main.rows.start)
        return tokens.segments.index(1) if tokens.has_pair else None

    def group(self, stream: str) -> CallGroup:
        """Return the attention calls of a stream."""
        return next(each for each in self.groups if each.name == stream)

    @property
    def batch(self) -> int:
        """Number of entries that the model gets."""
        return batch_size(self.model, self.inputs)

    @property
    def inputs(self) -> ModelInputs:
        """The inputs of the forward pass."""
        return self.stack_tokens.inputs

    def graph_inputs(self) -> ModelInputs:
        """Return the inputs without inference tensors, which cannot be part of a graph."""
        return self.inputs.without_inference()

    def run(self, run_model: Callable[[], Any]) -> RunResult:
        """Run the model in evaluation mode and find its last hidden state.

        Parameters
        ----------
        run_model
            Runs the model and returns its output.
        """
        return self.run_batch(run_model, [self])[0]

    def run_batch(
        self, run_model: Callable[[], Any], entries: Sequence["Rerun"]
    ) -> list[RunResult]:
        """Run the model in evaluation mode and return the result for each of some entries."""
        stack = self.stack(self.main.queries)
        with evaluation_mode(self.model.module), results_of(stack) as results:
            output = run_model()
        has_hidden = hasattr(output, "last_hidden_state") or not results
        hidden = hidden_in(output if has_hidden else results[-1])
        return [RunResult(output, each._of_entry(hidden)) for each in entries]

    def forward(self, inputs: ModelInputs) -> Any:
        """Run the model with the cuts, without an observer, and return its output."""
        if not self.cuts:
            return forward(self.model, inputs)
        return self.strategy(self.model, inputs, Unobserved())

    def at(self, entry: int) -> "Rerun":
        """Return the same run of a batch, seen as another entry of it."""
        return replace(self, batch_index=entry)

    def stack(self, name: str) -> nn.Module | None:
        """Return the module that ends in a stack's last hidden state, None if it is unknown."""
        names = {each.queries for each in self.groups} - {"encoder"}
        if names == {name} and self.model.is_pretrained:
            return trunk_of(self.model.pretrained)
        sides = ((each.queries, each.keys) for each in self.groups)
        stacks = dict(
            zip(chain(*sides), chain(*(each.stacks for each in self.groups)), strict=True)
        )
        return trunk_of(stacks[name])

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
        """Return the index of the traced entry on the first axis of an output."""
        return self.batch_index or 0 if len(batch) > 1 else 0


@contextmanager
def results_of(module: nn.Module | None) -> Iterator[list[Any]]:
    """Collect the outputs of a module; the list stays empty if the module is None."""
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


def hidden_in(result: Any) -> Tensor | None:
    """Return the hidden state in the output of a module, None if there is none."""
    if isinstance(result, Tensor):
        return result
    hidden = getattr(result, "last_hidden_state", None)
    if isinstance(hidden, Tensor):
        return hidden
    parts = result if isinstance(result, (tuple, list)) else ()
    return next((each for each in parts if isinstance(each, Tensor)), None)
