"""Properties of every rule for one number: arrays give the same values as single numbers, and results stay in bounds."""

from __future__ import annotations

import numpy as np
import pytest

from sim.rules.choosing import completed, support_after
from sim.rules.logit import chance
from sim.rules.trust import trust_after
from tests.offenders import each_of
from tests.rules.domains import domains, drawn, rules, value_of_rule

RULES = rules()

SHARES = {
    "trust_after",
    "trust_faded",
    "trust_after_talk",
    "reputation_after",
    "reset_upwards",
    "break_even",
    "position_after",
    "pledge_after",
    "delivered_share",
    "strength_of_policy",
    "pushed",
    "channel_effect",
    "chance",
    "hazard",
    "knowledge",
    "chance_of_dissolution",
    "problem",
    "salience_after",
    "entrepreneurship",
}
"""Rules that give a share of shares: whatever goes in, what comes out lies in 0-1."""


@each_of("name", RULES)
def test_said_of_one_is_said_of_all(name: str) -> None:
    values = drawn(RULES[name], 400)
    together = value_of_rule(RULES[name], values)
    alone = [value_of_rule(RULES[name], {a: float(v[row]) for a, v in values.items()}) for row in range(400)]
    assert together.tobytes() == np.array(alone, dtype=float).tobytes()


@each_of("name", RULES)
def test_a_number_goes_with_an_array(name: str) -> None:
    values = drawn(RULES[name], 50)
    first, *rest = values
    mixed = {first: values[first]} | {a: float(values[a][0]) for a in rest}
    spread = {first: values[first]} | {a: np.full(50, values[a][0]) for a in rest}
    assert value_of_rule(RULES[name], mixed).tobytes() == value_of_rule(RULES[name], spread).tobytes()


@each_of("name", RULES)
def test_the_answer_is_a_number_and_never_nothing(name: str) -> None:
    assert np.isfinite(value_of_rule(RULES[name], drawn(RULES[name], 2000, seed=2))).all()


@each_of("name", RULES)
def test_a_rule_changes_nothing_that_it_is_given(name: str) -> None:
    values = drawn(RULES[name], 50)
    before = {argument: value.copy() for argument, value in values.items()}
    value_of_rule(RULES[name], values)
    assert all((values[argument] == before[argument]).all() for argument in values)


@each_of("name", sorted(SHARES))
def test_a_share_of_shares_is_a_share(name: str) -> None:
    share = value_of_rule(RULES[name], drawn(RULES[name], 5000, seed=3))
    assert share.min() >= 0.0
    assert share.max() <= 1.0 + 1e-12


def test_every_rule_for_one_number_is_here() -> None:
    assert len(RULES) >= 35
    assert set(RULES) >= SHARES
    assert all(domains(rule) for rule in RULES.values())


def test_shapes_meet_as_in_numpy() -> None:
    after = trust_after(np.array([[0.2], [0.6]]), np.array([0.0, 0.5, 1.0]), gain=0.1, loss=0.2)
    assert after.shape == (2, 3)
    assert after[1, 2] == trust_after(0.6, 1.0, gain=0.1, loss=0.2)


def test_whole_numbers_are_numbers() -> None:
    assert float(support_after(100, 1, 1000, lasting=0)) == 1000.0
    assert float(chance(0)) == 0.5


def test_parameters_are_asked_for_by_name() -> None:
    with pytest.raises(TypeError, match=r"completed\(\) missing 1 required keyword-only argument: 'complementarity'"):
        completed(0.1, 0.2, 0.3)
    with pytest.raises(TypeError, match=r"trust_after\(\) takes 2 positional arguments but 4"):
        trust_after(0.5, 1.0, 0.1, 0.2)
