"""Hydra launchers that run the points of a sweep: `shared` here, all together; `ray` and `submitit_slurm` on a cluster."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from hydra.core.config_store import ConfigStore
from hydra.core.utils import JobReturn
from hydra.plugins.launcher import Launcher
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, OmegaConf

from sim.commands import programs_package


def launchers(name: str = "") -> ModuleType:
    """Return the package of the launchers, or a module of it; it has one name in a checkout and another in the wheel."""
    return import_module(f"{programs_package()}.launchers{'.' if name else ''}{name}")


class SharedHistory(Launcher):
    """All cores of this machine, seed by seed, every point of the design in one tree of histories."""

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Nothing is needed: the design is known."""

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """Run all points together, so that what they share is simulated once and forked."""
        design = launchers("design")
        design.TOGETHER[-1](design.DESIGN)
        return [design.done(overrides) for overrides in job_overrides]


class OnCluster(Launcher):
    """One job of a cluster a design point. A point that fails is noted, and stops no other."""

    def __init__(self, **said: Any) -> None:
        self.said = said

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Keep what runs a point."""
        self.task = task_function

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """Run every point, and note what went wrong with which."""
        design, jobs_of = launchers("design"), launchers().jobs_of
        numbers = range(initial_job_idx, initial_job_idx + len(job_overrides))
        jobs = jobs_of(self.task, [design.DESIGN[number][1] for number in numbers])
        design.ELSEWHERE.update(zip(numbers, self.outcomes(jobs), strict=True))
        return [design.done(overrides) for overrides in job_overrides]

    @abstractmethod
    def outcomes(self, jobs: Sequence[Any]) -> list[str]:
        """Run jobs; what went wrong with each in a line, nothing where nothing did."""


class RayCluster(OnCluster):
    """A Ray cluster that is there already."""

    def outcomes(self, jobs: Sequence[Any]) -> list[str]:
        """Run jobs as tasks of Ray."""
        return launchers("ray_jobs").outcomes(jobs, **self.said)


class SlurmCluster(OnCluster):
    """The SLURM cluster to which this machine belongs."""

    def outcomes(self, jobs: Sequence[Any]) -> list[str]:
        """Run jobs as an array of SLURM."""
        options = {key: OmegaConf.to_container(DictConfig({"": v}))[""] for key, v in self.said.items()}
        return launchers("slurm_jobs").outcomes(jobs, options)


def choices() -> dict[str, Any]:
    """What may be said of each launcher, and the defaults."""
    here = f"{__name__}."
    found: dict[str, Any] = {
        "shared": {"_target_": f"{here}SharedHistory"},
        "ray": {"_target_": f"{here}RayCluster", "address": "auto"},
    }
    if find_spec("hydra_plugins.hydra_submitit_launcher"):
        from hydra_plugins.hydra_submitit_launcher.config import SlurmQueueConf

        # The keys of the plugin's own, which would leave its other jobs alone at the first that is killed.
        found["submitit_slurm"] = OmegaConf.structured(SlurmQueueConf(_target_=f"{here}SlurmCluster"))
    return found


for name, node in choices().items():
    ConfigStore.instance().store(group="hydra/launcher", name=name, node=node)
