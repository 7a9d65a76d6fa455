"""Warnings of a chapter, on few pairs and on failed runs, and the errors of these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.findings.numbers import few_pairs_note
from sim.reports.blocks import Folded, Notice, Prose


def warnings(record: Mapping[str, Any], pairs: int) -> list[Notice]:
    """Return the warnings of a chapter, each once: few pairs, and failed runs; empty if there are none.

    Args:
        record: of a study; its `failures` counts failed runs
        pairs: fewest pairs of runs of an interval

    >>> [notice.text for notice in warnings({"failures": 2}, 6)]
    ['A look, not a result: it rests on 6 pairs.', '2 runs failed; their pairs are left out.']
    """
    few, failed = few_pairs_note(pairs).strip(), failed_sentence(record).strip()
    return [*([Notice(few, pairs)] if few else []), *([Notice(failed)] if failed else [])]


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
