"""Outcomes apart from runs: a new outcome refuses no run on disk, and no table mixes two versions of one."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

import sim
from experiments import results
from experiments.command_line import entry
from sim.declare import OUTCOMES
from sim.errors import InputError
from sim.extensions import load_outcomes
from sim.results import identity
from sim.results.outcome_versions import outcome_versions
from sim.sweeps.result import Sweep
from sim.sweeps.stored_sweep import StoredSweep
from tests.sweeps.test_tables_of_runs import SHORT, point, swept_in

OUTCOME = '''import sim

@sim.add_outcome("share", better=1)
def tenths(world):
    """Ten times the share."""
    return {value}
'''


@pytest.fixture(autouse=True)
def declared():
    """Remove the user's outcomes after a test."""
    before = dict(OUTCOMES)
    yield
    OUTCOMES.clear()
    OUTCOMES.update(before)


def file_with(folder: Path, value: str, name: str = "mine.py") -> str:
    path = folder / name
    path.write_text(OUTCOME.format(value=value))
    return str(path)


def forget() -> None:
    OUTCOMES.pop("tenths", None)


# Files


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "declares no outcome; write a function of the world"),
        ("import sim\nx = 1 /", r"of `outcomes` fails: SyntaxError"),
        ("import sim\n\nnone", r"of `outcomes` fails in line 3: NameError: name 'none' is not defined$"),
        (OUTCOME.format(value=1).replace("tenths", "members"), "`members` is an outcome of the model"),
        (OUTCOME.format(value=1).replace("tenths", "seed"), "`seed` is another column of a table of runs"),
        (None, r"^the file '.*mine.py' of `outcomes` cannot be read: No such file"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(tmp_path, text, sentence) -> None:
    if text is not None:
        (tmp_path / "mine.py").write_text(text)
    with pytest.raises(InputError, match=sentence):
        load_outcomes(str(tmp_path / "mine.py"))


def test_one_name_in_two_files_is_refused(tmp_path) -> None:
    assert load_outcomes(file_with(tmp_path, "1.0")) == ["tenths"]
    with pytest.raises(InputError, match=r"the outcome `tenths` of .*other.py is declared in another file too"):
        load_outcomes(file_with(tmp_path, "2.0", "other.py"))


def test_a_version_is_of_the_text_of_the_file_and_of_the_code_of_a_function(tmp_path) -> None:
    versions = []
    for value in ("1.0", "2.0", "1.0"):
        forget()
        load_outcomes(file_with(tmp_path, value))
        versions.append(outcome_versions()["tenths"])
    assert versions[0] == versions[2] != versions[1]

    def own(number: float):
        def tenths(world):
            return number if number else 2.0

        return tenths

    forget()
    sim.add_outcome("share")(own(1.0))
    first = outcome_versions()["tenths"]
    sim.add_outcome("share")(own(1.0))
    assert outcome_versions()["tenths"] == first
    sim.add_outcome("share")(own(2.0))
    assert outcome_versions()["tenths"] != first


def test_a_word_names_a_file_of_outcomes_if_it_ends_like_one(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(entry, "_LOADED", [])
    word = f"outcomes={file_with(tmp_path, '1.0')}"
    monkeypatch.setattr("sys.argv", ["compare", word, "outcomes=[tenths]", "seeds=2"])
    entry.load_files()
    assert sys.argv[1:] == ["outcomes=[tenths]", "seeds=2"]
    assert entry.outcome_words() == [word]
    assert capsys.readouterr().err == f"running the code of {tmp_path / 'mine.py'}, which declares outcomes\n"
    assert "tenths" in OUTCOMES


def test_the_identity_of_a_run_is_of_the_model_and_not_of_its_outcomes() -> None:
    names = {name.partition("/")[0] for name, _ in identity.sources()}
    assert "outcomes" not in names
    assert identity.model_hash() != identity.sources_hash()


# Runs on disk


@pytest.mark.simulates
def test_a_new_outcome_is_added_to_the_runs_on_disk_and_taken_out_again(tmp_path, capsys) -> None:
    plain, _ = swept_in(tmp_path, point(0.2), point(0.8))
    load_outcomes(file_with(tmp_path, "1.0"))
    with_outcome, stored = swept_in(tmp_path, point(0.2), point(0.8))
    assert "6 runs lack the present version of `tenths`; simulated again" in capsys.readouterr().err
    assert stored.spent["runs"] == 6
    assert (with_outcome.frame["tenths"] == 1.0).all()
    assert with_outcome.frame.drop(columns="tenths").equals(plain.frame)
    assert "outcomes" in json.loads((tmp_path / "manifest.json").read_text())
    assert Sweep.load(tmp_path).frame.equals(with_outcome.frame)
    forget()
    without, again = swept_in(tmp_path, point(0.2), point(0.8))
    assert again.spent["runs"] == 0
    assert without.frame.equals(plain.frame)
    load_outcomes(file_with(tmp_path, "1.0"))
    assert swept_in(tmp_path, point(0.2), point(0.8))[1].spent["runs"] == 0


@pytest.mark.simulates
def test_a_changed_file_makes_its_column_again_and_no_table_has_both_versions(tmp_path, monkeypatch) -> None:
    load_outcomes(file_with(tmp_path, "1.0"))
    first, _ = swept_in(tmp_path, point(0.2), point(0.8))
    forget()
    load_outcomes(file_with(tmp_path, "2.0"))
    calls = iter(range(100))

    def stopped(self, block):
        if next(calls) == 1:
            raise KeyboardInterrupt
        return written(self, block)

    written = StoredSweep.keep
    monkeypatch.setattr(StoredSweep, "keep", stopped)
    with pytest.raises(KeyboardInterrupt):
        swept_in(tmp_path, point(0.2), point(0.8))
    monkeypatch.undo()
    half = Sweep.load(tmp_path)
    assert len(half.frame) == 4
    assert (half.frame["tenths"] == 2.0).all()
    whole, stored = swept_in(tmp_path, point(0.2), point(0.8), keep=())
    assert stored.spent["runs"] == 2
    assert (whole.frame["tenths"] == 2.0).all()
    assert whole.frame.drop(columns="tenths").equals(first.frame.drop(columns="tenths"))


@pytest.mark.simulates
def test_changed_outcomes_of_the_model_refuse_no_run(tmp_path, monkeypatch, capsys) -> None:
    plain, _ = swept_in(tmp_path, point(0.2), seeds=2)
    monkeypatch.setattr("sim.results.outcome_versions.outcomes_hash", lambda: "changed")
    again, stored = swept_in(tmp_path, point(0.2), seeds=2)
    assert stored.spent["runs"] == 2
    assert "lack the present version of the outcomes of the model; simulated again" in capsys.readouterr().err
    assert again.frame.equals(plain.frame)


@pytest.mark.simulates
def test_a_column_of_one_sweep_is_not_half_empty_in_the_next(tmp_path) -> None:
    options = {"seeds": 2, "overrides": SHORT, "jobs": 1, "progress": False, "out": tmp_path / "out"}
    load_outcomes(file_with(tmp_path, "1.0"))
    sim.sweep("grid", **options, levers={"backbone.facilitation": [0.2]}, doubling={"by": 2013})
    forget()
    wider = sim.sweep("grid", **options, levers={"backbone.facilitation": [0.2, 0.8]}, doubling={"by": 2013})
    assert "tenths" not in wider.frame
    assert len(wider.frame) == 4
    assert not wider.frame["members"].isna().any()


# Outcomes that fail


@pytest.mark.simulates
@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_an_outcome_that_fails_in_some_runs_ends_the_work_in_one_sentence(tmp_path, jobs) -> None:
    file = file_with(tmp_path, "1 / next(numbers)")
    text = Path(file).read_text().replace("import sim\n", "import sim; numbers = iter([1.0, *[0.0] * 99])\n")
    Path(file).write_text(text)  # the first run has the outcome, and the second has not
    load_outcomes(file)
    sentence = (
        rf"^your outcome `tenths` failed in line 6 of {file}: ZeroDivisionError: float division by zero; correct it and "
        "define it again under this name$"
    )
    for _ in range(2):  # nothing that it left stands in the way
        with pytest.raises(InputError, match=sentence):
            swept_in(tmp_path / "out", point(0.2), point(0.8), jobs=jobs)
    assert not list((tmp_path / "out").rglob("failures/*"))
    with pytest.raises(InputError, match=sentence):
        sim.ensemble(["historical", "no_backbone"], 2, overrides=SHORT, jobs=jobs, progress=False)
    with pytest.raises(InputError, match=sentence):
        sim.compare("historical", "no_backbone", seeds=2, overrides=SHORT, jobs=jobs, progress=False)
    forget()
    load_outcomes(file_with(tmp_path, "1.0"))
    assert (swept_in(tmp_path / "out", point(0.2), point(0.8))[0].frame["tenths"] == 1.0).all()


# Programs


@pytest.mark.slow
@pytest.mark.program
@pytest.mark.simulates
def test_the_program_runs_the_file_in_every_process_and_resume_runs_it_again(command, tmp_path) -> None:
    file, out = file_with(tmp_path, "1.0"), tmp_path / "out"
    words = [f"{key}={value}" for key, value in {**SHORT, "doubling.by": 2013, "timing": 0, "seeds": 2}.items()]
    words += ["backbone.facilitation=0.2", "reference_facilitation=null", "jobs=2", f"outcomes={file}", f"out={out}"]
    made = command("sweep", *words, "keep=[months]")
    assert made.returncode == 0, made.stderr
    assert f"running the code of {file}, which declares outcomes" in made.stderr
    assert Sweep.load(out).frame["tenths"].tolist() == [1.0, 1.0]
    assert set(Sweep.load(out).tables("months")["seed"]) == {1, 2}
    file_with(tmp_path, "2.0")
    resumed = command("results", "resume", f"out={out}")
    assert "2 runs lack the present version of `tenths`; simulated again" in resumed.stderr
    assert Sweep.load(out).frame["tenths"].tolist() == [2.0, 2.0]
    assert command("results", "status", f"out={out}").returncode == 0
    Path(file).unlink()
    refused = command("results", "resume", f"out={out}")
    assert refused.returncode == 2
    assert refused.stderr.splitlines()[-1] == (
        f"error: the file '{file}' of `outcomes` cannot be read: No such file or directory"
    )
    misspelt = command("sweep", *words[:-2], "keep=[month]", f"out={tmp_path / 'other'}")
    assert misspelt.stderr.splitlines()[-1].startswith("error: 'month' is not a table to keep; did you mean `months`?")
    assert not (tmp_path / "other").exists()


def test_a_sweep_whose_outcome_is_not_declared_is_not_resumed_without_it(tmp_path) -> None:
    manifest = {"outcomes": {"sim/outcomes": "1", "tenths": "2"}}
    with pytest.raises(
        InputError, match=r"the outcome `tenths` of the sweep in .* is not declared here; name its file"
    ):
        results.require_outcomes(manifest, tmp_path)
    load_outcomes(file_with(tmp_path, "1.0"))
    results.require_outcomes(manifest, tmp_path)
