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
    says which inputs speak for it. In an encoder-decoder the decoder's self-attention adds to the
    target tokens' rows what it weighs of them, and cross attention what it weighs of the source
    tokens' rows, in the order of the layers.

    Parameters
    ----------
    trace
        A captured trace. Plain arrays have no gradients.
    target
        What L is, as `attnwidget.capture` takes it; None for the target of the trace, which is the
        default of the model's head if none was named.
    layers
        Consecutive layers to go through, such as ``slice(0, 3)``; of an encoder-decoder those of
        the decoder. All if None.
    stream
        One stack of an encoder-decoder, such as ``"encoder"``, alone; None is all of it.
    progress
        True shows a progress bar, False none, None one where it takes long. A function is called
        with (done, total) and may raise to interrupt.

    Returns
    -------
    Tensor
        (n, n) float32 on the CPU: output tokens down, input tokens across; no entry is negative,
        and rows have any sum of at least 1. Of an encoder-decoder (T, T + S): target tokens down,
        target and then source tokens across.

    Raises
    ------
    IndexError
        A layer is out of range, or the target names what is not there.
    ValueError
        The trace has no gradients, the target does not fit the model, or `stream` or `layers` are
        not as described.

    Notes
    -----
    Whatever the number of layers and heads, two matrices of the size of the result (for an
    encoder-decoder (T + S) x (T + S)) and blocks of a third are held.

    References
    ----------
    Chefer, Gur and Wolf, "Generic Attention-model Explainability for Interpreting Bi-Modal and
    Encoder-Decoder Transformers", ICCV 2021, section 3, without the normalisation that they use
    where streams meet.
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
        # Each head loses what speaks against the target before heads are averaged.
        total += weighted.clamp_(min=0)
    return spread(total.div_(sublayer.attention.num_heads), sublayer, own=nodes)


def _steps(trace: Trace, scores: ScoresOf) -> list[Step]:
    stack = stack_of(trace, scores.stream)
    return relevance_steps(with_target(trace, scores.target), stream=stack)


RELEVANCE = Method(
    name="relevance",
    title="relevance",
    steps=_steps,
    needs=(GRADIENTS, LAYERS_IN_SEQUENCE),
    settings=(TARGET,),
    own_fusion="mean of all heads",
)
