"""The widget: its arguments, its messages and the order of its updates."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Unpack, cast

import anywidget
from torch import Tensor
from traitlets import Bunch, Dict, TraitError, default

from attnwidget.assets import asset
from attnwidget.frames import ComparedWorkspace
from attnwidget.methods.fusion import Fusion
from attnwidget.methods.progress import Progress
from attnwidget.methods.registry import MethodName
from attnwidget.trace import Array, Tokens, Trace
from attnwidget.trace.stack import Stack
from attnwidget.views import DEFAULT_VIEW, VIEWS, ViewName, about, about_both, opening_view
from attnwidget.widget import checks
from attnwidget.widget.arguments import as_workspace
from attnwidget.widget.display import Display
from attnwidget.widget.keywords import TraitKeywords, check_keywords
from attnwidget.widget.pins import OnScreen
from attnwidget.widget.server import Server
from attnwidget.widget.snapshot import Snapshot, SnapshotMaker
from attnwidget.widget.to_svg import to_svg

SHOWN_TRAITS = frozenset(
    {"stream", "layer", "heads", "method", "fusion", "coverage"}
    | {"discard_ratio", "target", "receptive_field", "skip_first"}
    | {"cuts", "edits", "about", "run", "hide_special", "hide_first", "pair_filter"}
)
"""The traits that the snapshot depends on."""


TRAITS_OF_TOKENS = frozenset({"stream", "run", "view"})
"""The traits that decide whose tokens are on the screen, where two traces are compared."""


TARGET_RESET = "the target was at tokens that are not in both texts, and is the default one now"


class AttentionWidget(Display, anywidget.AnyWidget):
    """An interactive picture of a trace's attention.

    All traits of the selection are two-way: the picture follows an assignment, and `observe` sees a
    click.

    Parameters
    ----------
    trace
        A `Trace`, or attention weights as `Trace.from_attentions` takes them, together with
        `tokens`. `attnwidget.compare` makes a widget of two traces.
    view
        The view: ``"head"`` draws lines, ``"model"`` every head of every layer, ``"neuron"`` one
        query on its way to the softmax, ``"matrix"`` queries by keys, ``"trace"`` paths through
        all layers, ``"text"`` the text as it is read, coloured by what one token looks at.
        None opens texts of more than 256 tokens with ``"text"`` and all else with ``"head"``.
    layer
        Counted from 0; negative ones count from the end.
    heads
        The heads to draw, each in its colour; None for all of them fused.
    method
        The scores in the picture: a name of the methods page of the documentation, such as
        ``"rollout"``.
    fusion
        The function that fuses heads if `heads` is None: ``"mean"``, ``"max"`` or ``"min"``.
    stream
        A stream of the trace, by default the first.
    tokens, key_tokens
        For attention weights: the tokens that attend, and the tokens that they attend to if these
        are different. `tokens` may be the second argument too, as of `Trace.from_attentions`.
    head_importance
        The importance of each head, (layers, heads), which colours the cells of the model view; a
        mapping by stream name if it describes other streams than the first. The keyword
        ``head_colors="effect"`` colours them by an estimate of the target's change without the
        head instead, ``"exact_effect"`` by a run without each.
    **traits
        ``saved="page"`` (some 0.5 MB at most), ``"picture"`` or ``"nothing"``: the output that
        displays save in the notebook for when the widget cannot run. Any other trait of the
        selection, such as ``hide_special=True`` or ``theme="dark"``, and ipywidgets' ``layout``.

    Raises
    ------
    TypeError
        A keyword is unknown, or `trace` has another type.
    TraitError
        A value is not allowed; the message names the allowed ones.
    """

    _esm = asset("widget.js")
    _css = asset("styles.css")
    _server: Server | None = None

    about = Dict(read_only=True).tag(sync=True, from_json=lambda _, widget: widget.about)
    snapshot = Snapshot().tag(sync=True, echo_update=False)

    def __init__(
        self,
        trace: Trace | Stack | ComparedWorkspace,
        view: ViewName | Sequence[str] | Tokens | None = None,
        layer: int = 0,
        heads: int | Iterable[int] | None = None,
        method: MethodName = "attention",
        fusion: Fusion = "mean",
        stream: str | None = None,
        *,
        tokens: Sequence[str] | Tokens | None = None,
        key_tokens: Sequence[str] | Tokens | None = None,
        head_importance: Array | Mapping[str, Array] | None = None,
        **traits: Unpack[TraitKeywords],
    ) -> None:
        check_keywords(traits)
        if tokens is None and isinstance(view, (list, tuple, Tokens)):
            # The order of Trace.from_attentions.
            view, tokens = None, view
        workspace = as_workspace(trace, tokens, key_tokens)
        stream = workspace.trace.streams[0] if stream is None else stream
        if view is None and isinstance(stream, str) and stream in workspace.trace:
            view = cast("ViewName", opening_view(workspace.trace[stream]))
        self._server = Server(workspace, self.send, self._draw, self.prepared_edits)
        self._snapshots: SnapshotMaker | None = SnapshotMaker()
        self._edition = 0
        super().__init__(
            workspace,
            view=DEFAULT_VIEW if view is None else view,
            stream=stream,
            layer=layer,
            heads=heads,
            method=method,
            fusion=fusion,
            head_importance=head_importance,
            **traits,
        )
        if "run" in traits and self.edits:
            self.run = traits["run"]
        self._on_screen = OnScreen.of(self.current_stream, self._workspace, self.edits)
        self.on_msg(self._receive)

    @default("about")
    def _description(self) -> dict[str, Any]:
        workspace = self.workspace
        if not isinstance(workspace, ComparedWorkspace):
            described = about(self.trace)
        else:
            described = about_both(workspace)
        return described | ({"edition": self._edition} if self._edition else {})

    def scores(self) -> Tensor:
        """Return the scores on the screen.

        Returns
        -------
        Tensor
            (n_q, n_k) float32 if heads are fused, as always in the matrix view and for methods that
            have no picture of single heads, else (H', n_q, n_k). Scores of hidden keys and scores
            that `pair_filter` leaves out are 0. In the matrix view a comparison gives (2, n_q,
            n_k), a difference (n_q, n_k), the evolution (L, n_q, n_k).
        """
        return VIEWS[self.view].scores(self.workspace_on_screen, self.state)

    def close(self) -> None:
        """Close the views, stop running computations and free the trace."""
        super().close()
        if self._server is not None:
            self._server.close()
        self._workspace = self._edited = self._snapshots = None

    def make_snapshot(self) -> bytes | None:
        """Return the frame of the selection; None if the browser must request it."""
        return None if self._snapshots is None else self._snapshots.frame(self)

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """Return the state of all traits or of some, with a snapshot if the rows may have changed.

        So the front end receives a selection made in Python and its frame in one update. A
        selection made in the browser is not sent back and needs no snapshot.
        """
        if key is not None:
            names = {key} if isinstance(key, str) else set(key)
            key = names | {"snapshot"} if names & SHOWN_TRAITS else names
        return super().get_state(key, drop_defaults)  # type: ignore[no-any-return]  # ipywidgets is untyped

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take a message of the browser: all of it or, if a value is refused, none."""
        with self._lock:
            try:
                super().set_state(sync_data)
            except TraitError:
                self.send_state(set(sync_data) & set(self.keys))
                raise

    @contextmanager
    def hold_trait_notifications(self) -> Iterator[None]:
        """Bundle assignments, which are checked together and sent in one update."""
        with self._lock, self.hold_sync(), super().hold_trait_notifications():
            yield

    def notify_change(self, change: Bunch) -> None:
        """Send a changed trait, and with a changed stream the traits that depend on it."""
        with self._lock:
            if change["name"] == "edits":
                with self.hold_sync():
                    self._show_edits()
                    super().notify_change(change)
                return
            if change["name"] not in (TRAITS_OF_TOKENS if self.compares else ("stream",)):
                super().notify_change(change)
                return
            with self.hold_sync():
                self.fit_to_stream()
                super().notify_change(change)

    def _show_edits(self) -> None:
        """Go over to the run of the edits: the browser starts anew with its description."""
        workspace = self.workspace
        self._edition += 1
        if self._server is not None:
            self._server.show(workspace, self._edition)
        if not isinstance(workspace, ComparedWorkspace):
            self.run = "before"
        elif self.run == "before" or workspace.difference is None:
            self.run = "after"
        described = self._description()
        if self.target is not None and not checks.is_reachable(workspace, self.target):
            self.target = None
            described["notes"] = [*described["notes"], TARGET_RESET]
            for run in described.get("runs", {}).values():
                run["notes"] = [*run["notes"], TARGET_RESET]
        self.set_trait("about", described)
        self.fit_to_stream()

    def _draw(self, theme: str, progress: Progress) -> str:
        return to_svg(self.state, self.workspace_on_screen, self.head_importance, theme, progress)

    def _receive(self, _widget: object, message: object, _buffers: object) -> None:
        if self._server is not None:
            self._server.receive(message)

    def __repr__(self) -> str:
        if self._workspace is None:
            return "AttentionWidget(closed)"
        shown = f"view={self.view!r}, stream={self.stream!r}, layer={self.layer}"
        if self.edits:
            edits = "; ".join(self.about["edits"])
            return f"AttentionWidget({self._title!r}, edited: {edits}; run={self.run!r}, {shown})"
        if "compared" in self.about:
            both = " and ".join(self.about["compared"])
            return f"AttentionWidget({both}, run={self.run!r}, {shown})"
        return f"AttentionWidget({self._title!r}, {shown})"

    @property
    def _title(self) -> str:
        return self.trace.model_name or "attention weights"
