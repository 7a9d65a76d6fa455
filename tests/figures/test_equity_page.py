"""Equity and cost drawn: what stands on the page, that it is what the tables say, and that nothing is cut off or meets."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from sim.analysis.costs import ALL, costs
from sim.analysis.equity import gains, gaps, mean_curve
from sim.figures.equity import EquityTables, equity_page

pytestmark = pytest.mark.slow

REFERENCE = "nothing_at_all"
ARMS = {"base": 1.0, "half_of_it": 0.5, "a_harmful_arm": -0.2}
TAKERS = {"quintile 1": 400, "quintile 2": 200, "quintile 3": 180, "quintile 4": 150, "quintile 5": 170,
          "quintile unknown": 40, "stream state": 700, "stream state_religious": 200, "stream haredi": 40,
          "stream non_jewish": 197, "stream unknown": 3, "centre": 600, "periphery": 540}  # fmt: skip
FATES = {"delivered": 60.0, "overhead": 10.0, "transit": 12.0, "unspent": 18.0}


def frame(arms: dict[str, float], seeds: int = 12) -> pd.DataFrame:
    """Runs of a reference and of arms that raise the share of every group, of the strong more."""
    draws, rows = np.random.default_rng(5), []
    for seed in range(1, seeds + 1):
        luck = draws.normal(1.0, 0.2)
        for name, times in {**arms, REFERENCE: 0.0}.items():
            shares = {
                group: 0.15 - 0.006 * place + times * luck * (0.08 - 0.003 * place)
                for place, group in enumerate(TAKERS)
            }
            five = {group: round(100 * takers * shares[group]) for group, takers in TAKERS.items()}
            five |= {"girls": 6000.0, "boys": 8000.0}
            total = sum(five[group] for group in TAKERS if group.startswith("quintile"))
            row = {
                "scenario": name,
                "dates": "emergent",
                "seed": seed,
                "examinees_2020": total,
                "cost_per_additional": 20.0 + luck,
            }
            row |= {f"examinees_2020/{group}": value for group, value in five.items()}
            row |= {f"takers_2020/{group}": 100 * takers for group, takers in TAKERS.items()}
            money = {**FATES, "offered": sum(FATES.values()), "duplicated": 20.0}
            row |= {f"{fate}/ngo": (1.0 + abs(times) + 0.1 * luck) * value for fate, value in money.items()}
            rows.append(row)
    return pd.DataFrame(rows)


def tables_of(arms: dict[str, float]) -> EquityTables:
    runs, names = frame(arms), [*arms, REFERENCE]
    return EquityTables(
        pd.concat([gains(runs, name, REFERENCE, 2020) for name in arms]),
        pd.concat([gaps(runs, name, REFERENCE, 2020) for name in names]),
        pd.concat([mean_curve(runs, name, 2020) for name in names]),
        costs(runs, names, REFERENCE),
        REFERENCE,
    )


MADE = "made by a test " + "arms=[base,half_of_it,a_harmful_arm] " * 7


@pytest.fixture(scope="module")
def tables():
    return tables_of(ARMS)


@pytest.fixture(scope="module")
def page(tables):
    return equity_page(tables, True, MADE)


def words(figure) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(Text) if text.get_visible())


def test_the_page_has_gains_curves_gaps_twice_and_money_and_says_what_is_counted(page):
    text = words(page).replace("\n", " ")
    for part in (
        "Who gains, and at what cost: 2020",
        "12 pairs of runs with the same seed",
        "random variation and the parameter sets of the posterior",
        "A  Who gains",
        "B  Concentration",
        "C  Gaps in points",
        "D  The same gaps as ratios",
        "E  Money and its effect",
        "nothing at all (the reference)",
        "[percentage points]",
        "[NIS million of 2015]",
        "[NIS thousand of 2015]",
        "in schools, duplicated",
        "made by a test",
    ):
        assert part in text
    assert "the model splits examinees by two measured effects alone" in text
    assert "not what families and schools spend" in text


def test_each_groups_difference_stands_at_its_mean(tables, page):
    drawn = [x for line in page.axes[0].lines if len(line.get_xdata()) == len(TAKERS) for x in line.get_xdata()]
    assert sorted(drawn) == pytest.approx(sorted(tables.gains["points"].dropna()))
    assert page.axes[0].get_yticklabels()[0].get_text() == "quintile 1, strongest (35%)"


def test_bars_are_as_long_as_the_money_and_hatched_where_it_was_duplicated(tables, page):
    every = tables.costs[tables.costs["source"] == ALL].set_index("arm").loc[tables.scenarios]
    bars = page.axes[4].patches
    plain, hatched = ([bar for bar in bars if bool(bar.get_hatch()) == of] for of in (False, True))
    assert sum(bar.get_width() for bar in plain) == pytest.approx(every["offered"].sum())
    assert [bar.get_width() for bar in hatched] == pytest.approx(every["duplicated"].tolist())
    ends = [bar.get_x() + bar.get_width() for bar in hatched]
    assert ends == pytest.approx(every["delivered"].tolist()), "hatched is the end of what was delivered"


def test_an_arm_that_harms_has_no_number_and_the_reference_is_named(page):
    texts = [text.get_text() for text in page.axes[4].texts]
    assert texts.count("no number") == 2
    assert texts.count("the reference") == 3


@pytest.mark.parametrize("count", [1, 3, 5, 10])
def test_nothing_is_cut_off_and_nothing_meets(count):
    names = {f"{list(ARMS)[k % 3]}_{k}": list(ARMS.values())[k % 3] for k in range(count)}
    drawn = equity_page(tables_of(names), False, MADE)
    drawn.canvas.draw()
    renderer = drawn.canvas.get_renderer()
    boxes = {f"panel {k}": ax.get_tightbbox(renderer) for k, ax in enumerate(drawn.axes)}
    boxes |= {text.get_text()[:40]: text.get_window_extent(renderer) for text in drawn.texts}
    boxes |= {f"key {k}": key.get_window_extent(renderer) for k, key in enumerate(drawn.legends)}
    for name, box in boxes.items():
        assert box.x0 >= 0, name
        assert box.y0 >= 0, name
        assert box.x1 <= drawn.bbox.x1, name
        assert box.y1 <= drawn.bbox.y1, name
    slim = {name: box.padded(-4) for name, box in boxes.items()}
    assert [(a, b) for k, a in enumerate(slim) for b in list(slim)[:k] if slim[a].overlaps(slim[b])] == []


@pytest.mark.parametrize("count", [1, 6, 10])
def test_words_beside_the_bars_and_in_the_curves_do_not_meet(count):
    names = {f"{list(ARMS)[k % 3]}_{k}": list(ARMS.values())[k % 3] for k in range(count)}
    drawn = equity_page(tables_of(names), False, MADE)
    drawn.canvas.draw()
    renderer = drawn.canvas.get_renderer()
    for ax in (drawn.axes[1], drawn.axes[4]):
        boxes = [(text.get_text(), text.get_window_extent(renderer).padded(-1)) for text in ax.texts if text.get_text()]
        assert [(a, b) for k, (a, one) in enumerate(boxes) for b, other in boxes[:k] if one.overlaps(other)] == []


def test_without_quintiles_and_pairs_of_groups_the_panels_say_so(tables):
    gains = tables.gains[~tables.gains["group"].isin(["quintile 1", "quintile 5"])]
    bare = tables._replace(gains=gains, gaps=tables.gaps.iloc[:0], curves=pd.DataFrame())
    text = words(equity_page(bare)).replace("\n", " ")
    assert "No schools have a quintile" in text
    assert text.count("None of the groups exists") == 2
