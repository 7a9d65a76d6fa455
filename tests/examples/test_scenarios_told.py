"""The table of scenarios and hypotheses says what its numbers are."""

from __future__ import annotations

import pandas as pd
import pytest

from experiments.scenarios import LEGEND, claims_of, row_of
from sim.analysis.doubling import Doubling
from sim.analysis.hypotheses import HYPOTHESES, judged
from sim.configuration import scenario

RUNS = pd.DataFrame({
    "scenario": "no_initiative", "seed": [1, 2, 3, 4], "gap_quintiles_2020": 0.1,
    "examinees_2012": 9000.0, **{f"examinees_{year}": [9000.0, 9500.0, 17738.0, 9100.0] for year in range(2013, 2021)},
    "month_joined": float("nan"), "month_pilot": float("nan"), "month_national": float("nan"),
})  # fmt: skip


@pytest.mark.parametrize(
    ("doubling", "column", "share"),
    [
        (Doubling(), "P(twice 2012's 8,869 by 2020)", "0.25"),
        (Doubling(base="own", by=2017), "P(twice the run's own count of 2012 by 2017)", "0.00"),
    ],
)
def test_the_column_of_the_doubling_says_base_and_year(doubling, column, share):
    assert row_of(scenario("no_initiative"), RUNS, doubling)[column] == share


def test_the_legend_tells_parts_of_runs_from_intervals_of_a_mean():
    assert "Examinees: median [5%, 95%] of runs" in LEGEND
    assert "Hypotheses: mean over seeds, and from low to high the 95% interval of that mean" in LEGEND


def test_a_scenario_of_another_country_doubles_its_own_base_and_says_so():
    row = row_of(scenario("us_region"), RUNS.assign(examinees_2012=[4000.0, 4700.0, 9000.0, 4000.0]), Doubling())
    assert row["P(twice 2012's 8,869 by 2020)"] == "0.75 (its own 2012)"
    nobody = row_of(scenario("us_region"), RUNS.assign(examinees_2012=0.0), Doubling())
    assert nobody["P(twice 2012's 8,869 by 2020)"] == "no base (its own 2012)"


@pytest.mark.parametrize("claim", HYPOTHESES, ids=[item.name for item in HYPOTHESES])
def test_every_hypothesis_says_what_its_estimate_is_and_its_unit(claim):
    assert len(claim.measures.split()) > 5
    assert claim.unit in ("students", "share of runs", "trust, 0-1", "share of maths takers")


def test_the_estimates_stand_with_their_unit_and_in_words():
    assert judged(RUNS)[["hypothesis", "estimate", "unit"]].to_numpy().tolist() == [["H1", 0.25, "share of runs"]]
    said = claims_of(RUNS)
    assert "H1: One half, less the share of runs of no_initiative that double 2012's published count by 2020" in said
    assert "H2: " not in said
