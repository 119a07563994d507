"""From what a file is to hold to its text."""

from collections.abc import Iterator, Sequence

from tqdm.auto import tqdm

from attnwidget.export.contents import Contents
from attnwidget.export.html import make_html, short_title
from attnwidget.export.pack import pack
from attnwidget.export.page import page_of
from attnwidget.export.plan import Part, plan
from attnwidget.export.size import check_size
from attnwidget.frames import Frame, Workspace

BAR_AFTER = 1.0
"""Seconds after which a bar says how far it has come."""


def export_html(
    workspace: Workspace, contents: Contents, importance: object, heading: str, title: str
) -> str:
    """Return the page.

    Parameters
    ----------
    workspace
        What frames are made of.
    contents
        What it holds.
    importance
        How much heads matter, as the trait has it.
    heading
        What stands above the picture; may be empty.
    title
        What the browser calls the page.

    Raises
    ------
    ValueError
        It would be too large for a browser.
    """
    parts = plan(workspace, contents)
    check_size(parts)
    page = page_of(workspace, contents, importance, short_title(heading))
    return make_html(pack(page, _frames(parts)), title)


def _frames(parts: Sequence[Part]) -> Iterator[Frame]:
    total = sum(part.nbytes for part in parts)
    with tqdm(
        total=total, desc="export", unit="B", unit_scale=True, delay=BAR_AFTER, leave=False
    ) as bar:
        for part in parts:
            yield part.make(None)  # methods that take long show how far they have come
            bar.update(part.nbytes)
