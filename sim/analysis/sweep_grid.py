"""The grid of a sweep: facilitations and timings of a frame, in order."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sim.dates import month_of, school_year
from sim.errors import InputError

FACILITATION = "backbone.facilitation"
"""Column of backbone facilitation [share of full hours, 0-1]."""

NEVER = "never"
"""Timing of a policy window that never comes."""

EMERGENT, HELD, NONE = "emergent", "held", "none"
"""Values of `dates`: the ministry is free; it follows the dates of the reference arm; it never acts."""

DATES = {EMERGENT: "free", HELD: "held", NONE: "none"}
"""Kinds of dates in tables."""

AT_DATES = {EMERGENT: "", HELD: "with the dates held", NONE: "with no act of the ministry in either"}
"""Kinds of dates in sentences."""

NOMINAL = "2015-05"
"""Recorded month of the national decision, which `timing` moves."""


def needs(frame: pd.DataFrame, columns: Iterable[str], called: str = "the frame") -> None:
    """Check that a frame has some columns.

    Args:
        frame: the frame
        columns: names
        called: the frame in the message

    Raises:
        InputError: a column is missing
    """
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise InputError(f"{called} has no column {', '.join(f'`{name}`' for name in missing)}")


def timing_order(timing: object) -> float:
    """Return the place of a timing on the axis: its months, with `never` last [month].

    >>> sorted(["never", "0", "-18", "36"], key=timing_order)
    ['-18', '0', '36', 'never']
    """
    text = str(timing)
    if text == NEVER:
        return float("inf")
    try:
        return float(int(text))
    except ValueError:
        raise InputError(f"`timing` must be whole months or `{NEVER}`; got {timing!r}") from None


def timings(frame: pd.DataFrame) -> list[str]:
    """Return the timings of a frame, earliest first and `never` last."""
    return sorted({str(timing) for timing in frame["timing"]}, key=timing_order)


def facilitations(frame: pd.DataFrame) -> list[float]:
    """Return the facilitations of a frame, weakest first [share]."""
    return sorted({float(value) for value in frame[FACILITATION]})


def with_dates(frame: pd.DataFrame, dates: str = EMERGENT) -> pd.DataFrame:
    """Return the runs with some dates, timing as text; all runs if there is no column `dates`."""
    runs = frame if "dates" not in frame.columns else frame[frame["dates"] == dates]
    return runs.assign(timing=runs["timing"].astype(str))


def decision_month(timing: str) -> int | None:
    """Return the month of the nominal national decision under a timing; None if it never comes [month]."""
    return None if timing == NEVER else month_of(NOMINAL) + int(timing_order(timing))


def first_year(decision: int) -> int:
    """Return the first school year after a national decision; it begins in September.

    >>> first_year(month_of("2015-05")), first_year(month_of("2015-09"))
    (2016, 2017)
    """
    return school_year(decision) + 1
