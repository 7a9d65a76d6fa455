from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Polygon

from sim.analysis.doubling import Doubling, probability
from sim.analysis.examination_lag import MOVERS, TOO_EARLY
from sim.analysis.sweep_grid import FACILITATION
from sim.errors import InputError
from sim.figures import fans, style
from sim.figures import heat_maps as maps
from sim.figures.export import save
from sim.figures.sweep import Choices, sweep_appendix
from tests.figures.invented import PUBLISHED, sweep

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def frame():
    return sweep(seeds=12, until=2020)


@pytest.fixture(scope="module")
def page(frame):
    return sweep_appendix(frame, PUBLISHED, "made by a test")


def words(figure) -> list[str]:
    from matplotlib.text import Text

    return [text.get_text() for text in figure.findobj(Text) if text.get_text() and text.get_visible()]


def marked(ax) -> dict[str, int]:
    """Number of cells with a marked corner, by the reason; the mark covers little of the cell."""
    corners = [patch for patch in ax.patches if isinstance(patch, Polygon)]
    assert all(patch.get_path().get_extents().width < 0.3 for patch in corners)
    colours = [to_hex(patch.get_facecolor()) for patch in corners]
    return {kind: colours.count(to_hex(colour)) for kind, colour in maps.CORNERS.items()}


def titled(figure, title: str):
    return next(ax for ax in figure.axes if any(title in text.get_text() for text in ax.texts))


def test_the_page_has_its_maps_fans_contrasts_and_text(page):
    page_text = " ".join(words(page))
    for part in ("16,085 or more by 2017", "Twice 2012's 8,869 by 2018", "by 2020", "Years from decision to doubling"):
        assert part in page_text
    for part in (
        "Examinees by year",
        "Facilitation 1 minus 0",
        "Does timing change F?",
        "Findings",
        "made by a test",
    ):
        assert part in page_text


def boxes(figure) -> dict[str, object]:
    """The box of every panel with its labels, of every text beside the panels and of every legend."""
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    extents = {f"panel {number}": ax.get_tightbbox(renderer) for number, ax in enumerate(figure.axes)}
    extents |= {text.get_text()[:40]: text.get_window_extent(renderer) for text in figure.texts}
    return extents | {f"legend {k}": legend.get_window_extent(renderer) for k, legend in enumerate(figure.legends)}


@pytest.mark.parametrize("until", [2019, 2020, 2025])
def test_nothing_on_the_page_is_cut_off_and_nothing_meets(until):
    drawn = sweep_appendix(sweep(seeds=5, until=until), PUBLISHED, "made by a test, commit 0123456789, 540 runs")
    extents = boxes(drawn)
    for name, box in extents.items():
        assert box.x0 >= 0, name
        assert box.y0 >= 0, name
        assert box.x1 <= drawn.bbox.x1, name
        assert box.y1 <= drawn.bbox.y1, name
    slim = {name: box.padded(-5) for name, box in extents.items()}  # the last year's label may reach over the gutter
    meet = [(a, b) for k, a in enumerate(slim) for b in list(slim)[:k] if slim[a].overlaps(slim[b])]
    assert not meet


def test_every_cell_s_words_fit_the_cell(page):
    page.canvas.draw()
    for title in ("16,085 or more by 2017", "Years from decision to doubling"):
        ax = titled(page, title)
        cell = ax.get_window_extent().width / 9
        words_in_cells = [text for text in ax.texts if text.get_fontsize() < 9 and title not in text.get_text()]
        cells = [text for text in words_in_cells if text.get_text()[:1].isdigit()]
        assert len(cells) >= 54
        assert max(text.get_window_extent().width for text in cells) < cell


def test_a_cell_says_its_probability_and_the_limits_of_its_interval(frame):
    ax = style.sheet(4, 4).add_axes((0.1, 0.1, 0.8, 0.8))
    free = frame[frame["dates"] == "emergent"]
    points = probability(free, [FACILITATION, "timing"], free["seed"] <= 6)
    maps.probability_map(points, ax, 2017)
    texts = {text.get_text() for text in ax.texts}
    assert texts == {"50%\n25\N{EN DASH}75"}  # Wilson of 6 in 12: 0.254 to 0.746


def test_cells_have_a_marked_corner_where_arithmetic_hides_the_policy(page):
    claim, doubling = titled(page, "16,085 or more by 2017"), titled(page, "8,869 by 2020")
    assert marked(claim) == {TOO_EARLY: 2 * 6, MOVERS: 4 * 6}
    assert marked(doubling) == {TOO_EARLY: 0, MOVERS: 6}


def test_strongest_facilitation_is_on_top_and_never_at_the_right(page):
    ax = titled(page, "16,085 or more by 2017")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["1", "0.8", "0.6", "0.4", "0.2", "0"]
    assert ax.get_xticklabels()[-1].get_text().strip() == "never"
    assert ax.get_xticklabels()[0].get_text() == "\N{MINUS SIGN}18\nNov 13"


def test_years_that_were_not_simulated_are_said():
    texts = words(sweep_appendix(sweep(seeds=4, until=2019), PUBLISHED))
    assert any("Not simulated: the runs\nend in 2019" in text or "runs end in\n2019" in text for text in texts), texts


def test_a_frame_without_held_runs_says_that_it_is_not_split(frame):
    page_text = " ".join(words(sweep_appendix(frame[frame["dates"] == "emergent"], PUBLISHED))).replace("\n   ", " ")
    assert "The parts are not known, since no runs have held dates" in page_text


def test_a_frame_without_dates_is_taken_as_emergent(frame):
    bare = frame[frame["dates"] == "emergent"].drop(columns="dates")
    assert sweep_appendix(bare, PUBLISHED) is not None


def test_a_few_points_make_a_page_too(frame):
    few = frame[frame["timing"].isin(["0", "never"]) & frame[FACILITATION].isin([0.0, 0.8])]
    assert "rescue late policy" not in " ".join(words(sweep_appendix(few, PUBLISHED)))


def test_two_seeds_make_a_page_too(frame):
    assert sweep_appendix(frame[frame["seed"] <= 2], PUBLISHED) is not None


def test_own_shares_may_be_what_doubles(frame):
    page_text = " ".join(
        words(sweep_appendix(frame, PUBLISHED, choices=Choices(doubling=Doubling(base="own", of="share"))))
    )
    assert "Twice the run's own share of 2012 by 2020" in page_text


@pytest.mark.parametrize(("by", "deadlines"), [(2020, (2018, 2020)), (2018, (2018, 2020)), (2025, (2018, 2025))])
def test_the_doubling_s_own_deadline_is_always_shown(by, deadlines):
    assert tuple(goal.by for goal in Choices(doubling=Doubling(by=by)).goals[1:]) == deadlines


def test_missing_columns_are_named(frame):
    with pytest.raises(InputError, match="`month_national`"):
        sweep_appendix(frame.drop(columns="month_national"), PUBLISHED)


def test_few_runs_that_double_are_grey_with_their_share(page):
    ax = titled(page, "Years from decision to doubling")
    texts = [text.get_text() for text in ax.texts]
    assert "0%" in texts  # never
    assert any(text.count("\n") == 2 for text in texts)  # years, limits, share


def test_waits_that_are_all_alike_are_shown_without_an_interval():
    ax = style.sheet(4, 4).add_axes((0.1, 0.1, 0.8, 0.8))
    point = {FACILITATION: [0.8], "timing": ["0"], "years": [2.0], "low": [2.0], "high": [2.0], "share": [0.5]}
    maps.years_map(pd.DataFrame(point), ax)
    assert [text.get_text() for text in ax.texts] == ["2.0\n50%"]


def test_published_counts_stand_in_every_fan(page):
    dots = [ax for ax in page.axes if any(len(c.get_offsets()) == len(PUBLISHED) for c in ax.collections)]
    assert len(dots) == 8


def test_a_fan_s_bands_hold_the_share_they_name():
    import numpy as np

    ax = style.sheet(4, 4).add_axes((0.1, 0.1, 0.8, 0.8))
    values = np.arange(101.0)
    long = pd.DataFrame({"seed": np.arange(101), "year": 2010, "examinees": values})
    long = pd.concat([long, long.assign(year=2011)])
    fans.fan(long, ax, "examinees")
    wide, half = (band.get_paths()[0].vertices[:, 1] for band in ax.collections)
    assert (wide.min(), wide.max()) == (5.0, 95.0)
    assert (half.min(), half.max()) == (25.0, 75.0)


def test_the_same_page_is_saved_as_the_same_bytes(frame, tmp_path):
    few = frame[frame["timing"].isin(["-18", "0", "24"]) & frame[FACILITATION].isin([0.0, 0.8])]
    for name in ("one", "two"):
        paths = save(sweep_appendix(few, PUBLISHED), tmp_path / name, ("svg", "pdf"))
        assert [path.suffix for path in paths] == [".svg", ".pdf"]
    for form in ("svg", "pdf"):
        assert (tmp_path / f"one.{form}").read_bytes() == (tmp_path / f"two.{form}").read_bytes()
