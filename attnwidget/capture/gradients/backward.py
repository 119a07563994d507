"""Gradients by the attention of a model, one forward and one backward pass."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from attnwidget.capture.attention.mapped_tensor import kept
from attnwidget.capture.gradients.model_output import answer
from attnwidget.capture.gradients.rerun import Rerun
from attnwidget.capture.gradients.tape import Tape, Watched, rooted
from attnwidget.capture.gradients.target_value import scalar
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.trace.target import Target

HALF_SCALES = (1024.0, 1.0)
"""Factors on the loss of a float16 model: small gradients would vanish. The second where the first
is too much."""


def attention_gradients(rerun: Rerun, target: Target) -> dict[str, tuple[Tensor, ...]]:
    """Return the gradients by the contexts or the dense weights of every layer, by stream.

    The gradients that parameters have are left as they are.

    Returns
    -------
    dict
        (H, n_q, d_v), or (H, n_q, n_k) for a layer of dense weights, on the CPU, without padding.

    Raises
    ------
    IndexError
        The target names a position, token or class that is not there.
    ValueError
        The target does not fit the model, or no gradient arrives at dense weights.
    """
    tape = Tape(rerun.batch_index)
    with torch.inference_mode(False), torch.enable_grad(), graph_from_the_start(rerun.model):
        inputs = _with_graph(rerun.model, rerun.inputs())
        outcome = rerun.run(partial(rerun.way, rerun.model, inputs, tape))
        loss = scalar(target, answer(rerun, outcome), outcome.output)
        gradients = _gradients(loss, tape.watched)
    del outcome, loss
    return {
        group.name: tuple(
            _kept(tape.watched[call], gradients[call], group.rows, group.columns)
            for call in group.calls
        )
        for group in rerun.groups
    }


@contextmanager
def graph_from_the_start(model: nn.Module) -> Iterator[None]:
    """Let the first numbers that frozen modules compute require gradients."""
    with ExitStack() as hooks:
        if _is_frozen(model):
            for module in model.modules():
                if not any(True for _ in module.children()):
                    hooks.callback(module.register_forward_hook(_rooted_output).remove)
        yield


def _rooted_output(_: nn.Module, __: object, output: Any) -> Tensor | None:
    if not isinstance(output, Tensor) or output.requires_grad or not output.is_floating_point():
        return None
    # A copy, because what begins a graph must not be changed in place.
    return rooted(output).clone()


def _with_graph(model: nn.Module, inputs: ModelInputs) -> ModelInputs:
    """Return inputs of which the measurements require gradients, for a frozen model."""
    if not _is_frozen(model):
        return inputs
    tensors = {
        name: rooted(each).clone()
        if isinstance(each, Tensor) and each.is_floating_point() and "mask" not in name
        else each
        for name, each in inputs.tensors.items()
    }
    return replace(inputs, tensors=tensors)


def _is_frozen(model: nn.Module) -> bool:
    required = [weights.requires_grad for weights in model.parameters()]
    return not required or not all(required)


def _gradients(loss: Tensor, watched: list[Watched]) -> list[Tensor | None]:
    tensors = [each.tensor for each in watched]
    is_half = any(each.dtype == torch.float16 for each in tensors)
    gradients: list[Tensor | None] = []
    for scale in HALF_SCALES if is_half else (1.0,):
        found = torch.autograd.grad(loss * scale, tensors, allow_unused=True, retain_graph=is_half)
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
    return gradients


def _kept(watched: Watched, gradient: Tensor | None, rows: slice, columns: slice) -> Tensor:
    whole = torch.zeros_like(watched.tensor) if gradient is None else gradient
    arranged = watched.arrange(whole.detach())[:, rows]
    return kept(arranged[:, :, columns] if watched.is_weights else arranged)
