"""Predictions model by model, averaged by their weights, and what of their spread lies between models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from sim.analysis.backbone_effect import AVERAGE
from sim.analysis.clusters import STRUCTURE
from sim.analysis.doubling import Doubling, probability, reached
from sim.analysis.effects import estimate
from sim.analysis.enrolment import years
from sim.analysis.fit import middle
from sim.analysis.model_average import variance_parts

EFFECT = "backbone's effect"
"""Name of the effect among scenarios, in the table of variances."""


def groups_of(frame: pd.DataFrame, weights: Mapping[str, float]) -> dict[str, pd.DataFrame]:
    """Return the runs of each model that has some, and all of them as the average: each model comes by its weight.

    Args:
        frame: a row a run, with the column structure
        weights: of the models by name [share]
    """
    own = {name: frame[frame[STRUCTURE] == name] for name in weights}
    return {name: rows for name, rows in own.items() if len(rows)} | {AVERAGE: frame}


def predicted_by_model(frame: pd.DataFrame, asked: Sequence[int], weights: Mapping[str, float]) -> pd.DataFrame:
    """Return examinees at five units by scenario, model and year.

    Args:
        frame: a row a run, with columns scenario, structure and examinees_YEAR [students]
        asked: school years; those that no run has seen are left out
        weights: of the models by name [share]

    Returns:
        a row a scenario, model and year: scenario, model, weight, year, median, low_50, high_50, low_90, high_90
        (quantiles of runs) [students], n [runs]
    """
    rows = [
        {"scenario": name, "model": model, "weight": weights.get(model, 1.0), "year": year,
         **middle(some[f"examinees_{year}"]), "n": some[f"examinees_{year}"].count()}
        for name, runs in frame.groupby("scenario", sort=False)
        for model, some in groups_of(runs, weights).items()
        for year in asked
        if year in years(runs)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def doublings_by_model(
    frame: pd.DataFrame, doubling: Doubling, asked: Sequence[int], weights: Mapping[str, float]
) -> pd.DataFrame:
    """Return how often runs double by the years asked, model by model.

    Args:
        frame: a row a run, with columns scenario, structure and those of the doubling
        doubling: what counts as doubling
        asked: school years
        weights: of the models by name [share]

    Returns:
        scenario, model, by, p, low, high (Wilson, 95%) [share of runs], n [runs]
    """
    tables = [
        probability(some, ["scenario"], reached(some, doubling.until(year))).assign(model=model, by=year)
        for model, some in groups_of(frame, weights).items()
        for year in asked
    ]
    return pd.concat(tables, ignore_index=True)[["scenario", "model", "by", "p", "low", "high", "n"]]


def effect_by_model(pairs: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    """Return the backbone's effect model by model and averaged.

    Args:
        pairs: a row a parameter set, with columns structure and effect
        weights: of the models by name [share]

    Returns:
        model, weight, effect, low, high (mean and its 95% bootstrap interval) [students], positive [share of pairs], n
    """
    rows = []
    for model, some in groups_of(pairs, weights).items():
        found = estimate(some["effect"])
        above = float((some["effect"] > 0.0).mean())
        rows.append((model, weights.get(model, 1.0), found.mean, found.low, found.high, above, found.n))
    return pd.DataFrame(rows, columns=["model", "weight", "effect", "low", "high", "positive", "n"])


def variances(
    frame: pd.DataFrame, pairs: pd.DataFrame, asked: Sequence[int], weights: Mapping[str, float]
) -> pd.DataFrame:
    """Return the spread of what is predicted over models, parameter sets and luck, and the part between models.

    Args:
        frame: a row a run, with columns scenario, structure and examinees_YEAR [students]
        pairs: a row a parameter set, with columns structure and effect [students]
        asked: school years; those that no run has seen are left out
        weights: of the models by name [share]

    Returns:
        a row a scenario and year, and one for the backbone's effect (year 2020): scenario, year, sd [students], between,
        low, high (95% interval) [share of the variance]
    """
    quantities = [(str(name), year, runs[f"examinees_{year}"], runs[STRUCTURE])
                  for name, runs in frame.groupby("scenario", sort=False) for year in asked if year in years(runs)]  # fmt: skip
    quantities.append((EFFECT, 2020, pairs["effect"], pairs[STRUCTURE]))
    rows = []
    for name, year, values, models in quantities:
        parts = variance_parts(values, models, dict(weights))
        rows.append((name, year, parts.total**0.5, parts.between, parts.low, parts.high))
    return pd.DataFrame(rows, columns=["scenario", "year", "sd", "between", "low", "high"])
