"""The chapters at the head of a report: what was found, in a few sentences; and how it was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.analysis.shapley import SHAPLEY
from sim.commands import command
from sim.findings.numbers import called, carried, plain
from sim.reports.blocks import Chapter, Claim, Claims, Prose, Rows
from sim.reports.chapters.attribution import Attribution
from sim.reports.chapters.comparison import Comparison, Labels
from sim.reports.chapters.equity import Equity
from sim.reports.chapters.robustness import Robustness

MOST = 3
"""Players of an attribution that a summary names."""


HOW = (
    "Every arm is simulated with the same seeds as its baseline. Luck is a function of seed, month and who is concerned, so "
    "that two runs with one seed differ only by what the arm changes: differences are taken within pairs. *Dates free*: the "
    "ministry decides for itself when to join, to try and to go national. *Dates held*: in the arm it acts in the months in "
    "which it acted in the baseline's run of the same seed. What then remains is strength; the rest comes through the dates. A "
    "sentence names a direction only where the whole 95% interval lies on one side of zero; each leads to the row of numbers "
    "that it rests on."
)
"""How pairs, dates and sentences are to be read."""

UNKNOWN = (
    "**The record cannot tell what moved the ministry**: a model in which it does not ask the network fits as well, and in it "
    "the backbone adds next to nothing. [What this model cannot tell you](#limits) says more."
)
"""What no interval of a report carries."""


@dataclass(frozen=True)
class Studies:
    """All that a report is about.

    Args:
        comparisons: the main one first
        attributions: in order
        equity: none or one
        robustness: none or one
    """

    comparisons: Sequence[Comparison]
    attributions: Sequence[Attribution] = ()
    equity: Sequence[Equity] = ()
    robustness: Sequence[Robustness] = ()


def summary(studies: Studies, label: Labels) -> Chapter:
    """What was found, each sentence as its chapter has it."""
    main = studies.comparisons[0]
    free = {main.row(row) for _, row in main.free().iterrows()}
    base, pairs = called(main.said), int(main.main["pairs"].max())
    what = str(main.said["cases"][base]["about"]).rstrip(".")
    blocks: list[Any] = [
        Prose(f"The baseline is *{plain(base)}*: {what}. {pairs:,} pairs of runs with the same luck. {main.over}"),
        Claims([claim for claim in main.findings(label) if claim.row in free]),
    ]
    ways = main.ways(label)
    if ways:
        blocks += [Prose("By which way each effect comes, through the ministry's dates or through strength at given dates:"),
                   Claims(ways)]  # fmt: skip
    for each in studies.attributions:
        asks, over = str(each.said.get("asks", "")).rstrip("."), carried(each.said)
        blocks += [Prose(f"{asks}: what contributes most, on average over all orders in which they may come. {over}"),
                   Claims(foremost(each, label))]  # fmt: skip
    for study in studies.equity:
        reference = plain(study.reference)
        blocks += [Prose(f"Gaps between groups and cost in {plain(called(study.said))}, beside {reference}. A gap may "
                         f"widen in points and narrow as a ratio: say which is meant. {carried(study.said)}"),
                   Claims(study.summary())]  # fmt: skip
    blocks += [Prose(each.summary()) for each in studies.robustness]
    return Chapter("summary", "What was found", [*blocks, Prose(UNKNOWN), *without(studies)])


def without(studies: Studies) -> list[Prose]:
    """What a report of this kind may have and this one has not."""
    kinds = {
        f"what each condition contributes (`{command('attribute')}`)": studies.attributions,
        f"who gains and at what cost (`{command('equity')}`)": studies.equity,
        f"which findings survive other mechanisms (`{command('robust')}`)": studies.robustness,
    }
    missing = [name for name, there in kinds.items() if not there]
    return (
        [Prose(f"**Not in this report**, since there were no results of it: {'; '.join(missing)}.")] if missing else []
    )


def foremost(study: Attribution, label: Labels) -> list[Claim]:
    """The greatest contributions to the first outcome that are told from nothing."""
    outcome = study.outcomes[0]
    rows, _ = study.of(outcome)
    values = rows[rows["measure"] == SHAPLEY]
    told = {study.row(outcome, str(p)) for p in values.loc[(values["low"] > 0) | (values["high"] < 0), "player"]}
    return [claim for claim in study.findings(outcome, label) if claim.row in told][:MOST]


def design(studies: Studies) -> Chapter:
    """How the question was asked."""
    blocks: list[Any] = [Prose(HOW)]
    for _, said in studied(studies):
        if "cases" in said:
            base = called(said)
            cells = [[plain(name), about["about"], "" if name == base else changes(str(about["differs"]), base, name)]
                     for name, about in said["cases"].items()]  # fmt: skip
            asks = str(said.get("asks") or "arms that were listed")
            blocks.append(
                Rows(f"What is compared: {asks}", ["scenario", "about", f"differs from {plain(base)} in"], cells)
            )
    blocks.append(Rows("Parts of the design (XLRM)", ["part", "here"], xlrm(studies)))
    return Chapter("design", "How it was asked", blocks)


def changes(differs: str, base: str, arm: str) -> str:
    r"""What an arm changes, line by line, in short.

    Args:
        differs: as `sim.diff` says it
        base: the baseline
        arm: the arm

    >>> changes("a.b: 1 in one, 2 in two\nonly in one: from 2013-11 c.d = 1", "one", "two")
    'a.b: 1, now 2; no longer: from 2013-11 c.d = 1'
    """
    short = {f" in {base}, ": ", now ", f"only in {base}: ": "no longer: ", f"only in {arm}: ": "new: "}
    lines = []
    for line in differs.splitlines():
        for long, brief in short.items():
            line = line.replace(long, brief)
        lines.append(line.removesuffix(f" in {arm}"))
    return "; ".join(lines)


def studied(studies: Studies) -> list[tuple[str, Mapping[str, Any]]]:
    """Every study by its key, and what it was made with."""
    told = [(each.key, each.said) for each in studies.comparisons]
    told += [(each.key, each.said) for each in studies.attributions]
    told += [(each.key, each.said) for each in studies.equity]
    return told + [(each.key, each.said) for each in studies.robustness]


def xlrm(studies: Studies) -> list[list[str]]:
    """Exogenous uncertainties, levers, relationships and measures of a report."""
    over = "; ".join(f"{named}: {carried(said)}" for named, said in studied(studies))
    mechanisms = [plain(name) for each in studies.robustness for name in each.said["mechanisms"]]
    arms = list(dict.fromkeys(arm for each in studies.comparisons for arm in each.said["arms"]))
    measures = list(dict.fromkeys(str(outcome) for each in studies.comparisons for outcome in
                                  each.table.loc[each.table["by"] == "outcome", "outcome"]))  # fmt: skip
    return [
        ["X, uncertainties", over],
        ["L, levers", f"what the arms change: {', '.join(plain(arm) for arm in arms)}"],
        [
            "R, relationships",
            f"the model (sim/ODD.md){'; and, one at a time, ' + ', '.join(mechanisms) if mechanisms else ''}",
        ],
        ["M, measures", ", ".join(plain(name) for name in measures)],
    ]
