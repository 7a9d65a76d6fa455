"""An evaluator's study of runs, tiny, as a user starts it; and who has which programme since when."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.did import first_piloted, first_served, without_partners, without_pilot
from sim import scenario, simulate
from sim.outcomes.network import path_of

TINY = {"setting.until": "2016-08", "setting.burn_in": 2}


@pytest.fixture(scope="module")
def run():
    return simulate(scenario("historical", set=TINY))


@pytest.mark.parametrize(
    ("without", "first_of"),
    [(without_partners, first_served), (without_pilot, first_piloted)],
    ids=["partners", "pilot"],
)
def test_a_pair_without_a_programme_is_the_same_run_until_it_begins(run, without, first_of):
    other = simulate(without(run.case.held(path_of(run.world))))
    begins = min(first_of(run).values())
    one, pair = run.panel, other.panel
    assert one[one["year"] < begins].equals(pair[pair["year"] < begins])
    assert not one.equals(pair)
    assert path_of(other.world) == path_of(run.world)


def test_without_partners_nobody_places_anything_and_the_ministry_does(run):
    other = simulate(without_partners(run.case.held(path_of(run.world))))
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
def study(command, tmp_path_factory):
    """Two tiny runs studied."""
    folder = tmp_path_factory.mktemp("did") / "out"
    return command("did", "seeds=2", "jobs=1", *[f"{k}={v}" for k, v in TINY.items()], f"out={folder}"), folder


def test_a_study_ends_well_and_says_whether_it_misleads(study):
    done, _ = study
    assert done.returncode == 0, done.stderr
    assert "historical, programme: partners, 2 seeds (luck only); truth against the same run without it" in done.stdout
    assert "Synthetic difference-in-differences finds " in done.stdout
    assert "are selection" in done.stdout


def test_a_study_leaves_its_tables_and_its_figure(study):
    _, folder = study
    rows, years = pd.read_csv(folder / "studies.csv"), pd.read_csv(folder / "courses.csv")
    assert len(rows) == 4
    np.testing.assert_allclose(rows["estimate"], rows["truth"] + rows["selection"] + rows["spillover"])
    gained = (years["programme"] - years["without"]).groupby(years["year"]).mean()
    assert gained.loc[:2013].abs().max() < 1e-9
    assert gained.loc[2016] > 0.0
    assert all((folder / f"did.{form}").stat().st_size > 10_000 for form in ("pdf", "svg", "png"))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["programme=hope"], "`programme` must be one of partners, pilot; got 'hope'"),
        (["outcome=joy"], "`outcome` must be one of share, takers; got 'joy'"),
        (["interval=wide"], "`interval` must be one of jackknife, placebo; got 'wide'"),
        (["without=nothing"], "unknown scenario `nothing`"),
        (["scenario=no_initiative", "programme=pilot", "setting.until=2015-08", "setting.burn_in=0"],
         "a study needs two schools with the programme and two without in every year; got 0 and"),
    ],
)  # fmt: skip
def test_a_study_that_cannot_be_made_ends_in_one_sentence(command, tmp_path, arguments, sentence):
    done = command("did", *arguments, "seeds=1", "jobs=1", f"out={tmp_path / 'out'}")
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
