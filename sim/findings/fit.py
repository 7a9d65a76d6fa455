"""Findings on the fit to the record, for one run or many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.analysis.doubling import Doubling, probability, reached
from sim.analysis.enrolment import by_year, shown_years, years
from sim.analysis.fit import fit, root_mean_square
from sim.errors import InputError
from sim.findings.numbers import minus
from sim.findings.tables import in_text, short_number

COUNTS = "maths5_examinees"
"""Name of the pattern of the published national counts."""

SPREAD = {"median": 0.5, "5%": 0.05, "95%": 0.95}
"""Quantiles of runs by their name in tables."""

NO_YEAR = "no published year was simulated"
"""Sentence for runs without any published count."""

_FORMATS = {"deviation": lambda value: minus(f"{value:+.1f}")}


def years_in_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Return simulated examinees and share of the grade by year as a table of text: one run, or median and 90% of many.

    Args:
        frame: one row per run
    """
    columns: dict[str, Any] = {"year": years(frame)}
    for measure, name in (("count", "examinees"), ("share", "share")):
        spread = pd.DataFrame(by_year(frame, measure)).quantile([0.05, 0.5, 0.95])
        if len(frame) == 1:
            columns[name] = spread.loc[0.5].to_numpy()
        else:
            columns |= {f"{name} {label}": spread.loc[at].to_numpy() for label, at in SPREAD.items()}
    return in_text(pd.DataFrame(columns), short_number)


def counts_in_text(frame: pd.DataFrame, record: pd.DataFrame) -> pd.DataFrame:
    """Return the published national counts and one run, with its deviation in percent, as a table of text.

    Args:
        frame: the run, as one row
        record: published figures, from `sim.catalogue.targets`
    """
    table = fit(frame, record)
    counts = table[(table["pattern"] == COUNTS) & (table["n"] > 0)].rename(columns={"median": "simulated"})
    return in_text(counts[["year", "observed", "simulated", "deviation"]], short_number, _FORMATS)


def facts_in_text(frame: pd.DataFrame, record: pd.DataFrame) -> pd.DataFrame:
    """Return the published facts and many runs as a table of text: observed, median, 90% of runs, deviation, place.

    Args:
        frame: one row per run
        record: published figures, from `sim.catalogue.targets`

    Returns:
        one row per fact; no rows if no published count was simulated
    """
    table = _simulated_facts(frame, record).rename(columns={"low_90": "5%", "high_90": "95%", "reliability": "rated"})
    columns = ["pattern", "year", "group", "rated", "observed", "median", "5%", "95%", "deviation", "lies"]
    return in_text(table[columns], short_number, _FORMATS)


def fit_sentence(frame: pd.DataFrame, record: pd.DataFrame) -> str:
    """Return a sentence on the facts that lie among the runs, and on the distance of the national counts.

    Args:
        frame: one row per run
        record: published figures, from `sim.catalogue.targets`
    """
    table = _simulated_facts(frame, record)
    if table.empty:
        return NO_YEAR
    return (
        f"the record lies in the middle 90% of runs for {table['inside'].sum()} of {len(table)} facts; national counts: "
        f"{root_mean_square(table, COUNTS):.1%} away (root mean square of the log)"
    )


def fit_text(frame: pd.DataFrame, record: pd.DataFrame) -> str:
    """Return the comparison of many runs with the record as text: a table of facts and a sentence.

    Args:
        frame: one row per run
        record: published figures, from `sim.catalogue.targets`
    """
    table, sentence = facts_in_text(frame, record), fit_sentence(frame, record)
    return f"{table.to_string(index=False)}\n\n{sentence}" if len(table) else sentence


def _simulated_facts(frame: pd.DataFrame, record: pd.DataFrame) -> pd.DataFrame:
    """Return the facts with simulated figures; empty if no published count is among them."""
    table = fit(frame, record)
    table = table[table["n"] > 0]
    return table if (table["pattern"] == COUNTS).any() else table.head(0)


def not_compared_sentence(part: float, national: Mapping[str, float], organisations_drawn: bool) -> str:
    """Return sentences on a run that is not compared because its size is not the country's, and on values to change.

    Args:
        part: maths takers in the schools of the run over those of the country [ratio]
        national: parameters that have the country's value, by dotted name
        organisations_drawn: true if the organisations are drawn, with the country's number
    """
    size = f"{part:.1%}" if part < 1 else f"{part:.3g} times"
    sentence = (
        f"Its schools have {size} of the country's maths takers, so nothing is compared with the national record."
    )
    if part > 1 or not national:
        return sentence
    values = " ".join(f"{name}={_in_proportion(value, part)}" for name, value in national.items())
    drawn_too = ", also the number of organisations, which are drawn" if organisations_drawn else ""
    return (
        f"{sentence} Other values are still those of the country (`setting.scale` only makes more schools and teachers, "
        f"never fewer){drawn_too}; in proportion, {part:.2g}, set {values}. The money of the plan of 2009-2012 is already in "
        f"proportion."
    )


def _in_proportion(value: float, part: float) -> str:
    """Return a part of a value as text; at least 1 for whole numbers."""
    return str(max(round(value * part), 1)) if isinstance(value, int) else f"{value * part:.3g}"


_VARIATION = {
    "point": "Runs differ only by random variation; parameters are those of the scenario.",
    "posterior": "Runs differ by random variation and by the parameter sets of the posterior, one set per run.",
}


def variation_sentence(uncertainty: str, weights: str = "") -> str:
    """Return a sentence on the sources of variation between runs.

    Args:
        uncertainty: point, posterior, structures, or the path of a table of parameter sets
        weights: of the models, in words, if runs are of several
    """
    if weights:
        return f"Runs differ by random variation, parameter sets and models, each model by its weight ({weights})."
    return _VARIATION.get(
        str(uncertainty),
        f"Runs differ by random variation and by the parameter sets of {uncertainty}, one set per run.",
    )


def last_year_sentence(frame: pd.DataFrame) -> str:
    """Return a sentence on the examinees of the last year that may be shown: median and middle 90% of runs.

    Args:
        frame: one row per run

    >>> last_year_sentence(pd.DataFrame({"examinees_2019": [90.0, 110.0], "examinees_2020": [1000.0, 1000.0]}))
    'Examinees in 2020: median 1,000, middle 90% of runs 1,000 to 1,000.'
    """
    shown = shown_years(frame, years(frame))
    if not shown:
        return NO_YEAR
    last = shown[-1]
    low, middle, high = frame[f"examinees_{last}"].quantile([0.05, 0.5, 0.95])
    return f"Examinees in {last}: median {middle:,.0f}, middle 90% of runs {low:,.0f} to {high:,.0f}."


def doubling_sentence(frame: pd.DataFrame, doubling: Doubling) -> str:
    """Return a sentence on the share of runs that double, or on why it is not known.

    Args:
        frame: one row per run
        doubling: what counts as doubling
    """
    try:
        happened = reached(frame, doubling)
    except InputError as mistake:
        return f"P({doubling.brief} by {doubling.by}) is not known: {mistake}"
    row = probability(frame.assign(_all=0), ["_all"], happened).iloc[0]
    return f"P({doubling.brief} by {doubling.by}) = {row['p']:.2f} (95% interval {row['low']:.2f} to {row['high']:.2f})"
