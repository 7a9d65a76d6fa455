"""The study of equity, tiny: what the program prints and what it leaves."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from sim.analysis.costs import ALL
from sim.analysis.equity import gains

pytestmark = pytest.mark.program

TINY = ("seeds=3", "jobs=1", "setting.until=2017-08", "year=2017", "arms=[no_backbone]", "uncertainty=point")


@pytest.fixture(scope="module")
def equity_run(command, tmp_path_factory):
    """The program over few seeds: what it printed and where it wrote."""
    folder = tmp_path_factory.mktemp("equity") / "out"
    return command("equity", *TINY, f"out={folder}"), folder


@pytest.mark.release
def test_it_says_who_gains_at_what_cost_and_keeps_text_tables_and_page(equity_run):
    done, folder = equity_run
    assert done.returncode == 0, done.stderr
    assert (folder / "equity.txt").read_text() in done.stdout
    left = {path.name for path in folder.iterdir()}
    pages = {"equity.pdf", "equity.svg", "equity.png"}
    assert left == {
        "manifest.json",
        "checksums.txt",
        "table.parquet",
        "equity.csv",
        "gaps.csv",
        "costs.csv",
        "equity.txt",
        *pages,
    }
    assert json.loads((folder / "manifest.json").read_text())["kind"] == "study of equity"
    for sentence in (
        "A look, not a result: it rests on 3 pairs.",
        "Counted as cost is what organisations offered",
        "Gender: the model splits examinees",
    ):
        assert sentence in " ".join(done.stdout.split())


@pytest.mark.release
def test_its_tables_are_of_its_runs_against_the_reference_and_the_baseline(equity_run):
    runs, table = pd.read_parquet(equity_run[1] / "table.parquet"), pd.read_csv(equity_run[1] / "equity.csv")
    assert set(runs["scenario"]) == {"historical_emergent", "no_backbone", "no_initiative"}
    assert set(zip(table["arm"], table["against"], strict=True)) == {
        ("historical_emergent", "no_initiative"), ("no_backbone", "no_initiative"), ("no_backbone", "historical_emergent"),
    }  # fmt: skip
    again = gains(runs, "no_backbone", "no_initiative", 2017)
    rows = table[(table["arm"] == "no_backbone") & (table["against"] == "no_initiative")]
    assert rows["additional"].tolist() == pytest.approx(again["additional"].tolist())


@pytest.mark.release
def test_its_costs_are_of_its_runs(equity_run):
    runs, table = pd.read_parquet(equity_run[1] / "table.parquet"), pd.read_csv(equity_run[1] / "costs.csv")
    every = table[table["source"] == ALL].set_index("arm")
    assert every["offered"].to_dict() == pytest.approx(runs.groupby("scenario")["offered"].mean().to_dict())
    years = [name for name in runs if name.startswith("examinees_") and "/" not in name]
    sums = runs.set_index(["scenario", "seed"])[years].sum(axis=1)
    caused = (sums["no_backbone"] - sums["no_initiative"]).mean()
    assert every.loc["no_backbone", "caused"] == pytest.approx(caused)


@pytest.mark.release
def test_it_does_not_mix_with_work_of_another_kind(command, tmp_path):
    (tmp_path / "manifest.json").write_text('{"kind": "comparison"}')
    done = command("equity", *TINY, f"out={tmp_path}")
    assert done.returncode == 2
    assert "holds a comparison, not a study of equity; give another `out`" in done.stderr
