"""The scale from values to colours, computed as in js/views/common/scale.ts."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from attnwidget.picture.colormap import STEPS

Floats: TypeAlias = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Scale:
    """A colour scale.

    Attributes
    ----------
    low, high
        The values at both ends of the colours.
    is_signed
        Zero is in the middle, with as much room for either sign.
    is_linear
        Equal steps of colour are equal steps of the value, or else of its square root.
    """

    low: float
    high: float
    is_signed: bool
    is_linear: bool

    @classmethod
    def over(cls, low: float, high: float, kind: str, *, is_signed: bool) -> "Scale":
        """Return the scale of values between `low` and `high`: ``"fitted"`` or ``"unit"``."""
        if kind == "unit":
            return cls(-1.0 if is_signed else 0.0, 1.0, is_signed, is_linear=True)
        if is_signed:
            most = max(abs(low), abs(high)) or 1.0
            return cls(-most, most, is_signed, is_linear=False)
        return cls(low, high, is_signed, is_linear=False)

    def steps(self, values: Floats) -> NDArray[np.int64]:
        """Return each value's place among the colours; beyond the scale it is that of its end."""
        if self.is_signed:
            bent = np.sign(values) * self._bent(np.abs(values) / self.high)
            return np.rint((1 + bent) / 2 * (STEPS - 1)).astype(np.int64)
        span = self.high - self.low
        share = (values - self.low) / span if span > 0 else np.zeros_like(values)
        return np.rint(self._bent(share) * (STEPS - 1)).astype(np.int64)

    def ticks(self) -> list[tuple[float, float]]:
        """Return places along the colours, from 0 to 1, and their values."""
        places = [0.0, 0.25, 0.5, 0.75, 1.0] if self.is_signed else [0.0, 0.5, 1.0]
        return [(place, self._value(place)) for place in places]

    def _bent(self, share: Floats) -> Floats:
        within: Floats = share.clip(0, 1)
        return within if self.is_linear else np.sqrt(within)

    def _value(self, place: float) -> float:
        if self.is_signed:
            at = 2 * place - 1
            return self.high * (at if self.is_linear else at * abs(at))
        return self.low + (place if self.is_linear else place**2) * (self.high - self.low)
