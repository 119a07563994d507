"""The colours of a picture that carry no data."""

from dataclasses import dataclass

from attnwidget.shared import COLORS, Scheme


@dataclass(frozen=True)
class Theme:
    """Colours for one kind of paper.

    Attributes
    ----------
    name
        ``"light"`` or ``"dark"``.
    paper, ink, muted, rule
        Background, text, text that matters less, thin lines.
    """

    name: Scheme
    paper: str
    ink: str
    muted: str
    rule: str


THEMES: dict[str, Theme] = {
    scheme: Theme(scheme, colors["own-bg"], colors["text"], colors["muted"], colors["rule"])
    for scheme, colors in COLORS["themes"].items()
}


def theme_named(name: str) -> Theme:
    """Return a theme.

    Raises
    ------
    ValueError
        There is none of this name.
    """
    if not isinstance(name, str) or name not in THEMES:
        raise ValueError(f"theme must be one of {', '.join(THEMES)}, but {name!r} was given.")
    return THEMES[name]
