"""Shares compared with what would be there anyway."""


def gain(observed: float, expected: float) -> float:
    """Return how far `observed` is on the way from `expected` to 1.

    0 at the expected share, 1 where everything is there, negative below; 0 where the expected share
    leaves no room. Unlike the share itself it means the same for matrices of every size.
    """
    room = 1.0 - expected
    return (observed - expected) / room if room > 1e-9 else 0.0
