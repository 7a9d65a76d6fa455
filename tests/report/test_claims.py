"""Every sentence of a report is borne by the row it leads to; a test that sentences which say too much do not pass."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from sim.analysis.effects import Estimate
from tests.report.honest import DOWN, OPEN, UP, borne, claims_of, overstated
from tests.report.test_page import report_of

pytestmark = pytest.mark.heavy


def page_of(results: Path) -> str:
    return report_of(results).html


def folders(results: Path) -> list[Path]:
    return sorted(path for path in results.iterdir() if path.is_dir())


def test_no_sentence_says_more_or_other_than_its_row(results):
    made = page_of(results)
    assert overstated(made, folders(results)) == []


def test_nearly_every_sentence_is_held_against_its_row(results):
    rows = {row for folder in folders(results) for row, _ in borne(folder)}
    sentences = claims_of(page_of(results)).sentences
    other = [
        row
        for row, _ in sentences
        if row not in rows and not row.startswith(("robust-", "equity-costs-", "equity-money-"))
    ]
    assert len(sentences) > 60
    assert other == []


def test_every_kind_of_answer_occurs(results):
    text = " ".join(sentence for _, sentence in claims_of(page_of(results)).sentences)
    for word in (
        *UP,
        *DOWN,
        OPEN,
        "the same as in",
        "changes nothing",
        "holds under 1 of 3",
        "is not told under no network",
        "shrinks to 20%",
        "no cost",
    ):
        assert word in text, word


def test_a_sentence_that_takes_the_mean_for_a_finding_is_caught(results, monkeypatch):
    monkeypatch.setattr(Estimate, "sign", property(lambda self: (self.mean > 0) - (self.mean < 0)))
    caught = overstated(page_of(results), folders(results))
    assert any("claims less" in each for each in caught)
    assert any("noisy" in each for each in caught)


def test_a_sentence_with_a_figure_of_another_row_is_caught(results, monkeypatch):
    monkeypatch.setattr("sim.findings.numbers.interval", lambda low, high, *_: f"{low / 2:,.0f} to {high:,.0f}")
    assert any("quotes" in each for each in overstated(page_of(results), folders(results)))


@pytest.mark.parametrize("word", ["contribution", "part"])
def test_a_sentence_that_leaves_out_its_doubt_is_caught(results, monkeypatch, word):
    where = {
        "contribution": "sim.reports.chapters.attribution.contribution_sentence",
        "part": "sim.findings.comparison.part_text",
    }[word]
    original = getattr(__import__(where.rpartition(".")[0], fromlist=["x"]), where.rpartition(".")[2])

    def bold(*about: object) -> str:
        text = str(original(*about)).replace("a contribution of zero to", "adds to")
        return text.replace("; zero cannot be excluded", "").replace("cannot be excluded", "is found")

    monkeypatch.setattr(where, bold)
    assert overstated(page_of(results), folders(results))


def test_what_survives_is_counted_from_the_intervals_and_its_percents_stand_in_the_table(results):
    verdicts = pd.read_csv(results / "robust" / "robust.csv")
    texts = dict(claims_of(page_of(results)).sentences)
    model = verdicts[verdicts["mechanism"] == "the model"]
    findings = model[(model["low"] > 0) | (model["high"] < 0)]
    assert len(findings) > 2
    for _, own in findings.iterrows():
        same = verdicts[(verdicts["arm"] == own["arm"]) & (verdicts["dates"] == own["dates"])]
        rivals = same[same["mechanism"] != "the model"]
        signs = ((rivals["low"] > 0) & (own["low"] > 0)) | ((rivals["high"] < 0) & (own["high"] < 0))
        holds = signs & (rivals["ratio_low"] >= 0.5) & (rivals["ratio_high"] >= 0.75)
        text = texts[f"robust-{own['arm']}-examinees_2020-{own['dates']}"]
        assert f"holds under {holds.sum()} of {len(rivals)}" in text
        assert ("(higher)" in text) == (own["low"] > 0)
        quoted = {float(each.replace(",", "").replace("\N{MINUS SIGN}", "-")) for each in
                  re.findall(r"([\d,.\N{MINUS SIGN}]+)(?=%| to)", text)}  # fmt: skip
        borne = 100.0 * rivals[["ratio", "ratio_low", "ratio_high"]].to_numpy().ravel()
        assert len(quoted) > 2
        assert all(min(abs(each - value) for value in borne) <= 0.5 for each in quoted), text


def test_a_cost_is_told_only_where_somebody_is_sure_to_be_caused(results):
    costs = pd.read_csv(results / "equity" / "costs.csv")
    texts = dict(claims_of(page_of(results)).sentences)
    rows = costs[(costs["source"] == "all") & costs["caused"].notna()]
    assert {bool(low > 0) for low in rows["caused_low"]} == {True, False}
    for _, row in rows.iterrows():
        assert ("no cost for each" in texts[f"equity-costs-{row['arm']}"]) == (not row["caused_low"] > 0)


def test_the_chapter_begins_with_who_gains_in_the_baseline_alone(results):
    summary = page_of(results).partition('id="equity"')[2].partition("<details")[0]
    gaps = [row for row, _ in claims_of(summary).sentences if row.startswith("equity-")]
    assert len(gaps) > 4
    assert {row.split("-")[2] for row in gaps} == {"base"}, "and not of an arm whose name begins alike"
