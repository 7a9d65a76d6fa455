"""Panels as users have them: every way to write a good one gives the same estimate, everything else one sentence."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.analysis.difference_in_differences import ProgrammePanel, estimate, even_weights, synthetic_weights
from sim.errors import InputError
from tests.analysis.test_did import panel
from tests.offenders import each_of

GOOD = panel(1, schools=24, firsts=(2008, 2010))
RIGHT = estimate(ProgrammePanel.of(GOOD), synthetic_weights)
SERVED = GOOD["first"].notna()


def mapped(column: str, change: Callable[[object], object], dtype: str | None = "object") -> pd.DataFrame:
    return GOOD.assign(**{column: pd.Series([change(cell) for cell in GOOD[column]], dtype=dtype)})


def firsts(change: Callable[[int], object], never: object, dtype: str | None = "object") -> pd.DataFrame:
    cells = [never if cell != cell else change(int(cell)) for cell in GOOD["first"]]
    return GOOD.assign(first=pd.Series(cells, dtype=dtype))


def dated(day: str, form: Callable[[object], object] = lambda x: x) -> pd.DataFrame:
    """Both columns as dates of the same day of the year."""
    years = [form(pd.Timestamp(f"{year}-{day}")) for year in GOOD["year"]]
    first = [None if cell != cell else form(pd.Timestamp(f"{int(cell)}-{day}")) for cell in GOOD["first"]]
    return GOOD.assign(year=years, first=first)


SAME = {
    "years as text": lambda: mapped("year", str),
    "years as text with spaces": lambda: mapped("year", lambda y: f" {y} "),
    "years as text of floats": lambda: mapped("year", lambda y: f"{y}.0"),
    "years as floats": lambda: mapped("year", float, "float64"),
    "years nullable": lambda: GOOD.astype({"year": "Int64", "first": "Int64", "outcome": "Float64"}),
    "years in Arrow": lambda: GOOD.astype({"year": "int16[pyarrow]", "first": "double[pyarrow]"}),
    "categories": lambda: GOOD.astype({"year": "category", "first": "category", "school_id": "category"}),
    "years as decimals": lambda: mapped("year", decimal.Decimal),
    "years as annual periods": lambda: mapped("year", lambda y: pd.Period(str(y), "Y")),
    "never is None": lambda: firsts(int, None),
    "never is NA": lambda: firsts(int, pd.NA),
    "never is NaT": lambda: firsts(int, pd.NaT),
    "never is empty": lambda: firsts(str, ""),
    "never is a space": lambda: firsts(str, " "),
    "never is 0": lambda: firsts(int, 0, "int64"),
    "never is 0 as text": lambda: firsts(str, "0.0"),
    "never is infinite": lambda: firsts(float, np.inf, "float64"),
    "never is inf as text": lambda: firsts(str, "inf"),
    "never is nan as text": lambda: firsts(str, "nan"),
    "never is written in several ways": lambda: GOOD.assign(
        first=[np.resize([0.0, np.inf, np.nan], len(GOOD))[k] if c != c else c for k, c in enumerate(GOOD["first"])]
    ),
    "never is after the last year": lambda: firsts(int, 2030),
    "both as school years' first days": lambda: dated("09-01"),
    "both as January days": lambda: dated("01-01"),
    "both as last days of years": lambda: dated("12-31"),
    "both as days of Python": lambda: dated("09-01", lambda d: d.date()),
    "both as times of Python": lambda: dated("09-01", lambda d: d.to_pydatetime()),
    "both as ISO text": lambda: dated("09-01", lambda d: d.date().isoformat()),
    "both as ISO times": lambda: dated("09-01", lambda d: d.isoformat()),
    "both as months": lambda: dated("09-01", lambda d: d.to_period("M")),
    "both as quarters": lambda: dated("10-01", lambda d: d.to_period("Q")),
    "both as days of numpy": lambda: dated("09-01", lambda d: d.to_datetime64()),
    "both with a time zone": lambda: dated("09-01", lambda d: d.tz_localize("Asia/Jerusalem")),
    "dates of the calendar year's part beside numbers": lambda: GOOD.assign(year=dated("06-30")["year"]),
    "first as a date beside numbers": lambda: GOOD.assign(first=dated("06-30")["first"]),
    "ids as text": lambda: mapped("school_id", str),
    "ids as floats": lambda: mapped("school_id", float, "float64"),
    "ids as text of floats": lambda: mapped("school_id", lambda i: f"{i}.00"),
    "ids in several ways": lambda: GOOD.assign(
        school_id=[[int(c), float(c), str(c), f"{c}.0"][k % 4] for k, c in enumerate(GOOD["school_id"])]
    ),
    "ids as pairs": lambda: mapped("school_id", lambda i: ("north", f"{i:03d}")),
    "ids with letters": lambda: mapped("school_id", lambda i: f"S{i:03d}"),
    "outcomes as text": lambda: mapped("outcome", repr),
    "outcomes as decimals": lambda: mapped("outcome", lambda x: decimal.Decimal(repr(x))),
    "another order of rows": lambda: GOOD.sample(frac=1.0, random_state=5),
    "columns in the index": lambda: GOOD.set_index(["school_id", "year"]),
    "other columns": lambda: GOOD.assign(district=[["list"]] * len(GOOD)),
    "an index that repeats": lambda: GOOD.set_index(np.zeros(len(GOOD), dtype=int)),
}
"""Ways to write the same panel."""


@pytest.mark.heavy
@each_of("way", SAME)
def test_the_same_panel_written_in_another_way_gives_the_same_estimate(way):
    study = ProgrammePanel.of(SAME[way]())
    again = estimate(study, synthetic_weights)
    assert (again.mean, again.low, again.high) == pytest.approx((RIGHT.mean, RIGHT.low, RIGHT.high), rel=1e-6)
    assert (study.left_out, study.note) == ((), "")


@pytest.mark.parametrize(
    ("day", "years"),
    [("08-31", (2000, 2013)), ("09-01", (2001, 2014)), ("12-31", (2001, 2014)), ("01-01", (2000, 2013))],
)
def test_a_date_stands_for_the_school_year_that_ends_after_it(day, years):
    study = ProgrammePanel.of(dated(day))
    assert (study.years.min(), study.years.max()) == years
    assert study.cohorts == [2008 + years[0] - 2000, 2010 + years[0] - 2000]


def put(column: str, cell: object, row: int = 16) -> pd.DataFrame:
    """The good panel with another cell: row 17 from 1, of school 1 in 2002."""
    cells = list(GOOD[column])
    cells[row] = cell
    return GOOD.assign(**{column: pd.Series(cells, dtype=object)})


def wrong(column: str, *cells: object) -> list[tuple[str, object]]:
    return [(column, cell) for cell in cells]


@each_of(
    ("column", "cell"),
    [
        *wrong(
            "year", "soon", "2013/14", "2007-08", "01/09/2014", 2014.5, "2_014", True, np.inf, None, "", 0, -3, 10**18
        ),
        *wrong("year", 10**500, "2014-13-01", 3j, [2014], pd.Timedelta(days=1), {"year": 2014}, b"2014", "inf"),
        *wrong("first", "never mind", -np.inf, "-inf", 2010.5, False, [2010], "2013/14", -1, 3j, b"", pd.Timedelta(0)),
        *wrong(
            "outcome",
            "good",
            np.inf,
            -np.inf,
            1e156,
            -2e100,
            "1e300",
            "inf",
            1j,
            [1.0],
            pd.Timestamp("2014-09-01"),
            b"1",
            "1_0",
        ),
        *wrong("school_id", [1], {1: 2}, np.array([1, 2])),
    ],
)
def test_a_cell_that_cannot_be_used_is_one_sentence_with_its_row_and_school(column, cell):
    school = "" if column == "school_id" else r" \(school 1\)"
    with pytest.raises(InputError, match=rf"^row 17{school}, `{column}`: ") as caught:
        ProgrammePanel.of(put(column, cell))
    assert len(str(caught.value)) <= 600


@each_of("cell", [None, np.nan, pd.NA, "", " ", np.inf])
def test_a_row_without_a_school_is_one_sentence(cell):
    with pytest.raises(InputError, match=r"^row 17, `school_id`: the school's identity "):
        ProgrammePanel.of(put("school_id", cell))


@each_of(
    ("frame", "sentence"),
    [
        (lambda: "panel.csv", "^a panel must be a pandas DataFrame; got str: read a file with pandas first$"),
        (lambda: GOOD.to_dict(), "^a panel must be a pandas DataFrame; got dict"),
        (lambda: GOOD["year"], "^a panel must be a pandas DataFrame; got Series"),
        (lambda: GOOD.iloc[:0], "^the panel has no rows"),
        (lambda: pd.DataFrame(), "^the frame has no column `school_id`, `year`, `outcome`, `first`$"),
        (lambda: pd.concat([GOOD, GOOD[["year"]]], axis=1), "^the frame has two columns `year`; keep one$"),
        (
            lambda: pd.concat([GOOD, GOOD.iloc[:1].astype({"school_id": str})]),
            r"^school 0 has two rows in 2000 \(rows 1 and 337\); keep one$",
        ),
        (
            lambda: GOOD.assign(year=dated("12-31")["year"]),
            "^row 1, `year`: a date of September to December belongs to the school year 2001, and other years are numbers",
        ),
        (lambda: GOOD.assign(first=dated("09-01")["first"]), "`first`: a date of September to December belongs to"),
        (
            lambda: GOOD.assign(first=GOOD["first"].mask(SERVED, 1990)),
            r"two years before the programme, which begins in 1990 \(school \d+\), but the panel begins in 2000",
        ),
        (lambda: GOOD[GOOD["year"] == 2009], "the panel needs two years before the programme"),
    ],
)
def test_a_panel_that_cannot_be_studied_is_one_sentence(frame, sentence):
    with pytest.raises(InputError, match=sentence):
        ProgrammePanel.of(frame())


def test_schools_that_lack_a_year_are_left_out_counted_and_named():
    frame = put("outcome", None).drop(index=0)
    study = ProgrammePanel.of(frame)
    assert study.left_out == (0, 1)
    assert study.note == "2 schools lack an outcome in some of the 14 years and are left out (0, 1)"
    rest = ProgrammePanel.of(GOOD[GOOD["school_id"] > 1])
    assert estimate(study, synthetic_weights) == estimate(rest, synthetic_weights)


def test_a_stray_year_says_who_was_left_out():
    stray = pd.DataFrame({"school_id": ["A"], "year": [2050], "outcome": [1.0], "first": [None]})
    with pytest.raises(
        InputError, match="got 0 and 0: 25 schools lack an outcome in some of the 15 years and are left out"
    ):
        ProgrammePanel.of(pd.concat([GOOD, stray]))


def test_gaps_between_years_are_left_as_they_are():
    frame = GOOD[~GOOD["year"].isin([2003, 2010])]
    study = ProgrammePanel.of(frame)
    assert len(study.years) == 12
    assert study.years_before(2010) == 9
    assert estimate(study, synthetic_weights).mean == pytest.approx(RIGHT.mean, abs=0.3)


def test_identities_come_back_as_the_panel_has_them():
    assert ProgrammePanel.of(mapped("school_id", lambda i: f"{i:03d}")).schools[7] == "007"
    assert ProgrammePanel.of(GOOD).schools.dtype == np.int64
    pairs = ProgrammePanel.of(SAME["ids as pairs"]())
    assert pairs.schools[0] == ("north", "000")


CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), st.binary(max_size=4), st.dates(),
    st.datetimes(), st.timedeltas(), st.decimals(), st.complex_numbers(), st.fractions(),
    st.dates(datetime.date(1999, 1, 1), datetime.date(2016, 1, 1)).map(str), st.integers(1998, 2016).map(str),
    st.sampled_from([pd.NA, pd.NaT, "nan", "inf", (), (1, 2), frozenset(), b"", "-0", "1e3", "=1"]),
)  # fmt: skip


@pytest.mark.heavy
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(["school_id", "year", "outcome", "first"]), CELLS, st.integers(0, len(GOOD) - 1))
def test_a_panel_spoilt_in_one_cell_gives_a_study_without_its_school_or_one_sentence(column, cell, row):
    try:
        study = ProgrammePanel.of(put(column, cell, row))
    except InputError:
        return
    assert np.isfinite(study.outcome).all()
    assert len(study.schools) + len(study.left_out) in (24, 25)
    assert set(study.first) <= {0, 2008, 2010}
    assert np.isfinite(estimate(study, even_weights).mean)
