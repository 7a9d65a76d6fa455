"""Every named scenario side by side, and the hypotheses one by one, with a parameter set in which each fails.

python -m experiments.scenarios
python -m experiments.scenarios seeds=20 scenarios=[historical,no_backbone,policy_only]
"""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import hydra
import pandas as pd
from omegaconf import DictConfig, OmegaConf

from sim import ensemble, scenario, scenarios
from sim.analysis.clusters import sharing
from sim.analysis.doubling import Doubling, doubling_for, reached, require_run_reaches
from sim.analysis.hypotheses import HYPOTHESES, judged, verdict
from sim.configuration import configs
from sim.dates import date_of
from sim.errors import Mistake, shown
from sim.policy import Scenario
from sim.results.files import all_written, bytes_of, writable
from sim.results.folder import require_kind
from sim.rules.trust import trust_after
from sim.runs.parallel import processes
from sim.runs.posterior import set_of

from .command_line.entry import reports_errors, start
from .command_line.options import doubling_of, folder_of, integer, overridden, sets_of


def row_of(case: Scenario, runs: pd.DataFrame, doubling: Doubling) -> dict[str, Any]:
    """A scenario in one row: examinees, doubling, gap, and when the ministry came."""

    def middle(outcome: str) -> str:
        low, mid, high = runs[outcome].quantile([0.05, 0.5, 0.95])
        return f"{mid:,.0f} [{low:,.0f}, {high:,.0f}]"

    fitted = doubling_for(doubling, case.national)
    share = f"{share_doubled(runs, fitted)}{' (its own 2012)' * (fitted != doubling)}"
    return {
        "scenario": case.name,
        "examinees 2017": middle("examinees_2017"),
        "examinees 2020": middle("examinees_2020"),
        f"P({doubling.brief} by {doubling.by})": share,
        "gap Q1-Q5 2020": f"{runs['gap_quintiles_2020'].median():.3f}",
        "joins": when(runs["month_joined"]),
        "pilot": when(runs["month_pilot"]),
        "national": when(runs["month_national"]),
    }


def share_doubled(runs: pd.DataFrame, doubling: Doubling) -> str:
    """The share of runs that double, or that they have no base to double."""
    try:
        return f"{reached(runs, doubling).mean():.2f}"
    except Mistake:
        return "no base"


LEGEND = (
    "Examinees: median [5%, 95%] of runs; P(...): share of runs; gap: median of runs; ministry: median month (share of runs).\n"
    "Hypotheses: mean over seeds, and from low to high the 95% interval of that mean."
)
"""What the numbers of the table of scenarios are."""


def claims_of(frame: pd.DataFrame) -> str:
    """The hypotheses that some runs can judge, and what each estimate is, as text."""
    claims = judged(frame)
    lines = ["Hypotheses at these parameters"]
    lines += [claims.to_string(index=False, float_format=lambda v: f"{v:,.3f}"), "", "What is estimated"]
    lines += [f"{item.name}: {item.measures}" for item in HYPOTHESES if item.name in set(claims["hypothesis"])]
    return "\n".join(lines)


def when(months: pd.Series[float]) -> str:
    """The median month and the share of runs in which it came."""
    came = months.dropna()
    return "never" if came.empty else f"{date_of(int(came.median()))} ({len(came) / len(months):.0%})"


def contacts_between(low: float, high: float, case: Scenario) -> tuple[int, int]:
    """Good contacts that take trust up from low to high, and bad ones that take it back down."""
    p = case.parameters.trust
    counts = []
    for trust, goal, experience in ((low, high, 1.0), (high, low, 0.0)):
        number = 0
        while (goal - trust) * (experience - 0.5) > 0.0 and number < 1000:
            trust = float(trust_after(trust, experience, gain=p.gain, loss=min(p.gain * p.ratio, 1.0)))
            number += 1
        counts.append(number)
    return counts[0], counts[1]


def simulated(cases: list[Scenario], cfg: DictConfig, seeds: list[int], progress: bool) -> pd.DataFrame:
    """Runs of some scenarios, with how many more contacts it takes to win trust (0.4 to 0.6) than to lose it."""
    frame = ensemble(cases, seeds, cfg.jobs, progress=progress, uncertainty=cfg.uncertainty).frame
    sets, named = sets_of(cfg), {case.name: case for case in cases}
    pairs = zip(frame["scenario"], frame["seed"], strict=True)
    falls = [contacts_between(0.4, 0.6, named[name].drawn(set_of(sets, seed))) for name, seed in pairs]
    return frame.assign(trust_falls_faster=[up - down for up, down in falls])


def failing(cfg: DictConfig, seeds: list[int]) -> str:
    """Each hypothesis under the parameter set in which it is to fail, in words: mean (its 95% interval) [unit]."""
    lines = []
    for item in HYPOTHESES:
        cases = [scenario(name, set=item.fails_with) for name in item.scenarios]
        found = item.judge(simulated(cases, cfg, seeds, progress=False))
        lines.append(
            f"{item.name} {verdict(found)}: {found.mean:,.3f} ({found.low:,.3f} to {found.high:,.3f}) [{item.unit}] with"
        )
        said = ", ".join(f"{key}={value:g}" for key, value in item.fails_with.items())
        lines += wrap(said, 110, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)
    return "\n".join(lines)


def names_of(cfg: DictConfig) -> list[str]:
    """Names of the scenarios to compare. Raises Mistake where none is named, or one twice."""
    if cfg.scenarios == "all":
        return scenarios()
    names = [str(name) for name in cfg.scenarios] if OmegaConf.is_list(cfg.scenarios) else []
    if not names or len(dict.fromkeys(names)) < len(names):
        raise Mistake(f"`scenarios` is all, or a list of different names; got {shown(cfg.scenarios)}")
    return names


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="scenarios")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Simulate, print the table and the hypotheses, and keep both."""
    names, doubling, _ = names_of(cfg), doubling_of(cfg), processes(cfg.jobs)
    first, _ = integer(cfg, "first_seed"), sets_of(cfg)
    seeds = list(range(first, first + integer(cfg, "seeds", 1)))
    values = overridden(cfg)
    cases = [scenario(name, set=values) for name in names]
    for case in cases:
        require_run_reaches(doubling, case.last_month)
    folder = writable(require_kind(folder_of(cfg), "comparison of scenarios"))
    frame = simulated(cases, cfg, seeds, progress=True)
    table = pd.DataFrame([row_of(case, frame[frame["scenario"] == case.name], doubling) for case in cases])
    parts = [f"{len(seeds)} seeds a scenario. {LEGEND}", table.to_string(index=False), "", claims_of(frame)]
    parts += ["", sharing(frame)] * bool(sharing(frame))
    if cfg.scenarios == "all":
        few = seeds[: max(len(seeds) // 4, 1)]
        parts += ["", f"A parameter set of the declared ranges in which each fails, or is left open, {len(few)} seeds"]
        parts += [failing(cfg, few)]
    text = "\n".join(parts)
    all_written({folder / "scenarios.txt": text.encode(), folder / "table.parquet": bytes_of(frame, "parquet")})
    print(text)


if __name__ == "__main__":
    start(main, "scenarios")
