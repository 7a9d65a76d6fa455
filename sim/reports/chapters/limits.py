"""The chapter of limits of the model."""

from __future__ import annotations

from sim.commands import commands_here
from sim.reports.blocks import Chapter, Prose


def limits(text: str) -> Chapter:
    """Return the chapter of limits.

    Args:
        text: Markdown, whose first line is its title
    """
    title, _, rest = text.strip().partition("\n")
    return Chapter("limits", title.lstrip("# "), [Prose(commands_here(rest))])
