"""Findings on scenarios and on the hypotheses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.analysis.doubling import Doubling, doubling_for, reached
from sim.analysis.effects import Estimate
from sim.analysis.hypotheses import HYPOTHESES, judge_hypotheses, verdict
from sim.dates import date_of
from sim.errors import InputError
from sim.findings.tables import in_text

LEGEND = (
    "Examinees: median [5%, 95%] of runs; P(...): share of runs; gap: median of runs; ministry: median month (share of "
    "runs)."
)
"""Note of the table of scenarios."""

LEGEND_OF_HYPOTHESES = "Mean over seeds, and from low to high the 95% interval of that mean."
"""Note of the table of hypotheses."""


def scenario_row(name: str, national: bool, runs: pd.DataFrame, doubling: Doubling) -> dict[str, str]:
    """Return a scenario as text: examinees, doubling, gap, and months of the ministry.

    Args:
        name: of the scenario
        national: true if its schools are the country's
        runs: one row per run
        doubling: what counts as doubling
    """

    def middle(outcome: str) -> str:
        low, mid, high = runs[outcome].quantile([0.05, 0.5, 0.95])
        return f"{mid:,.0f} [{low:,.0f}, {high:,.0f}]"

    fitted = doubling_for(doubling, national)
    share = f"{_share_doubled(runs, fitted)}{' (its own 2012)' * (fitted != doubling)}"
    return {
        "scenario": name,
        "examinees 2017": middle("examinees_2017"),
        "examinees 2020": middle("examinees_2020"),
        f"P({doubling.brief} by {doubling.by})": share,
        "gap Q1-Q5 2020": f"{runs['gap_quintiles_2020'].median():.3f}",
        "joins": _month_text(runs["month_joined"]),
        "pilot": _month_text(runs["month_pilot"]),
        "national": _month_text(runs["month_national"]),
    }


def scenarios_in_text(frame: pd.DataFrame, national: Mapping[str, bool], doubling: Doubling) -> pd.DataFrame:
    """Return the scenarios as a table of text.

    Args:
        frame: one row per run
        national: flag by name of scenario, in order: its schools are the country's
        doubling: what counts as doubling
    """
    rows = [scenario_row(name, own, frame[frame["scenario"] == name], doubling) for name, own in national.items()]
    return pd.DataFrame(rows)


def _share_doubled(runs: pd.DataFrame, doubling: Doubling) -> str:
    """Return the share of runs that double, or that they have no base."""
    try:
        return f"{reached(runs, doubling).mean():.2f}"
    except InputError:
        return "no base"


def _month_text(months: pd.Series[float]) -> str:
    """Return the median month and the share of runs that have it."""
    came = months.dropna()
    return "never" if came.empty else f"{date_of(int(came.median()))} ({len(came) / len(months):.0%})"


def hypotheses_in_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the hypotheses that some runs can judge as a table of text: estimate, interval, unit and verdict.

    Args:
        frame: one row per run, of `sim.studies.hypotheses.hypothesis_runs`
    """
    return in_text(judge_hypotheses(frame), "{:,.3f}".format)


def measures_text(names: Any) -> list[str]:
    """Return the measure of each hypothesis in words.

    Args:
        names: of the hypotheses
    """
    return [f"{item.name}: {item.measures}" for item in HYPOTHESES if item.name in set(names)]


def failing_in_text(failing: pd.DataFrame) -> pd.DataFrame:
    """Return the hypotheses under the parameters with which they should fail as a table of text.

    Args:
        failing: of `sim.studies.hypotheses.failing_runs`
    """
    sets = {item.name: ", ".join(f"{key}={value:g}" for key, value in item.fails_with.items()) for item in HYPOTHESES}
    verdicts = [verdict(Estimate(row["estimate"], row["low"], row["high"], 0)) for _, row in failing.iterrows()]
    table = in_text(failing.assign(verdict=verdicts), "{:,.3f}".format)
    return table.assign(parameters=[sets[name] for name in table["hypothesis"]])
