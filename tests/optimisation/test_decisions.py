"""Decisions of an optimisation: what may be decided, that the search finds what is best, and what is said of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim import configuration
from sim.analysis.doubling import Doubling
from sim.errors import InputError
from sim.findings.optimisation import SearchTerms, decision_findings, search_sentences, verdict
from sim.labels import words_of
from sim.optimisation.confirmation import confirmed
from sim.optimisation.decisions import DecisionSpace, decision_space, launch_month, launched_later, split
from sim.optimisation.search import Goals, ParetoSearch
from sim.optimisation.study import TASKS, labels_of
from tests.offenders import each_of


def space_of(**options) -> DecisionSpace:
    """The decisions of `sim.optimise` with some options."""
    usual = {
        "scenario": configuration.scenario("historical_emergent"),
        "split": TASKS,
        "launch": (-18, 18),
        "vary": None,
    }
    return decision_space(**{**usual, "overrides": {}, **options})


@pytest.fixture(scope="module")
def space():
    return space_of()


# What may be decided


@pytest.mark.parametrize("weights", [[0.2, 0.9, 0.0, 0.5, 0.99], [0.0] * 5, [0.3] * 5, [0.0, 0.0, 0.0, 0.0, 0.9]])
def test_a_budget_is_split_without_a_rest(weights):
    parts = split(weights, 1.0)
    assert sum(parts) == pytest.approx(1.0, abs=1e-9)
    assert all(round(100 * part, 6) == round(100 * part) for part in parts)


def test_what_is_as_it_is_comes_out_of_the_search_as_it_is(space):
    weights = [space.first_trial[name] for name in space.split]
    assert dict(zip(space.split, split(weights, space.total), strict=True)) == {
        name: space.as_is[name] for name in space.split
    }
    assert space.point(space.as_is).scenario == space.scenario


def test_a_later_launch_moves_what_is_dated_with_it_and_no_window():
    scenario = configuration.scenario("historical_emergent")
    moved = launched_later(scenario, 7)
    assert launch_month(moved) == launch_month(scenario) + 7
    was = {(c.key, c.month) for c in scenario.policy.changes}
    now = {(c.key, c.month) for c in moved.policy.changes}
    assert {key for key, _ in was - now} == {"network.launched", "commitment.independent"}
    assert [c for c in scenario.policy.changes if c.window] == [c for c in moved.policy.changes if c.window]


@each_of(
    ("options", "message"),
    [
        ({"split": ["backbone.convene"]}, "`split` has only `backbone.convene`"),
        ({"split": "backbone.convene"}, "`split` must be a list of parameters"),
        ({"split": ["backbone.convene", "backbone.staff"]}, "`backbone.staff` is not a share"),
        ({"split": ["backbone.convene", "backbone.convin"]}, "did you mean `backbone.convene`"),
        ({"overrides": {"backbone.convene": 0.5}}, "`backbone.convene` is both an override and a decision"),
        ({"vary": ["backbone.couple"]}, "`backbone.couple` is decided twice"),
        ({"vary": ["trust.gain"]}, "`trust.gain` is not a lever"),
        ({"launch": [6, 24]}, "includes 0 \\(as it is\\)"),
        ({"launch": 12}, "a pair of months"),
        ({"launch": [-200, 0]}, "is outside the run"),
        ({"split": None, "launch": None}, "there is nothing to decide"),
        ({"scenario": configuration.scenario("no_initiative")}, "has no launch"),
    ],
)
def test_what_cannot_be_decided_is_refused_in_one_sentence(options, message):
    with pytest.raises(InputError, match=message) as refused:
        space_of(**options)
    assert "\n" not in str(refused.value)


# The search


BEST = (0.6, 0.1, 0.1, 0.1, 0.1, 0.0)
"""Split that the stand-in rates best: a share of the hours for each task."""


class ModelWithAnOptimum:
    """Evaluations of a model whose best split and launch are known: each decision falls off from them."""

    def of(self, points, seeds, doing):
        rows = []
        for place, point in enumerate(points):
            factors = point.factors
            off = sum((factors[name] - best) ** 2 for name, best in zip(TASKS, BEST, strict=True))
            for seed in seeds:
                rows.append({"decision": place, "seed": seed, "gain": -off - 1e-4 * (factors["launch"] + 6) ** 2,
                             "cost": 0.001 * (24 - factors["launch"])})  # fmt: skip
        return pd.DataFrame(rows)


@pytest.fixture
def optuna():
    return pytest.importorskip("optuna", reason="the extra `analysis` is not installed")


def search_table(space: DecisionSpace, goals: dict[str, str], generations: int) -> pd.DataFrame:
    """The table of a search in the known model."""
    return ParetoSearch(space, Goals(goals, "mean", Doubling()), range(1, 3), 20, generations, 1).run(
        ModelWithAnOptimum()
    )


@pytest.mark.heavy
def test_the_search_nears_what_is_known_to_be_best(optuna, space):
    table = search_table(space, {"gain": "max"}, 40)
    best = table.loc[table["gain"].idxmax()]
    assert abs(best["backbone.convene"] - 0.6) < 0.1
    assert abs(best["launch"] + 6) <= 4
    assert best["gain"] > table.loc[table["generation"] == 1, "gain"].max()


def test_the_same_search_goes_the_same_way_and_a_longer_one_goes_on(optuna, space):
    goals = {"gain": "max", "cost": "min"}
    once, again, longer = (search_table(space, goals, generations) for generations in (4, 4, 6))
    pd.testing.assert_frame_equal(once, again)
    pd.testing.assert_frame_equal(once, longer[longer["generation"] <= 4])


def test_a_search_in_which_everything_fails_says_so(optuna, space):
    class Broken(ModelWithAnOptimum):
        def of(self, points, seeds, doing):
            return super().of(points, seeds, doing).iloc[:0]

    with pytest.raises(InputError, match="choose goals that runs have"):
        ParetoSearch(space, Goals({"gain": "max"}, "mean", Doubling()), range(1, 3), 4, 1, 1).run(Broken())


# What is said of it


def terms_of(space: DecisionSpace, goals: Goals) -> SearchTerms:
    """The terms of a search in which nine decisions were tried and one was run again."""
    return SearchTerms(
        space.split, space.total, launch_month(space.scenario), (), goals.directions, goals.robust,
        goals.doubling.description, labels_of(space, goals.directions),
        {name: words_of(name) for name in goals.directions}, decisions=9, front=1, fresh=40,
    )  # fmt: skip


def invented(space: DecisionSpace, gain: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fresh runs of what is as it is and of one decision that gains so much in every run, and that decision."""
    rng, rows = np.random.default_rng(3), []
    luck = rng.normal(18000, 2000, 40)
    for place, more in enumerate((0.0, gain)):
        for seed, value in enumerate(luck):
            examinees = value + more + rng.normal(0, 50)
            rows.append({"decision": place, "seed": seed, "examinees_2020": examinees, "gap_quintiles_2020": 0.1})
    runs = pd.DataFrame(rows)
    for year in range(2012, 2020):
        runs[f"examinees_{year}"] = 9000.0
    chosen = pd.DataFrame([{**space.as_is, "launch": -3, "examinees_2020": 18000.0 + gain, "gap_quintiles_2020": 0.1}])
    return runs, chosen


@pytest.mark.parametrize("robust", ["mean", "worst_quarter"])
@pytest.mark.parametrize(
    ("gain", "counted", "claim"),
    [
        (500.0, "examinees in 2020: 1 of 1", "examinees in 2020 are higher by "),
        (0.0, "examinees in 2020: none, so no", "an effect of zero on examinees in 2020 cannot be excluded"),
    ],
)
def test_a_gain_is_claimed_only_where_its_whole_interval_is_one(space, gain, counted, claim, robust):
    runs, chosen = invented(space, gain)
    goals = Goals({"examinees_2020": "max", "gap_quintiles_2020": "min"}, robust, Doubling())
    table = confirmed(runs, chosen, space, goals)
    assert table["examinees_2020_less_as_is"].iloc[1] == pytest.approx(gain, abs=60)
    terms = terms_of(space, goals)
    assert counted in verdict(table.iloc[1:], terms)
    text = " ".join(
        [*search_sentences(table, terms), *(sentence for _, sentence, _ in decision_findings(table, terms))]
    )
    assert claim in text
    assert ("quarter of seeds" in text) == (robust == "worst_quarter")
    assert "backbone." not in text
    assert "_2020" not in text
