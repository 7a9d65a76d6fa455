from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.analysis.fit import PATTERNS as COMPARED
from sim.analysis.fit import facts
from sim.configuration import scenario
from sim.dates import september
from sim.declare import Fact
from sim.outcomes import all_outcomes, as_recorded
from sim.outcomes.record import FEWEST, PATTERNS, Record, school_file
from sim.world.facts import data_path, fitted_facts
from sim.world.schools import HAREDI, NON_JEWISH, STATE, STATE_RELIGIOUS
from sim.world.state import NEVER, Entry
from tests.comparing import world_at

TAKERS = [100.0, 50.0, 20.0, 4.0]
BEFORE, AFTER = [20.0, 4.0, 6.0, 4.0], [30.0, 6.0, 0.0, 4.0]
"""Examinees of four schools in 2013 and 2014: the second opens a counted group, the third loses it, the last is unlisted."""


def record(examinees: dict[int, list[float]], takers: list[float] = TAKERS, **more: object) -> Record:
    """Return invented schools, one a quintile and a stream, examined in some years."""
    figures = {
        year: {"takers": np.array(takers), "examinees": np.array(five), **more} for year, five in examinees.items()
    }
    schools = SimpleNamespace(
        quintile=np.array([1, 2, 3, 5]), stream=np.array([STATE, STATE_RELIGIOUS, NON_JEWISH, HAREDI])
    )
    world = SimpleNamespace(schools=schools, month=september(max(examinees) + 1), journal=None)
    return Record(world, figures, {year: school_file(figure) for year, figure in figures.items()})


def figure(name: str, of: Record, year: int = 2014, group: str = "national") -> float:
    return PATTERNS[name](of, year, group)


@pytest.fixture
def two_years() -> Record:
    return record({2013: BEFORE, 2014: AFTER})


def test_national_counts_are_of_all_examinees_and_tracks_of_counted_groups(two_years):
    assert figure("maths5_examinees", two_years) == 40.0
    assert figure("schools_with_track", two_years) == 2.0
    assert figure("group_size_median", two_years) == 18.0


def test_a_group_is_counted_from_five_among_takers_of_five_or_more():
    assert FEWEST == 5
    file = school_file({"takers": [5.0, 5.0, 4.0], "examinees": [5.0, 4.0, 4.0]})
    assert file.five.tolist() == [5.0, 0.0, 0.0]
    assert file.listed.tolist() == [True, True, False]


def test_rates_of_opening_and_closing_are_among_schools_that_could(two_years):
    assert figure("track_opening_rate", two_years) == 1.0, "of one listed school without, one opens"
    assert figure("track_closing_rate", two_years) == 0.5, "of two with, one closes"


def test_shares_are_of_the_takers_of_listed_schools(two_years):
    assert figure("share_5_units", two_years, 2014, "quintile 1") == 0.3
    assert figure("share_5_units", two_years, 2013, "stream non_jewish") == 0.3
    assert math.isnan(figure("share_5_units", two_years, 2014, "stream haredi")), "no listed school has takers there"


def test_the_correlation_is_that_of_the_listed_schools_shares(two_years):
    expected = np.corrcoef([0.2, 0.0, 0.3], [0.3, 0.12, 0.0])[0, 1]
    assert figure("share_correlation", two_years) == pytest.approx(expected)


@pytest.mark.parametrize(("group", "share"), [("1-19 takers", math.nan), ("20-50 takers", 0.5), ("60+ takers", 1.0)])
def test_tracks_by_size_count_the_schools_of_that_size(two_years, group, share):
    assert figure("track_by_size", two_years, 2014, group) == pytest.approx(share, nan_ok=True)


def test_the_gap_does_not_narrow_when_all_rise_and_the_strongest_as_much_as_the_weakest():
    wide = [100.0] * 4
    rise = record({2013: [20.0, 10.0, 10.0, 10.0], 2016: [30.0, 11.0, 11.0, 15.0]}, wide)
    narrower = record({2013: [20.0, 10.0, 10.0, 10.0], 2016: [30.0, 11.0, 11.0, 25.0]}, wide)
    one_falls = record({2013: [20.0, 10.0, 10.0, 10.0], 2016: [30.0, 9.0, 11.0, 15.0]}, wide)
    values = [figure("gap_not_narrowed", of, 2016, "equity") for of in (rise, narrower, one_falls)]
    assert values == [1.0, 0.0, 0.0]


def test_dropout_is_what_starters_lose_net():
    assert figure("dropout_5_units", record({2014: AFTER}, starters=50.0)) == pytest.approx(0.2)


def test_other_sciences_follow_when_both_stand_above_the_year_of_the_turn():
    years = record({2012: BEFORE, 2016: AFTER})
    for year, physics, chemistry in ((2012, 10.0, 10.0), (2016, 12.0, 9.0)):
        years.figures[year] |= {"physics": physics, "chemistry": chemistry}
    assert figure("physics_follows", years, 2016) == 0.0
    years.figures[2016]["chemistry"] = 11.0
    assert figure("physics_follows", years, 2016) == 1.0


def test_partners_are_those_of_the_last_count_in_the_school_year():
    one = record({2013: BEFORE, 2018: AFTER})
    line = None
    for month, members in ((september(2014) - 2, 60), (september(2018) + 9, 97), (september(2019), 120)):
        line = Entry("network", month, {"members": members}, line)
    one.world.journal = line
    assert [figure("partners", one, year, "network") for year in (2013, 2018)] == [60.0, 97.0]


def test_what_never_happens_is_not_a_number():
    one = record({2014: AFTER})
    one.world.ministry = SimpleNamespace(joined=NEVER)
    one.world.initiative = SimpleNamespace(launched=94, passed=(NEVER, NEVER, NEVER))
    assert math.isnan(figure("ministry_joins", one))
    assert math.isnan(figure("common_agenda_months", one))
    one.world.initiative.passed = (98, NEVER, NEVER)
    assert figure("common_agenda_months", one) == 4.0


@pytest.mark.parametrize("name", ["track_opening_rate", "track_closing_rate", "share_correlation"])
def test_the_first_year_has_no_year_before(name, two_years):
    assert math.isnan(figure(name, two_years, 2013))


def test_a_year_that_ends_too_early_is_not_a_number(two_years):
    unfinished = SimpleNamespace(schools=two_years.world.schools, month=september(2015) - 1)
    assert math.isnan(figure("maths5_examinees", Record(unfinished, two_years.figures, two_years.files)))
    assert math.isnan(figure("maths5_examinees", two_years, 2015))


def test_every_pattern_that_is_simulated_can_be_compared():
    assert set(PATTERNS) == {name for name, pattern in COMPARED.items() if not pattern.paired}


@pytest.mark.simulates
def test_every_fitted_fact_of_the_project_is_simulated(run_of):
    world = run_of("historical", 1).world
    values = as_recorded(world)
    targets = pd.read_csv(data_path("targets.csv"))
    assert list(values) == [fact.column for fact in fitted_facts("targets.csv") if fact.pattern in PATTERNS]
    pairs = [name for name in facts(targets)["pattern"] if COMPARED[name].paired]
    assert len(values) + len(pairs) == len(facts(targets)) == (targets["use"] == "fit").sum()
    assert not [name for name, value in values.items() if math.isnan(value)]
    assert values.items() <= all_outcomes(world).items()
    assert values[Fact("maths5_examinees", 2017, "national").column] == all_outcomes(world)["examinees_2017"]


def test_a_run_that_starts_late_or_ends_early_says_what_it_can():
    late = scenario(
        "historical", overrides={"setting.start": "2012-09", "setting.burn_in": 0, "setting.until": "2014-08"}
    )
    values = as_recorded(world_at(late, 1))
    names = {name for name, value in values.items() if not math.isnan(value)}
    assert "track_opening_rate/2014/national" in names
    assert not {name for name in names if name.split("/")[1] in ("2006", "2010", "2012", "2015", "2017")}
