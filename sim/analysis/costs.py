"""Costs of arms: use of the money by source, and cost per additional examinee."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.enrolment import COLUMN_OF, years
from sim.analysis.equity import pairs_of
from sim.analysis.intervals import bootstrap, ratio_of_means
from sim.analysis.money import FATES
from sim.analysis.sweep_grid import EMERGENT, needs

ALL = "all"
"""Name of all sources together."""

MONEY = ("offered", *FATES, "duplicated")
"""Columns of money [NIS million of 2015]: offered is the sum of FATES, duplicated is a part of delivered."""

THOUSANDS = 1000.0
"""NIS thousand in a NIS million."""

GROWTH = "cost_per_additional"
"""The outcome that divides money by all growth since 2013 [NIS thousand]."""


def sources(frame: pd.DataFrame) -> list[str]:
    """Return the kinds of organisations for which a frame has the money offered."""
    matches = [re.fullmatch(r"offered/(.+)", str(name)) for name in frame.columns]
    return [match[1] for match in matches if match]


def money(frame: pd.DataFrame, scenarios: Sequence[str]) -> pd.DataFrame:
    """Return the use of the money offered since the start of the runs, as means over runs.

    Args:
        frame: one row per run: scenario, dates, and FATE/SOURCE of every fate of MONEY
        scenarios: names, in the order of the table

    Returns:
        one row per scenario and source, ALL first: arm, source, the columns of MONEY [NIS million of 2015], n [runs]
    """
    kinds = sources(frame)
    needs(frame, [f"{fate}/{source}" for fate in MONEY for source in kinds])
    rows = []
    for scenario in scenarios:
        runs = frame[(frame["scenario"] == scenario) & (frame["dates"] == EMERGENT)]
        for source in (ALL, *kinds):
            chosen = kinds if source == ALL else [source]
            sums = {fate: float(runs[[f"{fate}/{kind}" for kind in chosen]].sum(axis=1).mean()) for fate in MONEY}
            rows.append({"arm": scenario, "source": source} | sums | {"n": len(runs)})
    return pd.DataFrame(rows)


def costs(frame: pd.DataFrame, scenarios: Sequence[str], reference: str) -> pd.DataFrame:
    """Return money by scenario and source and, for all sources together, the cost of one additional examinee.

    Caused are the examinees of all years of a run beyond those of the reference's run of the same seed. Two costs of each:
    all money that the arm offered, and only the money that it offered beyond the reference.

    Returns:
        the rows of `money` and, for the source ALL: reference, caused with low and high [students], extra with low
        and high [NIS million more than the reference], per_caused and extra_per_caused with low and high [NIS thousand],
        NaN unless the whole interval of caused lies above zero; per_growth, the median of cost_per_additional over runs
    """
    table = money(frame, scenarios)
    rows = [_caused(frame, scenario, reference) for scenario in scenarios]
    return table.merge(pd.DataFrame(rows), on=["arm", "source"], how="left")


def _caused(frame: pd.DataFrame, scenario: str, reference: str) -> dict[str, Any]:
    runs = frame[(frame["scenario"] == scenario) & (frame["dates"] == EMERGENT)]
    growth = runs[GROWTH].median() if GROWTH in runs else float("nan")
    row = {"arm": scenario, "source": ALL, "reference": reference, "per_growth": growth}
    if scenario == reference:
        return row
    columns = [f"{COLUMN_OF['count']}_{year}" for year in years(frame)]
    offered = [f"offered/{source}" for source in sources(frame)]
    arm_values, reference_values, clusters = pairs_of(frame, scenario, reference, columns + offered)
    differences = arm_values - reference_values
    caused, extra = differences[:, : len(columns)].sum(axis=1), differences[:, len(columns) :].sum(axis=1)
    spent = arm_values[:, len(columns) :].sum(axis=1)
    ends = zip(*bootstrap(np.column_stack([caused, extra]), clusters=clusters), strict=True)
    figures = _figure_with_ends("caused", next(ends)) | _figure_with_ends("extra", next(ends))
    prices = ratio_of_means(THOUSANDS * np.column_stack([spent, extra]), caused, clusters=clusters)
    for index, name in enumerate(("per_caused", "extra_per_caused")):
        positive = figures["caused_low"] > 0.0
        figures |= _figure_with_ends(name, [end[index] if positive else float("nan") for end in prices])
    return row | figures | {"pairs": len(differences)}


def _figure_with_ends(name: str, ends: Any) -> dict[str, float]:
    """Return a figure and the ends of its interval, by column."""
    return {key: float(end) for key, end in zip((name, f"{name}_low", f"{name}_high"), ends, strict=True)}
