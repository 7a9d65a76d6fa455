"""Months and school years: month 0 is September 2005; a school year is named by the year in which it ends."""

from __future__ import annotations

import re
from numbers import Integral
from typing import Any

from sim.errors import InputError, shown

FIRST_YEAR = 2005
_PATTERN = re.compile(r"([0-9]{4})-([0-9]{2})")
_YEARS = range(1900, 2200)

CENTURY = 1200
"""Greatest timing of a window, earlier or later [months]."""


def month_of(date: str) -> int:
    """Return the month number of a date written ``YYYY-MM``.

    >>> month_of("2005-09"), month_of("2013-07")
    (0, 94)

    Raises:
        InputError: the text is not a date, or lies before 1900 or after 2199
    """
    match = _PATTERN.fullmatch(str(date))
    if not match or not 1 <= int(match[2]) <= 12:
        raise InputError(f"a date must be written YYYY-MM, for example 2014-05; got {shown(date)}")
    if int(match[1]) not in _YEARS:
        raise InputError(f"a date must lie between {_YEARS[0]}-01 and {_YEARS[-1]}-12; got {date}")
    return (int(match[1]) - FIRST_YEAR) * 12 + int(match[2]) - 9


def date_of(month: int) -> str:
    """Return the date ``YYYY-MM`` of a month number.

    >>> date_of(0), date_of(94)
    ('2005-09', '2013-07')
    """
    years, rest = divmod(month + 8, 12)
    return f"{FIRST_YEAR + years:04d}-{rest + 1:02d}"


def school_year(month: int) -> int:
    """Return the school year, September to August, named by the year in which it ends.

    >>> school_year(month_of("2013-09")), school_year(month_of("2014-06"))
    (2014, 2014)
    """
    return FIRST_YEAR + 1 + month // 12


def month_of_year(month: int) -> int:
    """Return the calendar month, 1 to 12.

    >>> month_of_year(0), month_of_year(9)
    (9, 6)
    """
    return (month + 8) % 12 + 1


def september(year: int) -> int:
    """Return the month in which a school year begins.

    >>> date_of(september(2016))
    '2015-09'
    """
    return (year - 1 - FIRST_YEAR) * 12


def next_september(month: int) -> int:
    """Return the first September from a month on, itself if it is one.

    >>> date_of(next_september(month_of("2014-10"))), date_of(next_september(month_of("2014-09")))
    ('2015-09', '2014-09')
    """
    return -(-month // 12) * 12


def months(timing: Any) -> int:
    """Return a timing as a whole number of months.

    Raises:
        InputError: the timing is not a whole number, or is more than a century
    """
    written = str(timing) if isinstance(timing, (Integral, str)) and not isinstance(timing, bool) else ""
    if not re.fullmatch("[+-]?[0-9]{1,9}", written):
        raise InputError(f"`timing` must be a whole number of months or never; got {shown(timing)}")
    if abs(int(written)) > CENTURY:
        raise InputError(f"`timing` must lie between -{CENTURY} and {CENTURY} months; got {written}")
    return int(written)
