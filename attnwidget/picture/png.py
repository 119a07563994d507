"""Pictures as pixels, for where SVG cannot go."""

import math
import re
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from numbers import Real
from pathlib import Path

import resvg_py

from attnwidget.picture.svg import FONTS, element, text

MOST_PIXELS = 64_000_000
"""Largest PNG in pixels; the rasteriser needs eight bytes for each."""

LONGEST_SIDE = 16_384
"""Longest side of a PNG in pixels; few programs show a longer one."""

SIZE = re.compile(r'<svg [^>]*?\bwidth="([\d.]+)" height="([\d.]+)"')


def rasterised(svg: str, scale: float) -> bytes:
    """Return a picture of this package as PNG.

    Parameters
    ----------
    svg
        As `document` makes it.
    scale
        Pixels for one of the SVG's, of which there are 96 to the inch.

    Raises
    ------
    RuntimeError
        There is no font on this machine.
    ValueError
        `scale` is no positive number, or there would be more than 64 million pixels or none.
    """
    scale = check_scale(scale)
    _check_pixels(svg, scale)
    return resvg_py.svg_to_bytes(svg_string=svg, zoom=scale, font_files=_further_fonts())


def check_scale(scale: object) -> float:
    """Return a positive number, or raise ValueError."""
    value = 0.0 if isinstance(scale, bool) or not isinstance(scale, Real) else float(scale)
    if not math.isfinite(value) or value <= 0:
        raise ValueError(
            f"scale must be a positive number, the pixels of the PNG for each of the SVG's, but "
            f"{scale!r} was given; 2 is sharp on a screen and 3 in print."
        )
    return value


def _check_pixels(svg: str, scale: float) -> None:
    found = SIZE.match(svg)
    if found is None:
        raise ValueError("This is no SVG of this package: it has no width and height.")
    width, height = (scale * float(side) for side in found.groups())
    if width < 1 or height < 1:
        raise ValueError(f"A scale of {scale:.3g} leaves no pixel of the picture; take 1 or 2.")
    if width * height > MOST_PIXELS:
        possible = math.floor(100 * scale * math.sqrt(MOST_PIXELS / (width * height))) / 100
        raise ValueError(
            f"The PNG would have {width:,.0f} x {height:,.0f} pixels, more than "
            f"{MOST_PIXELS // 10**6} million. Pass scale={max(possible, 0.01):.3g} or less, or "
            "write the SVG with to_svg(), which is sharp at any size."
        )


@cache
def _further_fonts() -> list[str]:
    """Return fonts to add to those of the system: none, or where it has none, Matplotlib's.

    The rasteriser leaves out text that it has no font for, without a word.
    """
    for fonts in ([], _fonts_of_matplotlib()):
        if _writes(fonts):
            return fonts
    raise RuntimeError(
        "This machine has no font to write the picture's text with. Install one (on Debian: "
        "apt install fonts-dejavu-core) and start Python again, or install Matplotlib, which "
        "brings one, or write the SVG with to_svg()."
    )


def _fonts_of_matplotlib() -> list[str]:
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        return []
    folder = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
    return [str(path) for path in sorted(folder.glob("DejaVuSans*.ttf")) if path.is_file()]


def _writes(fonts: Sequence[str]) -> bool:
    """Return whether a letter leaves a trace."""
    letter = text("x", 4, 16, font_size=16, font_family=FONTS)
    written, empty = (
        resvg_py.svg_to_bytes(svg_string=_sheet(content), font_files=[*fonts])
        for content in (letter, "")
    )
    return written != empty


def _sheet(content: str) -> str:
    return element("svg", content, xmlns="http://www.w3.org/2000/svg", width=20, height=20)
