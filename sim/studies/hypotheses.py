"""Runs in which the hypotheses are judged: of the scenarios that they need, over parameter sets of prior or posterior."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.hypotheses import HYPOTHESES
from sim.configuration import scenario
from sim.design.factors import prior_value
from sim.draws import Luck, Stream
from sim.parameters import checked, uncertain
from sim.policy import Scenario
from sim.rules.trust import trust_after
from sim.runs.ensemble import ensemble_over
from sim.runs.posterior import ParameterSets, set_of


def contacts_between(low: float, high: float, scenario: Scenario) -> tuple[int, int]:
    """Return how many good contacts take trust up from low to high, and how many bad ones take it back down."""
    p = scenario.parameters.trust
    counts = []
    for trust, goal, experience in ((low, high, 1.0), (high, low, 0.0)):
        number = 0
        while (goal - trust) * (experience - 0.5) > 0.0 and number < 1000:
            trust = float(trust_after(trust, experience, gain=p.gain, loss=min(p.gain * p.ratio, 1.0)))
            number += 1
        counts.append(number)
    return counts[0], counts[1]


def hypothesis_runs(
    scenarios: Sequence[Scenario],
    seeds: Sequence[int],
    sets: ParameterSets = (),
    jobs: int | None = None,
    progress: bool = False,
) -> pd.DataFrame:
    """Simulate scenarios, and count how many more contacts it takes to win trust (0.4 to 0.6) than to lose it.

    Args:
        scenarios: ready to be simulated
        seeds: of the runs
        sets: parameter sets of which each seed has its own; none where parameters stand at their values
        jobs: processes; None for all cores
        progress: show a bar

    Returns:
        a row a run, with the column `trust_falls_faster` [contacts]
    """
    frame = ensemble_over(scenarios, seeds, sets, jobs, "simulating" if progress else None).frame
    by_name = {each.name: each for each in scenarios}
    pairs = zip(frame["scenario"], frame["seed"], strict=True)
    counts = [contacts_between(0.4, 0.6, by_name[name].drawn(set_of(sets, seed))) for name, seed in pairs]
    return frame.assign(trust_falls_faster=[up - down for up, down in counts])


def failing_runs(seeds: Sequence[int], sets: ParameterSets, jobs: int | None = None) -> pd.DataFrame:
    """Judge each hypothesis under the parameter set of the declared ranges in which it is to fail.

    Args:
        seeds: of the runs
        sets: parameter sets of which each seed has its own; none where parameters stand at their values
        jobs: processes; None for all cores

    Returns:
        a row a hypothesis: hypothesis, estimate, low, high, unit
    """
    rows = []
    for item in HYPOTHESES:
        cases = [scenario(name, set=item.fails_with) for name in item.scenarios]
        estimate = item.judge(hypothesis_runs(cases, seeds, sets, jobs))
        rows.append((item.name, estimate.mean, estimate.low, estimate.high, item.unit))
    return pd.DataFrame(rows, columns=["hypothesis", "estimate", "low", "high", "unit"])


def prior_sets(n: int, seed: int) -> pd.DataFrame:
    """Return parameter sets drawn from the prior, as they are declared: a row a set, a column a parameter."""
    names = uncertain()
    shares = Luck(seed).table(Stream.PRIOR, 0, np.arange(n), np.arange(len(names)))
    values = np.stack([prior_value(name, shares[:, k]) for k, name in enumerate(names)], axis=1)
    return pd.DataFrame({name: [checked(name, float(v)) for v in values[:, k]] for k, name in enumerate(names)})


def seeds_of_sets(sets: int, seeds: int, known: int) -> list[int]:
    """Return seeds for some runs of each of the first sets, none twice; a seed's set is its remainder by those known.

    >>> seeds_of_sets(2, 2, 300)
    [0, 1, 300, 301]
    """
    return [number + known * again for again in range(seeds) for number in range(sets)]


def runs_over_sets(
    table: ParameterSets, sets: int, seeds: int, overrides: Mapping[str, Any], jobs: int | None, progress: bool
) -> pd.DataFrame:
    """Simulate every scenario that a hypothesis needs, over the first sets of a table.

    Args:
        table: of parameter sets
        sets: how many of them
        seeds: runs of a scenario in each set
        overrides: parameters that differ, by dotted name
        jobs: processes; None for all cores
        progress: show a bar

    Returns:
        a row a run; `set` is the number of its parameter set
    """
    names = dict.fromkeys(name for item in HYPOTHESES for name in item.scenarios)
    cases = [scenario(name, set=overrides) for name in names]
    frame = hypothesis_runs(cases, seeds_of_sets(sets, seeds, len(table)), table, jobs, progress)
    return frame.assign(set=frame["seed"] % len(table))
