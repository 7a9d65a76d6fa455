"""Enrolment by year: the years a frame holds, the same in long form, and the published counts."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.analysis.clusters import STRUCTURE
from sim.analysis.sweep_grid import needs
from sim.errors import InputError

COLUMN_OF = {"count": "examinees", "share": "share"}
"""Stem of the columns that hold a count [students] or a share [share of the grade], by what is counted."""


def years(frame: pd.DataFrame, of: str = "count") -> list[int]:
    """Return the examination years for which at least one run has a value, in order."""
    stem = COLUMN_OF[of]
    named = {name: re.fullmatch(rf"{stem}_(\d{{4}})", str(name)) for name in frame.columns}
    return sorted(int(found[1]) for name, found in named.items() if found and frame[name].notna().any())


def last_year(frame: pd.DataFrame, of: str = "count") -> int:
    """Return the last examination year that every run has reached.

    Raises:
        InputError: there is none
    """
    whole = [year for year in years(frame, of) if frame[f"{COLUMN_OF[of]}_{year}"].notna().all()]
    if not whole:
        raise InputError(f"no examination year is complete: the frame has no full `{COLUMN_OF[of]}_YEAR` column")
    return whole[-1]


def by_year(frame: pd.DataFrame, of: str = "count") -> np.ndarray:
    """Enrolment of every run and year; shape (runs, years), NaN where a run had ended [students or share]."""
    return frame[[f"{COLUMN_OF[of]}_{year}" for year in years(frame, of)]].to_numpy(dtype=float)


LAST_SHOWN = 2020
"""The last examination that a fan shows; later ones only over models with rival reasons for growth to end."""

RIVAL_ENDS = ("teachers_limit", "aspiration")
"""Models in which growth ends for another reason than in the model itself."""


def shown_years(frame: pd.DataFrame, years: Sequence[int]) -> list[int]:
    """Return the years that may be shown of runs: those after LAST_SHOWN only over rival reasons for growth to end.

    Args:
        frame: a row a run, as `sim.analysis.clusters.with_clusters` returns it
        years: of examinations

    >>> shown_years(pd.DataFrame({"seed": [1]}), [2018, 2025])
    [2018]
    """
    several = STRUCTURE in frame and frame[STRUCTURE].nunique() > 1 and frame[STRUCTURE].isin(RIVAL_ENDS).any()
    return [year for year in years if several or year <= LAST_SHOWN]


def yearly(frame: pd.DataFrame, keep: list[str], of: str = "count") -> pd.DataFrame:
    """Return the same in long form: a row a run and year, with columns `year` and `examinees` (or `share`) beside `keep`.

    Years after LAST_SHOWN are there only where the frame has models with rival reasons for growth to end: no growth is
    shown beyond the last evidence without the band over them.
    """
    stem, found = COLUMN_OF[of], years(frame, of)
    found = shown_years(frame, found)
    long = frame[[*keep, *(f"{stem}_{year}" for year in found)]].melt(id_vars=keep, var_name="year", value_name=stem)
    return long.assign(year=long["year"].str.removeprefix(f"{stem}_").astype(int)).dropna(subset=[stem])


def published_counts(targets: pd.DataFrame, pattern: str = "maths5_examinees") -> pd.DataFrame:
    """Return the published national counts, columns `year` and `value` [students], sorted by year.

    Args:
        targets: `configs/data/targets.csv` as a frame, or a frame that has only `year` and `value`
        pattern: which of its patterns
    """
    needs(targets, ["year", "value"])
    rows = targets[targets["pattern"] == pattern] if "pattern" in targets.columns else targets
    counts = pd.DataFrame({"year": rows["year"].astype(int), "value": pd.to_numeric(rows["value"]).astype(float)})
    return counts.sort_values("year").reset_index(drop=True)
