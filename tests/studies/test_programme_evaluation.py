"""Evaluations of a programme in small runs, and the first year of programmes by school."""

from __future__ import annotations

import numpy as np
import pytest

from sim import scenario, simulate
from sim.errors import InputError
from sim.studies.programme_evaluation import (
    evaluate_programme,
    first_piloted,
    first_served,
    without_partners,
    without_pilot,
)
from sim.world.state import path_of
from tests.offenders import each_of
from tests.studies.round_trip import check_result

pytestmark = pytest.mark.simulates

TINY = {"setting.until": "2016-08", "setting.burn_in": 2}


@pytest.fixture(scope="module")
def run():
    return simulate(scenario("historical", overrides=TINY))


@pytest.mark.parametrize(
    ("without", "first_of"),
    [(without_partners, first_served), (without_pilot, first_piloted)],
    ids=["partners", "pilot"],
)
def test_a_pair_without_a_programme_is_the_same_run_until_it_begins(run, without, first_of):
    other = simulate(without(run.scenario.held(path_of(run.world))))
    begins = min(first_of(run).values())
    one, pair = run.panel, other.panel
    assert one[one["year"] < begins].equals(pair[pair["year"] < begins])
    assert not one.equals(pair)
    assert path_of(other.world) == path_of(run.world)


def test_without_partners_nobody_places_anything_and_the_ministry_does(run):
    other = simulate(without_partners(run.scenario.held(path_of(run.world))))
    assert len(other.placements) == 0
    assert other.world.schools.delivered_policy.sum() == pytest.approx(75.0, rel=0.05)
    assert first_served(other) == {}


def test_a_school_has_the_programme_from_the_year_in_which_money_first_reaches_it(run):
    served = first_served(run)
    for year, world in run.worlds.items():
        reached = world.schools.id[world.schools.delivered.sum(axis=1) > 0]
        assert all(served[school] <= year for school in reached)
    assert set(first_piloted(run).values()) == {2015}
    assert len(first_piloted(run)) == 100


@pytest.fixture(scope="module")
def evaluation():
    """Evaluate a programme in two small runs."""
    return evaluate_programme(seeds=2, jobs=1, overrides=TINY, progress=False)


def test_an_evaluation_says_whether_each_method_misleads(evaluation):
    text = " ".join(evaluation.summary().split())
    assert (
        "historical, programme: partners, 2 seeds (random variation only); truth against the same run without it."
        in text
    )
    assert "Synthetic difference-in-differences estimates " in text
    assert "are selection" in text


def test_an_evaluation_has_its_tables(evaluation):
    rows, years = evaluation.studies, evaluation.courses
    assert len(rows) == 4
    np.testing.assert_allclose(rows["estimate"], rows["truth"] + rows["selection"] + rows["spillover"])
    gained = (years["programme"] - years["without"]).groupby(years["year"]).mean()
    assert gained.loc[:2013].abs().max() < 1e-9
    assert gained.loc[2016] > 0.0


def test_an_evaluation_can_be_saved_loaded_and_shown(evaluation, tmp_path):
    check_result(evaluation, tmp_path / "out", "studies.csv")
    assert evaluation.record["command"].startswith(
        "sim.evaluate_programme(programme='partners', scenario='historical', "
    )


@each_of(
    ("options", "sentence"),
    [
        ({"programme": "hope"}, "`programme` must be one of partners, pilot; got 'hope'"),
        ({"outcome": "joy"}, "`outcome` must be one of share, takers; got 'joy'"),
        ({"interval": "wide"}, "`interval` must be one of jackknife, placebo; got 'wide'"),
        ({"without": "nothing"}, "unknown scenario `nothing`"),
        ({"scenario": 5}, "a scenario must be a name or the path of a file; got 5"),
        ({"overrides": 5}, "`overrides` must hold parameters by dotted name; got 5"),
        ({"overrides": {"trust.gian": 1}}, "did you mean `trust.gain`?"),
        ({"seeds": 0}, "`seeds` must be a whole number from 1; got 0"),
        ({"first_seed": -1}, "`first_seed` must be a whole number from 0; got -1"),
        (
            {"uncertainty": "much"},
            "`uncertainty` must be point, posterior, structures or the path of a table; got 'much'",
        ),
        ({"jobs": 0}, "`jobs` "),
        ({"timing": "soon"}, "soon"),
    ],
    ids=str,
)
def test_wrong_options_are_refused_in_one_sentence(options, sentence):
    with pytest.raises(InputError) as mistake:
        evaluate_programme(**({"jobs": 1, "seeds": 1, "progress": False} | options))
    assert sentence in str(mistake.value)
    assert "\n" not in str(mistake.value)


def test_a_run_without_programme_schools_is_refused():
    short = {"setting.until": "2015-08", "setting.burn_in": 0}
    with pytest.raises(
        InputError, match="two schools with the programme and two without it, with outcomes in every year; got 0 and"
    ):
        evaluate_programme("pilot", "no_initiative", seeds=1, jobs=1, overrides=short, progress=False)
