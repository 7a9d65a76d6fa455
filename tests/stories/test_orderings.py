"""Orderings of scenarios over forty pairs of runs with common random numbers, with the least difference."""

from __future__ import annotations

import numpy as np
import pytest

from sim.configuration import scenario
from sim.dates import month_of
from tests.comparing import world_at
from tests.stories.certainty import at_least, at_most

pytestmark = [pytest.mark.simulates, pytest.mark.slow]


def test_the_case_beats_no_initiative_in_every_pair(table, gain):
    more = gain("historical", "no_initiative", "examinees_2020")
    assert (more > 0).all()
    assert at_least(more) > 0.25 * table.loc["no_initiative", "examinees_2020"].mean()


def test_the_backbone_counts_when_the_ministry_is_free(table, gain):
    more = gain("historical_emergent", "no_backbone", "examinees_2020")
    assert at_least(more) > 0.1 * table.loc["no_backbone", "examinees_2020"].mean()
    assert at_least(gain("historical_emergent", "no_backbone", "stage_reached")) > 1.0
    assert at_least(gain("historical_emergent", "no_backbone", "trust_across")) > 0.02


@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        ("no_backbone", "weak_backbone"),
        ("weak_backbone", "historical_emergent"),
        ("historical_emergent", "strong_backbone"),
    ],
)
def test_more_facilitation_means_more_of_everything_it_works_on(gain, weaker, stronger):
    assert at_least(gain(stronger, weaker, "transparency")) > 0.005
    assert at_least(gain(stronger, weaker, "trust_across")) > 0.001
    assert at_least(gain(stronger, weaker, "stage_reached")) > -0.2
    assert gain(stronger, weaker, "examinees_2020").mean() > 0


def test_a_late_policy_is_later_than_an_early_one(gain):
    assert at_least(gain("policy_late", "policy_early", "month_joined")) > 0.0
    assert at_least(gain("policy_early", "policy_late", "examinees_2017")) > 0.0


@pytest.mark.parametrize("date", ["2014-08", "2015-08"])
@pytest.mark.parametrize("stage", ["month_joined", "month_pilot", "month_national"])
def test_by_any_date_the_early_ministry_is_as_far_as_the_late_one(table, stage, date):
    reached = {name: (table.loc[name, stage] <= month_of(date)).mean() for name in ("policy_early", "policy_late")}
    assert reached["policy_early"] >= reached["policy_late"]


def test_before_the_late_windows_a_late_policy_is_no_policy(table):
    late = table.loc["policy_late", "month_joined"].dropna()
    assert (late >= month_of("2015-11")).mean() > 0.7


def test_going_first_where_need_is_narrows_the_gap(gain):
    assert at_least(gain("historical_emergent", "periphery_first", "gap_quintiles_2020")) > 0.02
    assert at_least(gain("historical_emergent", "periphery_first", "gap_periphery_2020")) > 0.0


def test_going_first_where_need_is_costs_examinees_in_total(gain):
    assert at_least(gain("historical_emergent", "periphery_first", "examinees_2020")) > 0.0


def test_what_a_backbone_costs_does_less_in_schools_than_a_backbone(gain):
    placebo = gain("placebo_backbone", "no_backbone", "examinees_2020")
    backbone = gain("historical_emergent", "no_backbone", "examinees_2020")
    assert at_least(placebo) > 0.0
    assert at_least(0.2 * backbone - placebo) > 0.0


def test_a_placebo_moves_no_minister(gain):
    assert (gain("placebo_backbone", "no_backbone", "stage_reached") == 0.0).all()
    assert (gain("placebo_backbone", "no_backbone", "month_joined") == 0.0).all()


def test_a_placebo_delivers_what_the_backbone_would_have_cost(table, gain):
    months = month_of("2019-09") - month_of("2013-07")
    cost = 0.8 * 6.0 * 0.35 * months / 12.0
    more = gain("placebo_backbone", "no_backbone", "offered")
    whole = 0.8 * 6.0 * 0.35 * (month_of("2020-09") - month_of("2013-07")) / 12.0
    assert more.median() == pytest.approx(whole, abs=0.2)
    assert more.to_numpy() == pytest.approx(whole, abs=1.0)  # of other partners some more renew, or fewer
    assert at_least(gain("placebo_backbone", "no_backbone", "delivered")) > 0.5 * cost


def test_a_programme_that_ends_leaves_what_was_before_and_costs_what_comes_after(gain):
    for year in range(2006, 2017):
        assert (gain("historical_emergent", "programme_ends_2017", f"examinees_{year}") == 0.0).all()
    assert at_least(gain("historical_emergent", "programme_ends_2017", "examinees_2020")) > 500.0
    assert at_most(gain("programme_ends_2017", "historical_emergent", "stage_reached")) < -1.0


def test_a_programme_that_ends_is_missed_more_every_year(gain):
    lost = [
        gain("historical_emergent", "programme_ends_2017", f"examinees_{year}").mean() for year in (2018, 2019, 2020)
    ]
    assert 0.0 < lost[0] < lost[1] < lost[2]


def test_where_mathematics_never_comes_first_physics_weighs_more():
    for seed in range(1, 9):
        many, one = (
            world_at(scenario(name), seed).initiative.agenda for name in ("many_subjects", "historical_emergent")
        )
        assert many[1] > 1.1 * one[1]
        assert many[0] < 0.9 * one[0]


def test_where_mathematics_never_comes_first_it_gains_less(gain):
    gains = gain("historical_emergent", "many_subjects", "examinees_2020")
    assert (gains > 0.0).mean() > 0.8, "in a few runs the ministry happens to come earlier without it"


def test_each_of_network_and_policy_raises_and_both_raise_more(gain):
    for part in ("policy_only", "network_only"):
        assert at_least(gain(part, "no_initiative", "examinees_2020")) > 0.0
        assert at_least(gain("historical", part, "examinees_2020")) > 0.0


def test_without_initiative_nothing_is_known_of_a_network(table):
    assert table.loc["no_initiative", "trust_ministry_end"].isna().all()
    assert (table.loc["no_initiative", "members"] == 0).all()
    assert np.allclose(table.loc["no_initiative", "consensus"], 0.0)
