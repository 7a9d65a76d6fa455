"""The engine in use: opened once around a study, and read wherever many runs are simulated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps

from sim.runs.engines.options import DASK, RAY, SLURM, Engine, engine_of
from sim.runs.engines.options import EngineOption as EngineOption
from sim.runs.engines.protocol import Workers

_WORKERS: ContextVar[Workers | None] = ContextVar("workers", default=None)


def workers() -> Workers | None:
    """Return the workers of the engine in use; None for the processes of this machine."""
    return _WORKERS.get()


@contextmanager
def opened(engine: Engine | None) -> Iterator[None]:
    """Use an engine within a `with` block; workers that were started for it end with the block.

    Args:
        engine: to be used; None: as outside of the block

    Raises:
        InputError: the engine does not answer, has no workers, or its workers have other versions
    """
    if engine is None:
        yield
    elif engine.name in (DASK, SLURM):
        from sim.runs.engines.dask_cluster import dask_workers

        with dask_workers(engine) as cluster, _used(cluster):
            yield
    elif engine.name == RAY:
        from sim.runs.engines.ray_cluster import ray_workers

        with ray_workers(engine) as nodes, _used(nodes):
            yield
    else:
        from joblib import parallel_config

        with parallel_config(backend=engine.name), _used(None):
            yield


@contextmanager
def _used(cluster: Workers | None) -> Iterator[None]:
    token = _WORKERS.set(cluster)
    try:
        yield
    finally:
        _WORKERS.reset(token)


def on_engine[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Return a function that opens the engine of its keyword `engine` around each call.

    The function itself gets None, so that no record of its options depends on where it ran.

    Args:
        function: with a keyword `engine`

    Raises:
        InputError: the engine cannot be used
    """

    @wraps(function)
    def with_engine(*arguments: P.args, **keywords: P.kwargs) -> R:
        engine: EngineOption = keywords.pop("engine", None)
        with opened(engine_of(engine)):
            return function(*arguments, **keywords)

    return with_engine
