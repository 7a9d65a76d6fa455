"""Who gains, and at what cost? Groups of students, gaps in points and as ratios, money and what it bought, within pairs.

    python -m experiments.equity
    python -m experiments.equity arms=[no_backbone,periphery_first] year=2017 seeds=200
    python -m experiments.equity baseline=historical arms=[policy_only] reference=money_only

The baseline and its arms are told beside the reference, which says what would have been anyway, and the arms beside the
baseline as well. Examinees that an arm caused are those beyond the reference.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import hydra
import pandas as pd
from omegaconf import DictConfig

from sim import scenario
from sim.analysis.costs import ALL, costs
from sim.analysis.equity import curve, gains, gaps, groups
from sim.analysis.paired_differences import differences
from sim.commands import origin
from sim.configuration import arm_over, configs
from sim.dates import date_of, month_of
from sim.errors import Mistake, shown
from sim.figures.equity import Told, equity_page
from sim.figures.style import drawn
from sim.findings.comparison import finding
from sim.findings.equity import (
    COUNTED,
    GENDER,
    TWO_COSTS,
    cost_in_words,
    gains_in_words,
    gains_table,
    gaps_in_words,
    money_table,
)
from sim.outcomes.groups import YEARS
from sim.policy import Scenario
from sim.results.files import all_written, bytes_of, writable
from sim.results.folder import footnote, manifest_file, provenance, require_kind, with_checksums
from sim.runs.compare import FEW, FEWEST, Pairs, cases_of, compare
from sim.runs.parallel import processes
from sim.sweeps.provenance import study_inputs

from .command_line.entry import reports_errors, start
from .command_line.options import folder_of, integer, overridden, sets_of
from .compare import arms_of, told_of

KIND = "study of equity"
"""What a folder of this program holds."""

WASTED = ("offered", "delivered", "unspent", "duplicated")
"""Outcomes of money in which arms are set beside the baseline."""


def checked(cfg: DictConfig) -> tuple[list[Scenario], str, int, range]:
    """The scenarios, baseline first, the reference's name, year and seeds. Raises Mistake for what cannot be."""
    values, base = overridden(cfg), str(cfg.baseline)
    *names, last = (arm_over(base, name) for name in (*arms_of(cfg).names, str(cfg.reference)))
    if last == str(cfg.baseline):
        raise Mistake(
            f"`reference` is what the baseline too is compared with, so it is another scenario than `{cfg.baseline}`"
        )
    arms = [scenario(name, set=values) for name in (*names, *([last] * (last not in names)))]
    if names == [last]:
        raise Mistake(f"there is nothing to compare: the only arm is the reference `{last}`")
    cases = cases_of(scenario(str(cfg.baseline), set=values), arms)
    year, seeds, first = year_of(cfg, cases), integer(cfg, "seeds", FEWEST), integer(cfg, "first_seed")
    _ = sets_of(cfg), processes(cfg.jobs)
    return cases, scenario(last, set=values).name, year, range(first, first + seeds)


def year_of(cfg: DictConfig, cases: list[Scenario]) -> int:
    """The year of the examination. Raises Mistake for one without figures of groups, and beyond the end of a run."""
    if isinstance(cfg.year, bool) or cfg.year not in YEARS:
        named = ", ".join(str(year) for year in YEARS)
        raise Mistake(f"groups are counted in {named}, so `year` is one of these; got {shown(cfg.year)}")
    year = int(cfg.year)
    for case in cases:
        if not case.first_month <= month_of(f"{year}-06") <= case.last_month:
            ends = f"{date_of(case.first_month)} to {date_of(case.last_month)}"
            raise Mistake(f"the runs of `{case.name}` ({ends}) have no examination of `year` {year}")
    return year


def simulated(cfg: DictConfig, cases: list[Scenario], seeds: range) -> Pairs:
    """The runs. Raises Mistake where every run failed."""
    try:
        pairs = compare(cases[0], cases[1:], seeds, cfg.jobs, uncertainty=cfg.uncertainty)
    except KeyboardInterrupt as stop:
        raise type(stop)("nothing is kept: a study of equity is written when it is whole") from None
    if not len(pairs.frame):
        raise Mistake(f"every run failed, the first with {pairs.failures[0]['traceback'].strip().splitlines()[-1]}")
    return pairs


def tables_of(pairs: Pairs, reference: str, year: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Groups, gaps and costs: baseline and arms against the reference, arms against the baseline, the reference alone."""
    scenarios = [pairs.baseline, *(arm for arm in pairs.arms if arm != reference)]
    both = [(arm, reference) for arm in scenarios] + list(product(scenarios[1:], [pairs.baseline]))
    gained = pd.concat([gains(pairs.frame, *two, year) for two in both], ignore_index=True)
    apart = pd.concat([gaps(pairs.frame, *two, year) for two in [*both, (reference, reference)]], ignore_index=True)
    return gained, apart, costs(pairs.frame, [*scenarios, reference], reference)


def in_words(pairs: Pairs, gained: pd.DataFrame, apart: pd.DataFrame, paid: pd.DataFrame) -> str:
    """The study as text: what was run, who gains, gaps, money and what it bought, and what is not known."""
    reference, scenarios = str(paid["arm"].iloc[-1]), list(dict.fromkeys(paid["arm"]))
    arms = [name for name in scenarios[1:] if name != reference]
    lines = [head_of(pairs, reference), "Who gains"]
    for (arm, against), rows in gained.groupby(["arm", "against"], sort=False):
        table = [gains_table(rows)] if against == reference else []
        lines += ["\n".join([f"{arm} beside {against}", *table, gains_in_words(rows)])]
    lines += [GENDER, "Gaps between groups, and concentration [level, then the difference]"]
    compared = apart[apart["arm"] != apart["against"]]
    for _, rows in compared.groupby(["arm", "against"], sort=False):
        lines += ["\n".join(gaps_in_words(rows))]
    lines += ["Money by its source [NIS million of 2015, mean over runs]", money_table(paid, scenarios), COUNTED]
    every = paid[paid["source"] == ALL]
    lines += ["Cost for each examinee caused", "\n".join(cost_in_words(row) for _, row in every.iterrows()), TWO_COSTS]
    wasted = differences(pairs.frame, pairs.baseline, arms, WASTED)
    lines += [f"Money beside {pairs.baseline}", "\n".join(finding(row) for _, row in wasted.iterrows())]
    return "\n\n".join([*lines, *(failure["traceback"] for failure in pairs.failures)])


def head_of(pairs: Pairs, reference: str) -> str:
    """What was run, over what, and whether that is enough."""
    seeds = pairs.frame["seed"]
    over = "luck and the parameter sets of the posterior" if pairs.over_posterior else "luck alone, at these parameters"
    few = " Few pairs: a look, not a result." if seeds.nunique() < FEW else ""
    shared = f" {pairs.sharing}" if pairs.sharing else ""
    failed = f" {len(pairs.failures)} runs failed and leave their pairs out; why stands at the end." * bool(
        pairs.failures
    )
    arms = ", ".join(arm for arm in pairs.arms if arm != reference)
    return (
        f"{pairs.baseline} and {arms} beside {reference}, the reference: {seeds.nunique()} pairs of runs each (seeds "
        f"{seeds.min()} to {seeds.max()}). Intervals are 95% bootstrap intervals over pairs and cover "
        f"{over}.{few}{shared}{failed} "
        "The reference says what would have been anyway. Scenarios may differ in more than their names say: "
        "docs/scenarios.md has what each consists of."
    )


def made_with(cfg: DictConfig, cases: list[Scenario], reference: str, year: int, pairs: Pairs) -> dict[str, Any]:
    """What a study was made with, for who reads its folder."""
    return {
        **study_inputs(str(cfg.baseline), cases[0], overridden(cfg), cfg.uncertainty, sets_of(cfg)),
        "arms": [case.name for case in cases[1:]],
        "asks": f"Who gains, and at what cost, beside {reference}",
        "cases": told_of(cases, [str(cfg.baseline), *arms_of(cfg).names, str(cfg.reference)][: len(cases)]),
        "reference": reference,
        "year": year,
        "pairs": int(pairs.frame["seed"].nunique()),
        "failures": len(pairs.failures),
    }


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="equity")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Simulate, see who gains at what cost, write and print."""
    cases, reference, year, seeds = checked(cfg)
    folder = writable(require_kind(folder_of(cfg), KIND))
    pairs = simulated(cfg, cases, seeds)
    gained, apart, paid = tables_of(pairs, reference, year)
    said = in_words(pairs, gained, apart, paid)
    command, made = origin(""), provenance("")
    quintiles = any(group.startswith("quintile") for group in groups(pairs.frame, year))
    lines = [curve(pairs.frame, name, year) for name in dict.fromkeys(paid["arm"]) if quintiles]
    told = Told(
        gained[gained["against"] == reference],
        apart[apart["against"] == reference],
        pd.concat(lines) if lines else pd.DataFrame(),
        paid,
        reference,
    )
    files = {folder / "table.parquet": bytes_of(pairs.frame, "parquet"), folder / "equity.txt": said.encode()}
    tables = {"equity": gained, "gaps": apart, "costs": paid}
    files |= {folder / f"{name}.csv": bytes_of(table, "csv") for name, table in tables.items()}
    files |= drawn(equity_page(told, pairs.over_posterior, footnote(made, pairs.sharing)), folder / "equity")
    all_written(
        with_checksums(files) | manifest_file(folder, KIND, command, made_with(cfg, cases, reference, year, pairs))
    )
    print(f"{said}\n\n" + "\n".join(str(path) for path in files))


if __name__ == "__main__":
    start(main, "equity")
