"""The chapter of equity and cost: who gains, gaps between groups, and the cost of each examinee caused."""

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
    figure,
    interval,
    readable_name,
    uncertainty_sentence,
    unit_of,
)
from sim.labels import words_of
from sim.reports.blocks import Block, Chapter, Claim, Claims, Drawing, Folded, Prose, Rows
from sim.reports.chapters.failures import failed_runs, warnings
from sim.reports.chapters.study import Study

PANELS = (
    "Panel A: a row for each group of students, the difference of each arm's share from the reference's. Panel B: curves of "
    "the "
    "cumulative share of examinees over the cumulative share of takers, from the weakest quintile. Panels C and D: three gaps "
    "of each arm in points and as ratios. Panel E: the fates of each arm's money, and the cost of each examinee caused. The "
    "figures are in the tables of this chapter."
)
"""Description of the page for readers who cannot see it."""

TWO_MEASURES = "A gap may widen in points and narrow as a ratio; always name the measure."
"""Note on the two measures of gaps."""


class EquityStudy(Study, Protocol):
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


def chapter(study: EquityStudy, title: str) -> Chapter:
    """Return the chapter of a study of equity.

    Args:
        study: the study
        title: of the chapter
    """
    base, reference = baseline_name(study.record), reference_name(study)
    claims = gap_claims(study, reference_gaps(study))
    baseline_claims = [claim for claim in claims if claim.subject == readable_name(base)]
    arm_claims = [claim for claim in claims if claim.subject != readable_name(base)]
    caption = (
        f"Who gains beside {readable_name(reference)}, concentration of five units, gaps by both measures, and money."
    )
    blocks: list[Block] = [
        *warnings(study.record, int(study.record["pairs"])), Prose(introduction(study)),
        Drawing(study.drawing, caption, PANELS),
        Prose(f"### Who gains in {readable_name(base)}\n\n{GENDER}"), *_who_gains(study), *_other_arms(study),
        Prose(f"### Gaps between groups\n\n{TWO_MEASURES}"), Claims(baseline_claims), _gaps(study, reference_gaps(study)),
        *(Prose(sentence) for sentence in disagreements(reference_gaps(study))),
        Folded("The gaps of every other arm, in words", [Claims(arm_claims)], False), *_beside_baseline(study),
        Prose(f"### Cost\n\n{COUNTED}\n\n{TWO_COSTS}"), Claims(cost_claims(study)), _costs(study), _money(study),
        *_wasted(study), *failed_runs(study.record),
    ]  # fmt: skip
    return Chapter(study.key, title, blocks)


def headline(study: EquityStudy) -> list[Block]:
    """Return the first blocks of the chapter in a report: the gaps of the baseline, and its cost."""
    base = baseline_name(study.record)
    gap_rows = row_key(study, "gaps", base)
    claims = [claim for claim in [*gap_claims(study, reference_gaps(study)), *cost_claims(study)]
              if claim.row.startswith(f"{gap_rows}-") or claim.row == row_key(study, "costs", base)]  # fmt: skip
    return [Prose(f"Gaps between groups and cost in {readable_name(base)}, beside {readable_name(reference_name(study))}. "
                  f"{TWO_MEASURES} "
                  f"{uncertainty_sentence(study.record)}"), Claims(claims)]  # fmt: skip


def introduction(study: EquityStudy) -> str:
    """Return the arms, their reference and the uncertainty in intervals, in words."""
    record, reference = study.record, readable_name(reference_name(study))
    seeds = f" (seeds {record['seeds']})" if "seeds" in record else ""
    return (f"{record['pairs']} pairs of runs with the same seed{seeds}. "
            f"{uncertainty_sentence(record)} Arms are "
            f"compared with {reference}, the counterfactual; shares are of maths takers at five units in "
            f"{record['year']}. Scenarios may differ in more than their names say; `sim.diff` lists the "
            f"differences.")  # fmt: skip


def reference_name(study: EquityStudy) -> str:
    """Return the scenario that is the counterfactual."""
    return str(study.record["reference"])


def reference_gaps(study: EquityStudy) -> pd.DataFrame:
    """Return the gaps of every arm, against the reference."""
    reference = reference_name(study)
    return study.gaps[(study.gaps["against"] == reference) & (study.gaps["arm"] != reference)]


def row_key(study: EquityStudy, *parts: object) -> str:
    """Return the key of a row in the tables of a report."""
    return "-".join([study.key, *(str(part) for part in parts)]).replace(" ", "-").replace("/", "-")


def gap_key(study: EquityStudy, row: Any) -> str:
    """Return the key of a gap; it names the other scenario if that is not the reference."""
    against = [] if row["against"] == reference_name(study) else ["beside", row["against"]]
    return row_key(study, "gaps", row["arm"], *against, row["gap"], row["measure"])


def gap_claims(study: EquityStudy, rows: pd.DataFrame) -> list[Claim]:
    """Return claims on the gaps of arms against those of other scenarios."""
    return [Claim(readable_name(row["arm"]), gap_sentence(row), gap_key(study, row)) for _, row in rows.iterrows()]


def cost_claims(study: EquityStudy) -> list[Claim]:
    """Return a claim on the cost of each examinee caused, for each arm."""
    return [
        Claim(readable_name(row["arm"]), cost_sentence(row), row_key(study, "costs", row["arm"]))
        for row in _arm_costs(study)
    ]


def _arm_costs(study: EquityStudy) -> list[Any]:
    """Return the money of every arm except the reference, all sources together."""
    totals = study.costs[(study.costs["source"] == ALL) & (study.costs["arm"] != reference_name(study))]
    return [row for _, row in totals.iterrows()]


def _who_gains(study: EquityStudy) -> list[Block]:
    """Return the groups of the baseline against the reference: sentences, table, and shares of the gain."""
    rows = _groups(study, baseline_name(study.record), reference_name(study))
    claims = [Claim(label_of(row["group"]), gain_sentence(row), row_key(study, "gains", row["group"]))
              for _, row in rows[rows["share"].notna()].iterrows()]  # fmt: skip
    keys = [row_key(study, "gains", group) for group in rows["group"]]
    return [Claims(claims), _groups_table(rows, keys), Prose(parts_of_gain(rows))]


def _other_arms(study: EquityStudy) -> Iterator[Folded]:
    """Yield the groups of every other arm against the reference, then against the baseline, folded."""
    main = baseline_name(study.record), reference_name(study)
    for arm, against in dict.fromkeys(zip(study.gains["arm"], study.gains["against"], strict=True)):
        if (arm, against) != main:
            rows = _groups(study, arm, against)
            yield Folded(f"Who gains in {readable_name(arm)} beside {readable_name(against)}",
                         [_groups_table(rows), Prose(parts_of_gain(rows))], False)  # fmt: skip


def _groups(study: EquityStudy, arm: str, against: str) -> pd.DataFrame:
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


def _gaps(study: EquityStudy, rows: pd.DataFrame) -> Rows:
    cells = [[readable_name(row["arm"]), row["gap"], row["measure"], figure_with_interval(row, "level", signed=False),
              f"{figure(row['difference'])} [{interval(row['low'], row['high'])}]"] for _, row in rows.iterrows()]  # fmt: skip
    header = [
        "arm",
        "gap",
        "measure",
        "gap in the arm",
        f"minus that in {readable_name(str(rows['against'].iloc[0]))}, 95% interval",
    ]
    keys = [gap_key(study, row) for _, row in rows.iterrows()]
    return Rows(
        "Gaps between groups, in percentage points and as ratios; concentration as an index", header, cells, keys
    )


def _beside_baseline(study: EquityStudy) -> list[Folded]:
    """Return the gaps of the arms against the baseline, folded; empty if there are none."""
    base = baseline_name(study.record)
    rows = study.gaps[(study.gaps["against"] == base) & (study.gaps["arm"] != base)]
    if rows.empty or base == reference_name(study):
        return []
    blocks: list[Block] = [Claims(gap_claims(study, rows)), _gaps(study, rows)]
    return [
        Folded(f"Gaps of the arms beside {readable_name(base)}", [*blocks, *map(Prose, disagreements(rows))], False)
    ]


def _costs(study: EquityStudy) -> Rows:
    cells = [[readable_name(row["arm"]), figure_with_interval(row, "caused"), figure_with_interval(row, "extra"),
              cost_text(row, "extra_per_caused"),
              cost_text(row, "per_caused")] for row in _arm_costs(study)]  # fmt: skip
    header = ["arm", "examinees caused", "money beyond the reference [NIS million]",
              "of that for each [NIS thousand]", "of all its money for each [NIS thousand]"]  # fmt: skip
    return Rows("Cost for each examinee caused, with 95% intervals; NIS of 2015", header, cells,
                [row_key(study, "costs", row["arm"]) for row in _arm_costs(study)])  # fmt: skip


def _money(study: EquityStudy) -> Folded:
    rows = study.costs[study.costs["offered"] > 0]
    cells = [[readable_name(row["arm"]), row["source"], *(figure(row[name], signed=False) for name in MONEY),
              part_text(row["unspent"], row["offered"]), part_text(row["duplicated"], row["delivered"])]
             for _, row in rows.iterrows()]  # fmt: skip
    header = ["arm", "source", *MONEY, "unspent of offered", "duplicated of delivered"]
    return Folded("Fates of the money, by source", [Rows("Mean over runs [NIS million of 2015]", header, cells)])


def part_text(amount: float, total: float) -> str:
    """Return a part of a total in percent.

    >>> part_text(1.0, 8.0), part_text(0.0, 0.0)
    ('12.5%', '-')
    """
    return f"{amount / total:.1%}" if total else "-"


def _wasted(study: EquityStudy) -> list[Folded]:
    """Return the difference in money between the arms and the baseline, folded; empty if there are no arms."""
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
    table = Rows(f"Arm minus {base} [NIS million of 2015]", ["arm", "outcome", "difference, 95% interval"], cells, keys)
    return [Folded(f"Money of the arms beside {base}", [Claims(claims), table], False)]
