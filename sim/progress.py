"""Progress bars: on a terminal they move, in a file or a pipe they are a line now and then."""

from __future__ import annotations

import sys
from typing import Any

LINES_APART = 30.0
"""Least time between two states of a bar where there is no terminal [s]."""


class _Lines:
    """Stream that ends each state of a bar with a line break, for a file or a pipe."""

    def write(self, text: str) -> None:
        """Write a state of a bar as a line; what only clears the line of a terminal is left out."""
        state = text.strip()
        if state:
            sys.stderr.write(f"{state}\n")

    def flush(self) -> None:
        """Write what is waiting."""
        sys.stderr.flush()


def bar(**options: Any) -> Any:
    """Return a bar of tqdm; without a terminal or a notebook it writes a line at its begin, at most every 30 s, and at its end.

    Args:
        options: of tqdm
    """
    from tqdm import tqdm

    in_notebook = type(sys.stderr).__module__.startswith("ipykernel")
    if sys.stderr.isatty() or in_notebook:
        return tqdm(**options)
    return tqdm(**options | {"file": _Lines(), "mininterval": LINES_APART, "miniters": 1, "leave": True, "ncols": 100})
