"""A calibration, tiny: from nothing to a posterior, the same after a kill, and not with another model."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.calibration.summary import Calibration
from sim.parameters import uncertain
from tests.examples.conftest import ROOT

pytestmark = pytest.mark.slow

pytest.importorskip("emcee", reason="needs the extra `calibration`")

ALONE = ("stages=[schools]", "stage.schools.until=2007-08", "setting.burn_in=0", "draws=60", "repeats=2", "sets=8",
         "shown=2", "stage.schools.parameters=[school.keeping,school.peers,staffing.rate]", "largest_error=0.01")  # fmt: skip
TINY = (*ALONE, "jobs=1")
TWO = "rounds=2"


@pytest.fixture(scope="module")
def study(command, tmp_path_factory):
    """A calibration of three generations: what it printed and where it wrote."""
    folder = tmp_path_factory.mktemp("calibrate") / "out"
    return command("calibrate", *TINY, TWO, f"out={folder}"), folder


@pytest.mark.program
def test_a_calibration_ends_with_a_posterior_and_says_what_it_found(study):
    done, folder = study
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr
    assert "schools, round 2" in done.stderr
    for heading in ("Stage schools", "Prior against posterior", "Strongest rank correlations", "as new defaults"):
        assert heading in done.stdout
    table = sim.posterior(folder / "posterior.csv")
    assert list(table.columns) == uncertain()
    assert len(table) == 8
    assert {"manifest.json", "posterior.csv", "schools", "summary.txt", "table.parquet"} <= {
        path.name for path in folder.iterdir()
    }


@pytest.mark.program
@pytest.mark.release
def test_killed_in_the_middle_it_goes_on_to_the_same_posterior(command, study, tmp_path):
    straight, broken = study[1], tmp_path / "broken"
    killed_in_the_middle(broken)
    left = {path: path.stat().st_mtime_ns for path in parts(broken)}
    assert 0 < len(left) < 4
    assert not (broken / "posterior.csv").exists()
    done = command("calibrate", *TINY, TWO, f"out={broken}")
    assert done.returncode == 0, done.stderr
    assert {path: path.stat().st_mtime_ns for path in left} == left
    for name in ("posterior.csv", "emulator.csv", "sampling.csv", "checks.csv", "chain.parquet"):
        assert (broken / name).read_bytes() == (straight / name).read_bytes(), name
    assert "an extra round" in (broken / "summary.txt").read_text(encoding="utf-8")


def parts(folder: Path) -> list[Path]:
    """The parts that are kept of the first stage."""
    return sorted((folder / "schools").glob("*.parquet"))


def killed_in_the_middle(folder: Path, *more: str) -> None:
    """Start a calibration and kill it as soon as it has kept its first part."""
    program = [sys.executable, "-m", "experiments.calibrate", *ALONE, TWO, *(more or ("jobs=1",)), f"out={folder}"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
    alone = {"cwd": ROOT, "env": os.environ | {"PYTHONPATH": str(ROOT)}, "start_new_session": True}
    with subprocess.Popen(program, **alone, **quiet) as running:
        while running.poll() is None and not parts(folder):
            time.sleep(0.01)
        running.send_signal(signal.SIGKILL)
    assert left_of(running.pid, within=30.0) == []


def left_of(session: int, within: float) -> list[int]:
    """Processes of a session that are still there after so many seconds."""
    until = time.monotonic() + within
    while (left := members(session)) and time.monotonic() < until:
        time.sleep(0.1)
    return left


def members(session: int) -> list[int]:
    """Processes of a session that are alive; none where the system does not tell."""
    processes = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, *_, number = path.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(number) == session and state != "Z":
            processes.append(int(path.parent.name))
    return processes


@pytest.mark.program
@pytest.mark.release
def test_killed_on_two_processes_it_leaves_none_behind(tmp_path):
    killed_in_the_middle(tmp_path / "out", "jobs=2")


@pytest.mark.program
@pytest.mark.release
def test_both_stages_and_a_run_over_their_posterior(command, tmp_path):
    short = [f"stage.{name}.until={until}" for name, until in [("schools", "2010-08")]]
    whole = (
        "draws=20",
        "rounds=1",
        "repeats=2",
        "sets=4",
        "shown=2",
        "jobs=1",
        "stage.together.until=2014-08",
    )
    done = command("calibrate", *short, *whole, "ministry.by_readiness=0.5", f"out={tmp_path / 'out'}")
    assert done.returncode == 0, done.stderr
    table = sim.posterior(tmp_path / "out" / "posterior.csv")
    assert (table["ministry.by_readiness"] == 0.5).all()
    assert [f"Stage {name}" in done.stdout for name in ("schools", "together")] == [True] * 2
    assert "The error of the emulator at new draws is not known; it needs two rounds." in done.stdout
    assert Calibration.load(tmp_path / "out").errors is None
    done = command("run", "seeds=2", "setting.until=2014-08", "doubling.by=2014", "jobs=1", f"out={tmp_path / 'run'}",
                   f"uncertainty={tmp_path / 'out' / 'posterior.csv'}")  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = pd.read_parquet(tmp_path / "run" / "table.parquet")
    assert np.isfinite(rows["examinees_2014"]).all()
