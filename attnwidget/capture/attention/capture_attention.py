"""Capture the attention of a model with the best strategy that works."""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.nn import functional

from attnwidget.capture.attention.batch_recorder import BatchRecorder
from attnwidget.capture.attention.entries import entries_of
from attnwidget.capture.attention.located_layer import WITHIN_WINDOWS, LocatedLayer
from attnwidget.capture.attention.lookups import Lookups, watched_lookups
from attnwidget.capture.attention.patches import PatchGrids, watched_patches
from attnwidget.capture.attention.recorder import Recorder
from attnwidget.capture.attention.roles import Role, attention_roles
from attnwidget.capture.attention.strategies import (
    CaptureStrategy,
    attention_interface,
    named_modules,
    own_outputs,
    torch_functions,
)
from attnwidget.capture.attention.torch_functions import more_keys
from attnwidget.capture.attention.without_maps import check_maps
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.model.library import library
from attnwidget.capture.model.loaded_model import LoadedModel
from attnwidget.capture.outputs.results import (
    CapturedHead,
    captured_head,
    find_readout,
    sublayer_output,
)
from attnwidget.capture.outputs.tags import Readout
from attnwidget.capture.outputs.tracker import OutputTracker
from attnwidget.trace.projected import ProjectedLayer

ENCODER_DECODER = (("encoder", "encoder"), ("decoder", "decoder"), ("decoder", "encoder"))
"""The roles of the attention in an encoder-decoder."""

STRATEGIES: tuple[CaptureStrategy, ...] = (
    attention_interface,
    own_outputs,
    torch_functions,
)
"""The strategies to try, best first."""


class CapturedAttention(NamedTuple):
    """The attention of one entry in one run.

    Attributes
    ----------
    layers
        Every attention that was computed, in order, padding included.
    strategy
        The strategy that captured it, which captures the same again.
    output
        What the model returned, for all entries.
    lookups
        The token ids that it looked up.
    head
        How its logits depend on the residual stream, or why that is not known.
    patches
        The grids that it cut images into.
    """

    layers: list[LocatedLayer]
    strategy: CaptureStrategy
    output: Any
    lookups: Lookups
    head: CapturedHead | str
    patches: PatchGrids


def capture_attention(
    model: LoadedModel, inputs: ModelInputs, entries: Sequence[int | None], modules: str | None
) -> list[CapturedAttention]:
    """Run a model and return every attention that it computed, for each of some entries.

    Parameters
    ----------
    model
        The model, in evaluation mode.
    inputs
        Inputs on the model's device.
    entries
        Entries of the batch to keep; None for the only one.
    modules
        Name pattern of the modules to watch; None to find the attention without one.

    Raises
    ------
    ValueError
        No strategy captures any attention, or the model has one without a map.
    """
    if modules is None:
        check_maps(model)
    strategies = STRATEGIES if modules is None else (partial(named_modules, pattern=modules),)
    wrong: list[str] = []
    best: list[CapturedAttention] = []
    for strategy in strategies:
        recorders = [Recorder(entries_of(model, inputs, entry)) for entry in entries]
        tracker = OutputTracker()
        lookups, patches = watched_lookups(model.module), watched_patches(model.module)
        try:
            with lookups as looked_up, patches as cut, tracker:
                output = strategy(model, inputs, BatchRecorder(recorders, tracker))
        except ValueError:
            if best:  # a strategy for the parts that this one has not found
                break
            raise
        wrong += [_wrong(model, recorder) for recorder in recorders if recorder.wrong]
        if any(recorder.wrong for recorder in recorders):
            continue
        readout = find_readout(tracker, output)
        found = [located(model, recorder, tracker) for recorder in recorders]
        if strategy is attention_interface and not all(map(_is_exact, found[0])):
            continue
        captured = [
            CapturedAttention(
                each, strategy, output, looked_up, head_of(recorder, tracker, readout), cut
            )
            for each, recorder in zip(found, recorders, strict=True)
        ]
        if _num_roles(captured) > _num_roles(best):
            best = captured
        if modules is not None or (found[0] and not _may_lack_a_stack(model, found[0])):
            break
    if best or modules is not None:
        return best or captured
    if wrong:
        raise ValueError(wrong[0])
    raise ValueError(
        f"No attention could be caught in {model.class_name}. Tried: transformers' attention "
        "interface, output_attentions=True, torch's scaled_dot_product_attention, "
        "nn.MultiheadAttention, and a softmax of a product that is multiplied with values. The "
        "model may have no attention (a state-space model), or compute it in a fused kernel. If "
        'its modules return attention weights, pass their names: modules="*.attn". Else build a '
        "trace from arrays with "
        "Trace.from_attentions."
    )


def _is_exact(located: LocatedLayer) -> bool:
    """Return whether the recorded arguments of an attention function determine its weights.

    A model without SDPA support customises its attention. If the only customisations are the soft
    cap and the sinks, which are recorded, the weights are exact.
    """
    layer = located.layer
    if not isinstance(layer, ProjectedLayer):
        return True
    is_known = layer.softcap is not None or layer.sinks is not None
    return is_known or getattr(located.role.stack, "_supports_sdpa", True)


def _num_roles(captured: Sequence[CapturedAttention]) -> int:
    """Return the number of kinds of attention that were found."""
    return len({each.role[:2] for each in captured[0].layers}) if captured else 0


def _may_lack_a_stack(model: LoadedModel, layers: Sequence[LocatedLayer]) -> bool:
    """Return whether a part of a model may not be found, as it is not on the interface."""
    roles = {each.role[:2] for each in layers}
    names = dict(model.module.named_modules())
    has_decoder = any("decoder" in name for name in names)
    if model.is_encoder_decoder and has_decoder and len(roles) < len(ENCODER_DECODER):
        return True
    found = {each.path for each in layers}
    return any(_calls_sdpa(module) and name not in found for name, module in names.items())


def _calls_sdpa(module: nn.Module) -> bool:
    """Return whether the forward pass of a module's class calls torch's attention itself."""
    code = getattr(type(module).forward, "__code__", None)
    return functional.scaled_dot_product_attention.__name__ in getattr(code, "co_names", ())


def _wrong(model: LoadedModel, recorder: Recorder) -> str:
    """Return the error message for calls whose weights are not those of the model."""
    first = recorder.wrong[0]
    origin = recorder.calls[first.call].origin
    names = {module: name for name, module in model.module.named_modules()}
    name = names.get(origin, "") if isinstance(origin, nn.Module) else ""
    return (
        f"The attention of {model.class_name} is not computed as its arguments say: in "
        f"{name or type(origin).__name__} (call {first.call} of {len(recorder.calls)}) the "
        "recorded weights times the values differ from what the attention function returned by "
        f"{first.error:.1%} of the largest value, in {len(recorder.wrong)} calls. Such weights are "
        "not shown. Pass those that the model returns with output_attentions=True under "
        "attn_implementation='eager' to Trace.from_attentions, and please report the model, "
        f"this message, torch {torch.__version__} and transformers {library().__version__}."
    )


def located(model: LoadedModel, recorder: Recorder, tracker: OutputTracker) -> list[LocatedLayer]:
    """Return the recorded calls with their places in the model, and what their sublayers write."""
    modules = [call.origin for call in recorder.calls if isinstance(call.origin, nn.Module)]
    found = attention_roles(model, modules)
    paths = {module: name for name, module in model.module.named_modules()}
    places = {call.place: index for index, call in enumerate(recorder.calls)}
    located = []
    for call in recorder.calls:
        is_role = isinstance(call.origin, Role)
        place = LocatedLayer(
            role=call.origin if isinstance(call.origin, Role) else found[call.origin],
            layer=call.layer,
            part=call.part,
            path="" if isinstance(call.origin, Role) else paths[call.origin],
            is_tiled=call.is_tiled,
            is_partial=call.is_partial,
            more_keys=more_keys(call.origin),
        )
        if call.is_tiled:
            place = place._replace(output=WITHIN_WINDOWS)
        elif call.place is not None and not is_role:
            index, entry = call.place
            below = tracker.calls[index].below
            place = place._replace(
                output=sublayer_output(tracker.calls[index], entry),
                below=None if below is None else places.get((below, entry)),
            )
        located.append(place)
    return located


def head_of(
    recorder: Recorder, tracker: OutputTracker, readout: Readout | None
) -> CapturedHead | str:
    """Return how the logits of the recorded entry depend on the residual stream."""
    if any(call.is_tiled for call in recorder.calls):
        return WITHIN_WINDOWS
    places = {call.place: index for index, call in enumerate(recorder.calls)}
    return captured_head(tracker, readout, places)
