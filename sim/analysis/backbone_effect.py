"""The backbone's effect by model and averaged over models, for prior and posterior."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.doubling import Doubling, reached
from sim.analysis.model_average import variance_parts
from sim.analysis.resampling import BOOTSTRAP_SEED, RESAMPLES

PRIOR, POSTERIOR = "prior", "posterior"
"""Sources of parameter sets."""

AVERAGE = "average"
"""Name of the row that averages over models."""

EXAMINEES = "examinees_2020"
"""The main outcome of the effect [students]."""


def with_doublings(frame: pd.DataFrame, doubling: Doubling, years: Sequence[int]) -> pd.DataFrame:
    """Return runs with columns doubled_YEAR: 1 where enrolment had doubled by the year, else 0 [flag]."""
    flags = {f"doubled_{year}": reached(frame, doubling.until(year)).astype(float).to_numpy() for year in years}
    return frame.assign(**flags)


def paired_effects(frame: pd.DataFrame, arms: tuple[str, str], outcomes: Sequence[str]) -> pd.DataFrame:
    """Return the first arm less the second in each pair of runs: over, model, set, seed and outcomes.

    Args:
        frame: one row per run: over, model, set, seed, scenario and the outcomes
        arms: names of the two scenarios
        outcomes: columns
    """
    keys = ["over", "model", "set", "seed"]
    first, second = (frame[frame["scenario"] == arm].set_index(keys)[list(outcomes)] for arm in arms)
    pairs = (first - second).dropna(how="all").reset_index()
    return pairs.sort_values(keys, kind="stable", ignore_index=True)


def effects(pairs: pd.DataFrame, outcomes: Sequence[str], weights: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """Return the effect for prior and posterior, for each model and averaged over models by their weights.

    Args:
        pairs: rows of `paired_effects`
        outcomes: columns
        weights: of the models by name, for prior and for posterior [share]

    Returns:
        one row for each outcome, `over` and model: outcome, over, model, weight, effect, low, high (mean and its 95%
        interval over sets and seeds), low_90, high_90 (middle 90% of the means of sets), sd_sets and sd_random (spread
        between sets, chance subtracted, and within sets) [unit], positive (share of pairs above zero), between (part of the
        variance between models; of the average only), between_low, between_high [share], sets, pairs
    """
    rows = [
        {"outcome": outcome, "over": over, **row}
        for outcome in outcomes
        for over in (PRIOR, POSTERIOR)
        for row in _rows(pairs[pairs["over"] == over].dropna(subset=[outcome]), outcome, weights[over])
    ]
    return pd.DataFrame(rows)


def _rows(pairs: pd.DataFrame, outcome: str, weights: Mapping[str, float]) -> list[dict[str, Any]]:
    """Return the row of each model and that of their average."""
    by_model = {name: pairs[pairs["model"] == name] for name in weights}
    model_rows = [
        {"model": name, "weight": weights[name]} | _model_row(rows, outcome)
        for name, rows in by_model.items()
        if len(rows)
    ]
    return [*model_rows, _average_row(by_model, outcome, weights)]


def _model_row(rows: pd.DataFrame, outcome: str) -> dict[str, Any]:
    values, sets = rows[outcome].to_numpy(dtype=float), rows["set"].to_numpy()
    means = rows.groupby("set")[outcome].mean().to_numpy()
    mean, low, high = _weighted_mean([means], [1.0])
    within = rows.groupby("set")[outcome].var(ddof=1)
    variance_within = float(within.mean()) if len(within.dropna()) else float("nan")
    between = float(means.var(ddof=1)) if len(means) > 1 else float("nan")
    runs = len(values) / len(means)
    return {
        "effect": mean, "low": low, "high": high, **_spread(means, np.ones(len(means))),
        "sd_sets": float(np.sqrt(max(between - variance_within / runs, 0.0))) if np.isfinite(variance_within) else float("nan"),
        "sd_random": float(np.sqrt(variance_within)), "positive": float((values > 0.0).mean()),
        "sets": len(np.unique(sets)), "pairs": len(values),
    }  # fmt: skip


def _average_row(by_model: Mapping[str, pd.DataFrame], outcome: str, weights: Mapping[str, float]) -> dict[str, Any]:
    """Return the row that averages over models."""
    present = {name: rows for name, rows in by_model.items() if len(rows) and weights[name] > 0.0}
    share = np.array([weights[name] for name in present]) / sum(weights[name] for name in present)
    means = [rows.groupby("set")[outcome].mean().to_numpy() for rows in present.values()]
    mean, low, high = _weighted_mean(means, share.tolist())
    spread = _spread(
        np.concatenate(means), np.repeat(share / [len(values) for values in means], [len(values) for values in means])
    )
    names = np.repeat(list(present), [len(values) for values in means])
    parts = variance_parts(np.concatenate(means), names, dict(zip(present, share.tolist(), strict=True)))
    positive = sum(
        part * float((rows[outcome] > 0.0).mean()) for part, rows in zip(share, present.values(), strict=True)
    )
    return {
        "model": AVERAGE, "weight": 1.0, "effect": mean, "low": low, "high": high, **spread, "positive": float(positive),
        "between": parts.between, "between_low": parts.low, "between_high": parts.high,
        "sets": sum(map(len, means)), "pairs": sum(map(len, present.values())),
    }  # fmt: skip


def _weighted_mean(means: Sequence[Any], share: Sequence[float]) -> tuple[float, float, float]:
    """Return the weighted mean of models with its 95% interval: parameter sets resampled within each model."""
    draws = np.random.default_rng(BOOTSTRAP_SEED)
    middle, resampled = 0.0, np.zeros(RESAMPLES)
    for part, values in zip(share, means, strict=True):
        number, mean = len(values), float(values.mean())
        drawn = values[draws.integers(number, size=(RESAMPLES, number))].mean(axis=1)
        middle, resampled = middle + part * mean, resampled + part * (mean + _widening(number) * (drawn - mean))
    low, high = np.quantile(resampled, [0.025, 0.975]) if np.isfinite(resampled).all() else (np.nan, np.nan)
    return float(middle), float(low), float(high)


def _widening(number: int) -> float:
    """Return the factor by which resamples of few values are widened, as in `sim.analysis.resampling.cluster_interval`."""
    from scipy.stats import norm, t

    if number < 2:
        return float("nan")
    return float(np.sqrt(number / (number - 1)) * t.ppf(0.975, number - 1) / norm.ppf(0.975))


def _spread(values: Any, weights: Any) -> dict[str, float]:
    """Return the middle 90% of weighted values."""
    order = np.argsort(values)
    reached_share = np.cumsum(weights[order]) / weights.sum()
    ends = [float(values[order][np.searchsorted(reached_share, share - 1e-12)]) for share in (0.05, 0.95)]
    return {"low_90": ends[0], "high_90": ends[1]}
