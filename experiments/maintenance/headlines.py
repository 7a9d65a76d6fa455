"""Write the results that README, results, web page and reports quote first: python -m experiments.maintenance.headlines.

It reads the results of three commands, makes again two figures of the calibration from the parameter sets in configs/data
(400 runs), writes configs/data/headlines.csv, and brings README.md and docs/explanation/results.md up to date. The commands:

python -m experiments.predict
python -m experiments.predict question=backbone
python -m experiments.sweep uncertainty=structures seeds=30 out=results/sweep_models
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sim.analysis.backbone_effect import AVERAGE, EXAMINEES, POSTERIOR
from sim.analysis.doubling import Doubling, probability, reached
from sim.analysis.sweep_grid import EMERGENT, FACILITATION, NEVER
from sim.calibration.rivals import UNTIL, effect_of
from sim.configuration import scenario
from sim.design.mechanisms import ITSELF
from sim.findings.averaged_answer import Headline
from sim.results.files import bytes_of, path_of, written
from sim.results.result_folder import folder_with, require_one_model
from sim.runs.ensemble import ensemble_over
from sim.runs.headlines import COLUMNS, TABLE, headlines
from sim.runs.posterior import structure_sets
from sim.runs.streams import escape_what_cannot_be_encoded
from sim.sweeps.result import Sweep

from ..command_line.entry import exit_with_one_line
from . import doc_tables
from .answer import NOT_ASKING, SETS_OF_ONE_MODEL
from .odd_tables import update_pages

PAGES = doc_tables.PAGES[:2]
"""README and page of results."""

ARMS = {"with": "historical_emergent", "without": "no_backbone"}
"""Scenarios with a backbone and without."""

YEAR, STRENGTH = 2020, 0.8
"""Year of a doubling; facilitation of the sweep's point."""

SHARE, STUDENTS = "share of runs", "examinees in 2020"
"""Units."""

COMMANDS = {
    "doubled_with_backbone": "experiments.predict",
    "doubled_without_backbone": "experiments.predict",
    "doubled_without_window": "experiments.sweep uncertainty=structures seeds=30",
    "backbone_adds": "experiments.predict question=backbone",
    "backbone_adds_if_asked": "experiments.calibrate models=configs/data",
    "backbone_adds_if_not_asked": "experiments.calibrate models=configs/data",
}
"""Command that measures each quantity."""


def of_prediction(folder: str | Path) -> dict[str, Headline]:
    """Return the shares of runs that double with and without a backbone.

    Args:
        folder: of `experiments.predict`

    Raises:
        InputError: the folder holds no prediction of this model
    """
    results = folder_with(folder, "prediction")
    require_one_model({str(folder): results.manifest})
    table = results.table("doublings.csv", ("scenario", "by", "p", "low", "high"))
    rows = table[table["by"].astype(int) == YEAR].set_index("scenario")[["p", "low", "high"]].astype(float)
    return {f"doubled_{name}_backbone": Headline(SHARE, *rows.loc[arm]) for name, arm in ARMS.items()}


def of_effect(folder: str | Path) -> dict[str, Headline]:
    """Return the backbone's effect over all averaged models.

    Args:
        folder: of `experiments.predict question=backbone`

    Raises:
        InputError: the folder holds no backbone effect of this model
    """
    results = folder_with(folder, "backbone effect")
    require_one_model({str(folder): results.manifest})
    table = results.table("effects.csv", ("outcome", "over", "model", "effect", "low", "high"))
    rows = table.set_index(["outcome", "over", "model"])[["effect", "low", "high"]].astype(float)
    return {"backbone_adds": Headline(STUDENTS, *rows.loc[(EXAMINEES, POSTERIOR, AVERAGE)])}


def of_sweep(folder: str | Path) -> dict[str, Headline]:
    """Return the share of runs that double if policy windows never open.

    Args:
        folder: of a sweep over all averaged models with the point of STRENGTH and `timing=never`

    Raises:
        InputError: the folder holds no sweep of this model
    """
    sweep = Sweep.load(folder)
    require_one_model({str(folder): sweep.record})
    frame = sweep.frame
    free = frame[(frame["timing"] == NEVER) & (frame[FACILITATION] == STRENGTH) & (frame["dates"] == EMERGENT)]
    row = probability(free, ["timing"], reached(free, Doubling(by=YEAR))).iloc[0]
    return {"doubled_without_window": Headline(SHARE, row["p"], row["low"], row["high"])}


def of_models() -> dict[str, Headline]:
    """Return the backbone's effect in the two main models, from their stored parameter sets as a calibration measures it."""
    return {
        f"backbone_adds_if_{name}": effect_in(model) for name, model in (("asked", ITSELF), ("not_asked", NOT_ASKING))
    }


def effect_in(model: str, sets: int = SETS_OF_ONE_MODEL) -> Headline:
    """Return the backbone's effect on the examinees of 2020 in a model.

    Args:
        model: name in the table of models
        sets: number of its first parameter sets, a pair of runs each
    """
    scenarios = [scenario(name, overrides={"setting.until": UNTIL}) for name in ARMS.values()]
    effect = effect_of(
        ensemble_over(scenarios, range(sets), structure_sets(model), progress=model).frame, [*ARMS.values()]
    )
    return Headline(STUDENTS, effect["backbone"], effect["low"], effect["high"])


def table_of(results: Mapping[str, Headline]) -> pd.DataFrame:
    """Return the table of headlines: shares of two decimals, whole examinees."""
    rows = [(name, results[name].unit, *map(str, rounded(results[name])), text) for name, text in COMMANDS.items()]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def rounded(result: Headline) -> tuple[float | int, ...]:
    """Return value and ends of the interval as the table has them.

    >>> rounded(Headline(SHARE, 0.833, 0.7445, 0.891)), rounded(Headline(STUDENTS, 1951.2, 1534.0, 2365.4))
    ((0.83, 0.74, 0.89), (1951, 1534, 2365))
    """
    digits: Callable[[Any], float | int] = (lambda value: round(float(value), 2)) if result.unit == SHARE else round
    return tuple(digits(value) for value in (result.value, result.low, result.high))


def main() -> int:
    """Read, simulate and write; return the exit code; an input error ends the program with 2."""
    escape_what_cannot_be_encoded()
    with exit_with_one_line():
        results = of_prediction(path_of("results/predict")) | of_effect(path_of("results/backbone"))
        results |= of_sweep(path_of("results/sweep_models")) | of_models()
        written(TABLE, bytes_of(table_of(results), "csv"))
    headlines.cache_clear()
    print(f"written: {TABLE.name}")
    return update_pages(PAGES, doc_tables.TABLES)


if __name__ == "__main__":
    sys.exit(main())
