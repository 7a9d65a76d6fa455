"""Predictions by model, averaged by weights, and the part of their variance between models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from sim.analysis.backbone_effect import AVERAGE
from sim.analysis.clusters import STRUCTURE
from sim.analysis.doubling import Doubling, probability, reached
from sim.analysis.effects import estimate
from sim.analysis.enrolment import years
from sim.analysis.fit import middle_quantiles
from sim.analysis.model_average import variance_parts

EFFECT = "backbone's effect"
"""Name of the effect among scenarios, in the table of variances."""


def groups_of(frame: pd.DataFrame, weights: Mapping[str, float]) -> dict[str, pd.DataFrame]:
    """Return the runs of each model, and all runs as the average, in which each model occurs by its weight.

    Args:
        frame: one row per run, with the column structure
        weights: of the models by name [share]
    """
    by_model = {name: frame[frame[STRUCTURE] == name] for name in weights}
    return {name: rows for name, rows in by_model.items() if len(rows)} | {AVERAGE: frame}


def predicted_by_model(frame: pd.DataFrame, wanted_years: Sequence[int], weights: Mapping[str, float]) -> pd.DataFrame:
    """Return examinees at five units by scenario, model and year.

    Args:
        frame: one row per run, with columns scenario, structure and examinees_YEAR [students]
        wanted_years: school years; years that no run has reached are left out
        weights: of the models by name [share]

    Returns:
        one row per scenario, model and year: scenario, model, weight, year, median, low_50, high_50, low_90, high_90
        (quantiles of runs) [students], n [runs]
    """
    rows = [
        {"scenario": name, "model": model, "weight": weights.get(model, 1.0), "year": year,
         **middle_quantiles(model_runs[f"examinees_{year}"]), "n": model_runs[f"examinees_{year}"].count()}
        for name, runs in frame.groupby("scenario", sort=False)
        for model, model_runs in groups_of(runs, weights).items()
        for year in wanted_years
        if year in years(runs)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def doublings_by_model(
    frame: pd.DataFrame, doubling: Doubling, wanted_years: Sequence[int], weights: Mapping[str, float]
) -> pd.DataFrame:
    """Return the shares of runs that double by some years, by model.

    Args:
        frame: one row per run, with columns scenario, structure and those of the doubling
        doubling: what counts as doubling
        wanted_years: school years
        weights: of the models by name [share]

    Returns:
        scenario, model, by, p, low, high (Wilson, 95%) [share of runs], n [runs]
    """
    tables = [
        probability(model_runs, ["scenario"], reached(model_runs, doubling.until(year))).assign(model=model, by=year)
        for model, model_runs in groups_of(frame, weights).items()
        for year in wanted_years
    ]
    return pd.concat(tables, ignore_index=True)[["scenario", "model", "by", "p", "low", "high", "n"]]


def effect_by_model(pairs: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    """Return the backbone's effect by model and averaged.

    Args:
        pairs: one row per parameter set, with columns structure and effect
        weights: of the models by name [share]

    Returns:
        model, weight, effect, low, high (mean and its 95% bootstrap interval) [students], positive [share of pairs], n
    """
    rows = []
    for model, model_pairs in groups_of(pairs, weights).items():
        estimated = estimate(model_pairs["effect"])
        positive = float((model_pairs["effect"] > 0.0).mean())
        rows.append(
            (model, weights.get(model, 1.0), estimated.mean, estimated.low, estimated.high, positive, estimated.n)
        )
    return pd.DataFrame(rows, columns=["model", "weight", "effect", "low", "high", "positive", "n"])


def variances(
    frame: pd.DataFrame, pairs: pd.DataFrame, wanted_years: Sequence[int], weights: Mapping[str, float]
) -> pd.DataFrame:
    """Return the spread of predictions over models, parameter sets and seeds, and its part between models.

    Args:
        frame: one row per run, with columns scenario, structure and examinees_YEAR [students]
        pairs: one row per parameter set, with columns structure and effect [students]
        wanted_years: school years; years that no run has reached are left out
        weights: of the models by name [share]

    Returns:
        one row per scenario and year, and one for the backbone's effect (year 2020): scenario, year, sd [students], between,
        low, high (95% interval) [share of the variance]
    """
    quantities = [(str(name), year, runs[f"examinees_{year}"], runs[STRUCTURE])
                  for name, runs in frame.groupby("scenario", sort=False)
                  for year in wanted_years if year in years(runs)]  # fmt: skip
    quantities.append((EFFECT, 2020, pairs["effect"], pairs[STRUCTURE]))
    rows = []
    for name, year, values, models in quantities:
        parts = variance_parts(values, models, dict(weights))
        rows.append((name, year, parts.total**0.5, parts.between, parts.low, parts.high))
    return pd.DataFrame(rows, columns=["scenario", "year", "sd", "between", "low", "high"])
