"""Update the numbers of the baseline: python tests/baseline/refresh.py.

Add a line under Results in CHANGELOG.md each time.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np

from sim.configuration import scenario
from sim.model import CollaborationModel
from sim.outcomes import all_outcomes
from sim.runs.run import simulate

NUMBERS = Path(__file__).with_name("numbers.json")
SHORT_NUMBERS = Path(__file__).with_name("short_numbers.json")

CASES = (("historical", 1), ("historical_emergent", 2))

NAMES = (
    "examinees_2012",
    "examinees_2017",
    "examinees_2020",
    "gap_quintiles_2020",
    "teachers_2020",
    "month_national",
    "members",
    "consensus",
    "transparency",
    "trust_ministry_end",
    "delivered",
)


def numbers() -> dict[str, float]:
    """Return the outcomes of the baseline, by scenario, seed and name."""
    values = {}
    for name, seed in CASES:
        outcomes = simulate(scenario(name), seed).outcomes
        values |= {f"{name}, seed {seed}: {outcome}": float(outcomes[outcome]) for outcome in NAMES}
    return values


SHORT_RUNS = {
    "the launch": ("historical_emergent", 2, "2012-09", {}),
    "the pilot": ("historical", 1, "2013-09", {}),
    "the national programme": ("historical", 3, "2014-09", {}),
    "a region of its own": ("us_region", 3, "2012-09", {}),
    "reputation": ("historical_emergent", 4, "2012-09", {"trust.rule": "reputation"}),
    "shared governance": ("governance_shared", 5, "2012-09", {"school.taste": "steady"}),
    "no initiative": ("no_initiative", 5, "2014-09", {}),
}
"""Runs of two school years and a third: scenario, seed, first month, parameters."""


def short_numbers(name: str) -> dict[str, str]:
    """Return every outcome of a short run and the mean of every column of its last world, to twelve digits."""
    of, seed, start, values = SHORT_RUNS[name]
    until = f"{int(start[:4]) + 2}-12"
    setting = {"setting.start": start, "setting.until": until, "setting.burn_in": 0}
    model = CollaborationModel(scenario(of, overrides=setting | values), seed)
    while model.running:
        model.step()
    tables = {part: vars(getattr(model.world, part)) for part in ("organisations", "ties", "schools", "initiative")}
    columns = {f"{part}.{column}": value for part, table in tables.items() for column, value in table.items()}
    means = {name: float(np.mean(value)) for name, value in columns.items() if np.asarray(value).dtype.kind in "bif"}
    return {
        name: f"{value:.12g}" for name, value in (all_outcomes(model.world) | means).items() if math.isfinite(value)
    }


if __name__ == "__main__":
    NUMBERS.write_text(json.dumps(numbers(), indent=1) + "\n", encoding="utf-8")
    SHORT_NUMBERS.write_text(
        json.dumps({name: short_numbers(name) for name in SHORT_RUNS}, indent=1) + "\n", encoding="utf-8"
    )
    print(f"{NUMBERS.name}: {len(numbers())} numbers; now add a line under Results in CHANGELOG.md")  # noqa: T201
