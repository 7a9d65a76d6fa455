"""The box in which something happens is found, said in words and drawn; so are the parameters that tell."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest

from sim.analysis.scenario_discovery import Box, cart, factor_scores, prim
from sim.design.samples import shares_of
from sim.errors import InputError
from sim.figures.discovery_boxes import box_page


@pytest.fixture(scope="module")
def cases() -> pd.DataFrame:
    frame = pd.DataFrame(shares_of("lhs", 4, 600), columns=["trust.gain", "trust.ratio", "nothing", "mode"])
    return frame.assign(mode=np.where(frame["mode"] > 0.5, "open", "closed"))


@pytest.fixture(scope="module")
def happened(cases):
    return ((cases["trust.gain"] > 0.5) & (cases["trust.ratio"] < 0.6)).to_numpy()


@pytest.fixture
def workbench():
    pytest.importorskip("ema_workbench", reason="the extra `analysis` is not installed", exc_type=ImportError)


pytestmark = [pytest.mark.filterwarnings("ignore:ipyparallel not installed"), pytest.mark.heavy]


def test_prim_finds_the_box_and_only_its_parameters(workbench, cases, happened):
    box = prim(cases, happened)
    assert set(box.limits) == {"trust.gain", "trust.ratio"}
    inside = (cases["trust.gain"] > box.limits["trust.gain"][0]) & (cases["trust.ratio"] < box.limits["trust.ratio"][1])
    assert box.density == pytest.approx(happened[inside].mean(), abs=0.02)
    assert box.coverage == pytest.approx((happened & inside).sum() / happened.sum(), abs=0.02)
    assert box.density >= 0.8
    assert box.coverage > 0.95


def test_a_tree_finds_the_same_box(workbench, cases, happened):
    first = cart(cases, happened)[0]
    assert first.limits["trust.gain"] == (pytest.approx(0.5, abs=0.02), None)
    assert first.limits["trust.ratio"] == (None, pytest.approx(0.6, abs=0.02))
    assert first.coverage > 0.95
    assert first.density > 0.95


def test_a_choice_limits_a_box_too(workbench, cases):
    flags = ((cases["trust.gain"] > 0.5) & (cases["mode"] == "open")).to_numpy()
    box = prim(cases, flags)
    assert box.limits["mode"] == ("open",)
    assert "`mode` open" in box.text
    assert "`mode` open" in cart(cases, flags)[0].text


def test_scores_tell_the_parameters_that_matter_from_those_that_do_not(workbench, cases, happened):
    importances = factor_scores(cases, happened)
    assert importances["factor"].head(2).tolist() == ["trust.gain", "trust.ratio"]
    assert importances["score"].sum() == pytest.approx(1.0)


def test_a_box_says_its_limits_coverage_and_density():
    box = Box({"trust.gain": (0.1, None), "trust.ratio": (None, 2.5)}, coverage=0.64, density=0.83, mass=0.2)
    assert box.text == (
        "`trust.gain` above 0.1 and `trust.ratio` below 2.5: 83% there (density), 64% of all such cases (coverage), "
        "20% of the samples"
    )


def test_the_page_of_a_box_frames_it_and_fills_what_happened(cases, happened):
    box = Box({"trust.gain": (0.5, None), "trust.ratio": (None, 0.6)}, coverage=1.0, density=1.0, mass=0.3)
    ranges, samples = box_page(cases, happened, box, "it doubles", "made here").axes
    assert [label.get_text() for label in ranges.get_yticklabels()] == ["trust.gain", "trust.ratio"]
    assert [len(points.get_offsets()) for points in samples.collections] == [(~happened).sum(), happened.sum()]
    assert samples.patches[0].get_x() == 0.5
    assert samples.patches[0].get_y() + samples.patches[0].get_height() == 0.6


@pytest.mark.parametrize(("flags", "message"), [([True] * 3, "always happens"), ([False] * 3, "never happens")])
def test_what_always_or_never_happens_has_no_box(flags, message):
    with pytest.raises(InputError, match=message):
        prim(pd.DataFrame({"a": [1.0, 2, 3]}), flags)


def test_a_missing_extra_is_said_in_one_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "ema_workbench.analysis.prim", None)
    monkeypatch.setitem(sys.modules, "ema_workbench", None)
    with pytest.raises(InputError, match=r"pip install -e ..\[analysis\]"):
        prim(pd.DataFrame({"a": [1.0, 2, 3]}), [True, False, True])


def test_a_tree_grows_from_fewer_than_twenty_samples(workbench):
    cases = pd.DataFrame({"one": np.linspace(0.0, 1.0, 12), "other": np.linspace(1.0, 2.0, 12)[::-1]})
    assert cart(cases, cases["one"] > 0.5)[0].coverage == 1.0
