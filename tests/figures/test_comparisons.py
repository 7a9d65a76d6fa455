"""A comparison drawn: what stands on its page, and that nothing on it is cut off or meets."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from sim.analysis.paired_differences import differences, effect_parts, group_columns, year_columns
from sim.figures import style
from sim.figures.comparison_page import comparison_page

pytestmark = pytest.mark.heavy

ARMS = ("weaker", "never", "by_the_same", "without_a_pair")
SEEDS = np.arange(1, 31)


def frame() -> pd.DataFrame:
    """Runs of a baseline and four arms: one also held, one that differs by the same in every pair, one without values."""
    draws = np.random.default_rng(3)
    luck, rows = draws.normal(0.0, 300.0, len(SEEDS)), []
    for name, less, dates in (
        ("base", 0.0, "emergent"), ("weaker", 2000.0, "emergent"), ("weaker", 400.0, "held"), ("never", 5000.0, "emergent"),
        ("never", 5000.0, "none"), ("base", 4900.0, "none"),
        ("by_the_same", 100.0, "emergent"), ("without_a_pair", np.nan, "emergent"),
    ):  # fmt: skip
        own = luck if name in ("base", "by_the_same") else luck + draws.normal(0.0, 200.0, len(SEEDS))
        columns = {f"examinees_{year}": 20000.0 - less * share + own for year, share in ((2019, 0.5), (2020, 1.0))}
        gaps = {f"gap_{of}_2020": 0.2 + less / 1e6 + own / 1e5 for of in ("quintiles", "periphery", "streams")}
        about = {"scenario": name, "dates": dates, "seed": SEEDS, "month_national": 120.0}
        rows.append(pd.DataFrame(about | columns | gaps))
    return pd.concat(rows, ignore_index=True)


def page_of(runs: pd.DataFrame, arms=ARMS, first: str = "examinees_2020"):
    """The page of some arms."""
    about = runs, "base", arms
    by = {"outcome": [first], "year": year_columns(runs), "group": group_columns(runs)}
    table = pd.concat([differences(*about, names).assign(by=kind) for kind, names in by.items() if names])
    return comparison_page(
        table.reset_index(drop=True),
        effect_parts(*about, first),
        provenance="made by a test " + "arms=[weaker,never,by_the_same,without_a_pair] " * 7,
    )


@pytest.fixture(scope="module")
def page():
    return page_of(frame())


def words(figure) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(Text) if text.get_visible())


def test_the_page_has_effects_runs_saved_chances_years_and_gaps(page):
    texts = words(page)
    for part in (
        "Differences from base",
        "30 pairs of runs with the same seed",
        "Intervals cover random variation only",
        "A  Difference in examinees 2020",
        "B  Runs saved",
        "C  How often better",
        "D  Examinees year by year",
        "E  Gaps in 2020",
        "made by a test",
    ):
        assert part in texts


def test_each_effect_stands_at_its_mean_with_its_parts(page):
    effects = effect_parts(frame(), "base", ARMS, "examinees_2020")
    drawn = [
        x for line in page.axes[0].lines for x in line.get_xdata() if line.get_marker() in ("o", "s", "^") and x == x
    ]
    assert sorted(drawn) == pytest.approx(sorted(effects["effect"]))
    assert len(drawn) == 7, "three of the arms that were held or set beside no acts, and the total of another"


def test_an_effect_stands_beside_the_name_of_its_arm_after_one_without_a_pair():
    arms = ("never", "without_a_pair", "weaker")
    effects = effect_parts(frame(), "base", arms, "examinees_2020").groupby("part").get_group("total")
    ax = page_of(frame(), arms).axes[0]
    totals = next(line for line in ax.lines if line.get_marker() == "o")
    drawn = {round(y): x for x, y in zip(*totals.get_data(), strict=True) if x == x}
    assert drawn == pytest.approx({arms.index(row["arm"]): row["effect"] for _, row in effects.iterrows()})


def test_what_has_no_number_is_said(page):
    assert "no pair" in [text.get_text() for text in page.axes[0].texts]
    texts = [text.get_text() for text in page.axes[1].texts]
    assert "all: every pair differs equally" in texts
    assert "nothing varies" in texts
    assert "no acts" in words(page)


def test_arms_stand_in_one_order_and_lines_bear_their_names(page):
    for ax in page.axes[:3]:
        assert ax.get_ylim() == (len(ARMS) - 0.5, -0.5)
    assert [label.get_text() for label in page.axes[0].get_yticklabels()] == [style.plain(arm) for arm in ARMS]
    names = [text.get_text() for text in page.axes[3].texts]
    assert [name for name in names if name in ("weaker", "never", "by the same")] == ["never", "weaker", "by the same"]


@pytest.mark.parametrize("arms", [ARMS[:1], ARMS, ARMS * 2])
def test_nothing_is_cut_off_and_nothing_meets(arms):
    runs = frame()
    arms = [f"{arm}_{number}" for number, arm in enumerate(arms)]
    copies = [runs[runs["scenario"] == name.rsplit("_", 1)[0]].assign(scenario=name) for name in arms]
    drawn = page_of(pd.concat([runs[runs["scenario"] == "base"], *copies]), arms)
    drawn.canvas.draw()
    renderer = drawn.canvas.get_renderer()
    boxes = {f"panel {k}": ax.get_tightbbox(renderer) for k, ax in enumerate(drawn.axes)}
    boxes |= {text.get_text()[:40]: text.get_window_extent(renderer) for text in drawn.texts}
    for name, box in boxes.items():
        assert box.x0 >= 0, name
        assert box.y0 >= 0, name
        assert box.x1 <= drawn.bbox.x1, name
        assert box.y1 <= drawn.bbox.y1, name
    slim = {name: box.padded(-4) for name, box in boxes.items()}
    assert [(a, b) for k, a in enumerate(slim) for b in list(slim)[:k] if slim[a].overlaps(slim[b])] == []


def test_without_years_or_gaps_the_panels_say_so():
    runs = frame().rename(columns={"examinees_2020": "physics_2020"})
    runs = runs.drop(columns=[name for name in runs if name.startswith(("examinees_", "gap_"))])
    texts = words(page_of(runs, ("weaker",), "physics_2020"))
    assert "No simulated year differs" in texts.replace("\n", " ")
    assert "No gap of 2020 differs" in texts.replace("\n", " ")
    assert "[students]" in texts
