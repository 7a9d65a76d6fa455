"""The chapters of the cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.findings import cases as findings
from sim.reports.blocks import Block, Drawing, Prose
from sim.reports.tables import rows_from

FIRST_BONUS = 2012
"""First examination with the bonus."""


def ireland_blocks(record: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> list[Block]:
    """Return the chapter of the Irish case without its drawing.

    Args:
        record: of the case: sets, uncertainty, tolerance, arms
        tables: beside, totals, fitted, added
    """
    about = (
        f"{record['sets']} parameter sets of {record['uncertainty']}, each fitted to the shares up to 2014 with an error of "
        f"{100 * record['tolerance']:g} point, and simulated once in each arm. Shares from 2015 on were not fitted."
    )
    years = tables["beside"]["year"]
    published = tables["added"][tables["added"]["year"].isin(years) & (tables["added"]["year"] >= FIRST_BONUS)]
    fitted = [rows_from(findings.FITTED, findings.fitted_in_text(tables["fitted"]))] if "fitted" in tables else []
    return [
        Prose(about),
        rows_from(findings.BESIDE, findings.figures_in_text(tables["beside"], share=True)),
        rows_from(findings.TOTALS, findings.totals_in_text(tables["totals"])),
        *fitted,
        rows_from(findings.BONUS_ADDS, findings.added_in_text(published)),
        Prose("\n\n".join(findings.ireland_sentences(tables, record["arms"]["trained"], record["arms"]["carried"]))),
        Prose(findings.CONFOUNDED),
        Prose(findings.ILLUSTRATIVE),
    ]


def plan_blocks(record: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> list[Block]:
    """Return the chapter of the plan without its drawing.

    Args:
        record: of the case: sets, uncertainty, arms
        tables: beside, changes, added
    """
    plain = tables["beside"][tables["beside"]["arm"].isin([record["arms"]["plan"], record["arms"]["none"]])]
    moved = findings.differences_in_text(tables["changes"], ["figure", "arm", "first", "last"])
    later_years = tables["added"][tables["added"]["year"] >= 2012]
    return [
        Prose(f"{record['sets']} parameter sets of {record['uncertainty']}, each simulated once in each arm."),
        rows_from(findings.COUNTS, findings.figures_in_text(plain, share=False)),
        rows_from(findings.CHANGES, moved),
        rows_from(findings.PLAN_ADDS, findings.differences_in_text(later_years, ["figure", "arm", "year"])),
        Prose("\n\n".join(findings.plan_sentences(tables, record["arms"]))),
        Prose(findings.CONSISTENT),
    ]


CAPTIONS = {
    "ireland": ("Higher-level share in Ireland, published and predicted.", "Left, the published shares, the runs that were "
                "trained up to 2014 as a band, and the medians without the bonus and with that of Israel. Right, the "
                "predictions of the later years with their middle 90%, beside naive forecasts. The tables have the numbers."),
    "plan_2009": ("Examinees with and without the plan of 2009-2012.", "Left, the published counts and the runs with and "
                  "without the plan. Right, what the plan adds in 2012 and 2013, arm by arm, with the middle 90%. The numbers "
                  "are in the tables."),
}  # fmt: skip
"""Caption and description of the drawing of each case."""


def case_drawing(case: str, svg: bytes) -> Drawing:
    """Return the page of a case as a drawing.

    Args:
        case: its name
        svg: the page
    """
    return Drawing(svg, *CAPTIONS[case])
