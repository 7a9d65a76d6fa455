"""Robustness of findings under other mechanisms: ratios within pairs, verdicts by their intervals, and sentences."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from sim.analysis.clusters import PARAMETER_SET
from sim.analysis.robustness import (
    ITSELF,
    Ratio,
    effect_ratio,
    findings_with_worst,
    robustness_table,
    robustness_verdict,
    worst_first,
)
from sim.figures.robustness import robustness_page
from sim.findings.robustness import overall_sentence, ratio_text, robustness_sentence
from tests.offenders import each_of

SEEDS = np.arange(1, 41)
OUTCOME = "examinees_2020"
NOISE = np.random.default_rng(3).normal(size=(4, len(SEEDS)))
NOISE -= NOISE.mean(axis=1, keepdims=True)


def runs(effect: np.ndarray, arm: str = "arm", luck: float = 500.0) -> pd.DataFrame:
    """Runs of a baseline and an arm in which the paired difference is the effect of each seed."""
    base = 20_000.0 + luck * NOISE[3][: len(effect)]
    seeds = SEEDS[: len(effect)]
    rows = [pd.DataFrame({"scenario": name, "dates": "emergent", "seed": seeds, OUTCOME: base + more})
            for name, more in (("base", 0.0), (arm, effect))]  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def table(model: np.ndarray, **rivals: np.ndarray) -> pd.DataFrame:
    """The comparison in a model and under rivals, from the effects of each seed."""
    frames = {ITSELF: runs(model)} | {name: runs(effect) for name, effect in rivals.items()}
    return robustness_table(frames, "base", ["arm"], [OUTCOME])


MODEL = -1_000.0 + 200.0 * NOISE[0]


@pytest.mark.heavy
@each_of(
    ("effect", "verdict", "mean"),
    [
        (MODEL, "holds", 1.0),
        (0.95 * MODEL + 50.0 * NOISE[1], "holds", 0.95),
        (0.85 * MODEL + 300.0 * NOISE[1], "holds", 0.85),
        (0.2 * MODEL + 50.0 * NOISE[1], "shrinks", 0.2),
        (0.6 * MODEL + 700.0 * NOISE[1], "shrinks", 0.6),
        (1.6 * MODEL + 50.0 * NOISE[1], "grows", 1.6),
        (1.5 * MODEL + 900.0 * NOISE[1], "holds", 1.5),
        (-0.5 * MODEL + 50.0 * NOISE[1], "reverses", -0.5),
        (300.0 * NOISE[1], "not told", 0.0),
        (0.0 * MODEL, "not told", 0.0),
        (-0.1 * MODEL + 900.0 * NOISE[1], "not told", -0.1),
        (0.9 * MODEL + 2000.0 * NOISE[1], "not told", 0.9),
    ],
)
def test_a_verdict_compares_sign_and_size(effect, verdict, mean):
    row = table(MODEL, rival=effect).iloc[1]
    assert row["verdict"] == verdict
    assert row["ratio"] == pytest.approx(mean, abs=1e-9)
    assert row["ratio_low"] <= mean + 1e-9
    assert row["ratio_high"] >= mean - 1e-9
    assert row["ratio_pairs"] == len(SEEDS)


def test_the_ends_of_the_rule_are_as_documented():
    verdicts = {
        (0.50, 0.75): "holds", (0.50, 0.7499): "shrinks", (0.4999, 0.99): "shrinks", (0.4999, 1.0): "not told",
        (0.4999, 3.0): "not told", (0.01, 0.7499): "shrinks", (0.0, 0.5): "not told", (4 / 3, 2.0): "holds",
        (1.334, 2.0): "grows", (0.5, 3.0): "holds", (float("nan"), float("nan")): "not told",
    }  # fmt: skip
    for (low, high), verdict in verdicts.items():
        assert robustness_verdict(-1, -1, Ratio(0.6, low, high, 40)) == verdict, (low, high)


def test_without_a_finding_in_the_model_there_is_nothing_to_compare_and_no_ratio():
    unsure = 100.0 + 1_000.0 * NOISE[0]
    both = table(unsure, same=unsure, strong=MODEL)
    assert set(both["verdict"]) == {"nothing to compare"}
    assert both["ratio"].isna().all()
    assert findings_with_worst(both).empty


def test_over_an_effect_that_is_barely_one_the_interval_of_the_ratio_is_wide():
    """The mean is just over two standard errors from zero, so that some resamples of it lie near zero or beyond."""
    spread = 1_000.0
    barely = 2.15 * spread / np.sqrt(len(SEEDS)) + spread * NOISE[0] / NOISE[0].std(ddof=1)
    own, rival, itself = table(barely, rival=barely.mean() + 50.0 * NOISE[1], itself=barely).to_dict("records")
    assert own["verdict"] == "finding"
    assert own["low"] < 0.2 * own["difference"]
    assert rival["low"] > 0
    assert rival["ratio"] == pytest.approx(1.0)
    assert rival["ratio_high"] > 4.0
    assert rival["ratio_low"] < 0.6
    assert rival["verdict"] not in ("shrinks", "grows", "reverses"), "a rival of the same size is not another size"
    assert (itself["ratio_low"], itself["ratio"], itself["ratio_high"]) == pytest.approx((1.0, 1.0, 1.0))
    (loose,) = table(barely, rival=0.5 * barely.mean() + 450.0 * NOISE[1]).to_dict("records")[1:]
    assert loose["low"] > 0
    assert loose["verdict"] == "not told"


def test_a_ratio_pairs_seeds_and_not_rows():
    frames = {ITSELF: runs(MODEL), "rival": runs(0.7 * MODEL).sample(frac=1.0, random_state=1)}
    row = robustness_table(frames, "base", ["arm"], [OUTCOME]).iloc[1]
    assert (row["ratio_low"], row["ratio_high"]) == pytest.approx((0.7, 0.7))
    other = table(MODEL, rival=0.7 * MODEL[::-1]).iloc[1]
    assert other["ratio_high"] - other["ratio_low"] > 0.05


def test_a_ratio_is_of_the_pairs_that_both_have():
    rival = runs(0.7 * MODEL)
    rival.loc[(rival["scenario"] == "arm") & (rival["seed"] <= 15), OUTCOME] = np.nan
    rival.loc[rival["seed"] > 15, OUTCOME] += np.where(rival["scenario"][rival["seed"] > 15] == "arm", -5_000.0, 0.0)
    row = robustness_table({ITSELF: runs(MODEL), "rival": rival}, "base", ["arm"], [OUTCOME]).iloc[1]
    assert row["ratio_pairs"] == 25
    assert row["ratio"] == pytest.approx((0.7 * MODEL[15:].mean() - 5_000.0) / MODEL[15:].mean())


def test_a_mechanism_without_runs_of_an_arm_is_not_told():
    rival = runs(MODEL)
    row = robustness_table(
        {ITSELF: runs(MODEL), "rival": rival[rival["scenario"] == "base"]}, "base", ["arm"], [OUTCOME]
    ).iloc[1]
    assert (row["verdict"], row["ratio_pairs"]) == ("not told", 0)


def test_pairs_that_share_parameter_sets_are_resampled_as_sets():
    by_set = np.repeat(NOISE[1][:8], 5)
    rival = {name: runs(0.8 * MODEL + 200.0 * by_set) for name in ("alone", "shared")}
    sets = {"alone": {}, "shared": {PARAMETER_SET: np.tile((SEEDS - 1) // 5, 2)}}
    wide = {}
    for name, column in sets.items():
        frames = {ITSELF: runs(MODEL).assign(**column), "rival": rival[name].assign(**column)}
        row = robustness_table(frames, "base", ["arm"], [OUTCOME]).iloc[1]
        wide[name] = row["ratio_high"] - row["ratio_low"]
    assert wide["shared"] > 1.5 * wide["alone"]


@pytest.mark.heavy
@pytest.mark.parametrize("errors", [2.0, 12.0])
def test_a_ratio_covers_its_true_value_in_95_percent_of_samples_also_where_the_model_has_barely_a_finding(errors):
    draws, missed, answered, mean = np.random.default_rng(5), 0, 0, errors / np.sqrt(40)
    for _ in range(200):
        own, other = draws.normal(size=(2, 40))
        model, rival = mean + own, 0.3 * mean + 0.5 * own + other
        _, low, high, _ = effect_ratio(np.column_stack([rival, 0 * rival]), np.column_stack([model, 0 * model]))
        answered += not np.isnan(low)
        missed += not np.isnan(low) and not low <= 0.3 <= high
    assert answered > 70
    assert binom.ppf(0.0001, answered, 0.05) <= missed <= binom.ppf(0.9999, answered, 0.06)


def test_a_yes_or_no_that_is_the_same_in_every_pair_has_an_interval_all_the_same():
    always, half = np.array([[1.0, 0.0]] * 10), np.array([[1.0, 0.0], [0.0, 0.0]] * 5)
    assert effect_ratio(always, always).low < 0.9
    assert effect_ratio(half, always).high > effect_ratio(half, always).mean == 0.5
    assert effect_ratio(always, always).high > 1.1


def test_the_worst_verdict_comes_first_and_of_the_same_the_one_furthest_from_the_model():
    rivals = table(
        MODEL, same=MODEL, less=0.2 * MODEL, least=0.1 * MODEL, more=1.5 * MODEL, most=2.0 * MODEL,
        other=-0.5 * MODEL, unsure=300.0 * NOISE[1], slightly=0.9 * MODEL, loose=0.9 * MODEL + 2000.0 * NOISE[1],
    ).iloc[1:]  # fmt: skip
    order = ["other", "unsure", "least", "less", "loose", "most", "more", "slightly", "same"]
    assert worst_first(rivals)["mechanism"].tolist() == order


def test_a_finding_has_its_verdicts_counted_and_its_worst_named():
    (row,) = findings_with_worst(table(MODEL, a=MODEL, b=0.2 * MODEL, c=-0.5 * MODEL)).to_dict("records")
    assert (row["holds"], row["shrinks"], row["reverses"], row["grows"], row["not told"]) == (1, 1, 1, 0, 0)
    assert (row["mechanisms"], row["worst"], row["under"]) == (3, "reverses", "c")
    assert row["ratio"] == pytest.approx(-0.5)


def sentence(**rivals: np.ndarray) -> str:
    rows = table(MODEL, **rivals)
    return robustness_sentence(rows.iloc[0], rows.iloc[1:], "examinees in 2020")


def test_a_sentence_names_the_worst_verdict_its_mechanism_and_its_ratio_first():
    assert sentence(reputation=MODEL, no_network=0.2 * MODEL) == (
        "its effect on examinees in 2020 (lower), at worst, shrinks to 20% (20 to 20%) under no network; it holds under 1 of "
        "2 other mechanisms; it reverses under none."
    )
    assert sentence(reputation=-0.5 * MODEL, no_network=2.0 * MODEL) == (
        "its effect on examinees in 2020 (lower), at worst, reverses under reputation: \N{MINUS SIGN}50% (\N{MINUS SIGN}50 to "
        "\N{MINUS SIGN}50%); grows to 200% (200 to 200%) under no network; it holds under none of 2 other mechanisms."
    )
    assert sentence(reputation=MODEL, no_network=0.9 * MODEL) == (
        "its effect on examinees in 2020 (lower) holds under both other mechanisms, at worst with 90% (90 to 90%) under no "
        "network."
    )
    assert "is not told under reputation: " in sentence(reputation=300.0 * NOISE[1])


def test_what_has_no_ratio_says_so():
    assert ratio_text(dict.fromkeys(("ratio", "ratio_low", "ratio_high"), float("nan"))) == "the ratio is not known"
    assert ratio_text({"ratio": 0.034, "ratio_low": -0.004, "ratio_high": 12.0}) == "3.4% (\N{MINUS SIGN}0.4 to 1,200%)"


def test_findings_are_counted_by_their_worst_verdict():
    findings = pd.DataFrame({"worst": ["holds", "shrinks", "shrinks", "reverses"]})
    assert overall_sentence(findings, 8) == (
        "1 of 4 findings holds under each of 8 other mechanisms, at the parameter sets of the model itself (not refitted). "
        "By the worst verdict on each, 1 reverses, 2 shrink."
    )
    assert overall_sentence(findings[1:2], 8).startswith(
        "The only finding shrinks under at least one of 8 other mechanisms, at"
    )
    assert overall_sentence(findings[:0], 8).startswith("The model itself has no finding")


def test_the_page_has_a_panel_a_finding_and_a_line_a_mechanism():
    many = table(MODEL, a=MODEL, b=0.2 * MODEL, c=-5.0 * MODEL)
    nothing = robustness_table({ITSELF: runs(MODEL * 0, "idle"), "a": runs(MODEL, "idle")}, "base", ["idle"], [OUTCOME])
    page = robustness_page(pd.concat([many, nothing], ignore_index=True), {OUTCOME: "examinees in 2020"}, "made here")
    shown = [ax for ax in page.axes if ax.get_visible()]
    assert len(shown) == 1
    assert [tick.get_text() for tick in shown[0].get_yticklabels()] == ["a", "b", "c"]
    assert shown[0].get_xlabel().replace("\n", " ") == "% of the model's effect 100% = \N{MINUS SIGN}1,000 students"
    lines = [line.get_xdata()[0] for line in shown[0].get_lines() if len(set(line.get_xdata())) == 1]
    assert lines[:2] == [0, 100]
    assert "\N{MINUS SIGN}500%" in [text.get_text() for text in shown[0].texts], "it lies beyond the axis"
    words = " ".join(text.get_text() for text in page.texts).replace("\n", " ")
    assert "1 comparison without a finding in the model is not shown" in words


def test_a_page_without_findings_says_so():
    nothing = robustness_table({ITSELF: runs(MODEL * 0), "a": runs(MODEL)}, "base", ["arm"], [OUTCOME])
    page = robustness_page(nothing, {OUTCOME: "examinees in 2020"}, "made here")
    assert "The model itself has no finding" in " ".join(
        text.get_text() for ax in page.axes for text in ax.texts
    ).replace("\n", " ")
