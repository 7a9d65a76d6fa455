"""Standard streams that accept any text: characters that they cannot encode are escaped."""

from __future__ import annotations

import io
import sys

LOSSLESS = "backslashreplace"
"""Error handler that escapes characters which an encoding does not have."""


def escape_what_cannot_be_encoded() -> None:
    """Make standard output and standard error escape characters that their encoding does not have.

    A program calls this when it starts. An error handler that the user chose and that never fails is not changed; nor is a
    stream that is not a text stream of Python, as in a notebook or a test.

    >>> escape_what_cannot_be_encoded()
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors in ("strict", "surrogateescape"):
            stream.reconfigure(errors=LOSSLESS)
