"""Sweeps that are stopped, or whose disk is full: one sentence, and complete parts alone."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from tests.examples.conftest import ROOT

pytestmark = [pytest.mark.release, pytest.mark.program]

DESIGN = ("block=1", "jobs=1", "setting.until=2017-08", "backbone.facilitation=0.8", "timing=0,12")


def begun(folder: Path, *more: str, **options) -> subprocess.Popen[str]:
    """Start a sweep in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "experiments.sweep", *DESIGN, *more, f"out={folder}"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "MPLBACKEND": "agg"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def parts(folder: Path) -> list[Path]:
    """Return the parts of the sweep."""
    return sorted((folder / "parts").glob("*.parquet"))


def whole(folder: Path) -> bool:
    """Return whether every part can be read, and there are no temporary files."""
    return all(len(pd.read_parquet(part)) for part in parts(folder)) and not list(folder.rglob(".*"))


@pytest.mark.parametrize(("stop", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_sweep_that_is_stopped_keeps_what_is_complete(tmp_path: Path, stop: signal.Signals, code: int) -> None:
    folder = tmp_path / "out"
    interruptible = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.default_int_handler)}
    sweep = begun(folder, "seeds=500", **interruptible)
    until = time.monotonic() + 120
    while len(parts(folder)) < 4 and time.monotonic() < until:
        time.sleep(0.1)
    sweep.send_signal(stop)
    printed, output = sweep.communicate(timeout=60)
    assert sweep.returncode == code
    assert "Traceback" not in output
    runs = sum(len(pd.read_parquet(part)) for part in parts(folder))
    sentence = f"interrupted: {runs:,} of 2,000 runs are stored, and the same command resumes the sweep"
    assert output.rstrip().splitlines()[-2:] == [
        "stopping: drawing what is stored; Ctrl-C again ends at once",
        sentence,
    ]
    assert printed.startswith(f"Incomplete: {runs:,} of 2,000 runs; the others can change what follows.")
    assert len(parts(folder)) >= 4
    assert whole(folder)


def test_a_second_interruption_ends_the_drawing_at_once(tmp_path: Path) -> None:
    folder, errors = tmp_path / "out", tmp_path / "errors"
    with errors.open("w") as file:
        sweep = subprocess.Popen(
            [sys.executable, "-m", "experiments.sweep", *DESIGN[:2], "setting.until=2018-08", "doubling.by=2018",
             "backbone.facilitation=0,0.8", "timing=-12,0", "seeds=500", f"out={folder}"],
            cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT), "MPLBACKEND": "agg"}, stdout=file, stderr=file,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )  # fmt: skip
        until = time.monotonic() + 120
        while len(parts(folder)) < 4 and time.monotonic() < until:
            time.sleep(0.1)
        sweep.send_signal(signal.SIGINT)
        while "stopping: " not in errors.read_text() and time.monotonic() < until:
            time.sleep(0.05)
        sweep.send_signal(signal.SIGINT)
        assert sweep.wait(timeout=60) == 130
    assert errors.read_text().rstrip().splitlines()[-1].startswith("interrupted: ")
    assert "Traceback" not in errors.read_text()
    assert not (folder / "appendix.png").exists()
    assert whole(folder)


def test_a_sweep_whose_disk_is_full_ends_in_one_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    room = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))}  # no file larger
    sweep = begun(folder, "seeds=2", **room)
    _, output = sweep.communicate(timeout=120)
    assert sweep.returncode == 2
    assert "Traceback" not in output
    sentence = output.rstrip().splitlines()[-1]
    assert sentence.startswith("error: ")
    assert sentence.endswith(" of 8 runs are stored; make room, and the same command continues")
    assert whole(folder)
