"""Launchers of sweeps: a cluster runs one job for each design point; all nodes share the results folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

import sim
from sim.commands import install, is_installed
from sim.errors import InputError

NEEDED = {
    "ray": ("ray", "pip install ray" if is_installed() else "pip install -r requirements-ray.txt -c requirements.lock"),
    "submitit_slurm": ("submitit", install("slurm")),
    "submitit_local": ("submitit", install("slurm")),
}
"""Optional launchers: their package, and the command that installs it."""


def check_launcher(name: Any) -> None:
    """Check that the package and the cluster of a launcher are available.

    Raises:
        InputError: one of them is missing
    """
    package, install_command = NEEDED.get(str(name), ("hydra", ""))
    if find_spec(package) is None:
        raise InputError(f"`hydra/launcher={name}` needs the package {package}; install it with `{install_command}`")
    if name == "submitit_slurm" and not (shutil.which("sbatch") and shutil.which("srun")):
        raise InputError(
            "SLURM is not available on this machine (no `sbatch` and `srun` on PATH); start from the cluster's login node"
        )


@dataclass(frozen=True)
class Job:
    """A design point to run on another machine.

    Args:
        task: function that runs a point
        point: its configuration
        folder: start folder of the sweep, so that relative paths, `out` among them, mean the same on every node
    """

    task: Callable[[DictConfig], Any]
    point: dict[str, Any]
    folder: str

    @property
    def cores(self) -> int:
        """Number of processes of the point: `jobs`, or one."""
        return int(self.point["jobs"] or 1)

    def __call__(self) -> str:
        """Run the point, which writes its parts to the shared folder; return an error in one line, empty on success."""
        try:
            os.chdir(self.folder)
            self.task(OmegaConf.create(self.point))
        except Exception as error:
            return error_line(error)
        return ""


def jobs_of(task: Callable[[DictConfig], Any], points: Sequence[DictConfig]) -> list[Job]:
    """Return the jobs of design points, for nodes that see the project under the same path."""
    project = str(Path(sim.__file__).resolve().parents[1])
    paths = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys([project, *map(os.path.abspath, paths)]))
    configurations = [OmegaConf.to_container(point) for point in points]
    return [Job(task, dict(point), str(Path.cwd())) for point in configurations]


def error_line(error: BaseException) -> str:
    """Return an error in one line."""
    lines = str(error).strip().splitlines() or [""]
    return lines[0] if isinstance(error, InputError) else f"{type(error).__name__}: {lines[0]}"
