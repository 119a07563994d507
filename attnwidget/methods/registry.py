"""The table of all methods, in the order of menus, and lookups in it."""

from dataclasses import replace
from typing import Literal, TypeAlias

from attnwidget.methods.alti import ALTI
from attnwidget.methods.attention import ATTENTION
from attnwidget.methods.contributions import CONTRIBUTIONS
from attnwidget.methods.effects import EFFECTS
from attnwidget.methods.gradient_flow import GRADIENT_FLOW
from attnwidget.methods.knockout_estimates import KNOCKOUT
from attnwidget.methods.max_flow import MAX_FLOW
from attnwidget.methods.mean_alti import MEAN_ALTI
from attnwidget.methods.method import Method
from attnwidget.methods.relevance import RELEVANCE
from attnwidget.methods.rollout import ROLLOUT
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.methods.value_norm import VALUE_NORM
from attnwidget.methods.written import WRITTEN
from attnwidget.trace import Stream, Trace

MethodName: TypeAlias = Literal[
    "attention",
    "rollout",
    "gradient_flow",
    "relevance",
    "max_flow",
    "value_norm",
    "written",
    "alti",
    "mean_alti",
    "effects",
    "contributions",
    "knockout",
]
"""The names of all methods."""

METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        *(ATTENTION, ROLLOUT, GRADIENT_FLOW, RELEVANCE, MAX_FLOW),
        *(VALUE_NORM, WRITTEN, ALTI, MEAN_ALTI, EFFECTS, CONTRIBUTIONS, KNOCKOUT),
    )
}
"""Every method by its name; add new methods here."""

DEFAULT = next(iter(METHODS))
"""The name of the first method, which every stream allows."""

EVOLVING = next(name for name, method in METHODS.items() if method.evolves)
"""The name of the method of which the matrix view shows a matrix for every layer."""


_OF_DIFFERENCES = {name: method.of_differences() for name, method in METHODS.items()}

CHANGED = (
    "is_attention",
    "is_part_of_logit",
    "title",
    "question",
    "values",
    "signed",
    "signs",
    "full_scale",
)
"""The fields of a row that differ where its scores are changes from one run to another."""


def method_of(scores: ScoresOf) -> Method:
    """Return the row that describes some scores, which may be changes from one run to another."""
    return (_OF_DIFFERENCES if scores.difference else METHODS)[scores.method]


def refusal(trace: Trace, stream: Stream, name: str) -> str | None:
    """Return why a method cannot be shown and what to do, or None if it can."""
    return METHODS[name].refusal(trace, stream)


def allowed_methods(trace: Trace, stream: Stream) -> tuple[str, ...]:
    """Return the names of the methods that a stream of this trace allows."""
    return tuple(name for name in METHODS if refusal(trace, stream, name) is None)


def followed(trace: Trace, scores: ScoresOf, *, at_hand: bool = False) -> ScoresOf:
    """Return the scores whose steps the paths through layers follow for these scores.

    Parameters
    ----------
    trace
        The trace.
    scores
        The scores that are chosen.
    at_hand
        Whether nothing slow may be computed.
    """
    method = METHODS[scores.method]
    own = method.only_own_settings(scores)
    name = method.followed_by
    rather, stream = method.rather_followed_by, trace[scores.stream]
    if rather is not None and refusal(trace, stream, rather) is None:
        name = rather if not at_hand or METHODS[rather].takes_moments(stream) else name
    return own if name is None else replace(own, method=name)


def followed_names(trace: Trace, stream: Stream, *, at_hand: bool = False) -> dict[str, str]:
    """Return by method, where it is not `followed_by`, whose steps a stream's paths follow."""
    found = {}
    for name, method in METHODS.items():
        if method.rather_followed_by is not None:
            scores = ScoresOf(stream.name, 0, None, name, "mean")
            found[name] = followed(trace, scores, at_hand=at_hand).method
    return {name: other for name, other in found.items() if other != METHODS[name].followed_by}


def showing(finding: str, trace: Trace, stream: Stream) -> str:
    """Return the name of the method that shows a kind of findings, the default one if none does."""
    names = [name for name, method in METHODS.items() if method.shows_finding == finding]
    return next((name for name in names if refusal(trace, stream, name) is None), DEFAULT)


def other_method(trace: Trace, stream: Stream, name: str) -> str:
    """Return the name of the method that a comparison opens with."""
    other = METHODS[name].compared_with
    return DEFAULT if other is None or refusal(trace, stream, other) is not None else other
