"""Keep text from becoming a formula in a spreadsheet: a leading apostrophe, written and read alike."""

from __future__ import annotations

import re

FORMULA = re.compile(r"'*[=+\-@]")
"""How a text begins that a spreadsheet would compute, or that already has the apostrophe."""


def without_apostrophe(text: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from computing it.

    >>> without_apostrophe("'=Fund"), without_apostrophe("'t Hof"), without_apostrophe("=Fund")
    ('=Fund', "'t Hof", '=Fund')
    """
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text
