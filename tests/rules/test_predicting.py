"""The linear predictor by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.logit import chance, logit_of


@pytest.mark.parametrize(("logit", "share"), [(0.0, 0.5), (math.log(3.0), 0.75), (-math.log(3.0), 0.25)])
def test_chance_by_hand(logit: float, share: float) -> None:
    assert chance(logit) == pytest.approx(share, abs=1e-15)


@given(st.floats(-30.0, 30.0))
def test_chance_and_its_opposite_make_one(logit: float) -> None:
    assert chance(logit) + chance(-logit) == pytest.approx(1.0, abs=1e-15)
    assert 0.0 < chance(logit) < 1.0


@given(st.floats(-700.0, 700.0), st.floats(-700.0, 700.0))
def test_more_reason_never_means_less_chance(one: float, other: float) -> None:
    assert chance(min(one, other)) <= chance(max(one, other))


def test_reasons_add_up_and_their_order_does_not_matter() -> None:
    terms = {"one": np.array([[1.0], [2.0]]), "other": np.array([[0.5, -0.5]]), "third": 0.25}
    assert logit_of(terms).tolist() == [[1.75, 0.75], [2.75, 1.75]]
    assert logit_of(dict(reversed(terms.items()))).tolist() == logit_of(terms).tolist()


def test_one_reason_is_itself() -> None:
    assert logit_of({"alone": -2.0}) == -2.0
