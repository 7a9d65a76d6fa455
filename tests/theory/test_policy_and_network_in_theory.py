"""Policy and network complete each other only through readiness, complementarity, and their effects on each other.

At i0 = 1 (readiness irrelevant), y = 0 (channels do not complete each other) and b2 = b3 = 0, dates given, reasons add
up: at each school the interaction of policy and network on the logit scale is nothing. In whole runs it is nothing
within error where the network does not react to the policy (its money and its places are held). The logit of the
national share is another matter: a mean of unlike schools and bands, and a chain of choosing, staying and rising, is
curved, so a small remainder stays there whatever one does; it is given with its interval.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy.stats import t

from sim import configuration
from sim.dates import month_of
from sim.model import CollaborationModel
from sim.outcomes import examinations
from sim.policy import Scenario
from sim.rules.logit import logit_of
from sim.runs.shared_history import Histories
from sim.world.schools import BANDS
from sim.world.state import NEVER, OBSERVER, World
from tests.theory.conftest import Say

ALARM = 1e-3
SEEDS = range(1, 11)
YEARS = (2016, 2018, 2020)

IRRELEVANT = {
    "school.readiness_irrelevance": 1.0,
    "school.complementarity": 0.0,
    "ministry.by_readiness": 0.0,
    "ministry.by_entrepreneurship": 0.0,
}
AMPLE = {
    "staffing.seats_per_teacher": 120.0,
    "staffing.students_per_teacher": 16.0,
    "staffing.supply": 300.0,
    "staffing.cap": 500.0,
    "placing.absorption": 100_000.0,
}
"""Neither seats nor what schools can absorb bind."""

KINDS = ("foundation", "business", "ngo", "academia", "local_authority")
UNMOVED = {
    "commitment.by_lead": 0.0,
    "commitment.by_evidence": 0.0,
    "commitment.cooptation": 0.0,
    "package.publication": 0.0,
    "commitment.by_shortage": 0.0,
    "calendar.urgency": 0.0,
    "trust.rule": "constant",
    "placing.by_trust": 0.0,
    "placing.for_access": 0.0,
    "commitment.cost": 0.0,
    "commitment.by_expectation": 0.0,
    "network.group_strength": 0.0,
    "deliberation.periphery_motion": False,
    "forums.public_forum.open": False,
    "placing.weight_of_size": 0.0,
    "placing.knowledge_fixed": 0.0,
    "diversity.preference": 0.0,
    **{f"kinds.{kind}.preference": 0.0 for kind in KINDS},
}
"""The network's money and places do not react to what the ministry does."""

HELD = IRRELEVANT | AMPLE | UNMOVED


def arms(values: dict[str, Any]) -> list[Scenario]:
    """Return four arms: neither, the network, the policy, both; the ministry's dates are given and it does not attend."""
    both = {"ministry.mode": "scheduled", "ministry.attends_plenum": False}
    return [
        configuration.scenario("no_initiative", overrides=values),
        configuration.scenario("network_only", overrides=values),
        configuration.scenario("policy_only", overrides=values),
        configuration.scenario("historical", overrides=values | both),
    ]


def interaction(neither: Any, network: Any, policy: Any, both: Any) -> Any:
    return both - network - policy + neither


@cache
def measured(*values: tuple[str, Any]) -> np.ndarray:
    """Return, by seed and arm, the logit of the national share by year, then mean logits of choosing and of staying."""
    scenarios = arms(dict(values))
    return np.array(
        [
            [
                of(world, scenario, seed)
                for world, scenario in zip(Histories(seed).worlds(scenarios), scenarios, strict=True)
            ]
            for seed in SEEDS
        ]
    )


def of(world: Any, scenario: Scenario, seed: int) -> list[float]:
    assert isinstance(world, World), world
    figures = examinations(world)
    shares = np.array([figures[year]["examinees"].sum() / figures[year]["takers"].sum() for year in YEARS])
    choosing, staying = logits(CollaborationModel(scenario, seed, world))
    size = world.schools.size
    return [
        *np.log(shares / (1.0 - shares)),
        float(np.average(choosing, weights=size)),
        float(np.average(staying, weights=size)),
    ]


def logits(model: CollaborationModel) -> tuple[np.ndarray, np.ndarray]:
    """Return logits of choosing five units, mean over ability bands, and of staying there, at every school."""
    choosing = np.broadcast_to(logit_of(model.schools.choice_terms()), (len(model.world.schools), BANDS))
    return choosing.mean(axis=1), model.schools.persisting()[:, 0]


def mean_and_error(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return values.mean(axis=0), values.std(axis=0, ddof=1) / np.sqrt(len(values))


def effects(values: dict[str, Any]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the effects of the network alone and of the policy alone, their interaction, and its standard error."""
    arm = np.moveaxis(measured(*sorted(values.items())), 1, 0)
    mean, error = mean_and_error(interaction(*arm))
    return (arm[1] - arm[0]).mean(axis=0), (arm[2] - arm[0]).mean(axis=0), mean, error


# At each school


def at_each_school(values: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Return the interaction at each school of one world, of choosing and of staying, by network and policy."""
    scenario = configuration.scenario("historical", overrides=values | {"setting.start": "2010-09"})
    model = CollaborationModel(scenario, 3).run_until_month(month_of("2018-10"))
    whole, arm = model.world, []
    for network, policy in ((False, False), (True, False), (False, True), (True, True)):
        model.world = without(whole, network, policy)
        strength = model.schools.strength()
        schools = model.world.schools
        met = schools.effect[:, 2] + strength * schools.policy_effect[:, 2]
        model.world = model.world.with_(schools=schools.with_(earlier_motivation=met))
        arm.append(logits(model))
    choosing, staying = (interaction(*part) for part in zip(*arm, strict=True))
    return choosing, staying


def without(world: World, network: bool, policy: bool) -> World:
    """Return a world in which the network's, or the ministry's, work leaves no trace in the schools."""
    schools, ministry = world.schools, world.ministry
    nothing = np.zeros_like(schools.effect)
    if not network:
        schools = schools.with_(effect=nothing, readiness=np.zeros(len(schools)), junior=np.zeros(len(schools)))
    if not policy:
        schools = schools.with_(policy_effect=nothing)
        ministry = ministry.with_(stage=OBSERVER, pilot=NEVER, national=NEVER)
    return world.with_(schools=schools, ministry=ministry)


@pytest.mark.simulates
def test_at_each_school_policy_and_network_add_up(say: Say) -> None:
    choosing, staying = at_each_school(IRRELEVANT)
    worst = max(np.abs(choosing).max(), np.abs(staying).max())
    say("i0 = 1, y = 0: interaction at each of 881 schools, largest [logit]", "0", f"{worst:.1e}")
    assert worst < 1e-12


@pytest.mark.simulates
@pytest.mark.parametrize(("what", "value"), [("school.readiness_irrelevance", 0.4), ("school.complementarity", 0.5)])
def test_where_readiness_counts_or_channels_complete_each_other_they_do_more(what: str, value: float) -> None:
    strong = {
        "school.teaching_keeping": 1.5,
        "school.access_keeping": 0.7,
        "school.teaching": 0.4,
        "school.access": 0.3,
    }  # support that would be seen
    choosing, staying = at_each_school(IRRELEVANT | strong | {what: value})
    assert min(choosing.min(), staying.min()) > -1e-12
    assert choosing.mean() > 0.005
    assert staying.mean() > 0.02


# In whole runs


@pytest.mark.simulates
def test_in_whole_runs_the_interaction_of_mean_logits_is_nothing_within_error(say: Say) -> None:
    network, policy, mean, error = (part[len(YEARS) :] for part in effects(HELD))
    margin = t.isf(ALARM / 4, len(SEEDS) - 1) * error
    for k, what in enumerate(("choosing", "staying")):
        say(
            f"i0 = 1, y = 0, network unmoved: interaction of mean logits of {what}, 2020, 10 seeds",
            f"0 (network {network[k]:+.3f}, policy {policy[k]:+.3f})",
            f"{mean[k]:+.4f} (s.e. {error[k]:.4f})",
        )
    assert (network > 0.05).all()
    assert (policy > 0.05).all()
    assert (np.abs(mean) < margin).all()
    assert (margin < network / 20.0).all()  # so that an interaction worth the name would be seen


@pytest.mark.simulates
def test_in_whole_runs_readiness_makes_an_interaction_that_this_test_would_see() -> None:
    *_, mean, error = (part[len(YEARS) :] for part in effects(HELD | {"school.readiness_irrelevance": 0.4}))
    assert (mean > 10.0 * error).all()


def described(mean: np.ndarray, error: np.ndarray) -> str:
    half = t.isf(0.025, len(SEEDS) - 1) * error
    parts = [f"{y}: {m:+.3f} ± {h:.3f}" for y, m, h in zip(YEARS, mean, half, strict=False)]
    return ", ".join(parts)


@pytest.mark.simulates
def test_the_national_share_keeps_a_small_remainder(say: Say) -> None:
    network, policy, mean, error = (part[: len(YEARS)] for part in effects(HELD))
    say(
        "the same, logit of the national share, 95% interval",
        f"near 0, but curved (network {network[-1]:+.2f}, policy {policy[-1]:+.2f} in 2020)",
        described(mean, error),
    )
    assert (np.abs(mean) < 0.06).all()
    assert (np.abs(mean) < policy / 10.0).all()


@pytest.mark.simulates
def test_what_readiness_and_complementarity_add_is_more_than_the_remainder(say: Say) -> None:
    *_, remainder, small = (part[: len(YEARS)] for part in effects(IRRELEVANT))
    say("i0 = 1, y = 0, nothing else held: national, 95% interval", "scarce seats take", described(remainder, small))
    *_, mean, error = (part[: len(YEARS)] for part in effects({}))
    say("all at their defaults: national, 95% interval", "more than the line above", described(mean, error))
    since = YEARS.index(2018)  # the first who chose under the national programme sat in 2018
    assert (mean - remainder > 4.0 * np.hypot(error, small))[since:].all()
