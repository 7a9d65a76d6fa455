"""Workers of Dask: a scheduler that someone started, one of this machine, or workers on SLURM.

Tasks go through the client and not through joblib's Dask backend. That backend too streams results and repeats a lost
worker's task, but it waits for ever when no worker or scheduler is left, and gives no work to workers that come later.
"""

from __future__ import annotations

import logging
import queue
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.commands import page
from sim.errors import InputError
from sim.runs.engines.options import SLURM, Engine
from sim.runs.engines.packing import run_packed
from sim.runs.engines.protocol import CONTINUES, LOST, PAUSE, Result, Watch, Window
from sim.runs.engines.started import started_cluster
from sim.runs.engines.versions import probe, require_equal, versions

if TYPE_CHECKING:
    from distributed import Client, Future

PATIENCE = 10.0
"""Longest wait for a scheduler to answer and for its first worker [s]."""

FETCHING = 20.0
"""Longest wait for one result before the number of workers is asked for [s]; a worker that holds it may be lost."""


@dataclass
class DaskWorkers:
    """Workers of a Dask cluster.

    Args:
        client: connected to the scheduler
        patience: longest time without any worker [s]; None: for ever, as in the queue of SLURM
    """

    client: Client
    patience: float | None = LOST

    @property
    def number(self) -> int:
        """Number of workers at present."""
        return len(self.client.nthreads() if self.client.status == "running" else ())

    def map(self, tasks: Iterator[bytes]) -> Iterator[Result]:
        """Run packed tasks; see `sim.runs.engines.protocol.Workers`.

        Args:
            tasks: from `sim.runs.engines.packing.packed`

        Raises:
            InputError: the cluster does not answer any more, no worker is left, or a task ended several workers
        """
        waiting: dict[str, tuple[int, Future[bytes]]] = {}
        ended: queue.SimpleQueue[str] = queue.SimpleQueue()
        numbered, window = enumerate(tasks), Window(lambda: self.number)
        try:
            self._send(numbered, waiting, ended, window.most())
            while waiting:
                key = self._next(ended)
                number, future = waiting.pop(key)
                self._send(numbered, waiting, ended, window.most())
                yield number, self._result(future)
        finally:
            if waiting:
                self.client.cancel([future for _, future in waiting.values()], force=True)

    def on_each_machine(self, task: bytes) -> list[bytes]:
        """Run a packed task once on each machine, and return the packed results.

        Args:
            task: from `sim.runs.engines.packing.packed`
        """
        machines = {info["host"]: address for address, info in self._workers().items()}
        futures = [
            self.client.submit(run_packed, task, workers=[address], pure=False, allow_other_workers=True)
            for address in machines.values()
        ]
        return [self._result(future) for future in futures]

    def require_equal_versions(self) -> None:
        """Check the versions of all present workers; one that comes later checks them itself before its first task.

        Raises:
            InputError: a worker has other versions than this program
        """
        here = versions()
        for address, about in self.client.get_versions()["workers"].items():
            python = ".".join(str(about["host"]["python"]).split(".")[:3])
            require_equal(address, {"python": python}, here)
        for address, reported in self.client.run(probe()).items():
            require_equal(address, reported, here)

    def _workers(self) -> dict[str, Any]:
        return dict(self.client.scheduler_info(n_workers=-1)["workers"])

    def _send(
        self, tasks: Iterator[tuple[int, bytes]], waiting: dict[str, tuple[int, Any]], ended: Any, most: int
    ) -> None:
        """Submit tasks until a number of them waits for workers."""
        while len(waiting) < most:
            number, task = next(tasks, (0, b""))
            if not task:
                return
            future = self.client.submit(run_packed, task, pure=False)
            waiting[future.key] = number, future
            future.add_done_callback(lambda each: ended.put(each.key))

    def _next(self, ended: queue.SimpleQueue[str]) -> str:
        """Return the key of the next task that ends."""
        watch = self._watch()
        while True:
            try:
                return ended.get(timeout=PAUSE)
            except queue.Empty:
                if self.client.status not in ("running", "connecting"):
                    raise InputError(f"the scheduler of Dask does not answer any more; {CONTINUES}") from None
                watch.require_workers()

    def _watch(self) -> Watch:
        return Watch("Dask", lambda: self.number, self.patience)

    def _result(self, future: Future[bytes]) -> bytes:
        """Fetch a result; a task runs again if the worker that held its result was lost."""
        from distributed import CancelledError, KilledWorker

        watch = self._watch()
        try:
            while True:
                try:
                    return future.result(timeout=min(FETCHING, self.patience or FETCHING))
                except TimeoutError:
                    watch.require_workers()
        except KilledWorker:
            raise InputError(
                f"a task ended several workers of Dask, perhaps for lack of memory; give workers more memory: {CONTINUES}"
            ) from None
        except (CancelledError, OSError):
            raise InputError(f"the scheduler of Dask does not answer any more; {CONTINUES}") from None
        except ImportError as error:
            raise InputError(
                f"a worker of Dask cannot run this program's tasks ({error}); install the same version there"
            ) from None


def is_unreported(record: logging.LogRecord) -> bool:
    """Return false for the end of a wait for a result that was given up; Dask's own class of error marks it.

    `DaskWorkers` waits for a result several times, and asyncio logs a traceback for each wait but the last.

    Args:
        record: of the log of asyncio
    """
    from distributed.client import AllExit

    return record.exc_info is None or not isinstance(record.exc_info[1], AllExit)


@contextmanager
def dask_workers(engine: Engine) -> Iterator[DaskWorkers]:
    """Connect to a Dask cluster, or start one, for a `with` block.

    Args:
        engine: dask or slurm, with its options

    Raises:
        InputError: the scheduler does not answer, SLURM rejects the job, there is no worker, or one has other versions
    """
    from distributed import Client

    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # losses are reported here, in one sentence
    logging.getLogger("asyncio").addFilter(is_unreported)
    with ExitStack() as stack:
        if engine.client is not None:
            client = engine.client
        elif engine.address is not None:
            client = stack.enter_context(_client(engine.address))
        else:
            client = stack.enter_context(Client(stack.enter_context(started_cluster(engine)), set_as_default=False))
        cluster = DaskWorkers(client, None if engine.name == SLURM else LOST)
        if engine.name != SLURM:
            _wait(client)
        cluster.require_equal_versions()
        yield cluster


def _client(address: str) -> Client:
    """Return a client of a scheduler.

    Raises:
        InputError: no scheduler answers at the address
    """
    from distributed import Client

    try:
        return Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, ImportError) as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise InputError(f"no scheduler of Dask answers at {address} ({reason}); see {page('clusters.md')}") from None


def _wait(client: Client) -> None:
    """Wait for the first worker.

    Raises:
        InputError: there is none
    """
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        address = client.scheduler.address if client.scheduler else "the address"
        raise InputError(
            f"the scheduler of Dask at {address} has no workers; start some with `dask worker {address}`"
        ) from None
