"""Runs of the cases: arms, published figures, and simulated figures by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.cases import FITTED, SCORED, TRAINED
from sim.analysis.scores import national_counts
from sim.calibration.national import PRIORS, NationalPrior, national_sets, with_free_parameters
from sim.catalogue import targets
from sim.dates import date_of, month_of, school_year
from sim.errors import InputError
from sim.outcomes.schools import examinations
from sim.policy import Scenario
from sim.runs.parallel import map_tasks
from sim.runs.posterior import ParameterSets
from sim.runs.run import simulate
from sim.studies.setup import scenario_named
from sim.world.facts import cells, cohort, data_path

TRAINED_ARM, NO_BONUS, CARRIED = "bonus, trained", "no bonus", "bonus of Israel"
"""Arms of the Irish case: the bonus fitted to its first years, the same sets without a bonus, and the bonus of Israel."""

NO_PLAN, PLAN, READY, HALF, BOTH = (
    "no plan",
    "plan",
    "plan, readiness irrelevant",
    "plan, half in grades 10-12",
    "plan, both of these",
)
"""Arms of the plan of 2009-2012. In `both`, readiness is irrelevant and half of the money goes to grades 10 to 12."""

PLAN_ENDS = 2013
"""Last examination of the arms of the plan, before any programme of the state."""

REACHED = 0.5
"""Part of the plan that reaches grades 10 to 12 in the arm `half`, the greatest plausible one [share]."""

EVIDENCE = "evidence.csv"
"""Table of further published facts."""

CLOSE = 0.1
"""Greatest difference between the students of the cohort table and those of the population table [log]."""


@dataclass(frozen=True)
class Arm:
    """An arm of a case.

    Args:
        name: in words
        scenario: that is simulated
        sets: parameter sets; run k has set k and seed k + 1
    """

    name: str
    scenario: Scenario
    sets: ParameterSets


def irish_shares() -> pd.DataFrame:
    """Return the published shares at higher level: year, observed [share of those who sit], use (trained or scored)."""
    rows = pd.read_csv(data_path(EVIDENCE))
    rows = rows[(rows["place"] == "Ireland") & (rows["quantity"] == "higher-level maths share")]
    use = np.where(rows["use"] == "case: score only", SCORED, TRAINED)
    facts = pd.DataFrame({"year": rows["year"].astype(int), "observed": rows["value"].astype(float), "use": use})
    return facts.sort_values("year").reset_index(drop=True)


def plan_counts() -> pd.DataFrame:
    """Return the national counts up to the end of the plan: year, observed [students], use."""
    counts = national_counts(targets())
    rows = counts.loc[counts["year"] <= PLAN_ENDS, ["year", "value"]].rename(columns={"value": "observed"})
    return rows.astype({"observed": float}).assign(use=FITTED).reset_index(drop=True)


def setting_of(name: str, overrides: Mapping[str, Any], years: Sequence[int]) -> Scenario:
    """Return the scenario of a case after a check.

    Args:
        name: of the scenario
        overrides: parameters that differ, by dotted name
        years: that are compared

    Raises:
        InputError: a value is wrong, no run reaches a year, or the cohort table is of another country
    """
    scenario = scenario_named(name, None, overrides)
    begin = school_year(scenario.first_month)
    if begin > min(years):
        raise InputError(
            f"the first published figure is of {min(years)}, but the first examination of the runs is of {begin}; set "
            f"`setting.start` to {min(years) - 1}-09"
        )
    if scenario.last_month < month_of(f"{max(years)}-06"):
        raise InputError(
            f"the last published figure is of {max(years)}, but the runs end in {date_of(scenario.last_month)}; set "
            f"`setting.until` to {max(years)}-08"
        )
    require_own_cohort(scenario)
    return scenario


def require_own_cohort(scenario: Scenario) -> None:
    """Check that the table of cohorts is of the same country as the schools.

    Raises:
        InputError: the numbers of students of the cohort table and of the population table differ in the reference year
    """
    setting = scenario.parameters.setting
    if setting.schools:
        return
    takers = float(cells(setting.population)["takers_total"].sum())
    students = cohort(setting.year, setting.cohorts) * setting.taking
    if abs(np.log(students / takers)) > CLOSE:
        raise InputError(
            f"{setting.cohorts} has {students:,.0f} students who take mathematics in {setting.year}, but "
            f"{setting.population} has {takers:,.0f}; set `setting.cohorts` to the table of the same country"
        )


def irish_priors(overrides: Mapping[str, Any]) -> tuple[NationalPrior, ...]:
    """Return the priors of the parameters that are fitted, without those in `overrides`."""
    return tuple(prior for prior in PRIORS if prior.name not in overrides)


def irish_arms(
    scenario: Scenario, sets: ParameterSets, priors: Sequence[NationalPrior], *, jobs: int | None, progress: bool
) -> list[Arm]:
    """Return the arms of the Irish case.

    Args:
        scenario: of the country
        sets: parameter sets of the posterior
        priors: of the parameters that are fitted to the training shares
        jobs: processes; None for all cores
        progress: show a bar
    """
    facts = irish_shares()
    trained = facts[facts["use"] == TRAINED]
    shares = {int(year): float(share) for year, share in zip(trained["year"], trained["observed"], strict=True)}
    short = scenario.with_({"setting.until": f"{max(shares)}-08"})
    fitted = national_sets(short, sets, shares, priors, jobs=jobs, progress=progress)
    opened = with_free_parameters(scenario, [prior.name for prior in priors])
    foreign = [
        {**own, "package.bonus": values["package.bonus"], "school.rise": 0.0}
        for own, values in zip(fitted, sets, strict=True)
    ]
    usual = replace(opened, policy=opened.policy.without("package.bonus_keeping"))
    return [
        Arm(TRAINED_ARM, opened, fitted),
        Arm(NO_BONUS, opened.with_({"ministry.mode": "never"}), fitted),
        Arm(CARRIED, usual, foreign),
    ]


def plan_arms(scenario: Scenario, sets: ParameterSets) -> list[Arm]:
    """Return the arms of the plan of 2009-2012, all with the same parameter sets.

    Args:
        scenario: with the recorded policy
        sets: parameter sets of the posterior
    """
    none = replace(scenario, policy=scenario.policy.without("ministry.plan_budget"))
    ready, half = {"school.readiness_irrelevance": 1.0}, {"ministry.plan_reached": REACHED}
    changed = {READY: ready, HALF: half, BOTH: ready | half}
    arms = [Arm(PLAN, scenario, sets), Arm(NO_PLAN, none, sets)]
    return arms + [Arm(name, scenario.with_(values), sets) for name, values in changed.items()]


def run_arms(arms: Sequence[Arm], jobs: int | None, progress: bool) -> pd.DataFrame:
    """Simulate each parameter set of each arm once, with common random numbers.

    Args:
        arms: of a case
        jobs: processes; None for all cores
        progress: show a bar

    Returns:
        A row a run and year: arm, seed, year, examinees [students], share, four [share of the grade], kept [share of starters].
    """
    tasks = [(arm.name, arm.scenario.drawn(values), k + 1) for arm in arms for k, values in enumerate(arm.sets)]
    frames = map_tasks(yearly_figures, tasks, jobs, arms[0].scenario, "simulating" if progress else None, "run")
    return pd.concat(frames, ignore_index=True)


def yearly_figures(arm: str, scenario: Scenario, seed: int) -> pd.DataFrame:
    """Return the figures of one run by year, in the columns of `run_arms`.

    Args:
        arm: its name
        scenario: at the parameter set of the run
        seed: of the run
    """
    rows = []
    for year, figures in examinations(simulate(scenario, seed).world).items():
        if year < school_year(scenario.first_month):
            continue
        examinees, grade = float(figures["examinees"].sum()), figures["grade"]
        row = {"arm": arm, "seed": seed, "year": year, "examinees": examinees, "share": examinees / grade}
        rows.append(row | {"four": figures["four"] / grade, "kept": examinees / figures["starters"]})
    return pd.DataFrame(rows)
