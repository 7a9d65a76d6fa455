"""Clusters of Dask that are started for one study: workers on this machine, or jobs of SLURM."""

from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sim.errors import InputError
from sim.runs.engines.options import SLURM, Engine, cores

NO_DASHBOARD = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}
"""Options of a scheduler; it opens a port for its state in any case, and warns if a fixed one is in use."""

MEMORY, MINUTES = "2GB", 60
"""Memory and time limit [min] of a worker on SLURM, unless the user gives others."""


@contextmanager
def started_cluster(engine: Engine) -> Iterator[Any]:
    """Start a cluster for a `with` block.

    Args:
        engine: dask for workers on this machine, slurm for jobs

    Raises:
        InputError: SLURM rejects the jobs
    """
    from distributed import LocalCluster

    if engine.name == SLURM:
        with _slurm_cluster(engine) as cluster:
            yield cluster
        return
    with (
        tempfile.TemporaryDirectory(prefix="dask-") as folder,
        LocalCluster(
            n_workers=engine.workers or cores(),
            threads_per_worker=1,
            scheduler_kwargs=NO_DASHBOARD,
            local_directory=folder,
            silence_logs=logging.CRITICAL,  # a worker that ends a moment after the scheduler would log a traceback
        ) as cluster,
    ):
        yield cluster


@contextmanager
def _slurm_cluster(engine: Engine) -> Iterator[Any]:
    """Submit a job for each worker, and wait for the first one.

    Raises:
        InputError: SLURM rejects a job
    """
    from dask_jobqueue import SLURMCluster

    minutes = engine.minutes or MINUTES
    with SLURMCluster(
        cores=1,
        processes=1,
        memory=engine.memory or MEMORY,
        queue=engine.partition,
        walltime=f"{minutes // 60:02d}:{minutes % 60:02d}:00",
        python=sys.executable,
        job_extra_directives=["--output=/dev/null", *engine.directives],
        scheduler_options=NO_DASHBOARD,
    ) as cluster:
        script = cluster.job_script()
        problem = _problem_of(script)
        if problem:
            raise InputError(f"SLURM rejected the jobs: {problem}")
        cluster.scale(jobs=engine.workers or 1)
        sys.stderr.write("waiting for the first worker in the queue of SLURM\n")
        cluster.wait_for_workers(1)
        yield cluster


def _problem_of(script: str) -> str:
    """Return why SLURM would reject a job, by asking it without submitting; empty if it would not."""
    with tempfile.NamedTemporaryFile("w", suffix=".sh") as file:
        file.write(script)
        file.flush()
        answer = subprocess.run(["sbatch", "--test-only", file.name], capture_output=True, text=True, check=False)
    lines = [line for line in answer.stderr.strip().splitlines() if line]
    return (
        lines[-1].removeprefix("allocation failure: ").removeprefix("sbatch: error: ")
        if answer.returncode and lines
        else ""
    )
