"""Models that are averaged: prior weights, evidence and the weights that follow, from a small table."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.model_average import posterior_weights
from sim.design.mechanisms import ITSELF, mechanism
from sim.errors import InputError, shown
from sim.runs.models_form import FORM
from sim.tables.read import sheet_of
from sim.world.facts import data_path

if TYPE_CHECKING:
    import pandas as pd

TABLE = "models.csv"
"""The project's own table of models, among its data."""

DIGITS = 5e-4
"""Greatest difference between a weight in a table and the one that follows from prior and evidence [share]."""


def models(table: str | Path = TABLE) -> pd.DataFrame:
    """Return the models that are averaged, a row a model: model, prior, log_evidence, error, weight.

    Args:
        table: the project's own, or the path of a table of the same form

    Raises:
        InputError: the table is missing or broken, a model is unknown, or a weight does not follow from prior and evidence
    """
    import pandas as pd

    try:
        path = data_path(str(table))
    except InputError:
        raise InputError(f"the table of models {shown(str(table))} does not exist") from None
    status = path.stat()
    return pd.DataFrame(dict(_rows(path, status.st_mtime_ns, status.st_size)))


def weights_by_model(table: str | Path = TABLE) -> dict[str, float]:
    """Return the weight of each model by its name [share].

    >>> round(sum(weights_by_model().values()), 3)
    1.0
    """
    rows = models(table)
    return dict(zip(rows["model"], map(float, rows["weight"]), strict=True))


def fixed_in(name: str) -> dict[str, Any]:
    """Return the parameters that a model holds fixed, by dotted name; none for the model itself.

    >>> fixed_in("constant_trust"), fixed_in("damped_taste")
    ({'trust.rule': 'constant'}, {})
    """
    return {} if name == ITSELF else dict(mechanism(name).values)


def weighed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a table of models with the weights that follow from prior and log evidence.

    Args:
        rows: columns model, prior, log_evidence and error; a column of weights is replaced
    """
    columns = rows[["model", "prior", "log_evidence", "error"]]
    return columns.assign(weight=posterior_weights(rows["prior"], rows["log_evidence"]))


def calibrated(rows: pd.DataFrame) -> bool:
    """Return whether the weights of a table of models rest on evidence and not on the priors alone."""
    return bool(rows["log_evidence"].notna().all())


@lru_cache(maxsize=8)
def _rows(path: Path, changed: int, size: int) -> tuple[tuple[str, Any], ...]:
    """Return the columns of a table of models after a check.

    Raises:
        InputError: the table is broken, a model is unknown, or weights contradict prior and evidence
    """
    sheet = sheet_of(path, FORM)
    values = FORM.values(sheet)
    sheet.settle()
    for name in values["model"]:
        if fixed_in(str(name)) == {} and name != ITSELF:
            raise InputError(
                f"{sheet.file}: the mechanism `{name}` holds no parameter fixed, so it is not a model of its own"
            )
    prior, log, error = values["prior"], values["log_evidence"], values["error"]
    if abs(prior.sum() - 1.0) > DIGITS:
        raise InputError(f"{sheet.file}: the prior weights sum to {prior.sum():g}; they must sum to 1")
    blank = np.isnan(np.concatenate([log, error]))
    if blank.any() and not blank.all():
        raise InputError(f"{sheet.file}: `log_evidence` and `error` must be filled for all models or for none")
    follows = posterior_weights(prior, log)
    off = np.abs(values["weight"] - follows)
    if off.max() > DIGITS:
        row = int(off.argmax())
        raise InputError(
            f"{sheet.file}: the weight of `{values['model'][row]}` is {values['weight'][row]:g}, but {follows[row]:.4g} "
            "follows from prior and evidence; `sim.runs.models.weighed` computes it"
        )
    return (*((name, values[name]) for name in ("model", "prior", "log_evidence", "error")), ("weight", follows))
