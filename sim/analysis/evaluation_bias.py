"""Bias of programme evaluations: estimates of an evaluator in simulated runs, compared with the true effect.

A run without the programme and with the same random numbers shows the outcomes of the same schools without it. With the
weights of a study fixed, its error has exactly two parts: the estimate where there is no programme (selection: programme
schools differ in trend), and the effect of the programme outside its schools and years (spillover).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from sim.analysis.cells import NEVER
from sim.analysis.clusters import clusters_in
from sim.analysis.difference_in_differences import (
    ProgrammePanel,
    Weighing,
    Weights,
    effect,
    estimate,
    even_weights,
    jackknife,
    placebo,
    synthetic_weights,
    weights_of,
)
from sim.analysis.intervals import bootstrap, share_interval
from sim.analysis.sweep_grid import needs

SYNTHETIC, PLAIN = "synthetic difference-in-differences", "plain difference-in-differences"
"""Names of the methods."""

METHODS: dict[str, Weighing] = {SYNTHETIC: synthetic_weights, PLAIN: even_weights}
"""Weighting of each method, by name."""

PROGRAMMES_DRAWN = 100
"""Number of programmes that a placebo draws."""


def _placebo_error(study: ProgrammePanel, weighing: Weighing) -> float:
    return placebo(study, weighing, PROGRAMMES_DRAWN)


def _jackknife_error(study: ProgrammePanel, weighing: Weighing) -> float:
    return jackknife(study, weights_of(study, weighing))


ERRORS: dict[str, Callable[[ProgrammePanel, Weighing], float]] = {
    "jackknife": _jackknife_error,
    "placebo": _placebo_error,
}
"""Functions of the standard error of an estimate, by name."""


@dataclass(frozen=True)
class Pair:
    """The panels of a run with the programme and of its pair without it, with the same schools and years."""

    study: ProgrammePanel
    without: ProgrammePanel

    @staticmethod
    def of(panel: pd.DataFrame, without: pd.DataFrame) -> Pair:
        """Return the pair of panels, with the schools that have an outcome in every year of both.

        Args:
            panel: of the run, as `Study.of` takes it
            without: of its pair: school_id, year, outcome

        Raises:
            InputError: as `Study.of` does
        """
        needs(without, ("school_id", "year", "outcome"))
        wide = without.pivot(index="school_id", columns="year", values="outcome").dropna()
        study = ProgrammePanel.of(panel[panel["school_id"].isin(wide.index)])
        return Pair(study, replace(study, outcome=wide.loc[study.schools, study.years].to_numpy(dtype=float)))

    @property
    def truth(self) -> float:
        """The true mean effect of the programme on its schools in their years with it [outcome's unit]."""
        gains = replace(self.study, outcome=self.study.outcome - self.without.outcome)
        return sum(
            part * gains.treated(c)[:, gains.years_before(c) :].mean() for c, part in gains.cohort_shares.items()
        )

    def row(self, method: str, error: str) -> dict[str, Any]:
        """Return an estimate, the truth, and the parts of their difference [outcome's unit]."""
        weighing = METHODS[method]
        estimated, weights = (
            estimate(self.study, weighing, ERRORS[error](self.study, weighing)),
            weights_of(self.study, weighing),
        )
        selection = effect(self.without, weights)
        return {
            "method": method,
            "schools": int((self.study.first != NEVER).sum()),
            "others": len(self.study.control),
            "truth": self.truth,
            "estimate": estimated.mean,
            "low": estimated.low,
            "high": estimated.high,
            "selection": selection,
            "spillover": estimated.mean - selection - self.truth,
        }


def method_estimates(pair: Pair, error: str = "jackknife") -> pd.DataFrame:
    """Return the estimates of both methods and the truth of one run; one row per method.

    Returns:
        method, schools with the programme, others, truth, estimate, low, high, selection, spillover; the estimate is
        truth + selection + spillover.
    """
    return pd.DataFrame([pair.row(method, error) for method in METHODS])


def mean_trajectories(pair: Pair) -> pd.DataFrame:
    """Return mean outcomes by year of programme schools, their synthetic control, and the same schools without the programme.

    The control is shifted to the level of the programme schools in the weighted earlier years, cohort by cohort.

    Returns:
        one row per year: year, programme, control, without.
    """
    study, weights = pair.study, weights_of(pair.study, synthetic_weights)
    size = {cohort: float((study.first == cohort).mean()) for cohort in study.cohorts}
    control = sum(size[c] * _control(study, c, weights) for c in study.cohorts) / sum(size.values())
    served = study.first != NEVER
    return pd.DataFrame({
        "year": study.years,
        "programme": study.outcome[served].mean(axis=0),
        "control": control,
        "without": pair.without.outcome[served].mean(axis=0),
    })  # fmt: skip


def _control(study: ProgrammePanel, cohort: int, weights: Mapping[int, Weights]) -> Any:
    """Return the synthetic control of a cohort at its level; shape (years,)."""
    mixed, before = weights[cohort].controls @ study.control, study.years_before(cohort)
    return mixed + weights[cohort].years @ (study.treated(cohort).mean(axis=0) - mixed)[:before]


def method_errors(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the bias and coverage of each method over runs; one row per method.

    Args:
        rows: of several runs, from `method_estimates`, with the columns seed and, where runs share sets, `parameter_set`

    Returns:
        method, runs, truth, estimate, bias (estimate less truth) with its 95% bootstrap interval low, high, the
        parts of the bias selection and spillover, held (runs whose interval contains the truth), coverage with its
        interval coverage_low, coverage_high [share]. All else is a mean in the unit of the outcome.
    """
    table = []
    for method, estimates in rows.groupby("method", sort=False):
        bias = estimates["estimate"] - estimates["truth"]
        holds, clusters = (
            (estimates["low"] <= estimates["truth"]) & (estimates["truth"] <= estimates["high"]),
            clusters_in(rows, estimates.get("seed")),
        )
        number = int(holds.sum())
        ends = [float(end[0]) for end in bootstrap(bias.to_numpy()[:, None], clusters=clusters)[1:]]
        limits = share_interval(holds, clusters)
        means = estimates[["truth", "estimate", "selection", "spillover"]].mean().to_dict()
        table.append({"method": method, "runs": len(estimates), **means, "bias": float(bias.mean()), "low": ends[0],
                      "high": ends[1], "held": number, "coverage": number / len(estimates), "coverage_low": limits[0],
                      "coverage_high": limits[1]})  # fmt: skip
    return pd.DataFrame(table)
