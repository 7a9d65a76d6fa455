"""Form of the table of models that are averaged."""

from __future__ import annotations

from sim.design.mechanisms import ITSELF
from sim.tables.columns import BLANK_NUMBER, NUMBER, TEXT, Column, Form

FORM = Form(
    "models",
    "table of models",
    (
        Column("model", TEXT, f"`{ITSELF}`, the model itself, or a mechanism of the project that holds parameters fixed"),
        Column("prior", NUMBER, "weight before the calibration; together they are 1", low=0, high=1, unit="share"),
        Column("log_evidence", NUMBER, "log density of the record under the model; blank in all rows before a calibration",
               blank=BLANK_NUMBER, unit="log"),
        Column("error", NUMBER, "standard error of that", blank=BLANK_NUMBER, low=0, unit="log"),
        Column("weight", NUMBER, "follows from prior and evidence; the prior before a calibration", low=0, high=1,
               unit="share")
    ),
    key=("model",),
    key_text=lambda values, row: f"the model `{values['model'][row]}`",
    most_rows=100,
    rows="models"
)  # fmt: skip
"""Form of a table of models."""
