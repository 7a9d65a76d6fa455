"""Scenario discovery: boxes of parameters in which an event happens (PRIM, CART), and scores of parameters (extra trees)."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.commands import install
from sim.errors import InputError

DENSE = 0.8
"""Density that a box should have, if any box has it [share]."""

SMALLEST = 0.05
"""The smallest mass of a box [share of all samples]."""

TREE_SEED = 20130701
"""Seed of the trees that score parameters."""

NEEDS = f"scenario discovery needs the EMA workbench, which is not installed; {install('analysis')}"


@dataclass(frozen=True)
class Box:
    """A box: limits of parameters within which an event mostly happens.

    Attributes:
        limits: low and high by parameter, None for an end without a limit; or the values of a choice
        coverage: cases of interest in the box over all of them [share]
        density: cases of interest in the box over all cases in it [share]
        mass: cases in the box over all cases [share]
    """

    limits: Mapping[str, tuple[Any, ...]]
    coverage: float
    density: float
    mass: float

    @property
    def text(self) -> str:
        """The box as a sentence."""
        parts = [limit_text(name, ends) for name, ends in self.limits.items()]
        where = " and ".join(parts) or "anywhere"
        return (
            f"{where}: {self.density:.0%} there (density), {self.coverage:.0%} of all such cases (coverage), "
            f"{self.mass:.0%} of the samples"
        )


def limit_text(name: str, ends: tuple[Any, ...]) -> str:
    """Return a limit as text.

    >>> limit_text("trust.ratio", (2.0, None)), limit_text("trust.ratio", (1.0, 2.0))
    ('`trust.ratio` above 2', '`trust.ratio` from 1 to 2')
    """
    if len(ends) != 2 or not all(end is None or isinstance(end, float) for end in ends):
        return f"`{name}` {' or '.join(map(str, ends))}"
    low, high = ends
    if low is None:
        return f"`{name}` below {high:.3g}"
    return f"`{name}` above {low:.3g}" if high is None else f"`{name}` from {low:.3g} to {high:.3g}"


def prim(cases: pd.DataFrame, happened: Any) -> Box:
    """Return the box of an event: the greatest coverage among boxes that are dense enough, else the densest box.

    Source: friedman_fisher_1999

    Args:
        cases: one row per sample, one column per parameter
        happened: flags of the event; shape (samples,)

    Raises:
        InputError: the event always or never happens, or the EMA workbench is not installed
    """
    flags = varied_flags(happened)
    peeling = workbench("prim").Prim
    with silenced():
        box = peeling(categorised(cases), flags, mass_min=SMALLEST).find_box()
    steps = box.peeling_trajectory
    dense = steps[steps["density"] >= DENSE]
    chosen = dense["coverage"].idxmax() if len(dense) else steps["density"].idxmax()
    step = steps.loc[chosen]
    limits = limits_of(box.box_lims[int(chosen)], box.box_lims[0])
    return Box(limits, float(step["coverage"]), float(step["density"]), float(step["mass"]))


def cart(cases: pd.DataFrame, happened: Any) -> list[Box]:
    """Return the boxes of a classification tree in which the event mostly happens, greatest coverage first.

    Args:
        cases: one row per sample, one column per parameter
        happened: flags of the event; shape (samples,)

    Raises:
        InputError: as `prim` does
    """
    flags = varied_flags(happened)
    coded_cases, algorithm = coded(cases), workbench("cart").CART
    with silenced():
        tree = algorithm(coded_cases, flags.astype(int), mass_min=max(SMALLEST, 1 / len(coded_cases)))
        tree.build_tree()
        stats = tree.stats
    everything = workbench("scenario_discovery_util")._make_box(coded_cases)
    boxes = [
        Box(
            decoded(limits_of(box, everything), cases),
            *(float(scores[part]) for part in ("coverage", "density", "mass")),
        )
        for box, scores in zip(tree.boxes, stats, strict=True)
        if scores["density"] > 0.5
    ]
    return sorted(boxes, key=lambda box: -box.coverage)


def coded(cases: pd.DataFrame) -> pd.DataFrame:
    """Return the cases with choices coded by their place, since the trees of the workbench do not handle them."""
    categories = categorised(cases)
    choices = categories.select_dtypes("category").columns
    return categories.assign(**{name: categories[name].cat.codes.astype(float) for name in choices})


def decoded(limits: Mapping[str, tuple[Any, ...]], cases: pd.DataFrame) -> dict[str, tuple[Any, ...]]:
    """Return limits of coded cases with choices as values."""
    categories = categorised(cases)
    result = dict(limits)
    for name in categories.select_dtypes("category").columns.intersection(list(limits)):
        low, high = (
            end if end is not None else edge for end, edge in zip(limits[name], (-np.inf, np.inf), strict=True)
        )
        result[str(name)] = tuple(
            value for place, value in enumerate(categories[name].cat.categories) if low <= place <= high
        )
    return result


def factor_scores(cases: pd.DataFrame, outcome: Any) -> pd.DataFrame:
    """Return the importance of each parameter for an outcome by extra trees: columns factor, score [share; sum 1]."""
    scoring = workbench("feature_scoring")
    mode = scoring.RuleInductionType.REGRESSION
    with silenced():
        importances, _ = scoring.get_ex_feature_scores(
            categorised(cases), np.asarray(outcome, dtype=float), mode=mode, random_state=TREE_SEED
        )
    table = pd.DataFrame(
        {"factor": importances.index.astype(str), "score": importances.iloc[:, 0].to_numpy(dtype=float)}
    )
    return table.sort_values("score", ascending=False, ignore_index=True)


def varied_flags(happened: Any) -> Any:
    """Return flags, checked to be neither all true nor all false.

    Raises:
        InputError: the flags do not vary
    """
    flags = np.asarray(happened, dtype=bool)
    if flags.all() or not flags.any():
        raise InputError(f"the event {'always' if flags.all() else 'never'} happens, so there is no box to find")
    return flags


def categorised(cases: pd.DataFrame) -> pd.DataFrame:
    """Return the cases for the workbench: every column that is not numeric is a category."""
    numbers = cases.select_dtypes("number").columns
    others = {name: cases[name].astype(str).astype("category") for name in cases.columns.difference(numbers)}
    return cases.assign(**others).reset_index(drop=True)


def limits_of(box: pd.DataFrame, whole: pd.DataFrame) -> dict[str, tuple[Any, ...]]:
    """Return the limits of a box that are tighter than those of the whole box, tightest first."""
    limits: dict[str, tuple[float, tuple[Any, ...]]] = {}
    for name in box.columns:
        (low, high), (least, most) = box[name], whole[name]
        if isinstance(low, set):
            remaining, ends = len(low) / len(least), tuple(sorted(low, key=str))
        else:
            remaining = (high - low) / (most - least) if most > least else 1.0
            ends = (float(low) if low > least else None, float(high) if high < most else None)
        if remaining < 1.0:
            limits[str(name)] = (remaining, ends)
    return {name: ends for name, (_, ends) in sorted(limits.items(), key=lambda item: item[1][0])}


def workbench(part: str) -> Any:
    """Return a part of the EMA workbench's analysis.

    Raises:
        InputError: the workbench is not installed
    """
    import importlib

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of engines for clusters that are not there
            return importlib.import_module(f"ema_workbench.analysis.{part}")
    except ImportError:
        raise InputError(NEEDS) from None


@contextlib.contextmanager
def silenced() -> Iterator[None]:
    """Suppress the output and the warnings of the workbench."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield
