"""Scenario discovery: in which box of parameters something happens (PRIM, CART), and which parameters tell (trees)."""

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
"""What share of its cases a box should have happen, if any box does [share]."""

SMALLEST = 0.05
"""The smallest share of all cases that a box may hold [share]."""

TREE_SEED = 20130701
"""Seed of the trees that score parameters."""

NEEDS = f"boxes are found by the EMA workbench, which is not installed: {install('analysis')}"


@dataclass(frozen=True)
class Box:
    """Limits of parameters within which something mostly happens.

    Attributes:
        limits: low and high by parameter, None at an end that is not limited; or the values that a choice may have
        coverage: cases of interest in the box over all of them [share]
        density: cases of interest in the box over all cases in it [share]
        mass: cases in the box over all cases [share]
    """

    limits: Mapping[str, tuple[Any, ...]]
    coverage: float
    density: float
    mass: float

    @property
    def words(self) -> str:
        """The box in a sentence."""
        parts = [limit_in_words(name, ends) for name, ends in self.limits.items()]
        where = " and ".join(parts) or "anywhere"
        return (
            f"{where}: {self.density:.0%} there (density), {self.coverage:.0%} of all such cases (coverage), "
            f"{self.mass:.0%} of the samples"
        )


def limit_in_words(name: str, ends: tuple[Any, ...]) -> str:
    """Return a limit as one says it.

    >>> limit_in_words("trust.ratio", (2.0, None)), limit_in_words("trust.ratio", (1.0, 2.0))
    ('`trust.ratio` above 2', '`trust.ratio` from 1 to 2')
    """
    if len(ends) != 2 or not all(end is None or isinstance(end, float) for end in ends):
        return f"`{name}` {' or '.join(map(str, ends))}"
    low, high = ends
    if low is None:
        return f"`{name}` below {high:.3g}"
    return f"`{name}` above {low:.3g}" if high is None else f"`{name}` from {low:.3g} to {high:.3g}"


def prim(cases: pd.DataFrame, happened: Any) -> Box:
    """Return the box in which it happens: the one with the greatest coverage among those dense enough, else the densest.

    Patient rule induction, Friedman and Fisher (1999), Statistics and Computing 9, 123-143.

    Args:
        cases: a row a sample, a column a parameter
        happened: whether it happened in each; shape (samples,) [flag]

    Raises InputError where it always or never happens, and where the EMA workbench is not installed.
    """
    flags = telling(happened)
    peeling = workbench("prim").Prim
    with quietly():
        box = peeling(categorised(cases), flags, mass_min=SMALLEST).find_box()
    steps = box.peeling_trajectory
    dense = steps[steps["density"] >= DENSE]
    chosen = dense["coverage"].idxmax() if len(dense) else steps["density"].idxmax()
    step = steps.loc[chosen]
    limits = limits_of(box.box_lims[int(chosen)], box.box_lims[0])
    return Box(limits, float(step["coverage"]), float(step["density"]), float(step["mass"]))


def cart(cases: pd.DataFrame, happened: Any) -> list[Box]:
    """Return the boxes of a classification tree in which it mostly happens, the greatest coverage first.

    Arguments and Raises as `prim`.
    """
    flags = telling(happened)
    known, growing = coded(cases), workbench("cart").CART
    with quietly():
        tree = growing(known, flags.astype(int), mass_min=max(SMALLEST, 1 / len(known)))
        tree.build_tree()
        stats = tree.stats
    whole = workbench("scenario_discovery_util")._make_box(known)
    found = [
        Box(decoded(limits_of(box, whole), cases), *(float(said[part]) for part in ("coverage", "density", "mass")))
        for box, said in zip(tree.boxes, stats, strict=True)
        if said["density"] > 0.5
    ]
    return sorted(found, key=lambda box: -box.coverage)


def coded(cases: pd.DataFrame) -> pd.DataFrame:
    """Return the cases as a tree reads them: choices by their place, since the workbench mistakes them in trees."""
    known = categorised(cases)
    choices = known.select_dtypes("category").columns
    return known.assign(**{name: known[name].cat.codes.astype(float) for name in choices})


def decoded(limits: Mapping[str, tuple[Any, ...]], cases: pd.DataFrame) -> dict[str, tuple[Any, ...]]:
    """Limits of coded cases, with the values of choices in place of their places."""
    known = categorised(cases)
    found = dict(limits)
    for name in known.select_dtypes("category").columns.intersection(list(limits)):
        low, high = (
            end if end is not None else edge for end, edge in zip(limits[name], (-np.inf, np.inf), strict=True)
        )
        found[str(name)] = tuple(
            value for place, value in enumerate(known[name].cat.categories) if low <= place <= high
        )
    return found


def scores(cases: pd.DataFrame, outcome: Any) -> pd.DataFrame:
    """How much each parameter tells of an outcome in extra trees: columns factor, score [share; they sum to 1]."""
    scoring = workbench("feature_scoring")
    mode = scoring.RuleInductionType.REGRESSION
    with quietly():
        found, _ = scoring.get_ex_feature_scores(
            categorised(cases), np.asarray(outcome, dtype=float), mode=mode, random_state=TREE_SEED
        )
    told = pd.DataFrame({"factor": found.index.astype(str), "score": found.iloc[:, 0].to_numpy(dtype=float)})
    return told.sort_values("score", ascending=False, ignore_index=True)


def telling(happened: Any) -> Any:
    """Flags of which some are true and some are not.

    Raises:
        InputError: otherwise
    """
    flags = np.asarray(happened, dtype=bool)
    if flags.all() or not flags.any():
        raise InputError(f"it {'always' if flags.all() else 'never'} happens, so there is no box to find")
    return flags


def categorised(cases: pd.DataFrame) -> pd.DataFrame:
    """Return the cases as the workbench reads them: whatever is no number is a category."""
    numbers = cases.select_dtypes("number").columns
    others = {name: cases[name].astype(str).astype("category") for name in cases.columns.difference(numbers)}
    return cases.assign(**others).reset_index(drop=True)


def limits_of(box: pd.DataFrame, whole: pd.DataFrame) -> dict[str, tuple[Any, ...]]:
    """What of a box limits its parameters, against the box that holds all; the tightest limit first."""
    found: dict[str, tuple[float, tuple[Any, ...]]] = {}
    for name in box.columns:
        (low, high), (least, most) = box[name], whole[name]
        if isinstance(low, set):
            left, ends = len(low) / len(least), tuple(sorted(low, key=str))
        else:
            left = (high - low) / (most - least) if most > least else 1.0
            ends = (float(low) if low > least else None, float(high) if high < most else None)
        if left < 1.0:
            found[str(name)] = (left, ends)
    return {name: ends for name, (_, ends) in sorted(found.items(), key=lambda item: item[1][0])}


def workbench(part: str) -> Any:
    """Return a part of the EMA workbench's analysis.

    Raises:
        InputError: it is not installed
    """
    import importlib

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of engines for clusters that are not there
            return importlib.import_module(f"ema_workbench.analysis.{part}")
    except ImportError:
        raise InputError(NEEDS) from None


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Without what the workbench prints and warns of on its way."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield
