"""Enrolment by year: years of a frame, its long form, and the published counts."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.analysis.clusters import STRUCTURE
from sim.analysis.sweep_grid import needs
from sim.errors import InputError

COLUMN_OF = {"count": "examinees", "share": "share"}
"""Stem of the columns of a count [students] and of a share [share of the grade], by measure."""


def years(frame: pd.DataFrame, of: str = "count") -> list[int]:
    """Return the examination years for which at least one run has a value, in order."""
    stem = COLUMN_OF[of]
    matches = {name: re.fullmatch(rf"{stem}_(\d{{4}})", str(name)) for name in frame.columns}
    return sorted(int(match[1]) for name, match in matches.items() if match and frame[name].notna().any())


def last_year(frame: pd.DataFrame, of: str = "count") -> int:
    """Return the last examination year that every run has reached.

    Raises:
        InputError: no year is complete
    """
    complete = [year for year in years(frame, of) if frame[f"{COLUMN_OF[of]}_{year}"].notna().all()]
    if not complete:
        raise InputError(f"no column `{COLUMN_OF[of]}_YEAR` is complete; give runs that reach an examination")
    return complete[-1]


def by_year(frame: pd.DataFrame, of: str = "count") -> np.ndarray:
    """Return the enrolment of each run and year; shape (runs, years), NaN after the end of a run [students or share]."""
    return frame[[f"{COLUMN_OF[of]}_{year}" for year in years(frame, of)]].to_numpy(dtype=float)


LAST_SHOWN = 2020
"""Last examination of a fan chart; later ones are shown only over models with rival reasons for growth to end."""

RIVAL_ENDS = ("teachers_limit", "aspiration")
"""Models in which growth ends for another reason."""


def shown_years(frame: pd.DataFrame, years: Sequence[int]) -> list[int]:
    """Return the years that may be shown; those after LAST_SHOWN only if the runs are of rival models of the end of growth.

    Args:
        frame: one row per run, from `sim.analysis.clusters.with_clusters`
        years: of examinations

    >>> shown_years(pd.DataFrame({"seed": [1]}), [2018, 2025])
    [2018]
    """
    several = STRUCTURE in frame and frame[STRUCTURE].nunique() > 1 and frame[STRUCTURE].isin(RIVAL_ENDS).any()
    return [year for year in years if several or year <= LAST_SHOWN]


def yearly(frame: pd.DataFrame, keep: list[str], of: str = "count") -> pd.DataFrame:
    """Return the enrolment in long form: one row per run and year, with columns `keep`, `year` and `examinees` (or `share`).

    Years after LAST_SHOWN are included only if the frame has models with rival reasons for growth to end, since growth
    beyond the last evidence needs the band over these models.
    """
    stem = COLUMN_OF[of]
    columns = [f"{stem}_{year}" for year in shown_years(frame, years(frame, of))]
    long = frame[[*keep, *columns]].melt(id_vars=keep, var_name="year", value_name=stem)
    return long.assign(year=long["year"].str.removeprefix(f"{stem}_").astype(int)).dropna(subset=[stem])


def published_counts(targets: pd.DataFrame, pattern: str = "maths5_examinees") -> pd.DataFrame:
    """Return the published national counts, columns `year` and `value` [students], sorted by year.

    Args:
        targets: `configs/data/targets.csv` as a frame, or a frame that has only `year` and `value`
        pattern: name of the pattern
    """
    needs(targets, ["year", "value"])
    rows = targets[targets["pattern"] == pattern] if "pattern" in targets.columns else targets
    counts = pd.DataFrame({"year": rows["year"].astype(int), "value": pd.to_numeric(rows["value"]).astype(float)})
    return counts.sort_values("year").reset_index(drop=True)
