"""The pattern of one matrix of attention."""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import torch
from torch import Tensor

from attnwidget.analysis.blocks import Split, best_split, by_distance
from attnwidget.analysis.entropy import over_maximum, row_entropy
from attnwidget.analysis.gain import gain
from attnwidget.analysis.masked import Masked
from attnwidget.trace import Array

Pattern: TypeAlias = Literal["diagonal", "local", "broadcast", "bos", "block", "uniform", "mixed"]
"""Names of patterns."""

PATTERNS: tuple[Pattern, ...] = get_args(Pattern)

FIRST = 0.4
"""Smallest gain of a first key that stands out."""

COLUMN = 0.5
"""Smallest gain of another key that stands out."""

INSIDE = 0.6
"""Smallest gain of a region that holds most of the mass."""

BESIDES = 0.5
"""Smallest gain of such a region over rows that explain its mass in another way."""

NEAR = 2
"""Largest distance of local attention, in tokens."""

EVEN = 0.95
"""Smallest normalised entropy of uniform rows."""


def pattern(
    matrix: Array,
    *,
    causal: bool | None = None,
    allowed: Array | None = None,
    signed: bool = False,
) -> Pattern:
    r"""Name the pattern of one matrix of attention.

    Each rule compares a share :math:`s` of the mass with the share :math:`u` that uniform rows
    under the same mask have in the same place. The gain :math:`(s - u) / (1 - u)` is 0 for uniform
    rows and 1 if all mass is in that place, for any number of tokens.
    Rows are divided by their sum. Rows of zeros, and rows whose mask allows a single key, are left
    out. The first rule that holds decides:

    1. ``"diagonal"``: the gain of tokens at themselves is at least 0.6.
    2. ``"bos"``: the gain of the first key is at least 0.4.
    3. ``"broadcast"``: the gain of another key, over the queries that may attend to it, is at least
       0.5, and these are at least half of all.
    4. ``"local"``: the gain of pairs at most two positions apart is at least 0.6, and still 0.5
       over rows that are uniform inside and outside of the blocks of rule 5.
    5. ``"block"``: for the best split into two blocks of neighbouring tokens, each of at least a
       fifth of the tokens and no fewer than two, the gain of pairs inside a block is at least 0.6,
       and still 0.5 over rows in which every distance has the weight that it has on average: a wide
       band is no block.
    6. ``"uniform"``: the mean entropy of rows over the largest that the mask allows is at least
       0.95.
    7. ``"mixed"``: anything else, and a matrix in which no row has both mass and a choice.

    Rules 1, 4 and 5 compare positions and hold for square matrices only.

    Parameters
    ----------
    matrix
        (n_q, n_k) scores of at least 0, or of either sign if `signed`; one head, or fused heads.
    causal, allowed
        The mask, as in `statistics`. A causal matrix is detected if neither is given.
    signed
        Take negative scores; the pattern is that of the magnitudes.

    Returns
    -------
    str
        One of the names above.

    Raises
    ------
    ValueError
        As in `statistics`.
    """
    masked = Masked.of(matrix, causal=causal, allowed=allowed, signed=signed).magnitudes()
    judged = _Judged.of(masked)
    if judged.total == 0:
        return "mixed"
    if masked.square and judged.gain_within(masked.distances() == 0) >= INSIDE:
        return "diagonal"
    key = judged.dominant_key()
    if key is not None:
        return "bos" if key == 0 else "broadcast"
    if masked.square:
        split = best_split(judged.rows, judged.flat)
        if judged.is_local(masked.distances() <= NEAR, split):
            return "local"
        if judged.is_block(split):
            return "block"
    ratio = over_maximum(row_entropy(masked.rows()), masked.num_allowed()).nanmean().item()
    return "uniform" if ratio >= EVEN else "mixed"


@dataclass(frozen=True)
class _Judged:
    """Rows with mass and a choice of keys; all other rows are zero.

    Attributes
    ----------
    rows
        (n_q, n_k), each row summing to 1.
    flat
        (n_q, n_k), each row spread evenly over what its mask allows.
    allowed
        (n_q, n_k) bool.
    total
        Number of rows that say something.
    """

    rows: Tensor
    flat: Tensor
    allowed: Tensor
    total: float

    @classmethod
    def of(cls, masked: Masked) -> "_Judged":
        counts = masked.num_allowed()
        speaks = (counts > 1) & (masked.scores.sum(-1) > 0)
        rows = masked.rows().masked_fill(~speaks[:, None], 0.0)
        allowed = masked.allowed & speaks[:, None]
        return cls(rows, _spread(speaks.double(), allowed), allowed, float(speaks.sum()))

    def gain_within(self, region: Tensor, over: Tensor | None = None) -> float:
        """Return the gain of the pairs in `region` over other rows, uniform ones if None."""
        others = self.flat if over is None else over
        observed, expected = (rows[region].sum().item() for rows in (self.rows, others))
        return gain(observed / self.total, expected / self.total)

    def dominant_key(self) -> int | None:
        """Return the key that stands out among the rows that may attend to it, if any does."""
        seen = self.allowed.sum(0).double()
        gains = [
            gain(observed, expected) if often else 0.0
            for observed, expected, often in zip(
                (self.rows.sum(0) / seen).tolist(),
                (self.flat.sum(0) / seen).tolist(),
                (2 * seen >= self.total).tolist(),
                strict=True,
            )
        ]
        best = max(range(len(gains)), key=gains.__getitem__)
        return best if gains[best] >= (COLUMN if best else FIRST) else None

    def is_local(self, near: Tensor, split: Split | None) -> bool:
        """Return whether the mass is near the diagonal, and not only because it is in blocks."""
        if self.gain_within(near) < INSIDE:
            return False
        if split is None:
            return True
        inside = split.inside(len(self.rows))
        in_blocks = torch.zeros_like(self.rows)
        for region in (inside, ~inside):
            mass = self.rows.where(region, 0.0).sum(-1)
            in_blocks += _spread(mass, self.allowed & region)
        return self.gain_within(near, over=in_blocks) >= BESIDES

    def is_block(self, split: Split | None) -> bool:
        """Return whether the mass is in blocks, and not only because it is near the diagonal."""
        if split is None or split.gain < INSIDE:
            return False
        inside = split.inside(len(self.rows))
        return self.gain_within(inside, over=by_distance(self.rows, self.allowed)) >= BESIDES


def _spread(mass: Tensor, region: Tensor) -> Tensor:
    """Return (n_q, n_k) with the mass (n_q,) of each row spread evenly over its `region`."""
    counts = region.sum(-1).clamp(min=1)
    return (mass / counts)[:, None] * region
