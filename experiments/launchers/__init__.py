"""Launchers: where the runs of a sweep are made. A cluster gets one job a design point; all nodes share the folder of parts."""

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
"""Launchers that not everybody has: the package, and the command that installs it."""


def check_launcher(name: Any) -> None:
    """Refuse a launcher whose package or whose cluster is not here.

    Raises:
        InputError: the input is not valid
    """
    package, wanted = NEEDED.get(str(name), ("hydra", ""))
    if find_spec(package) is None:
        raise InputError(f"`hydra/launcher={name}` needs the package {package}: `{wanted}`")
    if name == "submitit_slurm" and not (shutil.which("sbatch") and shutil.which("srun")):
        raise InputError(
            "there is no SLURM on this machine (no `sbatch` and `srun` on PATH); start from the cluster's login node"
        )


@dataclass(frozen=True)
class Job:
    """A design point on its way to another machine.

    Args:
        task: what runs a point
        point: its configuration
        folder: where the sweep was started: relative paths, `out` among them, mean the same on every node
    """

    task: Callable[[DictConfig], Any]
    point: dict[str, Any]
    folder: str

    @property
    def cores(self) -> int:
        """Processes that the point takes: one, unless `jobs` says more."""
        return int(self.point["jobs"] or 1)

    def __call__(self) -> str:
        """Run the point; its parts are in the shared folder. Returns what went wrong, in a line; nothing if all went well."""
        try:
            os.chdir(self.folder)
            self.task(OmegaConf.create(self.point))
        except Exception as error:
            return in_a_line(error)
        return ""


def jobs_of(task: Callable[[DictConfig], Any], points: Sequence[DictConfig]) -> list[Job]:
    """Return the jobs of design points, for nodes on which the folder of the project has the same path as here."""
    project = str(Path(sim.__file__).resolve().parents[1])
    paths = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys([project, *map(os.path.abspath, paths)]))
    plain = [OmegaConf.to_container(point) for point in points]
    return [Job(task, dict(point), str(Path.cwd())) for point in plain]


def in_a_line(error: BaseException) -> str:
    """What an error says, in a line."""
    said = str(error).strip().splitlines() or [""]
    return said[0] if isinstance(error, InputError) else f"{type(error).__name__}: {said[0]}"
