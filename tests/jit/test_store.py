"""Compiled code on disk: keyed to all sources, bounded, and never needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.jit import COMPILED, store
from sim.jit.signatures import decoded, encoded, recorded
from sim.jit.steps import STEPS, step_named

ROOT = Path(__file__).resolve().parents[2]

needs_compiler = pytest.mark.skipif(not COMPILED, reason="there is no compiler in this environment")

PROGRAM = """
from sim.jit import elementwise
import numpy as np

WEIGHT = {weight}


@elementwise
def weighted(value: float, *, by: float) -> float:
    return WEIGHT * value / by


print(weighted(1.5, by=1.0), weighted(np.array([[1.0], [2.0]]), by=np.array([1.0, 2.0])).tolist())
"""

COMPILED_BY_A_RUN = """
import json

import sim
from sim.jit.signatures import encoded
from sim.jit.steps import STEPS

sim.simulate("historical", seed=1)
print(json.dumps([
    [name, [encoded(each) for each in types]]
    for name, step in STEPS.items()
    if name.startswith("sim.") and step._dispatcher is not None
    for types in getattr(step._dispatcher, "overloads", ())
]))
"""


def ran(folder: Path, program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    file = folder / "rule_of_a_user.py"
    file.write_text(program)
    paths = {"PYTHONPATH": str(ROOT), "NUMBA_CACHE_DIR": str(folder / "store"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", "import rule_of_a_user"]
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **paths, **environment}, capture_output=True, text=True, check=False
    )


def stored(folder: Path) -> set[str]:
    return {path.name for path in (folder / "store").rglob("*.code")}


@needs_compiler
@pytest.mark.program
@pytest.mark.slow
def test_compiled_code_is_taken_from_disk_until_something_that_it_reads_changes(tmp_path):
    first, again = ran(tmp_path, PROGRAM.format(weight=2.0)), ran(tmp_path, PROGRAM.format(weight=2.0))
    assert first.stdout == again.stdout == "3.0 [[2.0, 1.0], [4.0, 2.0]]\n"
    before = stored(tmp_path)
    assert ran(tmp_path, PROGRAM.format(weight=4.0)).stdout == "6.0 [[4.0, 2.0], [8.0, 4.0]]\n"
    assert before < stored(tmp_path)


@needs_compiler
@pytest.mark.program
@pytest.mark.slow
def test_stored_code_that_is_cut_short_is_compiled_anew(tmp_path):
    assert ran(tmp_path, PROGRAM.format(weight=2.0)).returncode == 0
    for path in (tmp_path / "store").rglob("*.code"):
        path.write_bytes(path.read_bytes()[:-20])
    again = ran(tmp_path, PROGRAM.format(weight=2.0))
    assert (again.stdout, again.stderr) == ("3.0 [[2.0, 1.0], [4.0, 2.0]]\n", "")


@needs_compiler
@pytest.mark.program
@pytest.mark.slow
def test_a_folder_that_cannot_be_written_is_one_sentence_and_no_failure(tmp_path):
    (tmp_path / "store").write_text("a file where the folder should be")
    done = ran(tmp_path, PROGRAM.format(weight=2.0))
    assert done.stdout == "3.0 [[2.0, 1.0], [4.0, 2.0]]\n"
    assert done.stderr.startswith("compiled rules cannot be stored in ")
    assert done.stderr.count("\n") == 1


@needs_compiler
@pytest.mark.program
@pytest.mark.slow
def test_an_error_of_a_rule_is_raised_from_an_array_as_from_a_number(tmp_path):
    done = ran(tmp_path, PROGRAM.format(weight=2.0) + "\nweighted(np.array([1.0, 2.0]), by=0.0)\n")
    assert done.stdout == "3.0 [[2.0, 1.0], [4.0, 2.0]]\n"
    assert "ZeroDivisionError" in done.stderr


def test_old_states_of_the_sources_are_removed_down_to_a_bound(monkeypatch, tmp_path):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    old = [tmp_path / "compiled_rules" / f"state{number}" for number in range(store.STATES + 3)]
    for age, path in enumerate(reversed(old)):
        path.mkdir(parents=True)
        os.utime(path, (1e9 - age, 1e9 - age))
    store.folder.cache_clear()
    try:
        present = store.folder()
    finally:
        store.folder.cache_clear()
    assert set(present.parent.iterdir()) == {present, *old[-store.STATES + 1 :]}


def test_every_source_with_compiled_functions_is_in_the_key():
    modules = {name.partition(":")[0] for name in STEPS}
    places = {module.split(".")[1] for module in modules if module.startswith("sim.")}
    assert places <= {Path(name).stem for name in store.SOURCES}


@needs_compiler
def test_every_recorded_function_exists_with_types_that_can_be_written_and_read():
    assert len(recorded()) > 100
    for name, arguments in recorded():
        step_named(name)
        assert [encoded(decoded(each)) for each in arguments] == arguments


@needs_compiler
@pytest.mark.program
def test_a_run_compiles_nothing_but_what_is_recorded():
    done = subprocess.run(
        [sys.executable, "-c", COMPILED_BY_A_RUN], cwd=ROOT, capture_output=True, text=True, check=True
    )
    listed = {(name, str(arguments)) for name, arguments in recorded()}
    compiled = {(name, str(types)) for name, types in json.loads(done.stdout)}
    assert len(compiled) > 30
    assert sorted(compiled - listed) == [], "`python -m experiments.maintenance.signatures` records them"
