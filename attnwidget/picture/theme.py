"""The colours of a picture that carry no data."""

from dataclasses import dataclass


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

    name: str
    paper: str
    ink: str
    muted: str
    rule: str


THEMES = {
    "light": Theme("light", "#ffffff", "#1c2024", "#596068", "#e1e4e8"),
    "dark": Theme("dark", "#15171b", "#e5e8ec", "#a3abb5", "#2d3138"),
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
