"""Designs beyond the grid: factors as they are declared, points as they are said, the same table from both ways in."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import sim
from sim.configuration import scenario
from sim.design.chunks import chunks
from sim.design.factors import Factor, factor_of, factors_of, parameters_with_range
from sim.design.points import Point
from sim.design.samples import GROWING, sample_from_file, sampled, shares_of
from sim.errors import InputError
from sim.parameters import declared, uncertain
from sim.results.store import Store
from sim.sweeps.options import SweepOptions
from sim.sweeps.sampled_sweep import SampledSweep, Sampling
from tests.house.source import ROOT
from tests.offenders import each_of

pytestmark = pytest.mark.slow

SHORT = {"setting.until": "2009-12", "setting.burn_in": 0}
THREE = ["trust.ratio", "trust.gain", "deliberation.tolerance"]


def sweep_in(folder, design="lhs", vary=THREE, n=20, points=None, **changes) -> SampledSweep:
    """A small sampled sweep over the scenario with and without a backbone."""
    scenarios = [scenario(name, overrides=SHORT) for name in ("historical_emergent", "no_backbone")]
    policies = [
        Point({"backbone.facilitation": c.parameters["backbone.facilitation"], "timing": "0", "scenario": c.name}, c)
        for c in scenarios
    ]
    sampling = Sampling.of_table(points) if design == "table" else Sampling.of(design, factors_of(vary), n)
    options = SweepOptions(**{"seeds": 2, "jobs": 1} | changes)
    return SampledSweep(options, policies, Store.at(folder), progress=None, sampling=sampling)


def table_of(sweep: SampledSweep) -> pd.DataFrame:
    sweep.describe()
    sweep.run()
    return sweep.store.collect()


# Factors


def test_a_factor_has_its_declared_range_unless_another_is_given():
    low, high = (getattr(declared("trust.ratio")[1], end) for end in ("low", "high"))
    assert factor_of("trust.ratio") == Factor("trust.ratio", low, high)
    assert factor_of("trust.ratio", [1.5, 2]) == Factor("trust.ratio", 1.5, 2.0)
    assert factor_of("trust.gain", {"scale": "log"}).scale == "log"
    assert factor_of("trust.ratio", {"values": [1, 2]}).choices == (1.0, 2.0)
    assert factor_of("trust.ratio", [1, 2, 3]).choices == (1.0, 2.0, 3.0)
    assert factor_of("backbone.present").choices == (False, True)


def test_uncertain_parameters_are_those_that_are_declared_so():
    assert [factor.name for factor in factors_of("uncertain")] == uncertain()
    assert set(uncertain()) < set(parameters_with_range())


def test_whole_numbers_and_choices_are_all_as_likely():
    shares = (np.arange(1000) + 0.5) / 1000
    whole = pd.Series([Factor("a", 2, 5, whole=True).at(share) for share in shares])
    assert whole.value_counts().to_dict() == {2: 250, 3: 250, 4: 250, 5: 250}
    chosen = pd.Series([Factor("a", choices=("x", "y")).at(share) for share in shares])
    assert chosen.value_counts().to_dict() == {"x": 500, "y": 500}
    assert Factor("a", 2, 5, whole=True).at(1.0) == 5


def test_a_log_scale_spreads_evenly_over_powers():
    factor = Factor("a", 1, 1000, "log")
    assert [round(factor.at(share), 6) for share in (0, 1 / 3, 2 / 3, 1)] == [1, 10, 100, 1000]


@each_of(
    ("vary", "message"),
    [
        ("trust.ration", "did you mean `trust.ratio`"),
        ([], "at least one parameter"),
        (["trust.ratio", "trust.ratio"], "twice"),
        (3, "`vary` must be uncertain, all or names"),
        ({"trust.ratio": [3, 1]}, "from low to high"),
        ({"trust.ratio": [0, 3]}, "must lie between 1 and 4"),
        ({"trust.ratio": "much"}, "must have a range"),
        ({"trust.ratio": {"lower": 1}}, "low, high and scale"),
        ({"trust.ratio": {"scale": "square"}}, "one of linear, log"),
        ({"trust.hearsay": {"scale": "log"}}, "log scale"),
        ({"trust.ratio": {"values": [2]}}, "at least two values"),
        ({"trust.ratio": {"values": [2, 2.0]}}, "must be different"),
        (["setting.start"], "is not a number; give its values"),
    ],
)
def test_what_cannot_be_sampled_is_said_in_one_sentence(vary, message):
    with pytest.raises(InputError, match=message) as error:
        factors_of(vary)
    assert "\n" not in str(error.value)


# Samples


def test_a_latin_hypercube_has_every_factor_once_in_every_layer():
    shares = shares_of("lhs", 4, 25)
    for column in shares.T:
        assert sorted(np.floor(column * 25).astype(int)) == list(range(25))


def test_a_sobol_design_is_saltellis():
    pytest.importorskip("SALib")
    shares = shares_of("sobol", 3, 8).reshape(8, 5, 3)
    for first, *mixed, second in shares:
        for k, row in enumerate(mixed):
            assert row[k] == second[k]
            assert (np.delete(row, k) == np.delete(first, k)).all()


@pytest.mark.parametrize("kind", GROWING)
def test_a_larger_design_begins_with_the_smaller(kind):
    pytest.importorskip("SALib")
    smaller, larger = shares_of(kind, 4, 8), shares_of(kind, 4, 16)
    assert (larger[: len(smaller)] == smaller).all()
    assert len(larger) == 2 * len(smaller)


def test_each_step_of_a_morris_trajectory_moves_one_factor():
    pytest.importorskip("SALib")
    for path in shares_of("morris", 5, 6).reshape(6, 6, 5):
        moved = np.abs(np.diff(path, axis=0)) > 1e-12
        assert (moved.sum(axis=1) == 1).all()
        assert moved.any(axis=0).all()


@pytest.mark.parametrize(
    ("kind", "n", "message"),
    [("sobol", 12, "power of two"), ("saltelli", 8, "must be one of grid, lhs, sobol"), ("lhs", 1, "from 2")],
)
def test_a_size_or_kind_that_cannot_be_is_said(kind, n, message):
    if kind == "sobol":
        pytest.importorskip("SALib")
    with pytest.raises(InputError, match=message):
        sampled(kind, factors_of(THREE), n)


def test_a_missing_extra_is_said_in_one_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib.sample", None)
    with pytest.raises(InputError, match="needs the extra `analysis`"):
        shares_of("sobol", 3, 8)


def test_the_points_of_a_file_are_read_and_checked(tmp_path):
    file = tmp_path / "points.csv"
    file.write_text("trust.ratio,backbone.present\n1,true\n2,false\n")
    assert sample_from_file(file).values == ({"trust.ratio": 1.0, "backbone.present": True},
                                   {"trust.ratio": 2.0, "backbone.present": False})  # fmt: skip
    pd.read_csv(file).to_parquet(tmp_path / "points.parquet")
    assert sample_from_file(tmp_path / "points.parquet") == sample_from_file(file)
    for text, message in [
        ("trust.ration\n1\n", "did you mean"),
        ("trust.ratio\n9\n", "line 2, column `trust.ratio`: must lie"),
        ("trust.ratio\n", "has no rows"),
        ("trust.ratio,trust.gain\n1,\n", "line 2, column `trust.gain`: the cell is empty"),
    ]:
        file.write_text(text)
        with pytest.raises(InputError, match=message):
            sample_from_file(file)
    with pytest.raises(InputError, match="there is no file"):
        sample_from_file(tmp_path / "none.csv")
    with pytest.raises(InputError, match="needs a file"):
        sample_from_file(None)


# Chunks


def test_chunks_hold_every_point_once_and_keep_together_what_belongs_together():
    pytest.importorskip("SALib")
    policies = [Point({"timing": "0"}, scenario("historical_emergent", overrides=SHORT))]
    parts = chunks(sampled("sobol", factors_of(THREE), 16), policies)
    numbers = [point.factors["sample"] for part in parts for point in part.points]
    assert numbers == list(range(16 * 5))
    assert {len(part.values) % 5 for part in parts} == {0}
    assert len({part.name for part in parts}) == len(parts) > 1
    longer = chunks(sampled("sobol", factors_of(THREE), 32), policies)
    assert [part.name for part in longer[: len(parts)]] == [part.name for part in parts]


def test_the_identity_of_a_chunk_is_its_content():
    sample = sampled("lhs", factors_of(THREE), 8)
    scenarios = [scenario("historical_emergent", overrides=SHORT | more) for more in ({}, {"trust.fading": 0.02})]
    names = {chunks(sample, [Point({"timing": "0"}, scenario)])[0].name for scenario in scenarios}
    names |= {chunks(sampled("lhs", factors_of(THREE), 9), [Point({"timing": "0"}, scenarios[0])])[0].name}
    names |= {chunks(sample, [Point({"timing": "6"}, scenarios[0])])[0].name}
    assert len(names) == 4


# Runs


@pytest.mark.simulates
def test_a_sampled_sweep_has_every_sample_in_every_policy_with_every_seed(tmp_path):
    table = table_of(sweep_in(tmp_path))
    assert len(table) == 20 * 2 * 2
    assert not table.duplicated(["scenario", "sample", "seed"]).any()
    values = table.groupby("sample")[THREE]
    assert (values.nunique() == 1).all(axis=None)
    assert sorted(values.first()["trust.ratio"]) == sorted(
        each["trust.ratio"] for each in sampled("lhs", factors_of(THREE), 20).values
    )
    one = table[(table["sample"] == 7) & (table["seed"] == 2) & (table["scenario"] == "no_backbone")].iloc[0]
    alone = sim.simulate("no_backbone", 2, overrides=SHORT | {name: one[name] for name in THREE}).outcomes
    assert alone["consensus"] == one["consensus"]
    assert alone["examinees_2009"] == one["examinees_2009"]


@pytest.mark.simulates
def test_a_sampled_sweep_goes_on_from_the_chunks_that_are_there(tmp_path, monkeypatch):
    whole = table_of(sweep_in(tmp_path / "whole"))
    sweep = sweep_in(tmp_path / "again")
    first = table_of(sweep)
    parts = sorted((sweep.store.folder / "parts").iterdir())
    parts[0].unlink()
    parts[1].write_bytes(parts[1].read_bytes()[:100])
    again = sweep_in(tmp_path / "again")
    pd.testing.assert_frame_equal(table_of(again), first)
    pd.testing.assert_frame_equal(first, whole)
    assert again.spent["runs"] < sweep.spent["runs"]
    third = sweep_in(tmp_path / "again")
    pd.testing.assert_frame_equal(table_of(third), whole)
    assert third.spent["runs"] == 0


@pytest.mark.simulates
def test_a_run_that_fails_costs_no_other_and_its_chunk_alone_is_done_again(tmp_path, monkeypatch):
    from sim.runs import seed_runs as designs

    judged = designs.RunEnd.of
    calls = iter(range(10**6))

    def failing(world, *about):
        return designs.RunEnd(traceback="no luck") if next(calls) == 0 else judged(world, *about)

    monkeypatch.setattr(designs.RunEnd, "of", staticmethod(failing))
    sweep = sweep_in(tmp_path, seeds=1)
    table = table_of(sweep)
    assert [failure["traceback"] for failure in sweep.store.failures()] == ["no luck"]
    assert len(table) == 39
    monkeypatch.undo()
    mended = sweep_in(tmp_path, seeds=1, runs="failed")
    pd.testing.assert_frame_equal(table_of(mended), table_of(sweep_in(tmp_path / "whole", seeds=1)))
    assert mended.spent["runs"] == max(mended.runs_each) < 40
    assert Store.at(tmp_path).failures() == []


@pytest.mark.simulates
def test_python_gives_the_table_of_the_command(tmp_path):
    table = table_of(sweep_in(tmp_path))
    scenarios = ["historical_emergent", "no_backbone"]
    frame = sim.sweep("lhs", THREE, scenarios, seeds=2, n=20, overrides=SHORT, jobs=1, progress=False).frame
    pd.testing.assert_frame_equal(frame, table)


@pytest.mark.simulates
def test_a_grid_from_python_crosses_its_levers():
    frame = sim.sweep(
        "grid",
        scenarios="historical_emergent",
        seeds=1,
        timing=[0, "never"],
        jobs=1,
        progress=False,
        overrides=SHORT,
        levers={"backbone.facilitation": [0.0, 0.8]},
        reference_facilitation=0.8,
    ).frame
    assert sorted(zip(frame["backbone.facilitation"], frame["timing"], frame["dates"], strict=True)) == sorted(
        (f, t, d) for f in (0.0, 0.8) for t in ("0", "never") for d in ("emergent", "held")
    )


@pytest.mark.program
def test_a_sweep_works_with_two_processes_from_a_script_without_a_guard(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        f"import sim\nframe = sim.sweep('lhs', {THREE!r}, n=20, jobs=2, overrides={SHORT!r}, progress=False).frame\n"
        "print(len(frame), frame['sample'].nunique())\n"
    )
    done = subprocess.run([sys.executable, str(script)], cwd=ROOT, capture_output=True, text=True,
                          env={"PYTHONPATH": str(ROOT)}, check=False, timeout=300)  # fmt: skip
    assert done.stdout.split() == ["20", "20"], done.stderr


@pytest.mark.program
@pytest.mark.filterwarnings("ignore")  # of the notebook's own machinery
def test_a_sweep_works_with_two_processes_in_a_notebook(monkeypatch):
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    code = f"import sim\nlen(sim.sweep('lhs', {THREE!r}, n=20, jobs=2, overrides={SHORT!r}, progress=False).frame)"
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    nbclient.NotebookClient(book, timeout=300, kernel_name="python3").execute()
    assert book.cells[0].outputs[-1]["data"]["text/plain"] == "20"


@each_of(
    ("options", "message"),
    [
        ({"design": "saltelli"}, "a design must be one of grid, lhs"),
        ({"levers": {"trust.gain": 0.1}}, "must have a list of values for `trust.gain`; got 0.1"),
        ({"levers": ["trust.gain"]}, "`levers` must hold parameters with their values"),
        ({"overrides": "trust.gain"}, "`overrides` must hold keys and values"),
        ({"reference_facilitation": 2}, "`reference_facilitation` must lie between 0 and 1"),
        ({"vary": ["trust.ration"]}, "did you mean"),
        ({"scenarios": scenario("historical_emergent"), "timing": 3}, "has its own timing"),
    ],
)
def test_a_wrong_sweep_is_said_in_one_sentence(options, message):
    with pytest.raises(InputError, match=message):
        sim.sweep(**({"vary": THREE, "progress": False} | options))
