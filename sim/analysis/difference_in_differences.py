"""Plain and synthetic difference-in-differences, for schools that join a programme in several years.

Synthetic difference-in-differences weights the other schools so that before the programme they run parallel to the
programme schools, and weights the earlier years so that they predict the later ones. Schools that join in one year form a
cohort; the estimates of cohorts are averaged by treated schools and years, as in the paper's appendix on staggered adoption.

Source: arkhangelsky_2021
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.cells import NEVER
from sim.analysis.effects import Estimate
from sim.analysis.intervals import LEVEL
from sim.analysis.school_years import SchoolYears
from sim.errors import InputError, shown


@dataclass(frozen=True)
class ProgrammePanel:
    """A balanced panel of schools, with the same years for each.

    Args:
        schools: their identities; shape (schools,)
        years: in order; shape (years,)
        outcome: in its own unit; shape (schools, years)
        first: first year with the programme, NEVER for schools without it; shape (schools,)
        left_out: identities of the schools that lack an outcome in some year
    """

    schools: Any
    years: Any
    outcome: Any
    first: Any
    left_out: tuple[Any, ...] = ()

    @staticmethod
    def of(panel: pd.DataFrame) -> ProgrammePanel:
        """Return the balanced panel of the schools that have an outcome in every year; `left_out` names the others.

        Years may have gaps. A programme that begins after the last year is ignored.

        Args:
            panel: one row per school and year. `school_id`: any hashable kind; 7, 7.0 and "7" are one school. `year`: a whole
                number, or a date (also as text, 2014-09-01), which stands for its school year: that of 2014-09-01 is 2015.
                `outcome`: a number; blank where missing. `first`: the first year with the programme, as `year` is
                written; blank, 0 or infinity for a school that never has it

        Raises:
            InputError: the panel is not a frame, lacks a column or has no rows; a cell cannot be used; a school has two
                rows in a year or two first years; fewer than two schools have the programme or lack it; or it has fewer
                than two earlier years
        """
        rows = SchoolYears.of(panel)
        complete = ~np.isnan(rows.grid).any(axis=1)
        keys = [key for key, flag in zip(rows.order, complete, strict=True) if flag]
        others = rows.names_of([key for key, flag in zip(rows.order, complete, strict=True) if not flag])
        first = np.array([rows.firsts[key] for key in keys], dtype=int)
        first = np.where(first > rows.span.max(), NEVER, first)
        return ProgrammePanel(
            rows.names_of(keys), rows.span, rows.grid[complete], first, tuple(others.tolist())
        ).checked()

    def checked(self) -> ProgrammePanel:
        """Return the panel, checked.

        Raises:
            InputError: fewer than two schools with or without the programme, or fewer than two earlier years
        """
        others, began = int((self.first == NEVER).sum()), int((self.first != NEVER).sum())
        if others < 2 or began < 2:
            raise InputError(
                "the panel needs two schools with the programme and two without it, with outcomes in every year; "
                f"got {began} and {others}" + (f": {self.note}" if self.left_out else "")
            )
        first = self.cohorts[0]
        if self.years_before(first) < 2:
            school = shown(self.schools[self.first == first].tolist()[0])
            raise InputError(
                f"the panel needs two years before the programme, which begins in {first} (school {school}), "
                f"but the panel begins in {self.years[0]}; leave these schools out or add earlier years"
            )
        return self

    @property
    def note(self) -> str:
        """A sentence on the schools that were left out; empty if none was."""
        if not self.left_out:
            return ""
        names = ", ".join(shown(name) for name in self.left_out[:3]) + (", ..." if len(self.left_out) > 3 else "")
        who, are = (
            ("1 school lacks", "is") if len(self.left_out) == 1 else (f"{len(self.left_out)} schools lack", "are")
        )
        return f"{who} an outcome in some of the {len(self.years)} years and {are} left out ({names})"

    @cached_property
    def cohorts(self) -> list[int]:
        """First years with the programme, in order."""
        return sorted(int(year) for year in np.unique(self.first) if year != NEVER)

    @cached_property
    def control(self) -> Any:
        """Outcomes of the schools that never have the programme; shape (controls, years)."""
        return self.outcome[self.first == NEVER]

    def treated(self, cohort: int) -> Any:
        """Return the outcomes of the schools that first have the programme in a year; shape (treated, years)."""
        return self.outcome[self.first == cohort]

    def years_before(self, cohort: int) -> int:
        """Return the number of years before a cohort has the programme."""
        return int((self.years < cohort).sum())

    @cached_property
    def cohort_shares(self) -> dict[int, float]:
        """Weights of the cohorts: schools times years with the programme, over those of all cohorts [share]."""
        counts = {c: (self.first == c).sum() * (len(self.years) - self.years_before(c)) for c in self.cohorts}
        return {cohort: float(count / sum(counts.values())) for cohort, count in counts.items()}


@dataclass(frozen=True)
class Weights:
    """Weights of the controls, shape (controls,), and of the earlier years, shape (before,); each sums to 1."""

    controls: Any
    years: Any


type Weighing = Callable[[ProgrammePanel, int], Weights]
"""A function that weights the controls and the earlier years for a cohort."""


def even_weights(study: ProgrammePanel, cohort: int) -> Weights:
    """Return equal weights of all controls and earlier years: plain difference-in-differences."""
    controls, before = len(study.control), study.years_before(cohort)
    return Weights(np.full(controls, 1.0 / controls), np.full(before, 1.0 / before))


def synthetic_weights(study: ProgrammePanel, cohort: int) -> Weights:
    """Return weights for controls parallel to the cohort, with the paper's ridge, and for years that predict later ones."""
    before, treated = study.years_before(cohort), study.treated(cohort)
    earlier, later = study.control[:, :before], study.control[:, before:].mean(axis=1)
    noise = float(np.diff(earlier, axis=1).std())
    ridge = np.sqrt(len(treated) * (len(study.years) - before)) * noise**2 * before
    controls = simplex_weights(earlier.T, treated[:, :before].mean(axis=0), ridge)
    return Weights(controls, simplex_weights(earlier, later, (YEARS_RIDGE * noise) ** 2 * len(earlier)))


YEARS_RIDGE = 1e-3
"""Ridge of the weights of years [noise of one control]: enough for a unique answer, too little to matter."""

STEPS, SMALLEST_CHANGE = 20_000, 1e-8
"""Maximum number of steps, and the change of a weight below which they stop [share]."""


def simplex_weights(sources: Any, target: Any, ridge: float) -> Any:
    """Return weights, not negative and summing to 1, whose mix of the sources is most nearly parallel to the target.

    Solve least squares with a free level and a ridge by accelerated projected gradients with restarts.

    Args:
        sources: shape (points, sources)
        target: shape (points,)
        ridge: on the sum of squared weights [unit of the target, squared]

    >>> simplex_weights(np.array([[0.0, 5.0], [1.0, 5.0]]), np.array([7.0, 8.0]), 0.0).round(3).tolist()
    [1.0, 0.0]
    """
    centred_sources, centred_target = sources - sources.mean(axis=0), target - target.mean()
    step = 1.0 / max(float(np.linalg.norm(centred_sources, 2)) ** 2 + ridge, np.finfo(float).tiny)
    weights = lookahead = np.full(centred_sources.shape[1], 1.0 / centred_sources.shape[1])
    momentum = 1.0
    for _ in range(STEPS):
        updated = on_simplex(
            lookahead - step * (centred_sources.T @ (centred_sources @ lookahead - centred_target) + ridge * lookahead)
        )
        if np.abs(updated - weights).max() < SMALLEST_CHANGE:
            break
        momentum = 1.0 if (lookahead - updated) @ (updated - weights) > 0.0 else momentum
        next_momentum = (1.0 + np.sqrt(1.0 + 4.0 * momentum**2)) / 2.0
        lookahead, weights, momentum = (
            updated + (momentum - 1.0) / next_momentum * (updated - weights),
            updated,
            next_momentum,
        )
    return updated


def on_simplex(values: Any) -> Any:
    """Return the nearest weights that are not negative and sum to 1; shape (n,).

    >>> on_simplex(np.array([0.9, 0.5, -1.0])).round(3).tolist()
    [0.7, 0.3, 0.0]
    """
    falling = np.sort(values)[::-1]
    excess = (np.cumsum(falling) - 1.0) / np.arange(1, len(values) + 1)
    return np.maximum(values - excess[np.flatnonzero(falling > excess)[-1]], 0.0)


def weights_of(study: ProgrammePanel, weighing: Weighing) -> dict[int, Weights]:
    """Return the weights of every cohort."""
    return {cohort: weighing(study, cohort) for cohort in study.cohorts}


def effect(study: ProgrammePanel, weights: Mapping[int, Weights]) -> float:
    """Return the weighted double difference: the mean effect per treated school and year if trends are parallel."""
    return sum(part * (_rises(study.treated(c), weights[c]).mean() - weights[c].controls @ _rises(study.control, weights[c]))
               for c, part in study.cohort_shares.items())  # fmt: skip


def _rises(outcome: Any, weights: Weights) -> Any:
    """Return each school's mean over the later years less its weighted mean over the earlier ones; shape (schools,)."""
    before = len(weights.years)
    return outcome[:, before:].mean(axis=1) - outcome[:, :before] @ weights.years


def estimate(study: ProgrammePanel, weighing: Weighing, error: float | None = None, level: float = LEVEL) -> Estimate:
    """Return the effect with a normal interval; `n` is the number of schools.

    Args:
        study: the panel
        weighing: `even_weights` or `synthetic_weights`
        error: standard error; by the jackknife where None
        level: of the interval [share]
    """
    from scipy.stats import norm

    weights = weights_of(study, weighing)
    mean = effect(study, weights)
    half_width = float(norm.ppf(0.5 + level / 2)) * (jackknife(study, weights) if error is None else error)
    return Estimate(mean, mean - half_width, mean + half_width, len(study.schools))


def jackknife(study: ProgrammePanel, weights: Mapping[int, Weights]) -> float:
    """Return the jackknife standard error: leave out each school in turn at the same weights (the paper's algorithm 3)."""
    treated = {c: _rises(study.treated(c), weights[c]) for c in study.cohorts}
    others = {c: _rises(study.control, weights[c]) for c in study.cohorts}
    mixed = {c: weights[c].controls @ others[c] for c in study.cohorts}
    effects = {c: treated[c].mean() - mixed[c] for c in study.cohorts}
    without_control = np.zeros(len(study.control))
    for cohort, part in study.cohort_shares.items():
        share = weights[cohort].controls
        remaining = (mixed[cohort] - share * others[cohort]) / np.maximum(1.0 - share, np.finfo(float).eps)
        without_control += part * (treated[cohort].mean() - remaining)
    estimates = [without_control]
    spans = {c: len(study.years) - study.years_before(c) for c in study.cohorts}
    for cohort, rises in treated.items():
        counts = {c: spans[c] * (len(treated[c]) - (c == cohort)) for c in study.cohorts}
        without = (rises.sum() - rises) / max(len(rises) - 1, 1) - mixed[cohort]
        fixed = sum(count * effects[c] for c, count in counts.items() if c != cohort)
        estimates.append((counts[cohort] * without + fixed) / sum(counts.values()))
    combined = np.concatenate(estimates)
    return float(np.sqrt((len(combined) - 1) * combined.var()))


def placebo(study: ProgrammePanel, weighing: Weighing, repeats: int = 200, seed: int = 1) -> float:
    """Return the placebo standard error: draw controls and pretend that they had the programme (the paper's algorithm 4).

    Args:
        study: the panel; it needs more controls than schools with the programme
        weighing: `even_weights` or `synthetic_weights`
        repeats: programmes drawn
        seed: of the drawing

    Raises:
        InputError: there are too few controls
    """
    began, others = study.first[study.first != NEVER], len(study.control)
    if others < len(began) + 2:
        raise InputError(
            f"the placebo needs at least two more controls than schools with the programme; got {others} and {len(began)}"
        )
    generator, effects = np.random.default_rng(seed), []
    unserved = study.first == NEVER
    for _ in range(repeats):
        first = np.full(others, NEVER)
        first[generator.permutation(others)[: len(began)]] = began
        drawn = ProgrammePanel(study.schools[unserved], study.years, study.control, first)
        effects.append(effect(drawn, weights_of(drawn, weighing)))
    return float(np.std(effects))
