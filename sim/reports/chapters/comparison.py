"""The chapter of a paired comparison: what each arm changes, by which way, and how much the pairing helped."""

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
from sim.reports.chapters.failures import failed_runs, failed_sentence
from sim.reports.chapters.study import Study

COLUMNS = ["arm", "dates", "difference", "95% interval", "correlation", "runs saved", "better in", "by month", "pairs"]
"""Columns of the table of arms."""

READ = (
    "Difference: arm less baseline, mean over pairs. Dates free: as each scenario has them; held: the ministry of the arm acts "
    "in the months of the baseline's run of the same seed; none: it acts in neither, which is how an arm in which it never "
    "does is told apart from the mere lack of its acts. Runs saved: times fewer runs than arms with draws of their own would "
    "need for an interval as narrow. Better in: share of pairs, with its interval, in which the arm is better. By month: share "
    "of the variance of the free difference that the months of adoption in the two runs explain."
)
"""How the table of arms is read."""

KINDS = ("outcome", "year", "group")
"""By what differences are listed."""


class Compared(Study, Protocol):
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
        """How many pairs an asked precision took or would take; empty where none was asked."""


def chapter(study: Compared, title: str) -> Chapter:
    """Return the chapter of a comparison.

    Args:
        study: the comparison
        title: of the chapter
    """
    label = words_of(first_outcome(study))
    blocks: list[Block] = [
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
    effects = ways(study)
    if effects:
        blocks += [Prose("### By which way\n\nAn effect comes *through the dates* where an arm changes when the ministry "
                         "moves, and *through strength* where it changes what happens at given dates."),
                   Claims(effects), _parts(study)]  # fmt: skip
    return Chapter(study.key, title, [*blocks, *_others(study), *failed_runs(study.record)])


def headline(study: Compared) -> list[Block]:
    """Return what the summary of a report has of a comparison: its arms with the dates free, and by which way they act."""
    base, rows = baseline_name(study.record), main(study)
    free = {row_key(study, row) for _, row in rows[rows["dates"] == EMERGENT].iterrows()}
    about = str(study.record["cases"][base]["about"]).rstrip(".")
    what = f"*{readable_name(base)}*: {about}" if about else f"*{readable_name(base)}*"
    blocks: list[Block] = [
        Prose(f"The baseline is {what}. {int(rows['pairs'].max()):,} pairs of runs with the same luck. "
              f"{uncertainty_sentence(study.record)}"),
        Claims([claim for claim in claims(study) if claim.row in free]),
    ]  # fmt: skip
    effects = ways(study)
    if effects:
        blocks += [Prose("By which way each effect comes, through the ministry's dates or through strength at given dates:"),
                   Claims(effects)]  # fmt: skip
    return blocks


def introduction(study: Compared) -> str:
    """Return what was compared, in how many pairs, what intervals cover, and how many runs failed."""
    record, rows = study.record, main(study)
    asks, pairs, arms = record.get("asks") or "", int(rows["pairs"].max()), rows["arm"].nunique()
    seeds = f" (seeds {record['seeds']})" if "seeds" in record else ""
    baseline = capitalised(readable_name(baseline_name(record)))
    return (f"{asks}{'. ' if asks else ''}{baseline} and {arms} arm{'s' * (arms > 1)}: {pairs:,} pairs of "
            f"runs with the same luck{seeds}. {uncertainty_sentence(record)}{failed_sentence(record)}")  # fmt: skip


def first_outcome(study: Compared) -> str:
    """Return the outcome that is described at length."""
    return str(study.table["outcome"].iloc[0])


def main(study: Compared) -> pd.DataFrame:
    """Return the rows of the outcome that is described at length."""
    return study.table[(study.table["by"] == KINDS[0]) & (study.table["outcome"] == first_outcome(study))]


def row_key(study: Compared, row: Any) -> str:
    """Return the key of a difference in the tables of a report."""
    return f"{study.key}-{row['arm']}-{row['outcome']}-{row['dates']}".replace(" ", "-").replace("/", "-")


def claims(study: Compared) -> list[Claim]:
    """Return what the first outcome says of each arm, with the dates free and held."""
    label = words_of(first_outcome(study))
    return [
        Claim(readable_name(str(row["arm"])), difference_sentence(row, label), row_key(study, row))
        for _, row in main(study).iterrows()
    ]


def ways(study: Compared) -> list[Claim]:
    """Return by which way each arm's effect comes; nothing where no arm was run with the dates held."""
    rows = study.effects[study.effects["outcome"] == first_outcome(study)]
    if not (rows["part"] == THROUGH_STRENGTH).any():
        return []
    label, unit = words_of(first_outcome(study)), unit_of(str(main(study)["unit"].iloc[0]))
    return [Claim(readable_name(str(arm)), parts_sentence(of, label, unit), f"{study.key}-parts-{arm}")
            for arm, of in rows.groupby("arm", sort=False)]  # fmt: skip


def _drawing(study: Compared) -> Drawing:
    arms = ", ".join(readable_name(str(arm)) for arm in dict.fromkeys(main(study)["arm"]))
    what = words_of(first_outcome(study)).lower()
    return Drawing(
        study.drawing,
        f"Each arm beside {readable_name(baseline_name(study.record))}: {what}, runs saved by pairing, how often an arm is "
        "better, examinees year by year, and gaps between groups.",
        f"Five panels, for {arms}. Panel A: the difference of each arm in {what} with its interval, in total, through the "
        "dates and through strength. Panel B: how many times fewer runs the pairing needs. Panel C: in what share of pairs "
        "the arm is better. Panel D: the difference in examinees of each year. Panel E: the change of three gaps between "
        "groups. The figures stand in the tables of this chapter.",
    )  # fmt: skip


def _table(study: Compared) -> Rows:
    rows = main(study)
    unit = unit_of(str(rows["unit"].iloc[0]))
    cells = [[readable_name(str(row["arm"])), DATES[row["dates"]], figure(row["difference"], unit),
              interval(row["low"], row["high"], unit), share(row["correlation"], ".2f"), runs_saved_text(row),
              share_better_text(row), share(row["by_month"], ".0%"), str(row["n"])] for _, row in rows.iterrows()]  # fmt: skip
    keys = [row_key(study, row) for _, row in rows.iterrows()]
    return Rows(
        f"{capitalised(words_of(first_outcome(study)))}, arm less baseline{unit_suffix(unit)}",
        COLUMNS,
        cells,
        keys,
        READ,
    )


def _parts(study: Compared) -> Rows:
    label, rows = words_of(first_outcome(study)), study.effects[study.effects["outcome"] == first_outcome(study)]
    unit, cells, keys = unit_of(str(main(study)["unit"].iloc[0])), [], []
    for arm, of in rows.groupby("arm", sort=False):
        values = {row["part"]: estimated(row, "effect", unit) for _, row in of.iterrows()}
        shown = [values.get(part, "-") for part in (TOTAL, THROUGH_DATES, THROUGH_STRENGTH)]
        cells.append([readable_name(str(arm)), *shown, str(int(of["n"].min()))])
        keys.append(f"{study.key}-parts-{arm}")
    header = ["arm", "in total", "through the dates", "through strength", "pairs"]
    caption = f"{capitalised(label)}: the parts of each effect{unit_suffix(unit)}, with 95% intervals"
    return Rows(caption, header, cells, keys)


def _others(study: Compared) -> list[Folded]:
    """Return every other outcome, folded: for each arm a table of outcomes, one of years and one of groups."""
    rest, base = study.table[~study.table.index.isin(main(study).index)], readable_name(baseline_name(study.record))
    folded = []
    for arm, rows in rest.groupby("arm", sort=False):
        tables = [_listed(f"{readable_name(str(arm))} less {base}, by {by}, with 95% intervals", rows[rows["by"] == by])
                  for by in KINDS if (rows["by"] == by).any()]  # fmt: skip
        folded.append(Folded(f"{readable_name(str(arm))}: every other outcome, year and group", tables, False))
    return folded


def _listed(caption: str, rows: pd.DataFrame) -> Rows:
    kinds = [dates for dates in DATES if (rows["dates"] == dates).any()]
    cells = [other(str(name), of, kinds) for name, of in rows.groupby("outcome", sort=False)]
    return Rows(
        caption, ["outcome", "unit", *(f"dates {DATES[dates]}" for dates in kinds), "better, free", "pairs"], cells
    )


def other(outcome: str, rows: pd.DataFrame, kinds: list[str]) -> list[str]:
    """Return an outcome of one arm as cells: name, unit, the difference of each kind of dates, how surely better, pairs."""
    unit, free = unit_of(str(rows["unit"].iloc[0])), rows[rows["dates"] == EMERGENT].iloc[0]
    values = {str(row["dates"]): estimated(row, "difference", unit) for _, row in rows.iterrows()}
    shown = [values.get(dates, "-") for dates in kinds]
    return [words_of(outcome), unit.words, *shown, share_better_text(free), f"{free['n']} of {free['pairs']}"]


def share(value: float, form: str) -> str:
    """Return a share in some form, - where there is none."""
    return "-" if math.isnan(value) else minus(format(value, form))
