"""Split examples into a training set and a test set."""

from __future__ import annotations

from zlib import crc32

HELD_OUT_SHARE = 10
"""Number of examples of which one is in the test set."""


def is_held_out(identity: str) -> bool:
    """Return whether an example belongs to the test set.

    The result depends on the example alone, so training and test set are disjoint for any order
    and any seed.

    Parameters
    ----------
    identity
        The text that the two sets must not share: the whole bracket string, the block of words
        that is repeated, the ISO date.
    """
    return crc32(identity.encode()) % HELD_OUT_SHARE == 0
