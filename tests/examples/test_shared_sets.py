"""Programs over fewer parameter sets than replicates say so wherever they tell an interval: text, figure, report."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from sim.findings.numbers import uncertainty_sentence
from tests.runs.test_shared_sets import posterior

PAIRS = "4 pairs share 2 parameter sets: intervals resample the sets. With fewer than 10 sets such intervals are unreliable."
RUNS = PAIRS.replace("pairs", "replicates")


def in_one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> tuple[str, ...]:
    """Return the options of a small program over a posterior of two sets."""
    two = posterior(tmp_path_factory.mktemp("posterior") / "two.csv", 2)
    return ("seeds=4", "jobs=1", f"uncertainty={two}")


@pytest.mark.program
@pytest.mark.release
def test_a_comparison_and_its_report_say_that_pairs_share_sets(command, small, tmp_path):
    folder = tmp_path / "compare"
    done = command("compare", "arms=[no_backbone]", "setting.until=2015-08", "outcomes=[examinees_2015]", *small,
                   f"out={folder}")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert PAIRS in in_one_line(done.stdout)
    assert PAIRS in in_one_line((folder / "compare.txt").read_text())
    assert "4 pairs share 2 parameter sets" in (folder / "compare.svg").read_text()
    assert json.loads((folder / "manifest.json").read_text())["parameter_sets"] == 2
    assert set(pd.read_parquet(folder / "table.parquet")["parameter_set"]) == {0, 1}
    none = ("attributions=[]", "equity=[]", "robust=[]")
    report = command("report", f"comparisons={folder}", *none, f"out={tmp_path / 'report'}")
    assert report.returncode == 0, report.stderr
    assert PAIRS in (tmp_path / "report" / "report.html").read_text(encoding="utf-8")


@pytest.mark.program
@pytest.mark.release
def test_an_ensemble_a_sweep_and_an_attribution_say_that_replicates_share_sets(command, small, tmp_path):
    run = command("run", "scenario=no_initiative", *small, f"out={tmp_path / 'run'}")
    assert run.returncode == 0, run.stderr
    assert RUNS in run.stdout
    swept = command("sweep", "timing=0", "backbone.facilitation=0,0.8", "setting.until=2018-08", *small,
                    f"out={tmp_path / 'sweep'}")  # fmt: skip
    assert swept.returncode == 0, swept.stderr
    assert RUNS in (tmp_path / "sweep" / "summary.txt").read_text()
    game = tmp_path / "game.yaml"
    game.write_text("about: What the backbone adds\nplayers:\n  backbone: {set: {backbone.facilitation: 0.0}}\n")
    done = command("attribute", f"game={game}", "setting.until=2015-08", "outcomes=[examinees_2015]", *small,
                   f"out={tmp_path / 'attribute'}")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert RUNS in in_one_line((tmp_path / "attribute" / "attribution.txt").read_text())
    assert set(pd.read_csv(tmp_path / "attribute" / "runs.csv")["parameter_set"]) == {0, 1}


def test_a_report_speaks_of_sets_of_their_own_only_where_there_are_as_many():
    record = {"uncertainty": "posterior", "pairs": 12, "parameter_sets": 300}
    assert "each pair has a set of its own" in uncertainty_sentence(record)
    assert "12 pairs share 2 parameter sets" in uncertainty_sentence(record | {"parameter_sets": 2})
    assert "a set of its own" not in uncertainty_sentence(record | {"parameter_sets": 2})
    attribution = {"uncertainty": "posterior", "parameter_sets": 2}
    assert "30 replicates share 2 parameter sets" in uncertainty_sentence(attribution, 30)
    assert uncertainty_sentence({"uncertainty": "posterior"}) == uncertainty_sentence(record)
