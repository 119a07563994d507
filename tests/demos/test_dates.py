"""The written dates and the characters that say each field."""

import re
from datetime import date, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnwidget.demos.dates import FIRST, FORMS, ISO_FIELDS, LAST, random_date, write
from attnwidget.demos.english import MONTHS, ORDINALS, ordinal, ordinal_words

DATES = st.dates(FIRST, LAST)


def day_of(written: str) -> int:
    """Read a day back by spelling: no table of the code under test but the first nineteen."""
    figures = re.match(r"\d+", written)
    if figures:
        return int(figures[0])
    tens = {"twen": 20, "thir": 30}.get(written[:4], 0) if "-" in written else 0
    unit = written.split("-")[-1]
    if unit in ORDINALS:
        return tens + ORDINALS.index(unit) + 1
    return {"twentieth": 20, "thirtieth": 30}[unit]


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_named_after_what_it_makes_of_3_march_2021(form):
    assert write(date(2021, 3, 3), form).text == form


@given(DATES, st.sampled_from(tuple(FORMS)))
def test_fields_say_year_month_and_day(d, form):
    written = write(d, form)
    said = {name: written.text[field] for name, field in written.fields.items()}
    assert set(said) == {"year", "month", "day"}
    assert int(said["year"]) == d.year
    assert day_of(said["day"]) == d.day
    if said["month"].isdigit():
        assert int(said["month"]) == d.month
    else:
        assert [name[:3] for name in MONTHS].index(said["month"][:3]) == d.month - 1


@given(DATES)
def test_iso_fields_are_where_the_iso_date_has_them(d):
    iso = write(d, "3.3.2021").iso
    assert datetime.strptime(iso, "%Y-%m-%d").date() == d
    assert int(iso[ISO_FIELDS["year"]]) == d.year
    assert int(iso[ISO_FIELDS["month"]]) == d.month
    assert int(iso[ISO_FIELDS["day"]]) == d.day


def test_no_text_stands_for_two_dates():
    days = [date(2021, month, day) for month in range(1, 13) for day in range(1, 29)]
    written = {(write(d, form).text, d) for d in days for form in FORMS}
    assert len({text for text, _ in written}) == len(written)


def test_weekdays_are_right():
    assert write(date(2000, 1, 1), "Wednesday, March 3, 2021").text == "Saturday, January 1, 2000"


def test_ordinals():
    days = (1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30, 31)
    figures = "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 23rd 30th 31st"
    assert " ".join(map(ordinal, days)) == figures
    words = "first twelfth twentieth twenty-first thirtieth thirty-first"
    assert " ".join(map(ordinal_words, (1, 12, 20, 21, 30, 31))) == words


def test_every_form_is_drawn():
    rng = Random(0)
    drawn = [random_date(rng, held_out=True) for _ in range(300)]
    endings = {re.sub(r"\d+", "0", example.text[-4:]) for example in drawn}
    assert len({len(example.text) for example in drawn}) > 15
    assert len(endings) > 3


def test_an_unknown_form_is_refused():
    with pytest.raises(ValueError, match=r"no form 'tomorrow'.*'3 March 2021'"):
        write(date(2021, 3, 3), "tomorrow")
