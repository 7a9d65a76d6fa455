"""Paired comparisons: dates held as in the baseline, stops when intervals are narrow, and unbiased variances."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import f

import sim
from sim.configuration import scenario
from sim.errors import InputError
from sim.parameters import declared_parameters
from sim.policy import Change, Scenario
from sim.runs.compare import FEW, batches, compare, holdable, points_of, scenarios_of
from sim.runs.ensemble import ensemble
from sim.runs.pairs import Pairs, PrecisionGoal
from tests.comparing import differing
from tests.offenders import each_of
from tests.world.files import ORGANISATIONS, SCHOOLS

UNTIL = {"setting.until": "2014-08"}
BASE, ARM = (scenario(name, overrides=UNTIL) for name in ("historical_emergent", "no_backbone"))


@pytest.fixture(scope="module")
def held():
    """Compare two arms with the dates free and held, in one of which the ministry never acts; thirty seeds."""
    never = scenario("ministry_never_joins", overrides=UNTIL)
    return compare(BASE, [ARM, never], 30, jobs=1, progress=False, held=True)


def runs_of(pairs: Pairs, name: str, dates: str = "emergent"):
    frame = pairs.frame
    return frame[(frame["scenario"] == name) & (frame["dates"] == dates)].set_index("seed")


@pytest.mark.simulates
def test_an_arm_is_also_run_with_the_months_of_its_baseline(held):
    base, arm = runs_of(held, "historical_emergent"), runs_of(held, "no_backbone", "held")
    assert arm.index.tolist() == base.index.tolist()
    assert base["month_joined"].notna().any(), "otherwise this shows nothing"
    for month in ("month_joined", "month_pilot", "month_national"):
        np.testing.assert_array_equal(arm[month], base[month])
    assert (runs_of(held, "no_backbone")["month_joined"].fillna(0) != base["month_joined"].fillna(0)).any()


@pytest.mark.simulates
def test_an_arm_whose_ministry_never_acts_is_told_apart_from_the_baseline_without_its_acts(held):
    arm, alone = "ministry_never_joins", runs_of(held, "ministry_never_joins")
    assert runs_of(held, arm, "held").empty, "held to months it would be another arm"
    np.testing.assert_array_equal(runs_of(held, arm, "none")["trust_across"], alone["trust_across"])
    idle = runs_of(held, "historical_emergent", "none")
    assert idle["month_joined"].isna().all()
    assert idle["stage_reached"].eq(0).all()
    differences = held.differences("trust_across")
    assert list(zip(differences["arm"], differences["dates"], strict=True)) == [
        ("no_backbone", "emergent"), ("no_backbone", "held"), (arm, "emergent"), (arm, "none"),
    ]  # fmt: skip
    parts = held.parts("trust_across").set_index(["arm", "part"])["effect"]
    assert parts[arm, "through strength"] == pytest.approx((alone["trust_across"] - idle["trust_across"]).mean())
    assert parts[arm, "through the dates"] == pytest.approx(parts[arm, "total"] - parts[arm, "through strength"])


def test_where_neither_is_joined_dates_can_be_held():
    never, base = (scenario(name) for name in ("ministry_never_joins", "historical_emergent"))
    assert holdable(never, scenario("network_only"))
    assert holdable(base, never)
    assert not holdable(never, base)
    first, idle = points_of([base, never], True)
    assert (first.reference, idle.reference) == (never, never), "the baseline is run without the ministry's acts"
    assert first.dates == idle.dates == "none"
    assert [point.reference for point in points_of([base, never], False)] == [None, None]


@pytest.mark.simulates
def test_without_held_runs_there_are_no_parts():
    pairs = compare(BASE, ARM, 2, jobs=1, progress=False)
    assert set(pairs.frame["dates"]) == {"emergent"}
    with pytest.raises(InputError, match="compare with `held=True`"):
        pairs.parts("trust_across")


# Nothing is taken away


def same_spread(one, other, alarm: float = 0.001) -> bool:
    """Return whether two samples can have the same variance, by the ratio of theirs; wrong with this probability [share]."""
    ratio = np.var(one, ddof=1) / np.var(other, ddof=1)
    low, high = f.ppf([alarm / 2, 1 - alarm / 2], len(one) - 1, len(other) - 1)
    return bool(low < ratio < high)


APART = [10_007 + 7_919 * k for k in range(40)]
"""Seeds that have nothing to do with those of the comparison."""


@pytest.mark.simulates
def test_one_arm_alone_varies_as_over_independent_seeds(held):
    apart = ensemble(ARM, APART, jobs=1, progress=False).frame
    together = runs_of(held, "no_backbone")
    for outcome in ("trust_across", "examinees_2014", "consensus", "delivered"):
        assert same_spread(together[outcome], apart[outcome]), outcome
        middle = together[outcome].mean()
        assert not same_spread(middle + (together[outcome] - middle) / 3, apart[outcome]), "the test could not fail"


@pytest.mark.simulates
def test_an_arm_in_a_comparison_is_what_it_is_alone(held):
    alone = ensemble(ARM, [1, 2, 30], jobs=1, progress=False).frame.set_index("seed")
    for seed, row in alone.iterrows():
        assert differing(runs_of(held, "no_backbone").loc[seed].to_dict(), row.to_dict()) == []


# Stopped when narrow enough


@pytest.mark.simulates
def test_seeds_are_added_until_every_interval_is_narrow_enough():
    wide = {"jobs": 1, "progress": False, "outcome": "trust_across", "batch": FEW}
    pairs = compare(BASE, ARM, 60, precision=0.01, **wide)
    assert pairs.precision_goal == PrecisionGoal("trust_across", 0.01, met=True)
    assert pairs.frame["seed"].nunique() == FEW
    differences = pairs.differences("trust_across")
    assert ((differences["high"] - differences["low"]) / 2 <= 0.01).all()
    strict = compare(BASE, ARM, 12, precision=1e-9, **wide)
    assert strict.precision_goal == PrecisionGoal("trust_across", 1e-9, met=False)
    assert strict.frame["seed"].tolist() == [*range(1, 13)] * 2


@pytest.mark.simulates
def test_runs_do_not_depend_on_the_batches_in_which_they_came():
    whole = compare(BASE, ARM, 5, jobs=1, progress=False)
    parts = compare(BASE, ARM, 5, jobs=1, progress=False, precision=1e-9, outcome="offered", batch=2)
    assert differing(whole.frame.to_dict("list"), parts.frame.to_dict("list")) == []


@pytest.mark.simulates
def test_few_pairs_never_end_it_however_narrow_they_are():
    pairs = compare(BASE, ARM, FEW - 1, jobs=1, progress=False, precision=1e9, outcome="offered", batch=2)
    assert not pairs.precision_goal.met
    assert pairs.frame["seed"].nunique() == FEW - 1


def test_batches_are_all_seeds_in_order_and_none_is_alone():
    for count in range(2, 12):
        parts = list(batches(range(count), 3))
        assert [seed for batch in parts for seed in batch] == list(range(count))
        assert min(map(len, parts)) >= 2


@each_of(
    ("more", "sentence"),
    [
        ({"seeds": 1}, "^an interval needs at least 2 pairs of runs; got 1$"),
        ({"precision": 0}, "^`precision` must be a number above 0, in the outcome's unit; got 0$"),
        ({"precision": "much"}, "^`precision` must be a number above 0"),
        ({"precision": math.nan}, "^`precision` must be a number above 0"),
        ({"batch": 1}, "^`batch` must be a whole number from 2; got 1$"),
        ({"heldd": True}, "^unknown option `heldd`; did you mean `held`"),
        ({"arms": ["no_backbone", "no_backbone"]}, "^`no_backbone` is listed twice; list each scenario once$"),
        ({"arms": ["historical_emergent"]}, "^`historical_emergent` is compared with itself; name another arm$"),
        ({"arms": ["no_bakbone"]}, "^unknown scenario `no_bakbone`; did you mean `no_backbone`"),
        ({"uncertainty": "nowhere.csv"}, "^the posterior 'nowhere.csv' does not exist"),
    ],
    ids=str,
)
def test_what_cannot_be_compared_is_refused_before_anything_runs(monkeypatch, more, sentence):
    monkeypatch.setattr("sim.runs.compare.results", lambda *_: pytest.fail("it ran"))
    options = {"baseline": "historical_emergent", "arms": ["no_backbone"], "seeds": 4, "progress": False} | more
    with pytest.raises(InputError, match=sentence):
        compare(**options)


@pytest.mark.simulates
def test_an_outcome_of_which_precision_is_asked_must_be_there():
    with pytest.raises(InputError, match="unknown outcome `trust_acros`; did you mean `trust_across`"):
        compare(BASE, ARM, 4, jobs=1, progress=False, precision=1.0, outcome="trust_acros", batch=2)


# What is compared with what


OWN = {"setting.schools": "schools", "setting.organisations": "organisations"}
"""Parameters that name a file of a user's, and the file."""


def with_files(folder: Path, called: str) -> Scenario:
    """Return a scenario with the user's own files in a folder."""
    folder.mkdir()
    for name, text in (("schools", SCHOOLS), ("organisations", ORGANISATIONS)):
        (folder / f"{name}.csv").write_text(text)
    files = {key: str(folder / f"{name}.csv") for key, name in OWN.items()}
    return scenario("historical_emergent", overrides=UNTIL | files, name=called)


def test_a_baseline_under_another_name_is_no_arm_whatever_made_it_so(tmp_path):
    files, copied = with_files(tmp_path / "one", "files"), with_files(tmp_path / "two", "copied")
    again = Change(BASE.policy.changes[-1].month + 1, BASE.policy.changes[-1].key, BASE.policy.changes[-1].value)
    for base, arm in (
        (BASE, scenario("historical_emergent", overrides=UNTIL, name="again")),
        (BASE, scenario("historical_emergent", overrides=UNTIL | {"backbone.facilitation": 0.8}, name="as it is")),
        (BASE, replace(BASE, name="said twice", policy=BASE.policy.also([again]))),
        (scenario("weak_backbone"), scenario("strong_backbone", overrides={"backbone.facilitation": 0.2})),
        (files, copied),
    ):
        with pytest.raises(
            InputError, match=f"^`{arm.name}` is `{base.name}` under another name, with the same parameters"
        ):
            scenarios_of(base, [ARM, arm] if base is BASE else [arm])


def test_an_arm_that_differs_in_anything_is_one(tmp_path):
    files, more = with_files(tmp_path / "one", "files"), with_files(tmp_path / "two", "more")
    table = tmp_path / "two" / "organisations.csv"
    table.write_text(f"{table.read_text()}One more,ngo,0.1,false,true,\n"[:None])
    scenarios_of(files, [more])
    scenarios_of(
        BASE,
        [BASE.with_({"backbone.staff": 1}, "fewer"), replace(BASE, name="earlier", policy=BASE.policy.shifted(-1))],
    )


@pytest.mark.parametrize("baseline", ["us_region", scenario("us_region")], ids=["by name", "as it is"])
def test_an_arm_in_another_setting_is_refused_and_one_laid_over_the_baseline_is_not(baseline):
    with pytest.raises(InputError) as mistake:
        scenarios_of(baseline, "no_backbone")
    assert str(mistake.value) == (
        "`no_backbone` has other schools than `us_region` (setting.population, setting.cohorts, setting.taking differ), so "
        "they cannot be compared; put a plus before the name to lay an arm over `us_region`, for example `+no_backbone`"
    )
    first, arm = scenarios_of(baseline, "+no_backbone")
    assert (first.name, arm.name) == ("us_region", "us_region+no_backbone")
    assert arm.policy == first.policy
    assert {name for name in declared_parameters() if first.parameters[name] != arm.parameters[name]} == {
        name for name in declared_parameters() if BASE.parameters[name] != ARM.parameters[name]
    }


def test_schools_of_ones_own_in_one_of_the_two_are_another_setting(tmp_path):
    with pytest.raises(
        InputError, match=r"has other schools than `files` \(setting\.schools differs\), so they cannot be compared"
    ):
        scenarios_of(with_files(tmp_path / "one", "files"), ARM)


class Broken(sim.agents.Foundation):
    """Foundation whose decisions fail."""

    def next_pledge(self):
        """Raise an error."""
        return self.nothing


@pytest.mark.simulates
@pytest.mark.parametrize("many", ["compare", "ensemble", "sweep"])
def test_where_every_run_fails_the_first_cause_is_said(many):
    more = {"kinds": {"foundation": Broken}, "progress": False, "jobs": 1}
    ask = {
        "compare": lambda: compare(BASE, [ARM], 2, **more),
        "ensemble": lambda: sim.ensemble(BASE, 2, **more),
        "sweep": lambda: sim.sweep("lhs", ["trust.gain"], BASE, seeds=1, n=2, **more),
    }
    with pytest.raises(
        InputError,
        match=r"^every run failed; the first failure is: `Broken.next_pledge` failed: .* no attribute 'nothing'",
    ):
        ask[many]()
