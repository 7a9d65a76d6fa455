"""Posterior predictive checks: runs of a calibration against criteria that were fixed before it.

Bands are of runs that each have a parameter set and random numbers of their own. A published figure is inside where it, give
within its tolerance, in the middle 90% of runs: `sim.analysis.fit` calls that `middle 50%`, `middle 90%` or `within
tolerance`. A yes-or-no fact is inside if most runs agree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.fit import COUNT, NATIONAL, NEAR, OUTSIDE, root_mean_square
from sim.analysis.intervals import share_interval
from sim.declare import Fact

COUNTS_OFF, HALF_WIDTH, OTHERS_INSIDE, RANKS_OUTSIDE = 0.04, 0.12, 0.85, 3
"""Bars: root mean square of the logs of counts, at most; half-width of their band, at most [share of the median]; share inside
of the facts not rated A, at least; parameters outside their bands of ranks, at most. Every fact rated A must be inside.

They are fixed in docs/explanation/evaluation.md, "Plan of the calibration, 2026-11-29".
"""

AT_MOST, AT_LEAST, IN_BAND, NONE = "at most", "at least", "in band", ""
"""Rules of comparison with a bar; `in band`: the published figure, within its tolerance, lies in the band of runs."""

QUINTILES, STRONGEST, WEAKEST = tuple(f"quintile {k}" for k in range(1, 6)), "quintile 1", "quintile 5"
"""Schools by disadvantage, from the strongest to the weakest."""

SHARE, FIRST, LAST = "share_5_units", 2013, 2016
"""Pattern and school years of the gains of quintiles."""

MET, MISSED, NOT_JUDGED = "yes", "no", "-"
"""Results of a check; `-` where there is no bar or no figure to compare."""

COLUMNS = ("check", "value", "low_90", "high_90", "rule", "bar", "met", "note")
"""Columns of a table of checks."""

RANK_CHECK = "parameters outside their 95% bands of ranks"
"""Name of the check that needs truths."""


def checks(
    fits: pd.DataFrame, runs: pd.DataFrame, answered: Collection[str], outside: int | None = None
) -> pd.DataFrame:
    """Return the posterior predictive checks of a calibration.

    Args:
        fits: runs of each scenario beside the record: scenario, and the columns of `sim.analysis.fit.fit`
        runs: one row per run: scenario and the columns of facts
        answered: facts to which each scenario is fitted, as "scenario: column of the fact"
        outside: parameters outside their bands of ranks; None where no truths were simulated

    Returns:
        One row per check: check, value, its 90% band or interval (low_90, high_90), rule, bar, met (yes, no,
        or -), and a note.
    """
    names = fits["scenario"] + ": " + _columns(fits)
    rows = fits[names.isin(list(answered)) & (fits["n"] > 0)]
    parts = [_counts(rows), _facts(rows), _ranks(outside), _gains(rows, runs), _gaps(rows, runs)]
    return pd.DataFrame([row for part in parts for row in part], columns=list(COLUMNS))


def _columns(table: pd.DataFrame) -> pd.Series[Any]:
    facts = table[list(Fact._fields)].itertuples(index=False)
    return pd.Series([Fact(*row).column for row in facts], index=table.index, dtype=object)


def _row(
    check: str, value: float, rule: str = NONE, bar: float = np.nan, band: tuple[float, float] = (np.nan, np.nan),
    note: str = "",
) -> tuple[Any, ...]:  # fmt: skip
    """Return the row of a check; compare the value with its bar."""
    met = NOT_JUDGED
    if rule and np.isfinite(value):
        met = MET if (value <= bar if rule == AT_MOST else value >= bar) else MISSED
    return (check, value, *band, rule, bar, met, note)


def _counts(rows: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Yield the distance of the national counts from the record and the widths of their bands."""
    national = rows[rows["panel"] == NATIONAL]
    off = root_mean_square(rows, str(national["pattern"].iloc[0])) if len(national) else np.nan
    yield _row("national counts: root mean square of logs", off, AT_MOST, COUNTS_OFF, note=f"{len(national)} counts")
    rated = rows[(rows["scale"] == COUNT) & (rows["reliability"] == "A")]
    for name, some in (("national counts", national), ("counts rated A", rated)):
        half = (some["high_90"] - some["low_90"]) / 2.0 / some["median"]
        widest = some[half == half.max()]
        note = "" if widest.empty else f"{widest['pattern'].iloc[0]} {widest['year'].iloc[0]}"
        label = f"{name}: widest half-width of the middle 90%, of the median"
        yield _row(label, float(half.max()), AT_MOST, HALF_WIDTH, note=note)


def _facts(rows: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Yield the shares of facts inside their bands, with and without tolerance, for facts rated A and for the others."""
    rated = rows["reliability"] == "A"
    for name, some, bar in (("facts rated A", rows[rated], 1.0), ("other facts", rows[~rated], OTHERS_INSIDE)):
        inside, near = some["lies"] != OUTSIDE, some["lies"] == NEAR
        if some.empty:
            yield _row(f"{name}: share inside the middle 90%", np.nan, AT_LEAST, bar, note="none was simulated")
            continue
        missed = some[~inside]
        names = [f"{row.pattern} {row.year} {row.group}" for row in missed.itertuples()]
        note = f"{inside.sum()} of {len(some)}" + (f"; outside: {'; '.join(names)}" if names else "")
        yield _row(f"{name}: share inside the middle 90%", float(inside.mean()), AT_LEAST, bar, note=note)
        strict = inside & ~near
        note = f"{strict.sum()} of {len(some)}"
        yield _row(f"{name}: the same without their tolerance", float(strict.mean()), note=note)


def _ranks(outside: int | None) -> Iterator[tuple[Any, ...]]:
    note = "not tested: no truths" if outside is None else ""
    yield _row(RANK_CHECK, np.nan if outside is None else float(outside), AT_MOST, RANKS_OUTSIDE, note=note)


def _shares(rows: pd.DataFrame, runs: pd.DataFrame, group: str, year: int) -> tuple[float, float, Any] | None:
    """Return the published share of a group, its tolerance, and the shares of runs; None where one of them is missing."""
    fact = rows[(rows["pattern"] == SHARE) & (rows["group"] == group) & (rows["year"] == year)]
    column = Fact(SHARE, year, group).column
    if fact.empty or column not in runs:
        return None
    simulated = runs[runs["scenario"] == fact["scenario"].iloc[0]].set_index("seed")[column]
    return float(fact["observed"].iloc[0]), float(fact["tolerance"].iloc[0]), simulated


def _same(value: Any) -> Any:
    return value


def _logit(value: Any) -> Any:
    return np.log(value / (1.0 - value))


def _gains(rows: pd.DataFrame, runs: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Yield the gain of each quintile on the logit scale, with the published gain and its tolerance."""
    for group in QUINTILES:
        before, after = (_shares(rows, runs, group, year) for year in (FIRST, LAST))
        if before is None or after is None:
            continue
        with np.errstate(divide="ignore", invalid="ignore"):
            gains = (_logit(after[2]) - _logit(before[2])).dropna()
        low, median, high = (float(gains.quantile(level)) for level in (0.05, 0.5, 0.95))
        published = _logit(after[0]) - _logit(before[0])
        first, last = (tolerance / (p * (1.0 - p)) for p, tolerance, _ in (before, after))
        off = float(np.hypot(first, last))
        inside, near = low <= published <= high, low <= published + off and high >= published - off
        where = "inside" if inside else "within tolerance" if near else OUTSIDE
        note = f"published {published:.3f}, tolerance {off:.3f}: {where}"
        label = f"{group}: gain of the share's logit, {FIRST}-{LAST}"
        yield (label, median, low, high, IN_BAND, published, MET if near else MISSED, note)


def _gaps(rows: pd.DataFrame, runs: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Yield the share of sets in which the gap between the strongest and the weakest quintile does not narrow."""
    cells = [_shares(rows, runs, group, year) for group in (STRONGEST, WEAKEST) for year in (FIRST, LAST)]
    if any(cell is None for cell in cells):
        return
    first_1, last_1, first_5, last_5 = (cell[2] for cell in cells if cell is not None)
    for scale, change in (("points", _same), ("logits", _logit)):
        with np.errstate(divide="ignore", invalid="ignore"):
            wider = (change(last_1) - change(last_5)) - (change(first_1) - change(first_5))
        stays = wider.dropna() >= 0.0
        label = f"share of sets in which the gap between quintiles does not narrow, in {scale}"
        yield _row(
            label, float(stays.mean()), band=share_interval(stays, level=0.9), note=f"{len(stays)} sets, {FIRST}-{LAST}"
        )
