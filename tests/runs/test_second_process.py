"""One process beside this one, which the web page uses for fans."""

from __future__ import annotations

import os
import signal

import pytest
from joblib import Parallel, delayed

from sim.runs.parallel import in_second_process

pytestmark = pytest.mark.heavy


def test_it_is_one_process_that_rests_between_tasks():
    first = in_second_process(os.getpid)
    assert first != os.getpid()
    assert in_second_process(os.getpid) == first


def test_a_process_that_ended_is_replaced():
    first = in_second_process(os.getpid)
    os.kill(first, signal.SIGKILL)
    assert in_second_process(os.getpid) != first


def test_processes_of_joblib_beside_it_work_before_and_after():
    for _ in range(2):
        assert Parallel(n_jobs=2)(delayed(abs)(-number) for number in range(4)) == [0, 1, 2, 3]
        assert in_second_process(abs, -4) == 4
