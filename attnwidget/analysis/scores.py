"""Checks of the scores and tokens that users pass."""

from collections.abc import Sequence

from torch import Tensor

from attnwidget.trace import Array, Tokens
from attnwidget.trace.arrays import as_floating
from attnwidget.trace.check_weights import wrong_entry

SIGNED = " Of scores with signs, such as those of attnwidget.effects, pass signed=True."


def as_scores(scores: Array, name: str, *, signed: bool | None = None) -> Tensor:
    """Return a matrix of scores as (n_q, n_k) float64.

    Parameters
    ----------
    signed
        Take negative entries. False refuses them and tells of the keyword; None refuses them where
        there is none.

    Raises
    ------
    ValueError
        `scores` is no matrix, is empty, or has an entry that is NaN, infinite or, unless `signed`,
        negative.
    """
    matrix = as_floating(scores, name).double()
    if matrix.ndim != 2 or not matrix.numel():
        raise ValueError(
            f"{name} must be a matrix (queries, keys), but its shape is {tuple(matrix.shape)}. Of "
            "several heads pass one, attention[head], or fuse them with attnwidget.fuse_heads."
        )
    wrong = wrong_entry(matrix.abs() if signed else matrix)
    if wrong is not None:
        described, query, key = wrong
        allowed = "finite numbers" if signed else "numbers from 0 up"
        way_out = SIGNED if signed is False and described == "negative" else ""
        raise ValueError(
            f"{name} must hold {allowed}, but it is {described} at query {query}, "
            f"key {key}: {matrix[query, key].item():g}.{way_out}"
        )
    return matrix


def as_heads(attention: Array, name: str) -> Tensor:
    """Return the weights of one layer as (H, n_q, n_k) float64; (1, H, n_q, n_k) is taken, too.

    Raises
    ------
    ValueError
        `attention` has another shape, is empty, or has an entry that is NaN, infinite or negative.
    """
    given = as_floating(attention, name).double()
    weights = given[0] if given.ndim == 4 and len(given) == 1 else given
    if weights.ndim != 3 or not weights.numel():
        raise ValueError(
            f"{name} must be (heads, queries, keys), but its shape is {tuple(given.shape)}. Pass "
            "one layer of one input."
        )
    for head, matrix in enumerate(weights):
        as_scores(matrix, f"head {head} of {name}")
    return weights


def as_labels(tokens: Sequence[str] | Tokens, count: int, side: str) -> list[str]:
    """Return the text of one token for each position; see `as_tokens`."""
    return list(as_tokens(tokens, count, side).text)


def as_tokens(tokens: Sequence[str] | Tokens, count: int, side: str) -> Tokens:
    """Return one token for each of `count` positions.

    Parameters
    ----------
    side
        ``"query"`` or ``"key"``, for the error.

    Raises
    ------
    ValueError
        There are more or fewer of them, or they are no list of strings.
    """
    if not isinstance(tokens, Tokens):
        tokens = Tokens.from_text(tokens)
    if len(tokens) != count:
        raise ValueError(
            f"There are {count} {side} positions, but {len(tokens)} {side} tokens were given. Pass "
            "exactly one token for each."
        )
    return tokens
