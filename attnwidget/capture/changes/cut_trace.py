"""The trace of a run whose attention is cut."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import torch
from torch import Tensor, nn

from attnwidget.capture.assemble.place_tiles import with_tiles_placed
from attnwidget.capture.assemble.readout import readout
from attnwidget.capture.assemble.streams import make_stream
from attnwidget.capture.attention.capture_attention import head_of, located
from attnwidget.capture.attention.cutting import Cutting
from attnwidget.capture.attention.entries import entries_of
from attnwidget.capture.attention.found_weights import FoundWeights, Product
from attnwidget.capture.attention.observer import Origin
from attnwidget.capture.attention.projections import Projections
from attnwidget.capture.attention.recorder import Recorder
from attnwidget.capture.attention.strategies import CaptureStrategy
from attnwidget.capture.changes.cut_strategy import CutStrategy, check_done
from attnwidget.capture.changes.cut_words import cut_in_words
from attnwidget.capture.changes.plan import plan_of
from attnwidget.capture.gradients.model_gradients import ModelGradients, SharedResults
from attnwidget.capture.gradients.model_output import entry_output
from attnwidget.capture.gradients.rerun import Rerun
from attnwidget.capture.outputs.results import find_readout
from attnwidget.capture.outputs.tracker import OutputTracker
from attnwidget.trace.cut_places import PlacedCut
from attnwidget.trace.projected import ProjectedLayer
from attnwidget.trace.stream import Stream
from attnwidget.trace.target import IndexedTarget
from attnwidget.trace.trace import Trace


class CutRecorder:
    """The observer that records a run while it is cut.

    Projections are verified by the result without cuts, and get the cuts later; weights are
    recorded as the cuts leave them.
    """

    def __init__(self, cutting: Cutting, recorder: Recorder, tracker: OutputTracker) -> None:
        self._cutting = cutting
        self._recorder = recorder
        self._tracker = tracker

    def add_projections(self, module: nn.Module, projections: Projections) -> None:
        """Record the arguments of an attention function."""
        self._recorder.add_projections(module, projections)
        self._cutting.add_projections(module, projections)

    def add_context(self, context: Tensor, heads_first: Callable[[Tensor], Tensor]) -> Tensor:
        """Return the result of an attention function after the cuts."""
        changed = self._cutting.add_context(
            self._recorder.add_context(context, heads_first), heads_first
        )
        entries = self._recorder.entries.traced("Attention", heads_first(changed))
        self._tracker.add_context(changed, heads_first, entries)
        return changed

    def add_weights(self, origin: Origin, found: FoundWeights) -> Tensor:
        """Return weights after the cuts."""
        weights = self._cutting.add_weights(origin, found)
        return self._recorder.add_weights(origin, replace(found, weights=weights))

    def add_product(self, product: Product) -> Tensor:
        """Return the product of weights and values unchanged."""
        return product.result


def cut_trace(
    rerun: Rerun, strategy: CaptureStrategy, cuts: Sequence[PlacedCut], target: IndexedTarget
) -> tuple[Trace, SharedResults]:
    """Run a model with cuts and return the trace, and what its gradients and reruns share.

    Parameters
    ----------
    rerun
        The model and its inputs, and what is cut already.
    strategy
        The strategy without cuts.
    cuts
        What is cut besides.
    target
        The target of the trace's gradients.

    Raises
    ------
    ValueError
        A cut replaces outputs by their mean, which no weights describe.
    """
    every = (*rerun.cuts, *cuts)
    if any(cut.entries.mode == "mean" for cut in every):
        raise ValueError(
            'mode="mean" replaces the outputs of heads, and no attention weights describe what is '
            'in their place, so there is no trace of such a run. Cut with mode="zero", or read '
            "the predictions, the change and the divergence of the knockout."
        )
    plan = plan_of(every, rerun.groups)
    entries = entries_of(rerun.model, rerun.inputs, rerun.batch_index)
    cutting, recorder = Cutting([plan], entries), Recorder(entries)
    tracker = OutputTracker()
    with torch.no_grad(), tracker:
        result = rerun.run(
            lambda: strategy(rerun.model, rerun.inputs, CutRecorder(cutting, recorder, tracker))
        )
    check_done(cutting, [plan], rerun.model)
    cut_strategy = CutStrategy(strategy, plan, rerun.batch_index)
    again = replace(rerun, strategy=cut_strategy, cuts=every)
    head = entry_output(again, result).head
    shared = SharedResults(again, head)
    gradients = ModelGradients(shared).aimed_at(target)
    logits = find_readout(tracker, result.output)
    layers = with_tiles_placed(located(rerun.model, recorder, tracker), rerun.layouts)
    stacks = tuple(
        replace(
            _with_cuts(make_stream(group, layers, rerun.stack_tokens, rerun.model.module), every),
            gradients=gradients,
        )
        for group in rerun.groups
    )
    named = {stream.name: stream for stream in stacks}
    words = dict.fromkeys(cut_in_words(cut, named[cut.stream]) for cut in every)
    notes = (*rerun.inputs.notes, *words)
    known = readout(head_of(recorder, tracker, logits), layers, rerun.groups, rerun.main)
    return Trace(stacks, rerun.model.name, gradients, notes, known), shared


def _with_cuts(stream: Stream, cuts: Sequence[PlacedCut]) -> Stream:
    """Return a stream whose layers of projections know what was cut in them."""
    layers = [
        replace(
            layer,
            cuts=tuple(
                cut.entries for cut in cuts if cut.stream == stream.name and place in cut.layers
            ),
        )
        if isinstance(layer, ProjectedLayer)
        else layer
        for place, layer in enumerate(stream.layers)
    ]
    return replace(stream, layers=tuple(layers))
