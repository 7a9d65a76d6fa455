"""Every program of `experiments`, tiny, as a user starts it."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from sim.configuration import scenario
from sim.outcomes import all_outcomes
from tests.comparing import differing, world_at

pytestmark = pytest.mark.slow

TINY = ("seeds=2", "setting.until=2017-08", "jobs=1")
POINTS = ("backbone.facilitation=0,0.8", "timing=0,12")


@pytest.fixture(scope="module")
def sweep(command, tmp_path_factory):
    """The main job, two seeds of two by two points: what it printed and where it wrote."""
    folder = tmp_path_factory.mktemp("sweep") / "out"
    return command("sweep", *TINY, *POINTS, f"out={folder}"), folder


@pytest.mark.program
def test_a_sweep_ends_well_and_says_what_it_found(sweep):
    done, _ = sweep
    assert done.returncode == 0, done.stderr
    assert "16 runs, 4 points, seeds 1 to 2" in done.stdout
    assert "P(16,085 by 2017), the ministry free" in done.stdout
    assert "100%" in done.stderr
    assert "Warning" not in done.stderr


@pytest.mark.program
def test_a_sweep_leaves_table_summary_page_and_manifest(sweep):
    _, folder = sweep
    left = {path.name for path in folder.iterdir()}
    assert {"table.parquet", "summary.txt", "manifest.json", "page.svg", "appendix.pdf", "parts"} <= left
    assert (folder / "page.svg").stat().st_size > 10_000
    assert len(list((folder / "parts").iterdir())) == 4
    assert json.loads((folder / "manifest.json").read_text())["command"].startswith(
        "python -m experiments.sweep seeds=2"
    )


@pytest.mark.program
def test_the_table_of_a_sweep_is_tidy_and_whole(sweep):
    table = pd.read_parquet(sweep[1] / "table.parquet")
    assert len(table) == 16
    assert not table.duplicated(["backbone.facilitation", "timing", "dates", "seed"]).any()
    assert set(table["dates"]) == {"emergent", "held"}
    assert set(table["timing"]) == {"0", "12"}


@pytest.mark.simulates
@pytest.mark.program
def test_a_row_of_the_sweep_is_what_a_run_alone_gives(sweep):
    table = pd.read_parquet(sweep[1] / "table.parquet").set_index(["backbone.facilitation", "timing", "dates", "seed"])
    for facilitation, timing, seed in ((0.0, 12, 1), (0.8, 0, 2)):
        values = {"backbone.facilitation": facilitation, "setting.until": "2017-08"}
        alone = all_outcomes(world_at(scenario("historical_emergent", timing, values), seed))
        row = table.loc[(facilitation, str(timing), "emergent", seed)]
        assert differing({k: float(row[k]) for k in alone}, alone) == []


@pytest.mark.program
def test_a_sweep_done_again_does_nothing_again_and_one_that_lost_a_part_only_that(command, sweep):
    _, folder = sweep
    before = (folder / "table.parquet").read_bytes()
    parts = sorted((folder / "parts").iterdir())
    times = {path: path.stat().st_mtime_ns for path in parts}
    parts[0].write_bytes(parts[0].read_bytes()[:100])
    done = command("sweep", *TINY, *POINTS, f"out={folder}")
    assert done.returncode == 0, done.stderr
    assert (folder / "table.parquet").read_bytes() == before
    again = {path for path in parts if path.stat().st_mtime_ns != times[path]}
    assert again == {parts[0]}


@pytest.mark.program
@pytest.mark.simulates
def test_one_run_leaves_its_tables_and_figures(command, tmp_path):
    done = command("run", "scenario=historical", "setting.until=2014-08", f"out={tmp_path / 'run'}")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "2013-07" in done.stdout
    left = {path.name for path in (tmp_path / "run").iterdir()}
    assert {
        "outcomes.csv",
        "years.csv",
        "ties.csv",
        "schools.csv",
        "placements.csv",
        "page.svg",
        "networks.pdf",
        "summary.txt",
    } <= left
    alone = all_outcomes(world_at(scenario("historical", overrides={"setting.until": "2014-08"}), 1))
    values = pd.read_csv(tmp_path / "run" / "outcomes.csv").set_index("outcome")["value"]
    np.testing.assert_array_equal(values[list(alone)].to_numpy(), np.array(list(alone.values())))


@pytest.mark.program
@pytest.mark.release
def test_some_runs_leave_a_table_a_fan_and_their_fit_to_the_record(command, tmp_path):
    done = command("run", "scenario=no_backbone", "seeds=2", "jobs=1", "setting.until=2014-08",
                   "doubling.by=2014", f"out={tmp_path / 'run'}")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "2 seeds" in done.stdout
    assert len(pd.read_parquet(tmp_path / "run" / "table.parquet")) == 2
    assert (tmp_path / "run" / "fan.svg").is_file()
    assert (tmp_path / "run" / "fit.svg").is_file()
    assert "share_5_units" in done.stdout
    assert "root mean square of the log" in done.stdout


@pytest.mark.program
def test_a_run_of_a_users_own_files(command, tmp_path):
    from tests.world.files import ORGANISATIONS, SCHOOLS, TIES

    texts = {"schools": SCHOOLS, "organisations": ORGANISATIONS, "ties": TIES}
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text)
    files = [f"setting.{name}={tmp_path / name}.csv" for name in texts]
    done = command("run", *files, "setting.until=2017-08", f"out={tmp_path / 'run'}")
    assert done.returncode == 0, done.stderr
    assert len(pd.read_csv(tmp_path / "run" / "schools.csv")) == 5
    done = command("check", *[str(tmp_path / f"{name}.csv") for name in texts])
    assert (done.returncode, done.stderr) == (0, "")
    assert "an edge list of 4 ties" in done.stdout


@pytest.mark.program
@pytest.mark.release
def test_scenarios_side_by_side(command, tmp_path):
    done = command("scenarios", "scenarios=[historical,no_initiative]", "seeds=2", "jobs=1", "setting.until=2020-08",
                   f"out={tmp_path / 'scenarios'}")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "no_initiative" in done.stdout
    assert len(pd.read_parquet(tmp_path / "scenarios" / "table.parquet")) == 4


@pytest.mark.program
@pytest.mark.release
def test_the_benchmark(command, tmp_path):
    done = command(
        "benchmarks.benchmark",
        "repeats=1",
        "sweep=4",
        "jobs=1",
        "setting.until=2006-08",
        f"out={tmp_path / 'benchmark'}",
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.program
@pytest.mark.release
@pytest.mark.parametrize("backend", ["sequential", "threading"])
def test_a_sweep_on_another_backend_of_joblib_gives_the_same_table(command, sweep, tmp_path, backend):
    done = command("sweep", *TINY, *POINTS, f"engine={backend}", f"out={tmp_path / 'out'}")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "table.parquet").read_bytes() == (sweep[1] / "table.parquet").read_bytes()


@pytest.mark.program
@pytest.mark.parametrize("program", ["sweep", "check"])
def test_help_is_help(command, program):
    done = command(program, "--help")
    assert done.returncode == 0
    assert done.stdout.strip()


@pytest.mark.program
def test_help_lists_the_keys_of_the_program_and_what_they_are_by_default(command):
    help_text = command("sweep", "--help").stdout
    assert "block: 5 # seeds in a part" in help_text
    assert "jobs: null" in help_text
    assert "null\n" not in help_text.partition("Any of the model's")[2]


@pytest.mark.program
def test_help_of_a_program_that_refuses_parameters_does_not_offer_them(command):
    assert "parameters may also be set" not in command("report", "--help").stdout


@pytest.mark.program
def test_a_sweep_says_first_what_its_design_comes_to(sweep):
    done, folder = sweep
    runs = len(pd.read_parquet(folder / "table.parquet"))
    assert done.stderr.splitlines()[0].endswith(f"= {runs:,} runs")
