"""Findings under other mechanisms: judged by their own interval, and told where they do not hold."""

from __future__ import annotations

import pandas as pd

from sim.analysis.robustness import surviving, survivors
from sim.figures.robustness import surviving_page

MODEL = "the model"


def rows(arm: str, *ends: tuple[str, float, float]) -> list[dict[str, object]]:
    """A comparison under some mechanisms, from low to high."""
    return [
        {"arm": arm, "outcome": "examinees_2020", "dates": "emergent", "mechanism": mechanism, "low": low, "high": high,
         "difference": (low + high) / 2, "n": 40}
        for mechanism, low, high in ends
    ]  # fmt: skip


TABLE = pd.DataFrame(
    rows("no_backbone", (MODEL, -900, -300), ("a", -800, -100), ("b", -500, 20), ("c", 100, 300))
    + rows("policy_late", (MODEL, -90, 30), ("a", -80, -10), ("b", -50, 20), ("c", 10, 30))
)


def test_a_finding_holds_is_open_or_reversed_by_the_whole_interval():
    found = surviving(TABLE, MODEL)
    assert found["verdict"].tolist() == ["holds", "holds", "open", "reversed"] + ["no finding"] * 4
    assert found["found"].tolist() == [-1] * 4 + [0] * 4


def test_what_the_model_did_not_find_is_no_finding_that_could_survive():
    (row,) = survivors(surviving(TABLE, MODEL), MODEL).to_dict("records")
    assert (row["arm"], row["holds"], row["of"], row["open"], row["reversed"]) == ("no_backbone", 1, 3, "b", "c")


def test_an_end_at_zero_is_no_finding():
    table = pd.DataFrame(rows("no_backbone", (MODEL, 0.0, 300.0), ("a", 1.0, 2.0)))
    assert surviving(table, MODEL)["verdict"].tolist() == ["no finding", "no finding"]


def test_the_page_has_a_panel_a_finding_and_a_line_a_mechanism():
    page = surviving_page(surviving(TABLE, MODEL), MODEL, {"examinees_2020": "Examinees 2020 [students]"}, "made here")
    shown = [ax for ax in page.axes if ax.get_visible()]
    assert len(shown) == 2
    assert [tick.get_text() for tick in shown[0].get_yticklabels()] == [MODEL, "a", "b", "c"]
    assert shown[0].get_xlabel() == "Examinees 2020 [students]"
