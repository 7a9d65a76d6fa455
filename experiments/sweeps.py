"""Sweeps on disk: what is there, and how one goes on.

    python -m experiments.sweeps status out=results/ratio    # what is there, missing, failed, torn or out of date
    python -m experiments.sweeps resume                      # what is missing, by the command kept in the manifest
    python -m experiments.sweeps extend seeds=200 timing=48  # more seeds, more values of factors; what is there stays
    python -m experiments.sweeps rerun                       # only the runs that failed
    python -m experiments.sweeps collect                     # table, summary and page of what is there

`out` names the folder, results/sweep where it is not said. How it runs may be said anew (jobs, block, fail_fast,
max_failures, hydra/launcher). `status` ends with exit code 1 while runs are missing or out of date.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

from sim.commands import commands_here, escaped
from sim.configuration import configs
from sim.design.samples import GROWING
from sim.errors import Mistake, shown, suggestion
from sim.results.files import path_of
from sim.results.identity import environment
from sim.results.store import Store
from sim.sweeps.provenance import RUNNING, what_changed

from . import sweep
from .command_line.arguments import as_typed, holds_paths, literal, unescaped
from .command_line.entry import exit_with_one_line, start
from .command_line.overrides import check_overrides, parsed, swept
from .launchers import design as launching
from .reporting import finish
from .sweeping import FAILED

VERBS = ("status", "resume", "extend", "rerun", "collect")

OF_THE_SWEEP = ("seeds", "first_seed", "out", "only", "afresh")
"""Keys that belong to a sweep's command and not to how it runs."""


def main() -> None:
    """Do what the first argument says with the sweep in a folder."""
    if {"--help", "-h"} & set(sys.argv[1:]) or not sys.argv[1:]:
        print(commands_here((__doc__ or "").strip()))
        return
    with exit_with_one_line():
        verb, said = asked_for(sys.argv[1:])
        out = said.pop("out", None)
        folder = path_of(default("out") if out is None else unescaped(out.value()))
        place = default("out") if out is None else as_typed(out.input_line).partition("=")[2]
        manifest = Store(folder).manifest()
        if "arguments" not in manifest:
            raise Mistake(
                f"the sweep in {folder} keeps no command to go on with: sweep again, by `{manifest['command']}`"
            )
        if verb == "collect":
            sys.exit(bool(finish(OmegaConf.create(manifest["configuration"] | {"out": escaped(str(folder))}))))
        if verb == "rerun" and not Store(folder).failures():
            raise Mistake(f"no run of the sweep in {folder} is on record as failed; `resume` does what is missing")
        changes = more(said, manifest, folder) if verb == "extend" else running(said, verb)
        sys.argv[1:] = with_(manifest["arguments"], changes | {"out": place})
    if verb == "rerun":
        sys.argv.append(f"only={FAILED}")
    if verb == "status":
        launching.PLANNED.append(told)
    start(sweep.main, "sweep")


def asked_for(arguments: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """What is to be done, and the keys that are given. Raises Mistake for what there is not."""
    verb, *rest = arguments
    if verb not in VERBS:
        raise Mistake(f"the first word is one of {', '.join(VERBS)}; got {shown(verb)}{suggestion(verb, list(VERBS))}")
    check_overrides(rest, "sweep")
    return verb, {override.key_or_group: override for override in parsed(rest)}


def default(key: str) -> Any:
    """The value of a key of the sweep where nobody gives one."""
    return OmegaConf.load(configs() / "experiment" / "sweep.yaml")[key]


def of_running(key: str) -> bool:
    """Whether a key only says how a sweep runs."""
    return key.startswith("hydra") or (key in RUNNING and key not in OF_THE_SWEEP)


def running(said: dict[str, Any], verb: str) -> dict[str, str]:
    """Keys of how a sweep runs, and their values. Raises Mistake for any other."""
    for key in said:
        if not of_running(key):
            raise Mistake(f"`{verb}` goes on with the sweep as it is; `{key}` would make another of it")
    return {key: override.get_value_string() for key, override in said.items()}


def more(said: dict[str, Any], manifest: dict[str, Any], folder: Path) -> dict[str, str]:
    """Keys of a larger sweep and their values. Raises Mistake for what would make another sweep of it."""
    changes = running({key: override for key, override in said.items() if of_running(key)}, "extend")
    (first, last), sampling = manifest["seeds"], manifest.get("sampling", {})
    factors = {} if sampling else named(manifest["arguments"])
    for key, override in said.items():
        if key == "seeds":
            changes[key] = str(grown(override.value(), last - first + 1, "seeds", folder))
        elif key == "n" and sampling.get("kind") in GROWING:
            changes[key] = str(grown(override.value(), sampling["n"], "as `n`", folder))
        elif sampling and key not in changes:
            raise Mistake(
                f"`extend` takes more `seeds` of a sampled sweep, or a larger `n` of {' and '.join(GROWING)}; got `{key}`"
            )
        elif key in factors and key not in RUNNING:
            changes[key] = ",".join([*texts(factors[key]), *texts(override, swept(factors[key]))])
        elif key not in changes:
            raise Mistake(f"`extend` takes more `seeds`, or values of what the sweep in {folder} names; got `{key}`")
    return changes


def grown(number: Any, there: int, what: str, folder: Path) -> Any:
    """The number. Raises Mistake where it is no more than there are of it."""
    if not isinstance(number, int) or number <= there:
        raise Mistake(f"the sweep in {folder} has {there} {what}; `extend` takes a larger number; got {shown(number)}")
    return number


def named(arguments: Sequence[str]) -> dict[str, Any]:
    """What a command says, key by key, and what a sweep varies where nothing is said."""
    usual = OmegaConf.load(configs() / "experiment" / "sweep.yaml").hydra.sweeper.params
    said = parsed([*(f"{key}={value}" for key, value in usual.items()), *arguments])
    return {override.key_or_group: override for override in said}


def texts(override: Any, known: Sequence[Any] = ()) -> list[str]:
    """The values of a key as they are written, but for those that are known."""
    written = list(override.sweep_string_iterator()) if override.is_sweep_override() else [override.get_value_string()]
    kept = [text for text, value in zip(written, swept(override), strict=True) if value not in known]
    return [literal(text) for text in kept] if holds_paths(override.key_or_group) else kept


def with_(arguments: Sequence[str], changes: dict[str, str]) -> list[str]:
    """The arguments of a command with some keys changed.

    >>> with_(["seeds=10", "timing=0"], {"seeds": "20"})
    ['timing=0', 'seeds=20']
    """
    kept = [argument for argument in arguments if argument.partition("=")[0] not in changes]
    return kept + [f"{key}={value}" for key, value in changes.items()]


def told(design: launching.Planned) -> None:
    """Print the state of a sweep on disk; the program ends here, with exit code 0 where all is there and as it was."""
    asked = sweep.sweep_of(design)
    before = asked.store.manifest()
    points = [point["identity"] for point in before["design"]]
    what, failed = what_changed(before, asked.manifest), len(asked.store.failures())
    runs, torn = asked.store.found(points)
    there, wanted = asked.runs_in(runs), asked.runs
    files = sum(len(asked.store.parts().get(point, [])) for point in set(points))
    print(f"{asked.store.folder}: {asked.told}")
    print(
        f"runs      {there:,} of {wanted:,} are there, {wanted - there:,} are missing; {failed:,} are on record as failed"
    )
    print(f"parts     {files - len(torn):,} whole, {len(torn):,} torn", *(f"\n  {p.name} {w}" for p, w in torn.items()))
    print(f"made with {what or 'the model, parameters, policy and data of today'}")
    for name, version in before["environment"]["packages"].items():
        now = environment()["packages"].get(name)
        if version != now:
            print(f"  {name} was {version}, now {now}")
    sys.exit(bool(what) or there < wanted)


if __name__ == "__main__":
    main()
