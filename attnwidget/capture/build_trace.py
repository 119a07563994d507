"""Build a Trace from the captured attention of a model."""

from dataclasses import replace
from functools import partial

from attnwidget.capture.assemble.call_groups import group_calls
from attnwidget.capture.assemble.layer_numbers import passed_over
from attnwidget.capture.assemble.place_tiles import unplaced, with_tiles_placed
from attnwidget.capture.assemble.readout import readout
from attnwidget.capture.assemble.silence import silence_notes
from attnwidget.capture.assemble.stack_tokens import StackTokens
from attnwidget.capture.assemble.streams import make_stream
from attnwidget.capture.assemble.window_padding import padded_windows
from attnwidget.capture.attention.capture_attention import CapturedAttention
from attnwidget.capture.changes.model_reruns import ModelReruns
from attnwidget.capture.gradients.layouts import layouts
from attnwidget.capture.gradients.links import links
from attnwidget.capture.gradients.model_gradients import ModelGradients, SharedResults
from attnwidget.capture.gradients.model_output import entry_output
from attnwidget.capture.gradients.rerun import Rerun, RunResult
from attnwidget.capture.inputs.forward import batch_size
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.model.loaded_model import LoadedModel
from attnwidget.trace.target import Target
from attnwidget.trace.trace import Trace


def build_trace(
    model: LoadedModel,
    inputs: ModelInputs,
    captured: CapturedAttention,
    batch_index: int | None,
    target: Target,
) -> Trace:
    """Return the trace of one entry, whose gradients are computed at once if a target is named.

    Parameters
    ----------
    model
        The model.
    inputs
        Inputs of the forward pass on this entry.
    captured
        The attention that the model computed.
    batch_index
        Index of the traced entry in a whole batch; None if the model gets the entry alone.
    target
        Target of the gradients; None computes those of the default target later.
    """
    tokens = StackTokens(
        inputs,
        captured.lookups,
        captured.patches,
        batch_size(model, inputs),
        model.prompt_length,
        model.config,
    )
    run = model, inputs, captured.strategy, batch_index
    layers = captured.layers
    wanted = unplaced(layers)
    places = layouts(*run, wanted) if wanted else {}
    if wanted:
        layers = with_tiles_placed(layers, places)
    groups = group_calls(layers, tokens, partial(links, *run))
    streams = tuple(make_stream(group, layers, tokens, model.module) for group in groups)
    rerun = Rerun(model, tokens, captured.strategy, batch_index, groups, streams, places)
    head = entry_output(rerun, RunResult(captured.output, None)).head
    shared = SharedResults(rerun, head)
    gradients = ModelGradients(shared).aimed_at(target)
    stacks = tuple(replace(stream, gradients=gradients) for stream in streams)
    if target is not None:
        gradients.computed()
    found = (passed_over(group, layers, model.module) for group in groups)
    notes = (*inputs.notes, *filter(None, found), *padded_windows(groups, layers))
    notes = (*notes, *silence_notes(stacks, groups))
    logits = readout(captured.head, layers, groups, rerun.main)
    return Trace(stacks, model.name, gradients, notes, logits, ModelReruns(shared, build_trace))
