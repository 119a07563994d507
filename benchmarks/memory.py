"""Peak resident memory of a computation."""

from __future__ import annotations

import ctypes
import gc
from pathlib import Path

# Linux forgets the peak of resident memory when "5" is written here.
RESET_PEAK = Path("/proc/self/clear_refs")


def reset_peak() -> int:
    """Give back what is free, forget the peak and return the resident memory in bytes."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    RESET_PEAK.write_text("5")
    return _status("VmRSS")


def peak() -> int:
    """Return the peak of resident memory in bytes since it was reset."""
    return _status("VmHWM")


def _status(field: str) -> int:
    status = Path("/proc/self/status").read_text()
    return 1024 * int(status.split(f"{field}:")[1].split()[0])
