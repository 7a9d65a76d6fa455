"""Files and folders with odd names, from the first command to the last; every command that is kept runs again."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples.conftest import ROOT
from tests.world.files import SCHOOLS

pytestmark = pytest.mark.slow

TINY = (
    "setting.year=2013",
    "setting.until=2013-12",
    "doubling.by=2013",
    "seeds=1",
    "jobs=1",
    "timing=0",
    "reference_facilitation=null",
)
SCENARIO = "about: a test\npolicies: [initiative_5x2]\nset: {backbone.facilitation: 0.3}\n"


def pasted(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as a shell reads it, with this Python."""
    line = re.sub("^python", shlex.quote(sys.executable), text)
    env = os.environ | {"PYTHONPATH": str(ROOT), "MPLBACKEND": "agg"}
    return subprocess.run(["sh", "-c", line], cwd=folder, env=env, capture_output=True, text=True, check=False)


def hint(text: str) -> str:
    """The command that a sweep prints for what comes next."""
    match = re.search(r"what matters in it: (.*)\)$", text, re.MULTILINE)
    assert match, text
    return match[1]


NAMES = [
    "R+D, d'Ivry [1] #2 (נתונים) ${HOME}",
    pytest.param('a=b "50%" $x;*?\\', marks=pytest.mark.release),
    pytest.param("~tilde{x}\nécoles ", marks=pytest.mark.release),
]


@pytest.mark.program
@pytest.mark.parametrize("name", NAMES)
def test_a_sweep_of_an_odd_name_is_made_watched_extended_and_made_again(command, tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.csv").write_text(SCHOOLS)
    (tmp_path / "b+c.csv").write_text(SCHOOLS.replace("187,34", "187,30"))
    out = f"out={name}"
    done = command("sweep", f"setting.schools={name}.csv", "backbone.facilitation=0.2", *TINY, out, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert command("results", "status", out, folder=tmp_path).returncode == 0
    more = command("results", "extend", "seeds=2", "setting.schools=b+c.csv", out, folder=tmp_path)
    assert more.returncode == 0, more.stderr
    manifest = json.loads((tmp_path / name / "manifest.json").read_text(encoding="utf-8"))
    assert [point["setting.schools"] for point in manifest["design"]] == [f"{name}.csv", "b+c.csv"]
    assert out in manifest["arguments"]
    again = pasted(manifest["command"], tmp_path)
    assert again.returncode == 0, again.stderr
    assert again.stdout.startswith("4 runs, 2 points, seeds 1 to 2\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, f"{name}.csv", "b+c.csv"])


@pytest.mark.program
@pytest.mark.release
def test_the_command_that_a_sweep_tells_next_can_be_pasted(command, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    words = (
        "design=lhs",
        "n=4",
        "vary=[trust.gain,trust.ratio]",
        "timing=0",
        "setting.until=2013-12",
        "doubling.by=2013",
    )
    done = command("sweep", *words, "jobs=1", "out=~/R&D (1), 'x'", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "R&D (1), 'x'"
    assert shlex.split(hint(done.stdout)) == ["python", "-m", "experiments.sensitivity", f"out={folder}"]
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["arguments"][-1] == "out=~/R&D (1), 'x'"


@pytest.mark.program
@pytest.mark.release
def test_arms_in_files_of_odd_names_are_compared(command, tmp_path: Path) -> None:
    for name in ("R+D.yaml", "a,b [c].yaml"):
        (tmp_path / name).write_text(SCENARIO)
    arms = "arms=[+./R+D.yaml,a,b [c].yaml]"
    words = (
        arms,
        "outcomes=[examinees_2013]",
        "seeds=2",
        "setting.until=2013-12",
        "doubling.by=2013",
        "jobs=1",
        "held=false",
    )
    done = command("compare", "baseline=historical", *words, "uncertainty=point", "out=a, b", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    manifest = json.loads((tmp_path / "a, b" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["arms"] == ["historical+./R+D.yaml", "a,b [c].yaml"]
    assert arms in shlex.split(manifest["command"])
