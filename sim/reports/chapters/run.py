"""The chapter of a run, or of many runs of one scenario."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.analysis.clusters import sharing_note
from sim.analysis.doubling import doubling_from
from sim.analysis.enrolment import shown_years, years
from sim.errors import counted
from sim.findings.fit import (
    NO_YEAR,
    counts_in_text,
    doubling_sentence,
    facts_in_text,
    fit_sentence,
    last_year_sentence,
    not_compared_sentence,
    variation_sentence,
    years_in_text,
)
from sim.reports.blocks import Block, Drawing, Prose, Rows
from sim.reports.tables import rows_from

HEADLINES = ("members", "trust_across", "delivered", "unspent")
"""Outcomes of a run that are shown in addition to examinees and share of its last year."""

EARLIER = 2018
"""Second year by which runs of the country's schools may have doubled: the last on record."""

COUNTS_CAPTION = "Published national counts beside the run; deviation in percent"
FACTS_CAPTION = "The record beside the runs: median and middle 90%; deviation of the median in percent or months"


def one_run_blocks(
    record: Mapping[str, Any], outcomes: pd.DataFrame, events: pd.DataFrame, targets: pd.DataFrame
) -> list[Block]:
    """Return the chapter of one run without its drawings.

    Args:
        record: of the run: called, first_seed, national, part, national_means, organisations_drawn, notes
        outcomes: the run, in one row
        events: date and event
        targets: published figures
    """
    last_year = max(shown_years(outcomes, years(outcomes)) or years(outcomes))
    names = [f"examinees_{last_year}", f"share_{last_year}", *HEADLINES]
    cells = [[name, f"{float(outcomes[name].iloc[0]):,.3f}".rstrip("0").rstrip(".")] for name in names]
    beside: list[Block] = [rows_from(COUNTS_CAPTION, counts_in_text(outcomes, targets))]
    return [
        Prose(f"{record['called']}, seed {record['first_seed']}{overrides_text(record)}."),
        Rows("Outcomes", ["outcome", "value"], cells),
        rows_from("Events", events[["date", "event"]]),
        *(beside if record["national"] else own_years_blocks(record, outcomes)),
        *_paragraphs(record["notes"]),
    ]


def many_runs_blocks(record: Mapping[str, Any], frame: pd.DataFrame, targets: pd.DataFrame) -> list[Block]:
    """Return the chapter of many runs without its drawings.

    Args:
        record: of the runs: as for `one_run_blocks`, doubling, failures
        frame: a row for each run
        targets: published figures
    """
    sentence = fit_sentence(frame, targets) if record["national"] else ""
    table = [rows_from(FACTS_CAPTION, facts_in_text(frame, targets))] if sentence not in ("", NO_YEAR) else []
    year = doubling_from(record["doubling"])
    has_earlier_year = record["national"] and year.by > EARLIER
    return [
        Prose(
            f"{record['called']}, {counted(len(frame), 'seed')}. "
            f"{variation_sentence(record['uncertainty'], record.get('weights', ''))}"
        ),
        *([Prose(last_year_sentence(frame))] if record["national"] else []),
        *(
            Prose(doubling_sentence(frame, failure))
            for failure in ([year.until(EARLIER), year] if has_earlier_year else [year])
        ),
        *([*table, Prose(sentence)] if sentence else own_years_blocks(record, frame)),
        *_paragraphs([*record["notes"], *filter(None, [sharing_note(frame)])]),
        *[Prose(f"```\n{traceback.strip()}\n```") for traceback in record["failures"]],
    ]


def own_years_blocks(record: Mapping[str, Any], frame: pd.DataFrame) -> list[Block]:
    """Return the reason why runs are not compared with the national record, and a table of their own years."""
    reason = Prose(not_compared_sentence(record["part"], record["national_means"], record["organisations_drawn"]))
    return [
        reason,
        rows_from("Examinees at five units, and their share of the grade, as simulated", years_in_text(frame)),
    ]


def overrides_text(record: Mapping[str, Any]) -> str:
    """Return the overrides of the scenario, as the end of a sentence; empty if there are none."""
    return ". Set: " + " ".join(f"{name}={value}" for name, value in record["set"].items()) if record["set"] else ""


def _paragraphs(sentences: list[str]) -> list[Block]:
    return [Prose("\n\n".join(sentences))] if sentences else []


CAPTIONS = {
    "page.svg": ("The run on one page.", "Examinees by year beside the published counts, trust, readiness, who gains, "
                 "money, and events. The figures are in the tables of this chapter."),
    "networks.svg": ("The network of trust at the end of each school year.", "A panel for each school year: organisations, and "
                     "ties of trust between them."),
    "fan.svg": ("Examinees by year over all runs.", "Median, middle 50% and middle 90% of runs by year, and the published "
                "counts where the schools are the country's."),
    "fit.svg": ("The record beside the runs, pattern by pattern.", "Every published fact, and the median and middle 90% of "
                "runs. The figures are in the table of this chapter.")
}  # fmt: skip
"""Caption and description of each drawing, by file."""


def run_drawings(drawings: Mapping[str, bytes]) -> list[Drawing]:
    """Return the drawings of a run or of many.

    Args:
        drawings: by file name, as in CAPTIONS
    """
    return [Drawing(drawings[name], *words) for name, words in CAPTIONS.items() if name in drawings]
