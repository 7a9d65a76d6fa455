"""Predict with the calibrated model: examinees, doubling, scores, the backbone's effect, and how far hypotheses hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pandas as pd

from sim.analysis.clusters import STRUCTURE
from sim.analysis.doubling import Doubling, doubling_from, require_run_reaches
from sim.analysis.enrolment import last_year, shown_years
from sim.analysis.fit import FITTED_THROUGH
from sim.analysis.predictions import doubling_shares, predicted_examinees
from sim.analysis.predictions_by_model import doublings_by_model, effect_by_model, predicted_by_model, variances
from sim.analysis.scores import scores
from sim.catalogue import published, targets, uncertain
from sim.configuration import scenario
from sim.errors import InputError, flag, shown, whole_number
from sim.figures.export import render
from sim.figures.predictions import predictions_page, terciles_page
from sim.findings.prediction import OF_EFFECT
from sim.policy import Scenario
from sim.reports.blocks import Chapter
from sim.reports.chapters.prediction import prediction_blocks, prediction_drawings
from sim.reports.study import StudyResult
from sim.reports.text import text
from sim.results.files import bytes_of
from sim.results.result_folder import ResultFolder
from sim.runs.ensemble import ensemble_over
from sim.runs.models import models, weights_by_model
from sim.runs.parallel import processes
from sim.runs.posterior import STRUCTURES, parameter_sets
from sim.studies.hypotheses import prior_sets, runs_over_sets
from sim.studies.prediction_tables import (
    WITH,
    WITHOUT,
    backbone_pairs,
    labels_of,
    open_in,
    shares_over,
    thirds_of,
    widths_of,
)
from sim.studies.setup import overrides_in, record_of
from sim.world.facts import cohort

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DATED = "historical"
"""The scenario at the recorded dates, predicted beside a free ministry with and without a backbone."""

UNTIL = {"setting.until": "2025-08"}
"""Last month of the predictions, unless `overrides` says another."""

YEARS, DEADLINES = (2018, 2019, 2020, 2021, 2025), (2018, 2020)
"""Examinations that are predicted, and those by which a doubling is asked."""

TABLES = ("predictions", "doublings", "scores", "pairs", "thirds", "hypotheses")
"""Tables of a prediction; there are no thirds where every open parameter is held."""

OF_MODELS = ("models", "by_model", "doublings_by_model", "effect_by_model", "variances")
"""Further tables where parameter sets are of several models."""


def predicted_scenarios(overrides: Mapping[str, Any]) -> list[Scenario]:
    """Return the scenarios that are predicted.

    Raises:
        InputError: they end before the last year by which a doubling is asked
    """
    scenarios = [scenario(name, set=UNTIL | dict(overrides)) for name in (DATED, WITH, WITHOUT)]
    for each in scenarios:
        require_run_reaches(Doubling(by=DEADLINES[-1]), each.last_month)
    return scenarios


def require_sets(known: int, wanted: Mapping[str, Any]) -> None:
    """Refuse numbers of parameter sets that there are not, or that make no sense.

    Raises:
        InputError: there are no sets, or too few
    """
    if not known:
        raise InputError(
            "predictions are over parameter sets: `uncertainty` is structures, posterior, or the path of a table"
        )
    for key, least in (("sets", 3), ("hypothesis_sets", 1)):
        if whole_number(f"`{key}`", wanted[key], least) > known:
            raise InputError(f"`{key}` must be at most {known}, as many as there are; got {shown(wanted[key])}")
    whole_number("`hypothesis_seeds`", wanted["hypothesis_seeds"], 1)
    whole_number("`prior_seed`", wanted["prior_seed"], 0)


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
        uncertainty: `structures` (sets of the models, as often as their weights say), `posterior`, or a path of such sets
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
        InputError: a wrong value, more sets than there are, or runs that end too early

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
    record = record_of("sim.predict", options, scenarios[0], known) | {
        "sets": sets,
        "doubling": asdict(goal),
        "cohorts": {str(year): float(cohort(year, file)) for year in YEARS},
        "cohorts_file": str(file),
        "uncertain_parameters": len(uncertain()),
        "widths": widths_of(known, open_in(pairs)),
        "failures": [str(failure["traceback"]) for failure in runs.failures],
    }
    deadlines = [year for year in DEADLINES if year <= last_year(runs.frame)]
    tables = {
        "predictions": predicted_examinees(runs.frame, shown_years(runs.frame, YEARS)),
        "doublings": doubling_shares(runs.frame, goal, deadlines),
        "scores": scores(runs.frame[runs.frame["scenario"] == DATED], targets()),
        "pairs": pairs,
        **thirds_of(pairs),
        "hypotheses": shares_over(pd.concat(judged, ignore_index=True)),
        **tables_of_models(runs.frame, pairs, goal, deadlines),
    }
    return Prediction(record, tables, runs.frame, pd.concat(judged, ignore_index=True), prior)


def tables_of_models(
    frame: pd.DataFrame, pairs: pd.DataFrame, goal: Doubling, deadlines: Sequence[int]
) -> dict[str, pd.DataFrame]:
    """Return what is predicted model by model and what lies between models; none where sets are of one model.

    Args:
        frame: a row a run of the scenarios that are predicted
        pairs: rows of `backbone_pairs`
        goal: what counts as doubling
        deadlines: years by which it is asked
    """
    if STRUCTURE not in frame:
        return {}
    weights, shown = weights_by_model(), shown_years(frame, YEARS)
    tables = (
        models(), predicted_by_model(frame, shown, weights), doublings_by_model(frame, goal, deadlines, weights),
        effect_by_model(pairs, weights), variances(frame, pairs, shown, weights),
    )  # fmt: skip
    return dict(zip(OF_MODELS, tables, strict=True))


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
        pages = render(self.plot.page(), "predictions", forms)
        return pages | (render(self.plot.backbone(), "backbone", forms) if open_in(self.tables["pairs"]) else {})

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
            InputError: a table is missing, broken or not as it was written
        """
        names = [name for name in TABLES if name != "thirds" or folder.said["widths"]]
        names += OF_MODELS if "weights" in folder.said else ()
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
            InputError: all of them are held
        """
        pairs = self.result.tables["pairs"]
        if not open_in(pairs):
            raise InputError("every open parameter is held at a given value: there is nothing to draw the effect along")
        return terciles_page(pairs, labels_of(pairs), OF_EFFECT, self._foot)
