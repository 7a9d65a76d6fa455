"""The chapter of equity and cost: who gains, how far groups are apart, and what each examinee caused cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import pandas as pd

from sim.analysis.costs import ALL, MONEY
from sim.findings.comparison import difference_sentence
from sim.findings.equity import (
    COUNTED,
    GENDER,
    POINTS,
    TWO_COSTS,
    cost_sentence,
    cost_text,
    disagreements,
    figure_with_interval,
    gain_sentence,
    gap_sentence,
    label_of,
    parts_of_gain,
    percent_text,
)
from sim.findings.numbers import (
    baseline_name,
    estimated,
    few_pairs_note,
    figure,
    interval,
    readable_name,
    uncertainty_sentence,
    unit_of,
)
from sim.labels import words_of
from sim.reports.blocks import Block, Chapter, Claim, Claims, Drawing, Folded, Prose, Rows
from sim.reports.chapters.failures import failed_runs, failed_sentence
from sim.reports.chapters.study import Study

PANELS = (
    "Panel A: a row a group of students, the difference of each arm's share from the reference's. Panel B: curves of the "
    "cumulative share of examinees over the cumulative share of takers, from the weakest quintile. Panels C and D: three gaps "
    "of each arm in points and as ratios. Panel E: what became of each arm's money, and the cost of each examinee caused. The "
    "figures stand in the tables of this chapter."
)
"""What the page shows, for who does not see it."""

BOTH = "A gap may widen in points and narrow as a ratio: say which is meant."
"""What is said before every gap."""


class Weighed(Study, Protocol):
    """A study of equity, as its chapter needs it."""

    @property
    def gains(self) -> pd.DataFrame:
        """Rows of `sim.analysis.equity.gains`, of several arms."""

    @property
    def gaps(self) -> pd.DataFrame:
        """Rows of `sim.analysis.equity.gaps`, of several arms."""

    @property
    def costs(self) -> pd.DataFrame:
        """Rows of `sim.analysis.costs.costs`."""

    @property
    def wasted(self) -> pd.DataFrame:
        """Differences in money between the arms and the baseline: rows of `sim.analysis.paired_differences.differences`."""

    @property
    def drawing(self) -> bytes:
        """Its page as SVG."""


def chapter(study: Weighed, title: str) -> Chapter:
    """Return the chapter of a study of equity.

    Args:
        study: the study
        title: of the chapter
    """
    base, reference = baseline_name(study.record), reference_of(study)
    told = gap_claims(study, apart(study))
    mine = [claim for claim in told if claim.subject == readable_name(base)]
    others = [claim for claim in told if claim.subject != readable_name(base)]
    shows = f"Who gains beside {readable_name(reference)}, how concentrated five units are, gaps by both measures, and money."
    blocks: list[Block] = [
        Prose(introduction(study)), Drawing(study.drawing, shows, PANELS),
        Prose(f"### Who gains in {readable_name(base)}\n\n{GENDER}"), *_who_gains(study), *_others_gain(study),
        Prose(f"### How far groups are apart\n\n{BOTH}"), Claims(mine), _gaps(study, apart(study)),
        *(Prose(sentence) for sentence in disagreements(apart(study))),
        Folded("The same of every other arm, in words", [Claims(others)], False), *_beside_baseline(study),
        Prose(f"### At what cost\n\n{COUNTED}\n\n{TWO_COSTS}"), Claims(cost_claims(study)), _costs(study), _money(study),
        *_wasted(study), *failed_runs(study.record),
    ]  # fmt: skip
    return Chapter(study.key, title, blocks)


def headline(study: Weighed) -> list[Block]:
    """Return what the summary of a report has of a study of equity: the gaps of the baseline, and its cost."""
    base = baseline_name(study.record)
    gap_rows = row_key(study, "gaps", base)
    claims = [claim for claim in [*gap_claims(study, apart(study)), *cost_claims(study)]
              if claim.row.startswith(f"{gap_rows}-") or claim.row == row_key(study, "costs", base)]  # fmt: skip
    return [Prose(f"Gaps between groups and cost in {readable_name(base)}, beside {readable_name(reference_of(study))}. {BOTH} "
                  f"{uncertainty_sentence(study.record)}"), Claims(claims)]  # fmt: skip


def introduction(study: Weighed) -> str:
    """Return what was run, beside what, and what intervals cover."""
    record, reference = study.record, readable_name(reference_of(study))
    seeds = f" (seeds {record['seeds']})" if "seeds" in record else ""
    return (f"{record['pairs']} pairs of runs with the same luck{seeds}. {uncertainty_sentence(record)}"
            f"{failed_sentence(record)} Arms are set beside {reference}, which says what would have been anyway; shares are of "
            f"maths takers at five units in {record['year']}. Scenarios may differ in more than their names say: `sim.diff` "
            f"says in what.{few_pairs_note(int(record['pairs']))}")  # fmt: skip


def reference_of(study: Weighed) -> str:
    """Return the scenario that says what would have been anyway."""
    return str(study.record["reference"])


def apart(study: Weighed) -> pd.DataFrame:
    """Return the gaps of every arm, beside the reference."""
    reference = reference_of(study)
    return study.gaps[(study.gaps["against"] == reference) & (study.gaps["arm"] != reference)]


def row_key(study: Weighed, *parts: object) -> str:
    """Return the key of a row in the tables of a report."""
    return "-".join([study.key, *(str(part) for part in parts)]).replace(" ", "-").replace("/", "-")


def gap_key(study: Weighed, row: Any) -> str:
    """Return the key of a gap; one beside another scenario than the reference has that in it."""
    beside = [] if row["against"] == reference_of(study) else ["beside", row["against"]]
    return row_key(study, "gaps", row["arm"], *beside, row["gap"], row["measure"])


def gap_claims(study: Weighed, rows: pd.DataFrame) -> list[Claim]:
    """Return how the gaps of arms differ from those of the scenarios that they are set beside."""
    return [Claim(readable_name(row["arm"]), gap_sentence(row), gap_key(study, row)) for _, row in rows.iterrows()]


def cost_claims(study: Weighed) -> list[Claim]:
    """Return what each arm cost for each examinee that it caused."""
    return [
        Claim(readable_name(row["arm"]), cost_sentence(row), row_key(study, "costs", row["arm"]))
        for row in _paid(study)
    ]


def _paid(study: Weighed) -> list[Any]:
    """Return the money of every arm from all sources together, the reference left out."""
    every = study.costs[(study.costs["source"] == ALL) & (study.costs["arm"] != reference_of(study))]
    return [row for _, row in every.iterrows()]


def _who_gains(study: Weighed) -> list[Block]:
    """Return the groups of the baseline beside the reference: sentences, table, and who has more of the gain."""
    rows = _groups(study, baseline_name(study.record), reference_of(study))
    claims = [Claim(label_of(row["group"]), gain_sentence(row), row_key(study, "gains", row["group"]))
              for _, row in rows[rows["share"].notna()].iterrows()]  # fmt: skip
    keys = [row_key(study, "gains", group) for group in rows["group"]]
    return [Claims(claims), _groups_table(rows, keys), Prose(parts_of_gain(rows))]


def _others_gain(study: Weighed) -> Iterator[Folded]:
    """Return the groups of every other arm beside the reference, then beside the baseline, folded."""
    main = baseline_name(study.record), reference_of(study)
    for arm, against in dict.fromkeys(zip(study.gains["arm"], study.gains["against"], strict=True)):
        if (arm, against) != main:
            rows = _groups(study, arm, against)
            yield Folded(f"Who gains in {readable_name(arm)} beside {readable_name(against)}",
                         [_groups_table(rows), Prose(parts_of_gain(rows))], False)  # fmt: skip


def _groups(study: Weighed, arm: str, against: str) -> pd.DataFrame:
    return study.gains[(study.gains["arm"] == arm) & (study.gains["against"] == against)]


def _groups_table(rows: pd.DataFrame, keys: Sequence[str] = ()) -> Rows:
    arm, against = (readable_name(str(rows[name].iloc[0])) for name in ("arm", "against"))
    header = ["group", "share", f"share in {against}", "difference, 95% interval", "additional examinees", "part of these",
              "part of takers"]  # fmt: skip
    cells = [[label_of(row["group"]), percent_text(row, "share"), percent_text(row, "share_against"),
              figure_with_interval(row, "points", POINTS), figure_with_interval(row, "additional"),
              percent_text(row, "part_of_gain"), percent_text(row, "part_of_takers")]
             for _, row in rows.iterrows()]  # fmt: skip
    return Rows(
        f"Groups of students in {arm} beside {against}, the differences in percentage points", header, cells, keys
    )


def _gaps(study: Weighed, rows: pd.DataFrame) -> Rows:
    cells = [[readable_name(row["arm"]), row["gap"], row["measure"], figure_with_interval(row, "level", signed=False),
              f"{figure(row['difference'])} [{interval(row['low'], row['high'])}]"] for _, row in rows.iterrows()]  # fmt: skip
    header = [
        "arm",
        "gap",
        "measure",
        "gap in the arm",
        f"less that in {readable_name(str(rows['against'].iloc[0]))}, 95% interval",
    ]
    keys = [gap_key(study, row) for _, row in rows.iterrows()]
    return Rows(
        "Gaps between groups, in percentage points and as ratios; concentration as an index", header, cells, keys
    )


def _beside_baseline(study: Weighed) -> list[Folded]:
    """Return the gaps of the arms beside the baseline, folded; nothing where there are none."""
    base = baseline_name(study.record)
    rows = study.gaps[(study.gaps["against"] == base) & (study.gaps["arm"] != base)]
    if rows.empty or base == reference_of(study):
        return []
    blocks: list[Block] = [Claims(gap_claims(study, rows)), _gaps(study, rows)]
    return [
        Folded(f"Gaps of the arms beside {readable_name(base)}", [*blocks, *map(Prose, disagreements(rows))], False)
    ]


def _costs(study: Weighed) -> Rows:
    cells = [[readable_name(row["arm"]), figure_with_interval(row, "caused"), figure_with_interval(row, "extra"),
              cost_text(row, "extra_per_caused"), cost_text(row, "per_caused")] for row in _paid(study)]  # fmt: skip
    header = ["arm", "examinees caused", "money beyond the reference [NIS million]",
              "of that for each [NIS thousand]", "of all its money for each [NIS thousand]"]  # fmt: skip
    return Rows("Cost for each examinee caused, with 95% intervals; NIS of 2015", header, cells,
                [row_key(study, "costs", row["arm"]) for row in _paid(study)])  # fmt: skip


def _money(study: Weighed) -> Folded:
    rows = study.costs[study.costs["offered"] > 0]
    cells = [[readable_name(row["arm"]), row["source"], *(figure(row[name], signed=False) for name in MONEY),
              part(row["unspent"], row["offered"]), part(row["duplicated"], row["delivered"])]
             for _, row in rows.iterrows()]  # fmt: skip
    header = ["arm", "source", *MONEY, "unspent of offered", "duplicated of delivered"]
    return Folded(
        "What became of the money, by its source", [Rows("Mean over runs [NIS million of 2015]", header, cells)]
    )


def part(amount: float, whole: float) -> str:
    """Return a part of a whole in percent.

    >>> part(1.0, 8.0), part(0.0, 0.0)
    ('12.5%', '-')
    """
    return f"{amount / whole:.1%}" if whole else "-"


def _wasted(study: Weighed) -> list[Folded]:
    """Return how the money of the arms differs from the baseline's, folded; nothing where the baseline is alone."""
    rows = study.wasted
    if rows.empty:
        return []
    keys = [row_key(study, "money", row["arm"], row["outcome"]) for _, row in rows.iterrows()]
    claims = [Claim(readable_name(str(row["arm"])), difference_sentence(row, words_of(str(row["outcome"]))), key)
              for (_, row), key in zip(rows.iterrows(), keys, strict=True)]  # fmt: skip
    cells = [[readable_name(str(row["arm"])), words_of(str(row["outcome"])),
              estimated(row, "difference", unit_of(str(row["unit"])))]
             for _, row in rows.iterrows()]  # fmt: skip
    base = readable_name(baseline_name(study.record))
    table = Rows(f"Arm less {base} [NIS million of 2015]", ["arm", "outcome", "difference, 95% interval"], cells, keys)
    return [Folded(f"Money of the arms beside {base}", [Claims(claims), table], False)]
