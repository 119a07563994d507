"""The files that a widget writes."""

from collections.abc import Iterable
from os import PathLike
from typing import overload

from attnwidget.export import check_path, write_file
from attnwidget.picture import LONGEST_SIDE, check_scale, rasterised
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
        """Make one HTML file that shows this widget without a kernel.

        The file opens with the selection of the widget, sends no requests over the network, and
        supports everything that needs no kernel. Values are accurate to 1/590 of themselves.

        Parameters
        ----------
        path
            The file to write, atomically: an existing file stays until the new one is complete.
        title
            The title above the picture and in the browser's tab.
        views
            Names of views; None for the head, model, matrix and text view and the view on the
            screen.
        layers, heads
            Layers and heads of the selected stream, which then is the only one in the file; None
            for all.
        methods
            Methods in addition to attention and the method on the screen; None for the methods that
            were computed before.

        Returns
        -------
        str
            The page or, with `path`, the path of the file.

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
        state = self.state.in_file()
        return to_html(state, self.workspace_on_screen, self.head_importance, path, title, chosen)

    def to_svg(self, path: str | PathLike[str] | None = None, *, theme: str = "light") -> str:
        """Draw the view on the screen, for a paper or a slide.

        The widget need not be displayed. Text stays text, lines stay lines, and a caption describes
        the picture. All tokens are drawn, because zoom and scroll position are known only to the
        browser.

        Parameters
        ----------
        path
            The file to write, atomically: an existing file stays until the new one is complete.
        theme
            ``"light"`` or ``"dark"``.

        Returns
        -------
        str
            The SVG or, with `path`, the path of the file.

        Raises
        ------
        OSError
            The file cannot be written.
        ValueError
            There is no such theme.
        """
        target = None if path is None else check_path(path, "attention.svg")
        picture = to_svg(self.state, self.workspace_on_screen, self.head_importance, theme)
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
        """Draw the picture of `to_svg` as pixels, for slides and pages that take no SVG.

        Text uses the fonts of this machine; characters that none of them has become boxes. A side
        is at most 16,384 pixels long: of long inputs the head view and the trace view leave out
        tokens, which the caption names. They begin a little before the first token that is pinned,
        or traced.

        Parameters
        ----------
        path
            The file to write, atomically: an existing file stays until the new one is complete.
        theme
            ``"light"`` or ``"dark"``.
        scale
            Pixels for each pixel of the SVG, which has 96 to the inch: 2 is sharp on a screen, 3 in
            print.

        Returns
        -------
        bytes or str
            The PNG or, with `path`, the path of the file.

        Raises
        ------
        OSError
            The file cannot be written.
        RuntimeError
            This machine has no font at all.
        ValueError
            There is no such theme, `scale` is not a positive number, or the picture would have more
            than 64 million pixels.
        """
        room = LONGEST_SIDE / check_scale(scale)
        target = None if path is None else check_path(path, "attention.png")
        workspace = self.workspace_on_screen
        drawn = to_svg(self.state, workspace, self.head_importance, theme, room=room)
        picture = rasterised(drawn, scale)
        if target is None:
            return picture
        write_file(target, picture)
        return str(target)
