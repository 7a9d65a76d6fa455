"""The posterior as a product: parameter sets, equally likely given the record, from which replicates draw."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands import command
from sim.design.mechanisms import ITSELF, RIVAL_STRUCTURES, mechanism
from sim.errors import Mistake, shown, suggestion
from sim.parameters import parameter_values, uncertain
from sim.policy import Scenario
from sim.tables.paths import located
from sim.tables.read import sheet_of
from sim.world.facts import data_path

if TYPE_CHECKING:
    import pandas as pd

POINT, POSTERIOR, STRUCTURES = "point", "posterior", "structures"
"""Where a replicate's uncertain parameters come from: the defaults; its own set of the project's posterior; its own set of
the posterior of one of the structures, which take turns."""

TABLE = "posterior.csv"
"""The project's own posterior, among its data."""

type ParameterSets = Sequence[Mapping[str, float]]
"""Values of every uncertain parameter by dotted name, set by set; none where parameters are as they stand."""


def posterior(table: str | Path = TABLE) -> pd.DataFrame:
    """The posterior: a row an equally likely parameter set, a column an uncertain parameter.

    Args:
        table: the project's own, or the path of another of its form

    Raises Mistake when there is none, when its columns are not the uncertain parameters, or for a value that may not be.
    """
    import pandas as pd

    return pd.DataFrame(list(_read(path_of(table))))


def parameter_sets(uncertainty: str | Path) -> ParameterSets:
    """The parameter sets that replicates draw from; none for `point`.

    Args:
        uncertainty: point, posterior, structures, or the path of a table of the posterior's form

    Raises Mistake for another word, and as `posterior` does.
    """
    said = str(uncertainty) if isinstance(uncertainty, str | Path) else ""
    if said == POINT:
        return ()
    if said == STRUCTURES:
        return _over_structures()
    if said != POSTERIOR and not said.lower().endswith((".csv", ".parquet")):
        raise Mistake(
            f"`uncertainty` must be {POINT}, {POSTERIOR}, {STRUCTURES} or the path of a table; got {shown(uncertainty)}"
        )
    if said != POSTERIOR and not located(said).is_file():  # the project's own is asked for by its word alone
        raise Mistake(f"there is no posterior {shown(said)}; `{command('calibrate')}` makes one")
    return _read(path_of(TABLE if said == POSTERIOR else said))


def structure_sets(name: str) -> ParameterSets:
    """Return the parameter sets of a structure's own posterior, with what the structure holds fixed.

    Args:
        name: of a structure, one of `sim.design.mechanisms.RIVAL_STRUCTURES`, or `damped_taste` for the model itself
    """
    own = TABLE if name == ITSELF else f"posterior_{name}.csv"
    fixed = {} if name == ITSELF else dict(mechanism(name).values)
    return tuple({**values, **fixed} for values in _read(path_of(own)))


def _over_structures() -> ParameterSets:
    """Return as many sets of each structure, the structures taking turns."""
    tables = [structure_sets(name) for name in (ITSELF, *RIVAL_STRUCTURES)]
    return tuple(each for together in zip(*tables, strict=False) for each in together)


def structures_of(sets: ParameterSets) -> tuple[str, ...]:
    """Return the names of the structures that take turns in parameter sets; none where all sets have the same.

    >>> structures_of([{"trust.gain": 0.1}, {"trust.gain": 0.2}])
    ()
    """
    if len({frozenset(each) for each in sets[:2]}) < 2:
        return ()
    return (ITSELF, *RIVAL_STRUCTURES)


def set_of(sets: ParameterSets, seed: int) -> Mapping[str, float]:
    """The parameter set of a replicate, by its own number, so that all arms of a seed have the same.

    >>> set_of([{"trust.gain": 0.1}, {"trust.gain": 0.2}], 3), set_of([], 3)
    ({'trust.gain': 0.2}, {})
    """
    return sets[seed % len(sets)] if sets else {}


def fingerprint(sets: ParameterSets, case: Scenario) -> str:
    """What a posterior adds to the identity of a design point: the sets, and what the point keeps from them."""
    if not sets:
        return ""
    names = {name for each in sets for name in each}
    text = repr((sorted(case.explicit & names), [sorted(each.items()) for each in sets]))
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def path_of(table: str | Path) -> Path:
    """The file of a posterior. Raises Mistake where there is none."""
    try:
        path = data_path(str(table) if isinstance(table, str | Path) else "")
    except Mistake:
        path = Path()
    if not path.is_file():
        raise Mistake(f"there is no posterior {shown(table)}; `{command('calibrate')}` makes one")
    return path


def _read(path: Path) -> ParameterSets:
    status = path.stat()
    return _sets(path, status.st_mtime_ns, status.st_size, tuple(uncertain()))


@lru_cache(maxsize=8)
def _sets(path: Path, changed: int, size: int, names: tuple[str, ...]) -> ParameterSets:
    sheet = sheet_of(path)
    for column in filter(None, sheet.names):
        if column not in names:
            raise Mistake(f"{sheet.file}: `{column}` is not an uncertain parameter{suggestion(column, list(names))}")
    missing = [name for name in names if name not in sheet.cells]
    if missing:
        raise Mistake(f"{sheet.file} has no column {', '.join(f'`{name}`' for name in missing)}")
    if not len(sheet):
        raise Mistake(f"the posterior {sheet.file} has no parameter set")
    values = {name: parameter_values(sheet, name, name) for name in sheet.names if name}
    sheet.settle()
    return tuple(dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True))
