"""Holding: in what share of parameter sets each hypothesis holds, judged in each on the mean over its runs."""

from __future__ import annotations

import pandas as pd

from sim.analysis.hypotheses import HYPOTHESES, Hypothesis
from sim.analysis.intervals import wilson
from sim.analysis.sweep_grid import needs

HOLDS, FAILS, NEITHER = "holds", "fails", "neither"
"""What is said of a hypothesis in one parameter set."""


def verdict_of(mean: float) -> str:
    """What a mean over the runs of a set says: above the hypothesis' own zero it holds, below it fails.

    At zero, and where no run has an answer, it does neither.

    >>> verdict_of(0.1), verdict_of(-0.1), verdict_of(0.0), verdict_of(float("nan"))
    ('holds', 'fails', 'neither', 'neither')
    """
    return HOLDS if mean > 0.0 else FAILS if mean < 0.0 else NEITHER


def verdicts(frame: pd.DataFrame, chosen: tuple[Hypothesis, ...] = HYPOTHESES) -> pd.DataFrame:
    """Every hypothesis in every parameter set.

    Args:
        frame: a row a run, with columns scenario, seed, set (of the run's parameters) and those of the hypotheses
        chosen: the hypotheses

    Returns: a row a set and hypothesis: set, hypothesis, mean (over the set's runs) [the hypothesis' unit], verdict.
    """
    needs(frame, ["scenario", "seed", "set"])
    means = [
        (number, item.name, item.judge(runs).mean)
        for number, runs in frame.groupby("set")
        for item in chosen
        if set(item.scenarios) <= set(runs["scenario"])
    ]
    table = pd.DataFrame(means, columns=["set", "hypothesis", "mean"])
    return table.assign(verdict=table["mean"].map(verdict_of))


def shares(table: pd.DataFrame) -> pd.DataFrame:
    """In what share of sets each hypothesis holds, fails, or does neither.

    Args:
        table: as `verdicts` gives it

    Returns: a row a hypothesis: hypothesis, holds, low, high (Wilson, 95%), fails, neither [share of sets], n [sets].
    """
    found = pd.crosstab(table["hypothesis"], table["verdict"]).reindex(columns=[HOLDS, FAILS, NEITHER], fill_value=0)
    n = found.sum(axis=1)
    low, high = wilson(found[HOLDS], n)
    parts = found.div(n, axis=0)
    parts.insert(1, "low", low)
    parts.insert(2, "high", high)
    return parts.assign(n=n).rename_axis(columns=None).reset_index()
