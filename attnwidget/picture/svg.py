"""SVG as text, well-formed for any tokens."""

import re
from collections.abc import Iterable
from html import escape

FONTS = (
    "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'DejaVu Sans', "
    "'Liberation Sans', Arial, sans-serif"
)
"""Sans-serif families, those with many scripts first: the rasteriser has no fallback for a missing
family. Text stays text, so that an editor can change the font."""

UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
"""Characters that XML forbids or nobody sees: control characters, direction marks, surrogates."""


def number(value: float) -> str:
    """Return a number rounded to a hundredth, finer than any screen or printer."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def escaped(text: str) -> str:
    """Return a text escaped for XML."""
    return escape(UNSEEN.sub("\ufffd", text), quote=True)


def element(name: str, content: str = "", /, **attributes: str | float | None) -> str:
    """Return an element around `content`, which is markup already.

    Attributes are escaped; underscores in their names become hyphens, and those that are None are
    left out.
    """
    written = "".join(
        f' {key.replace("_", "-")}="{escaped(value) if isinstance(value, str) else number(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def text(content: str, x: float, y: float, /, **attributes: str | float | None) -> str:
    """Return a line of text; `content` is any text."""
    return element("text", escaped(content), x=x, y=y, **attributes)


def group(children: Iterable[str], /, **attributes: str | float | None) -> str:
    """Return a group of elements that share attributes."""
    return element("g", "\n".join(children), **attributes)


def turned(content: str, x: float, y: float, degrees: float) -> str:
    """Return a line of text turned about where it is anchored."""
    place = f"translate({number(x)} {number(y)})"
    return text(content, 0, 0, transform=f"{place}rotate({number(degrees)})")


def moved(children: Iterable[str], x: float, y: float) -> str:
    """Return elements drawn elsewhere."""
    return group(children, transform=f"translate({number(x)} {number(y)})")
