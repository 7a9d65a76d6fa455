"""Jobs of a sweep as an array of SLURM, submitted by submitit."""

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
"""Time between two queries of SLURM and the folder [s]."""

LATE = 10.0
"""Longest delay before a result appears in a shared folder after its job ended [s]."""

ENDED_STATES = {"BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED",
        "REVOKED", "SPECIAL_EXIT", "TIMEOUT"}  # fmt: skip
"""States of an ended job in SLURM."""


COMMON_KEYS = {
    "timeout_min",
    "cpus_per_task",
    "gpus_per_node",
    "tasks_per_node",
    "mem_gb",
    "nodes",
    "name",
    "stderr_to_stdout",
}
"""Options with the same name in submitit on every cluster."""


def job_errors(jobs: Sequence[Job], options: Mapping[str, Any]) -> list[str]:
    """Run jobs and return the error of each in one line, empty on success; an interruption cancels them.

    Args:
        jobs: one for each design point
        options: of the launcher: partition, timeout_min, mem_gb and the other keys of Hydra's submitit plugin

    Raises:
        InputError: SLURM rejects the jobs
    """
    from tqdm import tqdm

    queued = submit(jobs, dict(options))
    try:
        with tqdm(total=len(jobs), desc="sweeping", unit="point") as bar:
            errors = {}
            for name, error in ended_jobs(queued):
                errors[name] = error
                bar.update()
    except KeyboardInterrupt:
        subprocess.run(["scancel", array_id(queued)], check=False)
        raise
    return [errors[job.job_id] for job in queued]


def submit(jobs: Sequence[Job], options: dict[str, Any]) -> Sequence[Submitted[str]]:
    """Submit jobs to SLURM's queue and return them.

    Raises:
        InputError: SLURM rejects the jobs
    """
    import submitit

    options["cpus_per_task"] = options["cpus_per_task"] or jobs[0].cores
    folder, timeouts = Path(options.pop("submitit_folder")).absolute(), options.pop("max_num_timeout")
    try:
        executor = submitit.AutoExecutor(folder, cluster="slurm", slurm_max_num_timeout=timeouts)
        executor.update_parameters(
            **{key if key in COMMON_KEYS else f"slurm_{key}": value for key, value in options.items()}
        )
        with redirect_stderr(io.StringIO()):  # because submitit also prints its errors
            return executor.map_array(Job.__call__, jobs)
    except (RuntimeError, ValueError, OSError) as error:
        last_line = (str(error).strip().splitlines() or [""])[-1].removeprefix("sbatch: error: ")
        raise InputError(f"SLURM rejected the sweep: {last_line}") from None


def array_id(jobs: Sequence[Submitted[str]]) -> str:
    """Return the id of the array of jobs in SLURM."""
    return jobs[0].job_id.partition("_")[0]


def ended_jobs(jobs: Sequence[Submitted[str]]) -> Iterator[tuple[str, str]]:
    """Yield jobs as they end: id in SLURM and error.

    Not every cluster has the accounting that submitit queries; the queue lists each job until it has ended.
    """
    waiting, first_seen_gone = {job.job_id: job for job in jobs}, dict[str, float]()
    while waiting:
        states = queue_states(array_id(jobs))
        for name, job in list(waiting.items()):
            if job.paths.result_pickle.exists():
                yield name, error_of(job)
            elif states is not None and states.get(name, "gone") in {*ENDED_STATES, "gone"}:
                if time.monotonic() - first_seen_gone.setdefault(name, time.monotonic()) < LATE:
                    continue
                yield (
                    name,
                    f"SLURM ended job {name} ({states.get(name, 'gone').lower()}); see its output in {job.paths.stderr}",
                )
            else:
                first_seen_gone.pop(name, None)
                continue
            del waiting[name]
        if waiting:
            time.sleep(PAUSE)


def queue_states(array: str) -> dict[str, str] | None:
    """Return the state of each job of an array in the queue; None if SLURM does not answer."""
    squeue = ["squeue", "--noheader", "--array", "--states=all", f"--jobs={array}", "--format=%i %T"]
    answer = subprocess.run(squeue, capture_output=True, text=True, check=False)
    if answer.returncode:
        return {} if "Invalid job id" in answer.stderr else None
    return dict(line.split() for line in answer.stdout.splitlines())


def error_of(job: Submitted[str]) -> str:
    """Return the error of a job with a result, empty on success."""
    from submitit.core.utils import pickle_load

    outcome, result = pickle_load(job.paths.result_pickle)
    return result if outcome == "success" else result.strip().splitlines()[-1]
