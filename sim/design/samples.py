"""Samples of factors: Latin hypercube, Saltelli design for Sobol indices, Morris design, or a table."""

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
"""Designs that sample."""

GRID = "grid"
"""The design of policies without samples."""

READ = {GRID: (), TABLE: ("points",)}
"""Options that a design uses, if these are not `vary` and `n`."""

GROWING = (SOBOL, MORRIS)
"""Designs whose smaller versions are their beginnings."""

SAMPLE_SEED = 20130701
"""Seed of every sample, so that the same options give the same points."""

LEVELS = 4
"""Levels of a factor in a Morris design; each step covers half of them."""

NEEDS_ANALYSIS = f"it needs the extra `analysis`: {install('analysis')}"
"""What to do if SALib is missing."""


@dataclass(frozen=True)
class Sample:
    """Values of factors by sample; `group_size` consecutive samples share most of their values."""

    kind: str
    values: tuple[Mapping[str, Any], ...]
    group_size: int = 1


def require_used(design: str, options: Iterable[str], grid: str) -> None:
    """Refuse options that a design does not use.

    Args:
        design: grid, lhs, sobol, morris or table
        options: those of `vary`, `n` and `points` that differ from their default
        grid: text on the values that a grid takes

    Raises:
        InputError: the design does not use an option

    >>> require_used("lhs", ["vary", "n"], "")
    """
    unused = [name for name in options if name not in READ.get(design, ("vary", "n"))]
    if not unused:
        return
    names = " and ".join(f"`{name}`" for name in unused)
    takes = {GRID: f"it takes {grid}; or choose a design that samples, such as lhs",
             TABLE: "its file has the factors as columns and a sample in each row"}  # fmt: skip
    what = {GRID: "a grid", TABLE: "a table of points"}.get(design, f"the design {design}")
    raise InputError(
        f"{what} does not use {names}: {takes.get(design, 'it samples `vary`, and a table reads `points`')}"
    )


def sampled(kind: str, factors: Sequence[Factor], n: int) -> Sample:
    """Return a sample of some factors.

    Args:
        kind: lhs, n samples; sobol, n x (factors + 2); morris, n trajectories of factors + 1
        factors: to sample
        n: size of the design

    Raises:
        InputError: the kind is unknown, cannot have the size, or SALib is not installed
    """
    shares = shares_of(kind, len(factors), n)
    values = tuple({f.name: f.at(float(s)) for f, s in zip(factors, row, strict=True)} for row in shares)
    return Sample(kind, values, group_size(kind, len(factors)))


def group_size(kind: str, factors: int) -> int:
    """Return the number of consecutive samples that share most of their values.

    >>> group_size("sobol", 10), group_size("morris", 10), group_size("lhs", 10)
    (12, 11, 1)
    """
    return {SOBOL: factors + 2, MORRIS: factors + 1}.get(kind, 1)


def shares_of(kind: str, factors: int, n: int) -> Any:
    """Return a design in the unit cube, one row per sample; a longer Sobol design begins with the shorter one.

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
        raise InputError(f"design={kind} needs SALib, which is not installed; {NEEDS_ANALYSIS}") from None
    problem = {"num_vars": factors, "names": [f"x{k}" for k in range(factors)], "bounds": [[0.0, 1.0]] * factors}
    if kind == MORRIS:
        return morris.sample(problem, n, num_levels=LEVELS, seed=SAMPLE_SEED)
    if n & (n - 1):
        raise InputError(f"`n` of a Sobol design must be a power of two, such as 256; got {n}")
    return sobol.sample(problem, n, calc_second_order=False, seed=SAMPLE_SEED)


def sample_from_file(file: str | Path) -> Sample:
    """Return the sample of a CSV or Parquet file: one row per point, one column per parameter.

    Raises:
        InputError: the file cannot be read or has no rows, a column is unknown, or a value is missing or wrong
    """
    if not isinstance(file, str | Path) or not str(file):
        raise InputError("design=table needs a file of points; give for example `points=my_points.csv`")
    sheet, names = sheet_of(file), {name.lower(): name for name in declared_parameters()}
    for column in filter(None, sheet.names):
        if column not in names:
            raise InputError(f"{sheet.file}: `{column}` is not a parameter{hint(column, list(names.values()))}")
    if not len(sheet):
        raise InputError(f"{sheet.file} has no rows; give one row per point")
    values = {names[column]: parameter_values(sheet, column, names[column]) for column in sheet.cells}
    sheet.settle()
    rows = zip(*values.values(), strict=True)
    return Sample(TABLE, tuple(dict(zip(values, row, strict=True)) for row in rows))
