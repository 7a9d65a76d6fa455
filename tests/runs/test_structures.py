"""Several models: each seed has one in proportion to the weights, and only rival ends of growth have a fan beyond 2020."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest

import sim
from sim.analysis.clusters import PARAMETER_SET, STRUCTURE
from sim.analysis.enrolment import LAST_SHOWN, RIVAL_ENDS, shown_years, yearly, years
from sim.analysis.model_average import model_order
from sim.design.mechanisms import ITSELF, RIVAL_STRUCTURES, mechanism
from sim.errors import InputError
from sim.parameters import declared, uncertain
from sim.results.identity import identity
from sim.runs import posterior
from sim.runs.compare import compare
from sim.runs.ensemble import ensemble
from sim.runs.models import weights_by_model
from sim.runs.pairs import Pairs
from sim.sweeps.result import Sweep
from tests.offenders import each_of

STRUCTURES = (ITSELF, *RIVAL_STRUCTURES)
UNTIL = {"setting.until": "2014-08"}
WEIGHTS = {ITSELF: 0.5, "teachers_limit": 0.25, "aspiration": 0.25}
"""Weights of the models in this test."""

SETS = {ITSELF: 3, "teachers_limit": 2, "aspiration": 4}
"""Sets in the stand-in for each model's posterior: six can be used until the first model has had all of its own."""

ORDER = (ITSELF, "teachers_limit", "aspiration", ITSELF, ITSELF, "teachers_limit")
"""The model of each of the six sets."""

PATH_OF, QUIET = posterior.path_of, {"jobs": 1, "progress": False}


def write_posterior(path: Path, sets: int, first: float) -> None:
    """Write a posterior of some sets, with each parameter a little further along its range in each set."""
    ranges = {name: declared(name)[1] for name in uncertain()}
    table = {
        name: [one.low + (one.high - one.low) * (first + 0.1 * k) for k in range(sets)] for name, one in ranges.items()
    }
    pd.DataFrame(table).to_csv(path, index=False)


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory) -> Iterator[Path]:
    """Replace the posteriors of the project by small ones."""
    place = tmp_path_factory.mktemp("posteriors")
    for number, (name, sets) in enumerate(SETS.items()):
        table = "posterior.csv" if name == ITSELF else f"posterior_{name}.csv"
        write_posterior(place / table, sets, 0.4 + 0.05 * number)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(posterior, "path_of", lambda table: place / table)
        patch.setattr(posterior, "weights_by_model", lambda: WEIGHTS)
        yield place


@pytest.fixture(scope="module")
def runs(folder) -> pd.DataFrame:
    """Simulate seven seeds of six sets, so that one set has two seeds."""
    scenario = sim.scenario("historical", overrides=UNTIL)
    return ensemble(scenario, 7, uncertainty="structures", **QUIET).frame


def structure_at(seed: int) -> str:
    return ORDER[seed % 6]


# Sets


def test_each_model_has_as_many_sets_as_its_weight_says_in_the_order_of_its_own_table():
    sets = posterior.parameter_sets("structures")
    assert len(sets) == len(ORDER)
    assert posterior.structures_of(sets) == ORDER
    own = {name: iter(posterior.structure_sets(name)) for name in STRUCTURES}
    assert [next(own[name]) for name in ORDER] == list(sets)


def test_every_beginning_of_the_projects_sets_has_each_model_by_its_weight():
    weights = weights_by_model()
    order = model_order(list(weights.values()), 160)
    for count in range(1, 161):
        for number, weight in enumerate(weights.values()):
            assert abs(order[:count].count(number) - count * weight) < 1.0


def test_a_table_called_by_a_model_brings_what_the_model_holds_fixed(tmp_path, monkeypatch):
    monkeypatch.setattr(posterior, "path_of", PATH_OF)
    for name, fixed in (("aspiration", mechanism("aspiration").values), ("of_mine", {})):
        path = tmp_path / f"posterior_{name}.csv"
        write_posterior(path, 2, 0.3)
        for values, row in zip(posterior.parameter_sets(str(path)), pd.read_csv(path).to_dict("records"), strict=True):
            assert values == pytest.approx(row | fixed)


@pytest.mark.parametrize("name", RIVAL_STRUCTURES)
def test_a_rival_structure_holds_what_its_mechanism_says_and_draws_the_rest(folder, name):
    fixed = mechanism(name).values
    assert fixed["school.taste"] == "steady"
    drawn = pd.read_csv(folder / f"posterior_{name}.csv").to_dict("records")
    for values, row in zip(posterior.structure_sets(name), drawn, strict=True):
        assert values == pytest.approx(row | fixed)


def test_the_model_itself_holds_nothing(folder):
    drawn = pd.read_csv(folder / "posterior.csv").to_dict("records")
    assert list(posterior.structure_sets(ITSELF)) == [pytest.approx(row) for row in drawn]


def test_another_word_is_refused_and_the_words_are_said():
    with pytest.raises(InputError, match=r"`uncertainty` must be point, posterior, structures or the path of a table"):
        posterior.parameter_sets("structure")


def test_a_structure_without_a_posterior_is_refused(monkeypatch):
    monkeypatch.setattr(posterior, "path_of", PATH_OF)
    monkeypatch.setattr(posterior, "weights_by_model", lambda: {ITSELF: 0.5, "reputation": 0.5})
    with pytest.raises(InputError, match=r"the posterior 'posterior_reputation.csv' does not exist"):
        posterior.parameter_sets("structures")


# Runs


@pytest.mark.simulates
def test_each_seed_is_run_in_the_structure_that_its_row_names(runs):
    scenario, sets = sim.scenario("historical", overrides=UNTIL), posterior.parameter_sets("structures")
    assert runs[STRUCTURE].tolist() == [structure_at(seed) for seed in runs["seed"]]
    for seed in (3, 4, 5):
        alone = sim.simulate(scenario.with_(sets[seed % 6]), seed).outcomes
        row = runs[runs["seed"] == seed].iloc[0]
        assert row["examinees_2014"] == alone["examinees_2014"]
        assert row[STRUCTURE] == structure_at(seed)


@pytest.mark.simulates
def test_seeds_that_share_a_set_are_of_one_structure(runs):
    assert runs[PARAMETER_SET].tolist() == [1, 2, 3, 4, 5, 0, 1]
    assert runs[STRUCTURE].tolist()[0] == runs[STRUCTURE].tolist()[-1] == "teachers_limit"
    assert (runs.groupby(PARAMETER_SET)[STRUCTURE].nunique() == 1).all()


@pytest.mark.simulates
@pytest.mark.parametrize("uncertainty", ["point", "posterior"])
def test_runs_of_one_structure_have_no_such_column(uncertainty):
    runs = ensemble(sim.scenario("no_initiative", overrides=UNTIL), 3, uncertainty=uncertainty, **QUIET)
    assert STRUCTURE not in runs.frame


@pytest.mark.simulates
def test_all_arms_of_a_seed_have_one_structure_which_is_no_outcome():
    scenarios = [sim.scenario(name, overrides=UNTIL) for name in ("historical_emergent", "no_backbone")]
    pairs = compare(scenarios[0], scenarios[1:], 3, uncertainty="structures", **QUIET)
    assert isinstance(pairs, Pairs)
    assert (pairs.frame.groupby("seed")[STRUCTURE].nunique() == 1).all()
    assert pairs.frame[STRUCTURE].nunique() == 3
    with pytest.raises(InputError, match="unknown outcome `structure`"):
        pairs.differences(STRUCTURE)


def test_what_a_scenario_sets_itself_holds_in_every_structure_and_makes_other_runs():
    plain = sim.scenario("historical", overrides=UNTIL)
    damped = sim.scenario("historical", overrides=UNTIL | {"school.taste": "damped"})
    sets = posterior.parameter_sets("structures")
    assert plain.drawn(sets[1]).parameters["school.taste"] == "steady"
    assert damped.drawn(sets[1]).parameters["school.taste"] == "damped"
    assert identity(plain) == identity(damped)  # as far as parameters go that stand as they are
    assert posterior.fingerprint(sets, plain) != posterior.fingerprint(sets, damped)


# Fans


def ended_in(until: int, structures: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return six runs up to a year; nothing is simulated."""
    frame = pd.DataFrame({"scenario": "historical", "seed": range(6)})
    frame = frame.assign(**{f"examinees_{year}": 9000.0 + year for year in range(2012, until + 1)})
    return frame.assign(**{STRUCTURE: [structures[s % len(structures)] for s in range(6)]}) if structures else frame


@each_of(
    ("structures", "last"),
    [
        ((), LAST_SHOWN),
        ((ITSELF,), LAST_SHOWN),
        (("aspiration",), LAST_SHOWN),
        (STRUCTURES, 2025),
        (STRUCTURES[:2], 2025),
        ((ITSELF, "constant_trust", "ministry_does_not_ask"), LAST_SHOWN),
    ],
    ids=str,
)
def test_a_fan_goes_beyond_2020_only_over_rival_ends_of_growth(structures, last):
    frame = ended_in(2025, structures)
    assert LAST_SHOWN == 2020
    assert RIVAL_ENDS == RIVAL_STRUCTURES
    assert years(frame) == list(range(2012, 2026))
    assert yearly(frame, ["seed"])["year"].unique().tolist() == list(range(2012, last + 1))
    assert shown_years(frame, [2018, 2020, 2021, 2025]) == [y for y in (2018, 2020, 2021, 2025) if y <= last]


@pytest.mark.simulates
def test_the_figure_of_an_ensemble_ends_in_2020_without_structures_and_goes_on_with_them():
    last = {}
    for uncertainty in ("point", "structures"):
        scenario = sim.scenario("no_initiative", overrides={"setting.until": "2023-08"})
        runs = ensemble(scenario, 3, uncertainty=uncertainty, **QUIET)
        assert "examinees_2023" in runs.frame
        ax = runs.plot.fan()
        last[uncertainty] = max(line.get_xdata().max() for line in ax.lines if len(line.get_xdata()) > 5)
        plt.close(ax.figure)
    assert last == {"point": 2020, "structures": 2023}


# Sweeps


GRID = {
    "scenarios": "no_initiative",
    "levers": {"backbone.facilitation": [0.2, 0.8]},
    "overrides": UNTIL,
    "doubling": {"by": 2014},
    "uncertainty": "structures",
    "reference_facilitation": None,
    **QUIET,
}


@pytest.mark.simulates
def test_a_sweep_that_is_resumed_and_extended_names_the_structure_of_every_run(tmp_path):
    first = sim.sweep("grid", **GRID, seeds=2, out=tmp_path)
    parts = {path.name: path.read_bytes() for path in (tmp_path / "parts").iterdir()}
    grown = sim.sweep("grid", **GRID, seeds=7, out=tmp_path)
    again = sim.sweep("grid", **GRID, seeds=7, out=tmp_path)
    for sweep in (first, grown, again, Sweep.load(tmp_path)):
        assert sweep.frame[STRUCTURE].tolist() == [structure_at(seed) for seed in sweep.frame["seed"]]
    assert PARAMETER_SET not in first.frame
    assert grown.frame[PARAMETER_SET].tolist() == [seed % 6 for seed in grown.frame["seed"]]
    pd.testing.assert_frame_equal(again.frame, grown.frame, check_exact=True)
    stored_parts = {path.name: path.read_bytes() for path in (tmp_path / "parts").iterdir()}
    assert parts.items() <= stored_parts.items()
    assert pd.read_parquet(tmp_path / "table.parquet")[STRUCTURE].nunique() == 3
    assert STRUCTURE not in pd.read_parquet(next((tmp_path / "parts").iterdir()))


@pytest.mark.simulates
def test_a_sweep_in_memory_is_the_one_in_a_folder_and_comes_back_from_its_own(tmp_path):
    stored = sim.sweep("grid", **GRID, seeds=4, out=tmp_path / "kept")
    whole = sim.sweep("grid", **GRID, seeds=4)
    whole.save(tmp_path / "saved")
    for loaded in (whole, Sweep.load(tmp_path / "saved")):
        pd.testing.assert_frame_equal(loaded.frame, stored.frame, check_exact=True)
    names = sorted(path.name for path in (tmp_path / "kept" / "parts").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "saved" / "parts").iterdir())


@pytest.mark.simulates
def test_a_sweep_over_another_posterior_of_a_structure_is_not_gone_on_with(tmp_path, folder):
    sim.sweep("grid", **GRID, seeds=1, out=tmp_path)
    table = folder / "posterior_aspiration.csv"
    before = table.read_bytes()
    write_posterior(table, 5, 0.2)
    try:
        with pytest.raises(InputError, match="another posterior"):
            sim.sweep("grid", **GRID, seeds=2, out=tmp_path)
    finally:
        table.write_bytes(before)


# The structures differ where they are meant to


@pytest.mark.simulates
def test_rivals_agree_with_the_model_until_the_taste_turns_and_go_apart_later():
    values = {"setting.until": "2025-08"}
    scenarios = {ITSELF: sim.scenario("historical", overrides=values)}
    scenarios |= {
        name: sim.scenario("historical", overrides=values | mechanism(name).values) for name in RIVAL_STRUCTURES
    }
    counts = {name: sim.simulate(scenario, 1).outcomes for name, scenario in scenarios.items()}
    for one, other in pairwise(STRUCTURES):
        assert counts[one]["examinees_2025"] != counts[other]["examinees_2025"]
    for name in STRUCTURES:
        assert counts[name]["examinees_2008"] == pytest.approx(counts[ITSELF]["examinees_2008"], rel=0.05)
