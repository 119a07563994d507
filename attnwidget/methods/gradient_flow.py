"""Attention weighted by the gradient of an output."""

from typing import Literal, TypeAlias, get_args

import torch
from torch import Tensor

from attnwidget.methods.gradient_steps import gradient_steps
from attnwidget.methods.method import Method, RowsOf
from attnwidget.methods.needs import GRADIENTS
from attnwidget.methods.nodes import stack_of
from attnwidget.methods.progress import Progress, reporting
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.methods.settings import TARGET
from attnwidget.methods.source import Source, stream_named, with_target
from attnwidget.methods.steps import Step, row_normalised
from attnwidget.methods.weighted import gradients_are_ready, weighted, weighted_head_rows
from attnwidget.trace import Indexer, Stream, Target, Trace
from attnwidget.trace.gradients import needed
from attnwidget.trace.indexing import positions, resolve, resolve_index

Wrt: TypeAlias = Literal["attention", "value", "input"]
"""The quantity that the output is differentiated by."""

WRTS: tuple[Wrt, ...] = get_args(Wrt)

MAX_TOKENS = 64
"""Most tokens for which the input Jacobian is computed; pass `max_tokens` to allow more."""


def gradient_flow(
    trace: Source,
    layer: int,
    heads: Indexer = None,
    *,
    wrt: Wrt = "attention",
    normalize: bool = True,
    target: Target = None,
    stream: str | None = None,
    max_tokens: int = MAX_TOKENS,
    progress: Progress = None,
) -> Tensor:
    """Return attention weighted by gradients, large where the output depends on the attention.

    With A the head's attention, L the target, v_j the value and e_j the embedding of token j:

    - ``wrt="attention"``: ``A_ij |dL/dA_ij|``;
    - ``wrt="value"``: ``A_ij ||dL/dv_j||_1``, the gradient through this head alone;
    - ``wrt="input"``: ``sum_k A_ik ||d output_k / d e_j||_F``, where output_k is the last hidden
      state of token k. It measures how each token's output depends on each input and does not
      depend on the target.

    Parameters
    ----------
    trace
        A captured trace. Plain arrays have no gradients.
    layer
        Counted from 0; negative ones from the end.
    heads
        An index, a list or a slice; all if None.
    wrt
        ``"attention"``, ``"value"`` or ``"input"``.
    normalize
        Scale rows to sum to 1. Rows that are all zero stay zero.
    target
        The target L, in the forms of `attnwidget.capture`; None for the target of the trace, which
        is the default of the model's head unless the capture named one.
    stream
        The name of the stream; the first if None.
    max_tokens
        For ``wrt="input"`` only: the most tokens that are accepted. The Jacobian takes as many
        backward passes as tokens times the width of the model, so time grows with the square of the
        tokens: 16 tokens of a model of 6 layers and width 384 take 30 s on one CPU core, 64 take 8
        minutes. It is computed once and cached with the trace.
    progress
        For ``wrt="input"`` only: True shows a progress bar, False none, None a bar if it takes
        long. A function is called with (done, total) and may raise to interrupt.

    Returns
    -------
    Tensor
        (H', n_q, n_k) float32 on the CPU, no entry negative.

    Raises
    ------
    IndexError
        The layer or a head is out of range, or the target names a missing position or entry.
    ValueError
        `wrt` or `stream` is unknown, the trace has no gradients, the target does not fit the model,
        there are more than `max_tokens` tokens, or ``wrt="value"`` is used for a layer of which
        only the weights are known.

    Notes
    -----
    In a generative model, the default target depends only on the last token's attention in the top
    layer, so the rows of all other tokens are zero there.
    """
    if wrt not in WRTS:
        raise ValueError(f"wrt must be one of {', '.join(WRTS)}, but {wrt!r} was given.")
    chosen = stream_named(with_target(trace, target), stream)
    place = resolve_index(layer, chosen.num_layers, "layer")
    if wrt == "attention":
        flow = weighted(chosen, place, heads).abs_()
    elif wrt == "value":
        flow = _by_value(chosen, place, heads)
    else:
        flow = _by_input(chosen, place, heads, max_tokens, progress)
    return row_normalised(flow) if normalize else flow


def _by_value(stream: Stream, layer: int, heads: Indexer) -> Tensor:
    chosen = positions(resolve(heads, stream.num_heads, "head"), stream.num_heads)
    contexts = stream.context_gradient(layer)[chosen]
    flow = stream.attention(layer, heads)
    # The gradient of the values: dL/dv_j = sum_i A_ij g_i.
    arriving = flow.mT @ contexts
    return flow.mul_(arriving.abs_().sum(-1)[:, None])


def _by_input(
    stream: Stream, layer: int, heads: Indexer, max_tokens: int, progress: Progress
) -> Tensor:
    count = len(stream.keys)
    if count > max_tokens:
        raise ValueError(
            f'wrt="input" takes one backward pass for each number of the last hidden state: of '
            f"{count} tokens, {count} times the model's width, and the time grows with the square "
            f"of the tokens. At most {max_tokens} are accepted; pass max_tokens={count} to compute "
            "it all the same, or a shorter text."
        )
    with reporting(progress, count, "input gradients") as report:
        jacobian = needed(stream.gradients).embedding_jacobian(stream.name, report)
    flow = stream.attention(layer, heads)
    for head in flow:
        torch.mm(head.clone(), jacobian, out=head)
    return flow


def _head_rows(trace: Trace, scores: ScoresOf) -> RowsOf:
    signed = weighted_head_rows(trace, scores)
    return lambda queries: row_normalised(signed(queries).abs_())


def _steps(trace: Trace, scores: ScoresOf) -> list[Step]:
    aim, stack = with_target(trace, scores.target), stack_of(trace, scores.stream)
    return gradient_steps(aim, fusion=scores.fusion, stream=stack)


GRADIENT_FLOW = Method(
    name="gradient_flow",
    title="gradient flow",
    question="Of what each token looks at, what does the target depend on, for or against?",
    head_rows=_head_rows,
    steps=_steps,
    is_ready=gradients_are_ready,
    needs=(GRADIENTS,),
    settings=(TARGET,),
    steps_are_shares=True,
)
