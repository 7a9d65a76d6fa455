"""A real school file beside the model: runs begin from its schools of one year and are held to the years after.

python -m experiments.panel schools=schools.csv
python -m experiments.panel schools=schools.csv setting.year=2013 years=[2014,2015] seeds=100 uncertainty=posterior
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import hydra
import numpy as np
import pandas as pd
from omegaconf import DictConfig, OmegaConf

from sim import scenario, simulate
from sim.analysis.school_panels import agreement, beside, told
from sim.commands import origin
from sim.configuration import configs
from sim.dates import date_of, month_of
from sim.errors import Mistake, listed, shown, whole_number
from sim.figures.panels import panel_page
from sim.figures.style import drawn
from sim.policy import Scenario
from sim.results.files import all_written, bytes_of, writable
from sim.runs.parallel import map_tasks, processes
from sim.runs.posterior import ParameterSets, set_of
from sim.world.files.load import school_file
from sim.world.files.schools import Authorities, SchoolRows
from sim.world.schools import NO_QUINTILE

from .command_line.entry import reports_errors, start
from .command_line.options import folder_of, overridden, seeds_in, sets_of
from .run import in_words


def rows_of(values: dict[str, Any]) -> SchoolRows:
    """The checked rows of the school file that is named. Raises Mistake where none is, or it cannot be used."""
    if not values.get("setting.schools"):
        raise Mistake("which schools? `schools=FILE` names a school file; docs/files.md says what is in it")
    return school_file(values["setting.schools"], Authorities(1))


def years_of(cfg: DictConfig, rows: SchoolRows, begun: int) -> list[int]:
    """The years to be compared. Raises Mistake for what is no list of years, and for years that the file does not have."""
    rows.of(begun)
    if cfg.years is None:
        years = [year for year in rows.years if year > begun]
        if not years:
            raise Mistake(f"{rows.file} has no year after {begun} to be compared with; it has {listed(rows.years)}")
    else:
        said = list(cfg.years) if OmegaConf.is_list(cfg.years) else [cfg.years]
        years = sorted({whole_number("a year of `years`", year, begun + 1) for year in said})
        if len(years) < max(len(said), 1):
            raise Mistake(f"`years` lists different years, each once; got {shown(cfg.years)}")
    for year in years:
        rows.of(year)
    return years


def published(rows: SchoolRows, counted_from: int) -> pd.DataFrame:
    """A checked school file in the columns and by the rule in which runs give theirs: small groups are not counted."""
    return pd.DataFrame({
        "school_id": rows.identity,
        "year": rows.year,
        "nurture_quintile": np.where(rows.quintile == NO_QUINTILE, np.nan, rows.quintile),
        "maths_takers": rows.takers,
        "maths_5unit_takers": np.where(rows.five >= counted_from, rows.five, 0.0),
    })  # fmt: skip


def case_until(cfg: DictConfig, values: dict[str, Any], last: int) -> Scenario:
    """The scenario, ending with the last year to be compared unless it is said. Raises Mistake if it ends before."""
    case = scenario(str(cfg.scenario), cfg.timing, {"setting.until": f"{last}-08", **values})
    if case.last_month < month_of(f"{last}-08"):
        raise Mistake(f"the run ends ({date_of(case.last_month)}) before the school year {last} that is to be compared")
    return case


def panel_of(seed: int, case: Scenario, sets: ParameterSets) -> pd.DataFrame:
    """Return the school file of one run at its own parameter set, with ids as text, as `published` has them."""
    panel = simulate(case.drawn(set_of(sets, seed)), seed).panel
    return panel.assign(school_id=panel["school_id"].astype(str))


def compared(cfg: DictConfig) -> tuple[str, dict[str, pd.DataFrame]]:
    """The file beside the runs, in words and as tables: `beside`, `by_school`. Raises Mistake before anything is run."""
    values = overridden(cfg)
    rows, sets, _, seeds = rows_of(values), sets_of(cfg), processes(cfg.jobs), seeds_in(cfg)
    asked = scenario(str(cfg.scenario), cfg.timing, values).parameters.setting
    years = years_of(cfg, rows, asked.year)
    case, file = case_until(cfg, values, years[-1]), published(rows, asked.counted_from)
    writable(folder_of(cfg))
    runs = pd.concat(map_tasks(partial(panel_of, case=case, sets=sets), [(seed,) for seed in seeds], cfg.jobs, case))
    table, agreed = beside(file, runs, years), agreement(file, runs, years, asked.year)
    carry = "luck only" if not sets else f"luck, and the parameter sets of {cfg.uncertainty}"
    said = "\n\n".join([
        f"{rows.file}: {case.name} begun from its schools of {asked.year}, {len(seeds)} seeds ({carry})",
        in_words(table[["figure", "year", "observed", *RUNS, "inside"]]),
        BY_SCHOOL,
        in_words(agreed[["figure", "year", "unchanged", "lasting", "expected", *RUNS]]),
        "\n".join(told(table, agreed)),
        *case.files.notes,
    ])  # fmt: skip
    return said, {"beside": table, "by_school": agreed}


BY_SCHOOL = (
    "School by school, the file beside: itself when the runs began (unchanged) and the year before (lasting), "
    "what all runs together expect, and single runs"
)
"""What the second table has in its columns."""

RUNS = ["median", "low_50", "high_50", "low_90", "high_90"]
"""What is shown of the runs: their median, and the ends of their middle 50% and 90%."""


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="panel")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Simulate, compare, write and print."""
    said, tables = compared(cfg)
    folder: Path = folder_of(cfg)
    files = {folder / f"{name}.csv": bytes_of(table, "csv") for name, table in tables.items()}
    made = origin("")
    page = panel_page(tables["beside"], tables["by_school"], said.splitlines()[0], made)
    all_written(files | drawn(page, folder / "panel") | {folder / "summary.txt": said.encode()})
    print(f"{said}\n\nTables and figure: {folder}")


if __name__ == "__main__":
    start(main, "panel")
