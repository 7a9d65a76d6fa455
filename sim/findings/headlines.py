"""Headline outcomes of runs as text."""

from __future__ import annotations

import pandas as pd

from sim.findings.numbers import figure, interval, readable_name, unit_of


def run_summary_text(table: pd.DataFrame, title: str) -> str:
    """Return the headline outcomes of one run as text.

    Args:
        table: of `sim.analysis.headline_table.headline_values`
        title: scenario and seed
    """
    return "\n".join([title, *_aligned([_cells(row, row["value"], "") for _, row in table.iterrows()])])


def runs_summary_text(table: pd.DataFrame, scenario: str) -> str:
    """Return the headline outcomes of the runs of a scenario as text: median and middle 90% of runs.

    Args:
        table: its rows of `sim.analysis.headline_table.headline_table`
        scenario: its name
    """
    rows = [_cells(row, row["median"], _middle(row)) for _, row in table.iterrows()]
    runs = int(table["runs"].max()) if len(table) else 0
    return "\n".join([f"{readable_name(scenario)}: {runs:,} runs, median (middle 90% of runs)", *_aligned(rows)])


def _middle(row: pd.Series[float]) -> str:
    ends = interval(float(row["low_90"]), float(row["high_90"]), unit_of(str(row["unit"])), False)
    return f"({ends})" if row["runs"] > 1 else ""


def _cells(row: pd.Series[float], value: float, ends: str) -> tuple[str, str]:
    unit = unit_of(str(row["unit"]))
    return readable_name(str(row["outcome"])), f"{figure(float(value), unit, False)} {ends} {unit.words}".replace(
        "  ", " "
    )


def _aligned(rows: list[tuple[str, str]]) -> list[str]:
    width = max((len(name) for name, _ in rows), default=0)
    return [f"  {name:{width}}  {text}".rstrip() for name, text in rows]
