"""What an evaluator's study of programme schools finds in runs, beside what the programme did there.

A run without the programme that shares its luck says what the same schools would have come to. With the weights of a
study fixed, its error splits without remainder: what it finds where there is no programme (selection: its schools would
have moved otherwise than the others anyway), and what the programme did outside its schools and years (spillover).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from sim.analysis.cells import NEVER
from sim.analysis.clusters import clusters_in
from sim.analysis.difference_in_differences import (
    Study,
    Weighing,
    Weights,
    effect,
    estimate,
    even,
    jackknife,
    placebo,
    synthetic,
    weights_of,
)
from sim.analysis.intervals import bootstrap, share
from sim.analysis.sweep_grid import needs

SYNTHETIC, PLAIN = "synthetic difference-in-differences", "plain difference-in-differences"
"""Names of the methods."""

METHODS: dict[str, Weighing] = {SYNTHETIC: synthetic, PLAIN: even}
"""How each method weighs, by its name."""

PROGRAMMES_DRAWN = 100
"""Programmes that a placebo draws."""


def _of_placebo(study: Study, weighing: Weighing) -> float:
    return placebo(study, weighing, PROGRAMMES_DRAWN)


def _of_jackknife(study: Study, weighing: Weighing) -> float:
    return jackknife(study, weights_of(study, weighing))


ERRORS: dict[str, Callable[[Study, Weighing], float]] = {"jackknife": _of_jackknife, "placebo": _of_placebo}
"""Where the standard error of an estimate comes from, by name."""


@dataclass(frozen=True)
class Pair:
    """The same schools and years of a run and of its pair without the programme; outcomes of shape (schools, years)."""

    study: Study
    without: Study

    @staticmethod
    def of(panel: pd.DataFrame, without: pd.DataFrame) -> Pair:
        """Return the schools that have an outcome in every year of both.

        Args:
            panel: of the run, as `Study.of` takes it
            without: of its pair: school_id, year, outcome

        Raises InputError as `Study.of` does.
        """
        needs(without, ("school_id", "year", "outcome"))
        wide = without.pivot(index="school_id", columns="year", values="outcome").dropna()
        study = Study.of(panel[panel["school_id"].isin(wide.index)])
        return Pair(study, replace(study, outcome=wide.loc[study.schools, study.years].to_numpy(dtype=float)))

    @property
    def truth(self) -> float:
        """Mean effect of the programme on its schools in their years with it [unit of the outcome]."""
        gains = replace(self.study, outcome=self.study.outcome - self.without.outcome)
        return sum(part * gains.treated(c)[:, gains.before(c) :].mean() for c, part in gains.parts.items())

    def row(self, method: str, error: str) -> dict[str, Any]:
        """Return an estimate beside the truth, with what made it differ [unit of the outcome]."""
        weighing = METHODS[method]
        found, weights = (
            estimate(self.study, weighing, ERRORS[error](self.study, weighing)),
            weights_of(self.study, weighing),
        )
        anyway = effect(self.without, weights)
        return {
            "method": method,
            "schools": int((self.study.first != NEVER).sum()),
            "others": len(self.study.control),
            "truth": self.truth,
            "estimate": found.effect,
            "low": found.low,
            "high": found.high,
            "selection": anyway,
            "spillover": found.effect - anyway - self.truth,
        }


def studied(pair: Pair, error: str = "jackknife") -> pd.DataFrame:
    """Both methods beside the truth of one run; a row a method.

    Returns: method, schools with the programme, others, truth, estimate, low, high, selection, spillover; the estimate is
        truth + selection + spillover.
    """
    return pd.DataFrame([pair.row(method, error) for method in METHODS])


def courses(pair: Pair) -> pd.DataFrame:
    """Mean outcome by year of programme schools, of their synthetic control, and of the same schools without the programme.

    The control stands at the level of the programme schools in the weighted years before, cohort by cohort.

    Returns: a row a year: year, programme, control, without.
    """
    study, weights = pair.study, weights_of(pair.study, synthetic)
    size = {cohort: float((study.first == cohort).mean()) for cohort in study.cohorts}
    control = sum(size[c] * _control(study, c, weights) for c in study.cohorts) / sum(size.values())
    served = study.first != NEVER
    return pd.DataFrame({
        "year": study.years,
        "programme": study.outcome[served].mean(axis=0),
        "control": control,
        "without": pair.without.outcome[served].mean(axis=0),
    })  # fmt: skip


def _control(study: Study, cohort: int, weights: Mapping[int, Weights]) -> Any:
    """Return the synthetic control of a cohort at its level; shape (years,)."""
    mixed, before = weights[cohort].controls @ study.control, study.before(cohort)
    return mixed + weights[cohort].years @ (study.treated(cohort).mean(axis=0) - mixed)[:before]


def verdict(rows: pd.DataFrame) -> pd.DataFrame:
    """How far each method misleads over runs; a row a method.

    Args:
        rows: of several runs, as `studied` gives them; with the columns seed and, where runs share sets, `parameter_set`

    Returns: method, runs, truth, estimate, bias (estimate less truth) with its 95% bootstrap interval low, high, the
        parts of the bias selection and spillover, held (runs whose interval holds their truth), coverage with its
        interval coverage_low, coverage_high [share]. All else is a mean in the unit of the outcome.
    """
    found = []
    for method, each in rows.groupby("method", sort=False):
        bias = each["estimate"] - each["truth"]
        holds, clusters = (
            (each["low"] <= each["truth"]) & (each["truth"] <= each["high"]),
            clusters_in(rows, each.get("seed")),
        )
        held = int(holds.sum())
        ends = [float(end[0]) for end in bootstrap(bias.to_numpy()[:, None], clusters=clusters)[1:]]
        limits = share(holds, clusters)
        means = each[["truth", "estimate", "selection", "spillover"]].mean().to_dict()
        found.append({"method": method, "runs": len(each), **means, "bias": float(bias.mean()), "low": ends[0],
                      "high": ends[1], "held": held, "coverage": held / len(each), "coverage_low": limits[0],
                      "coverage_high": limits[1]})  # fmt: skip
    return pd.DataFrame(found)
