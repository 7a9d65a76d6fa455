"""Read the cells of a user's panel: years, first years, identities and outcomes.

A year is a school year, named after the calendar year in which it ends: 2014-09-01 and 2015-06-30 lie in the school year
2015. A year written as a number is taken as it is.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Hashable
from decimal import Decimal
from numbers import Number, Real
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.errors import InputError, shown

NEVER = 0
"""First year of a school that never has the programme."""

SEPTEMBER = 9
"""Month in which a school year begins."""

LAST_YEAR = 9999
"""The last year that is accepted; the first is 1."""

LARGEST = 1e100
"""Largest size of an outcome; squares of it and their sums are still finite."""

BLANK_TEXTS = frozenset({"", "nan", "nat", "none", "<na>"})
"""Texts of a missing value: blank, and the forms in which pandas writes one."""


ISO_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""Beginning of a date as text. The day is required: 2007-08 could be a month or the school year of 2008."""


class Year(NamedTuple):
    """A school year, with flags: from a date of September to December (another calendar year), and from any date."""

    number: int
    shifted: bool = False
    date: bool = False


def is_blank(cell: Any) -> bool:
    """Return whether a cell is missing: None, NaN, NaT, NA or blank text.

    >>> [is_blank(cell) for cell in (None, float("nan"), pd.NaT, pd.NA, " ", 0, "2014")]
    [True, True, True, True, True, False, False]
    """
    if isinstance(cell, str):
        return cell.strip().casefold() in BLANK_TEXTS
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return True
    if isinstance(cell, np.datetime64 | np.timedelta64):
        return bool(np.isnat(cell))
    if isinstance(cell, Decimal):
        return cell.is_nan()
    return isinstance(cell, Number) and bool(cell != cell)


def number_of(cell: Any) -> float | None:
    """Return a cell as a number, also from text; None if it is not a number.

    >>> number_of("2014.0"), number_of(np.int64(3)), number_of("2_014"), number_of(True)
    (2014.0, 3.0, None, 1.0)
    """
    try:
        if isinstance(cell, str):
            return None if "_" in cell else float(cell)
        if isinstance(cell, complex | np.complexfloating | np.timedelta64) or not isinstance(cell, Number | np.bool_):
            return None
        return float(cell)  # type: ignore[arg-type]
    except (ValueError, TypeError, OverflowError):
        return None


def year_of(cell: Any) -> Year:
    """Return the school year of a cell: a whole number, a date, a period, or the text of one.

    Raises:
        InputError: the cell is none of these, or the year is outside 1 to 9999

    >>> year_of("2014"), year_of("2014-09-01").number, year_of(pd.Period("2014")).number
    (Year(number=2014, shifted=False, date=False), 2015, 2014)
    """
    if isinstance(cell, bool | np.bool_):
        raise InputError(f"a year must be a whole number or a date; got {shown(cell)}")
    number = number_of(cell)
    if number is None:
        return _year_of_date(cell)
    if not number.is_integer():
        raise InputError(f"a year must be a whole number or a date; got {shown(cell)}")
    if not 1 <= number <= LAST_YEAR:
        raise InputError(f"a year must lie between 1 and {LAST_YEAR}; got {shown(cell)}")
    return Year(int(number))


def _year_of_date(cell: Any) -> Year:
    date = _date_of(cell)
    if isinstance(date, pd.Period):
        if date.freqstr.startswith("Y"):
            return year_of(int(date.year))
        date = date.asfreq("M", "start")
    elif date is pd.NaT or not isinstance(date, datetime.date):  # NaT is a date by its type
        raise InputError(f"a year must be a whole number or a date such as 2014-09-01; got {shown(cell)}")
    shifted = date.month >= SEPTEMBER
    return Year(int(date.year) + shifted, shifted, True)


def _date_of(cell: Any) -> Any:
    """Return the date of an ISO text or a numpy date; return any other cell unchanged."""
    if isinstance(cell, np.datetime64):
        return cell.astype("datetime64[D]").item()
    if not isinstance(cell, str) or not ISO_DATE.match(cell.strip()):
        return cell
    try:
        return datetime.datetime.fromisoformat(cell.strip())
    except ValueError:
        return cell


def first_year_of(cell: Any) -> Year:
    """Return the first year with the programme; NEVER for blank, 0 and infinity.

    Raises:
        InputError: the cell is not a year, or is minus infinity

    >>> [first_year_of(cell).number for cell in ("", 0, "0.0", float("inf"), None, 2014.0)]
    [0, 0, 0, 0, 0, 2014]
    """
    number = None if isinstance(cell, bool | np.bool_) else number_of(cell)
    if is_blank(cell) or number in (0.0, math.inf):
        return Year(NEVER)
    if number == -math.inf:
        raise InputError("a first year must not be -inf; leave it blank for a school that never has the programme")
    return year_of(cell)


def identity_of(cell: Any) -> Hashable:
    """Return a school's identity: 7, 7.0, "7" and "7.0" are one school, "007" is another.

    Raises:
        InputError: the identity is blank, infinite or not hashable

    >>> identity_of(7.0), identity_of(" 7.0 "), identity_of("007"), identity_of(("north", 7))
    ('7', '7', '007', ('north', 7))
    """
    if is_blank(cell):
        raise InputError("the school's identity is blank; give every row an identity")
    if isinstance(cell, str):
        text = cell.strip()
        integer, point, decimals = text.partition(".")
        return integer if point and integer.isdecimal() and decimals and not decimals.strip("0") else text
    if isinstance(cell, Real | Decimal) and not isinstance(cell, bool):
        if not math.isfinite(cell):
            raise InputError(f"the school's identity must be finite; got {shown(cell)}")
        return str(math.trunc(cell)) if cell == math.trunc(cell) else str(cell)
    try:
        hash(cell)
    except TypeError:
        raise InputError(
            f"the school's identity must be hashable, such as a number or text; got {shown(cell)}"
        ) from None
    return cell


def outcome_of(cell: Any) -> float:
    """Return an outcome as a number; NaN where it is missing.

    Raises:
        InputError: the cell is not a finite number, or too large to be squared

    >>> outcome_of("12.5"), outcome_of(None)
    (12.5, nan)
    """
    if is_blank(cell):
        return math.nan
    number = number_of(cell)
    if number is None or not math.isfinite(number):
        raise InputError(f"the outcome must be a finite number or blank; got {shown(cell)}")
    if abs(number) > LARGEST:
        raise InputError(f"the outcome must lie between {-LARGEST:g} and {LARGEST:g}; got {shown(cell)}")
    return number
