"""The chapter of a comparison with a school file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.findings.school_panel import BY_SCHOOL, figures_in_text, headline, schools_in_text, sentences
from sim.reports.blocks import Block, Drawing, Prose
from sim.reports.tables import rows_from

FIGURES = "Published figures, and the median, middle 50% and middle 90% of runs"
"""Caption of the table of figures."""


def panel_blocks(record: Mapping[str, Any], compared: pd.DataFrame, agreed: pd.DataFrame) -> list[Block]:
    """Return the chapter without its drawing.

    Args:
        record: of the comparison
        compared: of `sim.analysis.school_panels.panel_beside_runs`
        agreed: of `sim.analysis.school_panels.agreement`, with `unchanged`
    """
    return [
        Prose(f"{headline(record)}."),
        rows_from(FIGURES, figures_in_text(compared)),
        rows_from(BY_SCHOOL, schools_in_text(agreed)),
        Prose("\n\n".join([*sentences(compared, agreed), *record["notes"]])),
    ]


def panel_drawing(svg: bytes) -> Drawing:
    """Return the page of a comparison as a drawing.

    Args:
        svg: the page
    """
    return Drawing(
        svg,
        "Published figures among the runs that began from the same schools, year by year.",
        "A panel for each figure: the published value of each year, and the median, middle 50% and middle 90% of runs. Other "
        "panels have the correlation of shares school by school, and in how many schools the track is right. The numbers "
        "are in the tables of this chapter.",
    )
