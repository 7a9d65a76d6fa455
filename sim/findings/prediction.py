"""Findings of predictions: examinees, doubling, scores, the backbone's effect, and hypotheses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from sim.analysis.fit import FITTED_THROUGH
from sim.analysis.forecasts import TREND
from sim.analysis.hypotheses import HYPOTHESES
from sim.analysis.scores import COEFFICIENTS, CURVE, MODEL, score_difference, score_sentence
from sim.findings.numbers import minus
from sim.findings.tables import in_text

OF_EFFECT = "backbone's effect, examinees of 2020 [students]"
"""The backbone's effect in words."""

EXAMINEES = (
    f"Examinees at five units; median and middle 50% and 90% of runs. Nothing after {FITTED_THROUGH} was fitted to."
)
"""Caption of the table of examinees."""

SCORES = "Log density of the log of each published national count; higher is better"
"""Caption of the table of scores."""

THIRDS = f"{OF_EFFECT.capitalize()}, within pairs, by thirds of parameters. The window opened only three times, in one country."
"""Caption of the table of thirds."""

ALL_HELD = "All of these parameters are held at fixed values."
"""Sentence in place of the table of thirds if all its parameters are fixed."""

SHARES = (
    "Share of parameter sets in which each hypothesis holds (95% interval over sets), fails, or does neither: above, "
    "below or at its own zero in the mean of a set's runs"
)
"""Caption of the table of hypotheses."""

_SHORT = "{:.2f}".format
_WHOLE = "{:,.0f}".format


def examinees_in_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return predictions as a table of text, in whole numbers.

    Args:
        table: of `sim.analysis.predictions.predicted_examinees`
    """
    names = {"low_90": "5%", "low_50": "25%", "high_50": "75%", "high_90": "95%"}
    columns = ["scenario", "year", "low_90", "low_50", "median", "high_50", "high_90", "n"]
    return in_text(table[columns].rename(columns=names), _WHOLE)


def assumptions_sentence(cohorts: Mapping[str, float], file: str) -> str:
    """Return sentences on the assumptions of predictions: sizes of the grade, and policy.

    Args:
        cohorts: students of grade 12 by school year
        file: that holds them
    """
    grade = ", ".join(f"{size:,.0f} in {year}" for year, size in cohorts.items())
    return (
        f"Assumed: students of grade 12 from {file}: {grade}. Its column `source` names published sources; by default there "
        "are none after 2018. Policies stay as they are at the end of the record, and no new ones begin."
    )


def doublings_in_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return the probabilities of doubling as a table of text.

    Args:
        table: of `sim.analysis.predictions.doubling_shares`
    """
    return in_text(table, _SHORT)


def scores_in_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of model and rivals as a table of text.

    Args:
        table: of `sim.analysis.scores.scores`
    """
    return in_text(table, _SHORT, {"value": _WHOLE})


def score_sentences(table: pd.DataFrame, uncertain: int) -> list[str]:
    """Return sentences on the mean scores and their limits.

    Args:
        table: of `sim.analysis.scores.scores`
        uncertain: number of fitted parameters of the model
    """
    mean = ", ".join(f"{name} {minus(format(table[name].mean(), '+.2f'))}" for name in (MODEL, CURVE, TREND))
    seen = (
        f"All three were fitted to these counts, so these scores are not predictions. The model has {uncertain} uncertain "
        "parameters, and its parameter sets were chosen with these counts in view; the curve has "
        f"{COEFFICIENTS} coefficients and a variance, last year plus trend a variance, both fitted to these counts alone. "
        "Intervals are bootstraps over few counts: too narrow."
    )
    rivals = [score_sentence(score_difference(table, name), f"`{name}`") for name in (CURVE, TREND)]
    return [f"Mean a count: {mean}.", seen, *rivals]


def thirds_in_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return the backbone's effect by terciles of parameters as a table of text.

    Args:
        table: of `sim.analysis.predictions.by_tercile`, with the column parameter
    """
    return in_text(table, _SHORT, dict.fromkeys(("effect", "low", "high"), _WHOLE))


def openness_sentence(widths: Mapping[str, float]) -> str:
    """Return a sentence on the widths of the posterior over those of the prior.

    Args:
        widths: of the posterior's middle 90%, over the prior's, by parameter
    """
    ratios = ", ".join(f"{name} {width:.2f}" for name, width in widths.items())
    return f"Width of the posterior's middle 90% over the prior's (1: the record has no information): {ratios}"


def shares_in_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return the shares of parameter sets in which each hypothesis holds as a table of text.

    Args:
        table: of `sim.analysis.hypotheses.shares`, with the column over
    """
    return in_text(table, _SHORT)


def claims_text(names: Sequence[str]) -> list[str]:
    """Return each hypothesis in words, with its measure and unit.

    Args:
        names: of the hypotheses
    """
    chosen = [item for item in HYPOTHESES if item.name in set(names)]
    return [f"{item.name}: {item.claim}. {item.measures} [{item.unit}]" for item in chosen]
