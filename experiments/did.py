"""Difference-in-differences as an evaluator would do it, on runs in which one knows what the programme did.

python -m experiments.did
python -m experiments.did programme=pilot outcome=takers seeds=100 uncertainty=posterior
python -m experiments.did without=no_initiative setting.until=2021-08
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import hydra
import pandas as pd
from omegaconf import DictConfig

from sim import Run, scenario, simulate
from sim.analysis.clusters import sharing, with_clusters
from sim.analysis.evaluation_bias import ERRORS, Pair, courses, sentences, studied, verdict
from sim.commands import origin
from sim.configuration import configs
from sim.errors import Mistake, is_one_of, shown
from sim.figures.evaluation import study_page
from sim.figures.style import drawn
from sim.outcomes.network import path_of
from sim.policy import Scenario
from sim.results.files import all_written, bytes_of, writable
from sim.results.folder import footnote, require_kind
from sim.runs.parallel import map_tasks, processes
from sim.runs.posterior import ParameterSets, set_of

from .command_line.entry import reports_errors, start
from .command_line.options import folder_of, overridden, scenario_in, seeds_in, sets_of

OUTCOMES: dict[str, tuple[str, Callable[[pd.DataFrame], Any]]] = {
    "share": ("points of the share at five units", lambda p: 100.0 * p["maths_5unit_takers"] / p["maths_takers"]),
    "takers": ("students at five units a school", lambda p: p["maths_5unit_takers"]),
}
"""What is studied: its unit in words, and its column from a school file."""


def first_served(run: Run) -> dict[int | str, int]:
    """Return the first year in which partners' programmes reach a school, by school."""
    placed = run.placements
    served = placed[placed.filter(like="delivered_").sum(axis=1) > 0.0]
    return {school: int(year) for school, year in served.groupby("school")["year"].min().items()}


def first_piloted(run: Run) -> dict[int | str, int]:
    """Return the first year of the ministry's pilot, by school of the pilot."""
    years = [year for year, world in run.worlds.items() if world.schools.pilot.any()]
    schools = run.schools["id"]
    return dict.fromkeys(schools[run.world.schools.pilot.astype(bool)], min(years)) if years else {}


def without_partners(case: Scenario) -> Scenario:
    """A scenario whose network is never launched and whose organisations place nothing by themselves either."""
    gone = case.policy.without("network.launched", "ministry.carries", "commitment.independent")
    alone = {"network.launched": False, "commitment.independent": 0.0}
    return replace(case, parameters=case.parameters.with_(alone), policy=gone)


def without_pilot(case: Scenario) -> Scenario:
    """A scenario whose pilot has no money."""
    return replace(case, parameters=case.parameters.with_({"ministry.pilot_budget": 0.0}))


PROGRAMMES = {"partners": (first_served, without_partners), "pilot": (first_piloted, without_pilot)}
"""Who has a programme since when, and a scenario without it, by its name."""


@dataclass(frozen=True)
class Question:
    """What is asked of every run.

    Args:
        case: scenario with the programme
        programme: a name in PROGRAMMES
        outcome: a name in OUTCOMES
        interval: a name in ERRORS
        other: scenario that says what would have been; None for the same without the programme
        sets: parameter sets of a posterior
    """

    case: Scenario
    programme: str
    outcome: str
    interval: str
    other: Scenario | None
    sets: ParameterSets

    @staticmethod
    def of(cfg: DictConfig) -> Question:
        """The question that a configuration asks. Raises Mistake for what cannot be asked."""
        for key, known in (("programme", PROGRAMMES), ("outcome", OUTCOMES), ("interval", ERRORS)):
            if not is_one_of(cfg[key], known):
                raise Mistake(f"`{key}` must be one of {', '.join(known)}; got {shown(cfg[key])}")
        other = None if cfg.without is None else scenario(str(cfg.without), cfg.timing, overridden(cfg))
        return Question(scenario_in(cfg), cfg.programme, cfg.outcome, cfg.interval, other, sets_of(cfg))

    def asked(self, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        """What the study finds in a run beside the truth, and its courses by year. Raises Mistake where it finds no schools."""
        first_of, without = PROGRAMMES[self.programme]
        values = set_of(self.sets, seed)
        run = simulate(self.case.drawn(values), seed)
        other = self.other.drawn(values) if self.other else without(run.case.held(path_of(run.world)))
        column = OUTCOMES[self.outcome][1]
        panels = [each.panel.assign(outcome=column) for each in (run, simulate(other, seed))]
        pair = Pair.of(panels[0].assign(first=panels[0]["school_id"].map(first_of(run))), panels[1])
        return studied(pair, self.interval).assign(seed=seed), courses(pair).assign(seed=seed)


def said_of(question: Question, rows: pd.DataFrame) -> str:
    """The study over all runs in words: how large, each method in a row, and what evaluators should know."""
    unit, table = OUTCOMES[question.outcome][0], verdict(rows)
    one = rows.drop_duplicates("seed")
    against = question.other.name if question.other else "the same run without it"
    shared = sharing(rows)
    carry = "luck only" if not question.sets else "shared parameter sets" if shared else "their own parameter sets"
    return "\n\n".join([
        f"{question.case.name}, programme: {question.programme}, {len(one)} seeds ({carry}); truth against {against}",
        f"{one['schools'].mean():.0f} programme schools and {one['others'].mean():.0f} others in the mean run; "
        f"means over runs in {unit}; low and high: 95% interval of the mean bias",
        table.drop(columns=["coverage_low", "coverage_high"]).to_string(index=False, float_format="{:.2f}".format),
        "\n".join(sentences(table, unit)),
        *[shared] * bool(shared),
    ])  # fmt: skip


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="did")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Simulate, study, write and print."""
    question, seeds, _ = Question.of(cfg), seeds_in(cfg), processes(cfg.jobs)
    folder = writable(require_kind(folder_of(cfg), "study of a programme"))
    found = map_tasks(partial(Question.asked, question), [(seed,) for seed in seeds], cfg.jobs, question.case)
    rows, years = (pd.concat(frames, ignore_index=True) for frames in zip(*found, strict=True))
    rows = with_clusters(rows, len(question.sets))
    said = said_of(question, rows)
    made = origin("")
    foot = f"{said.splitlines()[0]}\n{footnote(made, sharing(rows))}"
    page = study_page(rows, years, OUTCOMES[question.outcome][0], foot)
    tables = {folder / "studies.csv": bytes_of(rows, "csv"), folder / "courses.csv": bytes_of(years, "csv")}
    all_written(tables | drawn(page, folder / "did") | {folder / "summary.txt": said.encode()})
    print(f"{said}\n\nTables and figure: {folder}")


if __name__ == "__main__":
    start(main, "did")
