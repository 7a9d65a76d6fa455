"""What arms cost: what became of the money, by its source, and money for each examinee that an arm caused."""

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
"""The source that is all of them together."""

MONEY = ("offered", *FATES, "duplicated")
"""Columns of money [NIS million of 2015]: offered is the sum of FATES, duplicated is a part of delivered."""

THOUSANDS = 1000.0
"""NIS thousand of a NIS million."""

GROWTH = "cost_per_additional"
"""The outcome that counts all growth since 2013 as what money brought [NIS thousand]."""


def sources(frame: pd.DataFrame) -> list[str]:
    """Return the kinds of organisations by which a frame tells what was offered."""
    named = [re.fullmatch(r"offered/(.+)", str(name)) for name in frame.columns]
    return [match[1] for match in named if match]


def money(frame: pd.DataFrame, scenarios: Sequence[str]) -> pd.DataFrame:
    """What became of the money that was offered since the start of the runs, means over runs.

    Args:
        frame: a row a run: scenario, dates, and FATE/SOURCE of every fate of MONEY
        scenarios: that are told

    Returns:
        a row a scenario and source, all together first: arm, source, the columns of MONEY [NIS million of 2015], n [runs]
    """
    named = sources(frame)
    needs(frame, [f"{fate}/{source}" for fate in MONEY for source in named])
    rows = []
    for scenario in scenarios:
        runs = frame[(frame["scenario"] == scenario) & (frame["dates"] == EMERGENT)]
        for source in (ALL, *named):
            of = named if source == ALL else [source]
            sums = {fate: float(runs[[f"{fate}/{one}" for one in of]].sum(axis=1).mean()) for fate in MONEY}
            rows.append({"arm": scenario, "source": source} | sums | {"n": len(runs)})
    return pd.DataFrame(rows)


def costs(frame: pd.DataFrame, scenarios: Sequence[str], reference: str) -> pd.DataFrame:
    """Money by scenario and source and, of all sources together, what one examinee more than in the reference cost.

    Caused are the examinees of all years of a run beyond those of the reference's run of the same seed. Two costs of each:
    all money that the arm offered, and only what it offered beyond the reference, whose organisations offer some too.

    Returns:
        the rows of `money` and, where the source is all: reference, caused with low and high [students], extra with low
        and high [NIS million more than the reference], per_caused and extra_per_caused with low and high [NIS thousand],
        NaN unless the whole interval of caused lies above zero; per_growth, the median of cost_per_additional over runs
    """
    table = money(frame, scenarios)
    told = [_caused(frame, scenario, reference) for scenario in scenarios]
    return table.merge(pd.DataFrame(told), on=["arm", "source"], how="left")


def _caused(frame: pd.DataFrame, scenario: str, reference: str) -> dict[str, Any]:
    runs = frame[(frame["scenario"] == scenario) & (frame["dates"] == EMERGENT)]
    growth = runs[GROWTH].median() if GROWTH in runs else float("nan")
    about = {"arm": scenario, "source": ALL, "reference": reference, "per_growth": growth}
    if scenario == reference:
        return about
    named = [f"{COLUMN_OF['count']}_{year}" for year in years(frame)]
    offered = [f"offered/{source}" for source in sources(frame)]
    mine, theirs, clusters = pairs_of(frame, scenario, reference, named + offered)
    more = mine - theirs
    caused, extra = more[:, : len(named)].sum(axis=1), more[:, len(named) :].sum(axis=1)
    spent = mine[:, len(named) :].sum(axis=1)
    ends = zip(*bootstrap(np.column_stack([caused, extra]), clusters=clusters), strict=True)
    found = _named("caused", next(ends)) | _named("extra", next(ends))
    prices = ratio_of_means(THOUSANDS * np.column_stack([spent, extra]), caused, clusters=clusters)
    for place, name in enumerate(("per_caused", "extra_per_caused")):
        known = found["caused_low"] > 0.0
        found |= _named(name, [end[place] if known else float("nan") for end in prices])
    return about | found | {"pairs": len(more)}


def _named(name: str, ends: Any) -> dict[str, float]:
    """Return a figure with the ends of its interval, by name."""
    return {key: float(end) for key, end in zip((name, f"{name}_low", f"{name}_high"), ends, strict=True)}
