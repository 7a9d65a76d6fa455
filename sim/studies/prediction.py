"""Predict with the calibrated model: examinees, doubling, scores, the backbone's effect, and how far hypotheses hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pandas as pd

from sim.analysis.doubling import Doubling, doubling_from, require_run_reaches
from sim.analysis.enrolment import last_year, shown_years
from sim.analysis.fit import FITTED_THROUGH
from sim.analysis.hypotheses import difference, shares, verdicts
from sim.analysis.posterior_summary import learned
from sim.analysis.predictions import by_thirds, doublings, predicted
from sim.analysis.scores import scores
from sim.catalogue import published, targets, uncertain
from sim.configuration import scenario
from sim.design.factors import prior_value
from sim.errors import Mistake, flag, shown, whole_number
from sim.figures.predictions import predictions_page, thirds_page
from sim.figures.style import drawn
from sim.findings.prediction import OF_EFFECT
from sim.parameters import declared
from sim.policy import Scenario
from sim.reports.blocks import Chapter
from sim.reports.chapters.prediction import prediction_blocks, prediction_drawings
from sim.reports.study import StudyResult
from sim.reports.text import text
from sim.results.files import bytes_of
from sim.results.result_folder import ResultFolder
from sim.runs.ensemble import ensemble_over
from sim.runs.parallel import processes
from sim.runs.posterior import STRUCTURES, ParameterSets, parameter_sets, set_of
from sim.studies.hypotheses import prior_sets, runs_over_sets
from sim.studies.setup import overrides_in, record_of
from sim.world.facts import cohort

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DATED, WITH, WITHOUT = "historical", "historical_emergent", "no_backbone"
"""Scenarios predicted: at the recorded dates, and with the ministry free with and without a backbone."""

UNTIL = {"setting.until": "2025-08"}
"""Last month of the predictions, unless `overrides` says another."""

YEARS, DEADLINES = (2018, 2019, 2020, 2021, 2025), (2018, 2020)
"""Examinations that are predicted, and those by which a doubling is asked."""

OUTCOME = "examinees_2020"
"""The outcome of which the backbone's effect is told."""

OPEN = (
    "ministry.by_readiness",
    "ministry.by_entrepreneurship",
    "school.readiness_irrelevance",
    "school.complementarity",
)
"""Parameters on which the backbone's effect rests, and of which three windows in one country can teach little."""

TABLES = ("predictions", "doublings", "scores", "pairs", "thirds", "hypotheses")
"""Tables of a prediction; there are no thirds where every open parameter is held."""


def predicted_scenarios(overrides: Mapping[str, Any]) -> list[Scenario]:
    """Return the scenarios that are predicted.

    Raises:
        Mistake: they end before the last year by which a doubling is asked
    """
    scenarios = [scenario(name, set=UNTIL | dict(overrides)) for name in (DATED, WITH, WITHOUT)]
    for each in scenarios:
        require_run_reaches(Doubling(by=DEADLINES[-1]), each.last_month)
    return scenarios


def require_sets(known: int, wanted: Mapping[str, Any]) -> None:
    """Refuse numbers of parameter sets that there are not, or that make no sense.

    Raises:
        Mistake: there are no sets, or too few
    """
    if not known:
        raise Mistake(
            "predictions are over parameter sets: `uncertainty` is structures, posterior, or the path of a table"
        )
    for key, least in (("sets", 3), ("hypothesis_sets", 1)):
        if whole_number(f"`{key}`", wanted[key], least) > known:
            raise Mistake(f"`{key}` must be at most {known}, as many as there are; got {shown(wanted[key])}")
    whole_number("`hypothesis_seeds`", wanted["hypothesis_seeds"], 1)
    whole_number("`prior_seed`", wanted["prior_seed"], 0)


def backbone_pairs(frame: pd.DataFrame, sets: ParameterSets, held: Mapping[str, Any]) -> pd.DataFrame:
    """Return the backbone's effect in each parameter set, beside those of the open parameters that are not held."""
    effect = difference(frame, WITH, WITHOUT, OUTCOME)
    values = pd.DataFrame([set_of(sets, seed) for seed in effect.index], index=effect.index)
    return values[[name for name in OPEN if name not in held]].assign(effect=effect).reset_index()


def thirds_of(pairs: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the backbone's effect by thirds of the open parameters as the table `thirds`; none where all are held."""
    tables = [by_thirds(pairs[name], pairs["effect"]).assign(parameter=name) for name in open_in(pairs)]
    if not tables:
        return {}
    table = pd.concat(tables)
    return {"thirds": table[["parameter", *table.columns.drop("parameter")]]}


def open_in(pairs: pd.DataFrame) -> list[str]:
    """Return the open parameters that were drawn."""
    return [name for name in OPEN if name in pairs]


def labels_of(pairs: pd.DataFrame) -> dict[str, str]:
    """Return the open parameters that were drawn in words, with their unit."""
    about = {name: declared(name)[1] for name in open_in(pairs)}
    return {name: f"{each.about.partition('; ')[0]} [{each.unit}]" for name, each in about.items()}


def shares_over(judged: pd.DataFrame) -> pd.DataFrame:
    """Return in what share of parameter sets each hypothesis holds, over prior and over posterior.

    Args:
        judged: runs of `sim.studies.hypotheses.runs_over_sets`; `over` is prior or posterior
    """
    tables = [shares(verdicts(runs)).assign(over=name) for name, runs in judged.groupby("over", sort=False)]
    table = pd.concat(tables, ignore_index=True)
    table = table[["hypothesis", "over", *table.columns.drop(["hypothesis", "over"])]]
    return table.sort_values("hypothesis", kind="stable").reset_index(drop=True)


def predict(
    *,
    uncertainty: str | Path = STRUCTURES,
    sets: int = 100,
    hypothesis_sets: int = 40,
    hypothesis_seeds: int = 4,
    prior_seed: int = 1,
    doubling: Doubling | Mapping[str, Any] | None = None,
    overrides: Mapping[str, Any] | None = None,
    jobs: int | None = None,
    progress: bool = True,
) -> Prediction:
    """Predict examinees, doubling and the backbone's effect over the posterior, and judge each hypothesis over it.

    Args:
        uncertainty: `structures` (the sets of each structure, taking turns), `posterior`, or the path of such a table
        sets: parameter sets simulated, each once with a seed of its own
        hypothesis_sets: parameter sets, of the prior and of the posterior, in which each hypothesis is judged
        hypothesis_seeds: runs of each of those sets
        prior_seed: of the draws from the prior
        doubling: what counts as doubling, by its keys base, factor, of; None: twice the count of 2012
        overrides: parameters that differ, by dotted name; runs end in August 2025 unless `setting.until` is among them
        jobs: processes; None for all cores
        progress: show bars

    Returns:
        Predictions and how sure they are, with summary, figures and chapter.

    Raises:
        Mistake: a wrong value, more sets than there are, or runs that end too early

    Example:
        >>> import sim
        >>> sim.predict(sets=20, hypothesis_sets=10).summary()  # doctest: +SKIP
    """
    options, values, goal = dict(locals()), overrides_in(overrides), doubling_from(doubling)
    flag("progress", progress)
    scenarios, known = predicted_scenarios(values), parameter_sets(uncertainty)
    require_sets(len(known), options)
    processes(jobs)
    runs = ensemble_over(scenarios, list(range(1, sets + 1)), known, jobs, "simulating" if progress else None)
    prior = prior_sets(hypothesis_sets, prior_seed)
    over = {"prior": [{str(k): v for k, v in row.items()} for row in prior.to_dict("records")], "posterior": known}
    judged = [
        runs_over_sets(table, hypothesis_sets, hypothesis_seeds, values, jobs, progress).assign(over=name)
        for name, table in over.items()
    ]
    pairs = backbone_pairs(runs.frame, known, values)
    file = scenarios[0].parameters["setting.cohorts"]
    widths = learned(pd.DataFrame(list(known))[uncertain()["name"]], uncertain(), prior_value).set_index("name")[
        "width"
    ]
    record = record_of("sim.predict", options, scenarios[0], known) | {
        "sets": sets,
        "doubling": asdict(goal),
        "cohorts": {str(year): float(cohort(year, file)) for year in YEARS},
        "cohorts_file": str(file),
        "uncertain_parameters": len(uncertain()),
        "widths": {name: float(widths[name]) for name in open_in(pairs)},
        "failures": [str(failure["traceback"]) for failure in runs.failures],
    }
    deadlines = [year for year in DEADLINES if year <= last_year(runs.frame)]
    tables = {
        "predictions": predicted(runs.frame, shown_years(runs.frame, YEARS)),
        "doublings": doublings(runs.frame, goal, deadlines),
        "scores": scores(runs.frame[runs.frame["scenario"] == DATED], targets()),
        "pairs": pairs,
        **thirds_of(pairs),
        "hypotheses": shares_over(pd.concat(judged, ignore_index=True)),
    }
    return Prediction(record, tables, runs.frame, pd.concat(judged, ignore_index=True), prior)


@dataclass(frozen=True, repr=False)
class Prediction(StudyResult):
    """What the calibrated model predicts, and how surely.

    Args:
        record: how it was made
        tables: by name: predictions, doublings, scores, pairs, thirds, hypotheses
        frame: a row a run of the scenarios that are predicted
        judged: a row a run in which hypotheses are judged, over prior and posterior
        prior: parameter sets drawn from the prior
    """

    kind: ClassVar[str] = "prediction"

    record: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    frame: pd.DataFrame
    judged: pd.DataFrame
    prior: pd.DataFrame

    @property
    def plot(self) -> PredictionPlots:
        """Figures: page() and, where parameters are open, backbone()."""
        return PredictionPlots(self)

    def summary(self) -> str:
        """Return what is predicted and how surely, as text."""
        return text(Chapter("prediction", "Predictions", prediction_blocks(self.record, self.tables)))

    def chapter(self, title: str | None = None) -> Chapter:
        """Return the predictions as a chapter of a report.

        Args:
            title: of the chapter; None for its own
        """
        svgs = {path.stem: content for path, content in self._drawn(("svg",)).items()}
        blocks = [*prediction_blocks(self.record, self.tables), *prediction_drawings(svgs)]
        return Chapter("prediction", title or "Predictions", blocks)

    def _drawn(self, forms: tuple[str, ...] = ("pdf", "svg", "png")) -> dict[Path, bytes]:
        pages = drawn(self.plot.page(), "predictions", forms)
        return pages | (drawn(self.plot.backbone(), "backbone", forms) if open_in(self.tables["pairs"]) else {})

    def contents(self) -> dict[str, bytes]:
        """Return the tables, the runs, the figures and summary.txt."""
        tables = {f"{name}.csv": bytes_of(table, "csv") for name, table in self.tables.items()}
        runs = {"table.parquet": bytes_of(self.frame, "parquet"), "judged.parquet": bytes_of(self.judged, "parquet")}
        pages = {path.name: content for path, content in self._drawn().items()}
        prior = {"prior.csv": bytes_of(self.prior, "csv")}
        return prior | tables | runs | pages | {"summary.txt": self.summary().encode()}

    @classmethod
    def read(cls, folder: ResultFolder) -> Self:
        """Return the prediction that a folder holds.

        Raises:
            Mistake: a table is missing, broken or not as it was written
        """
        names = [name for name in TABLES if name != "thirds" or folder.said["widths"]]
        tables = {name: folder.table(f"{name}.csv", []) for name in names}
        judged = folder.runs("judged.parquet", ["scenario", "seed", "set", "over"])
        return cls(
            folder.said, tables, folder.runs("table.parquet", ["scenario"]), judged, folder.table("prior.csv", [])
        )


@dataclass(frozen=True)
class PredictionPlots:
    """Figures of a prediction."""

    result: Prediction

    @property
    def _foot(self) -> str:
        record = self.result.record
        return f"{record['command']}; model {record['environment']['model']}"

    def page(self) -> Figure:
        """Return examinees of each scenario as a fan, beside the published counts."""
        return predictions_page(self.result.frame, published(), FITTED_THROUGH, self._foot)

    def backbone(self) -> Figure:
        """Return the backbone's effect along the open parameters.

        Raises:
            Mistake: all of them are held
        """
        pairs = self.result.tables["pairs"]
        if not open_in(pairs):
            raise Mistake("every open parameter is held at a given value: there is nothing to draw the effect along")
        return thirds_page(pairs, labels_of(pairs), OF_EFFECT, self._foot)
