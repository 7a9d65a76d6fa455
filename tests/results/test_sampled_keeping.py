"""Folders of sampled sweeps: no run is simulated twice, changed parts are not trusted, and failures are tried again."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

import sim.runs.shared_history
from sim.errors import InputError
from sim.model import CollaborationModel
from sim.sweeps.sampled_sweep import SampledSweep
from tests.design.test_sampling import sweep_in, table_of
from tests.results.test_keeping import parts

pytestmark = [pytest.mark.simulates, pytest.mark.slow]

LIMIT = 0.05
"""Gain of trust above which runs fail on purpose."""


def done(folder, **changes) -> SampledSweep:
    """Return a sampled sweep that has run, and its collected table."""
    sweep = sweep_in(folder, **changes)
    table_of(sweep)
    return sweep


def table(folder) -> pd.DataFrame:
    return pd.read_parquet(folder / "table.parquet")


def refused(folder, **changes) -> str:
    with pytest.raises(InputError) as caught:
        sweep_in(folder, **changes).describe()
    return str(caught.value)


# Growing


def test_more_seeds_compute_only_what_is_new(tmp_path):
    first = done(tmp_path / "out", seeds=1)
    before = parts(first)
    grown = done(tmp_path / "out", seeds=3)
    assert grown.spent["runs"] == 2 * first.runs
    assert before.items() <= parts(grown).items()
    done(tmp_path / "new", seeds=3)
    pd.testing.assert_frame_equal(table(tmp_path / "out"), table(tmp_path / "new"), check_exact=True)


def test_a_larger_sobol_design_computes_only_what_is_new(tmp_path):
    pytest.importorskip("SALib")
    first = done(tmp_path, design="sobol", n=8, seeds=1)
    before = parts(first)
    grown = done(tmp_path, design="sobol", n=16, seeds=1)
    assert grown.spent["runs"] == first.runs
    assert before.items() <= parts(grown).items()


def test_points_that_are_added_to_a_table_are_no_change_and_others_are(tmp_path):
    file = tmp_path / "points.csv"
    lines = ["trust.gain", *[str(k / 100) for k in range(2, 11)]]
    file.write_text("\n".join(lines[:9]))
    options = {"design": "table", "points": str(file), "seeds": 1}
    first = done(tmp_path / "out", **options)
    file.write_text("\n".join(lines))
    assert done(tmp_path / "out", **options).spent["runs"] == 2 == 18 - first.runs
    file.write_text("\n".join([*lines[:-1], "0.2"]))
    assert "were made with other data (points.csv differs); give another `out`" in refused(tmp_path / "out", **options)


# What changed


def test_another_model_or_other_parameters_behind_the_same_words_are_refused(tmp_path, monkeypatch):
    before = parts(done(tmp_path, seeds=1))
    other = sweep_in(tmp_path, seeds=1)
    other.points = [type(p)(p.factors, p.scenario.with_({"trust.fading": 0.02})) for p in other.points]
    with pytest.raises(InputError, match=r"with other parameters \(trust.fading: [\d.]+, now 0.02\)"):
        other.describe()
    monkeypatch.setattr("sim.sweeps.provenance.model_hash", lambda: "another")
    assert "another model version" in refused(tmp_path, seeds=1)
    assert parts(sweep_in(tmp_path, seeds=1)) == before


@pytest.mark.parametrize(("changes", "policies"), [({"n": 24}, 2), ({"vary": ["trust.gain"]}, 2), ({}, 1)])
def test_another_design_of_the_same_model_is_no_change(tmp_path, changes, policies):
    before = parts(done(tmp_path, seeds=1))
    sweep = sweep_in(tmp_path, seeds=1, **changes)
    sweep.points = sweep.points[:policies]
    sweep.describe()
    assert before == parts(sweep)


def test_a_chunk_of_somebody_else_is_simulated_again_and_this_is_said(tmp_path, capsys):
    first = done(tmp_path, seeds=1)
    whole = table(tmp_path)
    one, other = sorted((tmp_path / "parts").iterdir())[:2]
    one.write_bytes(other.read_bytes())
    again = done(tmp_path, seeds=1)
    assert f"{one.name} holds another point; simulated again" in capsys.readouterr().err
    assert 0 < again.spent["runs"] < first.spent["runs"]
    pd.testing.assert_frame_equal(table(tmp_path), whole)


# Failing


@pytest.fixture
def failing(monkeypatch):
    """Let runs with a high gain of trust fail at some seeds, and return a function that sets these seeds."""

    def at(*seeds: int) -> None:
        def model(scenario, seed, *others):
            if scenario.parameters["trust.gain"] > LIMIT and scenario.name == "no_backbone" and seed in seeds:
                raise ZeroDivisionError("on purpose")
            return CollaborationModel(scenario, seed, *others)

        monkeypatch.setattr(sim.runs.shared_history, "CollaborationModel", model)

    return at


def gaining(sweep: SampledSweep) -> int:
    """Return samples with a high gain of trust."""
    return sum(values["trust.gain"] > LIMIT for chunk in sweep.chunks for values in chunk.values)


def test_runs_that_fail_are_on_record_and_cost_no_other(tmp_path, failing):
    failing(2)
    broken = done(tmp_path / "out")
    many = gaining(broken)
    assert 0 < many < 20
    failures = broken.store.failures()
    assert {(failure["seed"], failure["scenario"]) for failure in failures} == {(2, "no_backbone")}
    assert len(failures) == many == broken.runs - len(table(tmp_path / "out"))
    failing()
    mended = done(tmp_path / "out", runs="failed")
    assert mended.store.failures() == []
    done(tmp_path / "new")
    pd.testing.assert_frame_equal(table(tmp_path / "out"), table(tmp_path / "new"))


def test_a_sweep_ends_at_as_many_failures_as_it_may_have_and_forgets_none_of_before(tmp_path, failing, capsys):
    failing(1, 2)
    before = done(tmp_path).store.failures()
    again = done(tmp_path, runs="failed", fail_fast=True)
    assert "runs failed; complete runs are stored" in capsys.readouterr().err
    recorded = [sorted((f["sample"], f["seed"]) for f in failures) for failures in (before, again.store.failures())]
    assert recorded[0] == recorded[1]


# The command


@pytest.mark.program
@pytest.mark.release
def test_the_state_is_told_and_a_sweep_resumed_and_extended_by_one_command(command, tmp_path):
    arguments = ("design=lhs", "vary=[trust.ratio,trust.gain]", "n=20", "setting.until=2013-12", "setting.burn_in=0",
            "doubling.by=2013", "jobs=1")  # fmt: skip
    done = command("sweep", *arguments, f"out={tmp_path}")
    assert done.returncode == 0, done.stderr
    next((tmp_path / "parts").iterdir()).unlink()
    done = command("results", "status", f"out={tmp_path}")
    assert done.returncode == 1
    assert re.search(r"lhs of 2 parameters: 20 samples x 1 policy; x 1 seed = 20 runs", done.stdout)
    assert re.search(r"runs +(4|16) of 20 are there", done.stdout)
    for verb, runs in (("resume", 20), ("extend", 40)):
        done = command("results", verb, *(["seeds=2"] if verb == "extend" else []), f"out={tmp_path}")
        assert done.returncode == 0, done.stderr
        assert len(table(tmp_path)) == runs
    done = command("results", "status", f"out={tmp_path}")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads((tmp_path / "manifest.json").read_text())["seeds"] == [1, 2]
    for key in ("timing=12", "n=40"):
        done = command("results", "extend", key, f"out={tmp_path}")
        assert done.returncode == 2
        assert done.stderr.startswith(
            f"error: `extend` cannot change `{key.partition('=')[0]}` of a sampled sweep; give more `seeds`, or a "
            "larger `n` of sobol"
        )
