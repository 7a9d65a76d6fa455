"""Update the numbers of the baseline: python tests/baseline/refresh.py.

Add a line under Results in CHANGELOG.md each time.
"""

from __future__ import annotations

import json
from pathlib import Path

from sim.configuration import scenario
from sim.runs.run import simulate

NUMBERS = Path(__file__).with_name("numbers.json")

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


if __name__ == "__main__":
    NUMBERS.write_text(json.dumps(numbers(), indent=1) + "\n", encoding="utf-8")
    print(f"{NUMBERS.name}: {len(numbers())} numbers; now add a line under Results in CHANGELOG.md")  # noqa: T201
