"""Make a run of a frozen model leave a graph."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

from torch import Tensor, nn

from attnwidget.capture.gradients.tape import as_leaf
from attnwidget.capture.inputs.model_inputs import ModelInputs


@contextmanager
def grad_enabled_outputs(model: nn.Module) -> Iterator[None]:
    """Make the outputs of a frozen model's modules require gradients, so that a graph begins."""
    with ExitStack() as hooks:
        if _is_frozen(model):
            for module in model.modules():
                if not any(True for _ in module.children()):
                    hooks.callback(module.register_forward_hook(_leaf_output).remove)
        yield


def _leaf_output(_: nn.Module, __: object, output: Any) -> Tensor | None:
    if not isinstance(output, Tensor) or output.requires_grad or not output.is_floating_point():
        return None
    # A copy, because a leaf must not be changed in place.
    return as_leaf(output).clone()


def with_graph(model: nn.Module, inputs: ModelInputs) -> ModelInputs:
    """Return inputs whose floating tensors require gradients, for a frozen model."""
    return requiring_gradients(inputs) if _is_frozen(model) else inputs


def requiring_gradients(inputs: ModelInputs) -> ModelInputs:
    """Return inputs whose floating tensors, but for masks, require gradients."""
    tensors = {
        name: as_leaf(each).clone()
        if isinstance(each, Tensor) and each.is_floating_point() and "mask" not in name
        else each
        for name, each in inputs.tensors.items()
    }
    return replace(inputs, tensors=tensors)


def _is_frozen(model: nn.Module) -> bool:
    required = [weights.requires_grad for weights in model.parameters()]
    return not required or not all(required)
