"""Tell which position each slot of a tensor comes from, by products with a Jacobian.

Each position is given a code of several numbers. Tangents that carry a number are propagated, and a
slot that depends on one position alone carries that number times what it carries for the number 1.
"""

from collections.abc import Iterable, Iterator, Sequence

import torch
from torch import Tensor

from attnwidget.trace.tiles import NOWHERE

MIXED = -2
"""The position of a slot that depends on several positions."""

TINY = torch.finfo(torch.float32).tiny


class Code:
    """The numbers of each position: 1, a random one that proves the result, and its digits.

    Parameters
    ----------
    count
        Number of positions.
    like
        A tensor of the dtype and device of the numbers.
    """

    def __init__(self, count: int, like: Tensor) -> None:
        is_single = like.dtype in (torch.float32, torch.float64)
        # Half precision tells small digits apart only.
        self.base, self.tolerance = (1024, 1e-3) if is_single else (16, 0.1)
        self.count = count
        positions = torch.arange(count, device="cpu")
        digits: list[Tensor] = []
        while not digits or int(positions.max()) > 0:
            digits.append((positions % self.base).float())
            positions = positions // self.base
        self.proof = torch.rand(count, device="cpu") * 2 - 1
        self.numbers = [
            each.to(like) for each in (torch.ones(count, device="cpu"), self.proof, *digits)
        ]

    def decoded(self, products: Iterator[Tensor], known: Iterable[Tensor] = ()) -> Tensor:
        """Return the position that each slot depends on.

        Parameters
        ----------
        products
            For each number, (..., d): what every slot carries. Only the first two are drawn if
            they agree with known positions.
        known
            Positions that are likely.

        Returns
        -------
        Tensor
            (...) int64; `NOWHERE` for a slot that depends on none, `MIXED` for one that depends on
            several.
        """
        unit, proof = next(products), next(products)
        for positions in known:
            if positions.shape == unit.shape[:-1] and self._agrees(unit, proof, positions):
                return positions
        digits = list(products)
        return self._positions(unit, proof, digits)

    def _positions(self, unit: Tensor, proof: Tensor, digits: Sequence[Tensor]) -> Tensor:
        square = unit.square().sum(-1)
        is_one = torch.ones_like(square, dtype=torch.bool)
        position = torch.zeros_like(square, dtype=torch.int64)
        for place, each in enumerate(digits):
            ratio, is_parallel = self._ratio(each, unit, square, self.base)
            digit = ratio.round()
            is_digit = (digit >= 0) & (digit < self.base) & ((ratio - digit).abs() < 0.4)
            is_one &= is_parallel & is_digit
            position += torch.where(is_one, digit, 0).long() * self.base**place
        is_one &= position < self.count
        position = torch.where(is_one, position, 0)
        ratio, is_parallel = self._ratio(proof, unit, square)
        is_one &= is_parallel & ((ratio - self.proof[position]).abs() <= self.tolerance)
        position = torch.where(is_one, position, MIXED)
        return torch.where(square == 0, NOWHERE, position)

    def _agrees(self, unit: Tensor, proof: Tensor, positions: Tensor) -> bool:
        if int(positions.max()) >= self.count:
            return False
        square = unit.square().sum(-1)
        ratio, is_parallel = self._ratio(proof, unit, square)
        expected = self.proof[positions.clamp_min(0)]
        is_right = is_parallel & ((ratio - expected).abs() <= self.tolerance)
        is_right = torch.where(positions == NOWHERE, square == 0, is_right & (square > 0))
        return bool((is_right & (positions != MIXED)).all())

    def _ratio(
        self, carried: Tensor, unit: Tensor, square: Tensor, size: int = 1
    ) -> tuple[Tensor, Tensor]:
        """Return the number below `size` that each slot carries, and whether it carries no more."""
        ratio = (carried * unit).sum(-1) / square.clamp_min(TINY)
        rest = (carried - ratio[..., None] * unit).square().sum(-1)
        return ratio, rest <= (self.tolerance * size) ** 2 * square
