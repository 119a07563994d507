"""What changes if attention is taken away: the model runs again without it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from attnwidget.methods.rerunning import reruns_of, target_of
from attnwidget.trace import Target, Trace
from attnwidget.trace.cut import Cut, read_cuts
from attnwidget.trace.cut_places import PlacedCut, placed
from attnwidget.trace.once import Once
from attnwidget.trace.predictions import Predictions
from attnwidget.trace.reruns import Comparison
from attnwidget.trace.target import IndexedTarget

TOP = 10
"""Predictions that a knockout holds."""


@dataclass(frozen=True, eq=False, repr=False)
class Knockout:
    """A run of the model without some attention, beside the run with it.

    Attributes
    ----------
    cuts
        What was taken away.
    before, after
        The predictions at the target's position, with and without it.
    value_before, value_after
        The target in both runs, in the units of the target.
    kl
        The Kullback-Leibler divergence KL(before || after) of all predictions at the target's
        position, the sum of ``p_before ln(p_before / p_after)``, in nats; of a span the sum over
        its positions. None where there are no probabilities.
    emptied
        Number of rows of attention, over heads and layers, that had no key left: the head writes 0
        there.
    """

    cuts: tuple[Cut, ...]
    before: Predictions
    after: Predictions
    value_before: float
    value_after: float
    kl: float | None
    emptied: int
    _make_trace: Callable[[], Trace]
    _trace: Once[Trace] = field(default_factory=Once)

    @property
    def change(self) -> float:
        """The target after minus the target before: negative if the cut attention supported it."""
        return self.value_after - self.value_before

    @property
    def trace(self) -> Trace:
        """The trace of the run that was cut; its methods, gradients and reruns are cut, too.

        Its weights are those that the heads went on with. The first call runs the model.

        Raises
        ------
        ValueError
            A cut has the mode ``"mean"``, whose outputs no weights describe.
        """
        return self._trace.get(self._make_trace)

    def __repr__(self) -> str:
        divergence = "" if self.kl is None else f", kl {self.kl:.4g}"
        best = [each.entries[0].text for each in (self.before, self.after) if each.entries]
        predicted = f", {' -> '.join(map(repr, best))}" if best else ""
        emptied = f", {self.emptied} rows without a key" if self.emptied else ""
        cuts = ", ".join(map(repr, self.cuts))
        return f"Knockout([{cuts}]: change {self.change:.4g}{divergence}{predicted}{emptied})"


def knockout(
    trace: Trace,
    cuts: Cut | dict[str, Any] | Sequence[Any],
    *,
    target: Target = None,
    top: int = TOP,
) -> Knockout:
    """Run the model without some of its attention and compare what it predicts.

    Every cut is exact: the model computes everything above the cut anew. Several cuts act together
    in one run: first those that renormalise, then those to zero, then means.

    Parameters
    ----------
    trace
        A captured trace, whose model is still there.
    cuts
        A `Cut`, a mapping as its `to_json` returns it, or a list of these.
    target
        The target whose change is told, in the forms of `attnwidget.capture`; None for the target
        of the trace. A position or token that it leaves open is that of the run without cuts.
    top
        Number of predictions of each run.

    Returns
    -------
    Knockout
        Predictions before and after, the change of the target and the divergence; its ``trace`` is
        made when it is asked for.

    Raises
    ------
    IndexError
        A layer, head, query or key is out of range, or the target names a missing position or
        entry.
    ValueError
        The trace has no model, the attention of the model can only be read, there are no cuts, a
        cut takes nothing or leaves no key to share the weight, or the target does not fit the
        model.

    Notes
    -----
    A query that may attend to the cut keys alone, as the first token of a causal model to itself,
    has no key left: its head writes 0 there, and ``emptied`` counts such rows. Where a head has a
    learned sink, the sink takes all the weight, which gives 0, too.

    Rows whose attention is cut are computed in float32 and in blocks; all others are those of the
    model's attention function. The model runs once, and once without cuts for each new target. It
    comes back as it was, after an error too.
    """
    reruns = reruns_of(trace, "knockout")
    given = read_cuts(cuts)
    found = tuple(placed(cut, trace.stacks) for cut in given)
    aim = target_of(trace, target)
    comparison = reruns.compare(found, aim, top)
    return _made(trace, given, found, aim, comparison)


def _made(
    trace: Trace,
    cuts: tuple[Cut, ...],
    found: tuple[PlacedCut, ...],
    target: IndexedTarget,
    comparison: Comparison,
) -> Knockout:
    return Knockout(
        cuts,
        comparison.before,
        comparison.after,
        comparison.value_before,
        comparison.value_after,
        comparison.kl,
        comparison.emptied,
        partial(cut_trace, trace, found, target),
    )


def cut_trace(trace: Trace, cuts: tuple[PlacedCut, ...], target: IndexedTarget) -> Trace:
    """Return the trace of the run without some attention; see `Knockout.trace`."""
    made = reruns_of(trace, "knockout").cut_trace(cuts, target)
    stacks = tuple(
        replace(stream, queries=known.queries, keys=known.keys)
        for stream, known in zip(made.stacks, trace.stacks, strict=True)
    )
    return replace(made, stacks=stacks, model_name=trace.model_name)
