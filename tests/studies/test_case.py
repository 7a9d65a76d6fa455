"""The cases over few sets: training and scoring, texts, and messages for wrong input."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.analysis.cases import SCORED, TRAINED
from sim.calibration.national import PRIORS
from sim.errors import InputError
from sim.runs.posterior import parameter_sets
from sim.studies.case import TABLES, case
from sim.studies.case_runs import NO_BONUS, NO_PLAN, PLAN, REACHED, TRAINED_ARM, irish_shares, plan_arms, run_arms
from tests.offenders import each_of
from tests.studies.round_trip import check_result

pytestmark = pytest.mark.slow

TINY = {"sets": 2, "jobs": 1, "progress": False}
HELD = {prior.name: {"school.fall": -0.07, "school.rise": 0.2}.get(prior.name, 0.8) for prior in PRIORS}


@pytest.fixture(scope="module")
def ireland():
    """Run the Irish case with every fitted parameter set, so that nothing is fitted."""
    return case("ireland", overrides=HELD, **TINY)


@pytest.fixture(scope="module")
def plan():
    """Run the plan of 2009-2012 over two parameter sets."""
    return case("plan_2009", **TINY)


def test_shares_up_to_2014_train_and_later_ones_are_scored():
    facts = irish_shares().set_index("year")["use"]
    assert facts[facts == TRAINED].index.tolist() == [2005, 2010, 2011, 2012, 2013, 2014]
    assert facts[facts == SCORED].index.tolist() == [2015, 2016, 2018, 2019, 2024]


def test_no_later_share_reaches_the_fit(monkeypatch):
    def caught(scenario, sets, facts, priors, **_):
        raise RuntimeError(sorted(facts), str(scenario.parameters["setting.until"]), len(priors))

    monkeypatch.setattr("sim.studies.case_runs.national_sets", caught)
    with pytest.raises(RuntimeError) as error:
        case("ireland", **TINY)
    assert error.value.args == ([2005, 2010, 2011, 2012, 2013, 2014], "2014-08", 3)


@pytest.mark.simulates
def test_ireland_can_be_saved_loaded_and_shown(ireland, tmp_path):
    assert set(ireland.tables) == set(TABLES["ireland"]) - {"fitted"}
    text = " ".join(ireland.summary().split())
    assert "Of the 5 later shares" in text
    assert "The curriculum (Project Maths) changed in the same years" in text
    assert "The schools are assumed" in text
    check_result(ireland, tmp_path / "out", "beside.csv")


@pytest.mark.simulates
def test_the_bonus_acts_from_the_cohort_of_2012_on_and_raises_the_share(ireland):
    wide = ireland.frame.pivot(index=["seed", "year"], columns="arm", values="share")
    more = (wide[TRAINED_ARM] - wide[NO_BONUS]).groupby("year").min()
    assert (more.loc[:2010] == 0.0).all()
    assert more.loc[2011] == pytest.approx(0.0, abs=0.003)
    assert (more.loc[2012:] > 0.02).all()


@pytest.mark.simulates
def test_nobody_is_in_the_setting_but_the_ministry_and_the_schools():
    run = sim.simulate(sim.scenario("ireland", overrides={"setting.until": "2013-08"}), 1)
    assert run.organisations["kind"].tolist() == ["ministry"]
    assert float(run.world.ledger.delivered.sum()) == 0.0
    years = run.years.set_index("year")
    assert years.loc[2013, "examinees"] / years.loc[2013, "share"] == pytest.approx(51_000, rel=0.03)


@pytest.mark.simulates
def test_the_plan_can_be_saved_loaded_and_shown(plan, tmp_path):
    text = " ".join(plan.summary().split())
    assert "This is consistency, not prediction" in text
    assert "The plan adds" in text
    check_result(plan, tmp_path / "out", "beside.csv")


@pytest.mark.simulates
def test_arms_of_the_plan_are_the_same_before_it_and_differ_in_the_plan_alone(plan):
    wide = plan.frame.pivot(index=["seed", "year"], columns="arm", values="examinees")
    before = wide.loc[(slice(None), [2006, 2007, 2008]), :]
    assert (before.nunique(axis=1) == 1).all()
    assert (wide.loc[(slice(None), 2012), PLAN].to_numpy() > wide.loc[(slice(None), 2012), NO_PLAN].to_numpy()).all()


@pytest.mark.simulates
def test_more_readiness_and_more_money_make_the_plan_do_more():
    scenario = sim.scenario("historical", overrides={"setting.until": "2013-08"})
    arms = plan_arms(scenario, parameter_sets("posterior")[:2])
    frame = run_arms(arms, 1, False)
    last = frame[frame["year"] == 2013].groupby("arm")["examinees"].mean()
    none, own, ready, half, both = (last[arm.name] for arm in (arms[1], arms[0], *arms[2:]))
    assert none < own < min(ready, half)
    assert max(ready, half) < both
    assert arms[3].scenario.parameters["ministry.plan_reached"] == REACHED
    assert np.isfinite(frame.drop(columns="arm").to_numpy()).all()


@each_of(
    ("options", "sentence"),
    [
        ({"case": "irland"}, "unknown case 'irland'; there are ireland and plan_2009; did you mean `ireland`?"),
        ({"sets": 1}, "`sets` must be a whole number from 2; got 1"),
        ({"sets": 100_000}, "`sets` must be at most "),
        ({"uncertainty": "point"}, "a case needs parameter sets; `uncertainty` must be "),
        (
            {"overrides": {"setting.cohorts": "grade12_cohort.csv"}},
            "grade12_cohort.csv has 98,787 students who take mathematics in 2011, but ireland_schools.csv has 51,991; set "
            "`setting.cohorts` to the table of the same country",
        ),
        ({"overrides": {"setting.cohorts": "nowhere.csv"}}, "there is no table nowhere.csv"),
        (
            {"overrides": {"setting.until": "2019-08"}},
            "the last published figure is of 2024, but the runs end in 2019-08; set `setting.until` to 2024-08",
        ),
        (
            {"overrides": {"setting.start": "2009-09"}},
            "the first published figure is of 2005, but the first examination of the runs is of 2010; set `setting.start` to "
            "2004-09",
        ),
        (
            {"case": "plan_2009", "overrides": {"setting.until": "2012-08"}},
            "the last published figure is of 2013, but the runs end in 2012-08; set `setting.until` to 2013-08",
        ),
    ],
)
def test_a_wrong_question_is_refused_in_one_sentence(options, sentence):
    with pytest.raises(InputError) as error:
        case(**TINY | options)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)
