"""Samples: points spread over factors by Latin hypercube, Saltelli's scheme for Sobol indices, Morris, or a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.commands import install
from sim.design.factors import Factor
from sim.errors import InputError, is_one_of, shown, whole_number
from sim.parameters import declared_parameters, hint, parameter_values
from sim.tables.read import sheet_of

LHS, SOBOL, MORRIS, TABLE = "lhs", "sobol", "morris", "table"
KINDS = (LHS, SOBOL, MORRIS, TABLE)
"""Designs beyond the grid."""

GRID = "grid"
"""The design that is its policies and nothing else."""

READ = {GRID: (), TABLE: ("points",)}
"""Which of the options `vary`, `n` and `points` a design uses, where these are others than `vary` and `n`."""

GROWING = (SOBOL, MORRIS)
"""Designs that begin with the points of their smaller ones."""

SAMPLE_SEED = 20130701
"""Seed of every sample, so that the same words give the same points."""

LEVELS = 4
"""Levels of a factor in Morris' design; each step goes over half of them."""

NEEDS_ANALYSIS = f"it needs the extra `analysis`: {install('analysis')}"
"""What is to be done where SALib is missing."""


@dataclass(frozen=True)
class Sample:
    """Values of factors by sample; `together` samples in a row belong together and share most of their values."""

    kind: str
    values: tuple[Mapping[str, Any], ...]
    together: int = 1


def require_used(design: str, options: Iterable[str], grid: str) -> None:
    """Refuse options that a design does not use.

    Args:
        design: grid, lhs, sobol, morris or table
        options: those of `vary`, `n` and `points` that have another value than their default
        grid: how a grid is told which values to cross

    Raises:
        InputError: an option that the design does not use, and what it takes

    >>> require_used("lhs", ["vary", "n"], "")
    """
    unused = [name for name in options if name not in READ.get(design, ("vary", "n"))]
    if not unused:
        return
    names = " and ".join(f"`{name}`" for name in unused)
    takes = {GRID: f"it takes {grid}; or choose a design that samples, such as lhs",
             TABLE: "the columns of its file are what varies, and each row is a sample"}  # fmt: skip
    what = {GRID: "a grid", TABLE: "a table of points"}.get(design, f"the design {design}")
    raise InputError(
        f"{what} does not use {names}: {takes.get(design, 'it samples `vary`, and a table reads `points`')}"
    )


def sampled(kind: str, factors: Sequence[Factor], n: int) -> Sample:
    """Return a sample of some factors.

    Args:
        kind: lhs, n samples; sobol, n x (factors + 2); morris, n trajectories of factors + 1
        factors: what is sampled
        n: size of the design

    Raises InputError for another kind, for sizes that the kind cannot have, and where SALib is not installed.
    """
    shares = shares_of(kind, len(factors), n)
    values = tuple({f.name: f.at(float(s)) for f, s in zip(factors, row, strict=True)} for row in shares)
    return Sample(kind, values, together(kind, len(factors)))


def together(kind: str, factors: int) -> int:
    """Samples of a kind that stand in a row and belong together.

    >>> together("sobol", 10), together("morris", 10), together("lhs", 10)
    (12, 11, 1)
    """
    return {SOBOL: factors + 2, MORRIS: factors + 1}.get(kind, 1)


def shares_of(kind: str, factors: int, n: int) -> Any:
    """Return a design in the unit cube: a row a sample, a column a factor; the first rows of a longer Sobol design are its own.

    Raises:
        InputError: as `sampled` does
    """
    if not is_one_of(kind, (LHS, SOBOL, MORRIS)):
        raise InputError(f"`design` must be one of grid, {', '.join(KINDS)}; got {shown(kind)}")
    whole_number("`n`", n, 2)
    if kind == LHS:
        from scipy.stats import qmc

        return qmc.LatinHypercube(factors, rng=SAMPLE_SEED).random(n)
    try:
        from SALib.sample import morris, sobol
    except ImportError:
        raise InputError(f"design={kind} is drawn by SALib, which is not installed; {NEEDS_ANALYSIS}") from None
    problem = {"num_vars": factors, "names": [f"x{k}" for k in range(factors)], "bounds": [[0.0, 1.0]] * factors}
    if kind == MORRIS:
        return morris.sample(problem, n, num_levels=LEVELS, seed=SAMPLE_SEED)
    if n & (n - 1):
        raise InputError(f"a Sobol design has a power of two for `n`: 8, 16, ..., 256, 512; got {n}")
    return sobol.sample(problem, n, calc_second_order=False, seed=SAMPLE_SEED)


def tabled(file: str | Path) -> Sample:
    """Return the points of a CSV or Parquet file: a row a point, a column a declared parameter.

    Raises:
        InputError: the file cannot be read or has no row, a column is unknown, or a value is missing or wrong
    """
    if not isinstance(file, str | Path) or not str(file):
        raise InputError("design=table needs a file of points: `points=my_points.csv`")
    sheet, known = sheet_of(file), {name.lower(): name for name in declared_parameters()}
    for column in filter(None, sheet.names):
        if column not in known:
            raise InputError(f"{sheet.file}: `{column}` is not a parameter{hint(column, list(known.values()))}")
    if not len(sheet):
        raise InputError(f"{sheet.file} has no points: there is no row under the columns")
    values = {known[column]: parameter_values(sheet, column, known[column]) for column in sheet.cells}
    sheet.settle()
    rows = zip(*values.values(), strict=True)
    return Sample(TABLE, tuple(dict(zip(values, row, strict=True)) for row in rows))
