"""A run with a user's own schools is reported by itself, and compared with no national figure."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.analysis.doubling import Doubling, doubling_for
from sim.configuration import scenario
from sim.findings.fit import doubling_sentence, not_compared_sentence, years_in_text
from sim.model import CollaborationModel
from sim.studies.run_summary import described, run_summary
from sim.world.facts import cells
from tests.studies.round_trip import check_result
from tests.world.files import ORGANISATIONS, SCHOOLS, scenario_with

SHORT = {"setting.until": "2013-08"}
OF_THE_COUNTRY = ("observed", "deviation", "the record lies", "8,869", "12900", "12,900")


def grown(part: float) -> str:
    """Return a school file with so large a part of the country's maths takers."""
    takers = round(cells("school_population_2013.csv")["takers_total"].sum() * part)
    return f"{SCHOOLS.splitlines()[0]}\n1,2013,north,arab,state,3,5,{takers},2000\n"


@pytest.mark.parametrize(
    ("part", "national"), [(0.05, False), (0.89, False), (0.91, True), (1.09, True), (1.11, False)]
)
def test_schools_are_the_countrys_where_their_takers_are_within_a_tenth_of_its_own(write, part, national):
    read_scenario = scenario_with(write("schools.csv", grown(part)))
    assert read_scenario.part == pytest.approx(part, abs=1e-4)
    assert read_scenario.national is national


@pytest.mark.parametrize(("name", "national"), [("historical", True), ("us_region", False)])
def test_drawn_schools_are_the_countrys_where_they_are_drawn_from_its_table(name, national):
    assert scenario(name).national is national


def test_schools_drawn_twice_are_not_the_countrys():
    assert not scenario("historical", overrides={"setting.scale": 2}).national


def summarised(path, **options):
    """Return a short summary of runs of a school file."""
    overrides = {"setting.schools": str(path)} | SHORT
    return run_summary("historical", overrides=overrides, jobs=1, progress=False, **options)


@pytest.mark.simulates
def test_one_run_of_a_small_school_file_shows_its_own_years_only(write):
    summary = summarised(write("schools.csv", SCHOOLS))
    text = summary.summary()
    assert "nothing is compared with the national record" in " ".join(text.split())
    assert "examinees" in text
    assert "share" in text
    assert [word for word in OF_THE_COUNTRY if word in text] == []
    assert b"Published counts" not in summary.contents()["page.svg"]


@pytest.mark.simulates
def test_many_runs_of_a_small_school_file_show_their_own_years_and_double_their_own_base(write, tmp_path):
    summary = summarised(write("schools.csv", SCHOOLS), seeds=2, doubling={"by": 2013})
    text = summary.summary()
    assert "P(twice the run's own count of 2012 by 2013) = " in text
    assert "examinees median" in text
    assert [word for word in OF_THE_COUNTRY if word in text] == []
    assert {name.split(".")[0] for name in summary.contents()} == {"table", "fan", "summary"}
    check_result(summary, tmp_path / "out", "table.parquet")


def test_own_years_are_the_runs_own_figures():
    one = pd.DataFrame({"examinees_2012": [40.0], "examinees_2013": [130.0], "share_2012": [0.1], "share_2013": [0.25]})
    assert years_in_text(one).to_numpy().tolist() == [["2012", "40", "0.1"], ["2013", "130", "0.25"]]
    many = pd.concat([one, one * 2, one * 3])
    assert years_in_text(many).iloc[0].tolist() == ["2012", "80", "44", "116", "0.2", "0.11", "0.29"]


def why_not_compared(scenario):
    """Return the sentence on a scenario of other schools than the country's."""
    about = described(scenario)
    return not_compared_sentence(about["part"], about["national_means"], about["organisations_drawn"])


def test_what_of_a_small_file_is_still_the_countrys_is_said_with_its_number(write):
    path, organisations = write("schools.csv", grown(0.1)), write("organisations.csv", ORGANISATIONS)
    text = why_not_compared(scenario_with(path))
    assert "10.0% of the country's maths takers" in text
    assert (
        "ministry.national_budget=7.5 ministry.pilot_budget=1.5 ministry.pilot_schools=10 staffing.supply=7.9" in text
    )
    assert "staffing.cap=25 school.reserves_schools=18" in text
    assert "the number of organisations, which are drawn" in text
    assert "which are drawn" not in why_not_compared(scenario_with(path, organisations))


def test_what_was_set_is_not_said_to_be_the_countrys(write):
    set_all = {"ministry.national_budget": 7.5, "ministry.pilot_budget": 1.5, "ministry.pilot_schools": 10}
    set_all |= {"staffing.supply": 6.0, "staffing.cap": 25.0, "school.reserves_schools": 20}
    text = why_not_compared(scenario_with(write("schools.csv", grown(0.1)), **set_all))
    assert "still those of the country" not in text


def test_a_doubling_of_the_published_count_becomes_one_of_the_runs_own_and_another_stays(write):
    small = scenario_with(write("schools.csv", SCHOOLS))
    assert doubling_for(Doubling(), small.national) == Doubling(base="own")
    assert doubling_for(Doubling(base=50), small.national) == Doubling(base=50)
    assert doubling_for(Doubling(), scenario("historical").national) == Doubling()


def test_a_base_of_nobody_is_said_and_ends_no_run():
    frame = pd.DataFrame({"examinees_2012": [0.0], "examinees_2013": [3.0]})
    sentence = doubling_sentence(frame, Doubling(base="own", by=2013))
    assert sentence.startswith(
        "P(twice the run's own count of 2012 by 2013) is not known: 1 runs have no `examinees_2012`"
    )


@pytest.mark.simulates
def test_a_small_school_file_gets_its_part_of_the_plan_of_the_whole_country(write):
    small, country = scenario_with(write("schools.csv", grown(0.1))), scenario("historical")
    budgets = [
        CollaborationModel(one, 1).run_until_month("2009-09").kind("ministry").budget() for one in (small, country)
    ]
    assert small.part < 0.2
    assert budgets[0] == pytest.approx(small.part * budgets[1])
    assert "the money of the plan of 2009-2012 is already in proportion" in why_not_compared(small).lower()
