"""Arms against a baseline, within pairs of runs that share their luck: differences, how surely, and by which way.

python -m experiments.compare baseline=historical_emergent arms=[no_backbone,policy_late]
python -m experiments.compare arms=governance
python -m experiments.compare baseline=us_region arms=[+no_backbone]
python -m experiments.compare precision=200 seeds=400
python -m experiments.compare arms=[no_backbone] outcomes=[examinees_2020,gap_quintiles_2020] uncertainty=posterior
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import hydra
import pandas as pd
from omegaconf import DictConfig, OmegaConf

from sim import diff, scenario, scenarios
from sim.analysis.doubling import doubling_for, known, reached, require_run_reaches
from sim.analysis.effects import with_doubling
from sim.analysis.headlines import DOUBLED, HEADLINES
from sim.analysis.paired_differences import described, differences, of_group, of_year, parts, reaches, together
from sim.analysis.replications import enough
from sim.analysis.sweep_grid import DATES
from sim.catalogue import targets
from sim.commands import origin
from sim.configuration import about_scenario, arm_over, configs, read
from sim.declare import Fact
from sim.errors import Mistake, is_one_of, shown, suggestion
from sim.figures.comparison_page import comparison_page
from sim.figures.style import drawn
from sim.findings.comparison import amount, by_outcome, finding, overview, split
from sim.old_names import current_name
from sim.outcomes.columns import columns_of
from sim.policy import Scenario
from sim.results.files import all_written, bytes_of, path_of, writable
from sim.results.folder import footnote, manifest_file, provenance, require_kind, with_checksums
from sim.runs.compare import FEW, FEWEST, Pairs, cases_of, compare, known_outcome, wanted_of
from sim.runs.parallel import processes
from sim.sweeps.provenance import study_inputs
from sim.tables.paths import is_yaml, parts_of

from .command_line.entry import reports_errors, start
from .command_line.options import doubling_of, integer, overridden, sets_of

FIRST = "examinees_2020"
"""The outcome that is told at length unless others are named."""

OUTCOME, YEAR, GROUP = "outcome", "year", "group"
"""By what differences are told."""

LEGEND = """\
difference: arm less baseline, mean over pairs [95% interval]. dates free: as each scenario has them; held: the ministry of
the arm acts in the months of the baseline's run of the same seed; none: it acts in neither, which is how an arm in which it
never does is told apart from the mere lack of its acts. runs saved: times fewer runs than arms with draws of their own would
need for an interval as narrow. better: share of pairs [95% interval] in which the arm is better. by month: share of the
variance of the free difference that the months of adoption in the two runs explain."""
"""What the columns of the tables are."""


@dataclass(frozen=True)
class Arms:
    """What a baseline is compared with.

    Args:
        names: of scenarios
        called: name of the set; empty: they were listed
        about: what the set asks, in words
    """

    names: list[str]
    called: str = ""
    about: str = ""


def is_set(said: str, sets: list[str]) -> bool:
    """Whether a word is meant as a set of arms: one of them, nearer to one than to a scenario, or a file of one."""
    if is_yaml(said) and parts_of(said) == [said]:
        return "arms" in read("arms", said, {"about", "arms", "policies", "set", "timing"})
    if "+" in said or said in scenarios():
        return False
    hint = suggestion(said, [*sets, *scenarios()])
    return not hint or any(f"`{name}`" in hint for name in sets)


def arms_of(cfg: DictConfig) -> Arms:
    """The arms: those listed, one alone, or a set by its name or from a file. Raises Mistake where none is named."""
    said = OmegaConf.to_container(cfg.arms, resolve=True) if OmegaConf.is_list(cfg.arms) else cfg.arms
    sets, arms = sorted(path.stem for path in (configs() / "arms").glob("*.yaml")), Arms([])
    said = current_name("arms", said)
    if isinstance(said, str) and is_set(said, sets):
        whole_set = read("arms", said, {"about", "arms"})
        arms, said = Arms([], Path(said).stem, str(whole_set.get("about", ""))), whole_set.get("arms")
    names = [said] if isinstance(said, str) else said
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise Mistake(f"`arms` is a list of scenarios, for example [no_backbone,policy_late]; got {shown(said)}")
    return replace(arms, names=names)


def outcomes_of(cfg: DictConfig, case: Scenario) -> list[str]:
    """The outcomes that are told, the first at length. Raises Mistake for what runs do not have, and one named twice."""
    facts = targets()[["pattern", "year", "group"]].itertuples(index=False)
    there = [DOUBLED, *columns_of(case), *(Fact(str(a), int(b), str(c)).column for a, b, c in facts)]
    if cfg.outcomes is None:
        return [name for name in dict.fromkeys((FIRST, *HEADLINES)) if name in there]
    said = OmegaConf.to_container(cfg.outcomes) if OmegaConf.is_list(cfg.outcomes) else cfg.outcomes
    names = [said] if isinstance(said, str) else said
    if not isinstance(names, list) or not names or len({str(name) for name in names}) < len(names):
        raise Mistake(f"`outcomes` is a list of different outcomes, or null; got {shown(said)}")
    for name in names:
        if not is_one_of(name, there):
            raise Mistake(f"unknown outcome `{name}`{suggestion(str(name), there)}")
    return names


def checked(cfg: DictConfig) -> tuple[list[Scenario], list[str], range]:
    """Baseline and arms, outcomes and seeds, before anything runs. Raises Mistake for what cannot be."""
    values, seeds = overridden(cfg), integer(cfg, "seeds")
    first = str(cfg.baseline)
    arms = [scenario(arm_over(first, name), set=values) for name in arms_of(cfg).names]
    cases = cases_of(scenario(first, set=values), arms)
    told, first = outcomes_of(cfg, cases[0]), integer(cfg, "first_seed")
    if seeds < FEWEST:
        raise Mistake(f"an interval takes {FEWEST} pairs of runs at least; got `seeds` {seeds}")
    if not isinstance(cfg.held, bool):
        raise Mistake(f"`held` is true or false; got {shown(cfg.held)}")
    if cfg.outcomes is not None and DOUBLED in told:
        require_run_reaches(doubling_for(doubling_of(cfg), cases[0].national), cases[0].last_month)
    if cfg.precision is not None and told[0] == DOUBLED:
        raise Mistake(f"`precision` is of the first outcome, and is not asked of `{DOUBLED}`: name another one first")
    wanted_of({"precision": cfg.precision})
    _ = sets_of(cfg), processes(cfg.jobs), integer(cfg, "batch", FEWEST), doubling_of(cfg)
    return cases, told, range(first, first + seeds)


def simulated(cfg: DictConfig, cases: list[Scenario], told: list[str], seeds: Sequence[int]) -> Pairs:
    """The runs, with whether each doubled where that is known. Raises Mistake where all failed or end before an outcome."""
    more: Any = {"held": cfg.held, "precision": cfg.precision, "outcome": told[0], "batch": cfg.batch}
    try:
        pairs = compare(cases[0], cases[1:], seeds, cfg.jobs, uncertainty=cfg.uncertainty, **more)
    except KeyboardInterrupt as stop:
        raise type(stop)("nothing is kept: a comparison is written when it is whole") from None
    frame, doubling = pairs.frame, doubling_for(doubling_of(cfg), cases[0].national)
    if not len(frame):
        last = pairs.failures[0]["traceback"].strip().splitlines()[-1]
        raise Mistake(f"every run failed, the first with {last}")
    if DOUBLED in told and known(frame, doubling):
        frame = with_doubling(frame, reached(frame, doubling), DOUBLED)
    for name in told if cfg.outcomes is not None else []:
        known_outcome(frame, name)
    return replace(pairs, frame=frame)


def tables_of(pairs: Pairs, told: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Differences by outcome, year and group, of years and groups those in which any arm differs; and parts of effects."""
    frame, about = pairs.frame, (pairs.frame, pairs.baseline, pairs.arms)
    kinds = {OUTCOME: [name for name in told if name in frame], YEAR: of_year(frame), GROUP: of_group(frame)}
    found = {by: differences(*about, names).assign(by=by) for by, names in kinds.items() if names}
    kept = [table if by == OUTCOME else that_differ(table) for by, table in found.items()]
    held = {name: parts(*about, name) for name in kinds[OUTCOME]}
    return pd.concat(kept, ignore_index=True), pd.concat(held.values(), ignore_index=True)


def that_differ(table: pd.DataFrame) -> pd.DataFrame:
    """The outcomes in which some arm differs from the baseline in some pair."""
    varies = table[["difference", "low", "high"]].fillna(0.0).abs().sum(axis=1) > 0
    return table[table["outcome"].isin(table.loc[varies, "outcome"])]


def in_words(pairs: Pairs, table: pd.DataFrame, effects: pd.DataFrame) -> str:
    """The comparison as text: what was run, the arms beside each other, findings, and each arm by outcome, year, group."""
    first = table["outcome"].iloc[0]
    main = table[(table["by"] == OUTCOME) & (table["outcome"] == first)]
    lines = [head_of(pairs, main), f"{first} [{described(first).unit}]\n{overview(main)}", LEGEND]
    said = [finding(row) for _, row in main.iterrows()]
    ways = [split(rows) for _, rows in effects[effects["outcome"] == first].groupby("arm", sort=False)]
    lines += ["What the intervals allow to say\n" + "\n".join(said)]
    lines += ["By which way\n" + "\n".join(ways)] * bool(effects["part"].nunique() > 1)
    for arm in pairs.arms:
        lines += [
            f"{arm} less {pairs.baseline}, by {by}\n{of_arm(table, arm, by)}" for by in dict.fromkeys(table["by"])
        ]
    return "\n\n".join([*lines, *[failure["traceback"] for failure in pairs.failures]])


def of_arm(table: pd.DataFrame, arm: str, by: str) -> str:
    """One arm by outcome, year or group, as text."""
    rows = table[table["by"] == by]
    return by_outcome(rows, arm, list(dict.fromkeys(rows["outcome"])))


def head_of(pairs: Pairs, main: pd.DataFrame) -> str:
    """What was run, over what, and whether the precision that was asked for was reached."""
    seeds = pairs.frame["seed"]
    over = "luck and the parameter sets of the posterior" if pairs.over_posterior else "luck alone, at these parameters"
    failed = (
        f" {len(pairs.failures)} runs failed and leave their pairs out; why stands at the end."
        if pairs.failures
        else ""
    )
    arms = f"{len(pairs.arms)} arms" if len(pairs.arms) > 1 else "1 arm"
    said = f"{pairs.baseline} and {arms}, {seeds.nunique()} pairs of runs each (seeds {seeds.min()} to "
    few = " Few pairs: a look, not a result." if seeds.nunique() < FEW else ""
    shared = f" {pairs.sharing}" if pairs.sharing else ""
    return f"{said}{seeds.max()}). Intervals cover {over}.{few}{shared}{failed}{precision_of(pairs, main)}"


def precision_of(pairs: Pairs, main: pd.DataFrame) -> str:
    """How many pairs the asked precision took, or which arm is furthest from it and how many it would take."""
    wanted, seeds, unit = pairs.wanted, pairs.frame["seed"].nunique(), described(main["outcome"].iloc[0]).unit
    if wanted is None:
        return ""
    goal = f"{amount(wanted.reach, signed=False)} {unit}".strip()
    if wanted.met:
        return (f"\nIt took {seeds} pairs until every interval of {wanted.outcome} reached {goal} at most to either side. "
                "Stopping when they are narrow leaves intervals a little too narrow.")  # fmt: skip
    reach = reaches(main)
    if main["n"].min() < FEW:
        return f"\nThe precision of {goal} is judged from {FEW} pairs on; an arm has {main['n'].min()}."
    row = main.loc[reach.idxmax()]
    pair = together(pairs.frame, pairs.baseline, row["arm"], wanted.outcome, row["dates"]).dropna()
    need = enough(float((pair["arm"] - pair["baseline"]).std()), wanted.reach)
    who = f"{row['arm']}, dates {DATES[row['dates']]}"
    if pairs.sharing:
        return (f"\nThe precision of {goal} was not reached with {seeds} pairs, the most allowed (`seeds`): {who}, reaches "
                f"{amount(float(reach.max()), signed=False)}. More pairs of the same sets help little: use a posterior with "
                "more sets.")  # fmt: skip
    return (f"\nThe precision of {goal} was not reached with {seeds} pairs, the most allowed (`seeds`): {who}, "
            f"reaches {amount(float(reach.max()), signed=False)}, and would take about {need:,} pairs.")  # fmt: skip


def told_of(cases: list[Scenario], asked: list[str]) -> dict[str, dict[str, str]]:
    """What each scenario is about and how it differs from the first, by its name.

    Args:
        cases: the baseline, then the others
        asked: by which names they were asked for
    """
    return {
        case.name: {"about": about_scenario(parts_of(name)[-1]), "differs": diff(cases[0], case)}
        for name, case in zip(asked, cases, strict=True)
    }


def made_with(cfg: DictConfig, cases: list[Scenario], arms: Arms, pairs: Pairs) -> dict[str, Any]:
    """What a comparison was made with, for who reads its folder."""
    return {
        "asks": arms.about,
        **study_inputs(str(cfg.baseline), cases[0], overridden(cfg), cfg.uncertainty, sets_of(cfg)),
        "arms": [arm_over(str(cfg.baseline), name) for name in arms.names],
        "cases": told_of(cases, [str(cfg.baseline), *arms.names]),
        "pairs": int(pairs.frame["seed"].nunique()),
        "failures": len(pairs.failures),
    }


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="compare")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Simulate, compare, write and print."""
    cases, told, seeds = checked(cfg)
    arms = arms_of(cfg)
    apart = f"_{arms.called}" if arms.called not in ("", "main") else ""
    folder = writable(require_kind(path_of(f"results/compare{apart}" if cfg.out is None else cfg.out), "comparison"))
    pairs = simulated(cfg, cases, told, seeds)
    table, effects = tables_of(pairs, told)
    said = in_words(pairs, table, effects)
    command, made = origin(""), provenance("")
    page = comparison_page(table, effects, pairs.over_posterior, footnote(made, pairs.sharing))
    files = {folder / "table.parquet": bytes_of(pairs.frame, "parquet"), folder / "compare.txt": said.encode()}
    files |= {
        folder / f"{name}.csv": bytes_of(frame, "csv") for name, frame in (("differences", table), ("parts", effects))
    }
    files |= drawn(page, folder / "compare")
    all_written(
        with_checksums(files) | manifest_file(folder, "comparison", command, made_with(cfg, cases, arms, pairs))
    )
    print(f"{said}\n\n" + "\n".join(str(path) for path in files))


if __name__ == "__main__":
    start(main, "compare")
