"""The Jacobian of a stack's outputs by its embeddings."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from attnwidget.capture.gradients.embeddings import embedding_of, no_embeddings, patched_embeddings
from attnwidget.capture.gradients.rerun import Rerun, hidden_in, results_of
from attnwidget.capture.gradients.tape import as_leaf
from attnwidget.capture.inputs.forward import forward
from attnwidget.capture.model.model_state import (
    all_configs,
    attention_implementation,
    output_hooks_removed,
)
from attnwidget.trace.gradients import Report

CHUNK_SIZE = 64
"""Vector-Jacobian products in one backward pass."""


def embedding_jacobian(rerun: Rerun, stream: str, report: Report) -> Tensor:
    """Return the norms of the blocks of a Jacobian.

    This takes one vector-Jacobian product for each number of the last hidden state, n times its
    width, `CHUNK_SIZE` in a pass.

    Parameters
    ----------
    rerun
        The model and its inputs.
    stream
        The stream whose keys are the tokens.
    report
        Receives the number of tokens that are done.

    Returns
    -------
    Tensor
        (n, n) float32 on the CPU: entry (k, j) is ``||d output_k / d embedding_j||_F``.

    Raises
    ------
    ValueError
        The stack does not look up one embedding for each token, as with images or sound.
    """
    if rerun.cuts:
        raise ValueError(
            'wrt="input" runs eager attention, which cannot be cut. Use wrt="attention" or '
            'wrt="value", or the trace without cuts.'
        )
    group = rerun.group(stream)
    stack = rerun.stack(group.keys)
    table = embedding_of(stack)
    if stack is None or table is None:
        raise ValueError(_no_embeddings(rerun, stream))
    with (
        torch.inference_mode(False),
        torch.enable_grad(),
        output_hooks_removed(rerun.model.module),
        attention_implementation(all_configs(rerun.model.module), "eager"),
        # Only plain operations can be differentiated many times at once.
        sdpa_kernel(SDPBackend.MATH),
        results_of(stack) as results,
        embedding_leaves(table, stack) as leaves,
    ):
        rerun.run(partial(forward, rerun.model, rerun.graph_inputs()))
        hidden, span = hidden_in(results[-1]), group.columns
        is_embedded = hidden is not None and leaves and hidden.shape[:2] == leaves[-1].shape[:2]
        if hidden is None or not is_embedded or hidden.shape[1] != group.lengths[1]:
            raise ValueError(_no_embeddings(rerun, stream))
        return _norms(hidden[rerun.entry(hidden)][span], leaves[-1], span, report)


@contextmanager
def embedding_leaves(table: nn.Module, stack: nn.Module) -> Iterator[list[Tensor]]:
    """Begin a graph at the embeddings that a stack looks up, and collect these leaves."""
    leaves: list[Tensor] = []

    def begin(embeddings: Tensor) -> Tensor:
        leaves.append(as_leaf(embeddings))
        return leaves[-1].clone()

    with patched_embeddings(table, stack, begin):
        yield leaves


def _norms(hidden: Tensor, leaf: Tensor, span: slice, report: Report) -> Tensor:
    """Return the norms (n, n) for `hidden` (n, D), computed from `leaf` (B, length, D_e)."""
    count, width = hidden.shape
    squares = torch.zeros(count, count, dtype=torch.float64)
    for row in range(count):
        for start in range(0, width, CHUNK_SIZE):
            columns = torch.arange(start, min(start + CHUNK_SIZE, width), device=hidden.device)
            picked = torch.nn.functional.one_hot(columns, width).to(hidden.dtype)
            (blocks,) = torch.autograd.grad(
                hidden[row], leaf, picked, retain_graph=True, is_grads_batched=True
            )
            squares[row] += blocks[:, :, span].double().square().sum((0, 1, 3)).cpu()
        report(row + 1)
    return squares.sqrt().float()


def _no_embeddings(rerun: Rerun, stream: str) -> str:
    return f'{no_embeddings(rerun, stream)} Use wrt="attention" or wrt="value".'
