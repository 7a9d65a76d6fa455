"""Findings of a sensitivity analysis as sentences: important factors, number of seeds, boxes of doubling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.scenario_discovery import Box
from sim.analysis.sensitivity import precision_text
from sim.commands import command

INDEX = {"sobol": "ST", "morris": "mu_star", "lhs": "median"}
"""Index that orders factors, by kind of design."""

SETTLING = ("sobol", "morris")
"""Designs whose indices are estimated for several sizes of the design."""

GREATEST = 3
"""Number of factors in a sentence."""


def sensitivity_lines(indices: pd.DataFrame, seeds: pd.DataFrame, record: Mapping[str, Any]) -> list[str]:
    """Return the findings of a sensitivity analysis, one line each.

    Args:
        indices: one row per factor, outcome, policy and size of the design
        seeds: rows of `sim.analysis.replications.replications`; empty if they cannot be estimated
        record: of the analysis, from `sim.studies.sensitivity`
    """
    lines = [f"{subject}: {sentence}" for subject, sentence, _ in index_findings(indices, record)]
    notes = [missing_text(record["missing"]), *lines, seeds_text(seeds, record), no_indices_text(record)]
    return [*filter(None, notes), *box_lines(record)]


def index_findings(indices: pd.DataFrame, record: Mapping[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """Yield the important factors of each outcome under each policy: subject, sentence, flag of indices."""
    for policy, outcome, problem in record["outcomes"]:
        if problem:
            yield policy, problem, False
        else:
            frame = indices[(indices["policy"] == policy) & (indices["outcome"] == outcome)]
            yield f"{policy}, {outcome}", greatest_text(frame, record["design"]["kind"]), True


def greatest_of(frame: pd.DataFrame, index: str) -> pd.DataFrame:
    """Return the most important factors of an outcome at the full size of the design."""
    return frame[frame["n"] == frame["n"].max()].nlargest(GREATEST, index)


def greatest_text(frame: pd.DataFrame, kind: str) -> str:
    """Return the most important factors of an outcome as text, with the precision of the first.

    Args:
        frame: indices of one outcome under one policy
        kind: of the design
    """
    index = INDEX[kind]
    greatest = ", ".join(f"{row['factor']} {row[index]:.2g}" for _, row in greatest_of(frame, index).iterrows())
    return f"{index} {greatest}" + (f"; {precision_text(frame, index)}" if kind in SETTLING else "")


def missing_text(missing: Mapping[str, int]) -> str:
    """Return a sentence on missing runs of the sweep; empty if there are none."""
    if not missing["missing"]:
        return ""
    runs, lacking = missing["runs"], missing["missing"]
    see = command("results", ["status"])
    return f"of {runs:,} runs {lacking:,} are missing (see `{see}`); the others were analysed"


def no_indices_text(record: Mapping[str, Any]) -> str:
    """Return a sentence for a design without indices; empty if it has them."""
    kind = record["design"]["kind"]
    if kind in INDEX:
        return ""
    where = f" in {record['folder']}" if record["folder"] else ""
    return f"no indices: the design of the sweep{where} is {kind}; use design=sobol, morris or lhs"


def seeds_text(seeds: pd.DataFrame, record: Mapping[str, Any]) -> str:
    """Return the number of seeds needed as sentences and a table."""
    if not len(seeds):
        return str(record["seeds_problem"])
    return "\n".join([
        f"{seeds_caption(record['within'])}.", seeds_table(seeds).to_string(index=False), saved_text(seeds)
    ])  # fmt: skip


def seeds_caption(within: float) -> str:
    """Return the caption of the table of seeds."""
    return (
        f"Seeds for intervals (95%) within {within:.0%} of an outcome's mean: of a point's mean, of a difference with other "
        "seeds in the two points, and with the same seeds"
    )


def seeds_table(seeds: pd.DataFrame) -> pd.DataFrame:
    """Return the printed columns of the table of seeds."""
    return seeds.loc[:, :"pairs"].round(3)


def saved_text(seeds: pd.DataFrame) -> str:
    """Return a sentence on the outcome for which pairing saves most seeds."""
    best = seeds.iloc[int(np.argmax(seeds["saved"].to_numpy()))]
    return f"Pairing saves most for {best['outcome']}: {best['paired']:,} seeds in place of {best['apart']:,}."


def box_lines(record: Mapping[str, Any]) -> list[str]:
    """Return the boxes in which enrolment doubles, one line each."""
    doubling, lines = record["doubling"], list(record["box_notes"])
    for policy_boxes in record["boxes"]:
        policy = policy_boxes["policy"]
        if policy_boxes["problem"]:
            lines.append(f"{policy}, where {doubling}: {policy_boxes['problem']}")
            continue
        lines.append(f"{policy}, where {doubling} in most seeds: {box_of(policy_boxes['box']).text}")
        lines += [f"{policy}, by a tree: {box_of(tree).text}" for tree in policy_boxes["trees"]]
        best = ", ".join(f"{factor} {score:.2f}" for factor, score in policy_boxes["scores"])
        lines.append(f"{policy}, importance of parameters: {best}")
    return lines


def box_of(content: Mapping[str, Any]) -> Box:
    """Return a box from its record."""
    return Box(**{**content, "limits": {name: tuple(ends) for name, ends in content["limits"].items()}})
