"""Known answers are collected as tests obtain them and printed in one table at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

KEY = "known answer"

Say = Callable[[str, str, str], None]


@pytest.fixture
def say(record_property: Callable[[str, object], None]) -> Say:
    """Put a line into the table of known answers: what, expected, obtained."""

    def say(what: str, expected: str, obtained: str) -> None:
        record_property(KEY, [what, expected, obtained])

    return say


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table after the tests."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome)]
    called = [report for report in reports if getattr(report, "when", "") == "call"]
    rows = [value for report in called for key, value in report.user_properties if key == KEY]
    if not rows:
        return
    table = [["known answer", "expected", "obtained"], *rows]
    widths = [max(len(row[column]) for row in table) for column in range(3)]
    terminalreporter.section("known answers")
    for row in table:
        terminalreporter.write_line(
            " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )
