"""Sweeps from Python: stored in a folder as by the program, saved, loaded, and with the same texts."""

from __future__ import annotations

import inspect
import json
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.agents import Foundation
from sim.errors import InputError
from sim.results.lock import lock_folder
from sim.results.store import Store
from sim.sweeps.result import Sweep
from sim.sweeps.words import SweepWords

pytestmark = pytest.mark.slow

SHORT = {"setting.until": "2013-12", "setting.burn_in": 0}
GRID = {"seeds": 2, "timing": [0, "never"], "levers": {"backbone.facilitation": [0.2, 0.8]}, "overrides": SHORT,
        "reference_facilitation": 0.8,
        "doubling": {"by": 2013}, "jobs": 1, "progress": False}  # fmt: skip
SAMPLED = {
    "design": "lhs",
    "vary": ["trust.gain"],
    "scenarios": ["historical_emergent", "no_backbone"],
    "n": 4,
    "overrides": SHORT,
    "jobs": 1,
    "progress": False,
}


@pytest.fixture(scope="module")
def in_memory() -> Sweep:
    """Sweep a small grid in memory."""
    return sim.sweep("grid", **GRID)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Sweep the same grid in a folder."""
    out = tmp_path_factory.mktemp("grid") / "out"
    sim.sweep("grid", **GRID, out=out)
    return out


def contents(place: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((place / "parts").iterdir())}


def test_options_stand_in_the_signature_and_are_given_by_name():
    options = {name for name, p in inspect.signature(sim.sweep).parameters.items() if p.kind is p.KEYWORD_ONLY}
    assert options >= {
        "n",
        "timing",
        "levers",
        "overrides",
        "reference_facilitation",
        "jobs",
        "progress",
        "uncertainty",
        "kinds",
        "out",
    }
    with pytest.raises(TypeError, match="'job'"):
        sim.sweep("lhs", job=2)


@pytest.mark.simulates
def test_a_sweep_in_a_folder_has_the_runs_and_the_words_of_one_in_memory(in_memory, folder):
    loaded = Sweep.load(folder)
    pd.testing.assert_frame_equal(loaded.frame, in_memory.frame, check_exact=True)
    assert loaded.summary() == in_memory.summary() == (folder / "summary.txt").read_text()
    assert loaded.summary() in in_memory._repr_html_().replace("&#x27;", "'")
    assert repr(loaded) == repr(in_memory)
    assert (folder / "table.parquet").is_file()


@pytest.mark.simulates
def test_a_saved_sweep_has_the_parts_of_one_that_was_kept_as_it_ran(in_memory, folder, tmp_path):
    files = in_memory.save(tmp_path / "saved")
    assert [path.name for path in files] == ["manifest.json", "summary.txt", "table.parquet"]
    assert contents(tmp_path / "saved") == contents(folder)
    assert (tmp_path / "saved" / "table.parquet").read_bytes() == (folder / "table.parquet").read_bytes()
    with pytest.raises(InputError, match="is in a folder by now"):
        Sweep.load(folder).save(tmp_path / "other")


@pytest.mark.simulates
def test_samples_that_are_saved_have_the_parts_of_those_that_were_kept(tmp_path):
    stored = sim.sweep(**SAMPLED, seeds=2, out=tmp_path / "out")
    whole = sim.sweep(**SAMPLED, seeds=2)
    pd.testing.assert_frame_equal(stored.frame, whole.frame, check_exact=True)
    whole.save(tmp_path / "saved")
    assert contents(tmp_path / "saved") == contents(tmp_path / "out")
    assert json.loads(json.dumps(whole.record["sampling"])) == stored.record["sampling"]


@pytest.mark.simulates
def test_the_program_reads_extends_and_collects_what_python_left(command, folder, tmp_path, in_memory):
    in_memory.save(tmp_path)
    before = contents(tmp_path)
    done = command("results", "status", f"out={tmp_path}")
    assert (done.returncode, done.stderr) == (0, "")
    assert "runs      16 of 16 complete, 0 missing; 0 failed" in done.stdout
    assert "made with the model, parameters, policy and data of today" in done.stdout
    assert command("results", "collect", f"out={tmp_path}").returncode == 0
    done = command("results", "extend", "seeds=3", f"out={tmp_path}")
    assert done.returncode == 0, done.stderr
    assert before.items() <= contents(tmp_path).items()
    grown = sim.sweep("grid", **GRID | {"seeds": 3}, out=tmp_path)
    assert len(grown.frame) == 24


@pytest.mark.simulates
def test_the_command_of_a_sweep_makes_the_same_sweep(command, tmp_path):
    options = {
        "scenarios": "no_backbone",
        "levers": {"trust.gain": [0.1]},
        "overrides": SHORT,
        "jobs": 1,
        "progress": False,
    }
    sim.sweep("grid", **options, out=tmp_path / "one")
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text())
    assert "hydra.sweeper.params=null" in manifest["arguments"]
    done = command("sweep", *manifest["arguments"], "jobs=1", "doubling.by=2013", f"out={tmp_path / 'other'}")
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "one") == contents(tmp_path / "other")
    assert (tmp_path / "one" / "table.parquet").read_bytes() == (tmp_path / "other" / "table.parquet").read_bytes()


@pytest.mark.simulates
def test_a_sweep_of_a_scenario_made_in_python_says_by_which_call_it_goes_on(tmp_path, command):
    sim.sweep("grid", scenarios=sim.scenario("no_backbone", overrides=SHORT), jobs=1, progress=False, out=tmp_path)
    done = command("results", "resume", f"out={tmp_path}")
    assert done.returncode == 2
    assert "has no arguments; run the sweep again: `sim.sweep(design='grid'" in done.stderr


def test_the_words_of_a_sweep_are_of_hydras_grammar():
    words = SweepWords(["a"], [None], {"trust.gain": [0.1, 0.2]}, {"setting.until": "2013-12", "backbone.present": True},
                       "lhs", {"trust.ratio": [1, 2]}, {"n": 8, "reference_facilitation": None})  # fmt: skip
    assert words.words(["trust.ratio"], {"2013-12"}) == (
        "scenario=a", "timing=null", "trust.gain=choice(0.1,0.2)", "setting.until=2013-12", "backbone.present=true",
        "design=lhs", "vary={trust.ratio:[1,2]}", "n=8", "reference_facilitation=null",
    )  # fmt: skip
    assert words.words(["trust.gain"], {"2013-12"}) is None


def refused(**options) -> str:
    with pytest.raises(InputError) as mistake:
        sim.sweep("grid", **GRID | options)
    return str(mistake.value)


def test_wrong_options_of_a_folder_are_refused_before_anything_is_written(tmp_path):
    class Careful(Foundation):
        """Gives as foundations do."""

    out = tmp_path / "out"
    assert "`seeds` must be a number or consecutive seeds; got [1, 3]" in refused(out=out, seeds=[1, 3])
    assert "`out` and `kinds` cannot be given together" in refused(out=out, kinds={"foundation": Careful})
    assert "two points of the design are the same" in refused(
        out=out, timing=24, levers={}, scenarios=["historical_emergent", "policy_late"]
    )
    assert "`doubling` must be a mapping with the keys" in refused(out=out, doubling={"until": 2013})
    assert "the place for results must be a path" in refused(out="")
    assert not out.exists()


@pytest.mark.simulates
def test_a_folder_of_other_results_or_at_work_is_refused(folder, tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps({"kind": "comparison", "command": "..."}))
    assert "holds a comparison, not a sweep" in refused(out=tmp_path)
    with lock_folder(folder):
        assert "works in" in refused(out=folder)
    with pytest.raises(InputError, match="there is no sweep in"):
        Sweep.load(tmp_path / "none")


@pytest.mark.simulates
def test_other_seeds_than_consecutive_ones_are_not_saved(tmp_path):
    sweep = sim.sweep("grid", **GRID | {"seeds": [2, 4], "timing": 0})
    with pytest.raises(
        InputError, match="only a sweep with consecutive seeds can be saved; sweep with `seeds` as a number"
    ):
        sweep.save(tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.simulates
def test_a_run_that_fails_is_on_record_with_its_point_and_left_out_of_its_part(tmp_path, monkeypatch):
    import sim.runs.shared_history as shared
    from sim.model import CollaborationModel

    def failing(scenario, seed, *others):
        if scenario.parameters["backbone.facilitation"] == 0.2 and seed == 2:
            raise ZeroDivisionError("on purpose")
        return CollaborationModel(scenario, seed, *others)

    monkeypatch.setattr(shared, "CollaborationModel", failing)
    small = GRID | {"reference_facilitation": None, "timing": 0}
    stored = sim.sweep("grid", **small, out=tmp_path / "out")
    broken = sim.sweep("grid", **small)
    broken.save(tmp_path / "saved")
    for place in ("out", "saved"):
        store = Store(tmp_path / place)
        (failure,) = store.failures()
        (point,) = [p for p in store.manifest()["design"] if p["identity"] == failure["identity"]]
        assert (point["backbone.facilitation"], failure["seed"]) == (0.2, 2)
    assert contents(tmp_path / "out") == contents(tmp_path / "saved")
    assert len(stored.frame) == len(broken.frame) == 3
    monkeypatch.undo()
    assert len(sim.sweep("grid", **small, out=tmp_path / "out").frame) == 4
    assert Store(tmp_path / "out").failures() == []


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"design": "grid", "vary": {"trust.ratio": [1, 2]}},
            "a grid does not use `vary`: it takes the values to cross by `levers",
        ),
        ({"design": "grid", "n": 8}, "a grid does not use `n`: "),
        (
            {"design": "points.csv", "vary": "all"},
            "a table of points does not use `vary`: its file has the factors as columns",
        ),
    ],
)
def test_options_that_a_design_does_not_use_are_refused(options, sentence):
    with pytest.raises(InputError, match=f"^{sentence}"):
        sim.sweep(**options, overrides=SHORT, progress=False)


@pytest.mark.simulates
def test_options_at_their_defaults_are_not_refused():
    sim.sweep("grid", vary="uncertain", n=64, overrides=SHORT, jobs=1, progress=False)
