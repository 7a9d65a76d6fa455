"""Boxes of parameters in which enrolment doubles, from a sampled sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from sim.analysis.doubling import Doubling
from sim.analysis.headlines import DOUBLED, SAMPLE, policies_in
from sim.analysis.scenario_discovery import cart, factor_scores, prim
from sim.design.factors import Factor
from sim.errors import InputError
from sim.findings.sensitivity import GREATEST, SETTLING

TREES = 2
"""Number of boxes of a tree in a record."""


@dataclass(frozen=True)
class Boxes:
    """Boxes in which enrolment doubles.

    Args:
        notes: sentences on all boxes
        records: for each policy the box, further boxes of a tree and scores of parameters, or the problem
        samples: policy, sample, sampled values, and share of the seeds in which enrolment doubled
    """

    notes: list[str]
    records: list[dict[str, Any]]
    samples: pd.DataFrame


def boxes_of(sampling: Mapping[str, Any], factors: Sequence[Factor], runs: pd.DataFrame, doubling: Doubling) -> Boxes:
    """Return the boxes in which enrolment doubles, policy by policy.

    Args:
        sampling: kind and size of the design
        factors: that were sampled
        runs: of the sweep, with the ministry free
        doubling: what counts as doubling
    """
    names, notes = [factor.name for factor in factors], list[str]()
    if sampling["kind"] in SETTLING:
        kind = sampling["kind"]
        notes.append(f"boxes rest on the {sampling['n']:,} rows of a {kind} design; design=lhs finds them better")
    if DOUBLED not in runs:
        notes.append(f"no box: the runs end before the examination of {doubling.by}")
        return Boxes(notes, [], pd.DataFrame())
    records, samples = list[dict[str, Any]](), []
    for policy, rows in policies_in(runs):
        cases, share = rows.groupby(SAMPLE)[names].first(), rows.groupby(SAMPLE)[DOUBLED].mean()
        happened = (share > 0.5).to_numpy()
        try:
            box, trees, telling = prim(cases, happened), cart(cases, happened), factor_scores(cases, share)
        except InputError as mistake:
            records.append({"policy": policy, "problem": str(mistake)})
            continue
        best = [[factor, float(score)] for factor, score in telling.head(GREATEST).to_numpy()]
        records.append({"policy": policy, "problem": "", "box": asdict(box), "trees": [asdict(b) for b in trees[:TREES]],
                        "scores": best})  # fmt: skip
        samples.append(cases.reset_index().assign(share=share.to_numpy(), policy=policy))
    return Boxes(notes, records, pd.concat(samples, ignore_index=True) if samples else pd.DataFrame())
