"""Decisions of an optimisation: split of a budget, month of the launch, and further levers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.dates import date_of
from sim.design.factors import Factor, Vary, factor_of, options_by_factor
from sim.design.points import Point
from sim.errors import InputError, shown, whole_number
from sim.parameters import declared
from sim.policy import Policy, Scenario, without_contradiction

if TYPE_CHECKING:
    from optuna import Trial

LAUNCH, LAUNCHED = "launch", "network.launched"
"""Column of the months by which the launch comes later, and the lever whose change is the launch."""

PERCENTS = 100
"""Number of parts of a budget: it is split in whole percents, so that an allocation is practical."""

SCALE = 5.0
"""Scale of the weights of the optimiser; a share of the budget is proportional to -log(1 - weight)."""

FARTHEST = 240
"""Largest move of the launch [months]."""


@dataclass(frozen=True)
class DecisionSpace:
    """The space of decisions about a scenario.

    Args:
        scenario: as it is
        split: parameters that share a budget with a fixed sum
        launch: smallest and largest number of months by which the launch comes later; None for no move
        factors: further levers with their ranges
    """

    scenario: Scenario
    split: tuple[str, ...]
    launch: tuple[int, int] | None
    factors: tuple[Factor, ...]

    @property
    def names(self) -> list[str]:
        """Columns of a decision."""
        return [*self.split, *([LAUNCH] if self.launch else []), *(factor.name for factor in self.factors)]

    @cached_property
    def total(self) -> float:
        """Sum of the budget [share]."""
        return math.fsum(self.scenario.parameters[name] for name in self.split)

    @property
    def as_is(self) -> dict[str, Any]:
        """The decision of the scenario as it is."""
        return {name: 0 if name == LAUNCH else self.scenario.parameters[name] for name in self.names}

    @property
    def first_trial(self) -> dict[str, Any]:
        """The decision of the scenario as it is in the coordinates of the optimiser, as nearly as possible."""
        weights = {name: 1.0 - math.exp(-SCALE * self.scenario.parameters[name] / self.total) for name in self.split}
        return weights | {name: value for name, value in self.as_is.items() if name not in self.split}

    def suggest(self, trial: Trial) -> dict[str, Any]:
        """Return the decision that the optimiser suggests in a trial."""
        weights = [trial.suggest_float(name, 0.0, 1.0 - math.exp(-SCALE)) for name in self.split]
        values: dict[str, Any] = dict(zip(self.split, split(weights, self.total), strict=True))
        if self.launch:
            values[LAUNCH] = trial.suggest_int(LAUNCH, *self.launch)
        return values | {factor.name: suggest_level(trial, factor) for factor in self.factors}

    def point(self, values: Mapping[str, Any]) -> Point:
        """Return a decision as a point of a design.

        Raises:
            InputError: a scenario cannot have these values together
        """
        moved = launched_later(self.scenario, values.get(LAUNCH, 0))
        return Point(dict(values), moved.with_({name: value for name, value in values.items() if name != LAUNCH}))


def suggest_level(trial: Trial, factor: Factor) -> Any:
    """Return the level that the optimiser suggests for one lever."""
    if factor.choices:
        return trial.suggest_categorical(factor.name, list(factor.choices))
    if factor.whole:
        return trial.suggest_int(factor.name, int(factor.low), int(factor.high))
    return trial.suggest_float(factor.name, factor.low, factor.high, log=factor.scale == "log")


def split(weights: Sequence[float], total: float) -> list[float]:
    """Return a split of a budget in whole percents; uniform weights give uniformly distributed splits.

    Args:
        weights: from 0 to below 1; shape (parameters,)
        total: of the budget [share]

    >>> split([0.5, 0.5, 0.0, 0.5], 1.0), split([0.0, 0.0], 0.5)
    ([0.34, 0.33, 0.0, 0.33], [0.25, 0.25])
    """
    parts = [-math.log1p(-weight) for weight in weights]
    if not math.fsum(parts):
        parts = [1.0] * len(parts)
    exact = [PERCENTS * part / math.fsum(parts) for part in parts]
    percents = [math.floor(share) for share in exact]
    missing = PERCENTS - sum(percents)
    first = sorted(range(len(exact)), key=lambda k: (percents[k] - exact[k], k))[:missing]
    return [round(total * (percent + (k in first)) / PERCENTS, 6) for k, percent in enumerate(percents)]


def launched_later(scenario: Scenario, months: int) -> Scenario:
    """Return the scenario with its launch and the changes of the same month moved; windows do not move.

    Args:
        scenario: as it is
        months: by which the launch comes later; negative for earlier

    Raises:
        InputError: the launch would be outside the run
    """
    if not months:
        return scenario
    launched = launch_month(scenario)
    if not scenario.first_month <= launched + months <= scenario.last_month:
        raise InputError(
            f"a launch {months:+d} months from {date_of(launched)} is outside the run; choose a month between "
            f"{date_of(scenario.first_month)} and {date_of(scenario.last_month)}"
        )
    changes = [
        replace(c, month=c.month + months) if c.month == launched and not c.window else c
        for c in scenario.policy.changes
    ]
    return replace(scenario, policy=without_contradiction(Policy.of(changes)))


def launch_month(scenario: Scenario) -> int:
    """Return the month of the launch.

    Raises:
        InputError: the scenario has no launch
    """
    months = [c.month for c in scenario.policy.changes if c.key == LAUNCHED and c.value]
    if not months:
        raise InputError(f"`{scenario.name}` has no launch, so it cannot be moved; use `launch=null`")
    return min(months)


def decision_space(
    scenario: Scenario,
    split: Sequence[str] | None,
    launch: Sequence[int] | None,
    vary: Vary | None,
    overrides: Mapping[str, Any],
) -> DecisionSpace:
    """Return the space of decisions of an optimisation, checked.

    Args:
        scenario: as it is
        split: parameters that share a budget
        launch: smallest and largest number of months by which the launch may come later; None for no move
        vary: further levers, as in a sweep
        overrides: parameters that are fixed, by dotted name

    Raises:
        InputError: a parameter is not a lever, is decided twice or is also an override, or there is nothing to decide
    """
    factors = (
        tuple(factor_of(name, content) for name, content in options_by_factor(vary).items())
        if vary or vary == ""
        else ()
    )
    if split is not None and (isinstance(split, str) or not isinstance(split, Sequence)):
        raise InputError(f"`split` must be a list of parameters that share a budget; got {shown(split)}")
    space = DecisionSpace(scenario, budget_shares(split or (), scenario), launch_range(launch, scenario), factors)
    check_decisions(space.names, overrides)
    return space


def budget_shares(names: Sequence[Any], scenario: Scenario) -> tuple[str, ...]:
    """Return the parameters that share a budget.

    Raises:
        InputError: there is only one, one is not a share, or all are 0
    """
    shares = tuple(str(name) for name in names)
    for name in shares:
        if declared(name)[1].unit != "share":
            raise InputError(f"`{name}` is not a share of a budget, so it cannot be split; move it to `vary`")
    if len(shares) == 1:
        raise InputError(f"`split` has only `{shares[0]}`; name two parameters or more")
    if shares and not math.fsum(scenario.parameters[name] for name in shares):
        raise InputError(f"the budget of `split` is 0: {', '.join(shares)} are all 0; give at least one a value")
    return shares


def launch_range(launch: Any, scenario: Scenario) -> tuple[int, int] | None:
    """Return the range of the launch: smallest and largest number of months by which it may come later.

    Raises:
        InputError: it is not a pair of months, or is outside the run
    """
    if launch is None:
        return None
    if isinstance(launch, str) or not isinstance(launch, Sequence) or len(launch) != 2:
        raise InputError(
            f"`launch` must be a pair of months, earliest and latest, for example [-24,24]; got {shown(launch)}"
        )
    first, last = (whole_number("`launch`", months, -FARTHEST, FARTHEST) for months in launch)
    if not first <= 0 <= last or first == last:
        raise InputError(f"`launch` must be a range from low to high that includes 0 (as it is); got {shown(launch)}")
    for months in (first, last):
        launched_later(scenario, months)
    return first, last


def check_decisions(names: Sequence[str], overrides: Mapping[str, Any]) -> None:
    """Check that there is something to decide, that each is a lever, and that none is named twice or is an override.

    Raises:
        InputError: one of these does not hold
    """
    if not names:
        raise InputError("there is nothing to decide; give `split`, `launch` or `vary`")
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"`{name}` is decided twice; name it once in `split`, `launch` and `vary`")
        if name in overrides:
            raise InputError(f"`{name}` is both an override and a decision; remove one of the two")
        if name != LAUNCH and not declared(name)[1].lever:
            raise InputError(f"`{name}` is not a lever; `sim.levers()` lists all levers")
