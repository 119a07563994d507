"""English names of months and weekdays, and ordinals of days.

The names of ``calendar`` and ``strftime`` follow the locale, so they cannot be used.
"""

from __future__ import annotations

_MONTHS = "January February March April May June July August September October November December"
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_ORDINALS = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth
"""

MONTHS = tuple(_MONTHS.split())
WEEKDAYS = tuple(_WEEKDAYS.split())
ORDINALS = tuple(_ORDINALS.split())


def ordinal(day: int) -> str:
    """Return the ordinal of a day, 1 to 31, in figures: ``1st``, ``22nd``, ``13th``."""
    ending = "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def ordinal_words(day: int) -> str:
    """Return the ordinal of a day, 1 to 31, in words: ``first``, ``twenty-second``."""
    if day <= len(ORDINALS):
        return ORDINALS[day - 1]
    tens, unit = divmod(day, 10)
    if unit == 0:
        return {2: "twentieth", 3: "thirtieth"}[tens]
    return {2: "twenty", 3: "thirty"}[tens] + "-" + ORDINALS[unit - 1]
