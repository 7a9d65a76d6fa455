"""Which findings survive other mechanisms? Each comparison again under every rival, within pairs of runs.

    python -m experiments.robust
    python -m experiments.robust arms=[no_backbone] mechanisms=[reputation,no_readiness] seeds=100

Rivals run at the parameter sets of the model's own posterior: they are not fitted anew (`experiments.calibrate
rivals=all` does that).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import hydra
import pandas as pd
from omegaconf import DictConfig, OmegaConf

from sim import scenario
from sim.analysis.clusters import sentence
from sim.analysis.paired_differences import differences, estimate_of
from sim.analysis.robustness import HOLDS, surviving, survivors
from sim.analysis.sweep_grid import AT_DATES
from sim.commands import origin
from sim.configuration import arm_over, configs, given
from sim.errors import Mistake, shown, suggestion
from sim.figures.robustness import surviving_page
from sim.figures.style import drawn
from sim.findings.comparison import ranged
from sim.labels import label_of
from sim.outcomes.columns import columns_of
from sim.parameters import checked
from sim.policy import Scenario
from sim.results.files import all_written, bytes_of, writable
from sim.results.folder import footnote, manifest_file, provenance, require_kind, with_checksums
from sim.runs.compare import FEWEST, cases_of, compare
from sim.runs.parallel import processes
from sim.sweeps.provenance import study_inputs

from .command_line.entry import reports_errors, start
from .command_line.options import folder_of, integer, listed, outcomes_in, overridden, sets_of

ITSELF, ALL = "the model", "all"
"""What mechanisms are held against; every one of the configuration."""


def mechanisms_of(cfg: DictConfig) -> dict[str, dict[str, Any]]:
    """The model and its rivals, each with the parameters it holds. Raises Mistake for an unknown one, or none."""
    there: Any = OmegaConf.to_container(cfg.mechanism, resolve=True)
    asked = list(there) if cfg.mechanisms == ALL else listed(cfg, "mechanisms")
    for name in asked:
        if name not in there:
            raise Mistake(f"unknown mechanism `{name}`{suggestion(name, list(there))}")
    if not asked:
        raise Mistake(f"there is nothing to be robust against: `mechanisms` is {ALL} or some of {', '.join(there)}")
    held = {name: {key: checked(key, value) for key, value in given(there[name])} for name in asked}
    return {ITSELF: {}} | held


def cases_under(cfg: DictConfig, held: Mapping[str, Any]) -> list[Scenario]:
    """Baseline and arms under a mechanism. Raises Mistake for what cannot be compared, or is set as well."""
    own = overridden(cfg)
    for key in held:
        if key in own:
            raise Mistake(f"`{key}` is what a mechanism holds, so that it cannot be set as well")
    values = own | dict(held)
    first = str(cfg.baseline)
    arms = [scenario(arm_over(first, name), set=values) for name in listed(cfg, "arms")]
    return cases_of(scenario(first, set=values), arms)


def compared(cfg: DictConfig, outcomes: list[str]) -> pd.DataFrame:
    """Differences of every arm under every mechanism. Raises Mistake where every run of one failed."""
    first, tables = integer(cfg, "first_seed"), []
    seeds = range(first, first + integer(cfg, "seeds", FEWEST))
    for name, held in mechanisms_of(cfg).items():
        print(f"{name}:", file=sys.stderr)
        cases = cases_under(cfg, held)
        pairs = compare(cases[0], cases[1:], seeds, cfg.jobs, uncertainty=cfg.uncertainty, held=cfg.held)
        if not len(pairs.frame):
            raise Mistake(f"every run under {name} failed: {pairs.failures[0]['traceback'].strip().splitlines()[-1]}")
        tables.append(differences(pairs.frame, pairs.baseline, pairs.arms, outcomes).assign(mechanism=name))
    return pd.concat(tables, ignore_index=True)


def in_words(table: pd.DataFrame, cfg: DictConfig) -> str:
    """Which findings survive, and which do not, in sentences."""
    found = survivors(table, ITSELF)
    rivals = table["mechanism"].nunique() - 1
    said = [f"{len(found)} findings of the model over {cfg.seeds} pairs of runs, under {rivals} other mechanisms at the same "
            "parameter sets (not fitted anew)"]  # fmt: skip
    for _, row in found.iterrows():
        less = "; ".join(f"{word} under {row[word]}" for word in ("open", "reversed") if row[word])
        said.append(f"{row['arm']}, {at(row)}: {ranged(estimate_of({**row, 'n': cfg.seeds}))}; holds under "
                    f"{row[HOLDS]} of {row['of']}{f'; {less}' if less else ''}")  # fmt: skip
    none = table[(table["mechanism"] == ITSELF) & (table["found"] == 0)]
    said += [f"{row['arm']}, {at(row)}: no effect cannot be excluded "
             f"in the model itself: {ranged(estimate_of(row))}" for _, row in none.iterrows()]  # fmt: skip
    return "\n".join(said)


def at(row: Any) -> str:
    """The outcome of a row and its dates, in words."""
    return f"{row['outcome']} {AT_DATES[row['dates']]}".rstrip()


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="robust")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Compare under every mechanism, judge, write and print."""
    for held in mechanisms_of(cfg).values():
        cases = cases_under(cfg, held)
    outcomes = outcomes_in(cfg, columns_of(cases[0]))
    if not isinstance(cfg.held, bool):
        raise Mistake(f"`held` is true or false; got {shown(cfg.held)}")
    integer(cfg, "seeds", FEWEST)
    sets_of(cfg)
    processes(cfg.jobs)
    folder = writable(require_kind(folder_of(cfg), "test of robustness"))
    table = surviving(compared(cfg, outcomes), ITSELF)
    shared = sentence(integer(cfg, "seeds", FEWEST), len(sets_of(cfg)), "pairs")
    said = "\n".join(filter(None, [in_words(table, cfg), shared]))
    command, made = origin(""), provenance("")
    page = surviving_page(table, ITSELF, {name: label_of(name) for name in outcomes}, footnote(made, shared))
    files = {folder / "robust.csv": bytes_of(table, "csv"), folder / "robust.txt": said.encode()}
    files |= {folder / "findings.csv": bytes_of(survivors(table, ITSELF), "csv")} | drawn(page, folder / "robust")
    made_with = {
        **study_inputs(str(cfg.baseline), cases_under(cfg, {})[0], overridden(cfg), cfg.uncertainty, sets_of(cfg)),
        "arms": [arm_over(str(cfg.baseline), name) for name in listed(cfg, "arms")],
        "mechanisms": {name: held for name, held in mechanisms_of(cfg).items() if held},
        "pairs": integer(cfg, "seeds", FEWEST),
    }
    all_written(with_checksums(files) | manifest_file(folder, "test of robustness", command, made_with))
    print(f"{said}\n\n" + "\n".join(str(path) for path in files))


if __name__ == "__main__":
    start(main, "robust")
