"""Failed runs, as a block of a chapter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.reports.blocks import Folded, Prose


def failed_sentence(record: Mapping[str, Any]) -> str:
    """Return a sentence on the number of failed runs, with a leading space; empty if none failed.

    Args:
        record: of a study; its `failures` counts them

    >>> failed_sentence({"failures": 2}), failed_sentence({})
    (' 2 runs failed; their pairs are left out.', '')
    """
    count = int(record.get("failures", 0))
    if count == 1:
        return " 1 run failed; its pair is left out."
    return f" {count} runs failed; their pairs are left out." if count else ""


def failed_runs(record: Mapping[str, Any]) -> list[Folded]:
    """Return the errors of failed runs, folded; empty if the record has none.

    Args:
        record: of a study; its `failed_runs` are the failures with their tracebacks
    """
    failures = record.get("failed_runs") or []
    blocks = [Prose(f"```\n{str(failure['traceback']).strip()}\n```") for failure in failures]
    return [Folded("Errors of failed runs", blocks, False)] if blocks else []
