"""A report as one self-contained page: chapters of sentences, figures and tables; each sentence cites its table row."""

from __future__ import annotations

from sim.reports.blocks import Chapter, Claim, Claims, Drawing, Folded, Notice, Prose, Report, Rows
from sim.reports.page import page

__all__ = ["Chapter", "Claim", "Claims", "Drawing", "Folded", "Notice", "Prose", "Report", "Rows", "page"]
