"""Sweeps that are killed, run out of disk, fail on purpose or grow: stored runs remain, and the result is the same."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from tests.examples.conftest import ROOT
from tests.offenders import each_of

pytestmark = pytest.mark.slow

DESIGN = ("seeds=20", "block=1", "jobs=2", "backbone.facilitation=0.2,0.8", "timing=0,12", "setting.until=2013-12",
          "doubling.by=2013")  # fmt: skip


def started(program: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a program in a session of its own, so that all its processes can be found."""
    return subprocess.Popen(
        [sys.executable, "-m", f"experiments.{program}", *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "MPLBACKEND": "agg"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def session(of: int) -> dict[int, str]:
    """Return the living processes of a session with their commands."""
    commands = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, leader = (path / "stat").read_text().rpartition(")")[2].split()[:4]
            if int(leader) == of and state != "Z":
                commands[int(path.name)] = (path / "cmdline").read_text()
        except (OSError, ValueError):
            continue
    return commands


def workers(of: int) -> list[int]:
    """Return the worker processes of a sweep."""
    return [pid for pid, text in session(of).items() if "popen_loky" in text]


def parts(folder: Path) -> list[Path]:
    return sorted((folder / "parts").glob("*.parquet"))


def once(count: int, folder: Path, sweep: subprocess.Popen[str]) -> None:
    """Wait until a sweep has stored some parts."""
    until = time.monotonic() + 120
    while len(parts(folder)) < count and sweep.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    assert sweep.poll() is None, "the sweep was over before it could be killed"


def sha(folder: Path) -> str:
    return hashlib.sha256((folder / "table.parquet").read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def undisturbed(command, tmp_path_factory) -> str:
    """Return the table of a sweep that is not disturbed."""
    folder = tmp_path_factory.mktemp("undisturbed") / "out"
    done = command("sweep", *DESIGN, f"out={folder}")
    assert done.returncode == 0, done.stderr
    return sha(folder)


@pytest.mark.program
@pytest.mark.release
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found in /proc")
def test_killed_again_and_again_it_leaves_nobody_behind_and_ends_with_the_same_bytes(command, undisturbed, tmp_path):
    folder = tmp_path / "out"
    for count in (1, 21, 49):
        sweep = started("sweep", *DESIGN, f"out={folder}")
        once(count, folder, sweep)
        sweep.send_signal(signal.SIGKILL)
        sweep.communicate()
        until = time.monotonic() + 30
        while (left := workers(sweep.pid)) and time.monotonic() < until:
            time.sleep(0.1)
        assert left == []
    done = command("results", "resume", f"out={folder}")
    assert done.returncode == 0, done.stderr
    assert sha(folder) == undisturbed


@pytest.mark.program
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found in /proc")
@pytest.mark.release
def test_a_killed_worker_ends_the_sweep_in_one_sentence_and_it_goes_on(command, undisturbed, tmp_path):
    folder = tmp_path / "out"
    sweep = started("sweep", *DESIGN, f"out={folder}")
    once(5, folder, sweep)
    os.kill(workers(sweep.pid)[0], signal.SIGKILL)
    _, output = sweep.communicate(timeout=60)
    assert sweep.returncode == 2
    assert "Traceback" not in output
    assert output.splitlines()[-1].startswith("error: a worker process was killed, perhaps for lack of memory")
    done = command("results", "status", f"out={folder}")
    assert done.returncode == 1
    assert "runs      160 of 160" not in done.stdout
    assert command("results", "resume", f"out={folder}").returncode == 0
    assert sha(folder) == undisturbed
    done = command("results", "status", f"out={folder}")
    assert (done.returncode, done.stderr) == (0, "")
    assert "runs      160 of 160 complete, 0 missing; 0 failed" in done.stdout
    assert "made with the model, parameters, policy and data of today" in done.stdout


@pytest.fixture
def small_disk(tmp_path):
    """Make a folder on a disk of one megabyte; return the folder and a function that enlarges the disk."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def of(size: str, *more: str) -> bool:
        words = ["mount", "-t", "tmpfs", "-o", ",".join([*more, f"size={size}"]), "tmpfs", str(folder)]
        return bool(shutil.which("mount")) and subprocess.run(words, capture_output=True, check=False).returncode == 0

    if not of("1m"):
        pytest.skip("no disk can be mounted here")
    yield folder, lambda: of("100m", "remount")
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.program
@pytest.mark.release
def test_a_full_disk_ends_the_sweep_in_one_sentence_and_with_room_it_goes_on(command, undisturbed, small_disk):
    disk, enlarge = small_disk
    done = command("sweep", *DESIGN, f"out={disk / 'out'}")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("error: ")
    assert "cannot be written: No space left on device; " in done.stderr.splitlines()[-1]
    assert done.stderr.splitlines()[-1].endswith(" runs are stored; make room, and the same command continues")
    assert "Traceback" not in done.stderr
    contents = {path: path.read_bytes() for path in parts(disk / "out")}
    assert all(len(pd.read_parquet(path)) for path in contents)
    assert contents
    assert not list(disk.rglob(".*"))
    assert enlarge()
    assert command("results", "resume", f"out={disk / 'out'}").returncode == 0
    assert sha(disk / "out") == undisturbed
    assert {path: path.read_bytes() for path in contents} == contents


@pytest.mark.program
def test_more_seeds_and_more_values_leave_old_rows_and_parts_as_they_were(command, tmp_path):
    small = ("seeds=3", "jobs=1", "backbone.facilitation=0.2", "timing=0", "setting.until=2013-12", "doubling.by=2013")
    folder = tmp_path / "out"
    assert command("sweep", *small, f"out={folder}").returncode == 0
    before, stamps = pd.read_parquet(folder / "table.parquet"), {p: p.stat().st_mtime_ns for p in parts(folder)}
    done = command("results", "extend", "seeds=7", "backbone.facilitation=0.2,0.8", "timing=12", f"out={folder}")
    assert done.returncode == 0, done.stderr
    after = pd.read_parquet(folder / "table.parquet")
    assert len(after) == 2 * 2 * 7 * 2
    assert f"\n{len(after) - len(before)} runs took " in done.stdout
    same = after[(after["seed"] <= 3) & (after["timing"] == "0") & (after["backbone.facilitation"] == 0.2)]
    pd.testing.assert_frame_equal(same.reset_index(drop=True), before, check_exact=True)
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps


CAREFUL = """
import sys
from pathlib import Path

import sim
from sim.agents import Foundation

FLAG = Path(sys.argv.pop(1))


class Careful(Foundation):
    def gives_to(self, kind):
        at = self.model.parameters.backbone.facilitation, self.model.luck.seed
        if at == (0.8, 2) and FLAG.exists():
            raise RuntimeError("failed on purpose")
        return super().gives_to(kind)


sim.register(Careful)
from experiments import results, sweep
from experiments.command_line.entry import start

results.main() if sys.argv[1] in results.VERBS else start(sweep.main, "sweep")
"""


@pytest.mark.program
def test_a_point_that_fails_on_purpose_stops_no_other_and_is_mended_by_a_rerun(tmp_path):
    (tmp_path / "careful.py").write_text(CAREFUL)
    flag, folder = tmp_path / "flag", tmp_path / "out"
    small = (
        "seeds=5",
        "jobs=2",
        "backbone.facilitation=0.2,0.8",
        "timing=0",
        "reference_facilitation=null",
        "setting.until=2013-12",
    )

    def careful(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(tmp_path / "careful.py"), str(flag), *words, f"out={folder}"],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )

    flag.touch()
    broken = careful(*small)
    assert broken.returncode == 1
    assert "failed: backbone.facilitation=0.8, timing=0, dates=emergent, seed=2\nTraceback" in broken.stderr
    assert "RuntimeError: failed on purpose" in broken.stderr
    assert broken.stderr.splitlines()[-1] == f"1 run failed; the results of the others are in {folder}"
    assert len(pd.read_parquet(folder / "table.parquet")) == 9
    assert "9 of 10 complete, 1 missing; 1 failed" in careful("status").stdout
    flag.unlink()
    mended = careful("rerun")
    assert mended.returncode == 0, mended.stderr
    assert "\n1 run took " in mended.stdout
    assert "10 of 10 complete, 0 missing; 0 failed" in careful("status").stdout


@each_of(
    ("words", "sentence"),
    [
        (["resume", "seeds=9"], "`resume` cannot change `seeds`, which would make it another sweep; "
         "run the sweep with `seeds` and another `out`"),
        (["extend", "seeds=2"], "the sweep in {out} has 3 seeds; `extend` needs a larger number; got 2"),
        (["extend", "reference_facilitation=null"], "`extend` cannot change `reference_facilitation`; "
         "give more "
         "`seeds`, or values of factors of the sweep in {out}"),
        (["rerun"], "the sweep in {out} has no failed run; use `resume` for missing runs"),
        (["finish"], "the first word must be one of status, resume, extend, rerun, collect; got 'finish'"),
        (["collect", "out={out}x"], "{out}x/manifest.json is missing or broken: there is no sweep in {out}x"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said_in_one_sentence(tmp_path, monkeypatch, capsys, words, sentence):
    from experiments import results
    from sim.results.store import Store

    out = tmp_path / "out"
    manifest = {"arguments": ["seeds=3", "timing=0"], "configuration": {}, "design": [], "seeds": [1, 3]}
    Store.at(out).describe(manifest)
    words = [each.format(out=out) for each in words]
    monkeypatch.setattr(sys, "argv", ["results", *words, *([] if "out" in words[-1] else [f"out={out}"])])
    with pytest.raises(SystemExit) as end:
        results.main()
    assert end.value.code == 2
    assert capsys.readouterr().err == f"error: {sentence.format(out=out)}\n"


@pytest.mark.program
def test_the_old_name_of_the_program_says_the_new_one_and_does_the_same(command, tmp_path):
    done = command("sweeps", "status", f"out={tmp_path}")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "warning: `python -m experiments.sweeps` is now `python -m experiments.results`; version 0.3 will remove the old name",
        f"error: {tmp_path}/manifest.json is missing or broken: there is no sweep in {tmp_path}",
    ]


@pytest.mark.simulates
def test_a_sweep_by_another_version_of_the_model_is_refused_by_the_name_of_the_file(command, tmp_path):
    small = (
        "seeds=1",
        "jobs=1",
        "backbone.facilitation=0.2",
        "timing=0",
        "reference_facilitation=null",
        "setting.until=2013-12",
    )
    folder, other = tmp_path / "out", tmp_path / "other"
    assert command("sweep", *small, "doubling.by=2013", f"out={folder}").returncode == 0
    before = (folder / "manifest.json").read_bytes()
    for name in ("sim", "experiments", "configs"):
        shutil.copytree(ROOT / name, other / name, ignore=shutil.ignore_patterns("__pycache__"))
    trust = other / "sim" / "rules" / "trust.py"
    trust.write_text(trust.read_text() + "\n")
    for words in (["sweep", *small, "doubling.by=2013"], ["results", "resume"]):
        done = subprocess.run(
            [sys.executable, "-m", f"experiments.{words[0]}", *words[1:], f"out={folder}"],
            cwd=other,
            env=os.environ | {"PYTHONPATH": str(other), "SIM_COMPILER": "off"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        assert done.stderr == (
            f"error: the results in {folder} were made with another model version (rules/trust.py differs); "
            "give another `out`, or `overwrite=true` to remove them\n"
        )
    assert (folder / "manifest.json").read_bytes() == before
