"""How strongly each output of a stack depends on each of its embeddings."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from attnwidget.capture.gradients.embeddings import embedding_of, looked_up, without_embeddings
from attnwidget.capture.gradients.rerun import Rerun, hidden_among, results_of
from attnwidget.capture.gradients.tape import rooted
from attnwidget.capture.inputs.forward import forward
from attnwidget.capture.model.model_state import all_configs, attention_implementation, unhooked
from attnwidget.trace.gradients import Report

AT_ONCE = 64
"""Vector-Jacobian products in one backward pass."""


def embedding_jacobian(rerun: Rerun, stream: str, report: Report) -> Tensor:
    """Return the norms of the blocks of a Jacobian.

    Takes one vector-Jacobian product for each number of the last hidden state, n times its width,
    `AT_ONCE` in a pass.

    Parameters
    ----------
    stream
        The stream whose keys are the tokens in question.
    report
        Is told for how many tokens the products are done.

    Returns
    -------
    Tensor
        (n, n) float32 on the CPU: entry (k, j) is ``||d output_k / d embedding_j||_F``.

    Raises
    ------
    ValueError
        The stack has no embedding for each token, as one that reads images or sound.
    """
    group = rerun.group(stream)
    stack = rerun.stack(group.keys)
    table = embedding_of(stack)
    if stack is None or table is None:
        raise ValueError(_without(rerun, stream))
    with (
        torch.inference_mode(False),
        torch.enable_grad(),
        unhooked(rerun.model),
        attention_implementation(all_configs(rerun.model), "eager"),
        # Only plain operations can be differentiated many times at once.
        sdpa_kernel(SDPBackend.MATH),
        results_of(stack) as results,
        leaves_of(table, stack) as leaves,
    ):
        rerun.run(partial(forward, rerun.model, rerun.inputs()))
        hidden, span = hidden_among(results[-1]), group.columns
        is_embedded = hidden is not None and leaves and hidden.shape[:2] == leaves[-1].shape[:2]
        if hidden is None or not is_embedded or hidden.shape[1] != group.lengths[1]:
            raise ValueError(_without(rerun, stream))
        return _norms(hidden[rerun.entry(hidden)][span], leaves[-1], span, report)


@contextmanager
def leaves_of(table: nn.Module, stack: nn.Module) -> Iterator[list[Tensor]]:
    """Begin a graph at the embeddings that a stack looks up, and collect them."""
    leaves: list[Tensor] = []

    def begin(embeddings: Tensor) -> Tensor:
        leaves.append(rooted(embeddings))
        return leaves[-1].clone()

    with looked_up(table, stack, begin):
        yield leaves


def _norms(hidden: Tensor, leaf: Tensor, span: slice, report: Report) -> Tensor:
    """Return the norms for `hidden` (n, D), of which `leaf` (B, length, D_e) is the origin."""
    count, width = hidden.shape
    squares = torch.zeros(count, count, dtype=torch.float64)
    for row in range(count):
        for start in range(0, width, AT_ONCE):
            columns = torch.arange(start, min(start + AT_ONCE, width), device=hidden.device)
            picked = torch.nn.functional.one_hot(columns, width).to(hidden.dtype)
            (blocks,) = torch.autograd.grad(
                hidden[row], leaf, picked, retain_graph=True, is_grads_batched=True
            )
            squares[row] += blocks[:, :, span].double().square().sum((0, 1, 3)).cpu()
        report(row + 1)
    return squares.sqrt().float()


def _without(rerun: Rerun, stream: str) -> str:
    return f'{without_embeddings(rerun, stream)} Use wrt="attention" or wrt="value".'
