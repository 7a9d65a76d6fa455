"""Years that a table does not know, schools without students and countries without teachers are simulated all the same."""

from __future__ import annotations

import numpy as np
import pytest

from sim import configuration
from sim.dates import month_of
from sim.declare import OUTCOMES
from sim.errors import InputError
from sim.outcomes import all_outcomes
from sim.world.facts import cohort
from sim.world.state import entries
from tests.comparing import world_at
from tests.levers import pulled

pytestmark = pytest.mark.simulates

SHORT = {"setting.until": "2013-08", "setting.burn_in": 1}

COHORTS = {
    "one year": "year,students\n2010,98000\n",
    "years far apart": "year,students\n1950,50000\n2100,150000\n",
    "none of the years simulated": "year,students\n2050,98000\n2060,99000\n",
    "a hole": "year,students\n2006,91500\n2018,117084\n",
}


@pytest.mark.parametrize("text", COHORTS.values(), ids=list(COHORTS))
def test_a_year_without_a_cohort_is_between_its_neighbours_or_as_the_nearest(write, text):
    path = write("cohorts.csv", text)
    years = [float(line.split(",")[0]) for line in text.splitlines()[1:]]
    students = [float(line.split(",")[1]) for line in text.splitlines()[1:]]
    assert cohort(2012, path) == pytest.approx(np.interp(2012, years, students))
    world = world_at(configuration.scenario("historical", overrides=SHORT | {"setting.cohorts": path}), 1)
    lines = list(entries(world, "examination"))
    assert len(lines) == 9
    assert all(line.fields["examinees"].sum() > 0 for line in lines)


@pytest.mark.parametrize("students", ["0", "-5", ""])
def test_a_year_of_nobody_ends_in_one_sentence(write, students):
    path = write("cohorts.csv", f"year,students\n2006,91500\n2010,{students}\n")
    with pytest.raises(InputError) as mistake:
        configuration.scenario("historical", overrides={"setting.cohorts": path})
    assert "cohorts.csv, line 3, column `students`" in str(mistake.value)
    assert "\n" not in str(mistake.value)


@pytest.mark.parametrize(
    "values",
    [
        {"staffing.supply": 0.0, "staffing.supply_per_million": 0.0},
        {"staffing.cap": 0.0},
        {"staffing.hiring": 0.0},
        {"staffing.staffed": 0.1, "staffing.retiring": 0.5, "staffing.cap": 0.0},
    ],
)
def test_without_new_teachers_fewer_and_fewer_are_examined_and_all_figures_are_numbers(values):
    case = {"setting.until": "2020-08"} | values
    world, usual = (
        world_at(configuration.scenario("historical", overrides=more), 1)
        for more in (case, {"setting.until": "2020-08"})
    )
    assert world.schools.teachers.sum() < 0.6 * usual.schools.teachers.sum()
    assert world.published.examinees[-1] < usual.published.examinees[-1]
    figures = all_outcomes(world)
    names = {name for name, value in all_outcomes(usual).items() if name in OUTCOMES and not np.isnan(value)}
    assert not {name for name in names if np.isinf(figures[name])}
    assert not {name for name in names if np.isnan(figures[name])} - {"cost_per_additional"}


def test_a_budget_that_ends_in_the_middle_of_the_programme_is_spent_until_then():
    values = {"setting.until": "2019-08", "ministry.inflation": 0.0}
    scenario = configuration.scenario("historical", overrides=values)
    ended = world_at(pulled(scenario, "ministry.national_budget", 0.0, month_of("2017-09")), 1)
    usual = world_at(scenario, 1)
    assert 0.0 < ended.ledger.offered.sum() < usual.ledger.offered.sum()
    assert ended.schools.delivered_policy.sum() == 0.0
    assert ended.schools.policy_support.sum() > 0.0
    assert ended.published.examinees[-1] <= usual.published.examinees[-1]
