"""Synthetic matrices of attention with a given pattern."""

from collections.abc import Callable

import torch
from torch import Tensor

from attnwidget.analysis.pattern import NEAR

_MOST = 0.8


def synthetic(
    n: int,
    pattern: str,
    noise: float = 0.05,
    seed: int | None = None,
    *,
    causal: bool = False,
) -> Tensor:
    """Make a matrix of attention with a pattern, for tests and explanations.

    Parameters
    ----------
    n
        Number of tokens, at least 2. `attnwidget.pattern` recognises each from 8 tokens on.
    pattern
        ``"diagonal"``
            Every token attends to itself.
        ``"local"``
            To the tokens at most two positions away, half as much with each step.
        ``"broadcast"``
            80 % to the token a third into the sequence, the rest evenly to all.
        ``"bos"``
            80 % to the first token, the rest evenly to all.
        ``"block"``
            Evenly to the tokens of the same half.
        ``"uniform"``
            Evenly to all tokens.
    noise
        Share of each row, in [0, 1), that is random; it means the same for every `n`.
    seed
        Seed of the noise; None for other noise with every call.
    causal
        Leave out keys after the query and scale the rest of each row to 1.

    Returns
    -------
    Tensor
        (n, n) float32; rows sum to 1.

    Raises
    ------
    ValueError
        `n` is too small, `pattern` unknown or `noise` out of range.
    """
    if n < 2:
        raise ValueError(f"n must be at least 2 tokens, but {n} was given.")
    if pattern not in _SHAPES:
        raise ValueError(f"pattern must be one of {', '.join(_SHAPES)}, but {pattern!r} was given.")
    if not 0 <= noise < 1:
        raise ValueError(f"noise must be a share in [0, 1), but {noise} was given.")
    generator = torch.Generator()
    if seed is None:
        generator.seed()
    else:
        generator.manual_seed(seed)
    clean, random = _SHAPES[pattern](n), torch.rand(n, n, generator=generator)
    if causal:
        clean, random = clean.tril(), random.tril()
    return (1 - noise) * _normalised(clean) + noise * _normalised(random)


def _local(n: int) -> Tensor:
    distance = (torch.arange(n)[:, None] - torch.arange(n)).abs()
    return torch.where(distance <= NEAR, 0.5**distance, 0.0)


def _column(n: int, key: int) -> Tensor:
    rows = torch.full((n, n), (1 - _MOST) / n)
    rows[:, key] += _MOST
    return rows


def _block(n: int) -> Tensor:
    second = torch.arange(n) >= n // 2
    return (second[:, None] == second).float()


def _uniform(n: int) -> Tensor:
    return torch.ones(n, n)


def _normalised(rows: Tensor) -> Tensor:
    return rows / rows.sum(-1, keepdim=True)


_SHAPES: dict[str, Callable[[int], Tensor]] = {
    "diagonal": torch.eye,
    "local": _local,
    "broadcast": lambda n: _column(n, max(1, n // 3)),
    "bos": lambda n: _column(n, 0),
    "block": _block,
    "uniform": _uniform,
}
