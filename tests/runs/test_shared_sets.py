"""Fewer parameter sets than replicates: tables have the set of each run, intervals resample sets, and texts mention it."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest

import sim
from sim.analysis.clusters import PARAMETER_SET, sharing_note
from sim.analysis.paired_differences import differences
from sim.errors import InputError
from sim.parameters import declared, uncertain
from sim.results.files import bytes_of
from sim.results.identity import identity
from sim.results.store import Store
from sim.runs.compare import compare
from sim.runs.ensemble import ensemble

pytestmark = pytest.mark.simulates

UNTIL = {"setting.until": "2014-08"}
TWO = "8 pairs share 2 parameter sets: intervals resample the sets. With fewer than 10 sets such intervals are unreliable."


def posterior(path, sets: int) -> str:
    """Write a posterior of some sets, spread over the ranges of the uncertain parameters."""
    ranges = {name: declared(name)[1] for name in uncertain()}
    pd.DataFrame(
        {n: [r.low + (r.high - r.low) * (k + 1) / (sets + 1) for k in range(sets)] for n, r in ranges.items()}
    ).to_csv(path, index=False)
    return str(path)


@pytest.fixture(scope="module")
def two(tmp_path_factory) -> str:
    return posterior(tmp_path_factory.mktemp("posterior") / "two.csv", 2)


@pytest.fixture(scope="module")
def pairs(two):
    scenarios = [sim.scenario(name, overrides=UNTIL) for name in ("historical_emergent", "no_backbone")]
    return compare(scenarios[0], scenarios[1:], 8, jobs=1, progress=False, uncertainty=two)


def test_a_comparison_over_two_sets_resamples_them_and_says_so(pairs):
    assert (pairs.frame[PARAMETER_SET] == pairs.frame["seed"] % 2).all()
    assert pairs.sharing == TWO
    assert pairs.summary("examinees_2014").endswith(f"\n\n{TWO}")
    alone = differences(pairs.frame.drop(columns=PARAMETER_SET), "historical_emergent", ["no_backbone"], ["delivered"])
    row, alone = pairs.differences("delivered").iloc[0], alone.iloc[0]
    assert row["difference"] == alone["difference"]
    assert row["low"] <= alone["low"] <= alone["high"] <= row["high"]
    assert row["high"] - row["low"] > alone["high"] - alone["low"]


def test_the_set_of_a_run_is_not_an_outcome(pairs):
    with pytest.raises(InputError, match="unknown outcome `parameter_set`"):
        pairs.differences(PARAMETER_SET)


def test_the_figure_of_effects_says_so(pairs):
    figure = pairs.plot.effects("examinees_2014").figure
    assert TWO in figure.get_supxlabel()
    plt.close(figure)


def test_with_as_many_sets_as_seeds_nothing_is_said_and_nothing_changes(two, pairs, tmp_path):
    few = pairs.frame[pairs.frame["seed"].isin([1, 2])].drop(columns=PARAMETER_SET).reset_index(drop=True)
    scenarios = [sim.scenario(name, overrides=UNTIL) for name in ("historical_emergent", "no_backbone")]
    enough = compare(scenarios[0], scenarios[1:], 2, jobs=1, progress=False, uncertainty=two)
    assert bytes_of(enough.frame, "parquet") == bytes_of(few, "parquet")
    assert enough.sharing == ""
    assert "share" not in enough.summary("examinees_2014").replace("share of", "")


def test_at_a_point_no_column_is_added():
    runs = ensemble(sim.scenario("no_initiative", overrides=UNTIL), 3, jobs=1, progress=False)
    assert PARAMETER_SET not in runs.frame


def test_with_one_set_the_sentence_says_what_intervals_leave_out(tmp_path):
    one = posterior(tmp_path / "one.csv", 1)
    runs = ensemble(sim.scenario("no_initiative", overrides=UNTIL), 2, jobs=1, progress=False, uncertainty=one)
    assert runs.frame[PARAMETER_SET].tolist() == [0, 0]
    assert sharing_note(runs.frame).startswith(
        "2 replicates share 1 parameter set: intervals cover random variation within"
    )


def test_a_stored_sweep_that_is_extended_past_its_sets_gets_the_column_and_its_parts_stay(two, tmp_path):
    scenario = sim.scenario("no_initiative", overrides=UNTIL)
    rows = ensemble(scenario, 4, jobs=1, progress=False).frame
    store, point = Store.at(tmp_path), identity(scenario)
    store.keep(point, rows[rows["seed"] <= 3])
    manifest = {"design": [{"identity": point, "scenario": scenario.name}], "seeds": [1, 3], "parameter_sets": 3}
    store.describe(manifest)
    before = {path: path.read_bytes() for path in (tmp_path / "parts").iterdir()}
    assert PARAMETER_SET not in store.collect()
    store.keep(point, rows[rows["seed"] == 4])
    store.describe(manifest | {"seeds": [1, 4]})
    assert store.collect()[PARAMETER_SET].tolist() == [1, 2, 0, 1]
    assert PARAMETER_SET in pd.read_parquet(tmp_path / "table.parquet")
    assert all(path.read_bytes() == content for path, content in before.items())


def test_a_sweep_from_python_says_which_set_each_run_had(two):
    runs = sim.sweep(
        "grid", scenarios="no_initiative", seeds=3, overrides=UNTIL, jobs=1, progress=False, uncertainty=two
    )
    assert runs.frame[PARAMETER_SET].tolist() == [1, 0, 1]
