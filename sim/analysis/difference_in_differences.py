"""Difference-in-differences of programme schools with others: plain, and synthetic, for schools that join in several years.

Synthetic difference-in-differences weighs the other schools so that before the programme they ran in parallel to the
programme schools, and the years before so that they tell most of the years after. Arkhangelsky, Athey, Hirshberg, Imbens
and Wager (2021), American Economic Review 111, 4088-4118. Schools that join in one year are one estimate; the estimates
are averaged by treated schools and years, as the paper's appendix on staggered adoption does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.cells import NEVER
from sim.analysis.intervals import LEVEL
from sim.analysis.school_years import SchoolYears
from sim.errors import InputError, shown


@dataclass(frozen=True)
class Study:
    """A balanced panel: the same years of every school.

    Args:
        schools: their identities; shape (schools,)
        years: in order; shape (years,)
        outcome: in its own unit; shape (schools, years)
        first: first year with the programme, NEVER for the others; shape (schools,)
        left_out: identities of the schools of the panel that lack an outcome in some year
    """

    schools: Any
    years: Any
    outcome: Any
    first: Any
    left_out: tuple[Any, ...] = ()

    @staticmethod
    def of(panel: pd.DataFrame) -> Study:
        """Return the study of the schools of a panel that have an outcome in every year; `left_out` names the others.

        Years may have gaps. A programme that begins after the last year counts as none.

        Args:
            panel: a row a school and year. `school_id`: any hashable kind; 7, 7.0 and "7" are one school. `year`: a whole
                number, or a date (also as text, 2014-09-01), which stands for its school year: that of 2014-09-01 is 2015.
                `outcome`: a number; blank where missing. `first`: the first year with the programme, as `year` is
                written; blank, 0 or infinity for a school that never has it

        Raises:
            InputError: not a frame, a missing column, no row; a cell that cannot be used; a school twice in a year or with two
                first years; a programme that nobody or everybody has, that begins without two years before it, or that
                fewer than two schools begin
        """
        rows = SchoolYears.of(panel)
        whole = ~np.isnan(rows.grid).any(axis=1)
        keys = [key for key, complete in zip(rows.order, whole, strict=True) if complete]
        others = rows.named([key for key, complete in zip(rows.order, whole, strict=True) if not complete])
        first = np.array([rows.firsts[key] for key in keys], dtype=int)
        first = np.where(first > rows.span.max(), NEVER, first)
        return Study(rows.named(keys), rows.span, rows.grid[whole], first, tuple(others.tolist())).checked()

    def checked(self) -> Study:
        """Return the study.

        Raises:
            InputError: no two schools of both kinds, or too few years before the programme
        """
        others, began = int((self.first == NEVER).sum()), int((self.first != NEVER).sum())
        if others < 2 or began < 2:
            raise InputError(
                f"a study needs two schools with the programme and two without in every year; got {began} and {others}"
                + (f": {self.note}" if self.left_out else "")
            )
        first = self.cohorts[0]
        if self.before(first) < 2:
            school = shown(self.schools[self.first == first].tolist()[0])
            raise InputError(
                f"a study needs two years before the programme; the first schools have it in {first} (school {school}), "
                f"and the panel begins in {self.years[0]}: leave these schools out or add earlier years"
            )
        return self

    @property
    def note(self) -> str:
        """How many schools of the panel were left out and which ones, in one sentence; empty where none was."""
        if not self.left_out:
            return ""
        names = ", ".join(shown(name) for name in self.left_out[:3]) + (", ..." if len(self.left_out) > 3 else "")
        who, are = (
            ("1 school lacks", "is") if len(self.left_out) == 1 else (f"{len(self.left_out)} schools lack", "are")
        )
        return f"{who} an outcome in some of the {len(self.years)} years and {are} left out ({names})"

    @cached_property
    def cohorts(self) -> list[int]:
        """The years in which schools first have the programme, in order."""
        return sorted(int(year) for year in np.unique(self.first) if year != NEVER)

    @cached_property
    def control(self) -> Any:
        """Outcome of the schools that never have the programme; shape (controls, years)."""
        return self.outcome[self.first == NEVER]

    def treated(self, cohort: int) -> Any:
        """Outcome of the schools that first have it in a year; shape (treated, years)."""
        return self.outcome[self.first == cohort]

    def before(self, cohort: int) -> int:
        """Number of years before a cohort has the programme."""
        return int((self.years < cohort).sum())

    @cached_property
    def parts(self) -> dict[int, float]:
        """What each cohort counts for: its schools times its years with the programme, over all of them [share]."""
        counts = {c: (self.first == c).sum() * (len(self.years) - self.before(c)) for c in self.cohorts}
        return {cohort: float(count / sum(counts.values())) for cohort, count in counts.items()}


@dataclass(frozen=True)
class Weights:
    """What a cohort is compared with: controls, shape (controls,), and years before, shape (before,); each sums to 1."""

    controls: Any
    years: Any


type Weighing = Callable[[Study, int], Weights]
"""How a study weighs controls and years for a cohort."""


def even(study: Study, cohort: int) -> Weights:
    """Every control and every year before alike: plain difference-in-differences."""
    controls, before = len(study.control), study.before(cohort)
    return Weights(np.full(controls, 1.0 / controls), np.full(before, 1.0 / before))


def synthetic(study: Study, cohort: int) -> Weights:
    """Controls that ran in parallel to the cohort before, held towards many by the paper's ridge; years that tell of after."""
    before, treated = study.before(cohort), study.treated(cohort)
    earlier, later = study.control[:, :before], study.control[:, before:].mean(axis=1)
    noise = float(np.diff(earlier, axis=1).std())
    ridge = np.sqrt(len(treated) * (len(study.years) - before)) * noise**2 * before
    controls = simplex_weights(earlier.T, treated[:, :before].mean(axis=0), ridge)
    return Weights(controls, simplex_weights(earlier, later, (HINT * noise) ** 2 * len(earlier)))


HINT = 1e-3
"""Ridge of the weights of years, in noise of one control: enough for one answer, too little to matter."""

STEPS, STILL = 20_000, 1e-8
"""Most steps towards weights, and the change of a weight at which they stand [share]."""


def simplex_weights(sources: Any, target: Any, ridge: float) -> Any:
    """Weights, none negative and summing to 1, whose mix of the sources runs most nearly in parallel to the target.

    Least squares with a free level and a ridge, by accelerated projected gradients that restart where they overshoot.

    Args:
        sources: shape (points, sources)
        target: shape (points,)
        ridge: on the sum of squared weights [unit of the target, squared]

    >>> simplex_weights(np.array([[0.0, 5.0], [1.0, 5.0]]), np.array([7.0, 8.0]), 0.0).round(3).tolist()
    [1.0, 0.0]
    """
    mixed, wanted = sources - sources.mean(axis=0), target - target.mean()
    step = 1.0 / max(float(np.linalg.norm(mixed, 2)) ** 2 + ridge, np.finfo(float).tiny)
    weights = ahead = np.full(mixed.shape[1], 1.0 / mixed.shape[1])
    pace = 1.0
    for _ in range(STEPS):
        after = on_simplex(ahead - step * (mixed.T @ (mixed @ ahead - wanted) + ridge * ahead))
        if np.abs(after - weights).max() < STILL:
            break
        pace = 1.0 if (ahead - after) @ (after - weights) > 0.0 else pace
        faster = (1.0 + np.sqrt(1.0 + 4.0 * pace**2)) / 2.0
        ahead, weights, pace = after + (pace - 1.0) / faster * (after - weights), after, faster
    return after


def on_simplex(values: Any) -> Any:
    """Return the nearest weights that are not negative and sum to 1; shape (n,).

    >>> on_simplex(np.array([0.9, 0.5, -1.0])).round(3).tolist()
    [0.7, 0.3, 0.0]
    """
    falling = np.sort(values)[::-1]
    excess = (np.cumsum(falling) - 1.0) / np.arange(1, len(values) + 1)
    return np.maximum(values - excess[np.flatnonzero(falling > excess)[-1]], 0.0)


def weights_of(study: Study, weighing: Weighing) -> dict[int, Weights]:
    """Return the weights of every cohort."""
    return {cohort: weighing(study, cohort) for cohort in study.cohorts}


def effect(study: Study, weights: Mapping[int, Weights]) -> float:
    """Return the weighted double difference: mean effect on a treated school and year, if parallel holds [unit of the outcome]."""
    return sum(part * (_rises(study.treated(c), weights[c]).mean() - weights[c].controls @ _rises(study.control, weights[c]))
               for c, part in study.parts.items())  # fmt: skip


def _rises(outcome: Any, weights: Weights) -> Any:
    """How far each school's later years lie above its earlier ones; shape (schools,)."""
    before = len(weights.years)
    return outcome[:, before:].mean(axis=1) - outcome[:, :before] @ weights.years


@dataclass(frozen=True)
class Estimate:
    """An effect with its interval [unit of the outcome]."""

    effect: float
    low: float
    high: float


def estimate(study: Study, weighing: Weighing, error: float | None = None, level: float = LEVEL) -> Estimate:
    """Return the effect by some weights with a normal interval.

    Args:
        study: the panel
        weighing: `even` or `synthetic`
        error: standard error; by the jackknife where None
        level: of the interval [share]
    """
    from scipy.stats import norm

    weights = weights_of(study, weighing)
    found = effect(study, weights)
    reach = float(norm.ppf(0.5 + level / 2)) * (jackknife(study, weights) if error is None else error)
    return Estimate(found, found - reach, found + reach)


def jackknife(study: Study, weights: Mapping[int, Weights]) -> float:
    """Standard error from leaving out each school in turn at the same weights, as the paper's algorithm 3 does."""
    treated = {c: _rises(study.treated(c), weights[c]) for c in study.cohorts}
    others = {c: _rises(study.control, weights[c]) for c in study.cohorts}
    mixed = {c: weights[c].controls @ others[c] for c in study.cohorts}
    whole = {c: treated[c].mean() - mixed[c] for c in study.cohorts}
    left = np.zeros(len(study.control))
    for cohort, part in study.parts.items():
        share = weights[cohort].controls
        rest = (mixed[cohort] - share * others[cohort]) / np.maximum(1.0 - share, np.finfo(float).eps)
        left += part * (treated[cohort].mean() - rest)
    found = [left]
    spans = {c: len(study.years) - study.before(c) for c in study.cohorts}
    for cohort, rises in treated.items():
        counts = {c: spans[c] * (len(treated[c]) - (c == cohort)) for c in study.cohorts}
        without = (rises.sum() - rises) / max(len(rises) - 1, 1) - mixed[cohort]
        fixed = sum(count * whole[c] for c, count in counts.items() if c != cohort)
        found.append((counts[cohort] * without + fixed) / sum(counts.values()))
    every = np.concatenate(found)
    return float(np.sqrt((len(every) - 1) * every.var()))


def placebo(study: Study, weighing: Weighing, repeats: int = 200, seed: int = 1) -> float:
    """Standard error from programmes that did not happen, in controls drawn for them, as the paper's algorithm 4 does.

    Args:
        study: the panel; it needs more controls than schools with the programme
        weighing: `even` or `synthetic`
        repeats: programmes drawn
        seed: of the drawing

    Raises InputError where the controls are too few.
    """
    began, others = study.first[study.first != NEVER], len(study.control)
    if others < len(began) + 2:
        raise InputError(
            f"a placebo needs more controls than schools with the programme; got {others} and {len(began)}"
        )
    generator, found = np.random.default_rng(seed), []
    unserved = study.first == NEVER
    for _ in range(repeats):
        first = np.full(others, NEVER)
        first[generator.permutation(others)[: len(began)]] = began
        drawn = Study(study.schools[unserved], study.years, study.control, first)
        found.append(effect(drawn, weights_of(drawn, weighing)))
    return float(np.std(found))
