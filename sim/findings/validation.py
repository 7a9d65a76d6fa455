"""Findings of a validation: predictions of later facts, compared with simple rivals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.effects import Estimate
from sim.analysis.fit import COUNT, EVENT, MONTH, PATTERNS, UNKNOWN
from sim.analysis.forecasts import DAMPING, FORECASTS, NEWEST
from sim.analysis.scores import score_sentence
from sim.dates import date_of
from sim.errors import counted
from sim.findings.numbers import FEW, minus

WHOLE_GROUPS = ("national", "network", "equity", "spillover")
"""Groups that are not named, since the pattern has no other."""

FEWEST = 6
"""Number of facts below which no difference is claimed: all on one side have a probability above 5%."""

METHOD = (
    "Intervals and ranks are of runs, each with an error of measurement by the tolerance of the fact. The rank is the "
    "share of this predictive distribution that lies below the fact. A score is the log of a predictive density, on the log "
    "of counts and the logit of shares (of correlations the logit of (1 + r) / 2); higher is better. The model's density is "
    "a normal with the mean of the runs and their variance plus that of the error. A yes or no scores the log of its "
    "probability; it has no interval, rank or rival."
)
"""Method of scores."""

RIVALS = (
    "Rivals use only the earlier fitted facts of the series: its last value; its last value plus its last change per "
    f"year; the same with a damped trend (Holt's method with the fixed damping {DAMPING:g}; the newest change weighs "
    f"{NEWEST:g}). The spread of each comes from its own past errors in the series, per year, and is at least the error of "
    "measurement; it grows with the root of the years ahead. Its density is Student's t with as many degrees of freedom as "
    "errors. A series with too few earlier facts has no such rival."
)
"""Definition of the rivals."""


def fact_text(row: Any) -> str:
    """Return a fact in words: pattern, group and year.

    >>> fact_text({"pattern": "share_5_units", "group": "quintile 1", "year": 2016})
    'share at five units, quintile 1, 2016'
    """
    group = "" if row["group"] in WHOLE_GROUPS else f", {str(row['group']).replace('_', ' ')}"
    return f"{PATTERNS[str(row['pattern'])].about}{group}, {int(row['year'])}"


def figure_text(value: float, scale: str, unit: str = "") -> str:
    """Return a figure of a fact as text, in the unit of the fact.

    >>> figure_text(18347.2, "count"), figure_text(0.1234, "share"), figure_text(float("nan"), "count")
    ('18,347', '0.123', '-')
    """
    if np.isnan(value):
        return "-"
    if scale == MONTH:
        return date_of(round(value)) if unit.startswith("month in") else f"{value:.0f}"
    return f"{value:,.0f}" if scale == COUNT else f"{value:.2f}" if scale == EVENT else f"{value:.3f}"


def predictions_in_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return predictions as a table of text.

    Args:
        table: of `sim.analysis.validation.predictions`
    """
    return pd.DataFrame([
        {
            "scenario": row["scenario"],
            "fact": fact_text(row),
            "observed": figure_text(row["observed"], row["scale"]),
            "median": figure_text(row["median"], row["scale"]),
            "middle 50%": _ends(row, "50"),
            "middle 90%": _ends(row, "90"),
            "lies": row["lies"],
            "rank": "-" if np.isnan(row["rank"]) else f"{row['rank']:.2f}",
            "score": _score(row["score"]),
            "runs": str(row["n"]),
        }
        for _, row in table.iterrows()
    ])  # fmt: skip


def _ends(row: Any, level: str) -> str:
    """Return the ends of an interval as text."""
    low, high = (figure_text(row[f"{end}_{level}"], row["scale"]) for end in ("low", "high"))
    return "-" if low == "-" else f"{low} to {high}"


def _score(value: float) -> str:
    return "-" if np.isnan(value) else minus(f"{value:.2f}")


def rivals_in_text(table: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Return the predictions of rivals as a table of text: figure and score for each fact that has any.

    Args:
        table: of `sim.analysis.validation.predictions`, of one scenario
        others: of `sim.analysis.validation.rival_forecasts`
    """
    by_fact: dict[Any, dict[str, Any]] = {}
    for _, other in others.iterrows():
        by_fact.setdefault((other["pattern"], other["year"], other["group"]), {})[other["rival"]] = other
    rows = []
    for _, row in table.iterrows():
        own = by_fact.get((row["pattern"], row["year"], row["group"]), {})
        cells = {name: _predicted(own.get(name), row["scale"]) for name in FORECASTS}
        if own:
            earlier = str(next(iter(own.values()))["earlier"])
            rows.append({"fact": fact_text(row), "earlier facts": earlier, **cells})
    return pd.DataFrame(rows, columns=["fact", "earlier facts", *FORECASTS])


def _predicted(rival: Any, scale: str) -> str:
    """Return a rival's prediction with its score as text; a dash if there is none."""
    return "-" if rival is None else f"{figure_text(rival['predicted'], scale)} ({_score(rival['score'])})"


def totals_in_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return the mean scores of model and rivals as a table of text.

    Args:
        table: of `sim.analysis.validation.totals`
    """
    ends = [
        f"{_score(low)} to {_score(high)}" if not np.isnan(low) and facts >= FEWEST else "-"
        for facts, low, high in table[["facts", "low", "high"]].to_numpy()
    ]
    columns = {name: [_score(value) for value in table[name]] for name in ("mean_model", "mean_rival", "difference")}
    names = {"mean_model": "model", "mean_rival": "rival's"}
    shown = table[["scenario", "rival", "facts", "series"]].astype(str).assign(**columns).rename(columns=names)
    return shown.assign(**{"95% interval": ends})


def coverage_in_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return the coverage of intervals as a table of text.

    Args:
        table: of `sim.analysis.validation.coverage`
    """
    shown = table[["scenario", "interval", "facts", "inside"]].astype(str)
    ends = [f"{low:.0%} to {high:.0%}" for low, high in table[["low", "high"]].to_numpy()]
    return shown.assign(share=[f"{share:.0%}" for share in table["share"]], **{"95% interval": ends})


def fitted_in_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return facts that were fitted as a table of text.

    Args:
        table: pattern, year, group, unit, scale, value, fitted_value
    """
    return pd.DataFrame([
        {
            "fact": fact_text(row),
            "in the file": figure_text(row["value"], row["scale"], row["unit"]),
            "fitted": figure_text(row["fitted_value"], row["scale"], row["unit"]),
        }
        for _, row in table.iterrows()
    ])  # fmt: skip


def opening_sentences(record: Mapping[str, Any]) -> str:
    """Return sentences on the scored facts and the runs.

    Args:
        record: of the validation: facts, within, fitted_facts, last_fitted, runs, sets, uncertainty, scenarios, failures
    """
    later, within, fitted, last = (record[key] for key in ("facts", "within", "fitted_facts", "last_fitted"))
    tests = f"{counted(later, 'fact')} of a year after {last}, the last that was fitted, {_verb(later)} scored."
    inner = f" {counted(within, 'fact')} of earlier years {_verb(within, 'stands', 'stand')} apart, outside all totals, " \
        "since facts about the same years were fitted." if within else ""  # fmt: skip
    old = f" {counted(fitted, 'fact')} of the file {_verb(fitted, 'was', 'were')} fitted, so not a test and not scored." \
        if fitted else ""  # fmt: skip
    runs = (
        f" Runs: {record['runs']} of each of {', '.join(record['scenarios'])}, over {record['sets']} parameter sets of "
        f"{record['uncertainty']}. Nothing was refitted."
    )
    failed = f" {counted(record['failures'], 'run')} failed and {_verb(record['failures'])} left out." \
        if record["failures"] else ""  # fmt: skip
    few = " A look, not a result: the spread of so few runs is not known." if record["runs"] < FEW else ""
    return f"{tests}{inner}{old}{runs}{failed}{few}"


def _verb(number: int, one: str = "is", several: str = "are") -> str:
    """Return the verb for a number of things."""
    return one if number == 1 else several


def total_sentences(table: pd.DataFrame) -> list[tuple[str, str]]:
    """Return sentences that compare the model with each rival, no stronger than intervals and number of facts allow.

    Args:
        table: of `sim.analysis.validation.totals`

    Returns:
        scenario and sentence for each row

    >>> row = {"scenario": "a", "rival": "last value", "facts": 3, "series": 1, "difference": 1.0, "low": 0.5, "high": 2.0}
    >>> total_sentences(pd.DataFrame([row]))[0][1].partition(":")[0]
    'Model and `last value` are not compared on 3 facts'
    """
    return [(str(row["scenario"]), _total(row)) for _, row in table.iterrows()]


def _total(row: Any) -> str:
    facts, series = int(row["facts"]), int(row["series"])
    if facts < FEWEST:
        return (f"Model and `{row['rival']}` are not compared on {counted(facts, 'fact')}: fewer than {FEWEST} cannot tell "
                f"them apart. The mean difference is {minus(format(row['difference'], '+.2f'))}.")  # fmt: skip
    difference = Estimate(row["difference"], row["low"], row["high"], facts)
    return minus(score_sentence(difference, f"`{row['rival']}`", "fact")) + _caution(facts, series)


def _caution(facts: int, series: int) -> str:
    """Return a caution on an interval over few facts or over one series; empty if there is none."""
    if series == 1:
        return " All are of one series and move together: the interval is too narrow."
    return f" Few facts, of {series} series: a look, not a result." if facts < FEW else ""


def without_rivals(last: int) -> str:
    """Return the sentence for later facts without all rivals.

    Args:
        last: last year that was fitted
    """
    return f"No fact after {last} belongs to a series with enough earlier facts for all rivals: nothing is compared."


def missing_text(table: pd.DataFrame) -> str:
    """Return a sentence on facts without a simulated figure; empty if there are none.

    Args:
        table: of `sim.analysis.validation.predictions`
    """
    rows = table[table["lies"] == UNKNOWN]
    names = "; ".join(f"{fact_text(row)} ({row['scenario']})" for _, row in rows.iterrows())
    return f"No run has a figure of: {names}." if names else ""
