"""The strongest pairs of tokens."""

from collections.abc import Sequence
from typing import NamedTuple

from torch import Tensor

from attnwidget.analysis.masked import Masked
from attnwidget.analysis.scores import as_labels
from attnwidget.trace import Array, Tokens


class Pairs(NamedTuple):
    """Pairs of a query and a key, by falling value.

    Attributes
    ----------
    queries, keys
        (k,) int64 positions.
    values
        (k,) float32.
    """

    queries: Tensor
    keys: Tensor
    values: Tensor


def strongest(scores: Tensor, candidates: Tensor, top_k: int) -> Pairs:
    """Return the `top_k` scores of largest magnitude, or all candidates if there are fewer.

    Equal magnitudes come in the order of their queries, then of their keys.

    Parameters
    ----------
    scores
        (n_q, n_k).
    candidates
        (n_q, n_k) bool: the pairs that count.
    """
    places = candidates.flatten().nonzero()[:, 0]
    values = scores.flatten()[places]
    order = values.abs().sort(descending=True, stable=True).indices[:top_k]
    chosen, width = places[order], scores.shape[1]
    return Pairs(chosen // width, chosen % width, values[order].float())


def critical_connections(
    scores: Array,
    tokens: Sequence[str] | Tokens,
    top_k: int = 5,
    *,
    key_tokens: Sequence[str] | Tokens | None = None,
    diagonal: bool = True,
    signed: bool = False,
) -> list[tuple[str, str, float]]:
    """List the strongest connections between tokens.

    Parameters
    ----------
    scores
        (n_q, n_k) attention, rollout, flow or relevance, none negative; or scores of either sign if
        `signed`. Pairs above the diagonal of a causal matrix do not count.
    tokens
        A label for each query.
    top_k
        Number of connections, at most that of pairs.
    key_tokens
        A label for each key, if these are other tokens than the queries.
    diagonal
        Count the connection of a token to itself; pass False to see past a residual connection.
        It always counts if `key_tokens` are given.
    signed
        Take negative scores, such as those of `attnwidget.effects`.

    Returns
    -------
    list of (str, str, float)
        Query, key and score, by falling magnitude; equal ones in the order of queries, then keys.

    Raises
    ------
    ValueError
        `scores` is no such matrix, the tokens do not match, or `top_k` is out of range.
    """
    masked = Masked.of(scores, name="scores", signed=signed)
    queries = as_labels(tokens, masked.scores.shape[0], "query")
    keys = as_labels(tokens if key_tokens is None else key_tokens, masked.scores.shape[1], "key")
    candidates = masked.allowed
    if not diagonal and key_tokens is None:
        candidates = candidates & (masked.distances() > 0)
    count = int(candidates.sum())
    if isinstance(top_k, bool) or not isinstance(top_k, int) or not 1 <= top_k <= count:
        raise ValueError(
            f"top_k must be a whole number from 1 to {count}, the number of pairs that count, but "
            f"{top_k!r} was given."
        )
    pairs = strongest(masked.scores, candidates, top_k)
    return [
        (queries[query], keys[key], value)
        for query, key, value in zip(*(each.tolist() for each in pairs), strict=True)
    ]
