"""The chapter of predictions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.analysis.doubling import doubling_from
from sim.findings.models import weights_in_text
from sim.findings.numbers import capitalised, readable_name
from sim.findings.prediction import (
    ALL_HELD,
    EXAMINEES,
    OF_EFFECT,
    SCORES,
    SHARES,
    THIRDS,
    assumptions_sentence,
    claims_text,
    doublings_in_text,
    examinees_in_text,
    openness_sentence,
    score_sentences,
    scores_in_text,
    shares_in_text,
    thirds_in_text,
)
from sim.findings.predictions_by_model import (
    BY_MODEL,
    ONE_MODEL,
    TOO_FEW,
    VARIANCES,
    by_model_in_text,
    effects_in_text,
    sets_sentence,
    variance_sentences,
    variances_in_text,
)
from sim.reports.blocks import Block, Drawing, Prose
from sim.reports.tables import rows_from


def prediction_blocks(record: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> list[Block]:
    """Return the chapter without its drawings.

    Args:
        record: of the prediction: sets, uncertainty, doubling, cohorts, cohorts_file, uncertain_parameters, widths, failures
        tables: by name: predictions, doublings, scores, hypotheses; thirds if parameters are open; for several models also
            models, by_model, doublings_by_model, effect_by_model, variances
    """
    doubling = doubling_from(record["doubling"])
    terciles: list[Block] = [Prose(THIRDS), Prose(ALL_HELD)]
    if "thirds" in tables:
        terciles = [rows_from(THIRDS, thirds_in_text(tables["thirds"])), Prose(openness_sentence(record["widths"]))]
    shares = tables["hypotheses"]
    failures = [Prose(f"Failed, and left out:\n\n```\n{failure.strip()}\n```") for failure in record["failures"]]
    return [
        Prose(sets_sentence(record)),
        rows_from(EXAMINEES, examinees_in_text(tables["predictions"])),
        *model_blocks(record, tables),
        Prose(assumptions_sentence(record["cohorts"], record["cohorts_file"])),
        rows_from(
            f"P({doubling.brief} by a year), with its 95% interval over runs", doublings_in_text(tables["doublings"])
        ),
        rows_from(SCORES, scores_in_text(tables["scores"])),
        Prose("\n\n".join(score_sentences(tables["scores"], record["uncertain_parameters"]))),
        *terciles,
        rows_from(SHARES, shares_in_text(shares)),
        Prose("\n\n".join(claims_text(shares["hypothesis"].tolist()))),
        *failures,
    ]


def model_blocks(record: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> list[Block]:
    """Return predictions model by model; one sentence if all sets are of one model.

    Args:
        record: of the prediction
        tables: by name
    """
    if "weights" not in record:
        return [Prose(ONE_MODEL)]
    by_model, doubled, spread = tables["by_model"], tables["doublings_by_model"], tables["variances"]
    return [
        Prose("\n\n".join(variance_sentences(spread))),
        *(rows_from(f"{readable_name(str(name))}: {BY_MODEL} ({record['weights']})",
                    by_model_in_text(rows, doubled[doubled["scenario"] == name]))
          for name, rows in by_model.groupby("scenario", sort=False)),
        rows_from(f"{capitalised(OF_EFFECT)}, by model ({record['weights']})", effects_in_text(tables["effect_by_model"]),
                  TOO_FEW),
        rows_from(VARIANCES, variances_in_text(spread)),
        rows_from(f"Weights of the models ({record['weights']})", weights_in_text(tables["models"])),
    ]  # fmt: skip


CAPTIONS = {
    "predictions": ("Examinees predicted, scenario by scenario.", "A panel for each scenario: median, middle 50% and middle "
                                                                  "90% of "
                    "runs by year, and the published counts. The figures are in the table of examinees."),
    "backbone": ("The backbone's effect along the open parameters.", "A panel a parameter: the effect on examinees of 2020 "
                 "within each pair of runs, and its mean by terciles. The figures are in the table of terciles."),
}  # fmt: skip
"""Caption and description of each drawing, by name."""


def prediction_drawings(svgs: Mapping[str, bytes]) -> list[Drawing]:
    """Return the drawings of a prediction.

    Args:
        svgs: by name, as in CAPTIONS
    """
    return [Drawing(svgs[name], *words) for name, words in CAPTIONS.items() if name in svgs]
