"""Policies include others: what happened anyway is in every arm, and events that several count are counted on."""

from __future__ import annotations

from itertools import pairwise

import pytest

from sim import configuration
from sim.configuration import policy_changes, scenarios
from sim.dates import month_of
from sim.errors import InputError
from sim.policy import Change, counted_together
from tests.levers import in_force
from tests.offenders import each_of

HISTORY = policy_changes("history")
ELSEWHERE = ("ireland", "us_region")
COUNTRY = [name for name in scenarios() if name not in ELSEWHERE]


@each_of("name", COUNTRY)
def test_what_happened_anyway_is_in_every_scenario_of_the_country(name):
    scenario = configuration.scenario(name)
    for change in HISTORY:
        if change.key != "ministry.leadership":
            assert in_force(scenario, change.key, change.month) == change.value, change
    assert in_force(scenario, "ministry.plan_budget", month_of("2008-08")) == 0.0


def leaders(scenario) -> list[tuple[int, int]]:
    return [(one.month, one.value) for one in scenario.policy.changes if one.key == "ministry.leadership"]


@each_of("name", COUNTRY)
@each_of("timing", [0, 30])
def test_changes_of_leaders_are_counted_one_by_one_whoever_names_them(name, timing):
    changes = leaders(configuration.scenario(name, timing))
    assert [value for _, value in changes] == list(range(1, len(changes) + 1))
    assert all(one <= other for (one, _), (other, _) in pairwise(changes))
    own = {change.month for change in HISTORY if change.key == "ministry.leadership"}
    assert own <= {month for month, _ in changes}


def test_a_policy_that_includes_another_has_all_its_events_and_its_own():
    both, part = (
        leaders(configuration.scenario("historical")),
        [c.month for c in HISTORY if c.key == "ministry.leadership"],
    )
    assert len(part) == 6
    assert len(both) > len(part)


def test_one_more_departure_counts_one_more_from_its_month_on():
    usual, ended = configuration.scenario("historical"), configuration.scenario("programme_ends_2017")
    for date, more in (("2017-04", 0), ("2017-05", 1), ("2017-10", 1), ("2020-06", 1), ("2022-12", 1)):
        month = month_of(date)
        before, after = (in_force(scenario, "ministry.leadership", month) for scenario in (usual, ended))
        assert after == before + more, date


def test_the_order_of_policies_does_not_matter_where_they_count_the_same_events():
    parts = [policy_changes(name) for name in ("history", "minister_leaves_2017")]
    assert counted_together(parts) == counted_together(parts[::-1])


KEY = "ministry.leadership"


@each_of(
    ("policies", "counts"),
    [
        ([], []),
        ([[]], []),
        ([[Change(5, KEY, 1), Change(9, KEY, 2)]], [(5, 1), (9, 2)]),
        ([[Change(5, KEY, 1)], [Change(5, KEY, 1)]], [(5, 2)]),
        ([[Change(5, KEY, 1), Change(9, KEY, 3)], [Change(7, KEY, 1)]], [(5, 1), (7, 2), (9, 4)]),
        ([[Change(5, KEY, 1)], [Change(3, KEY, 1)], [Change(4, KEY, 2)]], [(3, 1), (4, 3), (5, 4)]),
    ],
)
def test_counts_of_several_policies_add_up(policies, counts):
    together = counted_together(policies)
    last = {change.month: change.value for change in together.changes if change.key == KEY}
    assert sorted(last.items()) == counts


def written(tmp_path, **texts: str):
    for name, text in texts.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    return str(tmp_path / f"{next(iter(texts))}.yaml")


@each_of(
    ("includes", "sentence"),
    [
        ("history", "`includes` must be a list of names of policies; got 'history'"),
        ("[1]", "`includes` must be a list of names of policies; got"),
        ("{history: 1}", "`includes` must be a list of names of policies; got"),
        ("[histoory]", "unknown policy `histoory`; did you mean `history`?"),
        ("[initiative_5x2]", "the included policy `initiative_5x2` includes others itself"),
    ],
)
def test_a_wrong_inclusion_ends_in_one_sentence(tmp_path, includes, sentence):
    path = written(tmp_path, mine=f"about: mine\nsource: assumed\nincludes: {includes}\n")
    with pytest.raises(InputError) as mistake:
        policy_changes(path)
    assert sentence in str(mistake.value)
    assert "\n" not in str(mistake.value)


def test_a_policy_of_ones_own_may_include_the_history(tmp_path):
    text = "about: mine\nsource: assumed\nincludes: [history]\ndated:\n  2016-03: {package.bonus: 0.4}\n"
    changes = policy_changes(written(tmp_path, mine=text))
    assert set(HISTORY) < set(changes)
    assert len(changes) == len(HISTORY) + 1


@pytest.mark.parametrize(
    "policies", ["[history, initiative_5x2]", "[initiative_5x2, history]", "[plan_2009, initiative_5x2]"]
)
def test_what_several_policies_include_happens_once(tmp_path, policies):
    path = written(tmp_path, mine=f"about: the same events, named twice\npolicies: {policies}\n")
    assert configuration.scenario(path).policy == configuration.scenario("historical_emergent").policy


def test_a_policy_that_includes_the_history_does_not_double_it_when_laid_over_another(tmp_path):
    text = "about: mine\nsource: assumed\nincludes: [history]\ndated:\n  2016-03: {package.bonus: 0.4}\n"
    own = written(tmp_path, own=text)
    path = written(tmp_path, arm=f"about: with more bonus\npolicies: [initiative_5x2, {own}]\n")
    assert leaders(configuration.scenario(f"historical+{path}")) == leaders(configuration.scenario("historical"))
