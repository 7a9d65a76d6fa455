"""Tables of text as blocks of a chapter."""

from __future__ import annotations

import pandas as pd

from sim.reports.blocks import Rows


def rows_from(caption: str, frame: pd.DataFrame, note: str = "") -> Rows:
    """Return a table of text as a block.

    Args:
        caption: content with its unit
        frame: cells are text, as `sim.findings.tables.in_text` returns them
        note: explanation of the table
    """
    header = [str(name).replace("_", " ") for name in frame.columns]
    return Rows(caption, header, frame.to_numpy().tolist(), note=note)
