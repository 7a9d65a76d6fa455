"""The same luck gives the same world, to the last bit, whatever else goes on in the process."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from sim import configuration
from sim.dates import month_of
from sim.model import CollaborationModel
from sim.outcomes import all_outcomes
from sim.runs.ensemble import ensemble
from tests.comparing import differing, flat, world_at

pytestmark = pytest.mark.simulates

ROOT = Path(__file__).resolve().parents[2]
SCENARIO = configuration.scenario("historical_emergent")
END = SCENARIO.last_month + 1


@pytest.fixture(scope="module")
def straight():
    return world_at(SCENARIO, seed=1)


def test_the_same_seed_gives_the_same_bytes(straight):
    assert differing(world_at(SCENARIO, seed=1), straight) == []


def test_every_column_and_every_line_of_the_journal_is_compared(straight):
    names = flat(straight)
    assert {"ties.trust", "schools.share", "cohorts.five", "ledger.offered", "initiative.consensus"} <= set(names)
    moved = straight.with_(ties=straight.ties.with_(trust=straight.ties.trust * (1.0 + 1e-15)))
    assert differing(moved, straight) == ["ties.trust"]


def test_different_seeds_differ_in_everything_that_is_drawn(straight):
    different = set(differing(world_at(SCENARIO, seed=2), straight))
    drawn = [
        "capacity",
        "openness",
        "threshold",
        "preference",
        "initial",
        "position",
        "work_group",
        "member",
        "joined",
        "pledge",
        "forums",
    ]
    assert {f"organisations.{name}" for name in drawn} <= different
    assert {"schools.size", "schools.share", "schools.authority", "schools.periphery", "cohorts.five"} <= different
    assert {"ties.source", "ties.target", "ties.trust", "placements.school", "published.examinees.19"} <= different
    outcomes = all_outcomes(straight)
    assert all_outcomes(world_at(SCENARIO, seed=2))["examinees_2020"] != outcomes["examinees_2020"]


def test_two_models_stepped_in_turn_do_not_touch_each_other(straight):
    other = configuration.scenario("no_backbone", overrides={"trust.rule": "reputation", "kinds.ngo.number": 30})
    first, second = CollaborationModel(SCENARIO, seed=1), CollaborationModel(other, seed=7)
    while first.world.month < END:
        first.step()
        second.step()
        if first.world.month % 24 == 0:
            assert first.agents_by_type
            assert second.agents_by_type
    assert differing(first.world, straight) == []
    assert differing(second.world, world_at(other, seed=7)) == []


@pytest.mark.parametrize("date", ["2005-09", "2013-07", "2015-03"])
@pytest.mark.parametrize("looked_at", [False, True])
def test_a_pickled_model_goes_on_identically(straight, date, looked_at):
    model = CollaborationModel(SCENARIO, seed=1).run_until_month(month_of(date))
    if looked_at:
        assert len(model.agents) == 123 + 881
    copy = pickle.loads(pickle.dumps(model))
    assert differing(copy.world, model.world) == []
    assert differing(copy.run_until_month(END).world, straight) == []


def test_runs_scenarios_and_worlds_pickle(run_of):
    run = run_of("historical", 1)
    copy = pickle.loads(pickle.dumps(run))
    assert differing(copy.world, run.world) == []
    assert differing(copy.outcomes.to_dict(), run.outcomes.to_dict()) == []
    pd.testing.assert_frame_equal(copy.years, run.years)
    scenario = pickle.loads(pickle.dumps(run.scenario))
    assert (scenario.name, scenario.parameters, scenario.policy) == (
        run.scenario.name,
        run.scenario.parameters,
        run.scenario.policy,
    )
    again = pickle.loads(pickle.dumps(run.worlds[2012]))
    assert differing(again, run.worlds[2012]) == []
    gone_on = CollaborationModel(scenario, 1, again).run_until_month(scenario.last_month + 1)
    assert differing(gone_on.world, run.world) == []


WITHOUT_COMPILER = """
import pickle, sys
from sim.jit import COMPILED
from sim.configuration import scenario
from sim.model import CollaborationModel
assert not COMPILED
scenario = scenario("historical", overrides={"setting.until": "2014-12", "setting.start": "2010-09", "setting.burn_in": 1})
sys.stdout.buffer.write(pickle.dumps(CollaborationModel(scenario, 1).run_until_month(scenario.last_month + 1).world))
"""


def test_without_the_compiler_the_answers_are_the_same():
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_COMPILER],
        cwd=ROOT,
        env=os.environ | {"SIM_COMPILER": "off"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    scenario = configuration.scenario(
        "historical", overrides={"setting.until": "2014-12", "setting.start": "2010-09", "setting.burn_in": 1}
    )
    assert differing(pickle.loads(done.stdout), world_at(scenario, seed=1)) == []


def test_one_process_and_two_give_the_same_frame():
    names, values = ["historical_emergent", "no_initiative"], {"setting.until": "2014-08"}
    alone = ensemble(names, 3, jobs=1, overrides=values, progress=False)
    both = ensemble(names, 3, jobs=2, overrides=values, progress=False)
    assert alone.failures == both.failures == ()
    pd.testing.assert_frame_equal(alone.frame, both.frame, check_exact=True)
    assert len(alone.frame) == 6
