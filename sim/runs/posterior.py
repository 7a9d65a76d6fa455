"""Posteriors: parameter sets that are equally likely given the record, from which replicates draw."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.model_average import longest_order, model_order
from sim.commands import command
from sim.design.mechanisms import ITSELF
from sim.errors import InputError, shown, suggestion
from sim.parameters import parameter_values, uncertain
from sim.policy import Scenario
from sim.runs.models import fixed_in, weights_by_model
from sim.tables.paths import expanded_path
from sim.tables.read import sheet_of
from sim.world.facts import data_path

if TYPE_CHECKING:
    import pandas as pd

POINT, POSTERIOR, STRUCTURES = "point", "posterior", "structures"
"""Sources of a replicate's uncertain parameters: the defaults; a set of the project's posterior; a set of the posterior of
one of the models that are averaged, each model in proportion to its weight."""

TABLE = "posterior.csv"
"""The project's own posterior, among its data."""

type ParameterSets = Sequence[Mapping[str, float]]
"""Values of every uncertain parameter by dotted name, set by set; empty for parameters at their values."""


@dataclass(frozen=True)
class AveragedSets(Sequence[Mapping[str, Any]]):
    """Parameter sets of several models, ordered so that the first sets have each model in proportion to its weight.

    Args:
        sets: values by dotted name, including the parameters that the model of a set holds fixed
        models: name of the model of each set
    """

    sets: tuple[Mapping[str, Any], ...]
    models: tuple[str, ...]

    def __getitem__(self, place: Any) -> Any:
        """Return a set, or several as a plain tuple."""
        return self.sets[place]

    def __len__(self) -> int:
        """Return the number of sets."""
        return len(self.sets)


def posterior(table: str | Path = TABLE) -> pd.DataFrame:
    """Return the posterior: a row an equally likely parameter set, a column an uncertain parameter.

    Args:
        table: the project's own, or the path of a table of the same form

    Raises:
        InputError: the table does not exist, its columns are not the uncertain parameters, or a value is wrong
    """
    import pandas as pd

    return pd.DataFrame(list(_read(path_of(table))))


def parameter_sets(uncertainty: str | Path) -> ParameterSets:
    """Return the parameter sets that replicates draw from; none for `point`.

    Args:
        uncertainty: point, posterior, structures, or the path of a table in the form of the posterior; for a table named
            posterior_MODEL.csv, as calibrations name it, the parameters that this model holds fixed are added

    Raises:
        InputError: the value is none of these, or as `posterior` does
    """
    source = str(uncertainty) if isinstance(uncertainty, str | Path) else ""
    if source == POINT:
        return ()
    if source == STRUCTURES:
        return averaged_sets()
    if source != POSTERIOR and not source.lower().endswith((".csv", ".parquet")):
        raise InputError(
            f"`uncertainty` must be {POINT}, {POSTERIOR}, {STRUCTURES} or the path of a table; got {shown(uncertainty)}"
        )
    if source != POSTERIOR and not expanded_path(source).is_file():  # a path must not name a table of the project
        raise InputError(f"the posterior {shown(source)} does not exist; `{command('calibrate')}` makes one")
    return _with_fixed(_read(path_of(TABLE if source == POSTERIOR else source)), model_of_table(source))


def table_of(name: str) -> str:
    """Return the name of the file with the posterior of a model.

    >>> table_of("damped_taste"), table_of("aspiration")
    ('posterior.csv', 'posterior_aspiration.csv')
    """
    return TABLE if name == ITSELF else f"posterior_{name}.csv"


def model_of_table(path: str | Path) -> str:
    """Return the model whose posterior a file holds, going by its name; the model itself for other names.

    >>> model_of_table("results/posterior_aspiration.csv"), model_of_table("mine.csv")
    ('aspiration', 'damped_taste')
    """
    name = Path(path).stem.removeprefix("posterior_")
    return name if Path(path).stem != name and name in weights_by_model() else ITSELF


def structure_sets(name: str) -> ParameterSets:
    """Return the parameter sets of a model's own posterior, with the parameters that the model holds fixed.

    Args:
        name: of one of the models that are averaged; `damped_taste` is the model itself
    """
    return _with_fixed(_read(path_of(table_of(name))), name)


def averaged_sets() -> AveragedSets:
    """Return the sets of all models in turns, each model in proportion to its weight, until one model has no sets left.

    The sets of a model are in the order of its table. `sim.analysis.model_average.model_order` describes the method.
    """
    weights = {name: weight for name, weight in weights_by_model().items() if weight > 0.0}
    tables = {name: structure_sets(name) for name in weights}
    count = longest_order(list(weights.values()), [len(table) for table in tables.values()])
    order = [list(weights)[number] for number in model_order(list(weights.values()), max(count, 1))]
    own = {name: iter(table) for name, table in tables.items()}
    return AveragedSets(tuple(next(own[name]) for name in order), tuple(order))


def structures_of(sets: ParameterSets) -> tuple[str, ...]:
    """Return the name of the model of each parameter set; empty if all sets have the same model.

    >>> structures_of([{"trust.gain": 0.1}, {"trust.gain": 0.2}])
    ()
    """
    return sets.models if isinstance(sets, AveragedSets) else ()


def _with_fixed(sets: ParameterSets, model: str) -> ParameterSets:
    """Return the sets of a model with the parameters that it holds fixed."""
    fixed = fixed_in(model)
    return tuple({**values, **fixed} for values in sets) if fixed else sets


def set_of(sets: ParameterSets, seed: int) -> Mapping[str, float]:
    """Return the parameter set of a seed, chosen by its number, so that all arms of a seed have the same set.

    >>> set_of([{"trust.gain": 0.1}, {"trust.gain": 0.2}], 3), set_of([], 3)
    ({'trust.gain': 0.2}, {})
    """
    return sets[seed % len(sets)] if sets else {}


def fingerprint(sets: ParameterSets, scenario: Scenario) -> str:
    """Return the part of a design point's identity that comes from a posterior; empty if there are no sets.

    Args:
        sets: parameter sets
        scenario: scenario of the point; parameters that were set explicitly are not drawn
    """
    if not sets:
        return ""
    names = {name for each in sets for name in each}
    text = repr((sorted(scenario.explicit & names), [sorted(each.items()) for each in sets]))
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def path_of(table: str | Path) -> Path:
    """Return the file of a posterior.

    Raises:
        InputError: the file does not exist
    """
    try:
        path = data_path(str(table) if isinstance(table, str | Path) else "")
    except InputError:
        path = Path()
    if not path.is_file():
        raise InputError(f"the posterior {shown(table)} does not exist; `{command('calibrate')}` makes one")
    return path


def _read(path: Path) -> ParameterSets:
    status = path.stat()
    return _sets(path, status.st_mtime_ns, status.st_size, tuple(uncertain()))


@lru_cache(maxsize=8)
def _sets(path: Path, changed: int, size: int, names: tuple[str, ...]) -> ParameterSets:
    sheet = sheet_of(path)
    for column in filter(None, sheet.names):
        if column not in names:
            raise InputError(f"{sheet.file}: `{column}` is not an uncertain parameter{suggestion(column, list(names))}")
    missing = [name for name in names if name not in sheet.cells]
    if missing:
        raise InputError(f"{sheet.file} has no column {', '.join(f'`{name}`' for name in missing)}")
    if not len(sheet):
        raise InputError(f"the posterior {sheet.file} has no parameter set; it needs one row or more")
    values = {name: parameter_values(sheet, name, name) for name in sheet.names if name}
    sheet.settle()
    return tuple(dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True))
