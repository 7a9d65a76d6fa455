"""Predictions drawn: a fan for each scenario, and an effect along the parameters that the record leaves open."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.analysis.predictions import by_tercile
from sim.figures import style
from sim.figures.predictions import predictions_page, terciles_page
from tests.figures.invented import PUBLISHED

LABELS = {"a": "weight of this [logit]", "b": "part of that [share]"}


def pairs() -> pd.DataFrame:
    """Thirty parameter sets whose effect follows one parameter and not the other."""
    values = np.linspace(0.0, 1.0, 30)
    return pd.DataFrame({"a": values, "b": np.roll(values, 11), "effect": 1000.0 * values - 300.0})


def test_each_parameter_has_a_panel_with_a_dot_a_set_in_words_with_its_unit():
    page = terciles_page(pairs(), LABELS, "effect [students]", "made so")
    assert [ax.get_xlabel() for ax in page.axes] == list(LABELS.values())
    assert page.axes[0].get_ylabel() == "effect [students]"
    assert [len(ax.collections[0].get_offsets()) for ax in page.axes] == [30, 30]
    assert "configs/data/targets.csv" in page.texts[-1].get_text()
    assert "made so" in page.texts[-1].get_text()


def test_the_bars_are_the_means_of_the_thirds_with_their_intervals():
    ax = terciles_page(pairs(), LABELS, "effect [students]").axes[0]
    bars = [line for line in ax.lines if line.get_color() == style.ORANGE]
    table = by_tercile(pairs()["a"], pairs()["effect"])
    assert [line.get_ydata()[0] for line in bars[::2]] == table["effect"].tolist()
    assert [tuple(line.get_ydata()) for line in bars[1::2]] == list(zip(table["low"], table["high"], strict=True))
    assert [text.get_text() for text in ax.texts if text.get_color() == style.ORANGE] == ["10%", "100%", "100%"]


def test_sets_of_models_that_hold_a_parameter_are_left_out_of_its_panel():
    table = pairs()
    first, second = list(LABELS)[:2]
    held = table.assign(**{first: table[first].where(table.index % 2 == 0)})
    page = terciles_page(held, LABELS, "effect [students]")
    dots = [len(ax.collections[0].get_offsets()) for ax in page.axes]
    assert dots[0] == held[first].notna().sum() < dots[1] == len(table)
    assert "A panel leaves out the sets of models" in " ".join(text.get_text() for text in page.texts)
    assert held[second].notna().all()


def test_each_scenario_has_a_fan_on_the_same_scale_and_the_year_to_which_it_was_fitted():
    rows = [
        {
            "scenario": name,
            "seed": seed,
            **{f"examinees_{year}": 9000.0 + seed * (year - 2012) for year in range(2012, 2026)},
        }
        for name in ("historical", "no_backbone")
        for seed in range(5)
    ]
    page = predictions_page(pd.DataFrame(rows), PUBLISHED, 2017)
    assert len({ax.get_ylim() for ax in page.axes}) == 1
    assert [[text.get_text() for text in ax.texts] for ax in page.axes] == [
        ["A  historical", "nothing fitted\nafter 2017"],
        ["B  no backbone", "nothing fitted\nafter 2017"],
    ]
