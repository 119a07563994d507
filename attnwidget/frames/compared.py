"""Workspaces of two traces that are compared."""

from dataclasses import replace
from typing import NamedTuple

from attnwidget.frames.common import Common, Places, check_comparable, name_of
from attnwidget.frames.workspace import LIMIT, Run, Workspace
from attnwidget.trace import Trace
from attnwidget.trace.cut import Cut

OTHER = "other"
"""The value of ``after`` in a request for the second of two traces."""


NO_DIFFERENCE = "The two texts share no token, so that there is nothing to subtract."
"""Why there is no difference of two texts."""


class Term(NamedTuple):
    """A run whose scores are added or subtracted.

    Attributes
    ----------
    queries, keys
        The places that are left of its tokens; None for all.
    """

    run: Workspace
    queries: Places | None = None
    keys: Places | None = None


class DifferenceWorkspace(Workspace):
    """The second of two traces minus the first, where their tokens are the same."""

    def __init__(self, before: Workspace, after: Workspace, common: Common, limit: int) -> None:
        super().__init__(common.trace, limit, before)
        self.common = common
        self.after_run = after


class ComparedWorkspace(Workspace):
    """The first of two traces that are compared.

    Parameters
    ----------
    before, after
        The traces.
    edits
        What was edited in the first to get the second, in words, if it was.

    Attributes
    ----------
    other
        The workspace of the second.
    difference
        The second minus the first; None if they share no token, which only edited ones may do.

    Raises
    ------
    ValueError
        They cannot be compared.
    """

    def __init__(
        self, before: Trace, after: Trace, limit: int = LIMIT, *, edits: tuple[str, ...] = ()
    ) -> None:
        super().__init__(before, limit)
        check_comparable(before, after)
        self.difference: DifferenceWorkspace | None = None
        notes = after.notes
        if not edits:
            notes = (*notes, f"{name_of(after)}, compared with {name_of(before)}")
        self.other = Workspace(replace(after, notes=notes), limit, self)
        try:
            common = Common.of(before, after)
            self.difference = DifferenceWorkspace(self, self.other, common, limit)
        except ValueError:
            if not edits:
                raise
        for run in (self.other, self.difference):
            if run is not None:
                run.edits = edits

    def on_screen(self, run: Run, cuts: tuple[Cut, ...]) -> Workspace:
        """Return the workspace of one of the two traces, or of their difference."""
        if cuts:
            raise ValueError(
                "Two traces are compared here, and a cut would be a third. Cut in a widget of one "
                "trace, or compare with attnwidget.knockout(trace, cuts).trace."
            )
        if run == "before":
            return self
        if run == "after":
            return self.other
        if self.difference is None:
            raise ValueError(NO_DIFFERENCE)
        return self.difference


def terms_of(workspace: Workspace, stream: str) -> tuple[Term, Term]:
    """Return the run after and the run before of a difference."""
    if not isinstance(workspace, DifferenceWorkspace):
        return Term(workspace), Term(workspace.whole)
    common = workspace.common
    return (
        Term(workspace.after_run, *common.places(stream, "after")),
        Term(workspace.whole, *common.places(stream, "before")),
    )
