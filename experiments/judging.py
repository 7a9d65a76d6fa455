"""The hypotheses over many parameter sets: from the prior and from a posterior, each run with its own luck."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from omegaconf import OmegaConf

from sim import scenario
from sim.analysis.hypotheses import HYPOTHESES
from sim.calibration.stages import range_of
from sim.draws import Luck, Stream
from sim.parameters import checked, uncertain
from sim.results.files import bytes_of, written
from sim.runs.posterior import parameter_sets

from .command_line.options import overridden
from .scenarios import simulated


def prior_sets(n: int, seed: int) -> pd.DataFrame:
    """Parameter sets drawn from the prior, uniform in the declared ranges: a row a set, a column a parameter."""
    names = uncertain()
    low, high = np.array([range_of(name) for name in names]).T
    values = low + (high - low) * Luck(seed).table(Stream.PRIOR, 0, np.arange(n), np.arange(len(names)))
    return pd.DataFrame({name: [checked(name, float(v)) for v in values[:, k]] for k, name in enumerate(names)})


def seeds_of_sets(sets: int, seeds: int, known: int) -> list[int]:
    """Seeds for some runs of each of the first sets, none of them twice; a seed's set is its remainder by those known.

    >>> seeds_of_sets(2, 2, 300)
    [0, 1, 300, 301]
    """
    return [number + known * again for again in range(seeds) for number in range(sets)]


def judged_over(cfg: Any, table: str, sets: int, seeds: int) -> pd.DataFrame:
    """Runs of every scenario that a hypothesis needs, over the first sets of a table; `set` says which a run had.

    Args:
        cfg: the configuration of the program
        table: `posterior`, or the path of a table of its form
        sets: parameter sets
        seeds: runs of a scenario in each set
    """
    names = dict.fromkeys(name for item in HYPOTHESES for name in item.scenarios)
    cases = [scenario(name, set=overridden(cfg)) for name in names]
    known = len(parameter_sets(table))
    drawn = OmegaConf.merge(cfg, {"uncertainty": table})
    frame = simulated(cases, drawn, seeds_of_sets(sets, seeds, known), progress=True)
    return frame.assign(set=frame["seed"] % known)


def prior_written(cfg: Any, folder: Path) -> Path:
    """The prior's sets as a table of the posterior's form, from which replicates may draw."""
    return written(folder / "prior.csv", bytes_of(prior_sets(cfg.hypothesis_sets, cfg.prior_seed), "csv"))
