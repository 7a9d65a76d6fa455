"""Opening sentences of a report: whether the backbone matters, and when, never stronger than their intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.analysis.doubling import probability
from sim.analysis.effects import THROUGH_DATES, THROUGH_STRENGTH, paired
from sim.analysis.headlines import DOUBLED
from sim.analysis.sweep_grid import EMERGENT
from sim.findings.numbers import FEW, Unit, figure, interval, readable_name, unit_of, verb
from sim.findings.sizes import size_verdict

BACKBONE, LATE, NEVER = "no_backbone", "policy_late", "ministry_never_joins"
"""Arms that answer the question: without the backbone, with later policy, and without the ministry."""

WAYS = {
    THROUGH_DATES: "comes from bringing the ministry to act, sooner or at all",
    THROUGH_STRENGTH: "from its work at given dates of the ministry",
}
"""Parts of the backbone's effect in words."""


ANY_MODEL, ONE_MODEL = "In the model", "In this model with its default parameters"
FITTED_MODEL = "In the main model with its fitted parameter sets"
"""Beginnings of a claim; all but the first are for runs of one model, beside the answer over all averaged models."""


@dataclass(frozen=True)
class Opening:
    """Results of a comparison that its opening sentences use.

    Args:
        rows: differences of the main outcome with the dates free, a row an arm
        parts: of the effects on the main outcome, of `sim.analysis.paired_differences.effect_parts`
        frame: one row per run
        baseline: name of the baseline
        label: the main outcome in words
        level: mean of the baseline [unit of the outcome]
        where: beginning of a claim: the model that was run
    """

    rows: pd.DataFrame
    parts: pd.DataFrame
    frame: pd.DataFrame
    baseline: str
    label: str
    level: float
    where: str = ANY_MODEL

    @property
    def arm(self) -> str:
        """Arm of the first sentence: without the backbone, or else the first one."""
        return self.named(BACKBONE) or str(self.rows["arm"].iloc[0])

    def named(self, name: str) -> str:
        """Return the arm of a name, also if it is laid over the baseline; empty if there is none."""
        return next((str(arm) for arm in self.rows["arm"] if arm == name or str(arm).endswith(f"+{name}")), "")

    def row(self, arm: str) -> Any:
        """Return the row of an arm."""
        return self.rows[self.rows["arm"] == arm].iloc[0]


def opening_sentences(opening: Opening) -> list[str]:
    """Return at most three sentences as Markdown: whether it matters, when, and how often enrolment doubles.

    Args:
        opening: results of the comparison
    """
    return list(filter(None, (matters_sentence(opening), when_sentence(opening), doubling_sentence(opening))))


def matters_sentence(opening: Opening) -> str:
    """Return a sentence on whether the backbone (or the first arm) matters, with size and interval."""
    row, backbone = opening.row(opening.arm), bool(opening.named(BACKBONE))
    what = "the backbone" if backbone else f"*{readable_name(opening.arm)}*"
    if int(row["n"]) < 2 or math.isnan(row["low"]):
        return f"**These runs cannot tell whether {what} matters**: fewer than two pairs of runs have {opening.label}."
    unit, ends = unit_of(str(row["unit"])), _ends(row, -1.0 if backbone else 1.0)
    words = f" {unit.words}" if unit.words else ""
    if ends[0] <= 0.0 <= ends[1]:
        mean = figure(-row["difference"] if backbone else row["difference"], unit)
        return (
            f"**These runs cannot tell whether {what} matters**: its mean effect on {opening.label} is {mean}{words}, and the "
            f"95% interval ({interval(*ends, unit)}) includes zero."
        )
    claim = f"{opening.where} {f'{what} matters' if ends[0] > 0.0 or not backbone else 'the backbone does harm'}"
    way = "higher" if ends[0] > 0.0 else "lower"
    other = "without it" if backbone else f"in *{readable_name(opening.baseline)}*"
    near, far = sorted(map(abs, ends))
    verdict = size_verdict(row, opening.level)
    return (
        f"**{claim}{_chiefly(opening)}**: with it {opening.label} {verb(opening.label)} {way} than {other} by "
        f"{figure(abs(row['difference']), unit, False)}{words} on average (95% interval {interval(near, far, unit, False)})."
        f"{f' This difference is of {verdict} size.' if verdict else ''}"
    )


def doubling_sentence(opening: Opening) -> str:
    """Return the share of runs that double in each arm, and which arms these runs cannot tell apart; or empty."""
    if DOUBLED not in opening.frame:
        return ""
    names = {
        opening.baseline: f"in *{readable_name(opening.baseline)}*",
        opening.arm: f"in *{readable_name(opening.arm)}*",
    }
    if opening.named(BACKBONE):
        names = {opening.baseline: "with the backbone", opening.arm: "without it"}
    never = opening.named(NEVER)
    names |= {never: "if the ministry never joins"} if never and never != opening.arm else {}
    free = opening.frame[opening.frame["dates"] == EMERGENT].dropna(subset=[DOUBLED])
    shares = probability(free, ["scenario"], free[DOUBLED].astype(bool)).set_index("scenario")
    if not set(names) <= set(shares.index):
        return ""
    texts = [
        f"in {row['p']:.0%} of runs {words} ({row['low']:.0%} to {row['high']:.0%})"
        for words, row in ((words, shares.loc[str(name)]) for name, words in names.items())
    ]
    shared = f"Enrolment doubles {', '.join(texts[:-1])} and {texts[-1]}; in brackets are 95% intervals."
    arms = [name for name in names if name != opening.baseline]
    return " ".join([shared, *(_apart_sentence(opening, free, arm, names) for arm in arms)]).strip()


def _apart_sentence(opening: Opening, free: pd.DataFrame, arm: str, names: Mapping[str, str]) -> str:
    """Return a sentence on two shares of doubling that the pairs of runs cannot tell apart; empty if they can.

    Args:
        opening: results of the comparison
        free: runs with a free ministry that have the flag of doubling
        arm: whose share is compared with that of the baseline
        names: of baseline and arms, in words
    """
    pairs = free[free["scenario"].isin([opening.baseline, arm])]
    if not pairs["seed"].duplicated().any():
        return ""
    row = paired(pairs, opening.baseline, [arm], DOUBLED).iloc[0]
    if not row["low"] <= 0.0 <= row["high"]:
        return ""
    unit = unit_of("share")
    return (
        f"These runs cannot tell the shares {names[opening.baseline]} and {names[arm]} apart. The 95% interval of their "
        f"difference ({interval(*_ends(row, -1.0), unit)} {unit.words}) includes zero."
    )


def when_sentence(opening: Opening) -> str:
    """Return a sentence on when the backbone matters: by dates or at given dates, and with later policy; or empty."""
    backbone, parts = bool(opening.named(BACKBONE)), parts_of(opening, opening.arm)
    unit, clauses = unit_of(str(opening.row(opening.arm)["unit"])), []
    if parts and backbone:
        texts = [_part(parts[name], unit, words) for name, words in WAYS.items()]
        clauses.append(f"of this effect, {texts[0]}, and {texts[1]}")
    late = opening.named(LATE)
    if late and late != opening.arm:
        clauses.append(_late(opening, opening.row(late)))
    text = "; ".join(clauses)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _late(opening: Opening, row: Any) -> str:
    """Return a clause on later policy."""
    unit = unit_of(str(row["unit"]))
    if math.isnan(row["low"]) or row["low"] <= 0.0 <= row["high"]:
        ends = interval(row["low"], row["high"], unit)
        return f"an effect of later policy on {opening.label} cannot be told from zero (95% interval {ends})"
    near, far = sorted((abs(row["low"]), abs(row["high"])))
    ends = interval(near, far, unit, False)
    verb_of_change = "raises" if row["low"] > 0.0 else "lowers"
    words = f" {unit.words}" if unit.words else ""
    size = figure(abs(row["difference"]), unit, False)
    return f"later policy {verb_of_change} {opening.label} by {size}{words} (95% interval {ends})"


def _part(row: Any, unit: Unit, words: str) -> str:
    """Return a clause on a part of the backbone's effect, from the row of the arm without it."""
    low, high = _ends(row, -1.0)
    doubt = ", which includes zero" if low <= 0.0 <= high else ""
    return f"{figure(-row['effect'], unit)} (95% interval {interval(low, high, unit)}{doubt}) {words}"


def parts_of(opening: Opening, arm: str) -> Mapping[str, Any]:
    """Return the parts of an arm's effect by name; empty if it was not run with the dates held."""
    rows = {str(row["part"]): row for _, row in opening.parts[opening.parts["arm"] == arm].iterrows()}
    complete = {THROUGH_DATES, THROUGH_STRENGTH} <= set(rows)
    return rows if complete and not any(math.isnan(rows[name]["low"]) for name in rows) else {}


def _chiefly(opening: Opening) -> str:
    """Return a clause on the larger part of an effect; empty if the intervals do not tell."""
    parts = parts_of(opening, opening.arm)
    if not parts or not opening.named(BACKBONE):
        return ""
    dates, strength = (_ends(parts[name], -1.0) for name in (THROUGH_DATES, THROUGH_STRENGTH))
    if dates[0] > max(strength[1], 0.0):
        return ", chiefly by bringing the ministry to act"
    if strength[0] > max(dates[1], 0.0):
        return ", chiefly by what it does at given dates of the ministry"
    if dates[0] > 0.0 and strength[0] > 0.0:
        return ", both by bringing the ministry to act and by what it does at given dates"
    if dates[0] > 0.0:
        return ", by bringing the ministry to act"
    return ", by what it does at given dates of the ministry" if strength[0] > 0.0 else ""


def unknown_sentence(opening: Opening) -> str:
    """Return a sentence on what these runs cannot show, from the width of the interval of the first arm.

    Args:
        opening: results of the comparison
    """
    row = opening.row(opening.arm)
    pairs, unit = int(row["n"]), unit_of(str(row["unit"]))
    if math.isnan(row["low"]):
        return ""
    half = figure((row["high"] - row["low"]) / 2.0, unit, False)
    words = f" {unit.words}" if unit.words else ""
    whose = "the backbone's effect" if opening.named(BACKBONE) else f"the effect of *{readable_name(opening.arm)}*"
    more = " Intervals from so few pairs tend to be too narrow." if pairs < FEW else ""
    return f"These {pairs} pairs of runs give {whose} to within about {half}{words} either way.{more}"


def _ends(row: Any, sign: float) -> tuple[float, float]:
    """Return the ends of the interval of an effect, or of its opposite."""
    low, high = sorted((sign * float(row["low"]), sign * float(row["high"])))
    return low, high
