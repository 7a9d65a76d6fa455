"""Heat map, response curve and fan of a sweep in one call each, and the short table of headline outcomes."""

from __future__ import annotations

import pytest

from sim.errors import InputError
from sim.sweeps.result import Sweep
from tests.figures.invented import sweep
from tests.offenders import each_of

pytestmark = pytest.mark.heavy


@pytest.fixture(scope="module")
def swept() -> Sweep:
    return Sweep(sweep(seeds=5, until=2020))


def texts(ax) -> list[str]:
    return [text.get_text() for text in ax.texts]


def test_a_heat_map_has_a_cell_for_each_point_with_its_interval(swept):
    ax = swept.plot.heat_map()
    cells = [text for text in texts(ax) if text]
    assert len(cells) == 54
    assert all("\N{EN DASH}" in cell for cell in cells)
    assert ax.get_xticklabels()[-1].get_text() == "never"
    assert ax.get_yticklabels()[0].get_text() == "1"
    shares = swept.plot.heat_map("doubled")
    assert any(text.startswith("0%\n") for text in texts(shares))


def test_a_response_curve_has_a_point_for_each_level(swept):
    ax = swept.plot.response_curve()
    assert list(ax.lines[0].get_xdata()) == [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    assert "Examinees 2020 [students]" in ax.get_ylabel()
    several = swept.plot.response_curve(factor="timing", by="backbone.facilitation")
    assert len(several.lines) == 6
    assert several.get_xticklabels()[0].get_text() == "\N{MINUS SIGN}18"


def test_a_fan_is_of_the_point_that_is_named(swept):
    ax = swept.plot.fan(at={"backbone.facilitation": 0.8, "timing": 0})
    assert "5 runs" in ax.get_title(loc="left")


@each_of(
    ("call", "sentence"),
    [
        (lambda plot: plot.heat_map("examinees_2002"), "no outcome 'examinees_2002'"),
        (lambda plot: plot.heat_map(up="timing", across="timing"), "are both timing; choose two factors"),
        (lambda plot: plot.response_curve(factor="trust.gain"), "'trust.gain' does not vary in this sweep"),
        (lambda plot: plot.fan(at={"timing": 7}), "no run has timing 7; there are -18, -12, -6, 0"),
        (lambda plot: plot.fan("nowhere"), "no scenario `nowhere`"),
    ],
)
def test_wrong_input_is_one_sentence(swept, call, sentence):
    with pytest.raises(InputError, match=sentence) as mistake:
        call(swept.plot)
    assert "\n" not in str(mistake.value)


def test_headlines_are_a_short_table(swept):
    table = swept.headlines
    assert list(table.columns[:4]) == ["backbone.facilitation", "timing", "outcome", "unit"]
    assert table["outcome"].nunique() < 14
    assert set(table["unit"]) >= {"students", "share of runs"}
    assert (table["low_90"] <= table["high_90"])[table["runs"] > 0].all()
