"""The answer on the first page of the README as sentences made from stored results.

The results are in docs/explanation/headlines.csv, a row a quantity, with the command that measured each.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.catalogue import targets
from sim.configuration import configs
from sim.errors import InputError

HEADLINES = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "headlines.csv"
"""Results over all averaged models: quantity, unit, value, ends of the 95% interval, command."""

NOT_ASKING = "ministry_does_not_ask"
"""Part of the name of models in which the ministry does not ask the network before it acts."""

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
"""Small numbers in words."""


@dataclass(frozen=True)
class Headline:
    """A result with its 95% interval.

    Args:
        unit: `share of runs`, or what is counted
        value: in the unit
        low: lower end of the interval
        high: upper end of the interval
    """

    unit: str
    value: float
    low: float
    high: float

    @property
    def text(self) -> str:
        """The value."""
        return f"{self.value:.0%}" if self.unit.startswith("share") else f"{self.value:,.0f}"

    @property
    def interval(self) -> str:
        """Both ends of the interval."""
        if self.unit.startswith("share"):
            return f"{self.low * 100:.0f}\N{EN DASH}{self.high:.0%}"
        return f"{self.low:,.0f} to {self.high:,.0f}"


def headlines(path: Path = HEADLINES) -> dict[str, Headline]:
    """Return the stored results by quantity.

    Raises:
        InputError: an interval does not contain its value
    """
    table = pd.read_csv(path).set_index("quantity")
    results = {
        str(name): Headline(row["unit"], float(row["value"]), float(row["low"]), float(row["high"]))
        for name, row in table.iterrows()
    }
    outside = [name for name, result in results.items() if not result.low <= result.value <= result.high]
    if outside:
        raise InputError(f"{path.name}: the interval of `{outside[0]}` does not contain its value; correct the row")
    return results


def answer(results: dict[str, Headline] | None = None) -> str:
    """Return one sentence that says whether the backbone matters and when, and one on policy that never comes.

    Args:
        results: stored results by quantity; those of the project if None
    """
    results = results or headlines()
    backed, alone, never = (
        results[f"doubled_{name}"] for name in ("with_backbone", "without_backbone", "without_window")
    )
    matters = backed.low > alone.high
    needs_window = never.high < alone.low
    claim = "the backbone matters" if matters else "it is not clear whether the backbone matters"
    when = " when policy windows open" if matters and needs_window else ""
    return (
        f"**In the model {claim}{when}: enrolment doubles by 2020 in {backed.text} of runs "
        f"(95% interval {backed.interval}), against {alone.text} ({alone.interval}) without.**\n"
        f"If policy never comes, it doubles in {never.text} of runs ({never.interval})."
    )


def basis() -> str:
    """Return what the answer rests on, and its first limit."""
    results = headlines()
    models = pd.read_csv(configs() / "data" / "models.csv")
    facts = int((targets()["use"] == "fit").sum())
    weight = models.loc[models["model"].str.contains(NOT_ASKING), "weight"].sum()
    all_models, asks, does_not_ask = (results[f"backbone_adds{name}"] for name in ("", "_if_asked", "_if_not_asked"))
    number = NUMBERS[len(models)] if len(models) < len(NUMBERS) else str(len(models))
    return (
        f"* **It rests on** {number} models, fitted to {facts} facts through 2018 and weighted by their evidence.\n"
        f"  Over them a backbone adds {all_models.text} examinees in 2020 (95% interval {all_models.interval}).\n"
        "* **Its limit:** the record cannot tell what moved the ministry. In the main model it asks the network before\n"
        f"  it acts, and a backbone adds {asks.text} examinees ({asks.interval}).\n"
        f"  Where it does not ask, a backbone adds {does_not_ask.text} ({does_not_ask.interval}).\n"
        f"  Models in which it does not ask have {weight:.0%} of the weight."
    )
