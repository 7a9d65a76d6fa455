"""The chapters at the head of a report: what was found, in a few sentences; and how it was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.commands import command
from sim.findings.numbers import baseline_name, readable_name, uncertainty_sentence
from sim.reports.blocks import Block, Chapter, Prose, Rows

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
    "**The record cannot tell what moved the ministry**: in the calibration of version 0.2.0 a model in which it does not ask "
    "the network fitted as well, and in such a model the backbone adds far less. "
    "[What this model cannot tell you](#limits) says more."
)
"""What no interval of a report carries."""


MISSING = {
    "attribution": f"what each condition contributes (`{command('attribute')}`)",
    "study of equity": f"who gains and at what cost (`{command('equity')}`)",
    "test of robustness": f"which findings survive other mechanisms (`{command('robust')}`)",
}
"""What a report may have besides comparisons, by kind of result."""


def summary(headlines: Sequence[Block], kinds: Sequence[str]) -> Chapter:
    """Return the chapter of what was found, each sentence as its chapter has it.

    Args:
        headlines: what each study has for it, in order
        kinds: of results that the report rests on
    """
    missing = [words for kind, words in MISSING.items() if kind not in kinds]
    without = (
        [Prose(f"**Not in this report**, since there were no results of it: {'; '.join(missing)}.")] if missing else []
    )
    return Chapter("summary", "What was found", [*headlines, Prose(UNKNOWN), *without])


def design(records: Mapping[str, Mapping[str, Any]], measures: Sequence[str]) -> Chapter:
    """Return the chapter of how the question was asked.

    Args:
        records: what every study was made with, by its key
        measures: outcomes of the comparisons
    """
    blocks: list[Block] = [Prose(HOW)]
    for record in records.values():
        if "cases" in record:
            base = baseline_name(record)
            cells = [[readable_name(name), about["about"], "" if name == base else changes(str(about["differs"]), base, name)]
                     for name, about in record["cases"].items()]  # fmt: skip
            asks = str(record.get("asks") or "arms that were listed")
            header = ["scenario", "about", f"differs from {readable_name(base)} in"]
            blocks.append(Rows(f"What is compared: {asks}", header, cells))
    blocks.append(Rows("Parts of the design (XLRM)", ["part", "here"], xlrm(records, measures)))
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


def xlrm(records: Mapping[str, Mapping[str, Any]], measures: Sequence[str]) -> list[list[str]]:
    """Return exogenous uncertainties, levers, relationships and measures of a report.

    Args:
        records: what every study was made with, by its key
        measures: outcomes of the comparisons
    """
    said: dict[str, list[str]] = {}
    for key, record in records.items():
        said.setdefault(uncertainty_sentence(record), []).append(key)
    over = " ".join(f"{', '.join(keys)}: {sentence}" for sentence, keys in said.items())
    mechanisms = [readable_name(name) for record in records.values() for name in record.get("mechanisms", ())]
    arms = list(
        dict.fromkeys(arm for record in records.values() if record["kind"] == "comparison" for arm in record["arms"])
    )
    return [
        ["X, uncertainties", over],
        ["L, levers", f"what the arms change: {', '.join(readable_name(arm) for arm in arms)}"],
        [
            "R, relationships",
            f"the model (sim/ODD.md){'; and, one at a time, ' + ', '.join(mechanisms) if mechanisms else ''}",
        ],
        ["M, measures", ", ".join(readable_name(name) for name in measures)],
    ]
