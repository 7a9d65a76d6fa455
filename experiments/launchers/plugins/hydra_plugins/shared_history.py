"""A Hydra launcher that runs all points of a sweep together, so that what they share is simulated once and forked."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from hydra.core.config_store import ConfigStore
from hydra.core.utils import JobReturn
from hydra.plugins.launcher import Launcher
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig

from sim.commands import programs_package


class SharedHistory(Launcher):
    """All cores of this machine, seed by seed, every point of the design in one tree of histories."""

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Nothing is needed: the design is known."""

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """Run all points together."""
        design = import_module(f"{programs_package()}.launchers.design")
        design.TOGETHER[-1](design.DESIGN)
        return [design.done(overrides) for overrides in job_overrides]


ConfigStore.instance().store(
    group="hydra/launcher", name="shared", node={"_target_": "hydra_plugins.shared_history.SharedHistory"}
)
