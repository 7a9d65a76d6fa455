"""The chapter of a paired comparison: the effect of each arm, its pathway, and the gain from pairing."""

from __future__ import annotations

import math
from typing import Any, Protocol

import pandas as pd

from sim.analysis.effects import THROUGH_DATES, THROUGH_STRENGTH, TOTAL
from sim.analysis.sweep_grid import DATES, EMERGENT
from sim.findings.comparison import difference_sentence, parts_sentence, runs_saved_text, share_better_text
from sim.findings.numbers import (
    baseline_name,
    capitalised,
    estimated,
    figure,
    interval,
    minus,
    readable_name,
    uncertainty_sentence,
    unit_of,
    unit_suffix,
)
from sim.labels import words_of
from sim.reports.blocks import Block, Chapter, Claim, Claims, Drawing, Folded, Prose, Rows
from sim.reports.chapters.failures import failed_runs, warnings
from sim.reports.chapters.study import Study

COLUMNS = ["arm", "dates", "difference", "95% interval", "correlation", "runs saved", "better in", "by month", "pairs"]
"""Columns of the table of arms."""

EXPLANATION = (
    "Difference: arm minus baseline, mean over pairs. Dates free: those of each scenario. Held: the ministry of the arm acts "
    "in the months of the baseline's run of the same seed. None: it acts in neither run. Runs saved: factor by which pairs "
    "need fewer runs than arms with independent draws, for an interval of the same width. Better in: share of pairs, with "
    "its interval, in which the arm is better. By month: share of the variance of the free difference explained by the "
    "months of adoption in the two runs."
)
"""Explanation of the table of arms."""

KINDS = ("outcome", "year", "group")
"""Groups in which differences are listed."""


class ComparisonStudy(Study, Protocol):
    """A comparison of arms with a baseline, as its chapter needs it."""

    @property
    def table(self) -> pd.DataFrame:
        """Rows of `sim.analysis.paired_differences.differences`, with the column `by`."""

    @property
    def effects(self) -> pd.DataFrame:
        """Rows of `sim.analysis.paired_differences.effect_parts`."""

    @property
    def drawing(self) -> bytes:
        """Its page as SVG."""

    @property
    def precision_sentence(self) -> str:
        """Sentence on the number of pairs that a requested precision needs; empty if none was requested."""


def chapter(study: ComparisonStudy, title: str) -> Chapter:
    """Return the chapter of a comparison.

    Args:
        study: the comparison
        title: of the chapter
    """
    label = words_of(first_outcome(study))
    blocks: list[Block] = [
        *warnings(study.record, int(main_rows(study)["n"].min())),
        Prose(
            "\n\n".join(
                filter(
                    None,
                    [
                        introduction(study),
                        study.record.get("size"),
                        study.precision_sentence,
                        f"### {capitalised(label)}",
                    ],
                )
            )
        ),
        Claims(claims(study)),
        _drawing(study),
        _table(study),
    ]
    effects = pathway_claims(study)
    if effects:
        blocks += [Prose("### Pathways\n\nAn effect comes *through the dates* if an arm changes when the ministry acts, and "
                         "*through strength* if it changes outcomes at given dates."),
                   Claims(effects), _parts(study)]  # fmt: skip
    return Chapter(study.key, title, [*blocks, *_other_outcomes(study), *failed_runs(study.record)])


def headline(study: ComparisonStudy) -> list[Block]:
    """Return the blocks with which the chapter of a comparison begins in a report: its arms with free dates."""
    base, rows = baseline_name(study.record), main_rows(study)
    free = {row_key(study, row) for _, row in rows[rows["dates"] == EMERGENT].iterrows()}
    subtitle = str(study.record["cases"][base]["about"]).rstrip(".")
    outcome_words = f"*{readable_name(base)}*: {subtitle}" if subtitle else f"*{readable_name(base)}*"
    return [
        Prose(f"The baseline is {outcome_words}. {int(rows['pairs'].max()):,} pairs of runs with the same seed. "
              f"{uncertainty_sentence(study.record)}"),
        Claims([claim for claim in claims(study) if claim.row in free]),
    ]  # fmt: skip


def introduction(study: ComparisonStudy) -> str:
    """Return the arms, the number of pairs, the uncertainty in intervals, and the number of failed runs, in words."""
    record, rows = study.record, main_rows(study)
    question, pairs, arms = record.get("asks") or "", int(rows["pairs"].max()), rows["arm"].nunique()
    seeds = f" (seeds {record['seeds']})" if "seeds" in record else ""
    return (f"{question}{'. ' if question else ''}{capitalised(readable_name(baseline_name(record)))} and {arms} "
            f"arm{'s' * (arms > 1)}: "
            f"{pairs:,} pairs of runs with the same seed{seeds}. "
            f"{uncertainty_sentence(record)}")  # fmt: skip


def first_outcome(study: ComparisonStudy) -> str:
    """Return the outcome that is described in full."""
    return str(study.table["outcome"].iloc[0])


def main_rows(study: ComparisonStudy) -> pd.DataFrame:
    """Return the rows of the outcome that is described in full."""
    return study.table[(study.table["by"] == KINDS[0]) & (study.table["outcome"] == first_outcome(study))]


def row_key(study: ComparisonStudy, row: Any) -> str:
    """Return the key of a difference in the tables of a report."""
    return f"{study.key}-{row['arm']}-{row['outcome']}-{row['dates']}".replace(" ", "-").replace("/", "-")


def claims(study: ComparisonStudy) -> list[Claim]:
    """Return claims on the first outcome of each arm, with the dates free and held."""
    label = words_of(first_outcome(study))
    return [
        Claim(readable_name(str(row["arm"])), difference_sentence(row, label), row_key(study, row))
        for _, row in main_rows(study).iterrows()
    ]


def pathway_claims(study: ComparisonStudy) -> list[Claim]:
    """Return claims on the pathway of each arm's effect; empty if no arm was run with the dates held."""
    rows = study.effects[study.effects["outcome"] == first_outcome(study)]
    if not (rows["part"] == THROUGH_STRENGTH).any():
        return []
    label, unit = words_of(first_outcome(study)), unit_of(str(main_rows(study)["unit"].iloc[0]))
    return [Claim(readable_name(str(arm)), parts_sentence(of, label, unit), f"{study.key}-parts-{arm}")
            for arm, of in rows.groupby("arm", sort=False)]  # fmt: skip


def _drawing(study: ComparisonStudy) -> Drawing:
    arms = ", ".join(readable_name(str(arm)) for arm in dict.fromkeys(main_rows(study)["arm"]))
    outcome = words_of(first_outcome(study)).lower()
    return Drawing(
        study.drawing,
        f"Each arm beside {readable_name(baseline_name(study.record))}: {outcome}, runs saved by pairing, share of pairs in "
        f"which an arm is "
        f"better, examinees by year, and gaps between groups.",
        f"Five panels, for {arms}. Panel A: the difference of each arm in {outcome} with its interval, in total, through the "
        "dates and through strength. Panel B: the factor by which pairing reduces the runs needed. Panel C: the share of "
        "pairs in which the arm is better. Panel D: the difference in examinees of each year. Panel E: the change of three "
        "gaps between "
        "groups. The figures are in the tables of this chapter.",
    )  # fmt: skip


def _table(study: ComparisonStudy) -> Rows:
    rows = main_rows(study)
    unit = unit_of(str(rows["unit"].iloc[0]))
    cells = [[readable_name(str(row["arm"])), DATES[row["dates"]], figure(row["difference"], unit),
              interval(row["low"], row["high"], unit), share_text(row["correlation"], ".2f"), runs_saved_text(row),
              share_better_text(row),
              share_text(row["by_month"], ".0%"), str(row["n"])] for _, row in rows.iterrows()]  # fmt: skip
    keys = [row_key(study, row) for _, row in rows.iterrows()]
    return Rows(
        f"{capitalised(words_of(first_outcome(study)))}, arm minus baseline{unit_suffix(unit)}",
        COLUMNS,
        cells,
        keys,
        EXPLANATION,
    )


def _parts(study: ComparisonStudy) -> Rows:
    label, rows = words_of(first_outcome(study)), study.effects[study.effects["outcome"] == first_outcome(study)]
    unit, cells, keys = unit_of(str(main_rows(study)["unit"].iloc[0])), [], []
    for arm, of in rows.groupby("arm", sort=False):
        values = {row["part"]: estimated(row, "effect", unit) for _, row in of.iterrows()}
        parts = [values.get(part, "-") for part in (TOTAL, THROUGH_DATES, THROUGH_STRENGTH)]
        cells.append([readable_name(str(arm)), *parts, str(int(of["n"].min()))])
        keys.append(f"{study.key}-parts-{arm}")
    header = ["arm", "in total", "through the dates", "through strength", "pairs"]
    caption = f"{capitalised(label)}: the parts of each effect{unit_suffix(unit)}, with 95% intervals"
    return Rows(caption, header, cells, keys)


def _other_outcomes(study: ComparisonStudy) -> list[Folded]:
    """Return every other outcome, folded: for each arm a table of outcomes, of years and of groups."""
    rest, base = (
        study.table[~study.table.index.isin(main_rows(study).index)],
        readable_name(baseline_name(study.record)),
    )
    folded = []
    for arm, rows in rest.groupby("arm", sort=False):
        name = readable_name(str(arm))
        tables = [_difference_table(f"{name} minus {base}, by {by}, with 95% intervals", rows[rows["by"] == by])
                  for by in KINDS if (rows["by"] == by).any()]  # fmt: skip
        folded.append(Folded(f"{readable_name(str(arm))}: every other outcome, year and group", tables, False))
    return folded


def _difference_table(caption: str, rows: pd.DataFrame) -> Rows:
    kinds = [dates for dates in DATES if (rows["dates"] == dates).any()]
    cells = [outcome_cells(str(name), of, kinds) for name, of in rows.groupby("outcome", sort=False)]
    return Rows(
        caption, ["outcome", "unit", *(f"dates {DATES[dates]}" for dates in kinds), "better, free", "pairs"], cells
    )


def outcome_cells(outcome: str, rows: pd.DataFrame, kinds: list[str]) -> list[str]:
    """Return an outcome of one arm as cells: name, unit, the difference for each kind of dates, share better, pairs."""
    unit, free = unit_of(str(rows["unit"].iloc[0])), rows[rows["dates"] == EMERGENT].iloc[0]
    values = {str(row["dates"]): estimated(row, "difference", unit) for _, row in rows.iterrows()}
    differences = [values.get(dates, "-") for dates in kinds]
    return [words_of(outcome), unit.words, *differences, share_better_text(free), f"{free['n']} of {free['pairs']}"]


def share_text(value: float, form: str) -> str:
    """Return a share in a format; - if there is none."""
    return "-" if math.isnan(value) else minus(format(value, form))
