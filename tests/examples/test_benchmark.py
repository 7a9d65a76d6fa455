"""The benchmark: what it measures, the history it keeps, and what is wrong in one sentence."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest

from experiments.benchmarks import history as recording
from experiments.benchmarks import memory as watching
from experiments.benchmarks import versions
from experiments.benchmarks.history import COLUMNS, Measured, history, row_of, write_row
from experiments.benchmarks.sweep_trial import Trial
from experiments.benchmarks.timing import alternating_times, efficiency, engine_overhead, process_counts
from sim.errors import InputError
from sim.runs.engines.options import engine_of
from sim.sweeps.precision import overhead_of
from tests.offenders import each_of

pytestmark = pytest.mark.slow

LOG = {"runs": 40, "run_seconds": 90.0, "wall_seconds": 50.0, "jobs": 2}
SAMPLES = pd.DataFrame(
    [
        (k, 10 * k, name, memory)
        for k in range(5)
        for name, memory in (("parent", 200.0), ("worker 1", 300.0 + k), ("worker 2", 300.0 - k))
    ],
    columns=["second", "runs", "process", "memory"],
)
WARM = Trial(LOG, SAMPLES, 210.0)
MEASURED = Measured(100.0, 5.0, {1: 8.0, 2: 12.0}, Trial({**LOG, "wall_seconds": 60.0}, SAMPLES, 210.0), WARM)


@pytest.fixture
def history_path(tmp_path) -> Path:
    """A history of two versions, one of them written on another system."""
    path = tmp_path / "benchmarks.csv"
    row = row_of(MEASURED)
    lines = [",".join(COLUMNS) + "\n"]
    for version, end in (("0.0.1", "\r\n"), (row["version"], "\n")):
        cells = [f'"{cell}"' if "," in cell else cell for cell in {**row, "version": version}.values()]
        order = dict(zip(row, cells, strict=True))
        lines.append(",".join(order[name] for name in COLUMNS) + end)
    path.write_bytes("".join(lines).encode())
    return path


def test_the_overhead_is_what_of_the_time_of_all_processes_was_not_simulation():
    assert overhead_of(LOG) == 0.1
    assert WARM.overhead == 0.1
    assert MEASURED.cold.overhead == 0.25


def test_processes_are_doubled_up_to_all_of_them_and_measured_against_one():
    assert [process_counts(jobs) for jobs in (1, 2, 3, 8, 12)] == [
        [1],
        [1, 2],
        [1, 2, 3],
        [1, 2, 4, 8],
        [1, 2, 4, 8, 12],
    ]
    assert efficiency(MEASURED.rates) == {1: 1.0, 2: 0.75}


def test_a_run_and_the_yardstick_take_turns():
    order: list[tuple[str, int]] = []
    alternating_times(lambda seed: order.append(("run", seed)), lambda seed: order.append(("stick", seed)), 2)
    assert order == [(name, seed) for seed in range(3) for name in ("run", "stick")]


def test_memory_is_told_in_one_line():
    assert WARM.summary == (
        "memory over 40 runs, at 10%, 50%, 100% of them: parent 200.0, 200.0, 200.0 MB, +0.000 ± 0.000 MB per 1,000 "
        "runs; a worker 300.0, 300.0, 300.0 MB, +0.000 ± 0.000 MB per 1,000 runs; 2 workers, none of them "
        "replacements; parent with the table collected 210 MB"
    )
    alone = SAMPLES[SAMPLES["process"] == "parent"]
    assert "it simulates too: no workers" in replace(WARM, samples=alone, log={**LOG, "jobs": 1}).summary


def test_memory_is_seen_to_rise():
    with watching.Watch(lambda: 1, every=0.01) as watch:
        time.sleep(0.05)
        held = bytearray(60_000_000)
        held[::4096] = b"x" * len(held[::4096])
        time.sleep(0.05)
    seen = watch.samples[watch.samples["process"] == "parent"]["memory"]
    assert len(seen) > 3
    assert seen.iloc[-1] - seen.iloc[0] > 40


def test_where_memory_cannot_be_read_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "psutil", None)
    with pytest.raises(InputError, match=r'psutil, which is not installed; .* pip install -e ".\[dev\]"'):
        watching.reader()


# The history


def test_a_row_of_the_same_version_is_replaced_and_the_others_stay_byte_for_byte(history_path):
    before = history_path.read_bytes().splitlines(keepends=True)
    assert write_row({**row_of(MEASURED), "run_ms": "99.9"}, history_path)
    after = history_path.read_bytes().splitlines(keepends=True)
    assert after[:2] == before[:2]
    assert len(after) == 3
    assert [row["run_ms"] for row in history(history_path)] == ["100.0", "99.9"]


def test_a_new_version_comes_last(history_path):
    before = history_path.read_bytes()
    assert not write_row({**row_of(MEASURED), "version": "9.0"}, history_path)
    assert history_path.read_bytes().startswith(before)
    assert [row["version"] for row in history(history_path)][-1] == "9.0"


def test_a_row_names_no_machine_and_no_path_and_says_growth_only_of_a_long_sweep(history_path):
    row = row_of(MEASURED)
    assert set(row) == set(COLUMNS)
    assert row["platform"].split()[1] == "cores,"
    assert not any("/" in cell for cell in row.values())
    assert (row["run_over_yardstick"], row["overhead"], row["overhead_with_start"]) == ("20.00", "0.1000", "0.2500")
    assert (row["runs_a_second"], row["parent_mb"], row["worker_mb"]) == ("1=8.00 2=12.00", "200.0", "304.0")
    assert row["worker_growth"] == ""
    assert row_of(replace(MEASURED, long=WARM))["worker_growth"] == "0.000"


def test_the_page_shows_the_history(history_path, monkeypatch):
    monkeypatch.setattr(recording, "lines_of", lambda path=history_path, read=recording.lines_of: read(history_path))
    assert "| 0.0.1 |" in recording.speeds()
    assert "| 1: 8.00, 2: 12.00 | 1: 100%, 2: 75% | 10.0% of 40 runs | 25.0% of 40 runs |" in recording.speeds()
    assert "| 40 | 0 | 200.0 | 304.0 | not measured | not measured |" in recording.memories()


BROKEN = {
    "empty": (lambda text: "", "must begin with the columns"),
    "another header": (lambda text: text.replace("commit", "change", 1), "must begin with the columns"),
    "a cell too few": (lambda text: text.rstrip("\r\n").rpartition(",")[0] + "\n", "line 3: 20 cells"),
    "a word for a number": (lambda text: text.replace("100.0", "fast", 1), "line 2: `run_ms` cannot be 'fast'"),
    "a part of a run": (lambda text: text.replace(",40,0.1", ",40.5,0.1", 1), "`sweep_runs` cannot be '40.5'"),
    "rates of nothing": (lambda text: text.replace("1=8.00", "2=8.00", 1), "`runs_a_second` cannot be"),
    "a version twice": (lambda text: text + text.splitlines(keepends=True)[-1], "is in the file twice"),
    "an open quote": (lambda text: text.replace('cores, x', 'cores", x', 1), "is not a CSV file|cells instead of"),
}  # fmt: skip


@pytest.mark.program
@each_of("how", BROKEN)
def test_a_broken_history_is_refused_in_one_sentence_and_left_as_it_is(history_path, how):
    change, message = BROKEN[how]
    whole = history_path.read_bytes()
    broken = change(whole.decode().replace(recording.platform.machine(), "x86_64")).encode()
    history_path.write_bytes(broken)
    with pytest.raises(InputError, match=message) as refused:
        write_row(row_of(MEASURED), history_path)
    assert "\n" not in str(refused.value)
    assert history_path.read_bytes() == broken
    history_path.write_bytes(whole)  # for the next example


def test_a_history_that_is_not_there_or_no_text_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"benchmarks\.csv cannot be read"):
        history(tmp_path / "benchmarks.csv")
    (tmp_path / "benchmarks.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="is not a CSV file"):
        history(tmp_path / "benchmarks.csv")


# The program


@pytest.mark.program
def test_sizes_are_measured_one_by_one_and_shown_as_a_table(command, tmp_path):
    room = tmp_path / "benchmark"
    done = command(
        "benchmarks.benchmark", "scale=[[1,1],[2,3]]", "setting.until=2006-08", "setting.burn_in=0", f"out={room}"
    )
    assert done.returncode == 0, done.stderr
    assert (room / "scaling.md").read_text() == done.stdout
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in done.stdout.splitlines()]
    assert rows[0][:2] == ["organisations", "schools"]
    assert [int(rows[3][k].replace(",", "")) > int(rows[2][k].replace(",", "")) for k in (0, 1)] == [True, True]


@pytest.mark.program
@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("record=yes_please", "`record` must be true or false"),
        ("memory=1", "`memory` must be a whole number"),
        ("scale=[[0,1]]", "`scale` must be `all` or pairs of factors on organisations and schools from 1 to 100"),
        ("sweep=0", "`sweep` must be a whole number"),
    ],
)
def test_a_wrong_option_ends_at_once_in_one_sentence(command, tmp_path, option, message):
    done = command("benchmarks.benchmark", option, f"out={tmp_path / 'out'}")
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert message in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.program
@pytest.mark.release
def test_the_benchmark_with_two_workers_leaves_figures_and_memory_and_no_sweep(command, tmp_path):
    room = tmp_path / "benchmark"
    tiny = ("repeats=1", "sweep=16", "memory=48", "jobs=2", "setting.until=2006-08", "setting.burn_in=0")
    done = command("benchmarks.benchmark", *tiny, f"out={room}")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("memory over 48 runs, at 10%, 50%, 100% of them: parent ")
    assert sorted(path.name for path in room.iterdir()) == ["benchmark.json", "memory.csv", "memory.png", "memory.svg"]
    figures = json.loads((room / "benchmark.json").read_text())["figures"]
    assert figures["runs a second, 2 processes, no shared history"] > 0
    assert figures["run over yardstick"] > 0
    assert 0 < figures["overhead of a sweep of 32 runs [%]"] < 100
    assert figures["memory, a worker, most [MB]"] > 50
    seen = pd.read_csv(room / "memory.csv")
    assert seen["runs"].max() == 48
    assert {"parent", "worker 1"} <= set(seen["process"])
    assert seen.groupby("process")["runs"].apply(lambda runs: runs.is_monotonic_increasing).all()


# Ratios to an older version


@pytest.mark.parametrize("against", ["no_such_commit", "0000000000", 3.5, "README.md"])
def test_an_older_version_that_is_none_is_refused_in_a_sentence(against):
    with pytest.raises(InputError, match="`against`"), versions.older_version(against):
        pass


def test_an_older_version_is_a_folder_a_wheel_or_a_commit(tmp_path):
    package = tmp_path / "older" / "sim"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    with versions.older_version(str(package.parent)) as folder:
        assert folder == package.parent
    with ZipFile(tmp_path / "older.whl", "w") as wheel:
        wheel.writestr("sim/__init__.py", "")
    with versions.older_version(str(tmp_path / "older.whl")) as folder:
        assert (folder / "sim" / "__init__.py").is_file()
    if (versions.HERE / ".git").exists():
        with versions.older_version("HEAD") as folder:
            assert (folder / "sim" / "__init__.py").is_file()


def test_ratios_are_medians_over_pairs_of_this_version_and_the_older_one(monkeypatch, tmp_path):
    turns, cold = [], iter((30.0, 60.0))

    def measured(version, program, words, store):
        turns.append(version)
        if words[1] == "0":
            return {"wall": next(cold)}
        value = 1.0 if version == versions.HERE else 2.0
        return dict.fromkeys(("run", "import", "first run", "start", "ensemble", "worker"), value)

    monkeypatch.setattr(versions, "measured", measured)
    assert versions.ratios(tmp_path, "historical", 2) == dict.fromkeys(versions.RATIOS, 0.5)
    assert [version == tmp_path for version in turns] == [False, True] + 2 * [False, False, True, True]


def test_a_version_that_does_not_run_is_one_sentence(tmp_path):
    with pytest.raises(InputError, match="does not run"):
        versions.measured(tmp_path, "raise SystemExit(3)", [], tmp_path)


@pytest.mark.parametrize("engine", [None, "threading"])
def test_the_overhead_of_an_engine_is_measured_with_tasks_that_compute_nothing(engine):
    values = engine_overhead(engine_of(engine), tasks=20, jobs=2)
    assert list(values) == [
        "start of the engine, with its first tasks [s]",
        "a task [ms]",
        "CPU time of this program for a task [ms]",
    ]
    assert all(value >= 0 for value in values.values())
    assert values["a task [ms]"] > 0
