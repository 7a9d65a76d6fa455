"""Later facts drawn beside what was predicted of them; every figure is made up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.fit import facts
from sim.analysis.validation import RIVAL_COLUMNS, predictions, rival_forecasts
from sim.figures import style
from sim.figures.validation import MOST_FACTS, RIVALS, validation_page


def later_facts(pattern: str, years: range, value: float) -> pd.DataFrame:
    table = pd.DataFrame({"pattern": pattern, "year": years, "group": "national", "value": value})
    return facts(table.assign(unit="x", reliability="A", use="fit")).assign(later=True)


def drawn(tests: pd.DataFrame, past: pd.DataFrame | None = None, names: tuple[str, ...] = ("one",)):
    """The page of runs that lie evenly about 1.1 times each fact, and the tables that it shows."""
    steps = np.linspace(0.9, 1.3, 20)
    columns = {f"{row['pattern']}/{row['year']}/{row['group']}": row["value"] * steps for _, row in tests.iterrows()}
    frame = pd.concat([pd.DataFrame(columns).assign(scenario=name) for name in names], ignore_index=True)
    table = predictions(frame, tests)
    others = pd.DataFrame(columns=RIVAL_COLUMNS) if past is None else rival_forecasts(tests, past)
    return validation_page(table, others, "made so"), table, others


@pytest.fixture
def both() -> pd.DataFrame:
    counts, shares = (
        later_facts("maths5_examinees", range(2019, 2024), 150.0),
        later_facts("dropout_5_units", range(2019, 2025), 0.3),
    )
    return pd.concat([counts, shares], ignore_index=True)


def medians(ax):
    return [line.get_xdata()[0] for line in ax.lines if line.get_marker() in ("o", "s")]


def test_counts_and_shares_have_a_panel_each_and_every_fact_its_row(both):
    page, table, _ = drawn(both)
    counts, shares, ranks = page.axes
    assert next(label.get_text() for label in counts.get_yticklabels()) == "examinees at five units, 2019"
    assert [len(ax.get_yticks()) for ax in (counts, shares)] == [5, 6]
    observed, median = (table.loc[table["scale"] == "count", key].iloc[0] for key in ("observed", "median"))
    assert medians(counts)[0] == pytest.approx(100.0 * np.log(median / observed))
    assert medians(shares)[0] == pytest.approx(100.0 * (table[table["scale"] == "share"]["median"].iloc[0] - 0.3))
    assert sum(bar.get_height() for bar in ranks.patches if bar.get_width() < 0.5) == 11
    assert "made so" in page.texts[-1].get_text()


def test_ranks_of_few_facts_are_not_drawn_and_facts_within_the_fitted_years_are_marked(both):
    page, _, _ = drawn(both.assign(later=both["year"] > 2019))
    assert len(page.axes) == 2
    labels = [label.get_text() for label in page.axes[0].get_yticklabels()]
    assert [label.endswith(" *") for label in labels] == [True, False, False, False, False]


def test_rivals_are_small_marks_at_what_they_predict(both):
    past = pd.concat(
        [later_facts("maths5_examinees", range(year, year + 1), 100.0 + year - 2012) for year in range(2012, 2017)]
    )
    page, _, others = drawn(both, past)
    marks = {
        line.get_marker(): line.get_xdata()[0] for line in page.axes[0].lines if line.get_marker() in RIVALS.values()
    }
    last = others[others["year"] == 2023].set_index("rival")["predicted"]
    assert marks == {RIVALS[name]: pytest.approx(100.0 * np.log(value / 150.0)) for name, value in last.items()}
    assert len(marks) == 3


def test_a_fact_outside_has_another_mark(both):
    _, table, _ = drawn(both)
    page = validation_page(table.assign(lies="outside"), pd.DataFrame(columns=RIVAL_COLUMNS))
    colours = {line.get_color() for line in page.axes[0].lines if line.get_marker() == "s"}
    assert colours == {style.ORANGE}


def test_each_scenario_has_a_column(both):
    page, _, _ = drawn(both, names=("one", "another_one"))
    titles = [text.get_text().strip() for ax in page.axes for text in ax.texts if "counts" in text.get_text()]
    assert titles == ["one: counts", "another one: counts"]


def test_a_page_shows_only_so_many_facts_and_says_so():
    page, _, _ = drawn(later_facts("maths5_examinees", range(2019, 2019 + MOST_FACTS + 5), 150.0))
    assert len(page.axes[0].get_yticks()) == MOST_FACTS
    assert f"65 facts; nothing was fitted to them; the first {MOST_FACTS} are shown." in [
        t.get_text() for t in page.texts
    ]


def test_a_page_of_nothing_but_a_yes_says_so():
    tests = later_facts("physics_follows", range(2019, 2020), 1.0)
    page, _, _ = drawn(tests)
    assert [text.get_text().replace("\n", " ") for text in page.axes[0].texts] == [
        "No run has a count or a share of these facts"
    ]
