"""Catalogue of parameters, levers, outcomes, sources and published facts; and differences between scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.configuration import configs, scenario_of
from sim.dates import date_of
from sim.declare import OUTCOMES
from sim.parameters import declared_parameters
from sim.policy import Scenario
from sim.world.kinds import KINDS

if TYPE_CHECKING:
    import pandas as pd
from functools import lru_cache
from typing import TYPE_CHECKING

from sim.analysis.enrolment import published_counts
from sim.tables.read import sheet_of
from sim.world.facts import TARGETS, data_path

if TYPE_CHECKING:
    import pandas as pd


def assumptions() -> pd.DataFrame:
    """Return every declared parameter: name, default, unit, meaning, range, source, evidence, lever, uncertain."""
    import pandas as pd

    rows = [
        {"name": name, "default": value, **{k: v for k, v in vars(declared).items() if k != "choices"}}
        for name, (value, declared) in declared_parameters().items()
    ]
    return pd.DataFrame(rows)


def levers() -> pd.DataFrame:
    """Return the parameters that a policy may change over time."""
    frame = assumptions()
    return frame[frame["lever"]].reset_index(drop=True)


def uncertain() -> pd.DataFrame:
    """Return the uncertain parameters; their range is their prior."""
    frame = assumptions()
    return frame[frame["uncertain"]].reset_index(drop=True)


def outcomes() -> pd.DataFrame:
    """Return every declared outcome: name, unit, which way is better, meaning."""
    import pandas as pd

    rows = [(o.name, o.unit, o.better, o.about) for o in OUTCOMES.values()]
    return pd.DataFrame(rows, columns=["name", "unit", "better", "about"])


def kinds() -> tuple[str, ...]:
    """Return the names of the registered kinds of organisation, the user's own last."""
    return tuple(KINDS)


def references() -> pd.DataFrame:
    """Return the sources of parameters, rules and policies, by key."""
    import pandas as pd
    from omegaconf import OmegaConf

    sources: Any = OmegaConf.to_container(OmegaConf.load(configs() / "sources.yaml"))
    return pd.DataFrame.from_dict(sources, orient="index").rename_axis("key").reset_index()


def diff(one: str | Scenario, other: str | Scenario) -> str:
    """Return the differences between two scenarios in words, a line a difference.

    Args:
        one: name of a scenario, or a scenario
        other: name of a scenario, or a scenario

    Raises:
        InputError: a scenario is unknown
    """
    first, second = scenario_of(one), scenario_of(other)
    labels = (first.name, second.name) if first.name != second.name else ("the first", "the second")
    lines = []
    for name in declared_parameters():
        before, after = first.parameters[name], second.parameters[name]
        if before != after:
            lines.append(f"{name}: {before} in {labels[0]}, {after} in {labels[1]}")
    for scenario, compared, label in ((first, second, labels[0]), (second, first, labels[1])):
        shared = {(c.month, c.key, c.value) for c in compared.policy.changes}
        for change in scenario.policy.changes:
            if (change.month, change.key, change.value) not in shared:
                lines.append(f"only in {label}: from {date_of(change.month)} {change.key} = {change.value}")
    return "\n".join(lines) or f"{first.name} and {second.name} do not differ"


@lru_cache(maxsize=1)
def published() -> pd.DataFrame:
    """Return the published national counts: columns year and value [students]."""
    return published_counts(targets())


def targets(name: str = "targets.csv") -> pd.DataFrame:
    """Return the published facts, or another table of their form.

    Args:
        name: of a table of the project, or the path of a file

    Raises:
        InputError: the file does not exist or is broken, or a year or a value cannot be used; with file and row
    """
    import pandas as pd

    sheet = sheet_of(data_path(name))
    values = TARGETS.values(sheet)
    sheet.settle()
    table = pd.DataFrame({column: pd.Series(list(cells), dtype="str") for column, cells in sheet.cells.items()})
    table = table.assign(year=values["year"].astype(int))
    dated = any("-" in value for value in values["value"])
    return table if dated else table.assign(value=values["value"].astype(float))
