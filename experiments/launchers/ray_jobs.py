"""Jobs of a sweep as tasks of a Ray cluster."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Sequence

from sim.commands import page
from sim.errors import InputError, counted

from . import Job, error_line

PATIENCE = 10
"""Longest wait for the head of a cluster [s]."""

PAUSE = 0.2
"""Time between two queries for ended tasks [s]."""


def job_errors(jobs: Sequence[Job], address: str) -> list[str]:
    """Run jobs and return the error of each in one line, empty on success.

    Args:
        jobs: one for each design point
        address: host and port of the cluster's head; "auto": RAY_ADDRESS or the cluster of this machine

    Raises:
        InputError: no cluster answers, or no node has as many cores as a job needs
    """
    import ray

    connect(address if address != "auto" else os.environ.get("RAY_ADDRESS") or address)
    try:
        most_cores = max((node["Resources"].get("CPU", 0) for node in ray.nodes() if node["Alive"]), default=0)
        if most_cores < jobs[0].cores:
            raise InputError(
                f"a job needs {jobs[0].cores} cores, and no node of the Ray cluster has more than {most_cores:g}; give fewer "
                f"`jobs`"
            )
        return wait_for_errors(jobs)
    finally:
        ray.shutdown()  # this ends running tasks


def connect(address: str) -> None:
    """Connect to a cluster.

    Raises:
        InputError: no usable cluster answers
    """
    import ray

    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # otherwise Ray warns about its next version
    previous_handler = signal.getsignal(signal.SIGTERM)
    try:
        if address != "auto":
            socket.create_connection(host_and_port(address), timeout=PATIENCE).close()
        code = {"env_vars": {"PYTHONPATH": os.environ["PYTHONPATH"]}}
        ray.init(address, runtime_env=code, log_to_driver=False, logging_level="ERROR")
    except (OSError, RuntimeError) as error:
        raise InputError(
            f"the Ray cluster at {address} cannot be used ({error_line(error)}); see {page('clusters.md')}"
        ) from None
    finally:
        signal.signal(signal.SIGTERM, previous_handler)  # Ray's own handler would end the program silently


def host_and_port(address: str) -> tuple[str, int]:
    """Return host and port of an address with or without a scheme.

    Raises:
        InputError: the address has no host or port
    """
    host, _, port = address.rpartition("://")[2].rpartition(":")
    if not (host and port.isdecimal()):
        raise InputError(f"the address of a Ray cluster must be HOST:PORT or `auto`; got {address!r}")
    return host.strip("[]"), int(port)


def wait_for_errors(jobs: Sequence[Job]) -> list[str]:
    """Run jobs and return the error of each after the last has ended."""
    import ray
    from tqdm import tqdm

    # A killed job is not retried: one that needs too much memory would be killed again and again.
    remote = ray.remote(num_cpus=jobs[0].cores, max_retries=0, scheduling_strategy="SPREAD")(run_on_node)
    waiting = {remote.remote(job): number for number, job in enumerate(jobs)}
    errors, nodes = [""] * len(jobs), set[str]()
    with tqdm(total=len(jobs), desc="sweeping", unit="point") as bar:
        while waiting:
            time.sleep(PAUSE)  # an interruption arrives here unchanged; Ray's own wait would convert it
            for job in ray.wait(list(waiting), num_returns=len(waiting), timeout=0)[0]:
                number = waiting.pop(job)
                try:
                    node, errors[number] = ray.get(job)
                    nodes.add(node)
                except ray.exceptions.RayError as error:
                    errors[number] = error_line(error)
                bar.update()
    print(f"{counted(len(jobs), 'point')} on {counted(len(nodes), 'node')} of Ray", file=sys.stderr)
    return errors


def run_on_node(job: Job) -> tuple[str, str]:
    """Run a job; return the node and the error."""
    import ray

    return ray.get_runtime_context().get_node_id(), job()
