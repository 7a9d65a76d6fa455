"""Standard streams that take any text: what they cannot encode is escaped."""

from __future__ import annotations

import io
import sys

LOSSLESS = "backslashreplace"
"""The handler that escapes a letter which an encoding does not have."""


def escape_what_cannot_be_encoded() -> None:
    """Make standard output and standard error escape letters that their encoding does not have.

    A program calls this when it starts. A handler that the user chose and that never fails stays. A stream that is no
    text stream of Python's own, as in a notebook or a test, stays too.

    >>> escape_what_cannot_be_encoded()
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors in ("strict", "surrogateescape"):
            stream.reconfigure(errors=LOSSLESS)
