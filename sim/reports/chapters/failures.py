"""Runs that failed, as a piece of a chapter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.reports.blocks import Folded, Prose


def failed_sentence(record: Mapping[str, Any]) -> str:
    """Return how many runs failed, with a blank before; empty where none did.

    Args:
        record: of a study; its `failures` counts them

    >>> failed_sentence({"failures": 2}), failed_sentence({})
    (' 2 runs failed and leave their pairs out.', '')
    """
    count = int(record.get("failures", 0))
    if count == 1:
        return " 1 run failed and leaves its pair out."
    return f" {count} runs failed and leave their pairs out." if count else ""


def failed_runs(record: Mapping[str, Any]) -> list[Folded]:
    """Return why runs failed, folded; nothing where the record does not hold it.

    Args:
        record: of a study; its `failed_runs` are the failures with their tracebacks
    """
    failures = record.get("failed_runs") or []
    blocks = [Prose(f"```\n{str(failure['traceback']).strip()}\n```") for failure in failures]
    return [Folded("Why runs failed", blocks, False)] if blocks else []
