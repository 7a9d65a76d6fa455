"""What an optimisation may decide: how a budget of hours is split, when the launch comes, and further levers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from omegaconf import DictConfig, OmegaConf

from sim.dates import date_of
from sim.design.factors import Factor, factor_of, named
from sim.design.points import Point
from sim.errors import Mistake, shown, whole_number
from sim.parameters import declared
from sim.policy import Policy, Scenario, without_contradiction

from .command_line.options import overridden, scenario_in

if TYPE_CHECKING:
    from optuna import Trial

LAUNCH, LAUNCHED = "launch", "network.launched"
"""What an optimisation calls the months by which the launch comes later, and the lever that its change is of."""

PERCENTS = 100
"""Shares are split in whole percents of their sum, so that an allocation can be said and kept."""

SCALE = 5.0
"""Weight of a whole budget in the unit cube; shares are as the logarithms of what is left free there."""

FARTHEST = 240
"""Months by which a launch may be moved at most: further there is nothing to be learned."""


@dataclass(frozen=True)
class Levers:
    """What is decided about a scenario.

    Args:
        case: the scenario as it is
        split: parameters that share a budget, whose sum stays as it is
        launch: earliest and latest months by which the launch comes later; None: it comes when it comes
        factors: further levers with their ranges
    """

    case: Scenario
    split: tuple[str, ...]
    launch: tuple[int, int] | None
    factors: tuple[Factor, ...]

    @property
    def names(self) -> list[str]:
        """What is decided, by column."""
        return [*self.split, *([LAUNCH] if self.launch else []), *(factor.name for factor in self.factors)]

    @cached_property
    def total(self) -> float:
        """The budget that is split [share]."""
        return math.fsum(self.case.parameters[name] for name in self.split)

    @property
    def as_is(self) -> dict[str, Any]:
        """What is decided, as the scenario has it."""
        found = {name: self.case.parameters[name] for name in (*self.split, *(f.name for f in self.factors))}
        return {name: 0 if name == LAUNCH else found[name] for name in self.names}

    @property
    def placed(self) -> dict[str, Any]:
        """The scenario's own decision as an optimiser knows it, as near as it can be said."""
        weights = {name: 1.0 - math.exp(-SCALE * self.case.parameters[name] / self.total) for name in self.split}
        return weights | {name: value for name, value in self.as_is.items() if name not in self.split}

    def suggested(self, trial: Trial) -> dict[str, Any]:
        """What an optimiser proposes."""
        weights = [trial.suggest_float(name, 0.0, 1.0 - math.exp(-SCALE)) for name in self.split]
        values: dict[str, Any] = dict(zip(self.split, split(weights, self.total), strict=True))
        if self.launch:
            values[LAUNCH] = trial.suggest_int(LAUNCH, *self.launch)
        return values | {factor.name: proposed(trial, factor) for factor in self.factors}

    def point(self, values: Mapping[str, Any]) -> Point:
        """A decision as a point of a design. Raises Mistake for values that no scenario can have together."""
        moved = later(self.case, values.get(LAUNCH, 0))
        return Point(dict(values), moved.with_({name: value for name, value in values.items() if name != LAUNCH}))


def proposed(trial: Trial, factor: Factor) -> Any:
    """What an optimiser proposes for one lever."""
    if factor.choices:
        return trial.suggest_categorical(factor.name, list(factor.choices))
    if factor.whole:
        return trial.suggest_int(factor.name, int(factor.low), int(factor.high))
    return trial.suggest_float(factor.name, factor.low, factor.high, log=factor.scale == "log")


def split(weights: Sequence[float], total: float) -> list[float]:
    """A budget split in whole percents: places in the unit cube as shares, even over all splits there can be.

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


def later(case: Scenario, months: int) -> Scenario:
    """The scenario with its launch, and what is dated with it, so many months later; windows stay where they are.

    Raises Mistake where the launch would come before the first month or after the last.
    """
    if not months:
        return case
    launched = launch_of(case)
    if not case.first_month <= launched + months <= case.last_month:
        raise Mistake(
            f"a launch {months:+d} months after {date_of(launched)} lies outside the run, which lasts from "
            f"{date_of(case.first_month)} to {date_of(case.last_month)}"
        )
    changes = [
        replace(c, month=c.month + months) if c.month == launched and not c.window else c for c in case.policy.changes
    ]
    return replace(case, policy=without_contradiction(Policy.of(changes)))


def launch_of(case: Scenario) -> int:
    """The month of the launch. Raises Mistake for a scenario that has none."""
    months = [c.month for c in case.policy.changes if c.key == LAUNCHED and c.value]
    if not months:
        raise Mistake(f"`{case.name}` never launches, so that its launch cannot be moved: say `launch=null`")
    return min(months)


def levers_of(cfg: DictConfig) -> Levers:
    """What a configuration lets an optimisation decide.

    Raises Mistake for what is no lever, for what is decided twice or set, and where nothing is left to decide.
    """
    case, said, names = scenario_in(cfg), plain(cfg.vary), plain(cfg.split) or []
    factors = tuple(factor_of(name, about) for name, about in named(said).items()) if said else ()
    if not isinstance(names, list):
        raise Mistake(f"`split` is a list of parameters that share a budget; got {shown(names)}")
    found = Levers(case, shared(names, case), launch_between(cfg.launch, case), factors)
    free(found.names, overridden(cfg))
    return found


def plain(said: Any) -> Any:
    """A value of a configuration as Python has it."""
    return OmegaConf.to_container(said, resolve=True) if OmegaConf.is_config(said) else said


def shared(names: Iterable[Any], case: Scenario) -> tuple[str, ...]:
    """Parameters that share a budget. Raises Mistake for one alone, for one that is no share, and for no budget."""
    found = tuple(str(name) for name in names)
    for name in found:
        if declared(name)[1].unit != "share":
            raise Mistake(f"`{name}` is no share of a budget, so that it cannot be split: say it in `vary`")
    if len(found) == 1:
        raise Mistake(f"`split` names only `{found[0]}`: a budget is split over two parameters or more")
    if found and not math.fsum(case.parameters[name] for name in found):
        raise Mistake(f"there is nothing to split: {', '.join(found)} are all 0")
    return found


def launch_between(said: Any, case: Scenario) -> tuple[int, int] | None:
    """Earliest and latest launch. Raises Mistake for what is no pair of months, or lies outside the run."""
    if said is None:
        return None
    pair = plain(said)
    if not isinstance(pair, list) or len(pair) != 2:
        raise Mistake(f"`launch` is a pair of months, earliest and latest, for example [-24,24]; got {shown(pair)}")
    first, last = (whole_number("`launch`", months, -FARTHEST, FARTHEST) for months in pair)
    if not first <= 0 <= last or first == last:
        raise Mistake(f"`launch` runs from an earlier one to a later one, 0 (as it is) included; got {shown(pair)}")
    for months in (first, last):
        later(case, months)
    return first, last


def free(names: Sequence[str], set_: Mapping[str, Any]) -> None:
    """Raises Mistake where nothing is decided, where something is twice, is set as well, or is no lever."""
    if not names:
        raise Mistake("there is nothing to decide: say `split`, `launch` or `vary`")
    for name in names:
        if names.count(name) > 1:
            raise Mistake(f"`{name}` is decided twice")
        if name in set_:
            raise Mistake(f"`{name}` is set, so that it cannot be decided as well")
        if name != LAUNCH and not declared(name)[1].lever:
            raise Mistake(f"`{name}` is no lever: nobody in the model can decide it (`sim.levers()` lists what can be)")
