"""The chapter of the design: pairs of runs, arms, and the parts of the design."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.findings.numbers import baseline_name, readable_name, uncertainty_sentence
from sim.reports.blocks import Block, Chapter, Prose, Rows

EXPLANATION = (
    "Every arm is simulated with the same seeds as its baseline. Random draws are a function of seed, month and the "
    "organisations concerned. So two runs with one seed differ only by the changes of the arm, and differences are taken "
    "within pairs. *Dates free*: the "
    "ministry decides for itself when to join, to try and to go national. *Dates held*: in the arm it acts in the months in "
    "which it acted in the baseline's run of the same seed. The remaining difference is strength; the rest comes through the "
    "dates. A sentence names a direction only if the whole 95% interval lies on one side of zero; each cites its row of "
    "numbers."
)
"""Explanation of pairs, dates and sentences."""


def design(records: Mapping[str, Mapping[str, Any]], measures: Sequence[str]) -> Chapter:
    """Return the chapter of the design.

    Args:
        records: record of every study, by its key
        measures: outcomes of the comparisons
    """
    blocks: list[Block] = [Prose(EXPLANATION)]
    for record in records.values():
        if "cases" in record:
            base = baseline_name(record)
            cells = [[readable_name(name), about["about"],
                      "" if name == base else change_text(str(about["differs"]), base, name)]
                     for name, about in record["cases"].items()]  # fmt: skip
            question = str(record.get("asks") or "arms that were listed")
            header = ["scenario", "about", f"differs from {readable_name(base)} in"]
            blocks.append(Rows(f"Comparison: {question}", header, cells))
    blocks.append(Rows("Parts of the design (XLRM)", ["part", "here"], xlrm(records, measures)))
    return Chapter("design", "Design", blocks)


def change_text(differs: str, base: str, arm: str) -> str:
    r"""Return the differences of an arm from the baseline in one short line.

    Args:
        differs: as `sim.diff` returns it
        base: the baseline
        arm: the arm

    >>> change_text("a.b: 1 in one, 2 in two\nonly in one: from 2013-11 c.d = 1", "one", "two")
    'a.b: 1, now 2; no longer: from 2013-11 c.d = 1'
    """
    abbreviations = {f" in {base}, ": ", now ", f"only in {base}: ": "no longer: ", f"only in {arm}: ": "new: "}
    lines = []
    for line in differs.splitlines():
        for phrase, abbreviation in abbreviations.items():
            line = line.replace(phrase, abbreviation)
        lines.append(line.removesuffix(f" in {arm}"))
    return "; ".join(lines)


def xlrm(records: Mapping[str, Mapping[str, Any]], measures: Sequence[str]) -> list[list[str]]:
    """Return exogenous uncertainties, levers, relationships and measures of a report.

    Args:
        records: record of every study, by its key
        measures: outcomes of the comparisons
    """
    keys_by_sentence: dict[str, list[str]] = {}
    for key, record in records.items():
        keys_by_sentence.setdefault(uncertainty_sentence(record), []).append(key)
    uncertainties = " ".join(f"{', '.join(keys)}: {sentence}" for sentence, keys in keys_by_sentence.items())
    mechanisms = [readable_name(name) for record in records.values() for name in record.get("mechanisms", ())]
    arms = list(
        dict.fromkeys(arm for record in records.values() if record["kind"] == "comparison" for arm in record["arms"])
    )
    return [
        ["X, uncertainties", uncertainties],
        ["L, levers", f"changes in the arms: {', '.join(readable_name(arm) for arm in arms)}"],
        [
            "R, relationships",
            f"the model (sim/ODD.md){'; and, one at a time, ' + ', '.join(mechanisms) if mechanisms else ''}",
        ],
        ["M, measures", ", ".join(readable_name(name) for name in measures)],
    ]
