"""Write a picture instead of a page if the name of the file ends in .svg or .png."""

import argparse
from pathlib import Path

from attnwidget.widget import AttentionWidget

DRAWN = (".svg", ".png")
NOT_DRAWN = (".eps", ".gif", ".jpeg", ".jpg", ".pdf", ".webp")


def is_picture(out: Path, given: argparse.Namespace) -> bool:
    """Return whether the file is a picture, after a check of the arguments for one.

    Raises
    ------
    ValueError
        The kind of picture is unknown, or the arguments name several layers or a title.
    """
    kind = out.suffix.lower()
    if kind in NOT_DRAWN:
        raise ValueError(
            f"There are pictures as {' and '.join(DRAWN)} and pages as .html, but {out.name} asks "
            f"for {kind}; write an .svg and convert it."
        )
    if kind not in DRAWN:
        return False
    if given.title is not None:
        raise ValueError("A picture has a caption and no title: leave --title out.")
    if given.layers is not None and len(given.layers) > 1:
        raise ValueError(
            f"A picture shows one layer, but --layers names {len(given.layers)}: name one, or "
            "take --view model, which shows all."
        )
    return True


def write_picture(widget: AttentionWidget, out: Path, given: argparse.Namespace) -> None:
    """Draw the widget's view at the layer and of the heads in the arguments."""
    widget.layer = given.layers[0] if given.layers else 0
    widget.heads = given.heads
    if out.suffix.lower() == ".svg":
        widget.to_svg(out)
    else:
        widget.to_png(out)
