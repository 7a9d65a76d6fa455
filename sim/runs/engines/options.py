"""The choice of an engine with its options, checked before anything runs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

from sim.commands import install, is_installed, page
from sim.errors import InputError, is_one_of, shown, suggestion, whole_number

if TYPE_CHECKING:
    from distributed import Client

type EngineOption = str | Mapping[str, Any] | Client | ModuleType | None
"""What the keyword `engine` takes: a name, a mapping with `name` and options, a client of Dask, or `ray` when initialised."""

DASK, RAY, SLURM = "dask", "ray", "slurm"

CLUSTERS = (DASK, RAY, SLURM)
"""Engines that run on other machines."""

TAKES = {DASK: ("address", "workers"), RAY: ("address", "workers"),
         SLURM: ("workers", "partition", "memory", "minutes", "directives")}  # fmt: skip
"""Options that each engine takes."""

PACKAGES = {DASK: ("dask", "distributed"), RAY: ("ray",), SLURM: ("distributed", "dask_jobqueue")}
"""Packages that each engine needs."""

MOST_WORKERS = 10_000
"""Most workers; a greater number is a typing error."""


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Engine:
    """Where many runs are simulated.

    Args:
        name: dask, ray, slurm, or a backend of joblib
        address: of the scheduler of Dask, `tcp://host:8786`, or of the head of Ray, `host:6379`; None: one of this machine
        workers: number of workers that are started; None: as many as this machine has cores, or one on SLURM
        partition: of SLURM; None for its default
        memory: of each worker on SLURM, for example `2GB`
        minutes: time limit of each worker on SLURM [min]
        directives: further options of `sbatch`, for example `--account=mine`
        client: of Dask, or the module ray, which the user opened and closes

    Raises:
        InputError: an option is wrong, is not one of this engine, or a package is missing
    """

    name: str
    address: str | None = None
    workers: int | None = None
    partition: str | None = None
    memory: str | None = None
    minutes: int | None = None
    directives: tuple[str, ...] = ()
    client: Any = None

    def __post_init__(self) -> None:
        """Check every option.

        Raises:
            InputError: see the class
        """
        backends = joblib_backends()
        if not is_one_of(self.name, (*CLUSTERS, *backends)):
            listed = ", ".join((*CLUSTERS, *backends))
            near = suggestion(self.name, [*CLUSTERS, *backends])
            raise InputError(f"`engine` must be one of {listed}; got {shown(self.name)}{near}")
        for key in TAKES[SLURM] + ("address",):
            if getattr(self, key) not in (None, ()) and key not in TAKES.get(self.name, ()):
                raise InputError(f"`engine={self.name}` does not take `cluster.{key}`; leave it out")
        for key, most in (("workers", MOST_WORKERS), ("minutes", 1_000_000)):
            if getattr(self, key) is not None:
                whole_number(f"`cluster.{key}`", getattr(self, key), 1, most)
        for key in ("address", "partition", "memory"):
            if getattr(self, key) is not None and not (
                isinstance(getattr(self, key), str) and getattr(self, key).strip()
            ):
                raise InputError(f"`cluster.{key}` must be text; got {shown(getattr(self, key))}")
        if self.address is not None and self.workers is not None:
            raise InputError("`cluster.workers` is the number of workers to start; leave it out with `cluster.address`")
        self._check_packages()

    def _check_packages(self) -> None:
        missing = [name for name in PACKAGES.get(self.name, ()) if find_spec(name) is None]
        if missing and self.name == RAY:
            ray = "pip install ray" if is_installed() else "pip install -r requirements-ray.txt -c requirements.lock"
            raise InputError(f"`engine=ray` needs the package ray; install it with `{ray}`")
        if missing:
            raise InputError(
                f"`engine={self.name}` needs the package {missing[0]}; install it with `{install('cluster')}`"
            )
        if self.name == SLURM and shutil.which("sbatch") is None:
            raise InputError(
                "`engine=slurm` needs the command `sbatch`, which is not on PATH; start from a login node of the cluster "
                f"({page('clusters.md')})"
            )


def joblib_backends() -> tuple[str, ...]:
    """Return the names of the registered backends of joblib, without those of Dask and Ray."""
    from joblib.parallel import BACKENDS

    return tuple(name for name in BACKENDS if name not in CLUSTERS)


def engine_of(value: EngineOption) -> Engine | None:
    """Return an engine from what the user gave; None for the processes of this machine.

    Args:
        value: of the keyword `engine`

    Raises:
        InputError: the value is not an engine, or an option is wrong

    >>> engine_of("threading").name, engine_of(None)
    ('threading', None)
    """
    if value is None:
        return None
    if isinstance(value, str):
        return Engine(value)
    if isinstance(value, Mapping):
        return _from_mapping(value)
    if isinstance(value, ModuleType) and value.__name__ == RAY:
        if not value.is_initialized():
            raise InputError(
                '`engine` is the module ray, which is not connected; call `ray.init()` first, or give `engine="ray"`'
            )
        return Engine(RAY, client=value)
    if type(value).__module__.partition(".")[0] == "distributed" and hasattr(value, "scheduler_info"):
        return Engine(DASK, client=value)
    raise InputError(
        f"`engine` must be a name, a mapping with `name` and options, or a client of Dask; got {shown(value)}"
    )


def _from_mapping(value: Mapping[Any, Any]) -> Engine | None:
    names = [field.name for field in fields(Engine) if field.name != "client"]
    for key in value:
        if key not in names:
            advice = suggestion(str(key), names) or f"; it has {', '.join(names)}"
            raise InputError(f"unknown option {shown(key)} of `engine`{advice}")
    options = {key: each for key, each in value.items() if each is not None}
    directives = options.get("directives", ())
    if isinstance(directives, str) or not all(isinstance(each, str) for each in directives):
        raise InputError(f"`cluster.directives` must be a list of options of sbatch; got {shown(directives)}")
    if "name" in options:
        return Engine(**options | {"directives": tuple(directives)})
    if options and options != {"directives": []}:
        key = next(key for key in options)
        raise InputError(f"`cluster.{key}` needs an engine; add `engine=dask`, `engine=ray` or `engine=slurm`")
    return None
