"""The display of a widget and its saved output in the notebook."""

import logging
import zlib
from dataclasses import replace
from typing import Any
from uuid import uuid4

from IPython import get_ipython
from IPython.display import display
from traitlets import Enum, Unicode, default

from attnwidget.export import short_title
from attnwidget.frames import Workspace
from attnwidget.widget.debounce import Debounced
from attnwidget.widget.exports import Exports
from attnwidget.widget.saved_output import SAVED, saved_html
from attnwidget.widget.selection import Selection

logger = logging.getLogger(__name__)

QUIET_PERIOD = 3.0
"""Seconds without a change after which the saved output is updated."""

HTML = "text/html"


class Display(Exports):
    """A widget that a notebook shows live, with a saved output for when it cannot run.

    A display makes two outputs: the widget and, hidden while there is a widget, the saved output.
    The saved output follows the picture, so that a notebook is saved with the last picture.
    """

    saved = Enum(SAVED, "page")
    identity = Unicode(read_only=True).tag(sync=True, from_json=lambda _, widget: widget.identity)
    model_id: str

    def __init__(self, workspace: Workspace, **traits: Any) -> None:
        self._last: int | None = None
        self._debounced_follow = Debounced(self._follow, QUIET_PERIOD)
        super().__init__(workspace, **traits)

    @default("identity")
    def _new_identity(self) -> str:
        return uuid4().hex

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)  # type: ignore[misc]  # ipywidgets is untyped
        if bundle is not None:
            bundle[0]["text/plain"] = f"{self._in_short()}. Run the cell again to see it."
        return bundle

    def _ipython_display_(self, **kwargs: Any) -> None:
        if self._workspace is None:
            display({"text/plain": repr(self)}, raw=True)
            return
        data, metadata = self._repr_mimebundle_(**kwargs)
        display(data, metadata=metadata, raw=True)
        has_kernel = getattr(get_ipython(), "kernel", None) is not None
        html = self._saved() if has_kernel and self.saved != "nothing" else None
        if html is None:
            return
        if self._last is None:
            self.observe(self._on_change, [*Selection.class_trait_names(sync=True), "saved"])
        self._last = zlib.crc32(html.encode())
        display({HTML: html}, raw=True, display_id=self.identity)

    def _on_change(self, _change: object) -> None:
        self._debounced_follow.call()

    def _follow(self) -> None:
        """Update the saved output of every display."""
        html = self._saved()
        if html is None:
            return
        checksum = zlib.crc32(html.encode())
        if checksum != self._last:
            self._last = checksum
            display({HTML: html}, raw=True, display_id=self.identity, update=True)

    def _saved(self) -> str | None:
        """Return the saved output as HTML, or None if it could not be made."""
        if self.saved == "nothing":
            return ""
        try:
            with self._lock:
                state = self.state
                if not self.workspace.has_run(state.cuts_on_screen):
                    state = replace(state, run="before")
                return saved_html(
                    state.in_file(),
                    self.workspace.on_screen(state.run, state.cuts_on_screen),
                    self.head_importance,
                    self._in_words(),
                    self.identity,
                    self.model_id,
                    with_page=self.saved == "page",
                )
        except Exception:  # the widget itself is displayed in any case
            if self._workspace is not None:  # else it was closed in the meantime
                logger.exception("What a notebook saves of this widget could not be made.")
            return None

    def _in_short(self) -> str:
        return f"AttentionWidget of {short_title(self.trace.model_name or 'attention weights')}"

    def _in_words(self) -> str:
        last = self.current_stream.num_layers - 1
        return f"{self._in_short()}, {self.view} view, layer {self.layer} of 0 to {last}."
