"""The files that a widget writes."""

from collections.abc import Iterable
from os import PathLike
from typing import overload

from attnwidget.export import check_path, write_file
from attnwidget.picture import check_scale, rasterised
from attnwidget.widget.importance import Importance
from attnwidget.widget.selection import Selection
from attnwidget.widget.to_html import to_html
from attnwidget.widget.to_svg import to_svg


class Exports(Selection):
    """A selection that can be written to files: pages and pictures."""

    head_importance = Importance(allow_none=True).tag(sync=True)

    def to_html(
        self,
        path: str | PathLike[str] | None = None,
        *,
        title: str | None = None,
        views: str | Iterable[str] | None = None,
        layers: int | slice | Iterable[int] | None = None,
        heads: int | slice | Iterable[int] | None = None,
        methods: str | Iterable[str] | None = None,
    ) -> str:
        """Make one HTML file that shows this widget without a kernel, for ever.

        It opens where the widget stands, asks for nothing over the network, and lets a reader do
        all that needs no kernel. Values are good to 1/590 of themselves.

        Parameters
        ----------
        path
            Where to write it, in one go: a file that is there stays until the new one is complete.
        title
            Stands above the picture and in the browser's tab.
        views
            Names of views; None for the head, model and matrix view and the one that is shown.
        layers, heads
            Those of the stream that is shown, which then is the only one held; None for all.
        methods
            Beside attention and what is shown; None for those that were computed before.

        Returns
        -------
        str
            The page or, with `path`, where it was written.

        Raises
        ------
        IndexError
            There is no such layer or head.
        OSError
            The file cannot be written.
        ValueError
            A view or method is unknown or not possible, or the file would be too large for a
            browser.

        Warns
        -----
        UserWarning
            The file will be larger than 25 MB; the message says what to leave out.
        """
        chosen = {"views": views, "layers": layers, "heads": heads, "methods": methods}
        return to_html(self.state, self.workspace, self.head_importance, path, title, chosen)

    def to_svg(self, path: str | PathLike[str] | None = None, *, theme: str = "light") -> str:
        """Draw the view as it stands, for a paper or a slide.

        Nothing needs to be displayed. Text is text, lines are lines, and a caption says what is
        shown. Zoom and scroll position are the browser's alone: all tokens are drawn.

        Parameters
        ----------
        path
            Where to write it, in one go: a file that is there stays until the new one is complete.
        theme
            ``"light"`` or ``"dark"``.

        Returns
        -------
        str
            The SVG or, with `path`, where it was written.

        Raises
        ------
        OSError
            The file cannot be written.
        ValueError
            There is no such theme.
        """
        target = None if path is None else check_path(path, "attention.svg")
        picture = to_svg(self.state, self.workspace, self.head_importance, theme)
        if target is None:
            return picture
        write_file(target, picture)
        return str(target)

    @overload
    def to_png(self, path: None = None, *, theme: str = "light", scale: float = 2) -> bytes: ...

    @overload
    def to_png(
        self, path: str | PathLike[str], *, theme: str = "light", scale: float = 2
    ) -> str: ...

    def to_png(
        self, path: str | PathLike[str] | None = None, *, theme: str = "light", scale: float = 2
    ) -> bytes | str:
        """Draw what `to_svg` draws, as pixels: for slides and pages that take no SVG.

        Written in the fonts of this machine; characters that none of them has become boxes.

        Parameters
        ----------
        path
            Where to write it, in one go: a file that is there stays until the new one is complete.
        theme
            ``"light"`` or ``"dark"``.
        scale
            Pixels for each of the SVG's, of which there are 96 to the inch: 2 is sharp on a
            screen, 3 in print.

        Returns
        -------
        bytes or str
            The PNG or, with `path`, where it was written.

        Raises
        ------
        OSError
            The file cannot be written.
        RuntimeError
            This machine has no font at all.
        ValueError
            There is no such theme, `scale` is no positive number, or the picture would have more
            than 64 million pixels.
        """
        check_scale(scale)
        target = None if path is None else check_path(path, "attention.png")
        picture = rasterised(to_svg(self.state, self.workspace, self.head_importance, theme), scale)
        if target is None:
            return picture
        write_file(target, picture)
        return str(target)
