"""The ministry's streams by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import adopting
from tests.offenders import each_of

SHARE = st.floats(0.0, 1.0)


@each_of(
    ("share", "salience", "problem"),
    [(0.09, 1.0, 0.5), (0.09, 0.5, 0.25), (0.0, 1.0, 1.0), (0.18, 1.0, 0.0), (0.3, 1.0, 0.0)],
)
def test_a_problem_is_a_shortfall_that_is_talked_about(share: float, salience: float, problem: float) -> None:
    assert adopting.problem(share, salience, target=0.18) == pytest.approx(problem)


def test_salience_halves_in_its_half_life() -> None:
    salience = 1.0
    for _ in range(6):
        salience = adopting.salience_after(salience, half_life=6.0)
    assert salience == pytest.approx(0.5)


@each_of(
    ("founders", "backbone", "coupling", "level"),
    [(0.5, 0.5, 1.0, 0.6), (0.5, 0.5, 0.0, 0.2), (0.0, 0.5, 1.0, 0.5), (0.0, 0.0, 1.0, 0.0), (1.0, 1.0, 1.0, 1.0)],
)
def test_founders_or_the_backbone_are_enough(founders: float, backbone: float, coupling: float, level: float) -> None:
    assert adopting.entrepreneurship(founders, backbone, coupling, founders_reach=0.4) == pytest.approx(level)


@given(SHARE, SHARE, SHARE, SHARE, SHARE)
def test_more_trust_never_means_less_entrepreneurship(
    a: float, b: float, backbone: float, coupling: float, reach: float
) -> None:
    low, high = sorted((a, b))
    levels = [adopting.entrepreneurship(f, backbone, coupling, founders_reach=reach) for f in (low, high)]
    assert levels[0] <= levels[1] + 1e-12


def test_a_dead_stream_blocks_and_a_full_one_does_not() -> None:
    assert adopting.stream_term(0.0, 2.0, floor=0.05) == pytest.approx(2.0 * math.log(0.05))
    assert adopting.stream_term(0.95, 2.0, floor=0.05) == pytest.approx(0.0, abs=1e-12)


def test_an_irrelevant_stream_says_nothing() -> None:
    assert adopting.stream_term(0.0, 0.0, floor=0.05) == 0.0
    assert adopting.stream_term_additive(0.0, 0.0) == 0.0


def test_streams_that_add_up_stand_in_for_one_another() -> None:
    both = adopting.stream_term_additive(0.5, 1.0) + adopting.stream_term_additive(0.5, 1.0)
    one = adopting.stream_term_additive(1.0, 1.0) + adopting.stream_term_additive(0.0, 1.0)
    assert both == pytest.approx(one) == pytest.approx(1.0)


def test_multiplied_streams_do_not_stand_in_for_one_another() -> None:
    both = 2.0 * adopting.stream_term(0.5, 1.0, floor=0.05)
    one = adopting.stream_term(1.0, 1.0, floor=0.05) + adopting.stream_term(0.0, 1.0, floor=0.05)
    assert both > one + 1.0
