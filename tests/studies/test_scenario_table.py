"""Tables of scenarios and hypotheses."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.analysis.doubling import Doubling
from sim.analysis.hypotheses import HYPOTHESES, judge_hypotheses
from sim.configuration import scenarios
from sim.errors import InputError
from sim.findings.scenarios import failing_in_text, measures_text, scenario_row
from sim.studies.hypotheses import failing_runs
from sim.studies.scenario_table import ScenarioTable, scenario_names, scenario_table
from tests.offenders import each_of
from tests.studies.round_trip import check_result

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
    assert scenario_row("no_initiative", True, RUNS, doubling)[column] == share


def test_a_scenario_of_another_country_doubles_its_own_base_and_says_so():
    row = scenario_row("us_region", False, RUNS.assign(examinees_2012=[4000.0, 4700.0, 9000.0, 4000.0]), Doubling())
    assert row["P(twice 2012's 8,869 by 2020)"] == "0.75 (its own 2012)"
    nobody = scenario_row("us_region", False, RUNS.assign(examinees_2012=0.0), Doubling())
    assert nobody["P(twice 2012's 8,869 by 2020)"] == "no base (its own 2012)"


@each_of("claim", HYPOTHESES, ids=[item.name for item in HYPOTHESES])
def test_every_hypothesis_says_what_its_estimate_is_and_its_unit(claim):
    assert len(claim.measures.split()) > 5
    assert claim.unit in ("students", "share of runs", "trust, 0-1", "share of maths takers")


def test_the_estimates_stand_with_their_unit_and_in_words():
    assert judge_hypotheses(RUNS)[["hypothesis", "estimate", "unit"]].to_numpy().tolist() == [
        ["H1", 0.25, "share of runs"]
    ]
    assert measures_text(["H1"]) == [
        "H1: One half, less the share of runs of no_initiative that double the published count of 2012 by 2020"
    ]


TINY = {"setting.until": "2020-08", "setting.burn_in": 2}


@pytest.fixture(scope="module")
def table() -> ScenarioTable:
    """Compare two scenarios of two short runs each."""
    return scenario_table(["historical", "us_region"], seeds=2, overrides=TINY, jobs=1, progress=False)


@pytest.mark.simulates
def test_the_table_tells_parts_of_runs_from_intervals_of_a_mean(table):
    text = " ".join(table.summary().split())
    assert "Examinees: median [5%, 95%] of runs" in text
    assert "Mean over seeds, and from low to high the 95% interval of that mean." in text
    assert "(its own 2012)" in text
    assert "- H4: Growth of trust" in text
    assert "in which each hypothesis fails" not in text


@pytest.mark.simulates
def test_a_table_can_be_saved_loaded_and_shown(table, tmp_path):
    check_result(table, tmp_path / "out", "table.parquet")


@pytest.mark.simulates
def test_a_hypothesis_that_is_to_fail_stands_beside_the_parameters_with_which_it_does(table, tmp_path):
    failing = pd.DataFrame({
        "hypothesis": ["H1", "H4"], "estimate": [-0.5, -1.0], "low": [-0.5, float("nan")], "high": [-0.5, float("nan")],
        "unit": ["share of runs", "trust, 0-1"],
    })  # fmt: skip
    rows = failing_in_text(failing).set_index("hypothesis")
    assert rows["verdict"].to_dict() == {"H1": "fails", "H4": "open"}
    assert rows.loc["H4", ["estimate", "low", "parameters"]].tolist() == ["-1.000", "-", "trust.ratio=1"]
    whole = ScenarioTable(table.record, table.frame, failing)
    assert "in which each hypothesis fails, or is left open" in " ".join(whole.summary().split())
    check_result(whole, tmp_path / "out", "failing.csv")


@pytest.mark.release
def test_each_hypothesis_is_judged_where_it_is_to_fail():
    failing = failing_runs([1], (), 1)
    assert failing["hypothesis"].tolist() == [item.name for item in HYPOTHESES]


def test_all_scenarios_are_those_of_the_project():
    assert scenario_names("all") == scenarios()


@each_of(
    ("options", "sentence"),
    [
        *(({"scenarios": wrong}, "`scenarios` must be all, or a list of different names; got ")
          for wrong in ("historical", [], ["a", "a"], 5, None, {"a": 1})),
        ({"scenarios": ["nothing"]}, "unknown scenario `nothing`"),
        ({"seeds": 0}, "`seeds` must be a whole number from 1; got 0"),
        ({"first_seed": -1}, "`first_seed` must be a whole number from 0; got -1"),
        ({"overrides": {"setting.until": "2019-08"}}, "the run ends (2019-08) before the examination of `doubling.by` 2020"),
        ({"overrides": {"setting.until": "2019-08"}, "doubling": {"by": 2018}},
         "`setting.until` of historical must be 2020-06 or later, since the table has examinees of 2020"),
        ({"doubling": {"to": 2}}, "`doubling` must be a mapping with the keys base, factor, of, by; got {'to': 2}"),
        ({"uncertainty": "much"}, "`uncertainty` must be point, posterior, structures or the path of a table; got 'much'"),
        ({"jobs": 0}, "`jobs` "),
    ],
    ids=str,
)  # fmt: skip
def test_wrong_options_are_refused_in_one_sentence(options, sentence):
    with pytest.raises(InputError) as mistake:
        scenario_table(**({"scenarios": ["historical"], "progress": False} | options))
    assert sentence in str(mistake.value)
    assert "\n" not in str(mistake.value)
