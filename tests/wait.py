"""Wait for a thing, not for a clock; the time-out is that of a hang.

A busy machine is slow, not broken: nothing that passes takes a noticeable part of the time-out.
"""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS = 240.0
MILLISECONDS = 1000 * SECONDS


def wait_until(
    condition: Callable[[], object], *, pause: Callable[[], object] = lambda: time.sleep(0.02)
) -> None:
    """Wait until `condition()` holds, with `pause()` between two questions."""
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, f"not so after {SECONDS:.0f} s"
        pause()
