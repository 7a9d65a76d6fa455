"""One scenario: one run with its tables and figures, or an ensemble with its fan and its fit to the record.

python -m experiments.run scenario=historical
python -m experiments.run scenario=historical seeds=100
python -m experiments.run scenario=historical_emergent backbone.facilitation=0.2 timing=12 seeds=50
python -m experiments.run scenario=historical seeds=100 uncertainty=posterior
"""

from __future__ import annotations

from pathlib import Path

import hydra
import pandas as pd
from omegaconf import DictConfig

from sim import Run, ensemble, simulate
from sim.analysis.clusters import sharing
from sim.analysis.doubling import Doubling, doubling_for, reached, require_run_reaches
from sim.analysis.enrolment import by_year, years
from sim.analysis.fit import fit, root_mean_square
from sim.catalogue import targets
from sim.commands import origin
from sim.configuration import configs
from sim.errors import Mistake
from sim.figures.run_page import course_of
from sim.figures.style import drawn
from sim.parameters import declared_parameters
from sim.policy import Scenario
from sim.results.files import all_written, bytes_of, writable
from sim.results.folder import require_kind
from sim.runs.ensemble import Ensemble
from sim.runs.parallel import processes
from sim.runs.posterior import set_of

from .command_line.entry import reports_errors, start
from .command_line.options import doubling_of, folder_of, integer, scenario_in, sets_of

COUNTS = "maths5_examinees"
"""The pattern of the eight published national counts."""


NATIONAL_MEANS = ("ministry.national_budget", "ministry.pilot_budget", "ministry.pilot_schools", "staffing.supply")
"""Parameters that are the country's money, schools and teachers, and go with no school file."""


def own_years(frame: pd.DataFrame) -> str:
    """Examinees and share of the grade by year as simulated, beside nothing: one run, or median and 90% of many."""
    columns = {"year": years(frame)}
    for of, name in (("count", "examinees"), ("share", "share")):
        spread = pd.DataFrame(by_year(frame, of)).quantile([0.05, 0.5, 0.95])
        if len(frame) == 1:
            columns[name] = spread.loc[0.5].to_numpy()
        else:
            columns |= {f"{name} {label}".strip(): spread.loc[at].to_numpy() for label, at in SPREAD.items()}
    return in_words(pd.DataFrame(columns))


SPREAD = {"median": 0.5, "5%": 0.05, "95%": 0.95}
"""Quantiles of runs by what a table calls them."""


def not_compared(case: Scenario) -> str:
    """Why a run of another size than the country's is not held to the record, and what of it is the country's all the same."""
    size = f"{case.part:.1%}" if case.part < 1 else f"{case.part:.3g} times"
    told = f"Its schools have {size} of the country's maths takers, so nothing is compared with the national record"
    if case.part > 1:
        return f"{told}."
    kept = [name for name in NATIONAL_MEANS if case.parameters[name] == declared_parameters()[name][0]]
    return f"{told}." + f"\n{still_national(case, kept)}" * bool(kept)


def still_national(case: Scenario, kept: list[str]) -> str:
    """Which means stand at the country's, and what they would be in proportion to the schools."""
    said = " ".join(f"{name}={in_proportion(case.parameters[name], case.part)}" for name in kept)
    drawn_too = "" if case.files.organisations else ", and so are the organisations, which are drawn"
    return (
        "The ministry's money and hours and the teachers to be had are still the country's (`setting.scale` multiplies "
        f"schools and teachers, and makes nothing smaller){drawn_too}; in proportion, {case.part:.2g}, they would be {said}"
    )


def in_proportion(value: float, part: float) -> str:
    """A part of a value as one would type it; of what is counted in whole numbers, one at least."""
    return str(max(round(value * part), 1)) if isinstance(value, int) else f"{value * part:.3g}"


def doubled(frame: pd.DataFrame, doubling: Doubling) -> str:
    """How often runs double, or why that has no answer, as text."""
    try:
        return f"P({doubling.brief} by {doubling.by}) = {reached(frame, doubling).mean():.2f}"
    except Mistake as mistake:
        return f"P({doubling.brief} by {doubling.by}) is not known: {mistake}"


def of_one(frame: pd.DataFrame) -> str:
    """One run beside the published national counts, with its deviation in percent, as text."""
    table = fit(frame, targets())
    counts = table[(table["pattern"] == COUNTS) & (table["n"] > 0)].rename(columns={"median": "simulated"})
    return in_words(counts[["year", "observed", "simulated", "deviation"]])


def of_many(frame: pd.DataFrame, record: pd.DataFrame) -> str:
    """Many runs beside the record, pattern by pattern, as text: observed, median, 90% of runs, where it lies."""
    table = fit(frame, record)
    table = table[table["n"] > 0].rename(columns={"low_90": "5%", "high_90": "95%", "reliability": "rated"})
    if not (table["pattern"] == COUNTS).any():
        return "no published year was simulated"
    shown = ["pattern", "year", "group", "rated", "observed", "median", "5%", "95%", "deviation", "lies"]
    told = f"the record lies in the middle 90% of runs for {table['inside'].sum()} of {len(table)} facts; "
    told += f"national counts: {root_mean_square(table, COUNTS):.1%} away (root mean square of the log)"
    return f"{in_words(table[shown])}\n\n{told}"


def in_words(table: pd.DataFrame) -> str:
    """A table as text: four digits of what is small, whole numbers of what is large; deviation in percent or months."""

    def number(value: float) -> str:
        return "-" if pd.isna(value) else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.4g}"

    said = dict.fromkeys(table.select_dtypes("number").columns.drop("year"), number)
    said |= {"deviation": "{:+.1f}".format} if "deviation" in table else {}
    return table.to_string(index=False, formatters=said)


def one_run(case: Scenario, seed: int, folder: Path) -> tuple[str, dict[Path, bytes]]:
    """One run: what happened in words, its tables as CSV and its figures."""
    run: Run = simulate(case, seed)
    tables = {folder / f"{name}.csv": bytes_of(frame, "csv") for name, frame in run.tables().items()}
    page = drawn(run.plot.page(), folder / "page") | drawn(run.plot.networks(), folder / "networks")
    frame = run.outcomes.to_frame().T
    last = max(run.years["year"])
    headline = run.outcomes[[f"examinees_{last}", f"share_{last}", "members", "trust_across", "delivered", "unspent"]]
    told = "\n\n".join([
        f"{case.name}, seed {seed}",
        headline.round(3).to_string(),
        run.events[["date", "event"]].to_string(index=False),
        of_one(frame) if case.national else f"{not_compared(case)}\n\n{own_years(frame)}",
        *case.files.notes,
    ])  # fmt: skip
    return told, tables | page


def many_runs(case: Scenario, cfg: DictConfig, folder: Path) -> tuple[str, dict[Path, bytes]]:
    """An ensemble: its fit to the record and how often it doubles, its table and its fan."""
    first = integer(cfg, "first_seed")
    seeds = list(range(first, first + integer(cfg, "seeds", 1)))
    found: Ensemble = ensemble(case, seeds, cfg.jobs, uncertainty=cfg.uncertainty)
    tables = {folder / f"table.{form}": bytes_of(found.frame, form) for form in ("parquet", "csv")}
    told = "\n\n".join([
        f"{case.name}, {len(found.frame)} seeds",
        *([of_many(found.frame, targets())] if case.national else [not_compared(case), own_years(found.frame)]),
        doubled(found.frame, doubling_for(doubling_of(cfg), case.national)),
        *case.files.notes,
        *filter(None, [sharing(found.frame)]),
        *[failure["traceback"] for failure in found.failures],
    ])  # fmt: skip
    return told, tables | figures_of_many(found, case, folder)


def figures_of_many(found: Ensemble, case: Scenario, folder: Path) -> dict[Path, bytes]:
    """The fan of many runs and, where they are of the whole country, their fit to the record."""
    forms = ("svg", "png")
    if not case.national:
        return drawn(course_of(found.frame).figure, folder / "fan", forms)
    page = found.plot.fit(provenance=origin(""))
    return drawn(found.plot.fan().figure, folder / "fan", forms) | drawn(page, folder / "fit")


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="run")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Simulate, write and print."""
    case, single, doubling = scenario_in(cfg), integer(cfg, "seeds", 1) == 1, doubling_of(cfg)
    first, sets, _ = integer(cfg, "first_seed"), sets_of(cfg), processes(cfg.jobs)
    if not single:
        require_run_reaches(doubling, case.last_month)
    folder = writable(require_kind(folder_of(cfg), "run"))
    told, files = one_run(case.drawn(set_of(sets, first)), first, folder) if single else many_runs(case, cfg, folder)
    all_written(files | {folder / "summary.txt": told.encode()})
    print(f"{told}\n\nTables and figures: {folder}")


if __name__ == "__main__":
    start(main, "run")
