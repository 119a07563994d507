"""Pairs for which attention and another method disagree."""

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from attnwidget.analysis.scores import as_labels, as_scores
from attnwidget.trace import Array, Tokens


def discrepancy(
    attention: Array,
    flow: Array,
    tokens: Sequence[str] | Tokens,
    threshold: float = 0.1,
    *,
    key_tokens: Sequence[str] | Tokens | None = None,
) -> dict[str, list[dict[str, Any]]]:
    """List the pairs with high attention and low flow, and the reverse.

    Both are divided by their largest entry before they are compared.

    Parameters
    ----------
    attention
        (n_q, n_k) weights.
    flow
        (n_q, n_k) scores of another method, such as one head of `attnwidget.gradient_flow`.
    tokens
        A label for each query.
    threshold
        Differences up to this value, in [0, 1), are left out.
    key_tokens
        A label for each key, if these are other tokens than the queries.

    Returns
    -------
    dict
        ``high_attention_low_flow``
            Pairs that are attended to without effect.
        ``low_attention_high_flow``
            Pairs that matter more than the attention says.

        Each is a list by falling difference of dicts with ``query`` and ``key`` (tokens),
        ``query_index`` and ``key_index``, ``attention`` and ``flow`` (as given) and ``difference``
        (of the two divided by their largest, positive).

    Raises
    ------
    ValueError
        The matrices are no such scores or differ in shape, the tokens do not match, or `threshold`
        is out of range.
    """
    if not 0 <= threshold < 1:
        raise ValueError(f"threshold must be a difference in [0, 1), but {threshold} was given.")
    given = as_scores(attention, "attention"), as_scores(flow, "flow")
    shapes = [tuple(matrix.shape) for matrix in given]
    if shapes[0] != shapes[1]:
        raise ValueError(
            f"attention and flow must have the same shape, but these are {shapes[0]} and "
            f"{shapes[1]}. Of several heads pass the same one of both."
        )
    queries = as_labels(tokens, shapes[0][0], "query")
    keys = as_labels(tokens if key_tokens is None else key_tokens, shapes[0][1], "key")
    difference = _scaled(given[0]) - _scaled(given[1])

    def listed(excess: Tensor) -> list[dict[str, Any]]:
        places = (excess > threshold).nonzero()
        order = excess[tuple(places.mT)].argsort(descending=True, stable=True)
        return [
            {
                "query": queries[query],
                "key": keys[key],
                "query_index": query,
                "key_index": key,
                "attention": given[0][query, key].item(),
                "flow": given[1][query, key].item(),
                "difference": excess[query, key].item(),
            }
            for query, key in places[order].tolist()
        ]

    return {
        "high_attention_low_flow": listed(difference),
        "low_attention_high_flow": listed(-difference),
    }


def _scaled(scores: Tensor) -> Tensor:
    largest = scores.max()
    return scores / largest if largest > 0 else scores
