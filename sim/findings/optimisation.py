"""Findings of an optimisation as sentences, never stronger than their intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.effects import Estimate
from sim.analysis.pareto import MEAN, MIN, ROBUST, best
from sim.dates import date_of
from sim.findings.numbers import amount, ranged

AS_IS = "as it is"
"""Name of the scenario's own decision."""

ENOUGH = 20
"""Fresh seeds below which a bootstrap's intervals are too narrow to be claimed."""

FIGURES = {MEAN: "means over seeds", ROBUST[1]: "means over the quarter of seeds in which each decision does worst"}
"""How figures are taken over seeds."""

BRIEFLY = {MEAN: "means within pairs", ROBUST[1]: "means over each one's worst quarter of seeds"}
"""The same, as short as a panel needs."""


@dataclass(frozen=True)
class SearchTerms:
    """What sentences on an optimisation need besides its tables.

    Args:
        split: parameters that share the budget
        total: the budget [share]
        launched: month of the launch as it is; None where it is not moved
        others: further levers
        goals: directions by outcome
        robust: how figures are taken over seeds: `mean` or `worst_quarter`
        doubling: that is counted, in words
        labels: of goals and decisions, in words with their unit
        decisions: tried in the search
        front: of those, beaten by none in the search
        fresh: seeds with which finalists are run again
    """

    split: tuple[str, ...]
    total: float
    launched: int | None
    others: tuple[str, ...]
    goals: Mapping[str, str]
    robust: str
    doubling: str
    labels: Mapping[str, str]
    decisions: int
    front: int
    fresh: int

    @property
    def names(self) -> list[str]:
        """Columns of a decision."""
        return [*self.split, *([] if self.launched is None else ["launch"]), *self.others]

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> SearchTerms:
        """Return the terms from what `record` gives, read back from JSON."""
        lists = {name: tuple(record[name]) for name in ("split", "others")}
        return cls(**{**record, **lists})

    @property
    def record(self) -> dict[str, Any]:
        """The terms as JSON can hold them."""
        return asdict(self)


def optimisation_text(table: pd.DataFrame, terms: SearchTerms) -> str:
    """Return the findings as text.

    Args:
        table: decisions in fresh runs, as `sim.optimisation.confirmation.confirmed` returns them
        terms: of the search
    """
    if not len(table):
        return nothing_better(terms)
    sentences = [f"{subject}: {sentence}" for subject, sentence, _ in decision_findings(table, terms)]
    frame = pd.DataFrame(decision_rows(table, terms))
    closing = [verdict(table.iloc[1:], terms.goals), *few_seeds(terms)]
    rows = f"{table_caption(terms)}\n\n{frame.to_string(index=False)}"
    return "\n\n".join(["\n".join(search_sentences(table, terms)), *sentences, *closing, rows])


def nothing_better(terms: SearchTerms) -> str:
    """Return the sentence for a search of which no decision is run again."""
    return f"No decision of {terms.decisions:,} is beaten by none: what is as it is beats them all."


def search_sentences(table: pd.DataFrame, terms: SearchTerms) -> list[str]:
    """Return what was searched for, and how much was tried and run again."""
    ways = ", ".join(f"{'less' if way == MIN else 'more'} {goal}" for goal, way in terms.goals.items())
    return [
        f"Decisions over {', '.join(terms.names)}; goals: {ways}; figures are {FIGURES[terms.robust]}.",
        f"{terms.decisions:,} decisions were tried, {terms.front:,} of them beaten by none in the search; "
        f"{len(table) - 1:,} were run again with {terms.fresh:,} fresh seeds.",
    ]


def decision_findings(table: pd.DataFrame, terms: SearchTerms) -> Iterator[tuple[str, str, str]]:
    """Yield sentences on the scenario's own decision and on the best one by each goal: subject, sentence, decision."""
    finalists, first = table.iloc[1:], table.iloc[0]
    yield AS_IS, f"{decision_text(first, terms)}: {objectives_text(first, terms)}", AS_IS
    for goal, way in terms.goals.items():
        row = finalists.loc[best(finalists.assign(**{goal: finalists[f"{goal}_searched"]}), goal, way)]
        subject = f"{'least' if way == MIN else 'most'} {goal} in the search, decision {row['decision']}"
        compared = f"against {AS_IS} {objectives_text(row, terms, '_less_as_is')}"
        yield subject, f"{decision_text(row, terms)}: {objectives_text(row, terms)}; {compared}", row["decision"]


def table_caption(terms: SearchTerms) -> str:
    """Return what the table of decisions holds."""
    return f"{FIGURES[terms.robust].capitalize()}, fresh ones; launch: months later; doubled: {terms.doubling}"


def decision_rows(table: pd.DataFrame, terms: SearchTerms) -> list[dict[str, Any]]:
    """Return all decisions with shares of the budget in percent, then their values in fresh runs, a row a decision."""
    frame = table[["decision", *terms.names, *terms.goals, "doubled", "unbeaten"]].copy()
    for name in terms.split:
        frame[name] = (100.0 * frame[name] / terms.total).round().astype(int)
    frame = frame.rename(columns={name: f"{name.split('.')[-1]} %" for name in terms.split})
    for goal in terms.goals:
        frame[goal] = [amount(value, signed=False) for value in frame[goal]]
    return [{str(key): value for key, value in row.items()} for row in frame.round(3).to_dict("records")]


def decision_text(row: Any, terms: SearchTerms) -> str:
    """Return a decision in words: percents of the budget, the month of the launch, other levers."""
    parts = [f"{name.split('.')[-1]} {row[name] / terms.total:.0%}" for name in terms.split]
    if terms.launched is not None:
        parts.append(f"launch {date_of(terms.launched + int(row['launch']))}")
    return ", ".join(parts + [f"{name} {level_text(row[name])}" for name in terms.others])


def level_text(value: Any) -> str:
    """Return a number as a sentence has it, or a word as it is.

    >>> level_text(12.34), level_text("sequential")
    ('12.3', 'sequential')
    """
    return str(value) if isinstance(value, str | bool | np.bool_) else amount(float(value), signed=False)


def objectives_text(row: Any, terms: SearchTerms, less: str = "") -> str:
    """Return the value of a decision by each goal, or how much more it is than as it is, with intervals and units.

    Args:
        row: of the table of decisions
        terms: of the search
        less: `_less_as_is` for the difference, empty for the value
    """
    parts = []
    for goal in terms.goals:
        mean, low, high = (row[f"{goal}{less}{end}"] for end in ("", "_low", "_high"))
        estimate = Estimate(mean, low, high, int(row["n"]))
        name, _, unit = terms.labels[goal].rstrip("]").partition(" [")
        parts.append(f"{name.lower()} {ranged(estimate) if less else unsigned(estimate)} {unit}")
    return ", ".join(parts)


def unsigned(estimate: Estimate) -> str:
    """Return an estimate without signs.

    >>> unsigned(Estimate(120.0, 90.0, 150.0, 30))
    '120 [90, 150]'
    """
    ends = f"{amount(estimate.low, signed=False)}, {amount(estimate.high, signed=False)}"
    return f"{amount(estimate.mean, signed=False)} [{ends}]"


def significantly_better(finalists: pd.DataFrame, goal: str, way: str) -> pd.Series[bool]:
    """Return the finalists whose whole interval is better than as it is by one goal."""
    key = f"{goal}_less_as_is"
    return finalists[f"{key}_high"] < 0 if way == MIN else finalists[f"{key}_low"] > 0


def verdict(finalists: pd.DataFrame, goals: Mapping[str, str]) -> str:
    """Return how many finalists are surely better than as it is, by each goal and by all of them."""
    better = pd.DataFrame({goal: significantly_better(finalists, goal, way) for goal, way in goals.items()})
    counts = [
        f"{goal}: {count} of {len(finalists)}" if count else f"{goal}: none, so that no gain can be claimed"
        for goal, count in better.sum().items()
    ]
    every = finalists.loc[better.all(axis=1), "decision"].tolist()
    both = f"in every goal at once: decision {', '.join(every)}" if every else "in every goal at once: none"
    return (
        f"Surely better than {AS_IS} (the whole 95% interval within pairs, each taken alone): "
        f"{'; '.join([*counts, both] if len(goals) > 1 else counts)}."
    )


def few_seeds(terms: SearchTerms) -> list[str]:
    """Return the warning for few fresh seeds; none where they are enough."""
    if terms.fresh >= ENOUGH:
        return []
    return [f"With fewer than {ENOUGH} fresh seeds intervals are too narrow: try it out, but claim nothing."]


def failures_text(failed: int, first: str, kept: bool) -> str:
    """Return how many runs failed; empty: none.

    Args:
        failed: number of runs
        first: the last line of the first one's traceback
        kept: whether the folder of the results has all tracebacks

    >>> failures_text(2, "ValueError: no", False)
    '2 runs failed, the first with ValueError: no'
    """
    if not failed:
        return ""
    where = "; their tracebacks are in its folder `failures`" if kept else ""
    return f"{failed:,} run{'s' * (failed > 1)} failed, the first with {first}{where}"
