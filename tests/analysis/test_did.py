"""Difference-in-differences on made-up panels in which the effect is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.difference_in_differences import (
    ProgrammePanel,
    effect,
    estimate,
    even_weights,
    jackknife,
    placebo,
    simplex_weights,
    synthetic_weights,
    weights_of,
)
from sim.errors import InputError
from tests.offenders import each_of

YEARS, FIRST, EFFECT, NOISE = 14, 2010, 2.0, 0.5
"""Years from 2000 on, the first with the programme, what it adds, and the luck of a school and year."""


def panel(seed: int, factor: float = 0.0, chosen: float = 0.0, schools: int = 120, firsts=(FIRST,)) -> pd.DataFrame:
    """Schools with levels of their own, noise, and a trend of which each has a part; a quarter of them have the programme.

    Args:
        seed: of the luck
        factor: of the common trend, which goes up and down as it rises, over the noise
        chosen: how much more than luck decides the part of the trend who has the programme
        schools: in all
        firsts: first years with the programme, in turn
    """
    luck = np.random.default_rng(seed)
    time, part = np.arange(YEARS), luck.uniform(size=schools)
    first, order = np.zeros(schools, dtype=int), np.argsort(-chosen * part - luck.uniform(size=schools))
    first[order[: schools // 4]] = np.resize(firsts, schools // 4)
    trend = factor * NOISE * (time + 2.0 * np.sin(time))
    outcome = luck.normal(10, 3, schools)[:, None] + part[:, None] * trend + luck.normal(0, NOISE, (schools, YEARS))
    outcome = outcome + EFFECT * ((first > 0)[:, None] & (2000 + time >= first[:, None]))
    return pd.DataFrame({
        "school_id": np.repeat(np.arange(schools), YEARS),
        "year": np.tile(2000 + time, schools),
        "outcome": outcome.ravel(),
        "first": np.repeat(np.where(first > 0, first, np.nan), YEARS),
    })  # fmt: skip


def effects(weighing, **how: float) -> np.ndarray:
    studies = [ProgrammePanel.of(panel(seed, **how)) for seed in range(30)]
    return np.array([effect(study, weights_of(study, weighing)) for study in studies])


def held(estimated) -> int:
    return sum(each.low <= EFFECT <= each.high for each in estimated)


@pytest.mark.heavy
@pytest.mark.parametrize("weighing", [even_weights, synthetic_weights])
@pytest.mark.parametrize("factor", [0.0, 1.2])
def test_where_luck_decides_who_has_the_programme_both_give_the_effect_back(weighing, factor):
    values = effects(weighing, factor=factor)
    assert abs(values.mean() - EFFECT) < 4 * values.std() / np.sqrt(len(values))


@pytest.mark.heavy
def test_where_programme_schools_rose_anyway_plain_differences_mislead_and_synthetic_ones_much_less():
    plain, weighed = (
        effects(weighing, factor=1.2, chosen=1.0) - EFFECT for weighing in (even_weights, synthetic_weights)
    )
    assert plain.mean() > 1.0
    assert abs(weighed.mean()) < 0.2 * plain.mean()
    intervals = [
        [estimate(ProgrammePanel.of(panel(s, 1.2, 1.0)), w) for s in range(20)]
        for w in (even_weights, synthetic_weights)
    ]
    assert held(intervals[0]) == 0, "an interval does not know of who was chosen"
    assert held(intervals[1]) >= 10


@pytest.mark.heavy
@pytest.mark.parametrize("factor", [0.0, 1.2])
def test_intervals_of_the_jackknife_hold_the_effect_about_as_often_as_they_say(factor):
    estimates = [estimate(ProgrammePanel.of(panel(seed, factor)), synthetic_weights) for seed in range(60)]
    assert held(estimates) >= 52, "of 60 at 95%: fewer happen less than once in a hundred"
    wide = np.mean([each.high - each.low for each in estimates])
    assert wide < 1.5 * 2 * 1.96 * np.std([each.mean for each in estimates]), "and not by being endlessly wide"


@pytest.mark.heavy
def test_intervals_of_the_placebo_hold_the_effect_about_as_often_as_they_say():
    studies = [ProgrammePanel.of(panel(seed, 1.2, schools=48)) for seed in range(20)]
    estimates = [estimate(study, synthetic_weights, placebo(study, synthetic_weights, repeats=30)) for study in studies]
    assert held(estimates) >= 16
    wide = np.mean([each.high - each.low for each in estimates])
    assert wide < 1.5 * 2 * 1.96 * np.std([each.mean for each in estimates])


def test_plain_differences_are_those_of_four_means():
    frame = panel(1)
    after, served = frame["year"] >= FIRST, frame["first"].notna()
    mean = {(s, a): frame["outcome"][(served == s) & (after == a)].mean() for s in (True, False) for a in (True, False)}
    by_hand = (mean[True, True] - mean[True, False]) - (mean[False, True] - mean[False, False])
    study = ProgrammePanel.of(frame)
    assert effect(study, weights_of(study, even_weights)) == pytest.approx(by_hand)


def test_the_jackknife_in_one_formula_is_that_of_leaving_out_school_by_school():
    study = ProgrammePanel.of(panel(2, 1.2, schools=28, firsts=(2008, 2010)))
    weights = weights_of(study, synthetic_weights)
    left = []
    for row in range(len(study.schools)):
        keep = np.arange(len(study.schools)) != row
        rest = ProgrammePanel(study.schools[keep], study.years, study.outcome[keep], study.first[keep])
        remaining_controls = keep[study.first == 0]
        shares = {c: w.controls[remaining_controls] / w.controls[remaining_controls].sum() for c, w in weights.items()}
        left.append(effect(rest, {c: type(w)(shares[c], w.years) for c, w in weights.items()}))
    n = len(left)
    assert jackknife(study, weights) == pytest.approx(np.sqrt((n - 1) / n * np.sum((left - np.mean(left)) ** 2)))


def test_cohorts_count_by_their_schools_and_years():
    study = ProgrammePanel.of(panel(3, schools=36, firsts=(2008, 2010, 2010)))
    assert study.cohort_shares == pytest.approx({2008: 3 * 6 / (3 * 6 + 6 * 4), 2010: 6 * 4 / (3 * 6 + 6 * 4)})
    estimated = effect(study, weights_of(study, synthetic_weights))
    assert abs(estimated - EFFECT) < 1.0


@pytest.mark.parametrize("ridge", [0.0, 0.5, 50.0])
def test_weights_are_the_best_on_the_simplex(ridge):
    luck = np.random.default_rng(5)
    sources, target = luck.normal(size=(9, 6)), luck.normal(size=9)
    weights = simplex_weights(sources, target, ridge)
    assert weights.sum() == pytest.approx(1.0)
    assert weights.min() >= 0.0

    def loss(w):
        off = sources @ w - target
        return ((off - off.mean()) ** 2).sum() + ridge * (w**2).sum()

    others = luck.dirichlet(np.ones(6), 2000)
    nearer = weights + 0.01 * (others - weights)
    assert loss(weights) <= min(map(loss, [*others, *nearer])) + 1e-9


def test_schools_without_an_outcome_in_some_year_are_left_out_and_late_programmes_are_none():
    frame = panel(4)
    frame.loc[0, "outcome"] = np.nan
    late = frame.assign(first=frame["first"].mask(frame["school_id"] < 60, frame["first"] + 20))
    assert len(ProgrammePanel.of(frame).schools) == 119
    began = frame.loc[frame["first"].notna(), "school_id"].unique()
    assert (ProgrammePanel.of(late).first > 0).sum() == (began >= 60).sum()


@each_of(
    ("change", "message"),
    [
        (lambda f: f.drop(columns="first"), "the frame has no column `first`"),
        (lambda f: pd.concat([f, f.iloc[:1]]), "school 0 has two rows in 2000"),
        (
            lambda f: f.assign(first=f["first"].mask(f.index == 0, 2012)),
            "school 0 has several first years with the programme",
        ),
        (
            lambda f: f.assign(first=np.nan),
            "two schools with the programme and two without it, with outcomes in every year; got 0 and 120",
        ),
        (lambda f: f.assign(first=2010), "got 120 and 0"),
        (lambda f: f.assign(first=f["first"] - 9), "two years before the programme, which begins in 2001"),
    ],
)
def test_what_cannot_be_studied_is_told_in_one_sentence(change, message):
    with pytest.raises(InputError, match=message):
        ProgrammePanel.of(change(panel(1)))


def test_a_placebo_needs_controls():
    frame = panel(1, schools=40)
    study = ProgrammePanel.of(frame.assign(first=np.where(frame["first"].isna(), FIRST, np.nan)))
    with pytest.raises(InputError, match="more controls than schools with the programme; got 10 and 30"):
        placebo(study, even_weights)
