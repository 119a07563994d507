"""The `Reruns` of a captured trace."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from threading import Lock
from typing import Any, TypeAlias

import torch
from torch import Tensor

from attnwidget.capture.attention.capture_attention import CapturedAttention
from attnwidget.capture.attention.cutting import CannotBatch, Cutting
from attnwidget.capture.attention.entries import entries_of
from attnwidget.capture.changes.alternatives import alternatives_of
from attnwidget.capture.changes.base import MAX_BASES, Base
from attnwidget.capture.changes.batches import changed_inputs, is_same, runs_at_once
from attnwidget.capture.changes.cut_strategy import CutStrategy, check_done, check_strategy
from attnwidget.capture.changes.cut_trace import cut_trace
from attnwidget.capture.changes.deletion import check_cut, values_without
from attnwidget.capture.changes.needed_rows import logits_at
from attnwidget.capture.changes.outcome import kept, rows_of, value_in, vocabulary_of
from attnwidget.capture.changes.plan import plan_of
from attnwidget.capture.changes.replaced_trace import captured_with, renamed
from attnwidget.capture.changes.texts import captured_text, editing_of
from attnwidget.capture.changes.token_ids import words_of
from attnwidget.capture.gradients import _nothing
from attnwidget.capture.gradients.model_gradients import SharedResults
from attnwidget.capture.gradients.model_output import EntryOutput, entry_output
from attnwidget.capture.gradients.placed_target import span_of
from attnwidget.capture.gradients.rerun import RunResult
from attnwidget.capture.gradients.top_predictions import predictions_in
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.model.loaded_model import LoadedModel
from attnwidget.trace.cut_places import PlacedCut
from attnwidget.trace.divergence import Outcome, divergence
from attnwidget.trace.editing import Editing
from attnwidget.trace.gradients import Report
from attnwidget.trace.predictions import Predictions
from attnwidget.trace.removal import Removal
from attnwidget.trace.reruns import Change, Comparison, Words
from attnwidget.trace.target import IndexedTarget, Target
from attnwidget.trace.trace import Trace

BuildTrace: TypeAlias = Callable[
    [LoadedModel, ModelInputs, CapturedAttention, int | None, Target], Trace
]


class ModelReruns:
    """Runs a captured model again with changes; see `Reruns`.

    It refers to the model and the inputs. Copying gives the same object and a pickled trace has
    none, so that neither copies the model.

    Parameters
    ----------
    shared
        The model, its inputs, and the predictions without changes.
    build_trace
        Makes the trace of a run with other inputs; None if attention is cut in every run.
    """

    def __init__(self, shared: SharedResults, build_trace: BuildTrace | None = None) -> None:
        self._shared = shared
        self._build_trace = build_trace
        self._rerun = shared.rerun
        self._bases: OrderedDict[IndexedTarget, Base] = OrderedDict()
        self._lock = Lock()

    def definite(self, target: IndexedTarget) -> IndexedTarget:
        """Return a target whose position and tokens are those of the run without changes."""
        return self._shared.definite(target)

    def log_probability(self, target: IndexedTarget) -> IndexedTarget:
        """Return a definite target: of a logit, the log-probability, if the model has any."""
        aim = self.definite(target)
        if aim is None or callable(aim) or self._shared.head.activation == "identity":
            return aim
        return ("log_prob", aim[1], aim[2]) if aim[0] == "logit" else aim

    def positions(self, target: IndexedTarget) -> tuple[int, ...]:
        """Return the positions at which the target is predicted; none if the model has none."""
        rows = rows_of(self.definite(target), self._rerun.text, self._shared.head)
        return rows if self._shared.head.has_positions else ()

    def check_cuts(self) -> None:
        """Raise a ValueError if the attention of the model cannot be cut."""
        check_strategy(self._strategy, self._rerun.model)

    def value(self, target: IndexedTarget) -> float:
        """Return the target without changes."""
        return self._base(self.definite(target)).value

    def outcome(self, target: IndexedTarget) -> Outcome:
        """Return the logits that the target is read from, without changes."""
        base, head = self._base(self.definite(target)), self._shared.head
        return Outcome(base.logits, head.activation, vocabulary_of(self._rerun, head))

    def values(self, changes: Sequence[Change], target: IndexedTarget, report: Report) -> Tensor:
        """Return the target of a run for each of some changes, (m,) float32."""
        aim = self.definite(target)
        rows = None if callable(aim) else self._base(aim).rows
        at_once = self._checked(1 if rows is None else self._base(aim).at_once, changes)
        found: list[float] = []
        while len(found) < len(changes):
            some = changes[len(found) : len(found) + at_once]
            found += [value_in(aim, entry, result) for entry, result in self._runs(some, rows)]
            report(len(found))
        return torch.tensor(found, dtype=torch.float32, device="cpu")

    def values_without(
        self,
        stream: str,
        sets: Sequence[Sequence[int]],
        removal: Removal,
        target: IndexedTarget,
        report: Report,
    ) -> Tensor:
        """Return the target of a run without each of some sets of tokens, (m,) float64."""
        return values_without(self._rerun, self.definite(target), stream, sets, removal, report)

    def check_removal_by_cut(self, stream: str, keys: Sequence[int], target: IndexedTarget) -> None:
        """Check that nothing of keys that are deleted by cutting arrives at the target."""
        check_cut(self._rerun, self.definite(target), stream, keys)

    def compare(self, cuts: Sequence[PlacedCut], target: IndexedTarget, top: int) -> Comparison:
        """Run the model with all of some cuts and compare it with the run without them."""
        self.check_cuts()
        aim = self.definite(target)
        base = self._base(aim)
        cutting = Cutting([{}])
        rows = None if callable(aim) else base.rows
        ((entry, result),) = self._runs([Change(tuple(cuts))], rows, cutting)
        logits = kept(entry, base.rows)
        after = None
        if base.logits is not None and logits is not None:
            after = divergence(base.logits, logits, entry.head.activation)
        return Comparison(
            self._predictions(base.logits, base.rows, top),
            self._predictions(logits, base.rows, top),
            base.value,
            value_in(aim, entry, result),
            after,
            cutting.emptied,
        )

    def cut_trace(self, cuts: Sequence[PlacedCut], target: IndexedTarget) -> Trace:
        """Return the trace of the run with all of some cuts."""
        self.check_cuts()
        trace, shared = cut_trace(self._rerun, self._strategy, cuts, self.definite(target))
        return replace(trace, reruns=ModelReruns(shared))

    def replaced_trace(self, change: Change, trace: Trace) -> Trace:
        """Return the trace of the run with other tokens, named and aimed as a trace of this one."""
        rerun = self._rerun
        inputs, captured = captured_with(rerun, change)
        assert self._build_trace is not None  # runs that are cut are refused
        made = self._build_trace(rerun.model, inputs, captured, rerun.batch_index, trace.target)
        stacks = map(renamed, trace.stacks, rerun.streams, made.stacks)
        return replace(made, stacks=tuple(stacks), model_name=trace.model_name)

    def read_trace(self, texts: Sequence[str]) -> Trace:
        """Return the trace of the run on another text, or on another pair."""
        inputs, captured = captured_text(self._rerun, texts)
        assert self._build_trace is not None  # runs that are cut are refused
        return self._build_trace(self._rerun.model, inputs, captured, None, None)

    def editing(self) -> Editing:
        """Return what of the input can be edited."""
        return editing_of(self._rerun)

    def alternatives(
        self, stream: str, place: int, top: int, including: Sequence[int | str]
    ) -> Predictions:
        """Return the tokens that the model itself would put in the place of one."""
        fill = partial(self.fillings, stream, [place], lambda _: None)
        return alternatives_of(self._shared, fill, stream, place, top, including)

    def words(self, stream: str) -> Words:
        """Return the tokens that a stream's keys are read from."""
        return words_of(self._rerun, stream)

    def stands_on(self, target: IndexedTarget, stream: str) -> frozenset[int]:
        """Return the keys of a stream that cannot be replaced, because the target is about them."""
        rerun, aim = self._rerun, self.definite(target)
        if rerun.group(stream).keys != rerun.main.queries or aim is None or callable(aim):
            return frozenset()
        if aim[0] == "span":
            span = span_of(aim, rerun.text, self._shared.head)
            return frozenset(range(span.start, span.stop))
        model = rerun.model
        fills = model.is_pretrained and not model.can_generate and self._shared.head.unit == "token"
        return frozenset(self.positions(aim) if fills else ())

    def fillings(self, stream: str, places: Sequence[int], report: Report) -> Tensor:
        """Return the logits at some keys' positions if a mask stood there, (m, V) on the CPU."""
        mask = self._rerun.inputs.tokenizer.mask_token_id
        changes = [Change(tokens=((place, mask),), stream=stream) for place in places]
        at_once = self._checked(self._base(self.definite(None)).at_once, changes)
        found: list[Tensor] = []
        while len(found) < len(changes):
            for entry, _ in self._runs(changes[len(found) : len(found) + at_once]):
                assert entry.logits is not None
                found.append(entry.logits[places[len(found)]].float().cpu())
            report(len(found))
        return torch.stack(found)

    def _base(self, aim: IndexedTarget) -> Base:
        with self._lock:
            if aim in self._bases:
                return self._bases[aim]
            ((entry, result),) = self._runs([Change()])
            rows = rows_of(aim, entry.text, entry.head)
            at_once = runs_at_once(self._rerun, entry)
            base = Base(value_in(aim, entry, result), rows, kept(entry, rows), at_once)
            self._bases[aim] = base
            while len(self._bases) > MAX_BASES:
                self._bases.popitem(last=False)
            return base

    def _checked(self, at_once: int, changes: Sequence[Change]) -> int:
        """Return how many runs to make at once, 1 if a batch is not what its entries are alone."""
        if at_once == 1 or len(changes) == 1:
            return 1
        ((alone, _),) = self._runs([Change()])
        try:
            together = self._runs([changes[0], Change()])
        except CannotBatch:
            return 1
        return at_once if is_same(alone, together[1][0]) else 1

    def _runs(
        self,
        changes: Sequence[Change],
        rows: Sequence[int] | None = None,
        cutting: Cutting | None = None,
    ) -> list[tuple[EntryOutput, RunResult]]:
        """Run the model once, with an entry for each change.

        Parameters
        ----------
        changes
            The changes.
        rows
            The rows of the logits that are read; None for all.
        cutting
            The observer that cuts; None makes one.
        """
        rerun = self._rerun
        plans = [plan_of((*rerun.cuts, *each.cuts), rerun.groups) for each in changes]
        inputs = changed_inputs(rerun, changes)
        entries = [rerun] if len(changes) == 1 else [rerun.at(at) for at in range(len(changes))]
        with torch.no_grad(), logits_at(rerun, rows):
            if not any(plans):
                results = rerun.run_batch(partial(rerun.forward, inputs), entries)
            else:
                self.check_cuts()
                cutting = cutting or Cutting([])
                cutting.plans = plans
                cutting.entries = entries_of(rerun.model, rerun.inputs, rerun.batch_index)
                run = partial(self._strategy, rerun.model, inputs, cutting)
                results = rerun.run_batch(run, entries)
                check_done(cutting, plans, rerun.model)
            return [
                (entry_output(each, result), result)
                for each, result in zip(entries, results, strict=True)
            ]

    @property
    def _strategy(self) -> Any:
        strategy = self._rerun.strategy
        return strategy.inner if isinstance(strategy, CutStrategy) else strategy

    def _predictions(self, logits: Tensor | None, rows: Sequence[int], top: int) -> Predictions:
        if logits is None:
            return Predictions("hidden", None, ())
        return predictions_in(logits[0], self._shared.head, rows[0], top, self._rerun)

    def __deepcopy__(self, memo: object) -> "ModelReruns":
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _nothing, ()
