"""Sampled sweeps: designs, their sensitivity analysis, and messages for wrong input."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from sim.studies.sensitivity import sensitivity
from sim.studies.sensitivity_result import Sensitivity

pytestmark = [pytest.mark.program, pytest.mark.slow]

SHORT = ("setting.until=2017-08", "setting.burn_in=0", "jobs=1")
VARY = "vary=[backbone.facilitation,trust.gain]"


@pytest.fixture(scope="module")
def sobol(command, tmp_path_factory):
    """Run a small Saltelli sweep."""
    pytest.importorskip("SALib")
    folder = tmp_path_factory.mktemp("sobol")
    done = command("sweep", "design=sobol", VARY, "n=8", "seeds=2", "first_seed=3", *SHORT, f"out={folder}")
    assert done.returncode == 0, done.stderr
    return folder, done


def test_a_sobol_sweep_runs_whole_without_the_grid_and_says_what_it_is(sobol):
    folder, done = sobol
    assert "sobol of 2 parameters: 32 samples x 1 policy; x 2 seeds = 64 runs" in done.stderr
    table = pd.read_parquet(folder / "table.parquet")
    assert len(table) == 64
    assert table["seed"].unique().tolist() == [3, 4]
    assert table["dates"].unique().tolist() == ["emergent"]
    assert table["backbone.facilitation"].nunique() > 6
    assert json.loads((folder / "manifest.json").read_text())["sampling"]["n"] == 8


def test_what_matters_is_printed_drawn_and_kept(command, sobol):
    folder, _ = sobol
    done = command("sensitivity", f"out={folder}", "outcomes=[examinees_2017,consensus]", "boxes=false")
    assert done.returncode == 0, done.stderr
    indices = pd.read_csv(folder / "sensitivity.csv")
    assert set(indices["outcome"]) == {"examinees_2017", "consensus"}
    assert sorted(indices["n"].unique()) == [2, 4, 8]
    assert {"S1", "S1_low", "ST", "ST_high"} <= set(indices)
    assert "examinees_2017: ST" in done.stdout
    for form in ("pdf", "svg", "png"):
        assert (folder / f"sensitivity-indices-1.{form}").stat().st_size > 1000


def test_a_folder_is_analysed_from_python_and_loaded(command, sobol):
    folder, _ = sobol
    manifest = (folder / "manifest.json").read_bytes()
    analysis = sensitivity(folder, outcomes=["examinees_2017"], boxes=False)
    analysis.save(folder)
    assert Sensitivity.load(folder).summary() == analysis.summary()
    assert (folder / "manifest.json").read_bytes() == manifest


def test_an_outcome_without_a_value_is_refused(command, sobol):
    done = command("sensitivity", f"out={sobol[0]}", "outcomes=[gap_quintiles_2020]")
    assert done.returncode == 2
    assert "no value in 100% of the runs" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_table_of_points_is_crossed_with_scenarios_and_has_no_indices(command, tmp_path):
    (tmp_path / "points.csv").write_text("trust.gain,backbone.facilitation\n0.05,0.2\n0.1,0.6\n0.1,0.9\n")
    done = command(
        "sweep", "design=table", f"points={tmp_path / 'points.csv'}", "scenario=historical_emergent,no_foundation",
        "setting.until=2009-12", *SHORT[1:], f"out={tmp_path / 'out'}",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    table = pd.read_parquet(tmp_path / "out" / "table.parquet")
    assert table.groupby("scenario")["sample"].apply(list).tolist() == [[0, 1, 2]] * 2
    assert table["trust.gain"].tolist() == [0.05, 0.1, 0.1] * 2
    done = command("sensitivity", f"out={tmp_path / 'out'}")
    assert done.returncode == 0, done.stderr
    assert "is table; use design=sobol, morris or lhs" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["design=saltelli"], "`design` must be one of grid, lhs, sobol, morris, table; got 'saltelli'"),
        (["design=lhs", "vary=[trust.ration]"], "did you mean `trust.ratio`"),
        (["design=lhs", "vary=[trust.ratio]", "trust.ratio=2"], "cannot be both sampled and set"),
        (["design=lhs", "n=1"], "`n` must be a whole number from 2"),
        (["design=lhs", "hydra/launcher=basic"], "`hydra/launcher` cannot be overridden; use `engine`"),
        (["design=lhs", "vary=[]"], "at least one parameter"),
        (
            ["vary=[trust.ratio]", "n=8"],
            "does not use `vary` and `n`: it takes values with commas, as in `trust.ratio=1,2`",
        ),
        (["design=lhs", "points=a.csv"], "the design lhs does not use `points`"),
        (["design=table", "points=a.csv", "n=8"], "a table of points does not use `n`"),
        (["design=table"], "needs a file of points"),
        (["design=lhs", "vary={trust.ratio: [3, 1]}"], "from low to high"),
    ],
)
def test_a_wrong_design_ends_in_one_sentence_before_anything_runs(command, tmp_path, arguments, message):
    done = command("sweep", *arguments, f"out={tmp_path / 'out'}")
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not list((tmp_path / "out").glob("parts/*"))


def test_how_many_seeds_are_enough_is_told_of_a_grid_too(command, tmp_path):
    done = command(
        "sweep",
        "backbone.facilitation=0,0.8",
        "timing=0",
        "reference_facilitation=null",
        "seeds=4",
        *SHORT,
        f"out={tmp_path}",
    )
    assert done.returncode == 0, done.stderr
    done = command("sensitivity", f"out={tmp_path}", "within=0.01")
    assert done.returncode == 0, done.stderr
    assert "Seeds for intervals (95%) within 1%" in done.stdout
    assert "is grid; use design=sobol, morris or lhs" in done.stdout
    assert (tmp_path / "sensitivity-seeds.png").is_file()
    assert not (tmp_path / "sensitivity.csv").exists()


def test_a_folder_without_a_sweep_is_said(command, tmp_path):
    done = command("sensitivity", f"out={tmp_path / 'none'}")
    assert done.returncode == 2
    assert "there is no sweep in" in done.stderr
    assert not (tmp_path / "none").exists()
