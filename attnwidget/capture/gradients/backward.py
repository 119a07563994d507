"""Gradients by the attention of a model, from one forward and one backward pass."""

from collections.abc import Sequence
from functools import partial
from typing import TypeAlias

import torch
from torch import Tensor

from attnwidget.capture.assemble.call_groups import CallGroup, LayerSource
from attnwidget.capture.assemble.windows import joined_gradient
from attnwidget.capture.attention.entries import entries_of
from attnwidget.capture.gradients.graph import grad_enabled_outputs, with_graph
from attnwidget.capture.gradients.model_output import EntryOutput, entry_output
from attnwidget.capture.gradients.noise import check_noise
from attnwidget.capture.gradients.rerun import Rerun
from attnwidget.capture.gradients.tape import Tape, WatchedTensor
from attnwidget.capture.gradients.target_value import target_value
from attnwidget.trace.mapped_tensor import detached_copy
from attnwidget.trace.target import IndexedTarget
from attnwidget.trace.windowed import WindowedLayer

HALF_SCALES = (1024.0, 1.0)
"""Factors on the loss of a float16 model, whose small gradients would vanish.

The second is used if gradients overflow with the first.
"""

Found: TypeAlias = Sequence[tuple[WatchedTensor, Tensor | None]]
"""The watched tensors of all calls, each with its gradient."""


def attention_gradients(rerun: Rerun, target: IndexedTarget) -> dict[str, tuple[Tensor, ...]]:
    """Return the gradients by the contexts or the dense weights of every layer, by stream.

    The gradients of parameters stay as they are.

    Returns
    -------
    dict
        (H, n_q, d_v), or (H, n_q, n_k) for a layer of dense weights, on the CPU, without padding.
        No layers for a stream that the target does not depend on at all.

    Raises
    ------
    IndexError
        The target names a position, token or class that is not there.
    ValueError
        The target does not fit the model, or no gradient arrives at dense weights.
    """
    tape = Tape(entries_of(rerun.model, rerun.inputs, rerun.batch_index))
    with torch.inference_mode(False), torch.enable_grad(), grad_enabled_outputs(rerun.model.module):
        inputs = with_graph(rerun.model.module, rerun.graph_inputs())
        result = rerun.run(partial(rerun.strategy, rerun.model, inputs, tape))
        entry = entry_output(rerun, result)
        loss = target_value(target, entry, result.output)
        hidden = entry.hidden if _is_sum(target, entry) else None
        gradients = _gradients(loss, tape.watched, hidden)
    del result, loss, entry, hidden
    found = list(zip(tape.watched, gradients, strict=True))
    by_stream = {
        group.name: tuple(
            _layer_gradient([_part(each, found) for each in parts], group)
            if parts[0].tiled is None
            else detached_copy(_tiled_gradient(parts[0], found, group))
            for parts in group.sources
        )
        for group in rerun.groups
    }
    return {name: each if any(map(torch.any, each)) else () for name, each in by_stream.items()}


def _is_sum(target: IndexedTarget, entry: EntryOutput) -> bool:
    """Return whether a target is the sum of the last hidden state."""
    if target is None:
        return not entry.head.predicts
    return isinstance(target, tuple) and target[0] == "hidden"


def _gradients(
    loss: Tensor, watched: list[WatchedTensor], hidden: Tensor | None
) -> list[Tensor | None]:
    """Return the gradients of a loss, which is the sum of a hidden state if there is one."""
    tensors = [each.tensor for each in watched]
    keeps_graph = hidden is not None
    is_half = any(each.dtype == torch.float16 for each in tensors)
    gradients: list[Tensor | None] = []
    for scale in HALF_SCALES if is_half else (1.0,):
        found = torch.autograd.grad(
            loss * scale, tensors, allow_unused=True, retain_graph=is_half or keeps_graph
        )
        gradients = [
            None if each is None else each.float() / scale if is_half else each for each in found
        ]
        if all(each is None or bool(each.isfinite().all()) for each in gradients):
            break
    weights = [each for each, by in zip(gradients, watched, strict=True) if by.is_weights]
    if weights and all(each is None for each in weights):
        raise ValueError(
            "No gradient arrives at the attention weights: those that the modules return are "
            "copies, which the model does not go on with, or the target does not depend on them."
        )
    check_noise(gradients, hidden, tensors)
    if not any(each is not None and bool(each.any()) for each in gradients):
        raise ValueError(
            "The target does not change with the attention of any layer: all its gradients are 0. "
            "It may be a constant, or lie behind a head whose weights are all 0, as some are made "
            "before training, or behind whole numbers, which no gradient passes, as of quantised "
            "weights whose kernels have no backward pass. Capture the model trained, or as it was "
            "before it was quantised, or name another target, such as a function of the output."
        )
    return gradients


def _part(source: LayerSource, found: Found) -> tuple[WatchedTensor, Tensor | None]:
    (call,) = source.calls
    return found[call]


def _layer_gradient(
    parts: Sequence[tuple[WatchedTensor, Tensor | None]], group: CallGroup
) -> Tensor:
    """Return the gradient of a layer for the traced entry without padding.

    Its windows may be several; the gradient is zeros where there is none.
    """
    is_weights = parts[0][0].is_weights
    whole = joined_gradient([_arranged(*each) for each in parts], is_weights)[:, group.rows]
    return detached_copy(whole[:, :, group.columns] if is_weights else whole)


def _tiled_gradient(source: LayerSource, found: Found, group: CallGroup) -> Tensor:
    """Return the gradient of a layer of tiles, as its kind of layer expects it."""
    parts = [_arranged(*found[call]) for call in source.calls]
    if isinstance(source.tiled, WindowedLayer):
        return source.tiled.by_query(parts[0].cpu())[:, group.rows]
    return torch.cat([each.float().flatten() for each in parts])[None]


def _arranged(watched: WatchedTensor, gradient: Tensor | None) -> Tensor:
    found = torch.zeros_like(watched.tensor) if gradient is None else gradient.detach()
    return watched.arrange(found)
