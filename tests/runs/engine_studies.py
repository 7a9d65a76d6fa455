"""Small studies on an engine, and checksums of their tables: ``python engine_studies.py FOLDER ENGINE STUDIES``."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import pandas as pd

import sim

UNTIL = {"setting.until": "2013-12"}

STAGE = {"schools": {"scenarios": ["historical"], "until": "2007-08", "parameters": ["school", "staffing", "examination"],
         "later": ["school.motivation", "school.teaching_keeping", "school.half_support", "school.complementarity",
                   "school.readiness_irrelevance", "school.preparing"]}}  # fmt: skip


def compare(folder: Path, **how: object) -> list[pd.DataFrame]:
    """A comparison of two arms."""
    result = sim.compare("historical_emergent", ["no_backbone"], 4, outcomes=["examinees_2013"], overrides=UNTIL, **how)
    return [result.frame, result.table]


def attribute(folder: Path, **how: object) -> list[pd.DataFrame]:
    """An attribution to the players of a game."""
    game = folder / "game.yaml"
    game.write_text("about: two\nplayers: {a: {set: {backbone.facilitation: 0.2}}, b: {set: {trust.ratio: 3.0}}}\n")
    options = {"seeds": 3, "outcomes": ["examinees_2013"], "overrides": UNTIL, "uncertainty": "point"}
    result = sim.attribute(str(game), **options, **how)
    return [result.table, result.runs]


def sobol(folder: Path, **how: object) -> list[pd.DataFrame]:
    """A sampled sweep."""
    return [sim.sweep("sobol", ["trust.gain", "trust.ratio"], n=8, overrides=UNTIL, **how).frame]


def calibrate(folder: Path, **how: object) -> list[pd.DataFrame]:
    """A calibration of one stage."""
    small = {"draws": 40, "repeats": 2, "sets": 6, "shown": 2, "rounds": 2, "extra_rounds": 0}
    result = sim.calibrate(stage=STAGE, overrides={"setting.burn_in": 0}, **small, **how)
    return [result.posterior, result.runs]


def grid(folder: Path, **how: object) -> list[pd.DataFrame]:
    """A sweep of a grid in a folder, whose tasks are many and short."""
    levers = {"backbone.facilitation": [0.2, 0.8]}
    out = sim.sweep("grid", seeds=24, levers=levers, overrides=UNTIL, out=folder / "grid", **how)
    return [out.frame]


def checksum(tables: list[pd.DataFrame]) -> str:
    """Checksum of tables, with every digit."""
    return hashlib.sha256("".join(table.to_csv(index=False) for table in tables).encode()).hexdigest()[:16]


if __name__ == "__main__":
    place, engine, studies = Path(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3].split(",")
    jobs = engine.pop("jobs", None) if isinstance(engine, dict) else None
    for name in studies:
        result = checksum(globals()[name](place, engine=engine or None, jobs=jobs, progress=True))
        sys.stdout.write(f"{name} {result}\n")
        sys.stdout.flush()
