"""The archive: what is in it, that it has the same bytes again, and that the model runs from it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from experiments.maintenance.archive import ROOT as PROJECT
from experiments.maintenance.archive import all_files, project_files, zip_of
from sim.errors import InputError
from tests.examples.conftest import ROOT
from tests.house.test_project import MACHINE_PATH, REGISTRIES

pytestmark = pytest.mark.slow

SHORT = "setting.until=2014-08"


@pytest.fixture(scope="module")
def archive(command, tmp_path_factory) -> Path:
    """The archive of a short run."""
    path = tmp_path_factory.mktemp("archive") / "lab.zip"
    done = command("archive", "scenario=historical", "seed=3", SHORT, f"out={path}")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{path}: ")
    return path


@pytest.fixture(scope="module")
def unpacked(archive) -> Path:
    """The folder that comes out of it."""
    with zipfile.ZipFile(archive) as file:
        file.extractall(archive.parent / "out")
    assert [path.name for path in (archive.parent / "out").iterdir()] == ["lab"]
    return archive.parent / "out" / "lab"


@pytest.mark.program
@pytest.mark.release  # the rules are compiled anew where they are unpacked
def test_the_model_runs_from_the_unpacked_archive_and_gives_the_results_that_are_in_it(unpacked):
    code = unpacked / "code"
    typed = (unpacked / "results" / "COMMAND.txt").read_text().split()
    assert typed[:3] == ["python", "-m", "experiments.run"]
    env = os.environ | {"PYTHONPATH": str(code), "MPLBACKEND": "agg"}
    where = [sys.executable, "-c", "import sim, experiments; print(sim.__file__, experiments.__file__)"]
    printed = subprocess.run(where, cwd=code, env=env, capture_output=True, text=True, check=True).stdout.split()
    assert [Path(name).parent.parent.resolve() for name in printed] == [code.resolve()] * 2
    done = subprocess.run([sys.executable, *typed[1:]], cwd=code, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    stored = {path.name: path.read_bytes() for path in (unpacked / "results").iterdir() if path.name != "COMMAND.txt"}
    assert {"outcomes.csv", "ties.csv", "page.pdf", "summary.txt"} <= set(stored)
    assert [name for name, content in stored.items() if (code / "results" / "run" / name).read_bytes() != content] == []


@pytest.mark.program
def test_the_archive_of_an_unpacked_archive_has_the_same_files(unpacked):
    code = unpacked / "code"
    names = {path.relative_to(PROJECT).as_posix() for path in project_files()}
    inside = {path.relative_to(code).as_posix() for path in project_files(code)}
    assert inside == names


@pytest.mark.program
def test_the_same_sources_give_the_same_bytes(archive, command):
    again = archive.parent / "again" / "lab.zip"
    assert command("archive", "scenario=historical", "seed=3", SHORT, f"out={again}").returncode == 0
    assert again.read_bytes() == archive.read_bytes()


@pytest.mark.program
def test_a_library_finds_what_it_looks_for(unpacked):
    assert {path.name for path in unpacked.iterdir()} == {
        "CITATION.cff", "LICENSE", "README.md", "code", "codemeta.json", "data", "docs", "results"}  # fmt: skip
    assert (unpacked / "docs" / "ODD.md").read_bytes() == (ROOT / "sim" / "ODD.md").read_bytes()
    assert (unpacked / "data" / "targets.csv").is_file()
    metadata, project = (
        json.loads((unpacked / "codemeta.json").read_text()),
        tomllib.loads((ROOT / "pyproject.toml").read_text()),
    )
    assert metadata["version"] == project["project"]["version"]
    assert metadata["license"].endswith("/MIT")
    assert metadata["author"] == [{"@type": "Organization", "name": "the Collective Impact Lab authors"}]
    for key in ("softwareHelp", "readme", "referencePublication"):
        assert (unpacked / metadata[key]).is_file(), key
    typed = (unpacked / "results" / "COMMAND.txt").read_text().strip()
    assert typed == f"python -m experiments.run scenario=historical first_seed=3 {SHORT} out=results/run"
    assert f".venv/bin/{typed}\n" in (unpacked / "README.md").read_text()


@pytest.mark.program
def test_nothing_of_this_machine_is_in_it(archive):
    with zipfile.ZipFile(archive) as file:
        names = [entry.filename for entry in file.infolist()]
        texts = {name: file.read(name).decode(errors="ignore") for name in names}
        assert {entry.date_time[0] for entry in file.infolist()} == {1980}
    wrong = ("uv.lock", "__pycache__", ".venv", ".git/", ".nbi", ".pyc", "/code/results/")
    assert [name for name in names if any(part in name for part in wrong)] == []
    assert [name for name, text in texts.items() if any(MACHINE_PATH.search(line) for line in text.splitlines())
            and not name.endswith((".png", ".pdf", ".svg"))] == []  # fmt: skip
    assert [name for name, text in texts.items() if any(host in text for host in REGISTRIES)] == []
    assert [name for name, text in texts.items() if str(ROOT) in text] == []


def test_caches_and_locks_beside_the_sources_stay_where_they_are(tmp_path):
    for name in ("pyproject.toml", "sim/a.py", "sim/__pycache__/a.nbi", "uv.lock", "sim/uv.lock", "results/x.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert len(list(all_files(tmp_path))) == 4
    archived = {path.relative_to(tmp_path).as_posix() for path in project_files(tmp_path)}
    assert archived == {"pyproject.toml", "sim/a.py"}


def test_a_folder_without_the_project_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"is not the folder of the project; "):
        project_files(tmp_path)


def test_a_script_can_be_run_when_it_is_unpacked(tmp_path):
    (tmp_path / "a.zip").write_bytes(zip_of({"run": b"#!/bin/sh\n", "text": b"words"}, "top"))
    with zipfile.ZipFile(tmp_path / "a.zip") as file:
        modes = {entry.filename: oct(entry.external_attr >> 16) for entry in file.infolist()}
    assert modes == {"top/run": "0o100755", "top/text": "0o100644"}


@pytest.mark.program
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (["out={tmp}/lab.tar"], "`out` must end with .zip; got "),
        (["out={tmp}/file/lab.zip"], "cannot be written: it is a file, not a folder"),
        (["scenario=historic"], "unknown scenario `historic`; did you mean `historical`?"),
        (["sed=1"], "unknown key `sed`; did you mean `seed`?"),
        (
            ["setting.organisations={tmp}/own.csv"],
            "the run reads ",
        ),
    ],
)
def test_a_wrong_command_ends_in_one_sentence(command, tmp_path, wrong, message):
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "own.csv").write_text("name,kind,capacity\nF,foundation,1\n")
    done = command("archive", SHORT, *[each.format(tmp=tmp_path) for each in wrong])
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
