"""Tests of mechanisms that are switched off one at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.mechanism_effects import CAME, ITSELF, MEAN, Effect, effect, standard_error
from sim.analysis.mechanisms import (
    AGAINST,
    IDLE,
    NOTHING,
    SMALL,
    UNCLEAR,
    WORKS,
    item_effects,
    overall,
    verdict,
)
from sim.configuration import read
from sim.errors import InputError
from sim.findings.mechanisms import against_the_sign, count_sentence, without_effect
from sim.outcomes.columns import columns_of
from sim.policy import Change
from sim.studies.expectations import KEYS, chosen_items, expectations_of, item_of, require_columns
from sim.studies.mechanism_test import MechanismTest
from sim.studies.mechanisms import listed_items, mechanisms
from tests.offenders import each_of
from tests.studies.round_trip import check_result

pytestmark = pytest.mark.slow

FEW = """
about: A few items
source: case
items:
  trust: {set: {trust.rule: constant}, outcome: trust_across, sign: "+", least: 0.05, because: Contact builds trust.}
  partners' money: {set: {commitment.partners: 0.0, commitment.independent: 0.0}, outcome: offered, sign: "-"}
  no seats: {set: {network.seats: 0}, outcome: examinees_2013, sign: "?"}
  windows: {without: [ministry.leadership], outcome: month_joined, sign: "-"}
  local share: {set: {kinds.ministry.number: 1}, outcome: members, sign: "+"}
"""
OPTIONS = {"seeds": 2, "jobs": 1, "outcomes": ["examinees_2014"], "overrides": {"setting.until": "2014-08"},
           "progress": False}  # fmt: skip


@pytest.fixture(scope="module")
def few(tmp_path_factory) -> Path:
    """Write a file of a few expectations."""
    path = tmp_path_factory.mktemp("expectations") / "few.yaml"
    path.write_text(FEW)
    return path


@pytest.fixture(scope="module")
def small(few) -> MechanismTest:
    """Test mechanisms over two seeds."""
    return mechanisms(expectations=few, **OPTIONS)


def row(study: MechanismTest, item: str, baseline: str = "historical") -> pd.Series:
    table = study.table
    return table[(table["item"] == item) & (table["baseline"] == baseline)].iloc[0]


# Verdicts on made-up numbers


@each_of(
    ("effect_row", "sign", "expected"),
    [
        (Effect(100.0, 5.0, 1.0, 3.0, 7.0, 50), "+", WORKS),
        (Effect(100.0, 5.0, 1.0, 3.0, 7.0, 50), "?", WORKS),
        (Effect(100.0, 5.0, 1.0, 3.0, 7.0, 50), "-", AGAINST),
        (Effect(100.0, -5.0, 1.0, -7.0, -3.0, 50), "-", WORKS),
        (Effect(-100.0, -5.0, 1.0, -7.0, -3.0, 50), "-", WORKS),
        (Effect(100.0, 0.5, 0.1, 0.3, 0.7, 50), "+", SMALL),
        (Effect(100.0, 0.9, 0.2, 0.5, 1.3, 50), "+", SMALL),
        (Effect(100.0, 0.0, 0.0, 0.0, 0.0, 50), "+", SMALL),
        (Effect(0.0, 0.0, 0.0, 0.0, 0.0, 50), "+", SMALL),
        (Effect(0.0, 2.0, 0.1, 1.8, 2.2, 50), "+", WORKS),
        (Effect(100.0, 5.0, 4.0, -3.0, 13.0, 50), "+", UNCLEAR),
        (Effect(100.0, 0.1, 4.0, -8.0, 8.0, 50), "+", UNCLEAR),
        (Effect(*[float("nan")] * 5, 0), "+", UNCLEAR),
        (Effect(0.9, 0.4, 0.05, 0.3, 0.5, 50, CAME), "-", WORKS),
        (Effect(0.9, 0.4, 0.05, 0.3, 0.5, 50, CAME), "+", AGAINST),
        (Effect(0.5, -0.4, 0.05, -0.5, -0.3, 50, CAME), "+", WORKS),
    ],
)
def test_a_verdict_follows_from_level_difference_error_and_sign(effect_row, sign, expected):
    assert verdict(effect_row, sign, 0.01) == expected


def test_an_effect_is_the_mean_difference_of_pairs_with_the_level_of_the_baseline():
    on = np.array([10.0, 12.0, 14.0, 16.0])
    row = effect(pd.DataFrame({"on": on, "off": on - [1.0, 2.0, 3.0, 2.0]}), "members")
    assert (row.level, row.difference, row.pairs, row.measure) == (13.0, 2.0, 4, MEAN)
    assert row.error == pytest.approx(np.std([1, 2, 3, 2], ddof=1) / 2)
    assert row.low < 2.0 < row.high


def test_months_are_compared_where_both_came_and_else_the_share_in_which_they_came():
    nan = np.nan
    row = effect(pd.DataFrame({"on": [90.0, 92.0, 94.0, nan], "off": [91.0, 94.0, nan, 99.0]}), "months")
    assert (row.measure, row.pairs, row.difference, row.level) == (MEAN, 2, -1.5, 91.0)
    row = effect(pd.DataFrame({"on": [90.0, 92.0, 94.0, nan], "off": [91.0, nan, nan, nan]}), "months")
    assert (row.measure, row.pairs, row.difference, row.level) == (CAME, 4, 0.5, 0.75)
    row = effect(pd.DataFrame({"on": [1.0, 2.0, nan, nan], "off": [nan] * 4}), "members")
    assert (row.measure, row.pairs) == (MEAN, 0)


def test_errors_are_larger_where_pairs_share_parameter_sets():
    values, clusters = np.repeat([1.0, 2.0, 3.0, 4.0], 5), np.repeat([0, 1, 2, 3], 5)
    assert standard_error(values, clusters) > 2 * standard_error(values)
    student_to_normal = 3.1824 / 1.9600
    assert standard_error(values, clusters) == pytest.approx(
        student_to_normal * np.std([1, 2, 3, 4], ddof=1) / 2, rel=1e-3
    )


def made_up() -> pd.DataFrame:
    """Return runs of two baselines: `a` moves members by 10 in the first, `b` against its sign, `c` nothing, `d` is absent."""
    seeds, rows = np.arange(1, 31), []
    for baseline, step in (("x", 10.0), ("y", 0.0)):
        members = 100.0 + seeds % 7
        effects = {ITSELF: 0.0, "a": step + seeds % 3 * (step > 0), "b": -3.0 - seeds % 2, "c": 0.1 * (seeds % 2)}
        for item, effect_of_item in effects.items():
            rows.append(
                pd.DataFrame({"baseline": baseline, "item": item, "seed": seeds, "members": members - effect_of_item})
            )
    return pd.concat(rows, ignore_index=True)


def test_an_item_works_if_it_works_in_one_baseline():
    items = pd.DataFrame(
        [(base, item, "members", "+", 0.01, item != "d") for base in "xy" for item in "abcd"],
        columns=["baseline", "item", "outcome", "sign", "least", "there"],
    )
    table = item_effects(made_up(), items, ["members"])
    verdicts = table.set_index(["baseline", "item"])["verdict"]
    assert verdicts["x"].to_dict() == {"a": WORKS, "b": AGAINST, "c": SMALL, "d": NOTHING}
    assert verdicts["y"].to_dict() == {"a": SMALL, "b": AGAINST, "c": SMALL, "d": NOTHING}
    assert overall(table).to_dict() == {"a": WORKS, "b": AGAINST, "c": IDLE, "d": IDLE}
    assert count_sentence(table) == "1 of 4 items works in at least one of 2 baselines."
    assert without_effect(table) == ["c: too small", "d: nothing to switch off"]
    assert [line.partition(":")[0] for line in against_the_sign(table)] == ["b", "b"]
    first = table.iloc[0]
    assert first["difference"] == first["members"] == pytest.approx(11.0)
    assert first["percent"] == pytest.approx(100 * 11.0 / first["level"])


# A small test


@pytest.mark.simulates
def test_it_has_a_row_a_baseline_and_item_and_runs_only_what_differs(small):
    assert list(small.table["baseline"].unique()) == ["historical", "historical_emergent"]
    assert len(small.table) == 10
    assert row(small, "local share")["verdict"] == NOTHING
    assert "local share" not in set(small.runs["item"])
    assert len(small.runs) == 2 * 5 * 2
    assert row(small, "partners' money")["verdict"] == AGAINST
    assert row(small, "partners' money")["difference"] > 0
    assert row(small, "no seats")["difference"] == 0
    assert {"examinees_2014", "examinees_2014_low", "examinees_2014_high"} <= set(small.table)


@pytest.mark.simulates
def test_a_difference_is_that_of_runs_alone(small):
    runs = small.runs[small.runs["baseline"] == "historical"].set_index(["item", "seed"])["trust_across"]
    assert row(small, "trust")["difference"] == pytest.approx((runs[ITSELF] - runs["trust"]).mean())
    set_ = {"trust.rule": "constant", "setting.until": "2014-08"}
    assert sim.simulate("historical", seed=2, overrides=set_).outcomes["trust_across"] == runs["trust", 2]


@pytest.mark.simulates
def test_its_text_says_how_many_work_and_its_page_has_a_line_an_item(small):
    text = " ".join(small.summary().split())
    assert "of 5 items" in text
    assert "- Partners' money: offered +" in text.partition("Items that work against the expected sign")[2]
    assert "commitment.partners = 0.0, commitment.independent = 0.0" in text
    assert len(small.plot.page().axes[0].get_yticklabels()) == 5
    assert small.record["command"].startswith("sim.mechanisms(expectations=")


@pytest.mark.simulates
def test_what_is_saved_comes_back(small, tmp_path):
    check_result(small, tmp_path / "out", "mechanisms.csv")


@pytest.mark.simulates
def test_it_goes_on_from_what_is_kept(few, small, tmp_path, monkeypatch):
    options = OPTIONS | {"expectations": few, "scenarios": "historical", "items": ["trust"], "out": tmp_path / "out"}
    first = mechanisms(**options)
    monkeypatch.setattr("sim.sweeps.cached_runs.results", lambda *_, **__: pytest.fail("it ran again"))
    assert mechanisms(**options).summary() == first.summary()
    assert MechanismTest.load(tmp_path / "out").summary() == first.summary()
    assert row(first, "trust")["difference"] == row(small, "trust")["difference"]


# Items


def test_an_item_that_is_set_holds_in_every_month_and_levers_lose_their_changes(few):
    table, scenario = expectations_of(few), sim.scenario("historical")
    money, windows = table[1].switched_off(scenario), table[3].switched_off(scenario)
    assert any(change.key == "commitment.independent" for change in scenario.policy.changes)
    assert {money.schedule().at(month).commitment.independent for month in range(180)} == {0.0}
    assert not any(change.key == "ministry.leadership" for change in windows.policy.changes)
    assert isinstance(windows.policy.changes[0], Change)
    assert table[3].off == "no changes of ministry.leadership"


def test_an_item_whose_parameter_only_a_posterior_moves_is_there():
    item = item_of("a", {"set": {"trust.gain": sim.scenario("historical").parameters.trust.gain}, "outcome": "members",
                         "sign": "?"}, "x")  # fmt: skip
    scenario = [sim.scenario("historical")]
    assert not listed_items(scenario, [item], {})["there"].any()
    assert listed_items(scenario, [item], {"trust.gain": 0.03})["there"].all()


@each_of(
    ("content", "sentence"),
    [
        (5, "must have keys and values; got 5"),
        ({"sett": {}}, "has an unknown key `sett`; did you mean `set`?"),
        ({"outcome": "members", "sign": "+"}, "is never switched off; give it `set` or `without`"),
        ({"set": [1]}, "`set` must hold parameters by dotted name; got [1]"),
        ({"set": {"trust.gian": 0.1}}, "did you mean `trust.gain`?"),
        ({"set": {"trust.gain": 5}}, "`trust.gain` must lie between"),
        ({"without": ["trust.gain"]}, "`trust.gain` is not a lever"),
        ({"without": {"a": 1}}, "`without` must be a list of levers; got {'a': 1}"),
        ({"set": {"network.seats": 0}, "sign": "+"}, "needs an `outcome`, a column of a run; got None"),
        ({"set": {"network.seats": 0}, "outcome": "members", "sign": "up"}, "needs a `sign`, one of +, -, ?; got 'up'"),
        (
            {"set": {"network.seats": 0}, "outcome": "members", "sign": "+", "least": 2},
            "`least` must lie between 0 and 1 [share of the level]; got 2",
        ),
    ],
    ids=str,
)
def test_a_wrong_item_is_refused_in_a_sentence(content, sentence):
    with pytest.raises(InputError) as mistake:
        item_of("a", content, "x")
    assert str(mistake.value).startswith("the item `a` of the expectations `x`")
    assert sentence in str(mistake.value)


def test_a_column_that_runs_do_not_have_is_refused_before_anything_runs(few, monkeypatch):
    monkeypatch.setattr("sim.sweeps.cached_runs.results", lambda *_, **__: pytest.fail("it ran"))
    with pytest.raises(
        InputError, match="the outcome `ofered` of the item `partners' money` is not a column of its runs; did you"
    ):
        mechanisms(expectations=_changed(few, "outcome: offered", "outcome: ofered"), progress=False)
    with pytest.raises(InputError, match="unknown item `trusst`; did you mean `trust`"):
        mechanisms(expectations=few, items=["trusst"], progress=False)


def _changed(few: Path, old: str, new: str) -> Path:
    path = few.with_name("changed.yaml")
    path.write_text(FEW.replace(old, new))
    return path


def test_items_come_in_the_order_of_the_table(few):
    table = expectations_of(few)
    assert [item.name for item in chosen_items(["windows", "trust"], table)] == ["trust", "windows"]
    assert chosen_items("all", table) == table


def test_every_expectation_of_the_case_has_the_keys_of_an_item_and_a_known_source():
    items = read("expectation", "case", {"about", "source", "items"})["items"]
    assert {name: set(item) - set(KEYS) for name, item in items.items() if set(item) - set(KEYS)} == {}
    assert {item["source"] for item in items.values()} - set(sim.references()["key"]) == set()


def test_the_expectations_of_the_case_can_be_tested():
    table = expectations_of("case")
    require_columns(table, columns_of(sim.scenario("historical")))
    assert all(item.because and item.source for item in table)
    assert len(table) >= 60
