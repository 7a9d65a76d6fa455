"""The jobs of a sweep as tasks of a Ray cluster."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Sequence

from sim.commands import page
from sim.errors import InputError, counted

from . import Job, in_a_line

PATIENCE = 10
"""How long the head of a cluster may take to answer [s]."""

PAUSE = 0.2
"""How often Ray is asked for what has ended [s]."""


def outcomes(jobs: Sequence[Job], address: str) -> list[str]:
    """What went wrong with each job, in a line; nothing where nothing did.

    Args:
        jobs: one a design point
        address: host and port of the cluster's head; "auto" for what RAY_ADDRESS says or this machine belongs to

    Raises InputError where no cluster answers, or where none of its nodes has as many cores as a job takes.
    """
    import ray

    join(address if address != "auto" else os.environ.get("RAY_ADDRESS") or address)
    try:
        most = max((node["Resources"].get("CPU", 0) for node in ray.nodes() if node["Alive"]), default=0)
        if most < jobs[0].cores:
            raise InputError(
                f"a job takes {jobs[0].cores} cores (`jobs`), and no node of the Ray cluster has more than {most:g}"
            )
        return ended(jobs)
    finally:
        ray.shutdown()  # ends what still runs


def join(address: str) -> None:
    """Become a client of a cluster.

    Raises:
        InputError: none answers that can be used
    """
    import ray

    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # without it Ray warns of its next version
    before = signal.getsignal(signal.SIGTERM)
    try:
        if address != "auto":
            socket.create_connection(place(address), timeout=PATIENCE).close()
        code = {"env_vars": {"PYTHONPATH": os.environ["PYTHONPATH"]}}
        ray.init(address, runtime_env=code, log_to_driver=False, logging_level="ERROR")
    except (OSError, RuntimeError) as error:
        raise InputError(
            f"no Ray cluster can be used at {address} ({in_a_line(error)}); see {page('clusters.md')}"
        ) from None
    finally:
        signal.signal(signal.SIGTERM, before)  # Ray's own would end the program without a word


def place(address: str) -> tuple[str, int]:
    """Host and port of an address, with or without a scheme.

    Raises:
        InputError: what is none
    """
    host, _, port = address.rpartition("://")[2].rpartition(":")
    if not (host and port.isdecimal()):
        raise InputError(f"the head of a Ray cluster is given as HOST:PORT, or `auto`; got {address!r}")
    return host.strip("[]"), int(port)


def ended(jobs: Sequence[Job]) -> list[str]:
    """What went wrong with each job, once the last has ended."""
    import ray
    from tqdm import tqdm

    # What is killed is not tried again: a job that wants too much memory would be killed for ever.
    remote = ray.remote(num_cpus=jobs[0].cores, max_retries=0, scheduling_strategy="SPREAD")(on_a_node)
    waiting = {remote.remote(job): number for number, job in enumerate(jobs)}
    said, nodes = [""] * len(jobs), set[str]()
    with tqdm(total=len(jobs), desc="sweeping", unit="point") as bar:
        while waiting:
            time.sleep(PAUSE)  # here an interruption comes as what it is; Ray's own waiting makes another of it
            for job in ray.wait(list(waiting), num_returns=len(waiting), timeout=0)[0]:
                number = waiting.pop(job)
                try:
                    node, said[number] = ray.get(job)
                    nodes.add(node)
                except ray.exceptions.RayError as error:
                    said[number] = in_a_line(error)
                bar.update()
    print(f"{counted(len(jobs), 'point')} on {counted(len(nodes), 'node')} of Ray", file=sys.stderr)
    return said


def on_a_node(job: Job) -> tuple[str, str]:
    """Return the node that a job runs on, and what went wrong there."""
    import ray

    return ray.get_runtime_context().get_node_id(), job()
