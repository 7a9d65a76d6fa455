"""Predictions of the calibrated model: examinees, doubling, scores, the backbone's effect, and hypotheses."""

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
from sim.runs.engines.current import EngineOption, on_engine
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
"""Scenario with the recorded dates, predicted besides those with a free ministry, with and without a backbone."""

UNTIL = {"setting.until": "2025-08"}
"""Last month of the predictions unless `overrides` sets another one."""

YEARS, DEADLINES = (2018, 2019, 2020, 2021, 2025), (2018, 2020)
"""Years of the predicted examinations, and years by which a doubling is predicted."""

TABLES = ("predictions", "doublings", "scores", "pairs", "thirds", "hypotheses")
"""Tables of a prediction; `thirds` is missing if every open parameter is set."""

OF_MODELS = ("models", "by_model", "doublings_by_model", "effect_by_model", "variances")
"""Further tables of a prediction with parameter sets of several models."""


def predicted_scenarios(overrides: Mapping[str, Any]) -> list[Scenario]:
    """Return the scenarios that are predicted.

    Raises:
        InputError: the runs end before the last year by which a doubling is predicted
    """
    scenarios = [scenario(name, overrides=UNTIL | dict(overrides)) for name in (DATED, WITH, WITHOUT)]
    for each in scenarios:
        require_run_reaches(Doubling(by=DEADLINES[-1]), each.last_month)
    return scenarios


def require_sets(count: int, options: Mapping[str, Any]) -> None:
    """Check the numbers of parameter sets and seeds.

    Args:
        count: number of sets in the table
        options: of the call, by name

    Raises:
        InputError: the table has no sets or too few, or a number is wrong
    """
    if not count:
        raise InputError(
            "predictions need parameter sets; `uncertainty` must be structures, posterior, or the path of a table"
        )
    for key, least in (("sets", 3), ("hypothesis_sets", 1)):
        if whole_number(f"`{key}`", options[key], least) > count:
            raise InputError(
                f"`{key}` must be at most {count}, the number of sets in the table; got {shown(options[key])}"
            )
    whole_number("`hypothesis_seeds`", options["hypothesis_seeds"], 1)
    whole_number("`prior_seed`", options["prior_seed"], 0)


@on_engine
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
    engine: EngineOption = None,
    progress: bool = True,
) -> Prediction:
    """Predict examinees, doubling and the backbone's effect over the posterior, and test each hypothesis.

    Args:
        uncertainty: `structures` (sets of the models in proportion to their weights), `posterior`, or a path of such sets
        sets: number of parameter sets, each simulated once with its own seed
        hypothesis_sets: number of sets of the prior, and of the posterior, for the test of each hypothesis
        hypothesis_seeds: number of runs of each of those sets
        prior_seed: of the draws from the prior
        doubling: what counts as doubling, by its keys base, factor, of; None: twice the count of 2012
        overrides: parameters that differ, by dotted name; runs end in August 2025 unless `setting.until` is set
        jobs: processes; None for all cores
        engine: where runs are simulated: dask, ray, slurm, a joblib backend, or a client; None for this machine
        progress: show bars

    Returns:
        The predictions with their intervals, with summary, figures and chapter.

    Raises:
        InputError: a value is wrong, the table has too few sets, or the runs end too early

    Example:
        >>> import sim
        >>> sim.predict(sets=20, hypothesis_sets=10).summary()  # doctest: +SKIP
    """
    options, values, goal = dict(locals()), overrides_in(overrides), doubling_from(doubling)
    flag("progress", progress)
    scenarios, posterior = predicted_scenarios(values), parameter_sets(uncertainty)
    require_sets(len(posterior), options)
    processes(jobs)
    runs = ensemble_over(scenarios, list(range(1, sets + 1)), posterior, jobs, "simulating" if progress else None)
    prior = prior_sets(hypothesis_sets, prior_seed)
    over = {"prior": [{str(k): v for k, v in row.items()} for row in prior.to_dict("records")], "posterior": posterior}
    judged = [
        runs_over_sets(table, hypothesis_sets, hypothesis_seeds, values, jobs, progress).assign(over=name)
        for name, table in over.items()
    ]
    pairs = backbone_pairs(runs.frame, posterior, values)
    file = scenarios[0].parameters["setting.cohorts"]
    record = record_of("sim.predict", options, scenarios[0], posterior) | {
        "sets": sets,
        "doubling": asdict(goal),
        "cohorts": {str(year): float(cohort(year, file)) for year in YEARS},
        "cohorts_file": str(file),
        "uncertain_parameters": len(uncertain()),
        "widths": widths_of(posterior, open_in(pairs)),
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
    """Return the predictions of each model and the variance between models; empty if all sets are of one model.

    Args:
        frame: a row a run of the predicted scenarios
        pairs: rows of `backbone_pairs`
        goal: what counts as doubling
        deadlines: years by which a doubling is predicted
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
    """Predictions of the calibrated model.

    Args:
        record: how it was made
        tables: by name: predictions, doublings, scores, pairs, thirds, hypotheses
        frame: a row a run of the predicted scenarios
        judged: a row a run for the test of hypotheses, over prior and posterior
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
        """Figures: page() and, if a parameter is open, backbone()."""
        return PredictionPlots(self)

    def summary(self) -> str:
        """Return the predictions with their intervals as text."""
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
        """Return the files of a folder of the prediction: tables, runs, figures and summary.txt."""
        tables = {f"{name}.csv": bytes_of(table, "csv") for name, table in self.tables.items()}
        runs = {"table.parquet": bytes_of(self.frame, "parquet"), "judged.parquet": bytes_of(self.judged, "parquet")}
        pages = {path.name: content for path, content in self._drawn().items()}
        prior = {"prior.csv": bytes_of(self.prior, "csv")}
        return prior | tables | runs | pages | {"summary.txt": self.summary().encode()}

    @classmethod
    def read(cls, folder: ResultFolder) -> Self:
        """Return the prediction in a folder.

        Raises:
            InputError: a file is missing, broken or changed
        """
        names = [name for name in TABLES if name != "thirds" or folder.manifest["widths"]]
        names += OF_MODELS if "weights" in folder.manifest else ()
        tables = {name: folder.table(f"{name}.csv", []) for name in names}
        judged = folder.runs("judged.parquet", ["scenario", "seed", "set", "over"])
        return cls(
            folder.manifest, tables, folder.runs("table.parquet", ["scenario"]), judged, folder.table("prior.csv", [])
        )


@dataclass(frozen=True)
class PredictionPlots:
    """Figures of a prediction.

    Args:
        result: that is drawn
    """

    result: Prediction

    @property
    def _foot(self) -> str:
        record = self.result.record
        return f"{record['command']}; model {record['environment']['model']}"

    def page(self) -> Figure:
        """Return the page with examinees of each scenario as a fan, and the published counts."""
        return predictions_page(self.result.frame, published(), FITTED_THROUGH, self._foot)

    def backbone(self) -> Figure:
        """Return the page with the backbone's effect along the open parameters.

        Raises:
            InputError: all open parameters are set
        """
        pairs = self.result.tables["pairs"]
        if not open_in(pairs):
            raise InputError(
                "every open parameter is set, so the effect cannot be drawn along one; set fewer parameters"
            )
        return terciles_page(pairs, labels_of(pairs), OF_EFFECT, self._foot)
