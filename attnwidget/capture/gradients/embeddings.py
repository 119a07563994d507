"""Read or replace the embeddings that a stack looks up for its tokens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from attnwidget.capture.gradients.model_output import entry_output
from attnwidget.capture.gradients.rerun import Rerun
from attnwidget.capture.gradients.target_value import target_value
from attnwidget.trace.target import IndexedTarget


def embedding_of(stack: nn.Module | None) -> nn.Module | None:
    """Return the module that embeds the tokens a stack reads."""
    find = getattr(stack, "get_input_embeddings", None)
    try:
        table = find() if callable(find) else None
    except NotImplementedError:
        return None
    return table if isinstance(table, nn.Module) else None


@contextmanager
def patched_embeddings(
    table: nn.Module, stack: nn.Module, change: Callable[[Tensor], Tensor]
) -> Iterator[None]:
    """Replace the embeddings that a stack looks up.

    Embeddings that another stack looks up in the same table stay as they are.

    Parameters
    ----------
    table
        The module that looks embeddings up.
    stack
        The stack that gets other embeddings.
    change
        Returns the replacement of embeddings (B, length, D).
    """
    running: list[nn.Module] = []

    def replace_output(_: nn.Module, __: object, embeddings: Any) -> Tensor | None:
        is_for_stack = bool(running) and isinstance(embeddings, Tensor)
        return change(embeddings) if is_for_stack else None

    hooks = (
        stack.register_forward_pre_hook(lambda module, _: running.append(module)),
        stack.register_forward_hook(lambda *_: running.clear()),
        table.register_forward_hook(replace_output),
    )
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def embeddings(rerun: Rerun, stream: str) -> Tensor:
    """Return the embeddings of a stream's keys, (n_k, D), on the model's device.

    Raises
    ------
    ValueError
        The stack does not look up one embedding for each token, as with images or sound.
    """
    group, (table, stack) = rerun.group(stream), _table(rerun, stream)
    found: list[Tensor] = []

    def keep(values: Tensor) -> Tensor:
        found.append(values)
        return values

    with torch.no_grad(), patched_embeddings(table, stack, keep):
        rerun.run(partial(rerun.forward, rerun.graph_inputs()))
    if not found or found[-1].ndim != 3 or found[-1].shape[1] != group.lengths[1]:
        raise ValueError(no_embeddings(rerun, stream))
    return found[-1][rerun.entry(found[-1])][group.columns].detach().clone()


def target_from(rerun: Rerun, target: IndexedTarget, stream: str, replacement: Tensor) -> Tensor:
    """Run a model with other embeddings of a stream's keys and return the target, a scalar.

    Parameters
    ----------
    rerun
        The model and its inputs.
    target
        The target; an index of None is the one predicted with these embeddings.
    stream
        The stream whose keys get other embeddings.
    replacement
        (n_k, D); the scalar is part of its graph.

    Raises
    ------
    IndexError
        There is no such position, token or class.
    ValueError
        The target does not fit the model, or does not depend on the embeddings.
    """
    group, (table, stack) = rerun.group(stream), _table(rerun, stream)

    def replace_keys(values: Tensor) -> Tensor:
        whole = values.detach().clone()
        whole[rerun.entry(whole), group.columns] = replacement.to(whole)
        return whole

    with (
        torch.inference_mode(False),
        torch.enable_grad(),
        patched_embeddings(table, stack, replace_keys),
    ):
        result = rerun.run(partial(rerun.forward, rerun.graph_inputs()))
        return target_value(target, entry_output(rerun, result), result.output)


def no_embeddings(rerun: Rerun, stream: str) -> str:
    """Return the error message for tokens without embeddings of their own."""
    return (
        f"{rerun.model.class_name} does not look up one embedding for each token of "
        f"{stream!r}, as models of text do, so there is nothing to differentiate by."
    )


def _table(rerun: Rerun, stream: str) -> tuple[nn.Module, nn.Module]:
    stack = rerun.stack(rerun.group(stream).keys)
    table = embedding_of(stack)
    if stack is None or table is None:
        raise ValueError(no_embeddings(rerun, stream))
    return table, stack
