"""The output of a call: the live widget on display, or a page that works without a kernel."""

from html import escape
from typing import Literal, TypeAlias, get_args

from IPython.display import HTML, display

from attnwidget.widget import AttentionWidget

HTML_ACTIONS = ("view", "return")

DisplayMode: TypeAlias = Literal["dark", "light"]

DISPLAY_MODES: tuple[DisplayMode, ...] = get_args(DisplayMode)


class HtmlPage(HTML):  # type: ignore[misc]  # IPython is untyped here
    """An HTML page for a file or a web framework, which a notebook can show too.

    Attributes
    ----------
    data : str
        The page. A notebook shows it in a frame of its own, so that its styles and scripts stay
        apart from those of the notebook.
    """

    def _repr_html_(self) -> str:
        return (
            '<iframe sandbox="allow-scripts" width="100%" height="600" style="border: 0" '
            f'srcdoc="{escape(self.data)}"></iframe>'
        )


def check_html_action(html_action: object) -> None:
    """Raise ValueError if there is no such action."""
    if html_action not in HTML_ACTIONS:
        raise ValueError(
            f"html_action must be 'view', which displays the widget, or 'return', which gives a "
            f"page, but {html_action!r} was given."
        )


def check_display_mode(display_mode: str) -> DisplayMode:
    """Return the widget's theme of this name; raise ValueError where there is none."""
    for known in DISPLAY_MODES:
        if display_mode == known:
            return known
    raise ValueError(f"display_mode must be 'dark' or 'light', but {display_mode!r} was given.")


def output(widget: AttentionWidget, html_action: str, note: str | None = None) -> HtmlPage | None:
    """Display a widget, or return it as a page, below an optional note."""
    if html_action == "return":
        try:
            return HtmlPage(widget.to_html(title=note))
        finally:
            widget.close()
    if note is not None:
        print(note)
    display(widget)
    return None
