"""Relevance of the inputs to one output, by attention and its gradients."""

from functools import partial

import torch
from torch import Tensor

from attnwidget.methods.method import Method
from attnwidget.methods.needs import GRADIENTS, LAYERS_IN_SEQUENCE
from attnwidget.methods.nodes import stack_of
from attnwidget.methods.product import full_product
from attnwidget.methods.progress import Progress
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.methods.settings import TARGET
from attnwidget.methods.source import Source, with_target
from attnwidget.methods.steps import Step, spread, step_of
from attnwidget.methods.sublayers import Sublayer, sublayers
from attnwidget.methods.weighted import weighted_rows
from attnwidget.trace import Indexer, Target, Trace
from attnwidget.trace.indexing import Indices, positions


def relevance(
    trace: Source,
    *,
    target: Target = None,
    layers: Indexer = None,
    stream: str | None = None,
    progress: Progress = None,
) -> Tensor:
    """Return the relevance of each input token to each output token, for one target.

    With A the attention of layer l and L the target, ``P_l = mean_h(max(A * dL/dA, 0))``; from
    ``R = I`` every layer makes ``R + P_l R``. The row of the token at which the target is predicted
    gives the inputs that support the target. In an encoder-decoder, self-attention of the decoder
    adds the target tokens' rows, weighted by P, and cross attention adds the source tokens' rows,
    weighted by P, in the order of the layers.

    Parameters
    ----------
    trace
        A captured trace. Plain arrays have no gradients.
    target
        The target L, in the forms of `attnwidget.capture`; None for the target of the trace, which
        is the default of the model's head unless the capture named one.
    layers
        Consecutive layers to go through, such as ``slice(0, 3)``; in an encoder-decoder, layers of
        the decoder. All if None.
    stream
        One stack of an encoder-decoder, such as ``"encoder"``, or one of several streams; the whole
        model if None.
    progress
        True shows a progress bar, False none, None a bar if it takes long. A function is called
        with (done, total) and may raise to interrupt.

    Returns
    -------
    Tensor
        (n, n) float32 on the CPU: output tokens down, input tokens across; no entry is negative,
        and every row sums to at least 1. For an encoder-decoder (T, T + S): target tokens down,
        target and then source tokens across.

    Raises
    ------
    IndexError
        A layer is out of range, or the target names a missing position or entry.
    ValueError
        The trace has no gradients, the target does not fit the model, or `stream` or `layers` are
        not as described.

    Notes
    -----
    Memory holds two matrices of the size of the result (for an encoder-decoder (T + S) x (T + S))
    and blocks of a third, for any number of layers and heads.

    References
    ----------
    Chefer, Gur and Wolf, "Generic Attention-model Explainability for Interpreting Bi-Modal and
    Encoder-Decoder Transformers", ICCV 2021, section 3, without their normalisation at cross
    attention.
    """
    steps = relevance_steps(with_target(trace, target), layers=layers, stream=stream)
    return full_product(steps, progress, "relevance")[steps[-1].targets].contiguous()


def relevance_steps(
    trace: Trace, *, layers: Indexer = None, stream: str | None = None
) -> list[Step]:
    """Return the steps of relevance: the rows of ``I + P_l``, bottom to top.

    Runs the model backward.

    Raises
    ------
    IndexError, ValueError
        As `relevance`.
    """
    return [
        step_of(sublayer, partial(_rows, sublayer))
        for sublayer in sublayers(with_target(trace, None), layers=layers, stream=stream)
    ]


def _rows(sublayer: Sublayer, nodes: Indices) -> Tensor:
    count = len(positions(nodes, sublayer.attention.num_queries))
    total = torch.zeros(count, sublayer.attention.num_keys, device="cpu")
    for weighted in weighted_rows(sublayer, nodes):
        # Negative entries become zero in each head before heads are averaged.
        total += weighted.clamp_(min=0)
    return spread(total.div_(sublayer.attention.num_heads), sublayer, own=nodes)


def _steps(trace: Trace, scores: ScoresOf) -> list[Step]:
    stack = stack_of(trace, scores.stream)
    return relevance_steps(with_target(trace, scores.target), stream=stack)


RELEVANCE = Method(
    name="relevance",
    title="relevance",
    question="Which inputs speak for the target, through all layers up to here?",
    steps=_steps,
    needs=(GRADIENTS, LAYERS_IN_SEQUENCE),
    settings=(TARGET,),
    own_fusion="mean of all heads",
)
