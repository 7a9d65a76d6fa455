"""Hydra launchers for the points of a sweep: `shared` here, all together; `ray` and `submitit_slurm` on a cluster."""

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
    """Return the package of the launchers, or a module of it; it has another name in the wheel than in a checkout."""
    return import_module(f"{programs_package()}.launchers{'.' if name else ''}{name}")


class SharedHistory(Launcher):
    """All cores of this machine, seed by seed, with every point of the design in one tree of histories."""

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Do nothing: the design is known."""

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """Run all points together, so that their shared history is simulated once and forked."""
        design = launchers("design")
        design.RUN_TOGETHER[-1](design.DESIGN)
        return [design.finished_job(overrides) for overrides in job_overrides]


class ClusterLauncher(Launcher):
    """One cluster job for each design point; a failed point is recorded and does not stop the others."""

    def __init__(self, **options: Any) -> None:
        self.options = options

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Store the function that runs a point."""
        self.task = task_function

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """Run every point and record its error."""
        design, jobs_of = launchers("design"), launchers().jobs_of
        numbers = range(initial_job_idx, initial_job_idx + len(job_overrides))
        jobs = jobs_of(self.task, [design.DESIGN[number][1] for number in numbers])
        design.CLUSTER_ERRORS.update(zip(numbers, self.errors_of(jobs), strict=True))
        return [design.finished_job(overrides) for overrides in job_overrides]

    @abstractmethod
    def errors_of(self, jobs: Sequence[Any]) -> list[str]:
        """Run jobs and return the error of each in one line, empty on success."""


class RayCluster(ClusterLauncher):
    """A running Ray cluster."""

    def errors_of(self, jobs: Sequence[Any]) -> list[str]:
        """Run jobs as tasks of Ray."""
        return launchers("ray_jobs").job_errors(jobs, **self.options)


class SlurmCluster(ClusterLauncher):
    """The SLURM cluster of this machine."""

    def errors_of(self, jobs: Sequence[Any]) -> list[str]:
        """Run jobs as an array of SLURM."""
        options = {key: OmegaConf.to_container(DictConfig({"": value}))[""] for key, value in self.options.items()}
        return launchers("slurm_jobs").job_errors(jobs, options)


def launcher_configurations() -> dict[str, Any]:
    """Return the options of each launcher with their defaults."""
    prefix = f"{__name__}."
    launcher_nodes: dict[str, Any] = {
        "shared": {"_target_": f"{prefix}SharedHistory"},
        "ray": {"_target_": f"{prefix}RayCluster", "address": "auto"},
    }
    if find_spec("hydra_plugins.hydra_submitit_launcher"):
        from hydra_plugins.hydra_submitit_launcher.config import SlurmQueueConf

        # The plugin's own launcher would abandon its other jobs after the first killed one, so only its keys are used.
        launcher_nodes["submitit_slurm"] = OmegaConf.structured(SlurmQueueConf(_target_=f"{prefix}SlurmCluster"))
    return launcher_nodes


for name, node in launcher_configurations().items():
    ConfigStore.instance().store(group="hydra/launcher", name=name, node=node)
