"""Findings of the cases: runs compared with published figures, and what that can and cannot show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.analysis.cases import SCORED, scores_by_forecast
from sim.analysis.forecasts import FORECASTS
from sim.analysis.scores import score_difference, score_sentence
from sim.findings.numbers import minus
from sim.findings.tables import in_text

BESIDE = (
    "Published shares of those who sit mathematics, and runs with the error of measurement: median, middle 50% and 90%"
)
"""Caption of the Irish figures."""

TOTALS = (
    "Shares that were only scored: mean log density of their logit (higher is better), how many lie inside the middle 50% "
    "and 90%, and mean distance of the median [points]"
)
"""Caption of the Irish scores."""

FITTED = "Fitted parameters: prior (normal), median and middle 90% over sets, and the median of the posterior of Israel"
"""Caption of the fitted parameters."""

BONUS_ADDS = "Share with the bonus less share without it, the same sets and random numbers [points]"
"""Caption of the effect of the bonus."""

COUNTS = "Published counts, and runs with the error of measurement: median, middle 50% and 90% [examinees]"
"""Caption of the counts of the plan."""

CHANGES = (
    "Change within runs: median and middle 90% over sets [examinees; points of the grade at five and at four units]"
)
"""Caption of the changes."""

PLAN_ADDS = (
    "Arm less `no plan`, the same sets and random numbers: median and middle 90% [examinees; points of the grade]"
)
"""Caption of the effect of the plan."""

CONFOUNDED = (
    "The curriculum (Project Maths) changed in the same years, so this case cannot separate the two: here, "
    "'the bonus' means the bonus, the curriculum and everything else that changed in 2012. The case can corroborate "
    "that the share of a "
    "country can rise by more than half within three cohorts without any backbone, and whether the model, once it has seen "
    "these, knows what comes next. It cannot say what a bonus does alone, and nothing about networks."
)
"""What the Irish case can and cannot show."""

ILLUSTRATIVE = (
    "The schools are assumed (sizes of Israel's schools, a track in each, Israel's gap between quintiles), so that only "
    "the national share is compared. The posterior's prior of `package.bonus` was chosen in view of the shares of 2012-2014."
)
"""The assumptions of the Irish setting."""

CONSISTENT = (
    "This is consistency, not prediction: the counts of 2006-2018 were fitted, with the plan in every run, and "
    "`ministry.plan_reached`, the part of its money that reached grades 10 to 12, was one of the parameters that were "
    "fitted. A plan that did more would have been excluded by the very counts that it is held to here."
)
"""The limits of the case of the plan."""

UNITS = {"examinees": 1.0, "share": 100.0, "four": 100.0}
"""Factor of a figure in text, by name."""

_POINTS = ["low_90", "median", "high_90"]


def figures_in_text(table: pd.DataFrame, share: bool) -> pd.DataFrame:
    """Return published figures and runs as a table of text.

    Args:
        table: of `sim.analysis.cases.figures_beside_runs`
        share: true if the figures are shares
    """
    number = "{:.3f}".format if share else "{:,.0f}".format
    return in_text(table, number, {"score": _score})


def _score(value: float) -> str:
    return minus(f"{value:.2f}")


def totals_in_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return the scores as a table of text.

    Args:
        table: of `sim.analysis.cases.totals`
    """
    return in_text(table.assign(off=100.0 * table["off"]), "{:.1f}".format, {"score": _score})


def fitted_in_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return the fitted parameters as a table of text.

    Args:
        table: of the study: parameter, prior_middle, prior_spread, quantiles, israel
    """
    columns = ["parameter", "prior_middle", "prior_spread", *_POINTS, "israel"]
    return in_text(table[columns], lambda value: minus(f"{value:.2f}"))


def added_in_text(table: pd.DataFrame, factor: float = 100.0) -> pd.DataFrame:
    """Return the effects of arms as a table of text.

    Args:
        table: of `sim.analysis.cases.added_within_pairs`
        factor: of the differences; 100 turns shares into points
    """
    scaled = table.assign(**{name: factor * table[name] for name in _POINTS})
    return in_text(scaled[["arm", "year", *_POINTS, "n"]], lambda value: minus(f"{value:+.1f}"))


def differences_in_text(table: pd.DataFrame, first: list[str]) -> pd.DataFrame:
    """Return differences of several figures as a table of text, each in its unit.

    Args:
        table: with the column figure, one of UNITS, and quantiles
        first: columns that come before the quantiles
    """
    rows = [
        [str(row[name]) for name in first] + [_in_unit(row[name], row["figure"]) for name in _POINTS]
        for row in table.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=[*first, *_POINTS])


def _in_unit(value: float, figure: str) -> str:
    """Return a difference in the unit of its figure."""
    return minus(f"{UNITS[figure] * value:+,.0f}" if UNITS[figure] == 1.0 else f"{UNITS[figure] * value:+.2f}")


def median_with_range(row: Any, factor: float = 1.0, form: str = "+,.0f") -> str:
    """Return a median with its middle 90% as text.

    >>> median_with_range({"median": 0.021, "low_90": 0.01, "high_90": 0.03}, 100.0, ".1f")
    '2.1 (1.0 to 3.0)'
    """
    middle, low, high = (minus(format(factor * row[name], form)) for name in ("median", "low_90", "high_90"))
    return f"{middle} ({low} to {high})"


def ireland_sentences(tables: Mapping[str, pd.DataFrame], arm: str, carried: str) -> list[str]:
    """Return sentences on the predictions of the Irish shares and on the effect of the bonus within the model.

    Args:
        tables: of the case: beside, totals, added
        arm: that is trained on the first shares with the bonus
        carried: arm with the bonus of the posterior of Israel
    """
    totals, beside = tables["totals"].set_index("arm"), tables["beside"]
    score, scored = totals.loc[arm], beside[beside["use"] == SCORED]
    last = scored.loc[scored["arm"] == arm].iloc[-1]
    sentences = [
        f"Of the {score['n']:.0f} later shares, {score['inside_90']:.0f} lie inside the middle 90% of the trained runs. For "
        f"{last['year']} they say {100 * last['median']:.1f}% ({100 * last['low_90']:.1f} to {100 * last['high_90']:.1f}); "
        f"it was {100 * last['observed']:.1f}%."
    ]
    scores = scores_by_forecast(beside, arm)
    sentences += [
        score_sentence(score_difference(scores, name), f"`{name}`", "share") for name in FORECASTS if name in scores
    ]
    trained = beside[(beside["use"] != SCORED) & (beside["arm"] == carried)].iloc[-1]
    gain = tables["added"].set_index("year").loc[trained["year"]]
    return [
        *sentences,
        f"Within the model the bonus adds {median_with_range(gain, 100.0, '.1f')} points in {trained['year']}.",
        f"With the bonus of the posterior of Israel, and nothing trained after 2011, runs say "
        f"{100 * trained['median']:.1f}% ({100 * trained['low_90']:.1f} to {100 * trained['high_90']:.1f}) for "
        f"{trained['year']}; it was {100 * trained['observed']:.1f}%.",
    ]


def plan_sentences(tables: Mapping[str, pd.DataFrame], arms: Mapping[str, str]) -> list[str]:
    """Return sentences on the effect of the plan and on the change of counts with it.

    Args:
        tables: of the case: beside, changes, added
        arms: names of the arms by plan, none, ready, half and both
    """
    changes, additions = tables["changes"], tables["added"]
    observed = tables["beside"].drop_duplicates("year").set_index("year")["observed"]
    fall = _row(changes, figure="examinees", arm=arms["plan"], first=2010)
    none = _row(changes, figure="examinees", arm=arms["none"], first=2010)
    published = minus(f"{observed[2012] - observed[2010]:+,.0f}")
    shares = [_row(changes, figure=figure, arm=arms["plan"], first=2009) for figure in ("share", "four")]
    five, four = (median_with_range(row, 100.0, "+.1f") for row in shares)
    effects = {
        year: median_with_range(_row(additions, figure="examinees", arm=arms["plan"], year=year))
        for year in (2012, 2013)
    }
    alternatives = [
        f"{words} {median_with_range(_row(additions, figure='examinees', arm=arms[name], year=2012))}"
        for name, words in OTHERS.items()
    ]
    return [
        f"From 2010 to 2012 examinees change by {median_with_range(fall)} with the plan and by "
        f"{median_with_range(none)} without it; the record "
        f"has {published}.",
        f"From 2009 to 2012 the share at five units changes by {five} points of the grade with the plan, and that at four "
        f"units by {four}; on record both fell.",
        f"The plan adds {effects[2012]} examinees in 2012 and {effects[2013]} in 2013.",
        f"In 2012 the same money would have added, in examinees: {'; '.join(alternatives)}.",
    ]


OTHERS = {
    "ready": "were readiness irrelevant,",
    "half": "had half of it reached grades 10 to 12,",
    "both": "with both,",
}
"""Other arms of the plan, in words."""


def _row(table: pd.DataFrame, **keys: Any) -> dict[Any, Any]:
    """Return the first row of a table with some values."""
    for name, value in keys.items():
        table = table[table[name] == value]
    return dict(table.to_dict("records")[0])
