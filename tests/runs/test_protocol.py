"""Limits that the workers of every engine share."""

from __future__ import annotations

import pytest

from sim.errors import InputError
from sim.runs.engines import protocol
from sim.runs.engines.protocol import Watch, Window


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    """The time [s], which a test sets."""
    now = [0.0]
    monkeypatch.setattr(protocol.time, "monotonic", lambda: now[0])
    return now


def test_a_cluster_without_workers_is_refused_after_the_patience_only(clock):
    workers = [1]
    watch = Watch("Dask", lambda: workers[0], patience=60)
    clock[0] = 100
    watch.require_workers()
    workers[0] = 0
    clock[0] = 159
    watch.require_workers()
    clock[0] = 161
    with pytest.raises(InputError, match="no worker of Dask is left; start some"):
        watch.require_workers()


def test_the_queue_of_slurm_is_waited_for(clock):
    watch = Watch("Dask", lambda: 0, patience=None)
    clock[0] = 1e6
    watch.require_workers()


def test_the_number_of_workers_is_asked_for_once_a_second(clock):
    times: list[float] = []
    window = Window(lambda: times.append(clock[0]) or 3)
    for clock[0] in (0.0, 0.5, 0.9, 1.5):
        assert window.most() == 3 * protocol.AHEAD
        assert window.workers() == 3
    assert times == [0.0, 1.5]


def test_a_cluster_that_has_no_worker_yet_gets_one_round_of_tasks():
    assert Window(lambda: 0).most() == protocol.AHEAD
