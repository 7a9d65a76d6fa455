"""The wheel has every file of the model and its programs, and the command `impact-lab` runs them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sim.commands import _PAGES, page

pytestmark = [pytest.mark.program, pytest.mark.slow]

pytest.importorskip("hatchling", reason="the extra `dev` has what builds the wheel")

ROOT = Path(__file__).resolve().parents[2]

PLACES = {"sim": "sim", "configs": "sim/configs", "experiments": "sim/programs", "docs": "sim/docs"}
"""Folders of the project, and where the wheel has them."""

PAGES = [page(name) for name in _PAGES]
"""Pages that help and messages name."""

TINY = ["seeds=1", "backbone.facilitation=0,0.8", "timing=0", "setting.until=2013-08", "jobs=1"]

IN_PYTHON = """
import sim
from pathlib import Path
assert "programs" in {path.name for path in Path(sim.__file__).parent.iterdir()}, sim.__file__
run = sim.simulate("historical", seed=1, overrides={"setting.until": "2013-08"})
print(len(run.years), sim.__version__)
"""


def tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "sim", "configs", "experiments", *PAGES],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation that finds its dependencies, and not this checkout."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile"]
    done = subprocess.run([*pip, "--target", str(folder), str(wheel)], capture_output=True, text=True, check=False)
    if "No module named pip" in done.stderr:
        pytest.skip("this environment has no pip")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def started(installed: Path, tmp_path: Path):
    """Run the command, or Python, in an empty folder."""

    def started(*words: str) -> subprocess.CompletedProcess[str]:
        start = (
            [sys.executable] if words[0].startswith("-") else [sys.executable, str(installed / "bin" / "impact-lab")]
        )
        start, words = (start, words) if words[0].startswith("-") else (start, words[1:])
        return subprocess.run(
            [*start, *words],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(installed), "MPLBACKEND": "agg"},
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    return started


def test_the_wheel_holds_every_file_in_its_place_and_no_other(wheel: Path) -> None:
    wanted = {re.sub("^[a-z]+", lambda top: PLACES[top[0]], name) for name in tracked()} | {"impact_lab.py"}
    files = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert sorted(wanted - files) == []
    untracked = {name for name in files - wanted if not name.endswith(".py")}  # a module may be new
    assert sorted(untracked) == []
    assert {"sim/py.typed", "sim/LIMITS.md", "sim/reports/page.css", "sim/programs/sweep.py"} <= files


def test_the_wheel_says_what_it_needs_and_what_it_starts(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    metadata = {Path(name).name: archive.read(name).decode() for name in archive.namelist() if ".dist-info/" in name}
    assert "Requires-Dist: numba" in metadata["METADATA"]
    assert "numba>=0.61; extra" not in metadata["METADATA"]
    assert "Provides-Extra: fast" in metadata["METADATA"]
    assert "impact-lab = impact_lab:main" in metadata["entry_points.txt"]


def test_the_command_lists_its_programs_at_once(started) -> None:
    done = started("impact-lab", "--help")
    assert done.returncode == 0, done.stderr
    for name in ("attribute", "calibrate", "compare", "dashboard", "report", "run", "sweep"):
        assert re.search(rf"^  {name} +\S.*[.?]$", done.stdout, re.MULTILINE), name
    assert "archive" not in done.stdout  # needs the sources
    assert "python -m" not in done.stdout
    assert started("impact-lab").stdout == done.stdout
    assert started("impact-lab", "--version").stdout.startswith("impact-lab ")
    heavy = "import impact_lab, sys; impact_lab.main(['--help']); print({'numpy', 'hydra', 'sim'} & set(sys.modules))"
    assert started("-c", heavy).stdout.endswith("set()\n")


def test_what_is_no_program_is_refused_in_one_sentence(started) -> None:
    for word, message in [
        ("swep", "there is no program `swep`; did you mean `sweep`? `impact-lab --help` lists the programs"),
        ("nothing", "there is no program `nothing`; `impact-lab --help` lists the programs"),
        ("a\nb", "there is no program `a\\nb`; `impact-lab --help` lists the programs"),
        (
            "archive",
            "`archive` needs the sources of the project, which are not installed with it; run it in a checkout",
        ),
    ]:
        done = started("impact-lab", word)
        assert (done.returncode, done.stdout, done.stderr) == (2, "", f"error: {message}\n")


def test_help_and_messages_name_commands_that_exist(started, tmp_path: Path) -> None:
    helped = started("impact-lab", "sweep", "--help")
    assert "impact-lab sweep seeds=20 backbone.facilitation=0,0.5,1" in helped.stdout
    assert "experiments" not in helped.stdout
    assert started("impact-lab", "run", "seeds=1,2").stderr == (
        "error: `seeds` has several values; use `impact-lab sweep` for them, `impact-lab run` takes one\n"
    )
    assert list(tmp_path.iterdir()) == []
    assert "`impact-lab compare`" in started("impact-lab", "report").stderr
    (page,) = re.findall(r"Scenarios: (.*\.md)\.", helped.stdout)
    assert Path(page).read_text(encoding="utf-8").startswith("# ")


def test_an_old_name_says_the_new_one_and_runs(started) -> None:
    done = started("impact-lab", "sweeps", "--help")
    assert done.returncode == 0
    assert (
        done.stderr
        == "warning: `impact-lab sweeps` is now `impact-lab results`; version 0.3 will remove the old name\n"
    )
    assert started("impact-lab", "results", "--help").stdout == done.stdout


@pytest.mark.release
def test_a_sweep_runs_in_an_empty_folder(started, tmp_path: Path) -> None:
    done = started("impact-lab", "sweep", *TINY, "out=r")
    assert done.returncode == 0, done.stderr
    assert "4 runs, 2 points" in done.stdout
    assert (tmp_path / "r" / "table.parquet").is_file()
    assert '"command": "impact-lab sweep seeds=1' in (tmp_path / "r" / "manifest.json").read_text()
    again = started("impact-lab", "sweep", *TINY, "out=again", "engine=threading")
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "again" / "table.parquet").read_bytes() == (tmp_path / "r" / "table.parquet").read_bytes()


@pytest.mark.release
def test_a_run_from_python_in_an_empty_folder(started) -> None:
    done = started("-c", IN_PYTHON)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[0].isdecimal()
