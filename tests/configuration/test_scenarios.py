"""Scenarios and policies from configurations: all load, timing moves windows only, mistakes are one sentence."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim import configuration
from sim.configuration import arm_over, configs, policy_changes, scenario_of, scenarios
from sim.dates import month_of, months
from sim.errors import InputError
from sim.model import CollaborationModel
from sim.parameters import Parameters, declared_parameters, dotted_values, empty_schema
from sim.policy import Change, Policy, Scenario, Schedule, ordered_stages, without_contradiction
from sim.world.organisations import KINDS
from tests.offenders import each_of

NAMED = {
    "historical",
    "historical_emergent",
    "no_initiative",
    "no_backbone",
    "weak_backbone",
    "strong_backbone",
    "placebo_backbone",
    "policy_only",
    "network_only",
    "ministry_never_joins",
    "policy_early",
    "policy_late",
    "money_only",
    "governance_shared",
    "governance_lead_ministry",
    "governance_lead_foundation",
    "no_business",
    "no_foundation",
    "no_shared_measurement",
    "many_subjects",
    "periphery_first",
    "programme_ends_2017",
    "us_region",
    "ireland",
}

Write = Callable[[str], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a configuration of one's own; its path."""

    def write(text: str, name: str = "mine.yaml") -> str:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


def dated(scenario: Scenario) -> set[tuple[int, str, Any]]:
    return {(change.month, change.key, change.value) for change in scenario.policy.changes}


# What comes with the project


def test_every_scenario_of_the_specification_is_there() -> None:
    assert NAMED - set(scenarios()) == set()


@each_of("name", scenarios())
def test_every_scenario_loads_and_may_be_scheduled(name: str) -> None:
    scenario = configuration.scenario(name)
    assert scenario.name == name
    assert scenario.first_month < scenario.last_month
    assert isinstance(scenario.schedule().at(scenario.last_month), Parameters)


@each_of("path", sorted((configs() / "scenario").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_scenario_says_what_it_is(path: Path) -> None:
    assert re.match(r"^about: \S+ \S+", path.read_text(encoding="utf-8"))


@each_of("path", sorted((configs() / "policy").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_policy_loads_says_what_it_is_and_on_whose_word(path: Path) -> None:
    assert policy_changes(path.stem)
    assert re.match(r"^about: \S+ \S+.*\nsource: \w+\n", path.read_text(encoding="utf-8"))


@pytest.mark.simulates
def test_no_two_scenarios_are_the_same() -> None:
    seen: dict[Any, str] = {}
    for name in scenarios():
        scenario = configuration.scenario(name)
        key = (scenario.parameters, scenario.policy)
        assert key not in seen, f"{name} is {seen.get(key)}"
        seen[key] = name


def test_the_schema_of_the_command_line_has_every_parameter_and_no_value() -> None:
    def names(nested: dict[str, Any], prefix: str = "") -> list[str]:
        inner = [names(v, f"{prefix}{k}.") if isinstance(v, dict) else [f"{prefix}{k}"] for k, v in nested.items()]
        return [name for part in inner for name in part]

    assert set(names(empty_schema())) == set(declared_parameters())
    assert list(dotted_values(empty_schema())) == []
    assert list(dotted_values({"a": {"b": 1, "c": None}, "d": False})) == [("a.b", 1), ("d", False)]


# Timing

LATER_LEADERS = ["2017-09", "2019-06", "2020-05", "2020-09", "2021-06", "2022-12"]
"""When leaders of the ministry changed after the programme, whatever the initiative did."""


def test_the_recorded_dates_are_those_of_the_case() -> None:
    scenario = configuration.scenario("historical")
    stages = {(change.month, change.value) for change in scenario.policy.changes if change.key == "ministry.ordered"}
    assert stages == {(month_of("2014-05"), 2), (month_of("2015-05"), 3)}
    leaders = {
        (change.month, change.value) for change in scenario.policy.changes if change.key == "ministry.leadership"
    }
    assert leaders == {(month_of(date), count) for count, date in enumerate(["2013-11", "2015-05", *LATER_LEADERS], 1)}
    assert scenario.schedule().at(month_of("2013-06")).network.launched is False
    assert scenario.schedule().at(month_of("2013-07")).network.launched is True


@each_of("timing", [-24, -18, 0, 7, 36])
@each_of("name", ["historical", "historical_emergent", "policy_only"])
def test_timing_moves_windows_and_stages_and_nothing_else(name: str, timing: int) -> None:
    scenario, moved = configuration.scenario(name), configuration.scenario(name, timing)
    assert any(change.window for change in scenario.policy.changes)
    assert any(not change.window for change in scenario.policy.changes)
    expected = [
        Change(change.month + timing * change.window, change.key, change.value, change.window)
        for change in scenario.policy.changes
    ]
    assert sorted(map(but_for_counts, moved.policy.changes)) == sorted(map(but_for_counts, expected))
    leaders = [change.value for change in moved.policy.changes if change.key == "ministry.leadership"]
    assert leaders == list(range(1, len(leaders) + 1))
    assert moved.parameters == scenario.parameters


def but_for_counts(change: Change) -> str:
    """A change in words; what changes of leaders count is left out, since they are counted as they come."""
    return repr(replace(change, value=0) if change.key == "ministry.leadership" else change)


@pytest.mark.parametrize(("name", "timing"), [("policy_early", -18), ("policy_late", 24)])
def test_policy_early_and_late_are_the_case_shifted(name: str, timing: int) -> None:
    assert dated(configuration.scenario(name)) == dated(configuration.scenario("historical_emergent", timing))
    assert dated(configuration.scenario(name, 0)) == dated(configuration.scenario("historical_emergent"))


@pytest.mark.parametrize("timing", [6, "6", "+6"])
def test_a_timing_may_be_written_as_text(timing: Any) -> None:
    assert months(timing) == 6


def test_never_means_that_the_ministry_never_comes_and_moves_no_date() -> None:
    never = configuration.scenario("historical_emergent", "never")
    assert never.parameters.ministry.mode == "never"
    assert (
        never.parameters
        == configuration.scenario("historical_emergent", overrides={"ministry.mode": "never"}).parameters
    )
    assert dated(never) == dated(configuration.scenario("historical_emergent"))


def test_what_is_set_goes_before_what_the_scenario_says() -> None:
    assert configuration.scenario("weak_backbone").parameters.backbone.facilitation == 0.2
    assert (
        configuration.scenario(
            "weak_backbone", overrides={"backbone.facilitation": 0.7}
        ).parameters.backbone.facilitation
        == 0.7
    )


# Policies and schedules


def test_a_schedule_changes_in_the_month_and_lasts() -> None:
    policy = Policy.of([Change(20, "backbone.facilitation", 0.1), Change(10, "backbone.facilitation", 0.9)])
    schedule = Schedule.of(Parameters(), policy)
    default = Parameters().backbone.facilitation
    levels = [schedule.at(month).backbone.facilitation for month in (-50, 9, 10, 19, 20, 500)]
    assert levels == [default, default, 0.9, 0.9, 0.1, 0.1]


def test_the_later_of_two_policies_of_a_month_does_not_lose_the_other() -> None:
    policy = Policy.of([Change(10, "backbone.facilitation", 0.9), Change(10, "network.launched", True)])
    parameters = Schedule.of(Parameters(), policy).at(10)
    assert (parameters.backbone.facilitation, parameters.network.launched) == (0.9, True)


def test_a_policy_may_lose_and_gain_changes() -> None:
    policy = configuration.scenario("historical").policy
    assert not [c for c in policy.without("ministry.ordered").changes if c.key == "ministry.ordered"]
    more = policy.also([Change(200, "ministry.ends", True)])
    assert set(more.changes) == {*policy.changes, Change(200, "ministry.ends", True)}


def test_stages_in_one_month_are_the_last_of_them() -> None:
    assert [(c.month, c.value) for c in ordered_stages(104, 104, 116)] == [(104, 2), (116, 3)]
    assert [(c.month, c.value) for c in ordered_stages(104, None, None)] == [(104, 1)]
    assert ordered_stages(None, None, None) == []


def test_held_dates_replace_the_ministrys_own() -> None:
    path = {(100, 1), (110, 2), (130, 0)}
    held = configuration.scenario("historical").held(sorted(path))
    assert held.parameters.ministry.mode == "scheduled"
    assert {(month, value) for month, key, value in dated(held) if key == "ministry.ordered"} == path
    others = {change for change in dated(configuration.scenario("historical")) if change[1] != "ministry.ordered"}
    assert {change for change in dated(held) if change[1] != "ministry.ordered"} == others


def test_a_scenario_of_ones_own_is_read_from_its_file(write: Write) -> None:
    scenario = configuration.scenario(
        write("about: Mine\npolicies: [initiative_5x2]\ntiming: 12\nset: {backbone.facilitation: 0.3}\n")
    )
    assert scenario.name == "mine"
    assert scenario.parameters.backbone.facilitation == 0.3
    assert dated(scenario) == dated(configuration.scenario("historical_emergent", 12))


# Mistakes


def mistake(case: Callable[[], Any]) -> str:
    with pytest.raises(InputError) as caught:
        case()
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("historcal", "unknown scenario `historcal`; did you mean `historical`?"),
        ("xyzzy", "unknown scenario `xyzzy`; there are governance_lead_foundation, "),
        ("", "unknown scenario ``; there are governance_lead_foundation, "),
    ],
)
def test_an_unknown_scenario_is_refused_with_the_nearest(name: str, sentence: str) -> None:
    assert mistake(lambda: configuration.scenario(name)).startswith(sentence)


@each_of("timing", ["soon", 1.5, 3.0, True, "Never", "", [1], "1e3"])
def test_a_timing_is_a_whole_number_of_months_or_never(timing: Any) -> None:
    message = mistake(lambda: configuration.scenario("historical", timing))
    assert message == f"`timing` must be a whole number of months or never; got {timing!r}"


@each_of(
    ("text", "sentence"),
    [
        ("sett: {}\n", "unknown key `sett` in mine.yaml; did you mean `set`?"),
        ("- one\n- two\n", "mine.yaml holds no keys"),
        ("about: [\n", "mine.yaml cannot be read as YAML: while parsing a flow node"),
        ("about: x\nabout: y\n", "mine.yaml, line 2: the key 'about' is already in line 1; keep one"),
        ("set: ${x}\n", "mine.yaml, line 1: '${x}' refers to another value; write the value itself"),
        (b"about: \xff\xfe\n", "mine.yaml, line 1: the text is not UTF-8; save the file in the encoding UTF-8"),
        ("policies: [stags]\n", "unknown policy `stags`; did you mean `stages`?"),
        (
            "set: {backbone.faciltation: 1}\n",
            "mine.yaml: unknown key `backbone.faciltation`; did you mean `backbone.facilitation`?",
        ),
        ("set: {backbone.facilitation: much}\n", "mine.yaml: `backbone.facilitation` must be a number; got 'much'"),
        ("set: {backbone.facilitation: null}\n", "mine.yaml: `backbone.facilitation` must be a number; got None"),
        ("timing: soon\n", "mine.yaml: `timing` must be a whole number of months or never; got 'soon'"),
        ("set: {setting.until: 2004-01}\n", "the run would end (2004-01) before it begins (2005-09)"),
        (
            "set: {setting.start: soon}\n",
            "mine.yaml: `setting.start`: a date must be written YYYY-MM, for example 2014-05; ",
        ),
        ("", "mine.yaml holds no keys"),
        ("5\n", "mine.yaml cannot be read as YAML: "),
        (
            "set: {a: [}\n",
            "mine.yaml cannot be read as YAML: while parsing a flow node: expected the node content, but found '}', line 1",
        ),
        ("set: {backbone: {facilitation: 1}}\n", "mine.yaml: unknown key `backbone`"),
        ("set: {1: 2}\n", "mine.yaml: a key must be text, for example `backbone.facilitation`; got 1"),
        ("set: 0\n", "scenario `"),
        ("policies: [[case]]\n", "unknown policy `"),
        ("policies: [initiative_5x2, initiative_5x2]\n", "scenario `"),
        ("timing: --3\n", "mine.yaml: `timing` must be a whole number of months or never; got '--3'"),
        ("timing: -+3\n", "mine.yaml: `timing` must be a whole number of months or never; got '-+3'"),
        ("timing: [1]\n", "mine.yaml: `timing` must be a whole number of months or never; got [1]"),
        ("timing: 1201\n", "mine.yaml: `timing` must lie between -1200 and 1200 months; got 1201"),
    ],
)
def test_a_wrong_scenario_is_refused_in_one_sentence(write: Write, text: Any, sentence: str) -> None:
    assert mistake(lambda: configuration.scenario(write(text))).startswith(sentence)


@each_of(
    ("text", "sentence"),
    [
        (
            "stages: {joins: 2015-05, pilot: 2014-05, national: 2016-05}\n",
            "mine.yaml: the ministry must join, pilot and go national in this order; got 2015-05, 2014-05, 2016-05",
        ),
        ("stages: {joins: 2014-05}\n", "policy `.*mine.yaml`: a date must be written YYYY-MM, for example 2014-05"),
        ("dated: {2013-13: {calendar.crisis: 1}}\n", "policy `.*`: a date must be written YYYY-MM, .*; got '2013-13'"),
        (
            "dated: {May 2013: {calendar.crisis: 1}}\n",
            "policy `.*`: a date must be written YYYY-MM, .*; got 'May 2013'",
        ),
        (
            "dated: {2013-01: {trust.gain: 0.1}}\n",
            "mine.yaml: `trust.gain` is not a lever, so a policy cannot change it in 2013-01",
        ),
        (
            "dated: {2013-01: {calendar.crisi: 1}}\n",
            "mine.yaml: unknown key `calendar.crisi`; did you mean `calendar.crisis`\\?",
        ),
        (
            "dated: {2013-01: {calendar.crisis: many}}\n",
            "mine.yaml: `calendar.crisis` must be a whole number; got 'many'",
        ),
        (
            "windows: {2013-01: {calendar.crisis: 101}}\n",
            "mine.yaml: `calendar.crisis` must lie between 0 and 100 .count.; got 101",
        ),
        ("date: {}\n", "unknown key `date` in mine.yaml; did you mean `dated`\\?"),
        ("dated: {\n", "mine.yaml cannot be read as YAML: "),
        ("dated: {2013-05: {}, 2013-05: {}}\n", "mine.yaml, line 1: the key '2013-05' is already in line 1; keep one"),
    ],
)
def test_a_wrong_policy_is_refused_in_one_sentence(write: Write, text: str, sentence: str) -> None:
    assert re.match(sentence, mistake(lambda: policy_changes(write(text))))


@each_of(
    ("text", "sentence"),
    [
        ("dated: {2013-01: 5}\n", "2013-01: there must be keys and values; got 5"),
        ("dated: {2013-01: null}\n", "2013-01 has no changes; name levers with their values"),
        ("dated: [2013-01]\n", "`dated`: there must be keys and values; got ['2013-01']"),
        ("windows: x\n", "`windows`: there must be keys and values; got 'x'"),
        ("windows: 0\n", "`windows`: there must be keys and values; got 0"),
        ("stages: 2014\n", "`stages`: there must be keys and values; got 2014"),
        ("dated: {2013-01: {calendar.crisis: [1]}}\n", "`calendar.crisis` must be a whole number; got [1]"),
        (
            "stages: {joins: 2014-05, pilot: 2014-05, national: 2015-05, pilots: 2017-01}\n",
            "unknown stage `pilots`; did you mean `pilot`?",
        ),
    ],
)
def test_a_policy_of_the_wrong_shape_is_refused_too(write: Write, text: str, sentence: str) -> None:
    assert mistake(lambda: policy_changes(write(text))).endswith(sentence)


def test_a_file_that_has_changed_is_read_again(write: Write) -> None:
    name = write("dated: {2013-01: {calendar.crisis: 1}}\n")
    assert [change.value for change in policy_changes(name)] == [1]
    os.utime(write("dated: {2013-01: {calendar.crisis: 2}}\n"), ns=(0, 0))
    assert [change.value for change in policy_changes(name)] == [2]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            [Change(5, "ministry.leadership", 2), Change(9, "ministry.leadership", 1)],
            "`ministry.leadership` counts events so far, so it cannot be 1 in 2006-06 after 2 in 2006-02",
        ),
        (
            [Change(5, "calendar.crisis", 1), Change(9, "calendar.crisis", 1)],
            "`calendar.crisis` counts events so far, so it cannot be 1 in 2006-06 after 1 in 2006-02",
        ),
        (
            [Change(5, "ministry.ends", True), Change(5, "ministry.ends", False)],
            "`ministry.ends` is changed twice in 2006-02, to True and to False",
        ),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused(changes: list[Change], sentence: str) -> None:
    assert mistake(lambda: without_contradiction(Policy.of(changes))) == sentence


@each_of("month", ["2013-01", 1.5, None, True, 10**9])
def test_a_change_is_dated_by_a_month(month: Any) -> None:
    assert mistake(lambda: Policy.of([Change(month, "calendar.crisis", 1)])).startswith(
        "the month of a change to `calendar.crisis` must be "
    )


def test_a_date_in_place_of_a_month_is_told_how_to_become_one() -> None:
    message = mistake(lambda: Policy.of([Change("2013-01", "calendar.crisis", 1)]))  # type: ignore[arg-type]
    assert message.endswith("got '2013-01': `sim.dates.month_of` makes one of a date")


@pytest.mark.parametrize("key", ["calendar.crisi", 5, None, [1]])
def test_a_change_is_of_a_known_lever(key: Any) -> None:
    assert re.match("unknown key|a key must be text", mistake(lambda: Policy.of([Change(5, key, 1)])))


@pytest.mark.parametrize("text", ["policies: case\n", "policies: {case: 1}\n", "set: [1]\n", "set: much\n"])
def test_policies_are_a_list_and_what_is_set_has_keys(write: Write, text: str) -> None:
    assert mistake(lambda: configuration.scenario(write(text))).endswith(
        "`set` must hold keys and values, and `policies` a list of names"
    )


def test_a_run_starts_in_a_september() -> None:
    message = mistake(lambda: configuration.scenario("historical", overrides={"setting.start": "2005-10"}))
    assert message == "`setting.start` must be a September; got 2005-10"


@each_of(
    ("values", "sentence"),
    [
        ({"setting.start": "2005-10"}, "`setting.start` must be a September; got 2005-10"),
        ({"setting.until": "2005-08"}, "the run would end (2005-08) before it begins (2005-09)"),
        ({"setting.until": "2014-05\n"}, "`setting.until`: a date must be written YYYY-MM"),
        ({"setting.until": "\u0662\u0660\u0661\u0664-05"}, "`setting.until`: a date must be written YYYY-MM"),
        ({"setting.until": "0205-08"}, "`setting.until`: a date must lie between 1900-01 and 2199-12; got 0205-08"),
        ({"deliberation.periphery_from": "soon"}, "`deliberation.periphery_from`: a date must be written YYYY-MM"),
        ({"kinds.ministry.number": 2}, "`kinds.ministry.number` must be at most 1; got 2"),
        ({"kinds.backbone.number": 2}, "`kinds.backbone.number` must be at most 1; got 2"),
        ({f"kinds.{kind}.number": 0 for kind in KINDS}, "there is no organisation, since every `number`"),
        ({"setting.schools": "nowhere.csv"}, "there is no file nowhere.csv"),
        ({"setting.schools": "x" * 5000 + ".csv"}, "there is no file x"),
        ({"setting.schools": "a\0b.csv"}, "the path of a file must be text; got"),
        ({"setting.population": ""}, "there is no table among"),
        ({"setting.population": "x" * 5000}, "there is no table xxx"),
        ({"setting.cohorts": "school_population_2013.csv"}, "school_population_2013.csv, line 1: there are no columns"),
    ],
)
def test_a_scenario_is_changed_with_the_same_care_as_it_is_made(values: dict[str, Any], sentence: str) -> None:
    assert mistake(lambda: configuration.scenario("historical").with_(values)).startswith(sentence)
    assert mistake(lambda: configuration.scenario("historical", overrides=values)).startswith(sentence)


def test_a_lever_that_the_policy_changes_later_is_not_set_in_vain() -> None:
    sentence = (
        "`ministry.plan_budget` set to 2 would not last: the policy of `historical` changes it to 205.0 in 2008-09, "
        "to 0.0 in 2012-09; copy the policy that does so (configs/policy), change it there, and name the copy in a scenario "
        "file of yours"
    )
    assert mistake(lambda: configuration.scenario("historical", overrides={"ministry.plan_budget": 2})) == sentence
    assert mistake(lambda: scenario_of(configuration.scenario("historical"), {"ministry.plan_budget": 2})) == sentence
    assert configuration.scenario("historical", overrides={"package.optional": True}).parameters["package.optional"]


@each_of("name", [None, 5, "x" * 5000, "../policy/stages", "a\nb", "\0", "nowhere.yaml", ["historical"]])
def test_what_names_no_scenario_is_refused(name: Any) -> None:
    assert re.match(
        r"unknown scenario `|the file 'nowhere.yaml' for a scenario does not exist",
        mistake(lambda: configuration.scenario(name)),
    )


@each_of("values", [5, "x", [("backbone.facilitation", 1)], {5: 1}, {None: 1}, {(1,): 1}])
def test_what_is_set_are_keys_and_values(values: Any) -> None:
    assert re.match(
        "`overrides` must hold keys and values|a key must be text",
        mistake(lambda: configuration.scenario("historical", overrides=values)),
    )


@pytest.mark.parametrize("key", ["setting.population", "setting.cohorts"])
def test_a_table_that_is_not_there_is_refused_before_the_run(key: str) -> None:
    message = mistake(lambda: configuration.scenario("historical", overrides={key: "no_such_table.csv"}))
    assert message == (
        "there is no table no_such_table.csv among the data of the project; give a path, or the name of a file in "
        "`configs/data`"
    )


@each_of("timing", [-36, 0, 12, 24, 30, 36, 60])
def test_every_change_of_leaders_counts_as_one_wherever_timing_puts_it(timing: int) -> None:
    changes = configuration.scenario("programme_ends_2017", timing).policy.changes
    leaders = [change for change in changes if change.key == "ministry.leadership"]
    assert [change.value for change in leaders] == list(range(1, 4 + len(LATER_LEADERS)))
    moved = [month_of("2013-11") + timing, month_of("2015-05") + timing]
    wanted = sorted([*map(month_of, ["2017-05", *LATER_LEADERS]), *moved])
    assert [change.month for change in leaders] == wanted


@pytest.mark.simulates
@pytest.mark.parametrize("timing", [0, 36])
def test_every_change_of_leaders_opens_a_window(timing: int) -> None:
    scenario = configuration.scenario("programme_ends_2017", timing)
    model = CollaborationModel(scenario, 1)
    leaders = [change for change in scenario.policy.changes if change.key == "ministry.leadership"]
    seen = [change for change in leaders if change.month <= scenario.last_month]
    assert len(seen) == 6
    for change in seen:
        opened = model.run_until_month(change.month + 1).world.ministry.window_until
        assert opened == change.month + round(scenario.parameters.ministry.window)


def test_dates_out_of_order_are_refused() -> None:
    message = mistake(lambda: ordered_stages(month_of("2015-05"), month_of("2014-05"), None))
    assert message.startswith("the ministry must join, pilot and go national in this order; got 2015-05, 2014-05")
    assert mistake(lambda: configuration.scenario("historical", overrides={"setting.start": "2030-09"})).startswith(
        "the run would end"
    )


# One laid over another

EVENTS = "dated: {2012-03: {network.launched: true}}\nwindows: {2014-02: {ministry.leadership: 1}}\n"
"""A policy of a user's own."""


def test_what_is_laid_over_a_scenario_leaves_its_place_and_its_dates() -> None:
    region, arm = configuration.scenario("us_region"), configuration.scenario("us_region+no_backbone+weak_backbone")
    differ = {name for name in declared_parameters() if region.parameters[name] != arm.parameters[name]}
    alone = configuration.scenario("no_backbone").parameters
    assert differ == {name for name in declared_parameters() if alone[name] != Parameters()[name]} | {
        "backbone.facilitation"
    }
    assert (arm.name, arm.policy, arm.timing) == ("us_region+no_backbone+weak_backbone", region.policy, 0)
    assert {"backbone.present", "backbone.facilitation", "setting.population"} <= arm.explicit


def test_its_timing_moves_the_windows_that_are_there_unless_another_is_given() -> None:
    region = configuration.scenario("us_region")
    late = configuration.scenario("us_region+policy_late")
    assert (late.policy, late.timing) == (region.policy.shifted(24), 24)
    assert configuration.scenario("us_region+policy_late+policy_early").timing == 24 - 18
    assert configuration.scenario("us_region+policy_late", timing=3).policy == region.policy.shifted(3)


def test_what_is_set_by_the_caller_lies_on_top() -> None:
    assert (
        configuration.scenario(
            "us_region+weak_backbone", overrides={"backbone.facilitation": 0.6}
        ).parameters.backbone.facilitation
        == 0.6
    )


@pytest.mark.parametrize(
    "made",
    [
        lambda arm: arm_over(configuration.scenario("us_region"), arm),
        lambda arm: configuration.scenario(f"us_region{arm}"),
    ],
)
def test_policies_of_ones_own_come_in_place_of_the_baselines_or_beside_them(
    tmp_path: Path, made: Callable[[str], Scenario]
) -> None:
    (tmp_path / "dates.yaml").write_text(EVENTS)
    region, own = configuration.scenario("us_region").policy, policy_changes(str(tmp_path / "dates.yaml"))
    (tmp_path / "instead.yaml").write_text(f"policies: [{tmp_path / 'dates.yaml'}]\ntiming: 5\n")
    assert made(f"+{tmp_path / 'instead.yaml'}").policy == Policy.of(own).shifted(5)
    (tmp_path / "more.yaml").write_text("dated: {2016-01: {backbone.facilitation: 0.1}}\n")
    (tmp_path / "beside.yaml").write_text(f"policies: [initiative_5x2, {tmp_path / 'more.yaml'}]\n")
    changes = made(f"+{tmp_path / 'beside.yaml'}").policy.changes
    assert set(changes) == {*region.changes, Change(month_of("2016-01"), "backbone.facilitation", 0.1)}


@each_of(
    ("name", "sentence"),
    [
        (
            "us_region+policy_only",
            "`policy_only` has dates of its own (the policies no_network, stages), so it cannot be laid",
        ),
        (
            "historical+programme_ends_2017",
            "`programme_ends_2017` has dates of its own (the policy minister_leaves_2017)",
        ),
        ("us_region+no_bakbone", "unknown scenario `no_bakbone`; did you mean `no_backbone`?"),
        ("us_region+", "unknown scenario ``; there are "),
        ("us_regoin+no_backbone", "unknown scenario `us_regoin`; did you mean `us_region`?"),
    ],
)
def test_what_cannot_be_laid_over_another_is_refused(name: str, sentence: str) -> None:
    assert mistake(lambda: configuration.scenario(name)).startswith(sentence)
    base, _, arm = name.partition("+")
    if base != "us_regoin":
        assert mistake(lambda: arm_over(configuration.scenario(base), f"+{arm}")).startswith(sentence)


def test_a_plus_in_the_path_of_a_file_is_no_other_scenario(tmp_path: Path) -> None:
    (tmp_path / "a+b.yaml").write_text("set: {backbone.facilitation: 0.1}\n")
    assert configuration.scenario(str(tmp_path / "a+b.yaml")).name == "a+b"
