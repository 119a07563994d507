"""The methods that a user chooses to measure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeAlias

import torch
from torch import Tensor

from attnwidget.analysis.faithfulness.question import Question
from attnwidget.analysis.faithfulness.token_scores import TokenMethod, token_methods
from attnwidget.trace import Array, Trace
from attnwidget.trace.arrays import as_floating

OwnMethod: TypeAlias = Callable[[Trace], Array]
"""A user's method: makes one score for each key of a trace, (n,)."""

Methods: TypeAlias = Sequence[str | OwnMethod] | Mapping[str, str | OwnMethod] | None
"""Names of methods, functions, or either under the name of their row; None is ``["all"]``."""


ALL = "all"
"""Every method that the texts allow and that is not slow."""


@dataclass
class Rows:
    """The rows of methods that every text allows.

    Attributes
    ----------
    methods
        The methods.
    left_out
        The titles of methods that were left out, by the reason.
    """

    methods: list[TokenMethod]
    left_out: dict[str, list[str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.methods)

    @property
    def notes(self) -> tuple[str, ...]:
        """The methods that were left out, and why."""
        return tuple(
            f"Left out: {'; '.join(titles)}. {reason}" for reason, titles in self.left_out.items()
        )

    def scores(self, question: Question) -> dict[str, Tensor]:
        """Return the scores of every method; one that cannot score a text is left out from then.

        Raises
        ------
        ValueError
            The user named the method.
        """
        found = {}
        for method in list(self.methods):
            try:
                found[method.title] = scored(method, question)
            except ValueError as error:
                if method.is_named:
                    raise
                self.leave_out(method, str(error))
        return found

    def leave_out(self, method: TokenMethod, reason: str) -> None:
        """Leave a method out of the table."""
        self.methods.remove(method)
        self.left_out.setdefault(reason, []).append(method.title)


def allowed_rows(methods: Methods, questions: Sequence[Question]) -> Rows:
    """Return the rows of methods that all questions allow.

    Raises
    ------
    ValueError
        A method that the user names is not allowed, or as `chosen_methods`.
    """
    rows = Rows(list(chosen_methods(methods)))
    for method in list(rows.methods):
        reasons = (method.refusal(question) for question in questions)
        reason = next((each for each in reasons if each is not None), None)
        if reason is not None and method.is_named:
            raise ValueError(reason)
        if reason is not None:
            rows.leave_out(method, reason)
    return rows


def chosen_methods(methods: Methods) -> tuple[TokenMethod, ...]:
    """Return the rows of methods that a user names.

    Raises
    ------
    ValueError
        There is no such method, two have one name, or `methods` is neither.
    """
    known = token_methods()
    if methods is None:
        methods = [ALL]
    if isinstance(methods, str) or not isinstance(methods, Iterable):
        raise ValueError(
            f"methods must be a list of names and functions, or a dict, but {methods!r} was given. "
            f"Pass [{methods!r}], or None for all."
        )
    if isinstance(methods, Mapping):
        rows = [row for name, each in methods.items() for row in _named(name, each, known)]
    else:
        rows = [row for each in methods for row in _rows(each, known)]
    titles = [row.title for row in rows]
    twice = sorted({title for title in titles if titles.count(title) > 1})
    if twice or not rows:
        raise ValueError(
            f"Every row needs a name of its own, but {', '.join(twice) or 'nothing'} was given"
            f"{' more than once' if twice else ''}. Pass a dict of names and methods."
        )
    return tuple(rows)


def scored(method: TokenMethod, question: Question) -> Tensor:
    """Return the scores of a method, (n_k,).

    Raises
    ------
    ValueError
        They are not one finite number for each key.
    """
    scores = method.scores(question)
    tokens = question.stream.key_tokens
    if scores.shape != (len(tokens),):
        raise ValueError(
            f"{method.title} must give one score for each of the {len(tokens)} keys of "
            f"{question.stream.name!r}, but gave a tensor of shape {tuple(scores.shape)}. Of a "
            "matrix take the row of the token that predicts."
        )
    wrong = [key for key in question.candidates if not bool(scores[key].isfinite())]
    if wrong:
        raise ValueError(
            f"{method.title} gave {float(scores[wrong[0]])} for token {wrong[0]} "
            f"({tokens[wrong[0]]!r}), which cannot be put into an order. Give it a finite number."
        )
    return scores


def _rows(given: Any, known: Sequence[TokenMethod]) -> list[TokenMethod]:
    if callable(given):
        return _named(getattr(given, "__name__", type(given).__name__), given, known)
    if given == ALL:
        return [each for each in known if not each.is_slow]
    found = [each for each in known if given == each.title or given in each.names]
    if not found:
        listed = ", ".join(repr(each.title) for each in known)
        raise ValueError(
            f"There is no method {given!r}; the methods are {listed}, and 'all'. A method of your "
            "own is a function from a trace to one score for each token."
        )
    return [replace(each, is_named=True) for each in found]


def _named(name: str, given: Any, known: Sequence[TokenMethod]) -> list[TokenMethod]:
    if callable(given):
        return [TokenMethod(name, partial(_own, name, given), is_named=True)]
    rows = _rows(given, known)
    if len(rows) == 1:
        return [replace(rows[0], title=name)]
    return [replace(each, title=f"{name}: {each.title}") for each in rows]


def _own(name: str, function: OwnMethod, question: Question) -> Tensor:
    return as_floating(function(question.trace), name).detach().to("cpu", torch.float64)
