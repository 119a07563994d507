"""Strategies to capture attention: each runs the model once under an observer."""

from collections.abc import Callable
from typing import Any, TypeAlias

from torch import Tensor

from attnwidget.capture.attention.found_weights import FoundWeights
from attnwidget.capture.attention.interface import AS_EAGER, IMPLEMENTATION, register
from attnwidget.capture.attention.named_modules import observe_named_modules
from attnwidget.capture.attention.observer import Observer, observed_by
from attnwidget.capture.attention.roles import Role
from attnwidget.capture.attention.torch_functions import AttentionFunctionMode, running_modules
from attnwidget.capture.inputs.forward import batch_size, forward
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.model.loaded_model import LoadedModel
from attnwidget.capture.model.model_state import (
    all_configs,
    attention_implementation,
    interface_configs,
    is_eager,
    output_hooks_removed,
)
from attnwidget.capture.model.pretrained import is_pretrained

CaptureStrategy: TypeAlias = Callable[[LoadedModel, ModelInputs, Observer], Any]
"""Runs a model once, passes its attention to an observer and returns the model's output.

The observer gets nothing if the strategy does not suit the model.
"""

OWN_OUTPUTS = {
    "encoder_attentions": ("encoder", "encoder"),
    "decoder_attentions": ("decoder", "decoder"),
    "cross_attentions": ("decoder", "encoder"),
    "attentions": ("self", "self"),
}
"""Outputs in which models return weights, each with the stacks of its queries and its keys."""

MOST_OF_A_ROW = 1.01
"""Largest sum of the weights of a query, with their rounding in half precision."""

POOLING = ("sr_ratios", "sequence_reduction_ratios")
"""Fields of configs of models that pool the keys of a layer."""


def attention_interface(model: LoadedModel, inputs: ModelInputs, observer: Observer) -> Any:
    """Make the model call our attention function instead of its own."""
    configs = interface_configs(model.module)
    if not configs:
        return None
    register()
    parts = [each for each in model.module.modules() if is_pretrained(each)]
    runs_sdpa = all(getattr(each, "_supports_sdpa", False) for each in parts)
    eager = [each for each in configs if not runs_sdpa or is_eager(each)]
    others = [each for each in configs if each not in eager]
    with (
        observed_by(observer),
        output_hooks_removed(model.module),
        attention_implementation(others, IMPLEMENTATION),
        attention_implementation(eager, AS_EAGER),
    ):
        return forward(model, inputs)


def own_outputs(model: LoadedModel, inputs: ModelInputs, observer: Observer) -> Any:
    """Ask the model itself for its weights, under eager attention.

    Of a model that attends within windows it does not return where they lie, so that the observer
    gets nothing.
    """
    if not model.returns_attentions:
        return None
    configs = all_configs(model.module)
    try:
        with output_hooks_removed(model.module), attention_implementation(configs, "eager"):
            outputs = forward(model, inputs.adding(output_attentions=True))
    except Exception:  # some models run and only fail to return weights; the next strategy tells
        return None
    maps = {output: _maps(outputs, output) for output in OWN_OUTPUTS}
    if any(each.ndim != 4 for several in maps.values() for each in several):
        return None  # of several images, or no attention; the next strategy tells
    if not all(_are_shares(each) for several in maps.values() for each in several):
        return None  # scores before the softmax, which ProphetNet returns; the next strategy tells
    first = {size for each in maps["attentions"][:1] for size in each.shape[-2:]}
    if len(first) == 1 and max(first) < inputs.length:
        return None  # of chunks of a text, of which the model returns one
    decoded = {each.shape[-2] for each in maps["decoder_attentions"]}
    found: list[tuple[Role, Tensor]] = []
    for output, (queries, keys) in OWN_OUTPUTS.items():
        encoder = model.encoder if queries == "encoder" else None
        stack = model.module if encoder is None else encoder
        lengths = {each.shape[-2] for each in maps[output]}
        if queries != keys and not all(_fits(each, decoded) for each in lengths):
            continue  # of points that are sampled between tokens
        for weights in maps[output]:
            if _are_windows(model, weights, inputs.size, None if queries != keys else lengths):
                return outputs
            found.append((Role(queries, keys, stack), weights))
    for role, weights in found:
        observer.add_weights(role, FoundWeights(weights))
    return outputs


def _are_shares(weights: Tensor) -> bool:
    """Return whether no weight is negative and no row sums to more than 1, but for rounding."""
    if not weights.numel():
        return True
    weights = weights.detach()
    return not (float(weights.min()) < 0 or float(weights.float().sum(-1).max()) > MOST_OF_A_ROW)


def _fits(length: int, decoded: set[int]) -> bool:
    """Return whether so many queries are those of a decoder, once or for each of its streams."""
    return not decoded or any(length % each == 0 for each in decoded)


def _maps(outputs: Any, output: str) -> list[Tensor]:
    """Return the weights that a model returned in one of its outputs."""
    return [each for each in getattr(outputs, output, None) or () if isinstance(each, Tensor)]


def torch_functions(model: LoadedModel, inputs: ModelInputs, observer: Observer) -> Any:
    """Watch torch's own attention functions, and attention written by hand."""
    batch = batch_size(model, inputs)
    with running_modules(model.module), AttentionFunctionMode(observer, batch):
        return forward(model, inputs)


def named_modules(model: LoadedModel, inputs: ModelInputs, observer: Observer, pattern: str) -> Any:
    """Watch the weights that the modules whose name matches a pattern return."""
    batch = batch_size(model, inputs)
    with observe_named_modules(model.module, pattern, observer, batch):
        return forward(model, inputs)


def _are_windows(
    model: LoadedModel, weights: Tensor, entries: int, lengths: set[int] | None
) -> bool:
    """Return whether weights have another shape than (entries, H, n_q, n_k).

    Parameters
    ----------
    model
        The model.
    weights
        The weights that it returned.
    entries
        Number of entries that it got.
    lengths
        Numbers of positions that its layers have; other numbers of keys are windows, but in models
        that pool them. None for cross-attention.
    """
    if len(weights) != entries:
        return True
    pools = any(hasattr(model.config, name) for name in POOLING)
    return lengths is not None and weights.shape[3] not in lengths and not pools
