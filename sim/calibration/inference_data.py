"""A calibration as data for ArviZ: posterior, log likelihoods, simulated and published figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from sim.calibration.emulator import Emulator
from sim.calibration.information import DATES
from sim.calibration.rounds import StageResult
from sim.calibration.sampling import has_arviz
from sim.calibration.stages import Stage
from sim.declare import Fact
from sim.design.factors import prior_value
from sim.errors import InputError

LIKELIHOOD = "log_likelihood: "
"""Prefix of the columns of log likelihoods."""

AT_ONCE = 2000
"""Number of sets whose likelihoods are computed together, to limit memory."""


def chain_table(result: StageResult, stage: Stage) -> pd.DataFrame:
    """Return the chain of a stage as a table, one row per walker and step.

    Args:
        result: of the stage
        stage: that was run

    Returns:
        columns chain (a walker), draw, the value of each estimated parameter, and the log likelihood of each published
        figure, in single precision.
    """
    from scipy.special import ndtr

    walkers = result.chain.walkers
    chains, draws, parameters = walkers.shape
    scores = walkers.reshape(-1, parameters)
    values = np.column_stack([prior_value(name, ndtr(scores[:, k])) for k, name in enumerate(stage.parameters)])
    parts = [result.emulator.log_likelihood_by_fact(scores[k : k + AT_ONCE]) for k in range(0, len(scores), AT_ONCE)]
    names = [*stage.parameters, *[f"{LIKELIHOOD}{name}" for name in answers(result.emulator, stage)]]
    numbers = pd.DataFrame(np.hstack((values, np.concatenate(parts))).astype(np.float32), columns=names)
    numbers.insert(0, "chain", np.repeat(np.arange(chains), draws))
    numbers.insert(1, "draw", np.tile(np.arange(draws), chains))
    return numbers


def answers(emulator: Emulator, stage: Stage) -> list[str]:
    """Return the names of the surfaces, of the flag of near dates, and of the yes-or-no facts, in their order."""
    names = np.array(
        [
            fact_name(scenario.name, Fact(*row).column)
            for scenario, rows in zip(stage.scenarios, stage.facts, strict=True)
            for row in rows[list(Fact._fields)].itertuples(index=False)
        ]
    )
    measure = emulator.measure
    dates = [DATES] if measure.dated.any() else []
    return [*names[measure.smooth], *dates, *names[~measure.smooth & ~measure.dated]]


def fact_name(scenario: str, column: str) -> str:
    """Return the name of a fact with its scenario.

    >>> fact_name("historical", "partners/2013/network")
    'historical: partners/2013/network'
    """
    return f"{scenario}: {column}"


def to_arviz(chain: pd.DataFrame, runs: pd.DataFrame, record: Mapping[str, Any]) -> Any:
    """Return a calibration as data for ArviZ, as described in `Calibration.to_arviz`.

    Args:
        chain: of a calibration
        runs: over its posterior
        record: of the calibration

    Raises:
        InputError: ArviZ is not installed
    """
    if not has_arviz():
        raise InputError("ArviZ is not installed; install the extra `calibration` as the README says")
    from arviz_base import from_dict  # type: ignore[import-untyped, import-not-found, unused-ignore]

    shape = (chain["chain"].nunique(), chain["draw"].nunique())
    names = [str(name) for name in chain.columns[2:]]
    likelihoods = [name for name in names if name.startswith(LIKELIHOOD)]
    parameters = [name for name in names if name not in set(likelihoods)]
    density = chain[likelihoods].to_numpy().reshape(*shape, len(likelihoods))
    published, simulated = _figures(runs, record["targets"])
    groups: Any = {
        "posterior": {name: chain[name].to_numpy().reshape(shape) for name in parameters},
        "log_likelihood": {"record": density},
        "posterior_predictive": {"figure": simulated[None]},
        "observed_data": {"figure": published.to_numpy()},
    }
    coordinates = {"fact": list(published.index), "answer": [name.removeprefix(LIKELIHOOD) for name in likelihoods]}
    attributes = {"created_by": record["command"], "model": record["model"]}
    return from_dict(
        groups,
        coords=coordinates,
        dims={"figure": ["fact"], "record": ["answer"]},
        attrs=dict.fromkeys(groups, attributes),
    )


def _figures(runs: pd.DataFrame, targets: Mapping[str, Any]) -> tuple[pd.Series[float], Any]:
    """Return the published figures that were simulated, by name, and the simulated ones, shape (sets, facts)."""
    of_scenario = {str(name): rows.set_index("seed") for name, rows in runs.groupby("scenario", sort=False)}
    published, simulated = {}, []
    for name, (value, _) in targets.items():
        scenario, _, column = name.partition(": ")
        if scenario in of_scenario and column in of_scenario[scenario]:
            published[name] = float(value)
            simulated.append(pd.to_numeric(of_scenario[scenario][column]))
    joint = pd.concat(simulated, axis=1, join="inner")
    return pd.Series(published, dtype=float), joint.to_numpy(dtype=float)
