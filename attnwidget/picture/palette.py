"""Colours of heads, the same as on the screen (js/draw/palette.ts)."""

from attnwidget.picture.theme import Theme

HEADS = {
    "light": (
        *("#297ece", "#d5b100", "#8b0100", "#501ba7", "#00cdd5", "#55754e", "#91418b", "#045449"),
        *("#d07d01", "#06ab6f", "#9a7193", "#c93500", "#8ec58a", "#3d51ca", "#770078", "#8798d3"),
    ),
    "dark": (
        *("#62affe", "#fedc5b", "#c64e40", "#7f5ddf", "#65f7ff", "#86a67e", "#c475bd", "#49887b"),
        *("#feac54", "#5ed99c", "#c9a0c2", "#fe704b", "#b9efb5", "#6b88ff", "#af4cae", "#b4c5ff"),
    ),
}
FUSED = {"light": "#4252c4", "dark": "#96a3ff"}
DASHES = (None, "6 4", "1.5 3.5", "7 3 1.5 3")


def head_color(head: int | None, theme: Theme) -> str:
    """Return a head's colour; None is all heads fused."""
    if head is None:
        return FUSED[theme.name]
    colors = HEADS[theme.name]
    return colors[head % len(colors)]


def head_dash(head: int | None) -> str | None:
    """Return the pattern that tells heads of one colour apart; None: a solid line."""
    rounds = 0 if head is None else head // len(HEADS["light"])
    return DASHES[min(rounds, len(DASHES) - 1)]
