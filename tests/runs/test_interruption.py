"""Interruptions are never lost, and never interrupt a run in its middle."""

from __future__ import annotations

import os
import signal

import pytest

from sim import configuration
from sim.runs.interrupts import stop_on_signal, undisturbed, was_interrupted
from sim.runs.run_end import Failure
from sim.runs.shared_history import Histories

SHORT = {"setting.until": "2006-08", "setting.burn_in": 0}


@pytest.fixture
def signalled():
    """Return a function that sends this process a signal which is handled as an interruption."""
    before = signal.getsignal(signal.SIGUSR1)
    stop_on_signal(signal.SIGUSR1)
    yield lambda: os.kill(os.getpid(), signal.SIGUSR1)
    signal.signal(signal.SIGUSR1, before)


def test_an_interruption_comes_at_once_where_nothing_runs(signalled):
    with pytest.raises(KeyboardInterrupt):
        signalled()


def test_an_interruption_waits_until_what_is_in_hand_is_done(signalled):
    done = []

    @undisturbed()
    def within():
        signalled()
        done.append("within")

    @undisturbed()
    def everything():
        within()
        done.append("all")

    with pytest.raises(KeyboardInterrupt):
        everything()
    assert done == ["within", "all"]
    with undisturbed():
        done.append("and no more")


def test_a_second_interruption_does_not_wait(signalled):
    done = []

    @undisturbed()
    def impatient():
        signalled()
        done.append("first")
        signalled()
        done.append("second")

    with pytest.raises(KeyboardInterrupt):
        impatient()
    assert done == ["first"]


def test_a_run_that_is_interrupted_is_done_and_no_failure(signalled, monkeypatch):
    scenario, ended = configuration.scenario("no_initiative", overrides=SHORT), []
    simulated = Histories._simulated

    def interrupted(histories, *about):
        signalled()
        ended.append(simulated(histories, *about))
        return ended[-1]

    monkeypatch.setattr(Histories, "_simulated", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Histories(1).run(scenario)
    assert [world.month for world in ended] == [scenario.last_month + 1]


def test_an_error_that_hides_an_interruption_is_one(monkeypatch):
    def hiding(*_):
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as stop:
            raise SystemError("returned a result with an exception set") from stop

    scenario = configuration.scenario("no_initiative", overrides=SHORT)
    monkeypatch.setattr(Histories, "_simulated", hiding)
    with pytest.raises(KeyboardInterrupt):
        Histories(1).run(scenario)
    monkeypatch.setattr(Histories, "_simulated", lambda *_: 1 / 0)
    assert isinstance(Histories(1).run(scenario), Failure)
    assert not was_interrupted(SystemError())
