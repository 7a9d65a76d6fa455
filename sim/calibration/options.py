"""Options of a calibration, checked before it begins."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real
from pathlib import Path
from typing import Any

from sim.configuration import configs
from sim.design.mechanisms import ITSELF, RIVALS, Mechanism, mechanism, mechanisms
from sim.errors import InputError, flag, shown, whole_number
from sim.parameters import checked
from sim.results.files import path_of
from sim.runs.models import models
from sim.runs.parallel import processes
from sim.tables.yaml_file import document

MINIMUM = {
    "repeats": 0,
    "draws": 2,
    "rounds": 1,
    "extra_rounds": 0,
    "sets": 1,
    "shown": 1,
    "truths": 0,
    "rival_rounds": 2,
    "seed": 0,
}
"""Options that are whole numbers, with their minimum."""


@dataclass(frozen=True)
class CalibrationOptions:
    """Options of a calibration, from `checked_options`.

    Args:
        stages: names of the stages, in order
        stage: scenarios, last month and parameters of each stage, by its name
        targets: table of the published facts
        repeats: number of runs at the defaults, to estimate the random variation of facts
        draws: number of runs per round
        rounds: number of rounds per stage
        extra_rounds: maximum number of additional rounds of the last stage while `largest_error` is exceeded
        largest_error: largest acceptable error of surfaces at new draws, by group of patterns [share of the tolerance]
        sets: number of parameter sets of the posterior
        shown: number of these that are simulated for the comparison with the record
        truths: number of sets of the posterior that are simulated, to test their recovery
        rivals: other mechanisms that are fitted to the same record
        rival_rounds: number of rounds of each rival
        seed: of the calibration's own random numbers
        jobs: number of processes
        overrides: parameters that are held fixed, by dotted name
        progress: show progress bars
    """

    stages: tuple[str, ...]
    stage: Mapping[str, Any]
    targets: str = "targets.csv"
    repeats: int = 40
    draws: int = 1200
    rounds: int = 4
    extra_rounds: int = 1
    largest_error: float = 0.5
    sets: int = 300
    shown: int = 100
    truths: int = 0
    rivals: tuple[Mechanism, ...] = ()
    rival_rounds: int = 2
    seed: int = 1
    jobs: int = 1
    overrides: Mapping[str, Any] = field(default_factory=dict)
    progress: bool = True

    @property
    def deciding(self) -> dict[str, Any]:
        """The options that determine the posterior, without processes, tests and rivals."""
        keys = ("repeats", "draws", "rounds", "extra_rounds", "largest_error", "sets", "seed")
        numbers = {key: getattr(self, key) for key in keys}
        return {"stages": list(self.stages), "stage": dict(self.stage), **numbers}


def checked_options(values: Mapping[str, Any]) -> CalibrationOptions:
    """Return the options of a calibration from the arguments of `calibrate`.

    Args:
        values: arguments by name; `stage` None for the stages of the project, `stages` None for all of `stage`

    Raises:
        InputError: an option is wrong, or a mechanism or parameter is unknown
    """
    own = project_stages() if values["stage"] is None else values["stage"]
    if not isinstance(own, Mapping):
        raise InputError(f"`stage` must be a mapping of stages by name; got {shown(own)}")
    fixed = {} if values["overrides"] is None else values["overrides"]
    if not isinstance(fixed, Mapping):
        raise InputError(f"`overrides` must be a mapping of parameters by dotted name; got {shown(fixed)}")
    if "setting.until" in fixed:
        raise InputError("`setting.until` cannot be an override; set `until` in each `stage`")
    stages = different_names("stages", list(own) if values["stages"] is None else values["stages"])
    rivals = tuple(mechanisms(values["rivals"], "rivals", RIVALS))
    return CalibrationOptions(
        stages,
        stages_with(own, stages),
        str(values["targets"]),
        largest_error=positive_number("`largest_error`", values["largest_error"]),
        rivals=rivals if values.get("models") is None else rivals_with_models(rivals),
        jobs=processes(values["jobs"]),
        overrides={str(key): checked(str(key), value) for key, value in fixed.items()},
        progress=flag("progress", values["progress"]),
        **{key: whole_number(f"`{key}`", values[key], minimum) for key, minimum in MINIMUM.items()},
    )


def project_stages() -> dict[str, Any]:
    """Return the stages of the project, from `configs/experiment/calibrate.yaml`."""
    content = document(configs() / "experiment" / "calibrate.yaml")
    return dict(content["stage"])


def stages_with(own: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Return stages by name; some keys replace those of the project's stages.

    Args:
        own: keys to replace, by name of the stage
        names: of the stages of the calibration
    """
    project = project_stages()
    stages = {name: dict(project[name]) for name in names if name in project}
    for name, keys in own.items():
        changes = isinstance(keys, Mapping) and name in project
        stages[str(name)] = {**project[name], **keys} if changes else keys
    return stages


def rivals_with_models(rivals: tuple[Mechanism, ...]) -> tuple[Mechanism, ...]:
    """Return rivals, with the averaged models that are not among them added."""
    named = {rival.name for rival in rivals}
    missing = [name for name in models()["model"] if name not in named and name != ITSELF]
    return (*rivals, *map(mechanism, missing))


def different_names(key: str, names: Any) -> tuple[str, ...]:
    """Return a list of different names.

    Args:
        key: of the list, for messages
        names: the list

    Raises:
        InputError: it is not a list of names, or has one twice

    >>> different_names("stages", ["schools", "together"])
    ('schools', 'together')
    """
    listed = list(names) if isinstance(names, Sequence) and not isinstance(names, str) else [None]
    if not all(isinstance(name, str) for name in listed) or len({*listed}) < len(listed):
        raise InputError(f"`{key}` must be a list of different names; got {shown(names)}")
    return tuple(map(str, listed))


def table_path(posterior: str | Path | None) -> Path | None:
    """Return the additional path of the posterior; None for none.

    Raises:
        InputError: the path cannot be a table
    """
    if posterior is None:
        return None
    path = path_of(posterior)
    if path.suffix != ".csv" or (path.exists() and not path.is_file()):
        raise InputError(f"`posterior` must be the path of a table, such as posterior.csv; got {shown(posterior)}")
    return path


def positive_number(name: str, value: Any) -> float:
    """Return a number above 0.

    Raises:
        InputError: it is not such a number

    >>> positive_number("`largest_error`", 1)
    1.0
    """
    if isinstance(value, bool) or not isinstance(value, Real) or not 0.0 < float(value) < math.inf:
        raise InputError(f"{name} must be a number above 0; got {shown(value)}")
    return float(value)


def models_folder(folder: str | Path | None) -> Path | None:
    """Return the folder for the posteriors and weights of all models; None for none.

    Raises:
        InputError: it is not a folder
    """
    if folder is None:
        return None
    path = path_of(folder)
    if path.exists() and not path.is_dir():
        raise InputError(f"`models` must be the path of a folder, such as configs/data; got {shown(str(folder))}")
    return path
