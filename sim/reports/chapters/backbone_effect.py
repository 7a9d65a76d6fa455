"""The chapter of the backbone's effect: prior beside posterior, by model, and mediation through the ministry's dates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.analysis.backbone_effect import EXAMINEES, POSTERIOR
from sim.analysis.mediation import DECIDED, DIRECT, MONTHS, THROUGH, TOTAL
from sim.errors import counted
from sim.findings.backbone_effect import (
    POINTS,
    average_of,
    by_model_sentence,
    doubling_sentence,
    effects_in_text,
    headline,
    prior_sentence,
    spreads_in_text,
    variance_sentence,
)
from sim.findings.mediation import DEFINITIONS, NOT_IDENTIFIED, READING, mediation_in_text, mediation_sentences
from sim.findings.models import weights_in_text
from sim.findings.numbers import Unit, few_pairs_note
from sim.reports.blocks import Block, Drawing, Prose
from sim.reports.chapters.failures import failed_runs
from sim.reports.tables import rows_from

STUDENTS, PLAIN, MILLION = Unit(1.0, "students"), Unit(1.0, ""), Unit(1.0, "NIS million")

NETWORK = {
    ("transparency", TOTAL): ("shared measurement [points]", POINTS),
    ("trust_across", TOTAL): ("trust across sectors [points]", POINTS),
    ("consensus", TOTAL): ("consensus [points]", POINTS),
    ("attendance", TOTAL): ("attendance [seats a month]", PLAIN),
    ("readiness_network", TOTAL): ("readiness of the network [points]", POINTS),
}
"""Columns of the table of mediators, by outcome and part."""

DATES = {
    (DECIDED, TOTAL): ("programme decided [points of runs]", POINTS),
    (MONTHS, TOTAL): ("months of programme [months]", PLAIN),
    ("delivered/ministry", TOTAL): ("ministry's money [NIS million]", MILLION),
    ("delivered_partners", TOTAL): ("partners' money [NIS million]", MILLION),
}
"""Columns of the table of dates and strength."""

OF_STUDENTS = {
    (EXAMINEES, TOTAL): ("total", STUDENTS),
    (EXAMINEES, DIRECT): ("dates held", STUDENTS),
    (EXAMINEES, THROUGH): ("through the dates", STUDENTS),
}
"""Columns of the table of students."""

CAPTION = (
    "Each use of the backbone's hours switched off alone, and the whole backbone",
    "hours, then the network",
    "hours, then dates and strength of the programme",
    "hours, then examinees of 2020 [students]",
)
"""Captions of the tables of mediation."""


def effect_blocks(record: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> list[Block]:
    """Return the chapter without its drawings.

    Args:
        record: of the result: weights, years, sets, seeds, pairs, uncertainty, failures
        tables: by name: effects, models, mediation
    """
    effects, mediation = tables["effects"], tables["mediation"]
    average = average_of(effects, EXAMINEES, POSTERIOR)
    sentences = [
        headline(effects, record["weights"]), by_model_sentence(effects), prior_sentence(effects),
        variance_sentence(average, "the effect over models and the means of parameter sets"),
        *(doubling_sentence(effects, year) for year in record["years"]),
    ]  # fmt: skip
    about = (
        f"`historical_emergent` minus `no_backbone`, the same parameters and seeds in both: {record['sets']} parameter sets of "
        f"the prior and of the posterior of each model, {counted(record['seeds'], 'pair')} of runs for each set."
        f"{few_pairs_note(record['sets'] * record['seeds'])}"
    )
    pairs = f"{counted(record['pairs'], 'pair')} of runs over {record['uncertainty']}"
    over = f"{pairs}.{few_pairs_note(int(record['pairs']))} {READING}"
    doubled = [
        rows_from(f"Chance of doubling by {year} that the backbone adds [percentage points]",
                  effects_in_text(effects, f"doubled_{year}", POINTS))
        for year in record["years"]
    ]  # fmt: skip
    return [
        Prose("\n\n".join(sentences)),
        Prose(about),
        rows_from("Examinees of 2020 that the backbone adds [students]", effects_in_text(effects, EXAMINEES, STUDENTS)),
        *doubled,
        rows_from(f"Weights of the models ({record['weights']})", weights_in_text(tables["models"])),
        rows_from("Spread of the effect within each model, examinees of 2020 [students]", spreads_in_text(effects, EXAMINEES)),
        Prose("### Mediation of the hours"),
        Prose(" ".join(mediation_sentences(mediation))),
        Prose(f"{CAPTION[0]}; {over}"),
        *(rows_from(f"{caption[:1].upper()}{caption[1:]}", mediation_in_text(mediation, columns))
          for caption, columns in zip(CAPTION[1:], (NETWORK, DATES, OF_STUDENTS), strict=True)),
        Prose(DEFINITIONS),
        Prose(NOT_IDENTIFIED),
        *failed_runs(record),
    ]  # fmt: skip


WORDS = {
    "backbone_effect": (
        "The backbone's effect over the prior and over the posterior of each model.",
        "A row for each model: the spread of the means of parameter sets and the mean with its 95% interval, prior above "
        "posterior. "
        "The figures are in the table of examinees.",
    ),
    "mediation": (
        "Effect of each use of the backbone's hours on the network, the programme and students.",
        "A panel for each quantity, a row for each use of hours: mean over pairs with its 95% interval; for examinees in "
        "total and with the "
        "ministry's dates held. The figures are in the tables of mediation.",
    ),
}
"""Caption and description of each drawing, by name."""


def effect_drawings(svgs: Mapping[str, bytes]) -> list[Drawing]:
    """Return the drawings of the backbone's effect.

    Args:
        svgs: by name, as in WORDS
    """
    return [Drawing(svgs[name], *words) for name, words in WORDS.items() if name in svgs]


def panels() -> dict[str, tuple[str, float]]:
    """Return the quantities of the page of mediation: title with its unit and factor of that unit, by outcome."""
    columns = NETWORK | DATES
    return {outcome: (title, unit.factor) for (outcome, _), (title, unit) in columns.items()} | {
        EXAMINEES: ("examinees of 2020 [students]", 1.0)
    }
