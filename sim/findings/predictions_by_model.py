"""Findings of predictions by model: the band over models, and the part of the variance between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.analysis.predictions_by_model import EFFECT
from sim.findings.backbone_effect import variance_sentence
from sim.findings.models import model_words, weight_text
from sim.findings.numbers import amount, interval, readable_name
from sim.findings.tables import in_text

ONE_MODEL = (
    "All parameter sets are of one model: the bands below ignore other models that fit the record as well. "
    "`uncertainty=structures` averages over them."
)
"""Sentence for predictions without a band over models."""

BY_MODEL = "examinees at five units by model, median (middle 90% of 10 runs or more), and share of runs that double"
"""Caption of the tables by model, after the name of a scenario."""

SHOWN = (2018, 2020, 2025)
"""Years of the tables by model; the files have more."""

FEW = 10
"""Number of pairs or runs of a model below which no interval is reported."""

TOO_FEW = f"No interval is reported for fewer than {FEW} pairs."
"""Note of the table of effects by model."""

VARIANCES = (
    "Spread over models, parameter sets and seeds: standard deviation [students] and the part between models [share]"
)
"""Caption of the table of variances."""


def sets_sentence(record: Mapping[str, Any]) -> str:
    """Return a sentence on the parameter sets and the weights of models.

    Args:
        record: of the prediction: sets, uncertainty and, over several models, structures and weights
    """
    if "weights" not in record:
        return f"{record['sets']} parameter sets of {record['uncertainty']}."
    count = len(set(record["structures"]))
    return f"{record['sets']} parameter sets of {count} models, each model by its weight ({record['weights']})."


def variance_sentences(table: pd.DataFrame) -> list[str]:
    """Return sentences on the variance between models of the examinees of 2020 and of the backbone's effect.

    Args:
        table: of `sim.analysis.predictions_by_model.variances`
    """
    rows = table[table["year"] == 2020].rename(columns={"low": "between_low", "high": "between_high"})
    return [variance_sentence(row, _quantity_text(str(row["scenario"]))) for _, row in rows.iterrows()]


def _quantity_text(name: str) -> str:
    return (
        "the backbone's effect on examinees of 2020"
        if name == EFFECT
        else f"the examinees of 2020 in {readable_name(name)}"
    )


def by_model_in_text(rows: pd.DataFrame, doubled: pd.DataFrame) -> pd.DataFrame:
    """Return a scenario by model as a table of text: one column per year, and the shares that double.

    Args:
        rows: of one scenario, of `sim.analysis.predictions_by_model.predicted_by_model`
        doubled: of the same scenario, of `sim.analysis.predictions_by_model.doublings_by_model`
    """
    cells, rows = [], rows[rows["year"].isin(SHOWN)]
    for model, model_rows in rows.groupby("model", sort=False):
        years = [_median_text(row) for _, row in model_rows.iterrows()]
        shares = [f"{row['p']:.0%}" for _, row in doubled[doubled["model"] == model].iterrows()]
        cells.append(
            [
                model_words(str(model)),
                weight_text(model_rows["weight"].iloc[0]),
                *years,
                *shares,
                str(model_rows["n"].iloc[0]),
            ]
        )
    doubled_names = [f"doubled by {year}" for year in doubled["by"].drop_duplicates()]
    header = ["model", "weight", *map(str, rows["year"].drop_duplicates()), *doubled_names, "n"]
    return pd.DataFrame(cells, columns=header)


def _median_text(row: pd.Series) -> str:
    band = f" ({row['low_90']:,.0f}-{row['high_90']:,.0f})" if row["n"] >= FEW else ""
    return f"{row['median']:,.0f}{band}"


def effects_in_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return the backbone's effect by model as a table of text.

    Args:
        table: of `sim.analysis.predictions_by_model.effect_by_model`
    """
    cells = []
    for _, row in table.iterrows():
        ends = interval(row["low"], row["high"]) if row["n"] >= FEW else "-"
        cells_before = [model_words(row["model"]), weight_text(row["weight"]), amount(row["effect"]), ends]
        cells.append([*cells_before, f"{row['positive']:.0%}", str(row["n"])])
    return pd.DataFrame(cells, columns=["model", "weight", "mean", "95% interval", "above zero", "n"])


def variances_in_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return the spread of predictions as a table of text.

    Args:
        table: of `sim.analysis.predictions_by_model.variances`
    """
    return in_text(table, "{:.2f}".format, {"sd": "{:,.0f}".format})
