"""Reports: one page of HTML with findings, figures, tables, robustness, assumptions, limits and provenance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any, ClassVar

from sim.commands import call_text, command, origin
from sim.errors import InputError, shown, whole_number
from sim.reports import Report, page
from sim.reports.text import text
from sim.results.files import all_written, path_of, writable
from sim.results.folder import manifest_file, provenance, require_kind
from sim.results.result_folder import require_one_model
from sim.studies.attribution import Attribution
from sim.studies.comparison import Comparison
from sim.studies.equity import Equity
from sim.studies.report_chapters import report_chapters
from sim.studies.report_sources import Code, ReportSource, Sources, keyed_apart, sources_of
from sim.studies.robustness import RobustnessTest

TITLE = "What the backbone, the policy and its timing contributed"
QUESTION = (
    "How much of the growth of advanced mathematics is owed to the backbone, to the state's windows and to its programme? "
    "Who gained from it?"
)
"""Default title and question of a report."""


@dataclass(frozen=True, repr=False)
class ReportPage:
    """Report as one self-contained page of HTML.

    Args:
        report: its chapters
        record: `command`, and `results`, the folders of its results
    """

    kind: ClassVar[str] = "report"

    report: Report
    record: Mapping[str, Any]

    @cached_property
    def html(self) -> str:
        """Page of HTML. The same results give the same page."""
        return page(self.report)

    def summary(self) -> str:
        """Return the findings as text."""
        return text(self.report.chapters[0])

    def save(self, folder: str | Path) -> list[Path]:
        """Write the page to `report.html` in a folder.

        Args:
            folder: its path; it is made if need be, and a report in it is replaced

        Returns:
            The file.

        Raises:
            InputError: the folder holds results of another kind, or cannot be written
        """
        content = self.html.encode()
        place = writable(require_kind(path_of(folder), self.kind))
        about = {"results": self.record["results"]}
        all_written({place / "report.html": content} | manifest_file(place, self.kind, self.record["command"], about))
        return [place / "report.html"]

    def _repr_html_(self) -> str:
        """Return the page in a frame, for notebooks."""
        return f'<iframe srcdoc="{escape(self.html)}" style="width: 100%; height: 45em; border: 0"></iframe>'

    def __repr__(self) -> str:
        """Return a line for terminals."""
        return f"<ReportPage {self.report.title!r}; ask .summary(), .html or .save(folder)>"


def report(
    comparisons: Sources[Comparison] = None,
    *,
    attributions: Sources[Attribution] = None,
    equity: Sources[Equity] = None,
    robust: Sources[RobustnessTest] = None,
    title: str = TITLE,
    question: str = QUESTION,
    seed: int | None = 1,
) -> ReportPage:
    """Make one self-contained page of HTML from several results.

    Args:
        comparisons: results of `sim.compare` or folders of them, the main one first; None: `results/compare` and every
            `results/compare_NAME`
        attributions: results of `sim.attribute` or folders of them; None: every `results/attribute_NAME`; [] for none
        equity: a result of `sim.equity` or its folder; None: `results/equity` if it exists; [] for none
        robust: a result of `sim.robustness` or its folder; None: `results/robust` if it exists; [] for none
        title: of the page
        question: that the page answers, in words
        seed: of the run whose decisions are explained; None for no explanations

    Returns:
        The page: `html`, `summary()`, `save(folder)`.

    Raises:
        InputError: there is no comparison, or results are missing, broken, changed or made with different models

    Example:
        sim.report(sim.compare("historical_emergent", ["no_backbone"], 40), attributions=[], equity=[], robust=[])
    """
    for option, words in (("title", title), ("question", question)):
        if not isinstance(words, str):
            raise InputError(f"`{option}` must be text; got {shown(words)}")
    main = sources_of(comparisons, "comparisons", Comparison, ("compare", "compare_*"))
    if not main:
        raise InputError(f"there is no comparison to report yet; `{command('compare')}` makes one in results/compare")
    options: dict[str, Sequence[ReportSource[Any]]] = {
        "comparisons": main,
        "attributions": sources_of(attributions, "attributions", Attribution, ("attribute", "attribute_*")),
        "equity": _one(equity, "equity", Equity),
        "robust": _one(robust, "robust", RobustnessTest),
    }
    if seed is not None:
        whole_number("`seed`", seed, 0)
    call = call_text("sim.report", {name: [each.in_call for each in of] for name, of in options.items()} | {
        "title": None if title == TITLE else title, "question": None if question == QUESTION else question,
        "seed": Code("None") if seed is None else seed,
    })  # fmt: skip
    sources = keyed_apart([each for of in options.values() for each in of])
    require_one_model({source.name: source.record for source in sources})
    results = [source.result() for source in sources]
    chapters = report_chapters(sources, results, origin(call), seed)
    record = {"command": origin(call), "results": [source.name for source in sources]}
    return ReportPage(Report(title, question, chapters, provenance(call)), record)


def _one(value: Any, option: str, kind: Any) -> list[ReportSource[Any]]:
    """Return the result of a kind of which a report has at most one, in a list.

    Raises:
        InputError: several results are named
    """
    sources = sources_of(value, option, kind, (option,))
    if len(sources) > 1:
        raise InputError(f"`{option}` must be one folder or null; got {shown(value)}")
    return sources
