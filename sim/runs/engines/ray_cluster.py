"""Workers of Ray: a cluster that someone started, or one of this machine.

Tasks are remote functions of Ray and not of joblib's Ray backend, which returns no result before the last task has ended and
fails when a worker is lost.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sim.commands import page
from sim.errors import InputError
from sim.runs.engines.options import Engine, cores
from sim.runs.engines.packing import run_packed
from sim.runs.engines.protocol import CONTINUES, LOST, Result, Watch, Window
from sim.runs.engines.versions import probe, require_equal, versions

PATIENCE = 10.0
"""Longest wait for the head of a cluster [s]."""

PAUSE = 0.02
"""Time between two queries for ended tasks [s]; an interruption arrives in it unchanged, while Ray's own wait converts it."""

STARTING = 300.0
"""Longest wait for the first answer of a node, which starts a worker for it [s]."""

RETRIES = 3
"""How often a task runs again after its worker or its machine was lost."""


@dataclass
class RayWorkers:
    """Workers of a Ray cluster, each with one core.

    Args:
        ray: the module, connected to the cluster
    """

    ray: Any

    @property
    def number(self) -> int:
        """Number of workers at present."""
        return int(self.ray.cluster_resources().get("CPU", 0))

    def map(self, tasks: Iterator[bytes]) -> Iterator[Result]:
        """Run packed tasks; see `sim.runs.engines.protocol.Workers`.

        Args:
            tasks: from `sim.runs.engines.packing.packed`

        Raises:
            InputError: the cluster does not answer any more, or a task ended several workers
        """
        remote = self._remote(run_packed, "SPREAD")
        numbered, window = enumerate(tasks), Window(lambda: self.number)
        waiting = {remote.remote(task): n for n, task in islice(numbered, window.most())}
        try:
            watch = Watch("Ray", window.workers, LOST)
            while waiting:
                ended, _ = self.ray.wait(list(waiting), num_returns=len(waiting), timeout=0)
                if not ended:
                    time.sleep(PAUSE)
                    watch.require_workers()
                else:
                    watch = Watch("Ray", window.workers, LOST)
                for each in ended:
                    number = waiting.pop(each)
                    missing = max(window.most() - len(waiting), 0)
                    waiting |= {remote.remote(task): n for n, task in islice(numbered, missing)}
                    yield number, self._result(each, LOST)
        finally:
            for each in waiting:
                self.ray.cancel(each, force=True)

    def on_each_machine(self, task: bytes) -> list[bytes]:
        """Run a packed task once on each machine, and return the packed results.

        Args:
            task: from `sim.runs.engines.packing.packed`
        """
        return [self._result(each) for each in self._on_nodes(run_packed, task).values()]

    def require_equal_versions(self) -> None:
        """Check the versions of all nodes; one that comes later checks them itself before its first task.

        Raises:
            InputError: a node has other versions than this program
        """
        here = versions()
        for node, reported in self._on_nodes(probe()).items():
            require_equal(node, self._result(reported, STARTING), here)

    def _on_nodes(self, function: Any, *arguments: Any) -> dict[str, Any]:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        nodes = {
            node["NodeManagerAddress"] + f":{node['NodeManagerPort']}": node["NodeID"]
            for node in self.ray.nodes()
            if node["Alive"] and node["Resources"].get("CPU")
        }
        return {
            name: self._remote(function, NodeAffinitySchedulingStrategy(node, soft=True)).remote(*arguments)
            for name, node in nodes.items()
        }

    def _remote(self, function: Any, strategy: Any) -> Any:
        return self.ray.remote(num_cpus=1, max_retries=RETRIES, scheduling_strategy=strategy)(function)

    def _result(self, each: Any, seconds: float | None = None) -> Any:
        try:
            return self.ray.get(each, timeout=seconds)
        except self.ray.exceptions.RayTaskError as error:
            raise InputError(
                f"a worker of Ray cannot run this program's tasks ({_line(error.cause)}); install the same version there"
            ) from None
        except self.ray.exceptions.WorkerCrashedError:
            raise InputError(f"a task ended several workers of Ray, perhaps for lack of memory; {CONTINUES}") from None
        except self.ray.exceptions.RayError as error:
            raise InputError(f"the Ray cluster does not answer any more ({_line(error)}); {CONTINUES}") from None


@contextmanager
def ray_workers(engine: Engine) -> Iterator[RayWorkers]:
    """Connect to a Ray cluster, or start one on this machine, for a `with` block.

    Args:
        engine: ray, with its options

    Raises:
        InputError: no cluster answers, it has no cores, or a worker has other versions
    """
    import ray

    own = engine.client is None and not ray.is_initialized()
    if own:
        _connect(engine)
    try:
        cluster = RayWorkers(ray)
        if not cluster.number:
            raise InputError("the Ray cluster has no cores; start workers with `ray start --address=HOST:PORT`")
        cluster.require_equal_versions()
        yield cluster
    finally:
        if own:
            ray.shutdown()  # this ends running tasks


def _connect(engine: Engine) -> None:
    """Connect to the cluster of an engine.

    Raises:
        InputError: no usable cluster answers
    """
    import ray

    address = engine.address or os.environ.get("RAY_ADDRESS")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # otherwise Ray warns about its next version
    quiet: Any = {"log_to_driver": False, "logging_level": "CRITICAL"}
    previous_handler = signal.getsignal(signal.SIGTERM)
    try:
        if address:
            socket.create_connection(host_and_port(address), timeout=PATIENCE).close()
            ray.init(address, **quiet)
        else:
            ray.init("local", num_cpus=engine.workers or cores(), include_dashboard=False, **quiet)
    except Exception as error:  # Ray raises errors of this class itself
        where = f"the Ray cluster at {address}" if address else "a Ray cluster on this machine"
        raise InputError(f"{where} cannot be used ({_line(error)}); see {page('clusters.md')}") from None
    finally:
        signal.signal(signal.SIGTERM, previous_handler)  # Ray's own handler would end the program silently


def host_and_port(address: str) -> tuple[str, int]:
    """Return host and port of an address.

    Raises:
        InputError: the address has no host or port

    >>> host_and_port("node1:6379")
    ('node1', 6379)
    """
    host, _, port = address.rpartition("://")[2].rpartition(":")
    if not (host and port.isdecimal()):
        raise InputError(f"the address of a Ray cluster must be HOST:PORT; got {address!r}")
    return host.strip("[]"), int(port)


def _line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
