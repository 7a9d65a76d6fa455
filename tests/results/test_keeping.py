"""Folders of sweeps: no run is simulated twice, changed parts are not trusted, and failures are tried again."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace

import pandas as pd
import pytest

import sim.runs.shared_history
from sim.design.points import Point
from sim.errors import InputError
from sim.model import CollaborationModel
from sim.policy import Change
from sim.results.lock import lock_folder
from sim.results.store import Store
from sim.sweeps.options import SweepOptions
from sim.sweeps.stored_sweep import StoredSweep
from tests.examples.conftest import ROOT
from tests.sweeps.test_another_design import OPTIONS, point

pytestmark = pytest.mark.slow


def begun(folder, *points: Point, **changes) -> StoredSweep:
    """Return a sweep whose manifest is written, and which has not run."""
    sweep = StoredSweep(SweepOptions(**OPTIONS | changes), points, Store.at(folder), progress=None)
    sweep.describe()
    return sweep


def done(folder, *points: Point, **changes) -> StoredSweep:
    """Return a sweep that has run, and its collected table."""
    sweep = begun(folder, *points, **changes)
    sweep.run()
    sweep.store.collect()
    return sweep


def table(sweep: StoredSweep) -> bytes:
    return (sweep.store.folder / "table.parquet").read_bytes()


def parts(sweep: StoredSweep) -> dict[str, tuple[int, bytes]]:
    """Return the time stamp and the content of each part."""
    return {p.name: (p.stat().st_mtime_ns, p.read_bytes()) for p in (sweep.store.folder / "parts").iterdir()}


# Growing


@pytest.mark.simulates
@pytest.mark.parametrize(("few", "many", "block"), [(3, 5, 2), (4, 8, 2), (3, 4, 5)])
def test_more_seeds_compute_only_what_is_new(tmp_path, few, many, block):
    first = done(tmp_path / "out", point(0.2), point(0.8), seeds=few, block=block)
    before, rows = parts(first), pd.read_parquet(tmp_path / "out" / "table.parquet")
    grown = done(tmp_path / "out", point(0.2), point(0.8), seeds=many, block=block)
    assert grown.spent["runs"] == 2 * (many - few)
    assert before.items() <= parts(grown).items()
    assert table(grown) == table(done(tmp_path / "new", point(0.2), point(0.8), seeds=many, block=block))
    after = pd.read_parquet(tmp_path / "out" / "table.parquet")
    pd.testing.assert_frame_equal(after[after["seed"] <= few].reset_index(drop=True), rows, check_exact=True)


@pytest.mark.simulates
def test_more_points_and_more_seeds_at_once_compute_only_what_is_new(tmp_path):
    before = parts(done(tmp_path, point(0.2), seeds=2))
    grown = done(tmp_path, point(0.2), point(0.8), seeds=4)
    assert grown.spent["runs"] == 2 + 4
    assert before.items() <= parts(grown).items()


@pytest.mark.simulates
def test_a_part_of_another_point_is_simulated_again_and_this_is_said(tmp_path, capsys):
    first = done(tmp_path, point(0.2), point(0.8))
    before, whole_table = parts(first), table(first)
    one, other = sorted(p for p in (tmp_path / "parts").iterdir() if p.name.endswith("1-000002.parquet"))
    one.write_bytes(other.read_bytes())
    again = done(tmp_path, point(0.2), point(0.8))
    assert f"{one.name} holds another point; simulated again\n" in capsys.readouterr().err
    assert (again.spent["runs"], table(again)) == (2, whole_table)
    assert {name: content for name, (_, content) in parts(again).items()} == {n: c for n, (_, c) in before.items()}


# Failing


@pytest.fixture
def failing(monkeypatch):
    """Let the runs of one point fail at some seeds, and return a function that stops this."""

    def at(*seeds: int) -> None:
        def model(scenario, seed, *others):
            if scenario.parameters["backbone.facilitation"] == 0.8 and seed in seeds:
                raise ZeroDivisionError("on purpose")
            return CollaborationModel(scenario, seed, *others)

        monkeypatch.setattr(sim.runs.shared_history, "CollaborationModel", model)

    return at


@pytest.mark.simulates
def test_a_run_that_fails_costs_no_other_and_only_it_is_done_again(tmp_path, failing):
    failing(2)
    broken = done(tmp_path / "out", point(0.2), point(0.8), seeds=5)
    (failure,) = broken.store.failures()
    assert (failure["backbone.facilitation"], failure["seed"]) == (0.8, 2)
    assert "ZeroDivisionError: on purpose" in failure["traceback"]
    assert broken.spent["runs"] == len(pd.read_parquet(tmp_path / "out" / "table.parquet")) == 9
    still = done(tmp_path / "out", point(0.2), point(0.8), seeds=5)
    assert (still.spent["runs"], len(still.store.failures())) == (0, 1)
    failing()
    mended = done(tmp_path / "out", point(0.2), point(0.8), seeds=5, runs="failed")
    assert (mended.spent["runs"], mended.store.failures()) == (1, [])
    assert table(mended) == table(done(tmp_path / "new", point(0.2), point(0.8), seeds=5))


@pytest.mark.simulates
def test_only_what_failed_is_done_again_where_more_is_missing(tmp_path, failing):
    failing(2)
    done(tmp_path, point(0.2), point(0.8))
    failing()
    next((tmp_path / "parts").glob("*-000003-000003.parquet")).unlink()
    assert done(tmp_path, point(0.2), point(0.8), runs="failed").spent["runs"] == 1
    assert done(tmp_path, point(0.2), point(0.8)).spent["runs"] == 1


@pytest.mark.simulates
@pytest.mark.parametrize(("limit", "failed"), [({"fail_fast": True}, 1), ({"max_failures": 2}, 2), ({}, 4)])
def test_a_sweep_ends_at_as_many_failures_as_it_may_have_and_keeps_what_is_complete(
    tmp_path, failing, capsys, limit, failed
):
    failing(2, 3, 4, 5)
    broken = done(tmp_path, point(0.2), point(0.8), seeds=8, block=8, **limit)
    assert len(broken.store.failures()) == failed
    assert len(pd.read_parquet(tmp_path / "table.parquet")) == broken.spent["runs"]
    lines = [line for line in capsys.readouterr().err.splitlines() if line]
    runs = "1 run" if failed == 1 else f"{failed} runs"
    assert lines == ([f"stopped: {runs} failed; complete runs are stored, and the same command resumes the sweep"]
                    if limit else [])  # fmt: skip


@pytest.mark.simulates
def test_a_rerun_that_ends_early_forgets_no_failure(tmp_path, failing):
    failing(2, 3)
    done(tmp_path, point(0.2), point(0.8))
    again = done(tmp_path, point(0.2), point(0.8), runs="failed", fail_fast=True)
    assert again.spent["runs"] == 0
    assert sorted(failure["seed"] for failure in again.store.failures()) == [2, 3]


@pytest.mark.simulates
def test_what_failed_beside_others_is_off_the_record_once_it_is_mended_alone(tmp_path, failing):
    failing(2)
    whole = done(tmp_path, point(0.2), point(0.8))
    assert len(whole.store.failures()) == 1
    failing()
    for one in whole.points:
        StoredSweep(whole.options, [one], whole.store, progress=None).run()
    assert whole.store.failures() == []


# What changed


def refused(folder, *points: Point, **changes) -> str:
    with pytest.raises(InputError) as caught:
        begun(folder, *points, **changes)
    return str(caught.value)


def test_a_file_of_the_users_own_that_changed_is_named(tmp_path):
    file, messages = tmp_path / "organisations.csv", {}
    for capacity in (1, 2):
        file.write_text(f"name,kind,capacity\nF,foundation,{capacity}\n")
        messages[capacity] = point(0.2, **{"setting.organisations": str(file)})
        if capacity == 1:
            begun(tmp_path / "out", messages[1])
    assert refused(tmp_path / "out", messages[2]) == (
        f"the results in {tmp_path / 'out'} were made with other data (organisations.csv differs); "
        "give another `out`, or `overwrite=true` to remove them"
    )


def test_a_parameter_that_changed_behind_the_same_words_is_named_with_both_values(tmp_path):
    one = point(0.2)
    begun(tmp_path, one)
    other = replace(one, scenario=one.scenario.with_({"trust.ratio": 3}))
    assert "other parameters (trust.ratio: 2.0, now 3.0)" in refused(tmp_path, other)


def test_a_policy_that_changed_behind_the_same_words_is_named(tmp_path):
    one = point(0.2)
    begun(tmp_path, one)
    policy = one.scenario.policy.also([Change(10, "backbone.facilitation", 0.3)])
    message = refused(tmp_path, replace(one, scenario=replace(one.scenario, policy=policy)))
    assert "were made with another policy (2006-07 backbone.facilitation: None, now 0.3);" in message


@pytest.mark.simulates
def test_another_design_of_the_same_model_is_no_change(tmp_path):
    done(tmp_path, point(0.2))
    begun(tmp_path, point(0.2, **{"trust.ratio": 4.0}))
    begun(tmp_path, point(0.8), seeds=7, block=3, jobs=2)


@pytest.mark.simulates
def test_overwrite_removes_what_another_model_gave_and_nothing_else(tmp_path, monkeypatch):
    before = parts(done(tmp_path, point(0.2)))
    (tmp_path / "notes.txt").write_text("mine")
    assert parts(begun(tmp_path, point(0.2), overwrite=True)) == before
    monkeypatch.setattr("sim.sweeps.provenance.model_hash", lambda: "another")
    assert "another model version (it is not known which files differ)" in refused(tmp_path, point(0.2))
    assert parts(begun(tmp_path, point(0.2), overwrite=True)) == {}
    assert (tmp_path / "notes.txt").exists()


# One at a time

HOLD = "import sys, time; from pathlib import Path; from sim.results.lock import lock_folder\n" \
       "lock = lock_folder(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"  # fmt: skip


@pytest.mark.program
def test_a_second_sweep_is_refused_until_the_first_is_gone_however_it_went(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        with pytest.raises(InputError, match=rf"^another program \(process {first.pid} on .+\) works in "):
            lock_folder(tmp_path)
        first.kill()
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            lock_folder(tmp_path).close()
            break
        except InputError:
            time.sleep(0.1)
    lock_folder(tmp_path).close()
