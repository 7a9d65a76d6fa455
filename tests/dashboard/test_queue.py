"""Many visits at once: runs by turns, a bound on visits and on stored results."""

from __future__ import annotations

import os
import threading
import time

import pytest

pytest.importorskip("solara", reason="the extra `dashboard` is not installed")

from joblib.externals.loky.process_executor import TerminatedWorkerError

from sim.dashboard.live_run import StoppedError, years_of_run
from sim.dashboard.queue import FAN_TURNS, TURNS, Rank, Recent, Turns, Visits
from sim.dashboard.settings import Settings
from sim.runs.parallel import in_second_process


def order_of(turns: Turns, waiting: list[str], ranks: list[Rank] | None = None) -> list[str]:
    """Return the visits in the order of their turns, all waiting behind a first one; ranks are those of runs if None."""
    served: list[str] = []

    def simulate(visit: str, rank: Rank) -> None:
        with turns.turn(visit, rank=rank):
            served.append(visit)

    threads = []
    with turns.turn("begins"):
        for number, (visit, rank) in enumerate(zip(waiting, ranks or [Rank.RUN] * len(waiting), strict=True), 1):
            threads.append(threading.Thread(target=simulate, args=(visit, rank)))
            threads[-1].start()
            while len(turns._waiting) < number:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    return served


@pytest.mark.program
@pytest.mark.simulates
def test_a_run_of_the_second_process_is_that_of_this_one_and_a_lost_process_is_replaced():
    scenario = Settings().with_("until", 2017).as_scenario()
    here = years_of_run(scenario, 1)
    assert in_second_process(years_of_run, scenario, 1) == here
    with pytest.raises(TerminatedWorkerError):
        in_second_process(os._exit, 1)
    assert in_second_process(years_of_run, scenario, 1) == here


def test_a_run_of_a_fan_does_not_hold_a_first_run_up():
    with FAN_TURNS.turn("a"), TURNS.turn("b"):
        pass


def test_a_visit_with_a_long_fan_does_not_hold_the_others_up():
    assert order_of(Turns(), ["a", "a", "a", "b", "c"]) == [
        "a",
        "b",
        "c",
        "a",
        "a",
    ]


def test_first_runs_go_before_pictures_and_the_picture_for_a_phone_comes_last():
    ranks = [Rank.NARROW, Rank.FAN, Rank.PICTURE, Rank.RUN]
    assert order_of(Turns(), ["phone", "fan", "picture", "run"], ranks) == ["run", "picture", "fan", "phone"]


def test_one_simulation_runs_at_a_time():
    turns, running, most = Turns(), [0], [0]

    def simulate(visit: str) -> None:
        with turns.turn(visit):
            running[0] += 1
            most[0] = max(most[0], running[0])
            time.sleep(0.002)
            running[0] -= 1

    threads = [threading.Thread(target=simulate, args=(str(number),)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]


def test_a_simulation_that_is_not_needed_leaves_the_queue():
    turns, stop = Turns(), threading.Event()
    stop.set()
    with turns.turn("a"), pytest.raises(StoppedError), turns.turn("b", stop):
        pass
    with turns.turn("c"):
        pass


def test_a_simulation_that_fails_gives_its_turn_back():
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns.turn("a"):
        raise ZeroDivisionError
    with turns.turn("b"):
        pass


def test_old_results_are_dropped():
    recent = Recent(2)
    recent.put("a", 1)
    recent.put("b", 2)
    assert recent.get("a") == 1
    recent.put("c", 3)
    assert (recent.get("a"), recent.get("b"), recent.get("c"), len(recent)) == (1, None, 3, 2)


def test_a_visit_beyond_the_largest_number_is_not_served_until_another_leaves():
    visits = Visits(2)
    assert [visits.enter(name) for name in ("a", "b", "c", "a")] == [True, True, False, True]
    visits.leave("a")
    assert visits.enter("c")
