"""Files of a calibration with all models: a posterior of each, and the table of their weights."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from sim.calibration.summary import FORMAT
from sim.design.mechanisms import ITSELF
from sim.errors import InputError
from sim.findings.calibration import ITSELF as ITSELF_IN_WORDS
from sim.findings.numbers import readable_name
from sim.results.files import all_written, bytes_of, writable
from sim.runs.models import TABLE, models, weighed
from sim.runs.posterior import table_of


def models_by_evidence(rivals: pd.DataFrame) -> pd.DataFrame:
    """Return the table of models with the evidence of a calibration and their weights.

    Args:
        rivals: rows of `sim.calibration.rivals.RivalFits.rows`: model, facts, evidence, error

    Raises:
        InputError: a model was not fitted, or was fitted to other facts
    """
    prior = models()[["model", "prior"]]
    fitted = rivals.assign(
        key=rivals["model"].where(rivals["model"] != ITSELF_IN_WORDS, readable_name(ITSELF))
    ).set_index("key")
    absent = [name for name in prior["model"] if readable_name(name) not in fitted.index]
    if absent:
        raise InputError(
            f"the models {', '.join(absent)} were not fitted, so their weights are not known; add them to `rivals`"
        )
    rows = fitted.loc[[readable_name(name) for name in prior["model"]]]
    if rows["facts"].nunique() > 1:
        raise InputError(
            "models were fitted to different facts, so their evidence cannot be compared; use models with the same scenarios"
        )
    logs = {"log_evidence": rows["evidence"].to_numpy(float), "error": rows["error"].to_numpy(float)}
    return weighed(prior.assign(**logs))


def write_models(posteriors: Mapping[str, pd.DataFrame], rivals: pd.DataFrame, folder: Path) -> list[Path]:
    """Write the posterior of each model and the table of models to a folder, all files or none.

    Args:
        posteriors: parameter sets of each model by its name
        rivals: rows of the calibration's table of rivals
        folder: for the files

    Returns:
        The files.
    """
    table, folder = models_by_evidence(rivals), writable(folder)
    files = {folder / table_of(name): bytes_of(posteriors[name], "csv", FORMAT) for name in table["model"]}
    files[folder / TABLE] = bytes_of(table, "csv", "%.6g")
    all_written(files)
    return list(files)
