"""The opening of a report claims no more than its intervals, and says so when runs are few."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.analysis.arm_pairs import arm_means, arm_pairs
from sim.analysis.paired_differences import differences, effect_parts
from sim.findings.arm_pairs import apart_sentence, arms_in_text, differences_in_text
from sim.findings.numbers import unit_of
from sim.findings.opening import Opening, doubling_sentence, matters_sentence, opening_sentences, unknown_sentence
from tests.offenders import each_of

OUTCOME = "examinees_2020"


def runs(seeds: int = 30, **arms: float) -> pd.DataFrame:
    """A baseline and arms that differ from it by a number of students, half of it at given dates."""
    luck, rows = np.random.default_rng(5).normal(0.0, 300.0, seeds), []
    for name, more in {"base": 0.0, **arms}.items():
        own = np.random.default_rng(len(name)).normal(0.0, 50.0, seeds)
        for dates, share in {"emergent": 1.0, "held": 0.5}.items():
            if dates == "held" and name == "base":
                continue
            value = 18000.0 + luck + share * (more + own)
            about = {"scenario": name, "dates": dates, "seed": range(1, seeds + 1)}
            rows.append(pd.DataFrame(about | {OUTCOME: value, "doubled": (value > 17500).astype(float)}))
    return pd.concat(rows, ignore_index=True)


def opening(frame: pd.DataFrame) -> Opening:
    arms = [name for name in dict.fromkeys(frame["scenario"]) if name != "base"]
    table = differences(frame, "base", arms, [OUTCOME])
    parts = effect_parts(frame, "base", arms, OUTCOME)
    return Opening(table[table["dates"] == "emergent"], parts, frame, "base", "examinees in 2020", 18000.0)


@each_of(
    ("more", "words"),
    [
        (-2000.0, "**In the model the backbone matters, both by bringing the ministry to act"),
        (2000.0, "**In the model the backbone does harm**: with it examinees in 2020 are lower than without it by"),
        (0.0, "**These runs cannot tell whether the backbone matters**: its mean effect on examinees in 2020 is"),
    ],
)
def test_the_first_sentence_has_the_direction_of_its_interval(more, words):
    text = matters_sentence(opening(runs(no_backbone=more)))
    assert text.startswith(words)
    assert "95% interval" in text
    assert ("includes zero" in text) == (more == 0.0)


def test_it_says_when_and_how_often():
    sentences = opening_sentences(opening(runs(no_backbone=-2000.0, policy_late=-900.0, ministry_never_joins=-4000.0)))
    assert len(sentences) == 3
    assert "medium size" in sentences[0]
    assert "at given dates of the ministry; later policy lowers examinees in 2020 by" in sentences[1]
    assert sentences[2].startswith("Enrolment doubles in 100% of runs with the backbone")
    assert "and in 0% of runs if the ministry never joins" in sentences[2]


def doubling_of(with_backbone: list[int], without: list[int]) -> str:
    """The sentence on doubling of runs in pairs, with a flag each."""
    frame = runs(len(with_backbone), no_backbone=-2000.0)
    free = frame["dates"] == "emergent"
    frame.loc[free, "doubled"] = [float(flag) for flag in with_backbone + without]
    return doubling_sentence(opening(frame))


def test_shares_that_differ_by_chance_alone_are_not_contrasted():
    text = doubling_of([1, 1, 1, 1, 0, 0], [1, 0, 0, 0, 0, 0])
    assert text.startswith("Enrolment doubles in 67% of runs with the backbone (")
    assert "These runs cannot tell the shares with the backbone and without it apart. The 95% interval of their" in text
    assert text.endswith("percentage points) includes zero.")


def test_shares_whose_difference_excludes_zero_stand_alone():
    assert "cannot tell" not in doubling_of([1] * 30, [1] * 5 + [0] * 25)


def test_an_arm_of_another_question_has_its_own_name():
    text = matters_sentence(opening(runs(a_new_tax=500.0)))
    assert text.startswith(
        "**In the model *a new tax* matters**: with it examinees in 2020 are higher than in *base* by"
    )


def test_two_few_pairs_say_what_cannot_be_said():
    few = opening(runs(6, no_backbone=-2000.0))
    assert unknown_sentence(few).startswith("These 6 pairs of runs give the backbone's effect to within about")
    assert unknown_sentence(few).endswith("Intervals from so few pairs tend to be too narrow.")
    one = opening(runs(1, no_backbone=-2000.0))
    assert "cannot tell whether the backbone matters**: fewer than two pairs" in matters_sentence(one)
    assert unknown_sentence(one) == ""


def test_arms_are_compared_with_one_another():
    frame = runs(worse=-2000.0, same=-2000.0, better=500.0)
    arms = ["base", "worse", "same", "better"]
    pairs, means = arm_pairs(frame, arms, OUTCOME), arm_means(frame, arms, OUTCOME)
    assert len(pairs) == 12
    table = arms_in_text(pairs, means, "base", unit_of("students")).set_index("arm")
    assert list(table.index)[:2] == ["better", "base"]
    assert table.loc["better", "lower than"] == "none"
    assert set(table.loc["base", "higher than"].split(", ")) == {"worse", "same"}
    assert table.loc["worse", "size of its difference"] == "medium"
    assert apart_sentence(pairs).startswith("Of 6 comparisons of two arms, ")
    every = differences_in_text(pairs, list(means.index), unit_of("students"))
    assert every.shape == (3, 4)
    assert every.iloc[2, 1:3].tolist() == ["", ""]
