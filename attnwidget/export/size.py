"""Limits on the size of a file."""

import warnings
from collections.abc import Sequence

from attnwidget.frames.files.parts import Part

LARGE = 25e6
"""Size in bytes from which a file causes a warning."""

TOO_LARGE = 400e6
"""Size in bytes that browsers do not open as one text."""

BYTES_OF_PAGE = 250e3
"""Bytes of the script and the stylesheet."""


def check_size(parts: Sequence[Part]) -> None:
    """Warn if a file becomes large.

    Raises
    ------
    ValueError
        The file would be too large for a browser.
    """
    nbytes = BYTES_OF_PAGE + sum(part.nbytes for part in parts)
    advice = (
        "Leave something out: pass layers=[…], heads=[…], or views and methods without those that "
        "are not needed; or export a shorter text."
    )
    if nbytes > TOO_LARGE:
        raise ValueError(
            f"The file would take about {nbytes / 1e6:,.0f} MB, more than browsers open. {advice}"
        )
    if nbytes > LARGE:
        warnings.warn(
            f"The file will take about {nbytes / 1e6:,.0f} MB. {advice}", UserWarning, stacklevel=4
        )
