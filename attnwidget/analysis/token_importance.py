"""Share of the scores that each token receives or gives."""

from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

from attnwidget.analysis.scores import as_labels, as_scores
from attnwidget.trace import Array, Tokens

Direction: TypeAlias = Literal["incoming", "outgoing"]
"""Importance of tokens as keys (incoming) or as queries (outgoing)."""

DIRECTIONS: tuple[Direction, ...] = get_args(Direction)


def token_importance(
    scores: Array,
    tokens: Sequence[str] | Tokens,
    direction: Direction = "incoming",
    *,
    normalize: bool = True,
    signed: bool = False,
) -> list[tuple[str, float]]:
    """Add up the scores of each token.

    Under a causal mask early tokens can be attended to by more queries than late ones, and their
    incoming sums say so.

    Parameters
    ----------
    scores
        (n_q, n_k) attention, rollout, flow or relevance, none negative; or scores of either sign if
        `signed`.
    tokens
        A label for each key if `direction` is incoming, for each query if it is outgoing.
    direction
        ``"incoming"``: the sum of a token's column, what arrives at it; ``"outgoing"``: the sum of
        its row, what it hands out (the same for all tokens where rows sum to 1).
    normalize
        Divide by the sum of all scores, so that importances sum to 1; all 0 if the scores are. Of
        scores with signs, divide by the sum of their magnitudes.
    signed
        Take negative scores, such as those of `attnwidget.effects`. What raises and what lowers the
        target then cancels out within a token's sum.

    Returns
    -------
    list of (str, float)
        Tokens and importances, in the order of the tokens.

    Raises
    ------
    ValueError
        `scores` is no such matrix, the tokens do not match, or `direction` has another name.
    """
    if direction not in DIRECTIONS:
        raise ValueError(
            f"direction must be one of {', '.join(DIRECTIONS)}, but {direction!r} was given."
        )
    matrix = as_scores(scores, "scores", signed=signed)
    sums = matrix.sum(0 if direction == "incoming" else 1)
    labels = as_labels(tokens, len(sums), "key" if direction == "incoming" else "query")
    total = matrix.abs().sum()
    if normalize and total > 0:
        sums = sums / total
    return list(zip(labels, sums.tolist(), strict=True))
