"""Findings of a comparison with a school file: where the published figures lie among the runs that began from it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.school_panels import RIVALS
from sim.errors import counted
from sim.findings.tables import in_text, short_number

RUNS = ["median", "low_50", "high_50", "low_90", "high_90"]
"""Columns of the runs: their median, and the ends of their middle 50% and 90%."""

WORDS = {"correlation": "shares correlate with the published ones", "same track": "the track is right"}
"""Figures of single schools, in words."""

BY_SCHOOL = (
    "School by school, the file beside: itself when the runs began (unchanged) and the year before (lasting), "
    "what all runs together expect, and single runs"
)
"""Caption of the table of single schools."""


def headline(record: Mapping[str, Any]) -> str:
    """Return in a line what was compared, with how many runs, and what they carry.

    Args:
        record: of the comparison: file, called, year, seeds, uncertainty, parameter_sets and, over several models, weights
    """
    covers = f"luck, and the parameter sets of {record['uncertainty']}" if record.get("parameter_sets") else "luck only"
    covers = f"luck, parameter sets and models; {record['weights']}" if "weights" in record else covers
    return (
        f"{record['file']}: {record['called']} begun from its schools of {record['year']}, "
        f"{counted(int(record['seeds']), 'seed')} ({covers})"
    )


def figures_in_text(compared: pd.DataFrame) -> pd.DataFrame:
    """Return the published figures beside those of the runs, as text.

    Args:
        compared: of `sim.analysis.school_panels.panel_beside_runs`
    """
    columns = ["figure", "year", "observed", *RUNS, "inside"]
    return in_text(compared[columns], short_number, {"inside": lambda inside: "yes" if inside else "no"})


def schools_in_text(agreed: pd.DataFrame) -> pd.DataFrame:
    """Return how well runs and simple forecasts know single schools, as text.

    Args:
        agreed: of `sim.analysis.school_panels.agreement`, with `unchanged`
    """
    return in_text(agreed[["figure", "year", "unchanged", "lasting", "expected", *RUNS]], short_number)


def sentences(compared: pd.DataFrame, agreed: pd.DataFrame) -> list[str]:
    """Return how many published figures lie among the runs, which do not, and how well runs know single schools.

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
    out = [f"{figure} ({', '.join(map(str, years))})" for figure, years in outside.items()]
    first = f"{counts}; outside the 90%: {', '.join(out)}." if out else f"{counts}."
    return [first, *[f"School by school in {row['year']}, {_schools_text(row)}." for row in agreed.to_dict("records")]]


def _schools_text(row: dict[Hashable, Any]) -> str:
    """Return how well runs together know single schools, beside what a forecast without a model would reach."""
    rivals = {name: row[name] for name in RIVALS if not np.isnan(row[name])}
    number = "{:.3f}".format if row["figure"] == "correlation" else "{:.1%}".format
    leads = {name: row["expected"] - value for name, value in rivals.items() if row["expected"] > value}
    beaten = " and ".join(f'"{RIVALS[name]}" by {number(lead)}' for name, lead in leads.items())
    beats = f"beats {beaten}" if beaten else "beats neither"
    others = ", ".join(f'{number(value)} for "{RIVALS[name]}"' for name, value in rivals.items())
    own = f"{number(row['expected'])} for what the runs together expect ({number(row['median'])} for one run by itself)"
    return f"{WORDS[row['figure']]}: {own}, {others}; the model {beats}"
