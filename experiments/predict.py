"""What the calibrated model predicts, and how surely: examinees, score, the backbone's effect, the hypotheses.

python -m experiments.predict
python -m experiments.predict sets=20 hypothesis_sets=10 hypothesis_seeds=2
python -m experiments.predict uncertainty=results/calibrate/posterior.csv out=results/predict_again
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import fill
from typing import Any

import hydra
import pandas as pd
from omegaconf import DictConfig

from sim import ensemble, scenario, uncertain
from sim.analysis.doubling import Doubling, require_run_reaches
from sim.analysis.enrolment import last_year
from sim.analysis.holding import shares, verdicts
from sim.analysis.hypotheses import HYPOTHESES, difference
from sim.analysis.posterior_summary import learned
from sim.analysis.predictions import doublings, predicted
from sim.analysis.scores import COEFFICIENTS, CURVE, MODEL, TREND, better_by, compared, scores
from sim.analysis.thirds import by_thirds
from sim.calibration.stages import THROUGH
from sim.catalogue import published, targets
from sim.commands import origin
from sim.configuration import configs
from sim.errors import Mistake
from sim.figures.predictions import predictions_page, thirds_page
from sim.figures.style import drawn
from sim.parameters import declared
from sim.policy import Scenario
from sim.results.files import all_written, bytes_of, writable
from sim.results.folder import require_kind
from sim.results.identity import sources_hash
from sim.runs.parallel import processes
from sim.runs.posterior import ParameterSets, set_of
from sim.world.facts import cohort

from .command_line.entry import reports_errors, start
from .command_line.options import doubling_of, folder_of, integer, overridden, sets_of
from .judging import judged_over, prior_written

DATED, WITH, WITHOUT = "historical", "historical_emergent", "no_backbone"
"""Scenarios predicted: at the recorded dates, and with the ministry free with and without a backbone."""

UNTIL = "2025-08"
"""Last month of the predictions."""

YEARS, DEADLINES = (2018, 2019, 2020, 2021, 2025), (2020, 2025)
"""Examinations that are predicted, and those by which a doubling is asked."""

OUTCOME, OF_EFFECT = "examinees_2020", "backbone's effect, examinees of 2020 [students]"
"""What the backbone's effect is told of, by its column and in words."""

OPEN = (
    "ministry.by_readiness",
    "ministry.by_entrepreneurship",
    "school.readiness_irrelevance",
    "school.complementarity",
)
"""Parameters on which the backbone's effect rests, and of which three windows in one country can teach little."""


def of_years(frame: pd.DataFrame, doubling: Doubling, case: Scenario) -> tuple[str, dict[str, pd.DataFrame]]:
    """What is predicted of examinees and of doubling, as text and as tables."""
    table = predicted(frame, YEARS)
    last = last_year(frame)
    chances = doublings(frame, doubling, [year for year in DEADLINES if year <= last])
    file = case.parameters["setting.cohorts"]
    grade = ", ".join(f"{cohort(year, file):,.0f} in {year}" for year in YEARS)
    parts = [
        f"Examinees at five units; median and middle 50% and 90% of runs. Nothing after {THROUGH} was fitted to.",
        in_words(table),
        wrapped(
            f"Assumed: students of grade 12 as {file} has them: {grade}. Its column `source` says which rest on something "
            "published; by default none after 2018 does. Policies stay in force as the record leaves them, and nothing new "
            "comes."
        ),
        f"P({doubling.brief} by a year), with its 95% interval over runs",
        chances.round(2).to_string(index=False),
    ]
    return "\n\n".join(parts), {"predictions": table, "doublings": chances}


def wrapped(text: str) -> str:
    """A paragraph in lines of a page's width; a further line of a paragraph is set in."""
    return fill(text, 120, subsequent_indent="    ", break_on_hyphens=False)


def in_words(table: pd.DataFrame) -> str:
    """A table of predictions as text, in whole numbers."""
    shown = table[["scenario", "year", "low_90", "low_50", "median", "high_50", "high_90", "n"]]
    names = {"low_90": "5%", "low_50": "25%", "high_50": "75%", "high_90": "95%"}
    return shown.rename(columns=names).to_string(index=False, float_format=lambda value: f"{value:,.0f}")


def of_scores(frame: pd.DataFrame) -> tuple[str, dict[str, pd.DataFrame]]:
    """The model against dull rivals on the published counts, as text and as a table."""
    table = scores(frame[frame["scenario"] == DATED], targets())
    mean = ", ".join(f"{name} {table[name].mean():+.2f}" for name in (MODEL, CURVE, TREND))
    parts = [
        "Log density of the log of each published national count; higher is better",
        table.round(2).to_string(index=False),
        f"mean a count: {mean}",
        f"All three have seen these counts, so that none of this is prediction. The model has {len(uncertain())} uncertain\n"
        f"parameters, fitted to these and to all other facts; the curve {COEFFICIENTS} coefficients and a variance, last\n"
        "year plus trend a variance, both fitted to these counts alone. Intervals are bootstraps over few counts: too narrow.",
        "\n".join(compared(better_by(table, name), f"`{name}`") for name in (CURVE, TREND)),
    ]
    return "\n\n".join(parts), {"scores": table}


def paired(frame: pd.DataFrame, cfg: DictConfig) -> pd.DataFrame:
    """The backbone's effect in each parameter set, beside those of the open parameters that were not held."""
    effect, sets = difference(frame, WITH, WITHOUT, OUTCOME), sets_of(cfg)
    values = pd.DataFrame([set_of(sets, seed) for seed in effect.index], index=effect.index)
    return values[[name for name in OPEN if name not in overridden(cfg)]].assign(effect=effect).reset_index()


def of_backbone(pairs: pd.DataFrame, sets: ParameterSets) -> tuple[str, dict[str, pd.DataFrame]]:
    """The backbone's effect by thirds of the open parameters, and how open they are, as text and as tables."""
    told = f"{OF_EFFECT.capitalize()}, within pairs,\nby thirds of parameters. The window opened three times in one country."
    names = [name for name in OPEN if name in pairs]
    if not names:
        return f"{told}\n\nAll of these parameters are held at given values.", {"pairs": pairs}
    table = pd.concat([by_thirds(pairs[name], pairs["effect"]).assign(parameter=name) for name in names])
    table = table[["parameter", *table.columns.drop("parameter")]]
    said = table.round({"effect": 0, "low": 0, "high": 0}).round(2).to_string(index=False)
    left = learned(pd.DataFrame(list(sets)), uncertain()).set_index("name")["width"]
    known = "How wide the posterior's middle 90% is, over the prior's (1: the record has taught nothing): "
    known += ", ".join(f"{name} {left[name]:.2f}" for name in names)
    return f"{told}\n\n{said}\n\n{wrapped(known)}", {"pairs": pairs, "thirds": table}


def of_hypotheses(frames: Mapping[str, pd.DataFrame]) -> tuple[str, dict[str, pd.DataFrame]]:
    """In what share of parameter sets each hypothesis holds, over prior and posterior, as text and as a table."""
    table = pd.concat([shares(verdicts(frame)).assign(over=name) for name, frame in frames.items()], ignore_index=True)
    table = table[["hypothesis", "over", *table.columns.drop(["hypothesis", "over"])]]
    table = table.sort_values("hypothesis", kind="stable").reset_index(drop=True)
    told = "Share of parameter sets in which each hypothesis holds (95% interval over sets), fails, or does neither: above,\n"
    told += "below or at its own zero in the mean of a set's runs"
    claims = "\n".join(wrapped(f"{item.name}: {item.claim}. {item.measures} [{item.unit}]") for item in HYPOTHESES)
    return f"{told}\n\n{table.round(2).to_string(index=False)}\n\n{claims}", {"hypotheses": table}


def labels_of(pairs: pd.DataFrame) -> dict[str, str]:
    """The open parameters that were drawn, in words with their unit."""
    said = {name: declared(name)[1] for name in OPEN if name in pairs}
    return {name: f"{declaration.about.partition('; ')[0]} [{declaration.unit}]" for name, declaration in said.items()}


def figures(frame: pd.DataFrame, pairs: pd.DataFrame, folder: Path) -> dict[Path, bytes]:
    """The fans of the scenarios and the backbone's effect along the open parameters."""
    made = f"{origin('')}; model {sources_hash()}"
    pages = drawn(predictions_page(frame, published(), THROUGH, made), folder / "predictions")
    labels = labels_of(pairs)
    return pages | (drawn(thirds_page(pairs, labels, OF_EFFECT, made), folder / "backbone") if labels else {})


def cases_of(cfg: DictConfig) -> list[Scenario]:
    """The scenarios predicted. Raises Mistake where they end before the first year that is asked about."""
    cases = [scenario(name, set={"setting.until": UNTIL} | overridden(cfg)) for name in (DATED, WITH, WITHOUT)]
    for case in cases:
        require_run_reaches(Doubling(by=DEADLINES[0]), case.last_month)
    return cases


def checked_before(cfg: DictConfig) -> None:
    """Raises Mistake for what would only show after many runs: numbers of sets that there are not, or make no sense."""
    known = len(sets_of(cfg))
    if not known:
        raise Mistake("predictions are over parameter sets: `uncertainty` is posterior, or the path of such a table")
    for key, least in (("sets", 3), ("hypothesis_sets", 1)):
        if integer(cfg, key, least) > known:
            raise Mistake(f"`{key}` must be at most {known}, as many as there are; got {cfg[key]}")
    integer(cfg, "hypothesis_seeds", 1)
    integer(cfg, "prior_seed")
    processes(cfg.jobs)


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="predict")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Simulate, print and keep what is predicted and how surely."""
    cases, doubling = cases_of(cfg), doubling_of(cfg)
    checked_before(cfg)
    folder = writable(require_kind(folder_of(cfg), "prediction"))
    found = ensemble(cases, cfg.sets, cfg.jobs, uncertainty=cfg.uncertainty)
    tables = {"prior": str(prior_written(cfg, folder)), "posterior": str(cfg.uncertainty)}
    frames = {n: judged_over(cfg, table, cfg.hypothesis_sets, cfg.hypothesis_seeds) for n, table in tables.items()}
    pairs = paired(found.frame, cfg)
    parts: list[tuple[str, dict[str, Any]]] = [
        of_years(found.frame, doubling, cases[0]),
        of_scores(found.frame),
        of_backbone(pairs, sets_of(cfg)),
        of_hypotheses(frames),
    ]
    text = "\n\n\n".join([f"{cfg.sets} parameter sets of {cfg.uncertainty}", *(told for told, _ in parts)])
    text += "".join(f"\n\nfailed, and left out:\n{failure['traceback']}" for failure in found.failures)
    kept = {folder / f"{name}.csv": bytes_of(table, "csv") for _, each in parts for name, table in each.items()}
    runs = pd.concat([frame.assign(over=name) for name, frame in frames.items()], ignore_index=True)
    kept |= {
        folder / "table.parquet": bytes_of(found.frame, "parquet"),
        folder / "judged.parquet": bytes_of(runs, "parquet"),
    }
    all_written(kept | figures(found.frame, pairs, folder) | {folder / "summary.txt": text.encode()})
    print(f"{text}\n\nTables and figures: {folder}")


if __name__ == "__main__":
    start(main, "predict")
