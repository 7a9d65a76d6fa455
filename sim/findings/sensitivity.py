"""Findings of a sensitivity analysis as sentences: what matters, how many seeds are enough, where enrolment doubles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.scenario_discovery import Box
from sim.analysis.sensitivity import precision_text
from sim.commands import command

INDEX = {"sobol": "ST", "morris": "mu_star", "lhs": "median"}
"""The index by which factors are ordered, by kind of design."""

SETTLING = ("sobol", "morris")
"""Designs whose indices are estimated for ever longer beginnings of the design."""

GREATEST = 3
"""Factors that a sentence names."""


def sensitivity_lines(indices: pd.DataFrame, seeds: pd.DataFrame, record: Mapping[str, Any]) -> list[str]:
    """Return every finding of a sensitivity analysis, a line each.

    Args:
        indices: one row per factor, outcome, policy and size of the design
        seeds: as `sim.analysis.replications.replications` returns them; empty where nothing can be said
        record: of the analysis, as `sim.studies.sensitivity` makes it
    """
    lines = [f"{subject}: {sentence}" for subject, sentence, _ in index_findings(indices, record)]
    notes = [missing_text(record["missing"]), *lines, seeds_text(seeds, record), no_indices_text(record)]
    return [*filter(None, notes), *box_lines(record)]


def index_findings(indices: pd.DataFrame, record: Mapping[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """Yield what matters for each outcome under each policy: subject, sentence, and whether it has indices."""
    for policy, outcome, problem in record["outcomes"]:
        if problem:
            yield policy, problem, False
        else:
            frame = indices[(indices["policy"] == policy) & (indices["outcome"] == outcome)]
            yield f"{policy}, {outcome}", greatest_text(frame, record["design"]["kind"]), True


def greatest_of(frame: pd.DataFrame, index: str) -> pd.DataFrame:
    """Return the greatest factors of an outcome at the full size of the design."""
    return frame[frame["n"] == frame["n"].max()].nlargest(GREATEST, index)


def greatest_text(frame: pd.DataFrame, kind: str) -> str:
    """Return the greatest factors of an outcome, and how far they are known.

    Args:
        frame: indices of one outcome under one policy
        kind: of the design
    """
    index = INDEX[kind]
    greatest = ", ".join(f"{row['factor']} {row[index]:.2g}" for _, row in greatest_of(frame, index).iterrows())
    return f"{index} {greatest}" + (f"; {precision_text(frame, index)}" if kind in SETTLING else "")


def missing_text(missing: Mapping[str, int]) -> str:
    """Return how many runs of the sweep are missing; empty: none."""
    if not missing["missing"]:
        return ""
    runs, lacking = missing["runs"], missing["missing"]
    see = command("results", ["status"])
    return f"of {runs:,} runs {lacking:,} are missing (see `{see}`); the others were analysed"


def no_indices_text(record: Mapping[str, Any]) -> str:
    """Return that a design has no indices; empty: it has."""
    kind = record["design"]["kind"]
    if kind in INDEX:
        return ""
    where = f" in {record['folder']}" if record["folder"] else ""
    return f"no indices: the sweep{where} is a {kind}; design=sobol, morris or lhs has them"


def seeds_text(seeds: pd.DataFrame, record: Mapping[str, Any]) -> str:
    """Return how many seeds are enough, as sentences and a table."""
    if not len(seeds):
        return str(record["seeds_problem"])
    return "\n".join([
        f"{seeds_caption(record['within'])}.", seeds_table(seeds).to_string(index=False), saved_text(seeds)
    ])  # fmt: skip


def seeds_caption(within: float) -> str:
    """Return what the table of seeds holds."""
    return (
        f"Seeds for intervals (95%) within {within:.0%} of an outcome's mean: of a point's mean, of a difference with other "
        "seeds in the two points, and with the same seeds"
    )


def seeds_table(seeds: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of the seeds needed that are printed."""
    return seeds.loc[:, :"pairs"].round(3)


def saved_text(seeds: pd.DataFrame) -> str:
    """Return for which outcome pairing saves most."""
    best = seeds.iloc[int(np.argmax(seeds["saved"].to_numpy()))]
    return f"Pairing saves most for {best['outcome']}: {best['paired']:,} seeds in place of {best['apart']:,}."


def box_lines(record: Mapping[str, Any]) -> list[str]:
    """Return where enrolment doubles, policy by policy, a line each."""
    what, lines = record["doubling"], list(record["box_notes"])
    for about in record["boxes"]:
        policy = about["policy"]
        if about["problem"]:
            lines.append(f"{policy}, where {what}: {about['problem']}")
            continue
        lines.append(f"{policy}, where {what} in most seeds: {box_of(about['box']).text}")
        lines += [f"{policy}, by a tree: {box_of(tree).text}" for tree in about["trees"]]
        best = ", ".join(f"{factor} {score:.2f}" for factor, score in about["scores"])
        lines.append(f"{policy}, which parameters tell of it: {best}")
    return lines


def box_of(about: Mapping[str, Any]) -> Box:
    """Return a box from what a record has of it."""
    return Box(**{**about, "limits": {name: tuple(ends) for name, ends in about["limits"].items()}})
