"""Samples: points spread over factors by Latin hypercube, Saltelli's scheme for Sobol indices, Morris, or a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.declare import Mistake, is_one_of, shown, whole_number
from sim.factors import Factor
from sim.parameters import checked, declared_parameters, suggestion
from sim.paths import located

if TYPE_CHECKING:
    import pandas as pd

LHS, SOBOL, MORRIS, TABLE = "lhs", "sobol", "morris", "table"
KINDS = (LHS, SOBOL, MORRIS, TABLE)
"""Designs beyond the grid."""

GROWING = (SOBOL, MORRIS)
"""Designs that begin with the points of their smaller ones."""

SAMPLE_SEED = 20130701
"""Seed of every sample, so that the same words give the same points."""

LEVELS = 4
"""Levels of a factor in Morris' design; each step goes over half of them."""

NEEDS_ANALYSIS = 'it needs the extra `analysis`: pip install -e ".[analysis]" -c requirements.lock'
"""What is to be done where SALib is missing."""


@dataclass(frozen=True)
class Sample:
    """Values of factors by sample; `together` samples in a row belong together and share most of their values."""

    kind: str
    values: tuple[Mapping[str, Any], ...]
    together: int = 1


def sampled(kind: str, factors: Sequence[Factor], n: int) -> Sample:
    """A sample of some factors.

    Args:
        kind: lhs, n samples; sobol, n x (factors + 2); morris, n trajectories of factors + 1
        factors: what is sampled
        n: size of the design

    Raises Mistake for another kind, for sizes that the kind cannot have, and where SALib is not installed.
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
    """A design in the unit cube: a row a sample, a column a factor; the first rows of a longer Sobol design are its own.

    Raises Mistake as `sampled` does.
    """
    if not is_one_of(kind, (LHS, SOBOL, MORRIS)):
        raise Mistake(f"`design` must be one of grid, {', '.join(KINDS)}; got {shown(kind)}")
    whole_number("`n`", n, 2)
    if kind == LHS:
        from scipy.stats import qmc

        return qmc.LatinHypercube(factors, rng=SAMPLE_SEED).random(n)
    try:
        from SALib.sample import morris, sobol
    except ImportError:
        raise Mistake(f"design={kind} is drawn by SALib, which is not installed; {NEEDS_ANALYSIS}") from None
    problem = {"num_vars": factors, "names": [f"x{k}" for k in range(factors)], "bounds": [[0.0, 1.0]] * factors}
    if kind == MORRIS:
        return morris.sample(problem, n, num_levels=LEVELS, seed=SAMPLE_SEED)
    if n & (n - 1):
        raise Mistake(f"a Sobol design has a power of two for `n`: 8, 16, ..., 256, 512; got {n}")
    return sobol.sample(problem, n, calc_second_order=False, seed=SAMPLE_SEED)


def tabled(file: str | Path) -> Sample:
    """The points of a CSV or Parquet file: a row a point, a column a declared parameter.

    Raises Mistake for a file that cannot be read, an unknown column, a missing or wrong value, or no row.
    """
    table = read(file)
    name = Path(file).name
    unknown = [str(column) for column in table if str(column) not in declared_parameters()]
    if unknown:
        raise Mistake(f"{name}: `{unknown[0]}` is no parameter{suggestion(unknown[0], list(declared_parameters()))}")
    if table.empty:
        raise Mistake(f"{name} has no points")
    rows = []
    for number, row in enumerate(table.to_dict("records"), 1):
        try:
            rows.append({str(key): checked(str(key), cell(str(key), value)) for key, value in row.items()})
        except Mistake as mistake:
            raise Mistake(f"{name}, point {number}: {mistake}") from None
    return Sample(TABLE, tuple(rows))


def cell(name: str, value: Any) -> Any:
    """What a cell says: a number as one, where others of its column are words. Raises Mistake for an empty one."""
    if value is None or value != value:
        raise Mistake(f"`{name}` is empty")
    if not isinstance(value, str) or isinstance(declared_parameters()[name][0], str):
        return value
    try:
        return float(value)
    except ValueError:
        return value


def read(file: str | Path) -> pd.DataFrame:
    """The table in a CSV or Parquet file. Raises Mistake where there is none that can be read."""
    import pandas as pd

    if not isinstance(file, str | Path) or not str(file):
        raise Mistake("design=table needs a file of points: `points=my_points.csv`")
    try:
        path = located(file)
        return pd.read_parquet(path) if str(file).endswith(".parquet") else pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise Mistake(f"the points of {file} cannot be read: {getattr(error, 'strerror', None) or error}") from None
