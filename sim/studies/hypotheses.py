"""Runs for the test of hypotheses, over parameter sets of the prior or the posterior."""

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
    """Return the number of good contacts that raise trust from low to high, and of bad ones that lower it again.

    Args:
        low: trust before [share]
        high: trust after [share]
        scenario: with the parameters of trust
    """
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
        scenarios: to be simulated
        seeds: of the runs
        sets: parameter sets, of which each seed has its own; empty for parameters at their values
        jobs: processes; None for all cores
        progress: show a bar

    Returns:
        A row a run, with the column `trust_falls_faster` [contacts].
    """
    frame = ensemble_over(scenarios, seeds, sets, jobs, "simulating" if progress else None).frame
    by_name = {each.name: each for each in scenarios}
    pairs = zip(frame["scenario"], frame["seed"], strict=True)
    counts = [contacts_between(0.4, 0.6, by_name[name].drawn(set_of(sets, seed))) for name, seed in pairs]
    return frame.assign(trust_falls_faster=[up - down for up, down in counts])


def failing_runs(seeds: Sequence[int], sets: ParameterSets, jobs: int | None = None) -> pd.DataFrame:
    """Test each hypothesis at the parameter set, within the declared ranges, at which it should fail.

    Args:
        seeds: of the runs
        sets: parameter sets, of which each seed has its own; empty for parameters at their values
        jobs: processes; None for all cores

    Returns:
        A row a hypothesis: hypothesis, estimate, low, high, unit.
    """
    rows = []
    for item in HYPOTHESES:
        scenarios = [scenario(name, overrides=item.fails_with) for name in item.scenarios]
        estimate = item.judge(hypothesis_runs(scenarios, seeds, sets, jobs))
        rows.append((item.name, estimate.mean, estimate.low, estimate.high, item.unit))
    return pd.DataFrame(rows, columns=["hypothesis", "estimate", "low", "high", "unit"])


def prior_sets(n: int, seed: int) -> pd.DataFrame:
    """Return parameter sets drawn from the prior, a row a set, a column a parameter.

    Args:
        n: number of sets
        seed: of the draws
    """
    names = uncertain()
    shares = Luck(seed).table(Stream.PRIOR, 0, np.arange(n), np.arange(len(names)))
    values = np.stack([prior_value(name, shares[:, k]) for k, name in enumerate(names)], axis=1)
    return pd.DataFrame({name: [checked(name, float(v)) for v in values[:, k]] for k, name in enumerate(names)})


def seeds_of_sets(sets: int, seeds: int, count: int) -> list[int]:
    """Return different seeds for some runs of each of the first sets; the set of a seed is its remainder by `count`.

    Args:
        sets: number of the first sets
        seeds: number of runs of each
        count: number of all sets

    >>> seeds_of_sets(2, 2, 300)
    [0, 1, 300, 301]
    """
    return [number + count * again for again in range(seeds) for number in range(sets)]


def runs_over_sets(
    table: ParameterSets, sets: int, seeds: int, overrides: Mapping[str, Any], jobs: int | None, progress: bool
) -> pd.DataFrame:
    """Simulate the scenarios of all hypotheses over the first sets of a table.

    Args:
        table: of parameter sets
        sets: number of sets
        seeds: number of runs of a scenario in each set
        overrides: parameters that differ, by dotted name
        jobs: processes; None for all cores
        progress: show a bar

    Returns:
        A row a run; `set` is the number of its parameter set.
    """
    names = dict.fromkeys(name for item in HYPOTHESES for name in item.scenarios)
    scenarios = [scenario(name, overrides=overrides) for name in names]
    frame = hypothesis_runs(scenarios, seeds_of_sets(sets, seeds, len(table)), table, jobs, progress)
    return frame.assign(set=frame["seed"] % len(table))
