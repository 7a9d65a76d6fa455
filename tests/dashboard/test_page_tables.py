"""Tables computed in advance: they are what the model gives today, and every sentence made of them is theirs."""

from __future__ import annotations

import pandas as pd
import pytest

pytest.importorskip("solara", reason="the extra `dashboard` is not installed")

import sim
from experiments.maintenance.page_tables import (
    ANIMATION,
    DOSE_SEEDS,
    RANGE_OUTCOMES,
    YEAR,
    by_seed,
    doses,
    range_table,
    settings_of,
    years_of,
)
from sim.dashboard import landing, precomputed
from sim.dashboard.landing import effect_sentence, timing_sentence
from sim.dashboard.precomputed import TABLES, WITH, WITHOUT
from sim.dashboard.scenario_names import scenario_choices
from sim.dashboard.settings import Settings
from sim.dashboard.sliders import CONDITIONS, LEVERS, SEED, UNTIL, Lever
from sim.runs.headlines import headlines

MENDED = "the page's tables are out of date: run `make page-tables`"


def row(timing: int, difference: int, low: int, high: int) -> dict:
    """Return a row of the comparison."""
    return {
        "timing": timing,
        "doubled_with": 9,
        "doubled_without": 2,
        "difference": difference,
        "low": low,
        "high": high,
    }


def table(*rows: dict) -> dict:
    """Return a table of the first comparison."""
    return {"by_timing": list(rows), "runs": 10, "year": 2020}


@pytest.mark.simulates
def test_the_responses_are_what_the_model_gives():
    rows = pd.read_csv(TABLES / "dose_response.csv").set_index(["key", "value", "seed"])["examinees"]
    for key, value in (("trust.gain", 20.0), ("conditions.common_agenda", 0.0)):
        years = by_seed(years_of(Settings().with_(key, value), DOSE_SEEDS[:1]))
        assert rows[key, value, DOSE_SEEDS[0]] == round(years[YEAR].iloc[0]), MENDED


@pytest.mark.simulates
@pytest.mark.parametrize("arm", [WITH, WITHOUT])
def test_the_film_is_what_the_model_gives(arm):
    from sim.dashboard.live_run import simulate_live

    film = precomputed.film()
    live = simulate_live(settings_of(arm).as_scenario(), film["seed"])
    last = live.months[-1]
    pairs = {(min(a, b), max(a, b)) for a, b in zip(last.source.tolist(), last.target.tolist(), strict=True)}
    frame = film["arms"][arm][-1]
    assert len(frame["ties"]) == 2 * len(pairs), MENDED
    assert frame["members"] == last.member.sum(), MENDED


def test_every_slider_and_switch_has_a_response_at_each_of_its_settings():
    curves = precomputed.responses()
    shown = [lever for lever in (*LEVERS, *CONDITIONS) if lever.key not in (UNTIL, SEED)]
    assert {lever.key: [point.value for point in curves[lever.key]] for lever in shown} == {
        lever.key: doses(lever) for lever in shown
    }
    assert all(point.runs == len(DOSE_SEEDS) for curve in curves.values() for point in curve)


def test_the_animation_of_the_documents_is_made_of_the_tables():
    assert ANIMATION.read_text(encoding="utf-8") == landing.animation(), MENDED
    assert len(ANIMATION.read_bytes()) < 1.5e6


def test_the_page_opens_with_the_typical_seed():
    assert Settings().seed == precomputed.opening()["typical_seed"] == precomputed.film()["seed"]


def test_the_page_opens_with_the_answer_of_the_readme_and_names_the_model_that_it_shows():
    readme = " ".join((ANIMATION.parents[1] / "README.md").read_text(encoding="utf-8").replace("**", "").split())
    assert landing.answer() in readme
    added = headlines()["backbone_adds"]
    shown = landing.shown_sentences()
    assert f"a backbone adds {added.text} examinees in 2020 (95% interval {added.interval})" in landing.basis()
    assert shown.startswith("In this model with its default parameters, shown here, enrolment doubles")
    assert (
        "Shown is one model with its default parameters. Over seven models enrolment doubles in" in landing.animation()
    )


def test_the_answer_is_no_stronger_than_its_interval():
    assert "the backbone adds 500 students" in effect_sentence(table(row(0, 500, 100, 900)))
    assert "the backbone takes away 500 students" in effect_sentence(table(row(0, -500, -900, -100)))
    assert "these runs cannot tell" in effect_sentence(table(row(0, 500, -100, 900)))
    assert "makes no clear difference" in timing_sentence(table(row(0, 500, 100, 900), row(12, 300, 50, 800)))
    clear = timing_sentence(table(row(0, 500, 400, 600), row(-12, 100, 50, 200)))
    assert "most when windows for reform open when they did, and least when they open 12 months earlier (+100" in clear


@pytest.mark.simulates
def test_every_control_moves_something_between_the_ends_of_its_range():
    idle = []
    for lever in (*LEVERS, *CONDITIONS):
        runs = [
            sim.simulate(Settings().with_(lever.key, end).as_scenario(), seed_at(lever, end))
            for end in (lever.low, lever.high)
        ]
        if runs[0].outcomes.equals(runs[1].outcomes):
            idle.append(lever.key)
    assert idle == []


def seed_at(lever: Lever, end: int) -> int:
    """Return the seed of a run at one end of a control: that end for the slider of the seed itself."""
    return end if lever.key == SEED else 2


def test_every_control_has_a_row_with_an_interval_for_each_outcome():
    controls = {lever.key for lever in (*LEVERS, *CONDITIONS)} - {UNTIL, SEED}
    assert set(precomputed.ranges()) == controls, MENDED
    for rows in precomputed.ranges().values():
        assert [row.outcome for row in rows] == list(RANGE_OUTCOMES), MENDED
        assert all(row.low <= row.difference <= row.high for row in rows)
    assert set(precomputed.MOVED) == set(RANGE_OUTCOMES[1:])


@pytest.mark.simulates
def test_a_range_is_the_difference_between_its_two_ends():
    lever = CONDITIONS[0]
    rows = range_table(range(1, 4), [lever]).set_index("outcome")
    ends = [by_seed(years_of(Settings().with_(lever.key, end), range(1, 4)))[YEAR] for end in (0, 1)]
    assert rows.loc[RANGE_OUTCOMES[0], "difference"] == pytest.approx((ends[1] - ends[0]).mean(), abs=0.6)


@pytest.mark.parametrize("lever", CONDITIONS, ids=lambda lever: lever.key)
def test_a_switch_says_what_it_moves_with_an_interval(lever):
    short, sentence = precomputed.switch_effect(lever.key)
    students = precomputed.ranges()[lever.key][0]
    assert short.endswith(precomputed.signed(-students.difference))
    assert sentence.count("95% interval") >= 1
    assert f"{students.pairs} pairs of runs" in sentence


@pytest.mark.simulates
def test_every_scenario_of_the_picker_has_outcomes_of_its_own():
    first = sim.simulate(Settings().as_scenario(), 2).outcomes
    same = [
        name
        for name, _ in scenario_choices()
        if name != Settings.scenario and sim.simulate(Settings(name).as_scenario(), 2).outcomes.equals(first)
    ]
    assert same == []
