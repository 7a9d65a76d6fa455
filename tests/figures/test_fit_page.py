from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.fit import OUTSIDE, PATTERNS, facts, fit
from sim.declare import Fact
from sim.figures.fit import LOOKS, SOURCES, STACKS, TITLES, fit_page, value_text
from sim.world.facts import data_path

pytestmark = pytest.mark.heavy


@pytest.fixture(scope="module")
def targets():
    return pd.read_csv(data_path("targets.csv"))


def invented(targets: pd.DataFrame, seeds: int = 20) -> pd.DataFrame:
    """Runs about the published figures, some a little off; nobody's results."""
    luck = np.random.default_rng(5)
    rows = facts(targets)
    columns = {}
    for number, row in enumerate(rows.itertuples()):
        off = 1.0 + 0.03 * (number % 4) * luck.choice([-1, 1]) + 0.02 * luck.normal(size=seeds)
        name = Fact(row.pattern, row.year, row.group).column
        columns[name] = np.round(off > 0.9) if row.scale == "event" else row.value * off
    return pd.DataFrame(columns)


@pytest.fixture(scope="module")
def table(targets):
    return fit(invented(targets), targets)


@pytest.fixture(scope="module")
def page(table):
    return fit_page(table, "The record and an invention, pattern by pattern", "made by a test")


def words(figure) -> list[str]:
    from matplotlib.text import Text

    return [text.get_text() for text in figure.findobj(Text) if text.get_text() and text.get_visible()]


def test_every_fact_stands_on_the_page_with_both_figures(page, table):
    texts = words(page)
    for _, row in table.iterrows():
        assert value_text(row["observed"], row) in texts
        assert value_text(row["median"], row) in texts
    assert sum(len(ax.get_yticks()) for ax in page.axes) == len(table)


def test_the_page_says_how_many_facts_lie_inside_and_where_they_come_from(page, table):
    text = " ".join(words(page))
    assert f"for {table['inside'].sum()} of {len(table)} facts" in text
    assert "root mean square" in text
    assert "made by a test" in text
    assert SOURCES.split(",")[0] in text


def test_nothing_on_the_page_is_cut_off_and_no_panel_meets_another(page):
    page.canvas.draw()
    renderer = page.canvas.get_renderer()
    boxes = [ax.get_tightbbox(renderer) for ax in page.axes]
    boxes += [text.get_window_extent(renderer) for text in page.texts]
    boxes += [legend.get_window_extent(renderer) for legend in page.legends]
    for box in boxes:
        assert box.x0 >= 0
        assert box.y0 >= 0
        assert box.x1 <= page.bbox.x1
        assert box.y1 <= page.bbox.y1
    slim = [box.padded(-2) for box in boxes]
    assert not [(a, b) for a, box in enumerate(slim) for b in range(a) if box.overlaps(slim[b])]


def test_the_mark_of_what_lies_outside_differs_in_shape_and_in_colour(page, table):
    square, colour, _ = LOOKS[OUTSIDE]
    drawn = [line for ax in page.axes for line in ax.lines if line.get_marker() == square]
    assert len(drawn) == (table["lies"] == OUTSIDE).sum() > 0
    assert {line.get_color() for line in drawn} == {colour}


def test_the_tolerance_is_drawn_where_the_published_figure_stands(page, table):
    counts = next(ax for ax in page.axes if any("Examinees at five" in text.get_text() for text in ax.texts))
    ends = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in counts.patches]
    wanted = 100.0 * table.loc[table["pattern"] == "maths5_examinees", "tolerance"]
    np.testing.assert_allclose(ends, np.column_stack([-wanted, wanted]), atol=1e-9)


def test_facts_that_were_not_simulated_are_shown_without_runs(targets):
    frame = invented(targets).drop(columns="partners/2018/network")
    texts = words(fit_page(fit(frame, targets), "Short runs"))
    assert any("Not simulated: 1." in word for word in texts)
    assert "\N{EN DASH}" in texts


def test_a_table_of_few_facts_has_few_panels(targets):
    few = targets[targets["pattern"].isin(["maths5_examinees", "physics_follows"])]
    page = fit_page(fit(invented(targets), few), "Two patterns")
    assert len(page.axes) == 2


def test_every_pattern_has_a_panel_and_every_panel_a_place():
    shown = {(pattern.panel, pattern.scale) for pattern in PATTERNS.values()}
    assert shown == set(TITLES) == {key for stack in STACKS for key in stack}
