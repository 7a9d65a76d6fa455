"""The jobs of a sweep as an array of SLURM, submitted by submitit."""

from __future__ import annotations

import io
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stderr
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError

from . import Job

if TYPE_CHECKING:
    from submitit import Job as Submitted

PAUSE = 2.0
"""How often SLURM and the folder are asked [s]."""

LATE = 10.0
"""How much later than the end of a job its result may be seen in a shared folder [s]."""

OVER = {"BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED",
        "REVOKED", "SPECIAL_EXIT", "TIMEOUT"}  # fmt: skip
"""States of a job that has ended, as SLURM calls them."""


COMMON = {
    "timeout_min",
    "cpus_per_task",
    "gpus_per_node",
    "tasks_per_node",
    "mem_gb",
    "nodes",
    "name",
    "stderr_to_stdout",
}
"""What submitit calls by the same name on every cluster."""


def outcomes(jobs: Sequence[Job], said: Mapping[str, Any]) -> list[str]:
    """What went wrong with each job, in a line; nothing where nothing did.

    Args:
        jobs: one a design point
        said: of the launcher: partition, timeout_min, mem_gb and the other keys of Hydra's submitit plugin

    Raises InputError where SLURM does not take them. An interruption takes them back.
    """
    from tqdm import tqdm

    taken = submitted(jobs, dict(said))
    try:
        with tqdm(total=len(jobs), desc="sweeping", unit="point") as bar:
            found = {}
            for name, why in ended(taken):
                found[name] = why
                bar.update()
    except KeyboardInterrupt:
        subprocess.run(["scancel", array_of(taken)], check=False)
        raise
    return [found[job.job_id] for job in taken]


def submitted(jobs: Sequence[Job], said: dict[str, Any]) -> Sequence[Submitted[str]]:
    """Return the jobs in SLURM's queue.

    Raises:
        InputError: it does not take them
    """
    import submitit

    said["cpus_per_task"] = said["cpus_per_task"] or jobs[0].cores
    folder, timeouts = Path(said.pop("submitit_folder")).absolute(), said.pop("max_num_timeout")
    try:
        executor = submitit.AutoExecutor(folder, cluster="slurm", slurm_max_num_timeout=timeouts)
        executor.update_parameters(**{key if key in COMMON else f"slurm_{key}": value for key, value in said.items()})
        with redirect_stderr(io.StringIO()):  # submitit prints what it raises
            return executor.map_array(Job.__call__, jobs)
    except (RuntimeError, ValueError, OSError) as error:
        said_last = (str(error).strip().splitlines() or [""])[-1].removeprefix("sbatch: error: ")
        raise InputError(f"SLURM does not take the sweep: {said_last}") from None


def array_of(jobs: Sequence[Submitted[str]]) -> str:
    """What SLURM calls all of the jobs together."""
    return jobs[0].job_id.partition("_")[0]


def ended(jobs: Sequence[Submitted[str]]) -> Iterator[tuple[str, str]]:
    """Jobs as they end, by SLURM's name, and what went wrong with each.

    Accounting, which submitit asks, is not kept by every cluster; the queue knows of each job until it has ended.
    """
    waiting, gone = {job.job_id: job for job in jobs}, dict[str, float]()
    while waiting:
        states = states_of(array_of(jobs))
        for name, job in list(waiting.items()):
            if job.paths.result_pickle.exists():
                yield name, why(job)
            elif states is not None and states.get(name, "gone") in {*OVER, "gone"}:
                if time.monotonic() - gone.setdefault(name, time.monotonic()) < LATE:
                    continue
                yield (
                    name,
                    f"SLURM ended job {name} ({states.get(name, 'gone').lower()}); its output: {job.paths.stderr}",
                )
            else:
                gone.pop(name, None)
                continue
            del waiting[name]
        if waiting:
            time.sleep(PAUSE)


def states_of(array: str) -> dict[str, str] | None:
    """State of each job of an array that the queue still knows; None where SLURM does not answer just now."""
    asked = ["squeue", "--noheader", "--array", "--states=all", f"--jobs={array}", "--format=%i %T"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False)
    if said.returncode:
        return {} if "Invalid job id" in said.stderr else None
    return dict(line.split() for line in said.stdout.splitlines())


def why(job: Submitted[str]) -> str:
    """What went wrong with a job that left a result; nothing if nothing did."""
    from submitit.core.utils import pickle_load

    outcome, result = pickle_load(job.paths.result_pickle)
    return result if outcome == "success" else result.strip().splitlines()[-1]
