"""The page of a sweep answers first, in words that its intervals support, and is readable at 1,000 pixels."""

from __future__ import annotations

import pytest
from matplotlib.text import Text

from sim.figures.sweep import Choices
from sim.figures.sweep_page import WIDTH, findings_of, map_goals, sweep_page
from sim.findings.sweep_answer import answer_sentence, fan_sentence, strength_sentence, timing_sentence
from tests.figures.invented import PUBLISHED, sweep

pytestmark = pytest.mark.slow

LEAST = 9.0
"""Smallest letters on a page that is 1,000 pixels wide [pixels]."""


def words(figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible()]


@pytest.mark.parametrize("until", [2017, 2020])
def test_nothing_is_cut_off_and_letters_are_large_enough(until):
    page = sweep_page(sweep(seeds=5, until=until), PUBLISHED, "made by a test, commit 0123456789, 540 runs")
    page.canvas.draw()
    renderer = page.canvas.get_renderer()
    outside = {
        label.get_text() for ax in page.axes for label in ax.get_xticklabels()
    }  # some lie beyond the limits, unseen
    for text in words(page):
        box = text.get_window_extent(renderer)
        if text.get_text() not in outside:
            assert box.x0 >= 0, text.get_text()
            assert box.x1 <= page.bbox.x1, text.get_text()
        assert text.get_fontsize() / 72 * 1000 / WIDTH >= LEAST, text.get_text()


def test_the_page_has_two_maps_and_one_fan_with_a_sentence_each():
    frame = sweep(seeds=24, until=2020)
    page, findings = sweep_page(frame, PUBLISHED), findings_of(frame, Choices())
    assert len(page.axes) == 3
    shown = " ".join(" ".join(text.get_text() for text in words(page)).split())
    for sentence in (answer_sentence(findings), strength_sentence(findings), fan_sentence(findings)):
        assert sentence in shown
    assert answer_sentence(findings).startswith("In this model with its default parameters the backbone matters")
    assert "95% interval" in answer_sentence(findings)
    over_models = findings_of(frame.assign(structure="damped_taste"), Choices())
    assert answer_sentence(over_models).startswith("In the model the backbone matters")
    over_sets = sweep_page(frame, PUBLISHED, "", Choices(default_parameters=False))
    texts = " ".join(" ".join(text.get_text() for text in words(over_sets)).split())
    assert "In the model the backbone matters" in texts
    assert "95% intervals cover random variation and parameter sets" in texts


def test_few_seeds_are_a_first_look_and_runs_that_end_early_say_so():
    few = findings_of(sweep(seeds=3, until=2020), Choices())
    assert answer_sentence(few).startswith(
        "A first look (3 seeds): in this model with its default parameters the backbone matters for doubling by 2020; whether"
    )
    early = findings_of(sweep(seeds=3, until=2017), Choices())
    assert answer_sentence(early) == "These runs end before 2020, so they cannot tell whether enrolment doubles."
    assert timing_sentence(early) == ""
    assert [goal.by for goal in map_goals(early.frame, Choices())] == [2017, 2020]
