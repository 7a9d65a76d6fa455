"""The posterior as a product: parameter sets, equally likely given the record, from which replicates draw."""

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
"""Where a replicate's uncertain parameters come from: the defaults; its own set of the project's posterior; its own set of
the posterior of one of the models that are averaged, each model as often as its weight says."""

TABLE = "posterior.csv"
"""The project's own posterior, among its data."""

type ParameterSets = Sequence[Mapping[str, float]]
"""Values of every uncertain parameter by dotted name, set by set; none where parameters are as they stand."""


@dataclass(frozen=True)
class AveragedSets(Sequence[Mapping[str, Any]]):
    """Parameter sets of several models, in an order in which every beginning has each model by its weight.

    Args:
        sets: values by dotted name, with what the model of a set holds fixed
        models: name of the model of each set
    """

    sets: tuple[Mapping[str, Any], ...]
    models: tuple[str, ...]

    def __getitem__(self, place: Any) -> Any:
        """Return a set, or several as a plain tuple."""
        return self.sets[place]

    def __len__(self) -> int:
        """Return how many sets there are."""
        return len(self.sets)


def posterior(table: str | Path = TABLE) -> pd.DataFrame:
    """Return the posterior: a row an equally likely parameter set, a column an uncertain parameter.

    Args:
        table: the project's own, or the path of another of its form

    Raises InputError when there is none, when its columns are not the uncertain parameters, or for a value that may not be.
    """
    import pandas as pd

    return pd.DataFrame(list(_read(path_of(table))))


def parameter_sets(uncertainty: str | Path) -> ParameterSets:
    """Return the parameter sets that replicates draw from; none for `point`.

    Args:
        uncertainty: point, posterior, structures, or the path of a table of the posterior's form; a table that is called
            posterior_MODEL.csv, as calibrations call it, brings with it what that model holds fixed

    Raises InputError for another word, and as `posterior` does.
    """
    said = str(uncertainty) if isinstance(uncertainty, str | Path) else ""
    if said == POINT:
        return ()
    if said == STRUCTURES:
        return averaged_sets()
    if said != POSTERIOR and not said.lower().endswith((".csv", ".parquet")):
        raise InputError(
            f"`uncertainty` must be {POINT}, {POSTERIOR}, {STRUCTURES} or the path of a table; got {shown(uncertainty)}"
        )
    if said != POSTERIOR and not expanded_path(said).is_file():  # the project's own is asked for by its word alone
        raise InputError(f"there is no posterior {shown(said)}; `{command('calibrate')}` makes one")
    return _with_fixed(_read(path_of(TABLE if said == POSTERIOR else said)), model_of_table(said))


def table_of(name: str) -> str:
    """Return the name of the file with a model's posterior.

    >>> table_of("damped_taste"), table_of("aspiration")
    ('posterior.csv', 'posterior_aspiration.csv')
    """
    return TABLE if name == ITSELF else f"posterior_{name}.csv"


def model_of_table(path: str | Path) -> str:
    """Return the model whose posterior a file holds by its name, one of the models that are averaged; else the model itself.

    >>> model_of_table("results/posterior_aspiration.csv"), model_of_table("mine.csv")
    ('aspiration', 'damped_taste')
    """
    name = Path(path).stem.removeprefix("posterior_")
    return name if Path(path).stem != name and name in weights_by_model() else ITSELF


def structure_sets(name: str) -> ParameterSets:
    """Return the parameter sets of a model's own posterior, with what the model holds fixed.

    Args:
        name: of one of the models that are averaged; `damped_taste` is the model itself
    """
    return _with_fixed(_read(path_of(table_of(name))), name)


def averaged_sets() -> AveragedSets:
    """Return the sets of all models in turns, each model as often as its weight says, until one has had all of its sets.

    Methods: `sim.analysis.model_average.model_order`. A model's own sets come in the order of its table.
    """
    weights = {name: weight for name, weight in weights_by_model().items() if weight > 0.0}
    tables = {name: structure_sets(name) for name in weights}
    count = longest_order(list(weights.values()), [len(table) for table in tables.values()])
    order = [list(weights)[number] for number in model_order(list(weights.values()), max(count, 1))]
    own = {name: iter(table) for name, table in tables.items()}
    return AveragedSets(tuple(next(own[name]) for name in order), tuple(order))


def structures_of(sets: ParameterSets) -> tuple[str, ...]:
    """Return the name of the model of each parameter set; none where all sets have the same.

    >>> structures_of([{"trust.gain": 0.1}, {"trust.gain": 0.2}])
    ()
    """
    return sets.models if isinstance(sets, AveragedSets) else ()


def _with_fixed(sets: ParameterSets, model: str) -> ParameterSets:
    """Return the sets of a model with what it holds fixed."""
    fixed = fixed_in(model)
    return tuple({**values, **fixed} for values in sets) if fixed else sets


def set_of(sets: ParameterSets, seed: int) -> Mapping[str, float]:
    """Return the parameter set of a replicate, by its own number, so that all arms of a seed have the same.

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
    """Return the file of a posterior.

    Raises:
        InputError: there is none
    """
    try:
        path = data_path(str(table) if isinstance(table, str | Path) else "")
    except InputError:
        path = Path()
    if not path.is_file():
        raise InputError(f"there is no posterior {shown(table)}; `{command('calibrate')}` makes one")
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
        raise InputError(f"the posterior {sheet.file} has no parameter set")
    values = {name: parameter_values(sheet, name, name) for name in sheet.names if name}
    sheet.settle()
    return tuple(dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True))
