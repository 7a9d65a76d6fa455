"""Tables of a prediction that need parameter sets: the backbone's effect along open parameters, and hypotheses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sim.analysis.clusters import STRUCTURE
from sim.analysis.hypotheses import difference, shares, verdicts
from sim.analysis.posterior_summary import posterior_summary
from sim.analysis.predictions import by_tercile
from sim.catalogue import uncertain
from sim.design.factors import prior_value
from sim.parameters import declared
from sim.runs.models import fixed_in
from sim.runs.posterior import ParameterSets, set_of, structures_of

WITH, WITHOUT = "historical_emergent", "no_backbone"
"""Scenarios whose difference is the backbone's effect: with a free ministry, with and without a backbone."""

OUTCOME = "examinees_2020"
"""Outcome of the backbone's effect."""

OPEN = (
    "ministry.by_readiness",
    "ministry.by_entrepreneurship",
    "school.readiness_irrelevance",
    "school.complementarity",
)
"""Open parameters: the backbone's effect depends on them, but three windows in one country tell little about them."""


def backbone_pairs(frame: pd.DataFrame, sets: ParameterSets, held: Mapping[str, Any]) -> pd.DataFrame:
    """Return the backbone's effect in each parameter set, with the values of the open parameters that are not set.

    With several models, the column structure has the model of each set, and a parameter that a model holds fixed is NaN.

    Args:
        frame: a row a run of the predicted scenarios
        sets: parameter sets, of which each seed has its own
        held: parameters that are set in all runs
    """
    effect = difference(frame, WITH, WITHOUT, OUTCOME)
    values = pd.DataFrame([set_of(sets, seed) for seed in effect.index], index=effect.index)
    open_ones = values[[name for name in OPEN if name not in held]].copy()
    models = structures_of(sets)
    if models:
        own = pd.Series([models[seed % len(models)] for seed in effect.index], index=effect.index)
        for name in open_ones:
            open_ones[name] = open_ones[name].mask(own.map(lambda model, name=name: name in fixed_in(model)))
        open_ones.insert(0, STRUCTURE, own)
    return open_ones.assign(effect=effect).reset_index()


def parameters_drawn(sets: ParameterSets) -> pd.DataFrame:
    """Return the uncertain parameters of sets, a row a set; NaN for a parameter that the model of a set holds fixed."""
    table, models = pd.DataFrame(list(sets))[uncertain()["name"]].astype(float), structures_of(sets)
    for model in dict.fromkeys(models):
        held = [name for name in fixed_in(model) if name in table]
        table.loc[[own == model for own in models], held] = float("nan")
    return table


def widths_of(sets: ParameterSets, names: Sequence[str]) -> dict[str, float]:
    """Return the width of the middle 90% of parameters relative to the prior's, over the sets in which they are drawn.

    Args:
        sets: of the posterior
        names: of the parameters
    """
    table, about = parameters_drawn(sets), uncertain().set_index("name")
    rows = {
        name: posterior_summary(table[[name]].dropna(), about.loc[[name]].reset_index(), prior_value) for name in names
    }
    return {name: float(row["width"].iloc[0]) for name, row in rows.items()}


def thirds_of(pairs: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the backbone's effect by thirds of the open parameters as the table `thirds`; empty if all are set."""
    tables = []
    for name in open_in(pairs):
        drawn = pairs[pairs[name].notna()]
        tables.append(by_tercile(drawn[name], drawn["effect"]).assign(parameter=name))
    if not tables:
        return {}
    table = pd.concat(tables)
    return {"thirds": table[["parameter", *table.columns.drop("parameter")]]}


def open_in(pairs: pd.DataFrame) -> list[str]:
    """Return the open parameters that were drawn."""
    return [name for name in OPEN if name in pairs]


def labels_of(pairs: pd.DataFrame) -> dict[str, str]:
    """Return the labels of the open parameters that were drawn, with their unit."""
    about = {name: declared(name)[1] for name in open_in(pairs)}
    return {name: f"{each.about.partition('; ')[0]} [{each.unit}]" for name, each in about.items()}


def shares_over(judged: pd.DataFrame) -> pd.DataFrame:
    """Return the share of parameter sets in which each hypothesis holds, over prior and posterior.

    Args:
        judged: runs of `sim.studies.hypotheses.runs_over_sets`; `over` is prior or posterior
    """
    tables = [shares(verdicts(runs)).assign(over=name) for name, runs in judged.groupby("over", sort=False)]
    table = pd.concat(tables, ignore_index=True)
    table = table[["hypothesis", "over", *table.columns.drop(["hypothesis", "over"])]]
    return table.sort_values("hypothesis", kind="stable").reset_index(drop=True)
