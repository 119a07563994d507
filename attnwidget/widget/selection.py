"""The selection of a widget: synced traits that fit its trace."""

from dataclasses import fields, replace
from threading import RLock
from typing import Any, Literal, TypeAlias, get_args

from traitlets import Bool, Bunch, Enum, HasTraits, TraitError, Unicode, validate

from attnwidget.frames import PAIR_FILTERS, ComparedWorkspace, Run, VisibleRows, Workspace
from attnwidget.frames.reader import distinct_heads
from attnwidget.methods.fusion import FUSIONS
from attnwidget.methods.progress import Progress
from attnwidget.methods.registry import METHODS
from attnwidget.shared import TRAIT_DEFAULTS
from attnwidget.trace import Stream, Trace
from attnwidget.views import VIEWS, State
from attnwidget.views.state import HeadColors
from attnwidget.widget import checks
from attnwidget.widget.edited_runs import EditedRuns
from attnwidget.widget.pins import OnScreen
from attnwidget.widget.traits import (
    Comparison,
    Cuts,
    Edits,
    Index,
    Indices,
    Node,
    Pins,
    Ratio,
    Share,
    Target,
)

Theme: TypeAlias = Literal["auto", "light", "dark"]

MatrixMode: TypeAlias = Literal["single", "compare", "difference", "evolution"]
"""The matrices in the matrix view: one, two, their difference, or one for each layer."""


CLOSED = "This widget was closed and holds no trace; make a new one."


class Selection(HasTraits):
    """The traits that Python and the browser share; see docs/developing/wire-format.md.

    The browser may write every one of them. Its writes are echoed (ipywidgets' default), which
    keeps several browsers on one kernel together; the front end drops echoes older than its last
    write, so nothing flickers.

    Values are checked against the trace when they are assigned, or together when a
    `hold_trait_notifications` block or a message of the browser ends. If one value is refused, none
    is taken.
    """

    _workspace: Workspace | None = None
    _on_screen: OnScreen | None = None
    _edited: EditedRuns | None = None

    view = Enum(tuple(VIEWS), TRAIT_DEFAULTS["view"]).tag(sync=True)
    stream = Unicode().tag(sync=True)
    layer = Index(TRAIT_DEFAULTS["layer"]).tag(sync=True)
    heads = Indices(allow_none=True).tag(sync=True)
    method = Enum(tuple(METHODS), TRAIT_DEFAULTS["method"]).tag(sync=True)
    fusion = Enum(FUSIONS, TRAIT_DEFAULTS["fusion"]).tag(sync=True)
    discard_ratio = Ratio(TRAIT_DEFAULTS["discard_ratio"]).tag(sync=True)
    target = Target(allow_none=True).tag(sync=True)
    receptive_field = Bool(TRAIT_DEFAULTS["receptive_field"]).tag(sync=True)
    skip_first = Bool(TRAIT_DEFAULTS["skip_first"]).tag(sync=True)
    cuts = Cuts().tag(sync=True)
    edits = Edits().tag(sync=True)
    run = Enum(get_args(Run), TRAIT_DEFAULTS["run"]).tag(sync=True)
    matrix_mode = Enum(get_args(MatrixMode), TRAIT_DEFAULTS["matrix_mode"]).tag(sync=True)
    compare_with = Comparison(allow_none=True).tag(sync=True)
    colormap = Enum(("viridis", "blues"), TRAIT_DEFAULTS["colormap"]).tag(sync=True)
    scale = Enum(("fitted", "unit"), TRAIT_DEFAULTS["scale"]).tag(sync=True)
    trace_node = Node(allow_none=True).tag(sync=True)
    trace_via = Node(allow_none=True).tag(sync=True)
    tokens_selected = Pins().tag(sync=True)
    hide_special = Bool(TRAIT_DEFAULTS["hide_special"]).tag(sync=True)
    hide_first = Bool(TRAIT_DEFAULTS["hide_first"]).tag(sync=True)
    pair_filter = Enum(PAIR_FILTERS, TRAIT_DEFAULTS["pair_filter"]).tag(sync=True)
    coverage = Share(TRAIT_DEFAULTS["coverage"]).tag(sync=True)
    thumbnails = Enum(("lines", "matrix"), TRAIT_DEFAULTS["thumbnails"]).tag(sync=True)
    head_colors = Enum(get_args(HeadColors), TRAIT_DEFAULTS["head_colors"]).tag(sync=True)
    theme = Enum(get_args(Theme), TRAIT_DEFAULTS["theme"]).tag(sync=True)

    def __init__(self, workspace: Workspace, **traits: Any) -> None:
        self._workspace = workspace
        self._edited = EditedRuns(workspace.trace)
        self._lock = RLock()
        super().__init__(**traits)

    @property
    def workspace(self) -> Workspace:
        """The trace, or two that are compared, with a cache of slow results.

        Raises
        ------
        ValueError
            The widget was closed, which frees the trace.
        """
        if self._workspace is None or self._edited is None:
            raise ValueError(CLOSED)
        return self._edited.workspace(self.edits) if self.edits else self._workspace

    @property
    def workspace_on_screen(self) -> Workspace:
        """The workspace of the run on the screen, which may be one with cuts.

        Raises
        ------
        ValueError
            The widget was closed, or a cut is of the mode ``"mean"``, whose run has no weights.
        """
        state = self.state
        return self.workspace.on_screen(state.run, state.cuts_on_screen)

    @property
    def trace_on_screen(self) -> Trace:
        """The trace whose tokens are on the screen; the cuts of a run leave them as they are."""
        return self.workspace.on_screen(self.state.run, ()).trace

    @property
    def compares(self) -> bool:
        """True if there are two traces: those of `attnwidget.compare`, or an edited run."""
        return self._workspace is not None and isinstance(self.workspace, ComparedWorkspace)

    @property
    def edited(self) -> Trace | None:
        """The trace of the run on what was edited; None without edits."""
        return self.workspace.on_screen("after", ()).trace if self.edits else None

    @property
    def trace(self) -> Trace:
        """The trace as it was captured, of two the first.

        Raises
        ------
        ValueError
            The widget was closed, which frees the trace.
        """
        return self.workspace.trace

    @property
    def current_stream(self) -> Stream:
        """The selected stream.

        Raises
        ------
        TraitError
            The trace has no stream of that name. This happens only in the middle of an assignment
            of several traits that will be refused.
        """
        return self._stream_named(self.stream)

    @property
    def state(self) -> State:
        """The plain values of the traits, with the run that is on the screen.

        Without cuts and without a second trace it is the run before, and a view without differences
        shows the run after.
        """
        state = State(**{name: getattr(self, name) for name in _NAMES})
        if not state.cuts and not self.compares:
            return replace(state, run="before")
        if state.is_difference and not VIEWS[state.view].shows_differences:
            return replace(state, run="after")
        return state

    @property
    def shown(self) -> VisibleRows:
        """The rows on the screen; all heads fused if the method has no picture of each."""
        return self.state.shown

    def prepared_edits(
        self, edits: list[dict[str, Any]], progress: Progress = None
    ) -> list[dict[str, Any]]:
        """Return edits with every field, once their run has been made.

        Raises
        ------
        IndexError, ValueError
            They are not possible, or the widget was closed.
        """
        if isinstance(self._workspace, ComparedWorkspace) and edits:
            raise ValueError(checks.COMPARED_AND_EDITED)
        if self._edited is None:
            raise ValueError(CLOSED)
        return self._edited.prepared(edits, progress)

    def fit_to_stream(self) -> None:
        """Change the traits that depend on the stream and its tokens to values that they allow."""
        trace, stream = self.trace_on_screen, self.current_stream
        before, self._on_screen = self._on_screen, OnScreen.of(stream, self._workspace, self.edits)
        heads = [head for head in self.heads or () if head < stream.num_heads]
        with self.hold_trait_notifications():
            self.layer = min(self.layer, stream.num_layers - 1)
            self.heads = heads or None
            self.tokens_selected = self._on_screen.pins(self.tokens_selected, before)
            if not _has_pair(stream):
                self.pair_filter = "all"
            if self.compare_with is not None:
                self.compare_with = checks.fitting_comparison(trace, stream, self.compare_with)
            for name, check in checks.BY_STREAM.items():
                try:
                    check(trace, stream, getattr(self, name))
                except TraitError:
                    setattr(self, name, self.trait_defaults(name))

    def _stream_named(self, name: str) -> Stream:
        trace = self.trace_on_screen
        if name not in trace:
            known = ", ".join(trace.streams)
            raise TraitError(f"stream must be one of {known}, but {name!r} was given.")
        return trace[name]

    @validate("stream")
    def _known_stream(self, proposal: Bunch) -> str:
        return self._stream_named(proposal.value).name

    @validate("layer")
    def _layer_in_range(self, proposal: Bunch) -> int:
        return checks.in_range(proposal.value, self.current_stream.num_layers, "layer")

    @validate("heads")
    def _heads_in_range(self, proposal: Bunch) -> list[int] | None:
        if proposal.value is None:
            return None
        try:
            return list(distinct_heads(proposal.value, self.current_stream.num_heads))
        except (IndexError, ValueError) as error:
            raise TraitError(str(error)) from error

    @validate("tokens_selected")
    def _pins_in_range(self, proposal: Bunch) -> list[dict[str, Any]]:
        pins: list[dict[str, Any]] = []
        for pin in proposal.value:
            side = pin["side"]
            length = _length(self.current_stream, side)
            index = checks.in_range(pin["index"], length, side)
            if {"side": side, "index": index} not in pins:
                pins.append({"side": side, "index": index})
        return pins

    @validate("pair_filter")
    def _pair_for_filter(self, proposal: Bunch) -> str:
        if proposal.value != "all" and not _has_pair(self.current_stream):
            raise TraitError(
                f"pair_filter {proposal.value!r} needs a pair of texts, but the stream "
                f"{self.stream!r} has one text only. Capture with text_pair, or pass 'all'."
            )
        return str(proposal.value)

    @validate("cuts")
    def _cuts_in_range(self, proposal: Bunch) -> list[dict[str, Any]]:
        if proposal.value and self.compares:
            raise TraitError(checks.EDITED_AND_CUT if self.edits else checks.COMPARED_AND_CUT)
        return checks.possible_cuts(self.trace, proposal.value)

    @validate("edits")
    def _edits_without_cuts(self, proposal: Bunch) -> list[dict[str, Any]]:
        if proposal.value and self.cuts:
            raise TraitError(checks.EDITED_AND_CUT)
        return list(proposal.value)

    @validate("run")
    def _possible_run(self, proposal: Bunch) -> str:
        return checks.possible_run(self.workspace, proposal.value)

    @validate("target")
    def _target_in_range(self, proposal: Bunch) -> dict[str, Any] | None:
        return checks.reachable_target(self.workspace, proposal.value)

    @validate(*checks.BY_STREAM)
    def _possible_for_stream(self, proposal: Bunch) -> Any:
        check = checks.BY_STREAM[proposal.trait.name]
        return check(self.trace_on_screen, self.current_stream, proposal.value)


_NAMES = [field.name for field in fields(State)]


def _length(stream: Stream, side: str) -> int:
    return len(stream.queries if side == "query" else stream.keys)


def _has_pair(stream: Stream) -> bool:
    return stream.queries.has_pair or stream.keys.has_pair
