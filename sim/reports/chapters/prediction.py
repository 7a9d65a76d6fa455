"""The chapter of predictions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.analysis.doubling import doubling_from
from sim.findings.prediction import (
    ALL_HELD,
    EXAMINEES,
    SCORES,
    SHARES,
    THIRDS,
    assumptions,
    claims,
    doublings_in_text,
    examinees_in_text,
    openness,
    score_sentences,
    scores_in_text,
    shares_in_text,
    thirds_in_text,
)
from sim.reports.blocks import Block, Drawing, Prose
from sim.reports.tables import rows_from


def prediction_blocks(record: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> list[Block]:
    """Return the chapter but for its drawings.

    Args:
        record: of the prediction: sets, uncertainty, doubling, cohorts, cohorts_file, uncertain_parameters, widths, failures
        tables: by name: predictions, doublings, scores, hypotheses and, where parameters are open, thirds
    """
    doubling = doubling_from(record["doubling"])
    thirds: list[Block] = [Prose(THIRDS), Prose(ALL_HELD)]
    if "thirds" in tables:
        thirds = [rows_from(THIRDS, thirds_in_text(tables["thirds"])), Prose(openness(record["widths"]))]
    shares = tables["hypotheses"]
    failures = [Prose(f"Failed, and left out:\n\n```\n{failure.strip()}\n```") for failure in record["failures"]]
    return [
        Prose(f"{record['sets']} parameter sets of {record['uncertainty']}."),
        rows_from(EXAMINEES, examinees_in_text(tables["predictions"])),
        Prose(assumptions(record["cohorts"], record["cohorts_file"])),
        rows_from(
            f"P({doubling.brief} by a year), with its 95% interval over runs", doublings_in_text(tables["doublings"])
        ),
        rows_from(SCORES, scores_in_text(tables["scores"])),
        Prose("\n\n".join(score_sentences(tables["scores"], record["uncertain_parameters"]))),
        *thirds,
        rows_from(SHARES, shares_in_text(shares)),
        Prose("\n\n".join(claims(shares["hypothesis"].tolist()))),
        *failures,
    ]


CAPTIONS = {
    "predictions": ("Examinees predicted, scenario by scenario.", "A panel a scenario: median, middle 50% and middle 90% of "
                    "runs by year, and the published counts. The figures stand in the table of examinees."),
    "backbone": ("The backbone's effect along the open parameters.", "A panel a parameter: the effect on examinees of 2020 "
                 "within each pair of runs, and its mean by thirds. The figures stand in the table of thirds."),
}  # fmt: skip
"""Drawings by name: what each shows, and the same in words."""


def prediction_drawings(svgs: Mapping[str, bytes]) -> list[Drawing]:
    """Return the drawings of a prediction.

    Args:
        svgs: by name, those of CAPTIONS
    """
    return [Drawing(svgs[name], *words) for name, words in CAPTIONS.items() if name in svgs]
