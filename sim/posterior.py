"""The posterior as a product: parameter sets, equally likely given the record, from which replicates draw."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sim.declare import Mistake, shown
from sim.parameters import checked, suggestion, uncertain
from sim.paths import located
from sim.policy import Scenario
from sim.world.facts import data_path

if TYPE_CHECKING:
    import pandas as pd

POINT, POSTERIOR = "point", "posterior"
"""Where a replicate's uncertain parameters come from: the defaults; its own set of the project's posterior."""

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
        uncertainty: point, posterior, or the path of a table of the posterior's form

    Raises Mistake for another word, and as `posterior` does.
    """
    said = str(uncertainty) if isinstance(uncertainty, str | Path) else ""
    if said == POINT:
        return ()
    if said != POSTERIOR and not said.endswith(".csv"):
        raise Mistake(f"`uncertainty` must be {POINT}, {POSTERIOR} or the path of a table; got {shown(uncertainty)}")
    if said != POSTERIOR and not located(said).is_file():  # the project's own is asked for by its word alone
        raise Mistake(f"there is no posterior {shown(said)}; `python -m experiments.calibrate` makes one")
    return _read(path_of(TABLE if said == POSTERIOR else said))


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
    text = repr((sorted(case.explicit & set(sets[0])), [sorted(each.items()) for each in sets]))
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def path_of(table: str | Path) -> Path:
    """The file of a posterior. Raises Mistake where there is none."""
    try:
        path = data_path(str(table) if isinstance(table, str | Path) else "")
    except Mistake:
        path = Path()
    if not path.is_file():
        raise Mistake(f"there is no posterior {shown(table)}; `python -m experiments.calibrate` makes one")
    return path


def _read(path: Path) -> ParameterSets:
    try:
        return _sets(path, path.stat().st_mtime_ns)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Mistake(f"the posterior {path.name} cannot be read: {error}") from None


@lru_cache(maxsize=8)
def _sets(path: Path, changed: int) -> ParameterSets:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    if len(rows) < 2:
        raise Mistake(f"the posterior {path.name} has no parameter set")
    names = _columns(path.name, rows[0])
    return tuple(_one(f"{path.name}, row {number}", names, row) for number, row in enumerate(rows[1:], 2))


def _columns(file: str, names: list[str]) -> list[str]:
    known = uncertain()
    for name in names:
        if name not in known:
            raise Mistake(f"{file}: `{name}` is no uncertain parameter{suggestion(name, known)}")
    missing = [name for name in known if name not in names]
    if missing:
        raise Mistake(f"{file} has no column {', '.join(f'`{name}`' for name in missing)}")
    if len(names) > len(known):
        raise Mistake(f"{file} has the same column twice")
    return names


def _one(where: str, names: list[str], row: list[str]) -> Mapping[str, float]:
    if len(row) != len(names):
        raise Mistake(f"{where}: {len(row)} values for {len(names)} parameters")
    try:
        return {name: checked(name, _number(text)) for name, text in zip(names, row, strict=True)}
    except Mistake as mistake:
        raise Mistake(f"{where}: {mistake}") from None


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
