"""One self-contained page from results on disk, for a meeting: findings, figures, tables, robustness, assumptions, limits.

python -m experiments.compare
python -m experiments.compare arms=governance
python -m experiments.attribute
python -m experiments.robust
python -m experiments.report
python -m experiments.report comparisons=[results/mine] attributions=[] title="Our region"
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import hydra
from omegaconf import DictConfig, OmegaConf

import sim
from sim import assumptions, references
from sim.analysis.robustness import FINDING, HOLDS
from sim.commands import command, origin
from sim.configuration import configs
from sim.errors import Mistake, shown
from sim.labels import words_of
from sim.reports import Chapter, Report, page
from sim.reports.chapters.attribution import Attribution, title_of
from sim.reports.chapters.comparison import Comparison
from sim.reports.chapters.equity import Equity
from sim.reports.chapters.evidence import assumptions as of_assumptions
from sim.reports.chapters.evidence import provenance as provenance_chapter
from sim.reports.chapters.evidence import references as of_references
from sim.reports.chapters.limits import limits
from sim.reports.chapters.robustness import Robustness
from sim.reports.chapters.summary import Studies, design, summary
from sim.results.files import all_written, path_of, writable
from sim.results.folder import manifest_file, provenance, require_kind
from sim.results.result_folder import ResultFolder, folders_with, require_one_model
from sim.studies.decisions import explained

from .command_line.entry import reports_errors, start
from .command_line.options import folder_of, integer, overridden

LIMITS = Path(sim.__file__).parent / "LIMITS.md"
"""What the model cannot tell, in words."""


def listed(cfg: DictConfig, key: str) -> Any:
    """What a key says, as plain Python."""
    return OmegaConf.to_container(cfg[key], resolve=True) if OmegaConf.is_list(cfg[key]) else cfg[key]


def usual(*patterns: str) -> list[Path]:
    """Folders of results under the usual names, in order."""
    return [folder for pattern in patterns for folder in sorted(path_of("results").glob(pattern))]


def comparisons(cfg: DictConfig) -> list[ResultFolder]:
    """The comparisons. Raises Mistake where there is none: a report is about arms."""
    there = folders_with(listed(cfg, "comparisons"), "comparisons", "comparison", usual("compare", "compare_*"))
    if not there:
        raise Mistake(f"there is nothing to report yet: `{command('compare')}` makes a comparison in results/compare")
    return there


def one(cfg: DictConfig, key: str, kind: str) -> list[ResultFolder]:
    """The results of a kind of which there is one, if any. Raises Mistake where several are named."""
    said = folders_with(listed(cfg, key), key, kind, usual(key))
    if len(said) > 1:
        raise Mistake(f"`{key}` is one folder or null; got {shown(listed(cfg, key))}")
    return said


def comparison_of(found: ResultFolder) -> Comparison:
    """A comparison, read."""
    table = found.table(
        "differences.csv", ["arm", "baseline", "dates", "outcome", "unit", "difference", "low", "high", "by"]
    )
    parts = found.table("parts.csv", ["arm", "outcome", "part", "effect", "low", "high", "n"])
    return Comparison(key_of(found), found.said, table, parts, found.drawing("compare.svg"))


def attribution_of(found: ResultFolder) -> Attribution:
    """An attribution, read."""
    table = found.table("attribution.csv", ["player", "measure", "value", "low", "high", "n", "outcome", "unit"])
    pages = {str(outcome): found.drawing(f"attribution-{outcome}.svg") for outcome in table["outcome"].unique()}
    return Attribution(key_of(found), found.said, table, pages)


def equity_of(found: ResultFolder) -> Equity:
    """A study of equity, read."""
    gains = found.table("equity.csv", ["arm", "against", "group", "share", "points", "additional"])
    gaps = found.table("gaps.csv", ["arm", "against", "gap", "measure", "level", "difference", "low", "high"])
    costs = found.table("costs.csv", ["arm", "source", "offered", "caused", "per_caused", "extra_per_caused"])
    return Equity(key_of(found), found.said, gains, gaps, costs, found.drawing("equity.svg"))


def robustness_of(found: ResultFolder) -> Robustness:
    """A test of robustness, read."""
    findings = found.table("findings.csv", [*FINDING, "difference", "low", "high", HOLDS, "of"])
    verdicts = found.table("robust.csv", [*FINDING, "mechanism", "unit", "verdict"])
    return Robustness(key_of(found), found.said, findings, verdicts, found.drawing("robust.svg"))


def key_of(found: ResultFolder) -> str:
    """By which a folder is known in the page: its name, as far as that can stand in a link."""
    return "".join(sign if sign.isalnum() else "-" for sign in found.name)


def report_of(cfg: DictConfig) -> tuple[Report, list[ResultFolder]]:
    """The report, and what it rests on. Raises Mistake for results that are missing, broken, or of different models."""
    sources = {
        "comparison": comparisons(cfg),
        "attribution": folders_with(
            listed(cfg, "attributions"), "attributions", "attribution", usual("attribute", "attribute_*")
        ),
        "equity": one(cfg, "equity", "study of equity"),
        "robust": one(cfg, "robust", "test of robustness"),
    }
    results = [each for kind in sources.values() for each in kind]
    require_one_model(results)
    studies = Studies(
        [comparison_of(each) for each in sources["comparison"]],
        [attribution_of(each) for each in sources["attribution"]],
        [equity_of(each) for each in sources["equity"]],
        [robustness_of(each) for each in sources["robust"]],
    )
    command, made = origin(""), provenance("")
    why = [] if cfg.seed is None else [explained(studies.comparisons[0].said, integer(cfg, "seed"))]
    chapters = [summary(studies, words_of), design(studies), *of_studies(studies), *why, *behind(results, command)]
    return Report(str(cfg.title), str(cfg.question), chapters, made), results


def of_studies(studies: Studies) -> list[Chapter]:
    """A chapter a study."""
    first, *others = studies.comparisons
    return [
        first.chapter("Arms against the baseline", words_of),
        *(each.chapter(f"Arms against the baseline: {named(each.key)}", words_of) for each in others),
        *(each.chapter(title_of(each.said, named(each.key)), words_of) for each in studies.attributions),
        *(each.chapter("Who gains, and at what cost") for each in studies.equity),
        *(each.chapter("Which findings survive other mechanisms", words_of) for each in studies.robustness),
    ]


def named(key: str) -> str:
    """What a folder is called for, behind the name of its program.

    >>> named("compare-governance"), named("mine")
    ('governance', 'mine')
    """
    return key.partition("-")[2] or key


def behind(results: list[ResultFolder], command: str) -> list[Chapter]:
    """The chapters on what everything rests on."""
    table = assumptions()
    made = {str(each.folder): each.said for each in results}
    return [
        of_assumptions(table),
        limits(LIMITS.read_text(encoding="utf-8")),
        of_references(references(), table["source"].unique()),
        provenance_chapter(made, command),
    ]


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="report")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Read, check, write the page and say where it is."""
    for key in overridden(cfg):
        raise Mistake(f"a report is made of results that are there: say `{key}` to the program that makes them")
    folder = writable(require_kind(folder_of(cfg), "report"))
    report, results = report_of(cfg)
    command = origin("")
    path = folder / "report.html"
    files = {path: page(report).encode()}
    all_written(files | manifest_file(folder, "report", command, {"results": [str(each.folder) for each in results]}))
    print(path)


if __name__ == "__main__":
    start(main, "report")
