"""Sensitivity analysis of a sampled sweep: indices of factors, boxes in which enrolment doubles, and number of seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.doubling import Doubling, doubling_from
from sim.analysis.headlines import SAMPLE, headline_outcomes, headline_runs, policies_in, policy_columns
from sim.analysis.replications import replications
from sim.analysis.sensitivity import indices_by_size, mean_by_sample, pawn
from sim.analysis.sweep_grid import EMERGENT
from sim.commands import call_of, origin
from sim.design.factors import Factor
from sim.design.samples import NEEDS_ANALYSIS, shares_of
from sim.errors import InputError, shown
from sim.findings.sensitivity import INDEX, SETTLING
from sim.results.files import path_of
from sim.results.identity import environment
from sim.results.store import Store
from sim.runs.ensemble import Ensemble
from sim.studies.doubling_boxes import Boxes, boxes_of
from sim.studies.sensitivity_result import Sensitivity

LEAST = {"sobol": 8, "morris": 4, "lhs": 16}
"""Smallest size of a design with indices, by its kind: base samples, trajectories or samples; chosen."""


@dataclass(frozen=True)
class AnalysedSweep:
    """Sweep that is analysed.

    Args:
        table: a row a run
        record: its manifest; of a sweep in memory, its command and sampling
        folder: of the sweep; None for a sweep in memory
        failures: number of runs that failed, of a sweep in memory
    """

    table: pd.DataFrame
    record: Mapping[str, Any]
    folder: Path | None
    failures: int = 0

    @property
    def sampling(self) -> Mapping[str, Any]:
        """Kind of the design, its size and its factors, which a grid does not have."""
        return self.record.get("sampling") or {"kind": "grid"}

    @property
    def factors(self) -> list[Factor]:
        """Factors that were sampled."""
        return [Factor(**{**about, "choices": tuple(about["choices"])}) for about in self.sampling["factors"]]

    @property
    def missing(self) -> dict[str, int]:
        """Number of planned runs with a free ministry, and number of them that are missing."""
        complete = int((self.table["dates"] == EMERGENT).sum())
        runs = complete + self.failures
        if "design" in self.record:
            first, last = self.record["seeds"]
            points = sum(point.get("samples", 1) for point in self.record["design"])
            runs = points * len(self.record.get("policies", [0])) * (last - first + 1)
        return {"runs": runs, "missing": max(runs - complete, 0)}


def sensitivity(
    sweep: str | Path | Ensemble,
    *,
    outcomes: str | Sequence[str] | None = None,
    doubling: Doubling | Mapping[str, Any] | None = None,
    within: float = 0.05,
    boxes: bool = True,
) -> Sensitivity:
    """Analyse a sampled sweep: which factors matter, where enrolment doubles, and how many seeds are enough.

    Indices are Sobol indices, Morris' effects, or PAWN for a Latin hypercube, with intervals. SALib and the EMA workbench
    are needed (the extra `analysis`).

    Args:
        sweep: the folder of a sweep, or a sweep that `sim.sweep` returned
        outcomes: columns of its table, or `doubled`; None for the headline outcomes
        doubling: what counts as doubling, as keys or as a `Doubling`; None: twice the published count of 2012 by 2020
        within: wanted half-width of intervals, for the number of seeds [share of the outcome's mean]
        boxes: search the boxes of parameters in which enrolment doubles

    Returns:
        The analysis: indices, seeds and samples, with `summary()`, `plot`, `chapter()` and `save(folder)`.

    Raises:
        InputError: there is no sweep, an option is wrong, the design is too small for indices, a named outcome cannot be
            analysed, or SALib is missing

    Example:
        >>> import sim
        >>> runs = sim.sweep("sobol", vary=["trust.gain", "trust.ratio"], n=64, seeds=2)  # doctest: +SKIP
        >>> print(sim.sensitivity(runs).summary())  # doctest: +SKIP
    """
    command = origin(call_of(sensitivity, locals()))
    goal = doubling_from(doubling)
    check_options(within, boxes)
    source = sweep_from(sweep)
    runs, sampling = headline_runs(source.table, goal), source.sampling
    indices, outcome_notes = pd.DataFrame(), list[list[str]]()
    if sampling["kind"] in INDEX:
        indices, outcome_notes = indices_of(source, runs, outcomes)
    seeds, seeds_problem = seeds_needed(source.table, runs, outcomes, within)
    search = boxes and sampling["kind"] in INDEX
    doubling_boxes = boxes_of(sampling, source.factors, runs, goal) if search else Boxes([], [], pd.DataFrame())
    scenarios = ", ".join(map(str, source.table["scenario"].unique()))
    return Sensitivity(indices, seeds, doubling_boxes.samples, {
        "command": command,
        "baseline": scenarios,
        "called": scenarios,
        "folder": str(source.folder) if source.folder else None,
        "sweep": {"command": source.record.get("command", command),
                  "environment": source.record.get("environment") or environment()},
        "design": {"kind": sampling["kind"], "n": sampling.get("n")},
        "missing": source.missing,
        "outcomes": outcome_notes,
        "within": within,
        "seeds_problem": seeds_problem,
        "doubling": f"it comes to {goal.brief} by {goal.by}",
        "box_notes": doubling_boxes.notes,
        "boxes": doubling_boxes.records,
        "environment": environment(),
    })  # fmt: skip


def check_options(within: Any, boxes: Any) -> None:
    """Check the options of an analysis.

    Args:
        within: wanted half-width of intervals
        boxes: whether boxes are searched

    Raises:
        InputError: `within` is not a number above 0, or `boxes` is neither true nor false
    """
    if isinstance(within, bool) or not isinstance(within, Real) or not 0 < float(within) < inf:
        raise InputError(f"`within` must be a share of an outcome's mean, above 0; got {shown(within)}")
    if not isinstance(boxes, bool):
        raise InputError(f"`boxes` must be true or false; got {shown(boxes)}")


def sweep_from(sweep: Any) -> AnalysedSweep:
    """Return a sweep with its table, from its folder or from memory.

    Raises:
        InputError: the value is neither a folder nor a sweep, or the sweep has no run
    """
    if isinstance(sweep, Ensemble):
        if not len(sweep.frame):
            raise InputError("the sweep has no run to analyse; `failures` has the reasons")
        failed = sum(failure.get("dates", EMERGENT) == EMERGENT for failure in sweep.failures)
        return AnalysedSweep(sweep.frame, sweep.record, None, failed)
    if not isinstance(sweep, str | Path):
        raise InputError(f"a sweep must be the path of its folder, or made by `sim.sweep`; got {shown(sweep)}")
    store = Store(path_of(sweep))
    return AnalysedSweep(store.collect(), store.manifest(), store.folder)


def indices_of(source: AnalysedSweep, runs: pd.DataFrame, outcomes: Any) -> tuple[pd.DataFrame, list[list[str]]]:
    """Return the indices of every outcome under every policy.

    Args:
        source: the sweep
        runs: its runs with the ministry free
        outcomes: that the user named; None for the headline outcomes

    Returns:
        Indices; and policy, outcome and problem (empty if there is none) of each analysis.

    Raises:
        InputError: a named outcome cannot be analysed, or no outcome can
    """
    sampling, factors = source.sampling, source.factors
    require_enough(sampling["kind"], int(sampling["n"]))
    shares = shares_of(sampling["kind"], len(factors), sampling["n"])
    require_points(source.table, factors, shares)
    frames, notes = [], list[list[str]]()
    for policy, rows in policies_in(runs):
        for outcome in outcomes_in(rows, outcomes):
            try:
                values = mean_by_sample(rows, outcome, len(shares))
            except InputError as mistake:
                if outcomes is not None:
                    raise
                notes.append([policy, outcome, str(mistake)])
                continue
            frame = estimated_indices(sampling["kind"], [factor.name for factor in factors], shares, values)
            frames.append(frame.assign(outcome=outcome, policy=policy))
            notes.append([policy, outcome, ""])
    if not frames:
        reason = f"{notes[0][0]}: {notes[0][2]}" if notes else "there is none"
        raise InputError(f"no outcome of {source.folder or 'the sweep'} can be analysed: {reason}")
    return pd.concat(frames, ignore_index=True), notes


def require_enough(kind: str, n: int) -> None:
    """Check that a design is large enough for indices.

    Args:
        kind: of the design
        n: its size, as the sweep was given it

    Raises:
        InputError: it is too small
    """
    if n < LEAST[kind]:
        raise InputError(
            f"a {kind} design of n={n} is too small for indices, whose intervals would cover all values; sweep with n of at "
            f"least {LEAST[kind]}, better {LEAST[kind] * 8}"
        )


def require_points(table: pd.DataFrame, factors: Sequence[Factor], shares: Any) -> None:
    """Check that the points of a table are those of the design.

    Raises:
        InputError: a point differs from the design
    """
    points = table.drop_duplicates(SAMPLE).set_index(SAMPLE)
    for k, factor in enumerate(factors):
        expected = [factor.at(float(shares[number, k])) for number in points.index]
        same = points[factor.name].to_numpy() == np.asarray(expected)
        if not same.all():
            raise InputError(f"the points of the table are not those of the design in its manifest: `{factor.name}` of sample "
                          f"{points.index[~same][0]} differs; sweep again")  # fmt: skip


def outcomes_in(runs: pd.DataFrame, outcomes: Any) -> list[str]:
    """Return the outcomes to analyse: the named ones, or the headline outcomes that have a value.

    Raises:
        InputError: no outcome is named, or one is not a column
    """
    if outcomes is None:
        return [name for name in headline_outcomes(runs) if runs[name].notna().any()]
    names = [outcomes] if isinstance(outcomes, str) or not isinstance(outcomes, Sequence) else list(outcomes)
    unknown = [name for name in names if not isinstance(name, str) or name not in runs]
    if unknown or not names:
        raise InputError(f"the table has no outcome {shown(unknown[0] if unknown else names)}")
    return names


def estimated_indices(kind: str, names: list[str], shares: Any, values: Any) -> pd.DataFrame:
    """Return indices by the estimator of the design, at several sizes of it; PAWN for other designs.

    Args:
        kind: of the design
        names: of the factors
        shares: place of each sample within the ranges; shape (samples, factors)
        values: mean outcome of each sample

    Raises:
        InputError: SALib is not installed
    """
    try:
        if kind in SETTLING:
            return indices_by_size(kind, names, shares, values)
        return pawn(names, shares, values)
    except ImportError:
        raise InputError(f"indices are estimated by SALib, which is not installed; {NEEDS_ANALYSIS}") from None


def seeds_needed(table: pd.DataFrame, runs: pd.DataFrame, outcomes: Any, within: float) -> tuple[pd.DataFrame, str]:
    """Return the number of seeds that are enough; or an empty table and the reason.

    Args:
        table: a row a run
        runs: those with a free ministry
        outcomes: that the user named; None for the headline outcomes
        within: wanted half-width of intervals [share]

    Raises:
        InputError: a named outcome is not a column
    """
    points = [name for name in table.columns[: table.columns.get_loc("dates")] if table[name].nunique() > 1]
    names = outcomes_in(runs, outcomes)
    if not points:
        return pd.DataFrame(), "the number of seeds that are enough needs two points or more"
    if SAMPLE in table:
        points = [*(name for name in points if name in policy_columns(runs)), SAMPLE]
    try:
        return replications(runs, points, names, within), ""
    except InputError as mistake:
        return pd.DataFrame(), str(mistake)
