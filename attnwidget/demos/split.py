"""Which examples the demo models never see in training."""

from __future__ import annotations

from zlib import crc32

HELD_OUT_SHARE = 10
"""One example in so many is kept for testing."""


def is_held_out(identity: str) -> bool:
    """Whether an example belongs to the test set.

    The answer depends on the example alone, so training and test sets are disjoint by
    construction, whatever is drawn, in whatever order and with whatever seed.

    Parameters
    ----------
    identity
        What must not be shared by the two sets: the whole bracket string, the block of words
        that is repeated, the ISO date.
    """
    return crc32(identity.encode()) % HELD_OUT_SHARE == 0
