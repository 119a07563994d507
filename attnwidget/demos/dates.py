"""Dates written in many forms, with the characters of the year, the month and the day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from attnwidget.demos.english import MONTHS, WEEKDAYS, ordinal, ordinal_words
from attnwidget.demos.split import is_held_out

# A wide range, so that the model has to read each digit of the year.
FIRST = date(1000, 1, 1)
LAST = date(2999, 12, 31)
ISO_FIELDS = {"year": slice(0, 4), "month": slice(5, 7), "day": slice(8, 10)}
"""Slices of the fields in an ISO date."""

Piece = str | tuple[str, str]
"""Literal text, or the name of a field and its written form."""


@dataclass(frozen=True)
class WrittenDate:
    """A date as a person may write it.

    Attributes
    ----------
    text
        The written date.
    iso
        The same date as ``YYYY-MM-DD``.
    fields
        The slices of ``"year"``, ``"month"`` and ``"day"`` in `text`. Those in `iso` are
        `ISO_FIELDS`.
    """

    text: str
    iso: str
    fields: dict[str, slice]


def _year(d: date) -> Piece:
    return "year", str(d.year)


def _month(d: date) -> Piece:
    return "month", str(d.month)


def _month_padded(d: date) -> Piece:
    return "month", f"{d.month:02}"


def _month_name(d: date) -> Piece:
    return "month", MONTHS[d.month - 1]


def _month_short(d: date) -> Piece:
    return "month", MONTHS[d.month - 1][:3]


def _day(d: date) -> Piece:
    return "day", str(d.day)


def _day_padded(d: date) -> Piece:
    return "day", f"{d.day:02}"


def _day_ordinal(d: date) -> Piece:
    return "day", ordinal(d.day)


def _day_words(d: date) -> Piece:
    return "day", ordinal_words(d.day)


def _weekday(d: date) -> Piece:
    return WEEKDAYS[d.weekday()]


def _weekday_short(d: date) -> Piece:
    return WEEKDAYS[d.weekday()][:3]


FORMS: dict[str, Sequence[Piece | Callable[[date], Piece]]] = {
    "3 March 2021": (_day, " ", _month_name, " ", _year),
    "3 Mar 2021": (_day, " ", _month_short, " ", _year),
    "3-Mar-2021": (_day, "-", _month_short, "-", _year),
    "March 3, 2021": (_month_name, " ", _day, ", ", _year),
    "Mar 3, 2021": (_month_short, " ", _day, ", ", _year),
    "March 3rd, 2021": (_month_name, " ", _day_ordinal, ", ", _year),
    "3rd of March 2021": (_day_ordinal, " of ", _month_name, " ", _year),
    "the third of March 2021": ("the ", _day_words, " of ", _month_name, " ", _year),
    "Wednesday, March 3, 2021": (_weekday, ", ", _month_name, " ", _day, ", ", _year),
    "Wed 3 Mar 2021": (_weekday_short, " ", _day, " ", _month_short, " ", _year),
    "03.03.2021": (_day_padded, ".", _month_padded, ".", _year),
    "3.3.2021": (_day, ".", _month, ".", _year),
    "2021/3/3": (_year, "/", _month, "/", _day),
    "2021/03/03": (_year, "/", _month_padded, "/", _day_padded),
    "2021 March 3": (_year, " ", _month_name, " ", _day),
}
"""The forms, each under its text for 3 March 2021.

The day comes first with dots and the year with slashes, so that every form has one reading.
"""


def write(d: date, form: str) -> WrittenDate:
    """Write a date in one of the `FORMS`.

    Raises
    ------
    ValueError
        There is no such form.
    """
    if form not in FORMS:
        raise ValueError(f"There is no form {form!r}; the forms are {', '.join(map(repr, FORMS))}.")
    text = ""
    fields: dict[str, slice] = {}
    for part in FORMS[form]:
        piece = part(d) if callable(part) else part
        if isinstance(piece, str):
            text += piece
        else:
            name, written = piece
            fields[name] = slice(len(text), len(text) + len(written))
            text += written
    return WrittenDate(text, d.isoformat(), fields)


def random_date(rng: Random, *, held_out: bool) -> WrittenDate:
    """Draw a date from `FIRST` to `LAST`, and a form to write it in.

    Parameters
    ----------
    rng
        Source of randomness; the same state gives the same date.
    held_out
        True draws from the test set, False from the training set. A date of the test set occurs in
        training in no form.
    """
    while True:
        d = FIRST + timedelta(days=rng.randint(0, (LAST - FIRST).days))
        if is_held_out(d.isoformat()) == held_out:
            return write(d, rng.choice(tuple(FORMS)))
