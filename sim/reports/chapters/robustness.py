"""The chapter of robustness: which findings hold where another mechanism is at work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.analysis.robustness import FINDING, HOLDS
from sim.analysis.sweep_grid import DATES
from sim.findings.numbers import carried, estimated, plain, surviving, unit_of
from sim.reports.blocks import Chapter, Claim, Claims, Drawing, Prose, Rows
from sim.reports.chapters.comparison import Labels

MEANS = (
    "A finding *holds* where the whole interval lies on the same side of zero as in the model, is *open* where zero lies "
    "within, and *reversed* where the whole interval lies on the other side."
)
"""What the verdicts are."""


@dataclass(frozen=True)
class Robustness:
    """A test of robustness as its folder holds it.

    Args:
        key: unique in the report
        said: what the folder says it was made with
        findings: of `sim.analysis.robustness.survivors`
        verdicts: of `sim.analysis.robustness.surviving`
        svg: its page
    """

    key: str
    said: Mapping[str, Any]
    findings: pd.DataFrame
    verdicts: pd.DataFrame
    svg: bytes

    def row(self, row: Any) -> str:
        """The key of a finding in the tables of the report."""
        return f"{self.key}-{row['arm']}-{row['outcome']}-{row['dates']}"

    def claims(self, label: Labels) -> list[Claim]:
        """Under how many mechanisms each finding holds."""
        return [Claim(plain(str(row["arm"])), surviving(row, label(row["outcome"])), self.row(row))
                for _, row in self.findings.iterrows()]  # fmt: skip

    def summary(self) -> str:
        """How many findings hold everywhere."""
        every = int((self.findings[HOLDS] == self.findings["of"]).sum())
        found, rivals = len(self.findings), len(self.said["mechanisms"])
        return (f"{every} of {found} findings hold under every one of {rivals} other mechanisms, each at the parameter sets of "
                "the model itself (not fitted anew).")  # fmt: skip

    def chapter(self, title: str, label: Labels) -> Chapter:
        """The chapter."""
        words = f"{self.summary()} {self.said['pairs']} pairs of runs under each. {carried(self.said)} {MEANS}"
        drawing = Drawing(
            self.svg, "Each finding under every mechanism, with 95% intervals.",
            "A panel a finding: the difference between arm and baseline, with its interval, in the model and under each other "
            "mechanism, marked as holding, open or reversed. The verdicts stand in the table.",
        )  # fmt: skip
        return Chapter(
            self.key, title, [Prose(words), Claims(self.claims(label)), drawing, self._table(label), self._held()]
        )

    def _table(self, label: Labels) -> Rows:
        rivals = list(self.said["mechanisms"])
        verdict = self.verdicts.set_index([*FINDING, "mechanism"])["verdict"]
        cells, keys = [], []
        for _, row in self.findings.iterrows():
            unit = unit_of(self._unit(row))
            under = [str(verdict.get((*(row[key] for key in FINDING), rival), "-")) for rival in rivals]
            cells.append(
                [
                    plain(str(row["arm"])),
                    label(row["outcome"]),
                    DATES[row["dates"]],
                    estimated(row, "difference", unit),
                    unit.words,
                    *under,
                ]
            )
            keys.append(self.row(row))
        header = ["arm", "outcome", "dates", "in the model, 95% interval", "unit", *(plain(rival) for rival in rivals)]
        return Rows("Which findings survive which mechanism", header, cells, keys)

    def _unit(self, row: Any) -> str:
        found = self.verdicts.loc[self.verdicts["outcome"] == row["outcome"], "unit"]
        return str(found.iloc[0]) if isinstance(found.iloc[0], str) else ""

    def _held(self) -> Rows:
        cells = [[plain(str(name)), ", ".join(f"{key} = {value}" for key, value in held.items())]
                 for name, held in self.said["mechanisms"].items()]  # fmt: skip
        return Rows("What each mechanism holds fixed", ["mechanism", "parameters"], cells)
