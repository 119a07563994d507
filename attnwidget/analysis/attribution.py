"""Attention compared with gradient attribution of the input tokens."""

from collections.abc import Callable
from typing import Any, Literal, TypeAlias

import torch
from torch import Tensor

from attnwidget.methods.fusion import Fusion, fuse_heads
from attnwidget.trace import GradientSource, Indexer, Trace
from attnwidget.trace.gradients import needed

Attribution: TypeAlias = Literal["gradient", "gradient_x_input", "integrated_gradients"]
"""Methods that attribute the target to tokens."""

STEPS = 50
"""Steps from the baseline to the input, for integrated gradients."""


def compare_with_gradients(
    trace: Trace,
    layer: int = -1,
    query: int = 0,
    *,
    heads: Indexer = None,
    fusion: Fusion = "mean",
    method: Attribution = "gradient",
    stream: str | None = None,
) -> dict[str, Any]:
    r"""Compare one query's attention with gradient attribution of the trace's target.

    Attention that correlates little with gradients is a weak explanation (Jain & Wallace 2019,
    "Attention is not Explanation", section 4.1).

    Parameters
    ----------
    trace
        Captured from a model that reads text. Gradients are those of its target; for another target
        pass ``trace.with_target(target)``.
    layer, query
        The row of attention; negative indices count from the end. Under a causal mask the first
        query attends to itself alone: pass ``query=-1``.
    heads, fusion
        The heads, and how they are fused.
    method
        With :math:`e_j` the embedding of token j and :math:`y` the target, token j gets

        ``"gradient"``
            :math:`\lVert \partial y / \partial e_j \rVert_2`.
        ``"gradient_x_input"``
            :math:`\lvert e_j \cdot \partial y / \partial e_j \rvert`.
        ``"integrated_gradients"``
            The same with gradients averaged on the way from zero embeddings to :math:`e`, in 50
            steps, by Captum (Sundararajan et al. 2017); needs ``attnwidget[attribution]``.
    stream
        The attention of an encoder-decoder; None for the first. Attribution is to its keys.

    Returns
    -------
    dict
        ``tokens``
            The keys.
        ``attention_scores``, ``gradient_scores``
            (n_k,) float32, each divided by its sum.
        ``spearman_correlation``, ``p_value``
            Spearman's rho between the two over the keys that the mask allows the query, and the
            two-sided p; NaN where there are fewer than three or one of the two is constant.

    Raises
    ------
    ImportError
        Integrated gradients were asked for and Captum is not installed.
    IndexError
        The layer, query or a head is out of range.
    KeyError
        There is no such stream.
    ValueError
        `method` or `fusion` has another name, the trace was made from arrays, or the model does
        not look up an embedding for each token.
    """
    if method not in _METHODS:
        raise ValueError(f"method must be one of {', '.join(_METHODS)}, but {method!r} was given.")
    chosen = trace.stacks[0] if stream is None else trace[stream]
    rows = chosen.attention(layer, heads, queries=query)
    attention = fuse_heads(rows, fusion)[0]
    source = needed(trace.gradients)
    gradients = _METHODS[method](source, chosen.name).float().cpu()
    place = range(len(chosen.queries))[query]
    allowed = slice(0, place + 1) if chosen.causal else slice(None)
    rho, p_value = _spearman(attention[allowed], gradients[allowed])
    return {
        "tokens": chosen.key_tokens,
        "attention_scores": _shares(attention),
        "gradient_scores": _shares(gradients),
        "spearman_correlation": rho,
        "p_value": p_value,
    }


def _gradient(source: GradientSource, stream: str) -> Tensor:
    _, gradient = _differentiated(source, stream)
    return gradient.square().sum(-1).sqrt()


def _gradient_x_input(source: GradientSource, stream: str) -> Tensor:
    embeddings, gradient = _differentiated(source, stream)
    return (embeddings * gradient).sum(-1).abs()


def _differentiated(source: GradientSource, stream: str) -> tuple[Tensor, Tensor]:
    with torch.enable_grad():
        embeddings = source.embeddings(stream).requires_grad_()
        target = source.target_from(stream, embeddings)
        (gradient,) = torch.autograd.grad(target, embeddings)
    return embeddings.detach().float(), gradient.float()


def _integrated_gradients(source: GradientSource, stream: str) -> Tensor:
    try:
        from captum.attr import IntegratedGradients
    except ImportError as error:
        raise ImportError(
            "Integrated gradients need Captum. Install it with: pip install "
            "'attnwidget[attribution]'"
        ) from error

    def targets(batch: Tensor) -> Tensor:
        return torch.stack([source.target_from(stream, each) for each in batch])

    attributed: Tensor = IntegratedGradients(targets).attribute(
        source.embeddings(stream)[None], n_steps=STEPS, internal_batch_size=1
    )
    return attributed[0].sum(-1).abs()


_METHODS: dict[Attribution, Callable[[GradientSource, str], Tensor]] = {
    "gradient": _gradient,
    "gradient_x_input": _gradient_x_input,
    "integrated_gradients": _integrated_gradients,
}


def _spearman(first: Tensor, second: Tensor) -> tuple[float, float]:
    if len(first) < 3 or any(bool((each == each[0]).all()) for each in (first, second)):
        return float("nan"), float("nan")
    from scipy.stats import spearmanr  # takes as long to import as all else here

    found = spearmanr(first.numpy(), second.numpy())
    return float(found.statistic), float(found.pvalue)


def _shares(scores: Tensor) -> Tensor:
    total = scores.sum()
    return scores / total if total > 0 else scores
