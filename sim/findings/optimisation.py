"""Findings of an optimisation as sentences, never stronger than their intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.effects import Estimate
from sim.analysis.pareto import MEAN, MIN, ROBUST, best_decision
from sim.dates import date_of
from sim.findings.numbers import amount, capitalised, measured, unit_of, verb

AS_IS = "as it is"
"""Name of the scenario's own decision."""

ENOUGH = 20
"""Number of fresh seeds below which bootstrap intervals are too narrow to support a claim."""

FIGURES = {MEAN: "means over seeds", ROBUST[1]: "means over the quarter of seeds in which each decision does worst"}
"""Aggregation of figures over seeds, in words."""

BRIEFLY = {MEAN: "means within pairs", ROBUST[1]: "means over each one's worst quarter of seeds"}
"""Aggregation in words, short enough for a panel."""


@dataclass(frozen=True)
class SearchTerms:
    """Information for sentences on an optimisation, besides its tables.

    Args:
        split: parameters that share the budget
        total: the budget [share]
        launched: month of the launch as it is; None if it is not moved
        others: further levers
        goals: directions by outcome
        robust: aggregation over seeds: `mean` or `worst_quarter`
        doubling: definition in words
        labels: of goals and decisions, with their unit
        words: for goals, as in sentences
        decisions: number tried in the search
        front: number of these on the front of the search
        fresh: number of seeds with which finalists are run again
    """

    split: tuple[str, ...]
    total: float
    launched: int | None
    others: tuple[str, ...]
    goals: Mapping[str, str]
    robust: str
    doubling: str
    labels: Mapping[str, str]
    words: Mapping[str, str]
    decisions: int
    front: int
    fresh: int

    @property
    def names(self) -> list[str]:
        """Columns of a decision."""
        return [*self.split, *([] if self.launched is None else ["launch"]), *self.others]

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> SearchTerms:
        """Return the terms from their `record`, read from JSON."""
        lists = {name: tuple(record[name]) for name in ("split", "others")}
        return cls(**{**record, **lists})

    @property
    def record(self) -> dict[str, Any]:
        """The terms as values for JSON."""
        return asdict(self)


def nothing_better(terms: SearchTerms) -> str:
    """Return the sentence for a search without finalists."""
    return f"None of {terms.decisions:,} decisions is on the Pareto front: the scenario as it is dominates all of them."


def words_for(name: str, terms: SearchTerms) -> str:
    """Return a lever in words, without its unit."""
    return terms.labels[name].partition(" [")[0].lower()


def search_sentences(table: pd.DataFrame, terms: SearchTerms) -> list[str]:
    """Return sentences on the goals of the search, and on the numbers of decisions."""
    ways = "; ".join(f"{'less' if way == MIN else 'more'} {terms.words[goal]}" for goal, way in terms.goals.items())
    return [
        f"A decision sets {', '.join(words_for(name, terms) for name in terms.names)}. Goals: {ways}. "
        f"Figures are {FIGURES[terms.robust]}.",
        f"{terms.decisions:,} decisions were tried, {terms.front:,} of them on the Pareto front of the search; "
        f"{len(table) - 1:,} were run again with {terms.fresh:,} fresh seeds.",
    ]


def decision_findings(table: pd.DataFrame, terms: SearchTerms) -> Iterator[tuple[str, str, str]]:
    """Yield findings on the scenario as it is and on the best decision by each goal: subject, sentences, decision."""
    finalists, first = table.iloc[1:], table.iloc[0]
    yield AS_IS, f"{decision_text(first, terms)}. {values_sentence(first, terms)}", AS_IS
    for goal, way in terms.goals.items():
        row = finalists.loc[best_decision(finalists.assign(**{goal: finalists[f"{goal}_searched"]}), goal, way)]
        subject = f"{'least' if way == MIN else 'most'} {terms.words[goal]} in the search, decision {row['decision']}"
        sentences = f"{values_sentence(row, terms)} {differences_sentence(row, terms)}"
        yield subject, f"{decision_text(row, terms)}. {sentences}", row["decision"]


def table_caption(terms: SearchTerms) -> str:
    """Return the caption of the table of decisions."""
    return f"{FIGURES[terms.robust].capitalize()}, fresh ones; launch: months later; doubled: {terms.doubling}"


def decision_rows(table: pd.DataFrame, terms: SearchTerms) -> list[dict[str, Any]]:
    """Return the rows of all decisions as text: shares of the budget in percent, and values in fresh runs."""
    frame = table[["decision", *terms.names, *terms.goals, "doubled", "unbeaten"]].copy()
    for name in terms.split:
        frame[name] = (100.0 * frame[name] / terms.total).round().astype(int)
    for goal in terms.goals:
        frame[goal] = [amount(value, signed=False) for value in frame[goal]]
    frame["unbeaten"] = ["yes" if flag else "no" for flag in frame["unbeaten"]]
    percents = {name: f"{words_for(name, terms)} %" for name in terms.split}
    words = {name: words_for(name, terms) for name in terms.names} | percents
    frame = frame.rename(columns=words | {goal: terms.labels[goal] for goal in terms.goals})
    return [{str(key): value for key, value in row.items()} for row in frame.round(3).to_dict("records")]


def decision_text(row: Any, terms: SearchTerms) -> str:
    """Return a decision in words: percentages of the budget, month of the launch, other levers."""
    parts = [f"{words_for(name, terms)} {row[name] / terms.total:.0%}" for name in terms.split]
    if terms.launched is not None:
        parts.append(f"launch {date_of(terms.launched + int(row['launch']))}")
    return ", ".join(parts + [f"{words_for(name, terms)} {level_text(row[name])}" for name in terms.others])


def level_text(value: Any) -> str:
    """Return a number as text, or a word unchanged.

    >>> level_text(12.34), level_text("sequential")
    ('12.3', 'sequential')
    """
    return str(value) if isinstance(value, str | bool | np.bool_) else amount(float(value), signed=False)


def values_sentence(row: Any, terms: SearchTerms) -> str:
    """Return a sentence on the value of a decision by each goal, with intervals.

    Args:
        row: of the table of decisions
        terms: of the search
    """
    parts = [
        f"{terms.words[goal]} {verb(terms.words[goal])} {over_seeds(estimate_in(row, goal), goal, terms)}"
        for goal in terms.goals
    ]
    return f"{capitalised('; '.join(parts))}."


def differences_sentence(row: Any, terms: SearchTerms) -> str:
    """Return a sentence on the differences of a decision from the scenario as it is, no stronger than their intervals.

    Args:
        row: of the table of decisions
        terms: of the search
    """
    return f"Within pairs, against {AS_IS}: {'; '.join(difference_text(row, goal, terms) for goal in terms.goals)}."


def difference_text(row: Any, goal: str, terms: SearchTerms) -> str:
    """Return a clause on the difference of a decision from the scenario as it is by one goal."""
    estimate, words = estimate_in(row, goal, "_less_as_is"), terms.words[goal]
    if not estimate.sign:
        return f"an effect of zero on {words} cannot be excluded, the difference is {over_seeds(estimate, goal, terms, True)}"
    ends = sorted((abs(estimate.low), abs(estimate.high)))
    way = "higher" if estimate.sign > 0 else "lower"
    size = Estimate(abs(estimate.mean), ends[0], ends[1], estimate.n)
    return f"{words} {verb(words)} {way} by {over_seeds(size, goal, terms)}"


def estimate_in(row: Any, goal: str, less: str = "") -> Estimate:
    """Return the value of a decision by a goal, or with `_less_as_is` its difference from the scenario as it is."""
    mean, low, high = (row[f"{goal}{less}{end}"] for end in ("", "_low", "_high"))
    return Estimate(mean, low, high, int(row["n"]))


def over_seeds(estimate: Estimate, goal: str, terms: SearchTerms, signed: bool = False) -> str:
    """Return an estimate as text, with its unit, interval and aggregation over seeds."""
    unit = unit_of(terms.labels[goal].partition(" [")[2].removesuffix("]"))
    row = {"value": estimate.mean, "low": estimate.low, "high": estimate.high}
    words = measured(row, "value", unit, signed)
    return words if terms.robust == MEAN else words.replace("on average", "in the worst quarter of seeds")


def significantly_better(finalists: pd.DataFrame, goal: str, way: str) -> pd.Series[bool]:
    """Return flags of the finalists whose whole interval is better than as it is by one goal."""
    key = f"{goal}_less_as_is"
    return finalists[f"{key}_high"] < 0 if way == MIN else finalists[f"{key}_low"] > 0


def verdict(finalists: pd.DataFrame, terms: SearchTerms) -> str:
    """Return a sentence on the numbers of finalists that are significantly better than as it is, by goal and by all."""
    better = pd.DataFrame({goal: significantly_better(finalists, goal, way) for goal, way in terms.goals.items()})
    counts = [
        f"{terms.words[goal]}: {count} of {len(finalists)}"
        if count
        else f"{terms.words[goal]}: none, so no gain can be claimed"
        for goal, count in zip(terms.goals, better.sum(), strict=True)
    ]
    every = finalists.loc[better.all(axis=1), "decision"].tolist()
    both = f"in every goal at once: decision {', '.join(every)}" if every else "in every goal at once: none"
    return (
        f"Surely better than {AS_IS} (the whole 95% interval within pairs, each taken alone): "
        f"{'; '.join([*counts, both] if len(terms.goals) > 1 else counts)}."
    )


def few_seeds(terms: SearchTerms) -> list[str]:
    """Return the warning for few fresh seeds; empty if they are enough."""
    if terms.fresh >= ENOUGH:
        return []
    return [
        f"With fewer than {ENOUGH} fresh seeds, intervals are too narrow to support claims; use more `fresh` seeds."
    ]


def failures_text(failed: int, first: str, saved: bool) -> str:
    """Return a clause on failed runs; empty if none failed.

    Args:
        failed: number of failed runs
        first: the last line of the first one's traceback
        saved: true if the folder of the results has all tracebacks

    >>> failures_text(2, "ValueError: no", False)
    '2 runs failed, the first with ValueError: no'
    """
    if not failed:
        return ""
    where = "; their tracebacks are in its folder `failures`" if saved else ""
    return f"{failed:,} run{'s' * (failed > 1)} failed, the first with {first}{where}"
