"""Calibrate the model: find the parameter sets that reproduce the published facts, stage by stage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.distance import fact_columns
from sim.analysis.fit import fit
from sim.calibration.effective_numbers import EffectiveNumbers
from sim.calibration.emulator import require_libraries
from sim.calibration.emulator_error import COLUMNS, joined
from sim.calibration.inference_data import chain_table
from sim.calibration.information import information_table
from sim.calibration.model_files import write_models
from sim.calibration.options import checked_options, models_folder, table_path
from sim.calibration.recovery import Effect, Recovery
from sim.calibration.rivals import RivalFits
from sim.calibration.rounds import StageResult
from sim.calibration.sampling import sampling
from sim.calibration.stages import Draw, planned_stages
from sim.calibration.study import KIND, CalibrationStudy
from sim.calibration.summary import FORMAT, Calibration
from sim.catalogue import targets as published
from sim.commands import call_of, origin
from sim.design.mechanisms import ITSELF
from sim.parameters import declared, uncertain
from sim.results.files import bytes_of, folder_at, writable, written
from sim.results.folder import require_kind
from sim.results.lock import lock_folder
from sim.results.store import Store
from sim.runs.engines.current import EngineOption, on_engine
from sim.runs.ensemble import ensemble
from sim.runs.models import models as averaged_models
from sim.runs.parallel import map_tasks
from sim.runs.posterior import parameter_sets, set_of


@on_engine
def calibrate(
    stages: Sequence[str] | None = None,
    *,
    stage: Mapping[str, Mapping[str, Any]] | None = None,
    targets: str | Path = "targets.csv",
    repeats: int = 40,
    draws: int = 1200,
    rounds: int = 4,
    extra_rounds: int = 1,
    largest_error: float = 0.5,
    sets: int = 300,
    shown: int = 100,
    truths: int = 0,
    rivals: str | Sequence[str] = (),
    rival_rounds: int = 2,
    seed: int = 1,
    overrides: Mapping[str, Any] | None = None,
    jobs: int | None = None,
    engine: EngineOption = None,
    progress: bool = True,
    out: str | Path | None = None,
    posterior: str | Path | None = None,
    models: str | Path | None = None,
) -> Calibration:
    """Calibrate the uncertain parameters against the published facts, and return their posterior.

    It needs the extra `calibration` (emcee, scikit-learn and ArviZ). The defaults take about twenty minutes on two cores.

    Args:
        stages: names of the stages, in order; None for all of `stage`
        stage: for each stage by its name `scenarios`, `until` (its last month), `parameters` (`all`, or a list of names and
            sections) and, if need be, `later` (parameters that a later stage estimates); a stage of the project keeps
            the keys that are left out; None for the two stages of the project
        targets: table of published facts, one of the project or a path
        repeats: number of runs at the defaults, to estimate the random variation of facts
        draws: number of runs per round
        rounds: number of rounds per stage
        extra_rounds: maximum number of additional rounds of the last stage while `largest_error` is exceeded; 0 for none.
            Rivals have the same number
        largest_error: largest acceptable error of surfaces at new draws, in the region of the posterior and for each group of
            patterns [share of the tolerance]
        sets: number of equally likely parameter sets of the posterior
        shown: number of these that are simulated for the comparison with the record
        truths: number of sets of the posterior that are simulated and added to the record, to test their recovery (posterior
            simulation-based calibration); at least 30, or 0 for no test. Each needs a chain and 61 pairs of runs until 2020
        rivals: names of mechanisms (or paths of files of the same form) that are fitted to the same record; `all` for
            those of the project
        rival_rounds: number of rounds of each rival
        seed: of the calibration's own random numbers
        overrides: parameters that are held fixed, by dotted name
        jobs: number of processes; None for all cores
        engine: where runs are simulated: dask, ray, slurm, a joblib backend, or a client; None for this machine
        progress: show progress bars
        out: folder for the draws, so that the same call resumes after a stop, and for the result, which
            `Calibration.load` reads; None for no folder
        posterior: another path for the table of parameter sets; None for none
        models: folder for the posterior of each averaged model and their weights by evidence (models.csv); for the project
            `configs/data`. These models are then fitted too; None for none

    Returns:
        The posterior, its diagnostics, and runs over it compared with the record.

    Raises:
        InputError: an option is wrong, the folder holds other work, or the extra `calibration` is missing

    Example:
        >>> result = sim.calibrate(draws=2000, rounds=4, out="results/calibrate")  # doctest: +SKIP
        >>> print(result.summary())  # doctest: +SKIP
        >>> runs = sim.ensemble("historical", 100, uncertainty="results/calibrate/posterior.csv")  # doctest: +SKIP
    """
    values = dict(locals())
    require_libraries()
    options = checked_options(values)
    planned, table, folder_of_models = planned_stages(options), table_path(posterior), models_folder(models)
    command = origin(call_of(calibrate, values))
    with _working_folder(out) as folder:
        if table is not None:
            writable(table.parent)
        study = CalibrationStudy(options, planned, folder)
        study.begin(command)
        with lock_folder(folder):
            result = _calibration(study, command, table)
            if folder_of_models is not None:
                _write_models(study, result, folder_of_models)
            return result.saved_in(out)


@contextmanager
def _working_folder(out: str | Path | None) -> Iterator[Path]:
    """Yield the folder for the draws; a temporary one if none is named."""
    if out is None:
        with TemporaryDirectory() as folder:
            yield Path(folder)
    else:
        yield writable(require_kind(folder_at(out), KIND))


def _calibration(study: CalibrationStudy, command: str, path: Path | None) -> Calibration:
    """Run a calibration with its tests and rivals."""
    results, options = study.run(), study.options
    table = study.table(study.completed(study.scores_of(results), options.sets))
    product = bytes_of(table, "csv", FORMAT)
    for place in filter(None, (study.folder / "posterior.csv", path)):
        written(place, product)
    rounds = [result.log.assign(stage=stage.name) for result, stage in zip(results, study.stages, strict=True)]
    information = information_table(results[-1], study.stages[-1])
    ranks, rivals = _ranks(study, results[-1]), _rivals(study, results)
    runs = _runs(study, len(table))
    return Calibration(
        posterior=table.map(lambda value: float(FORMAT % value)),
        rounds=pd.concat(rounds, ignore_index=True),
        information=information,
        runs=runs,
        fits=_fits(study, runs),
        distances=_distances(study, runs),
        chain=chain_table(results[-1], study.stages[-1]),
        sampling=sampling(results[-1].chain, study.stages[-1].parameters),
        errors=_errors(study, results),
        ranks=ranks,
        rivals=rivals,
        record={**_record(study, command), "effective": EffectiveNumbers.of(results[-1]).as_dict()},
    )


def _errors(study: CalibrationStudy, results: Sequence[StageResult]) -> pd.DataFrame | None:
    """Return the errors of the emulator of each stage at new draws; None after a single round."""
    tables = [result.errors.assign(stage=stage.name) for result, stage in zip(results, study.stages, strict=True)]
    return joined(tables)[["stage", *COLUMNS]] if all(map(len, tables)) else None


def _ranks(study: CalibrationStudy, result: StageResult) -> pd.DataFrame | None:
    """Return the ranks of known parameters and of the resulting effect in their posteriors; None without truths."""
    options, stage = study.options, study.stages[-1]
    if not options.truths:
        return None
    effect = Effect.of(stage.parameters, options.overrides)
    recovery = Recovery(stage.parameters, result.emulator, Draw(stage), effect, options.seed)
    truths = result.chain.scores[: options.truths]
    return recovery.table(truths, options.jobs, options.progress, study.folder / "parts" / "truths")


def _rivals(study: CalibrationStudy, results: Sequence[StageResult]) -> pd.DataFrame | None:
    """Return the table of the model and its rivals; None without rivals."""
    if not study.options.rivals:
        return None
    begin = study.completed(study.scores_of(results), study.options.draws)
    return RivalFits(study, begin).rows(results[-1])


def _write_models(study: CalibrationStudy, result: Calibration, folder: Path) -> None:
    """Write the posterior of each model and their weights by the evidence."""
    assert result.rivals is not None
    fits = RivalFits(study, [])
    others = [name for name in averaged_models()["model"] if name != ITSELF]
    write_models({ITSELF: result.posterior, **{name: fits.posterior(name) for name in others}}, result.rivals, folder)


def _runs(study: CalibrationStudy, sets: int) -> pd.DataFrame:
    """Return a run of each scenario of the last stage for each of the first parameter sets, with facts of pairs."""
    options, last = study.options, study.measured[-1]
    seeds, path = list(range(min(sets, options.shown))), str(study.folder / "posterior.csv")
    frame = ensemble(last.scenarios, seeds, options.jobs, uncertainty=path, progress=options.progress).frame
    pairs = last.of_pairs
    if not pairs.scenarios:
        return frame
    label = "the same runs in pairs" if options.progress else None
    values = parameter_sets(path)
    tasks = [(set_of(values, seed), seed, study.folder) for seed in seeds]
    figures = np.array(map_tasks(pairs.figures, tasks, options.jobs, label=label))
    names = [
        (scenario.name, name)
        for scenario, rows in zip(pairs.scenarios, pairs.facts, strict=True)
        for name in fact_columns(rows)
    ]
    for (scenario, name), values_of_seeds in zip(names, figures.T, strict=True):
        rows = frame["scenario"] == scenario
        frame.loc[rows, name] = frame.loc[rows, "seed"].map(dict(zip(seeds, values_of_seeds, strict=True)))
    return frame


def _fits(study: CalibrationStudy, runs: pd.DataFrame) -> pd.DataFrame:
    """Return the comparison of the runs of each scenario with the record."""
    record = published(study.options.targets)
    tables = []
    for scenario in study.measured[-1].scenarios:
        table = fit(runs[runs["scenario"] == scenario.name].set_index("seed"), record)
        table.insert(0, "scenario", scenario.name)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _distances(study: CalibrationStudy, runs: pd.DataFrame) -> pd.DataFrame:
    """Return the distance of each parameter set from the record, over all scenarios [tolerances]."""
    last = study.measured[-1]
    frames = [runs[runs["scenario"] == scenario.name].set_index("seed") for scenario in last.scenarios]
    figures = [
        rows_of_scenario.reindex(columns=fact_columns(rows))
        for rows_of_scenario, rows in zip(frames, last.facts, strict=True)
    ]
    joint = pd.concat(figures, axis=1, join="inner")
    distances = last.noisy_measure.distance(joint.to_numpy(dtype=float))
    return pd.DataFrame({"set": joint.index.to_numpy(dtype=int), "distance": distances})


def _record(study: CalibrationStudy, command: str) -> dict[str, Any]:
    """Return the record of a calibration."""
    last, options = study.measured[-1], study.options
    figures = np.array(last.default_figures)
    distance = float(np.median(last.noisy_measure.distance(figures))) if len(figures) else float("nan")
    return {
        "command": command,
        **study.start_record,
        "defaults": {name: float(declared(name)[0]) for name in uncertain()},
        "table": options.targets,
        "estimated": len(last.parameters),
        "truths": options.truths,
        "rivals": {rival.name: {**rival.values} for rival in options.rivals},
        "at_defaults": {"runs": len(figures), "distance": distance},
        "failed": len(Store(study.folder).failures()),
    }
