"""The text of an exported file, made from its contents."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NoReturn

from tqdm.auto import tqdm

from attnwidget.export.html import make_html, short_title
from attnwidget.export.pack import pack
from attnwidget.export.page import page_block
from attnwidget.export.plan import plan
from attnwidget.export.size import check_size
from attnwidget.frames import Workspace
from attnwidget.frames.files.parts import Part
from attnwidget.views import VIEWS, Contents

BAR_AFTER = 1.0
"""Seconds after which a progress bar appears."""

BAR = "{desc}: {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} [{elapsed}]"
"""The format of the bar. It has no remaining time, because frames of few bytes may take long."""


def export_html(
    workspace: Workspace, contents: Contents, importance: object, heading: str, title: str
) -> str:
    """Return the page.

    Parameters
    ----------
    workspace
        The trace and its cached results.
    contents
        The contents of the page.
    importance
        The value of the trait ``head_importance``.
    heading
        The heading above the picture; may be empty.
    title
        The title in the browser's tab.

    Raises
    ------
    ValueError
        The page would be too large for a browser.
    """
    first = list(VIEWS[contents.state.view].opening_parts(workspace, contents))
    there = {part.key for part in first}
    rest = [part for part in plan(workspace, contents) if part.key not in there]
    check_size([*first, *rest])
    total = sum(part.nbytes for part in [*first, *rest])
    with tqdm(
        total=total,
        desc="export",
        unit="B",
        unit_scale=True,
        delay=BAR_AFTER,
        leave=False,
        bar_format=BAR,
    ) as bar:
        later = pack(_made(rest, bar))
        page = page_block(workspace, contents, importance, short_title(heading), later.checksum)
        return make_html(pack(chain([page], _made(first, bar))), later, title)


def _made(parts: Sequence[Part], bar: "tqdm[NoReturn]") -> Iterator[bytes]:
    for part in parts:
        yield part.make(None).to_bytes()  # slow methods report their progress
        bar.update(part.nbytes)
