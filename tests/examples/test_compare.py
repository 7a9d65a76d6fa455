"""The program that compares arms with a baseline, tiny: what it prints and what it leaves."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.analysis.paired_differences import differences
from sim.reports.chapters.comparison_printed import printed_comparison
from sim.studies.comparison import Comparison

pytestmark = pytest.mark.program

TINY = ("seeds=3", "jobs=1", "setting.until=2015-08", "arms=[no_backbone,policy_late,ministry_never_joins]",
        "outcomes=[examinees_2015,trust_across]")  # fmt: skip


@pytest.fixture(scope="module")
def comparison_run(command, tmp_path_factory):
    """The program over few seeds: what it printed and where it wrote."""
    folder = tmp_path_factory.mktemp("compare") / "out"
    return command("compare", *TINY, f"out={folder}"), folder


@pytest.mark.release
def test_it_says_what_differs_by_which_way_and_keeps_text_tables_and_figure(comparison_run):
    done, folder = comparison_run
    assert done.returncode == 0, done.stderr
    assert "A look, not a result: it rests on 3 pairs." in done.stdout
    assert "ministry never joins: of " in done.stdout
    left = {path.name for path in folder.iterdir()}
    pages = {"compare.pdf", "compare.svg", "compare.png"}
    assert left == {
        "manifest.json",
        "checksums.txt",
        "table.parquet",
        "differences.csv",
        "parts.csv",
        "compare.txt",
        *pages,
    }
    text = (folder / "compare.txt").read_text()
    assert text.startswith(done.stdout.partition("no backbone minus historical emergent")[0].rstrip())
    assert "trust across sectors" in done.stdout
    assert "compare.txt has every outcome, year and group" in done.stdout
    assert "by year, with 95% intervals" in text
    assert "by year, with 95% intervals" not in done.stdout
    assert "python -m experiments.compare seeds=3" not in (folder / "compare.txt").read_text()


@pytest.mark.release
def test_its_tables_are_of_its_runs(comparison_run):
    runs, table = (
        pd.read_parquet(comparison_run[1] / "table.parquet"),
        pd.read_csv(comparison_run[1] / "differences.csv"),
    )
    assert runs.groupby(["scenario", "dates"])["seed"].count().to_dict() == {
        ("historical_emergent", "emergent"): 3, ("no_backbone", "emergent"): 3, ("no_backbone", "held"): 3,
        ("policy_late", "emergent"): 3, ("policy_late", "held"): 3, ("ministry_never_joins", "emergent"): 3,
        ("ministry_never_joins", "none"): 3, ("historical_emergent", "none"): 3,
    }  # fmt: skip
    assert set(table["by"]) == {"outcome", "year", "group"}
    again = differences(runs, "historical_emergent", ["no_backbone"], ["trust_across"])
    row = table[(table["arm"] == "no_backbone") & (table["outcome"] == "trust_across")]
    assert row["difference"].tolist() == pytest.approx(again["difference"].tolist())


@pytest.mark.release
def test_over_the_posterior_it_says_so_and_stops_when_narrow(command, tmp_path):
    options = [part for part in TINY if not part.startswith("seeds")]
    more = ("seeds=30", "uncertainty=posterior", "precision=1e6", "batch=10", "arms=no_backbone")
    done = command("compare", *[part for part in options if not part.startswith("arms")], *more, f"out={tmp_path}")
    assert done.returncode == 0, done.stderr
    printed = " ".join(done.stdout.split())
    assert "Intervals cover random variation and the parameter sets of the posterior" in printed
    assert "After 10 pairs every interval of examinees_2015 had a half-width of at most 1,000,000 students" in printed


@pytest.mark.release
def test_what_it_left_is_loaded_as_the_comparison_that_it_was(comparison_run):
    done, folder = comparison_run
    loaded = Comparison.load(folder)
    assert loaded.summary() == (folder / "compare.txt").read_text(encoding="utf-8")
    assert printed_comparison(loaded) in done.stdout
    assert loaded.record["command"].startswith("python -m experiments.compare seeds=3")
