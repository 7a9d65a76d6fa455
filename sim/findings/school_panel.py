"""Findings of a comparison of a school file with runs that began from it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.school_panels import RIVALS
from sim.errors import counted
from sim.findings.tables import in_text, short_number

RUNS = ["median", "low_50", "high_50", "low_90", "high_90"]
"""Columns of the runs: median, and ends of the middle 50% and 90%."""

WORDS = {"correlation": "shares correlate with the published ones", "same track": "the track is right"}
"""Figures of single schools, in words."""

BY_SCHOOL = (
    "School by school, agreement of the file with itself when the runs began (unchanged) and the year before (lasting), "
    "with the mean of all runs (expected), and with single runs"
)
"""Caption of the table of single schools."""


def headline(record: Mapping[str, Any]) -> str:
    """Return a line on what was compared, the number of runs, and their sources of variation.

    Args:
        record: of the comparison: file, called, year, seeds, uncertainty, parameter_sets and, over several models, weights
    """
    sets = f"random variation and the parameter sets of {record['uncertainty']}"
    covers = sets if record.get("parameter_sets") else "random variation only"
    covers = f"random variation, parameter sets and models; {record['weights']}" if "weights" in record else covers
    return (
        f"{record['file']}: {record['called']} begun from its schools of {record['year']}, "
        f"{counted(int(record['seeds']), 'seed')} ({covers})"
    )


def figures_in_text(compared: pd.DataFrame) -> pd.DataFrame:
    """Return the published figures and those of the runs as a table of text.

    Args:
        compared: of `sim.analysis.school_panels.panel_beside_runs`
    """
    columns = ["figure", "year", "observed", *RUNS, "inside"]
    return in_text(compared[columns], short_number, {"inside": lambda inside: "yes" if inside else "no"})


def schools_in_text(agreed: pd.DataFrame) -> pd.DataFrame:
    """Return the agreement of runs and simple forecasts with single schools as a table of text.

    Args:
        agreed: of `sim.analysis.school_panels.agreement`, with `unchanged`
    """
    return in_text(agreed[["figure", "year", "unchanged", "lasting", "expected", *RUNS]], short_number)


def sentences(compared: pd.DataFrame, agreed: pd.DataFrame) -> list[str]:
    """Return sentences on the published figures among the runs, and on the agreement of single schools.

    Args:
        compared: of `sim.analysis.school_panels.panel_beside_runs`
        agreed: of `sim.analysis.school_panels.agreement`, with `unchanged`
    """
    observed = compared[compared["observed"].notna()]
    half = observed["observed"].between(observed["low_50"], observed["high_50"]).sum()
    counts = (
        f"{observed['inside'].sum()} of {len(observed)} published figures lie in the middle 90% of runs, {half} in the "
        "middle 50%"
    )
    outside = observed[~observed["inside"]].groupby("figure", sort=False)["year"].agg(list)
    listed = [f"{figure} ({', '.join(map(str, years))})" for figure, years in outside.items()]
    first = f"{counts}; outside the 90%: {', '.join(listed)}." if listed else f"{counts}."
    return [first, *[f"School by school in {row['year']}, {_schools_text(row)}." for row in agreed.to_dict("records")]]


def _schools_text(row: dict[Hashable, Any]) -> str:
    """Return a clause on the agreement of all runs with single schools, compared with simple forecasts."""
    rivals = {name: row[name] for name in RIVALS if not np.isnan(row[name])}
    number = "{:.3f}".format if row["figure"] == "correlation" else "{:.1%}".format
    leads = {name: row["expected"] - value for name, value in rivals.items() if row["expected"] > value}
    beaten = " and ".join(f'"{RIVALS[name]}" by {number(lead)}' for name, lead in leads.items())
    beats = f"beats {beaten}" if beaten else "beats neither"
    others = ", ".join(f'{number(value)} for "{RIVALS[name]}"' for name, value in rivals.items())
    own = f"{number(row['expected'])} for the mean of all runs ({number(row['median'])} for a single run)"
    return f"{WORDS[row['figure']]}: {own}, {others}; the model {beats}"
