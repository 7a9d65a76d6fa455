"""The chapter of scenarios side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.analysis.clusters import sharing_note
from sim.analysis.doubling import doubling_from
from sim.errors import counted
from sim.findings.scenarios import (
    LEGEND,
    LEGEND_OF_HYPOTHESES,
    failing_in_text,
    hypotheses_in_text,
    measures_text,
    scenarios_in_text,
)
from sim.reports.blocks import Block, Drawing, Prose
from sim.reports.tables import rows_from


def scenario_blocks(record: Mapping[str, Any], frame: pd.DataFrame, failing: pd.DataFrame | None) -> list[Block]:
    """Return the chapter without its drawing.

    Args:
        record: of the table: national by scenario, doubling, seeds, seeds_failing
        frame: a row for each run
        failing: of `sim.studies.hypotheses.failing_runs`, if requested
    """
    scenarios = scenarios_in_text(frame, record["national"], doubling_from(record["doubling"]))
    claims, shared = hypotheses_in_text(frame), sharing_note(frame)
    blocks: list[Block] = [rows_from(f"{counted(int(record['seeds']), 'seed')} a scenario", scenarios, LEGEND)]
    if len(claims):
        blocks += [rows_from("Hypotheses at these parameters", claims, LEGEND_OF_HYPOTHESES)]
        blocks += [
            Prose("Estimated quantities:"),
            Prose("\n".join(f"- {hypothesis}" for hypothesis in measures_text(claims["hypothesis"]))),
        ]
    blocks += [Prose(shared)] * bool(shared)
    if failing is not None:
        caption = (
            "A parameter set of the declared ranges in which each hypothesis fails, or is left open, "
            f"{counted(int(record['seeds_failing']), 'seed')}"
        )
        blocks += [rows_from(caption, failing_in_text(failing))]
    return blocks


def scenario_drawing(svg: bytes) -> Drawing:
    """Return the page of scenarios as a drawing.

    Args:
        svg: the page
    """
    return Drawing(
        svg,
        "Examinees of 2020 and the gap between strongest and weakest quintile, scenario by scenario.",
        "A row for each scenario: the median of runs and their middle 90%, in two panels, examinees of 2020 [students] and "
        "the gap "
        "between the strongest and the weakest quintile of schools in 2020 [share of maths takers].",
    )
