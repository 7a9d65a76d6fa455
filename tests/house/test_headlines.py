"""The headlines that README, results, page and reports quote are read from stored results of this model."""

from __future__ import annotations

import json
from inspect import signature
from pathlib import Path

import pandas as pd
import pytest

from experiments.maintenance.answer import SETS_OF_AVERAGE
from experiments.maintenance.headlines import of_effect, of_prediction, rounded, table_of
from sim.errors import InputError
from sim.findings.averaged_answer import Headline
from sim.results.files import bytes_of
from sim.results.identity import sources_hash
from sim.runs.headlines import TABLE, headlines
from sim.studies.backbone_effect import backbone_effect

DOUBLINGS = pd.DataFrame(
    [("historical_emergent", 2018, 0.5, 0.4, 0.6), ("historical_emergent", 2020, 0.833, 0.7445, 0.891),
     ("no_backbone", 2020, 0.49, 0.394, 0.587)],
    columns=["scenario", "by", "p", "low", "high"],
)  # fmt: skip
EFFECTS = pd.DataFrame(
    [("examinees_2020", "prior", "average", 3000.0, 2400.0, 3700.0),
     ("examinees_2020", "posterior", "average", 1950.68, 1534.2, 2365.2),
     ("doubled_2020", "posterior", "average", 0.27, 0.18, 0.34)],
    columns=["outcome", "over", "model", "effect", "low", "high"],
)  # fmt: skip


def stored(folder: Path, kind: str, name: str, table: pd.DataFrame, model: str | None = None) -> Path:
    """A folder of results with one table."""
    folder.mkdir()
    environment = {"model": model or sources_hash()}
    manifest = {"kind": kind, "command": "python -m experiments.predict", "environment": environment, "baseline": {}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / name).write_bytes(bytes_of(table, "csv"))
    return folder


def test_the_answer_names_the_number_of_sets_that_the_command_takes() -> None:
    assert signature(backbone_effect).parameters["effect_sets"].default == SETS_OF_AVERAGE


def test_the_file_is_what_the_command_writes() -> None:
    assert bytes_of(table_of(headlines()), "csv") == TABLE.read_bytes()


def test_shares_and_effect_are_those_of_the_average_in_2020(tmp_path: Path) -> None:
    shares = of_prediction(stored(tmp_path / "a", "prediction", "doublings.csv", DOUBLINGS))
    assert rounded(shares["doubled_with_backbone"]) == (0.83, 0.74, 0.89)
    assert rounded(shares["doubled_without_backbone"]) == (0.49, 0.39, 0.59)
    effect = of_effect(stored(tmp_path / "b", "backbone effect", "effects.csv", EFFECTS))
    assert effect == {"backbone_adds": Headline("examinees in 2020", 1950.68, 1534.2, 2365.2)}


def test_results_that_are_missing_or_of_another_model_end_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no prediction in .*nowhere"):
        of_prediction(tmp_path / "nowhere")
    other = stored(tmp_path / "a", "prediction", "doublings.csv", DOUBLINGS, "0123456789abcdef")
    with pytest.raises(InputError, match="were made with model version 0123456789abcdef"):
        of_prediction(other)
