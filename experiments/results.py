"""Results of sweeps on disk: their state, and how a sweep goes on.

    python -m experiments.results status out=results/ratio    # what is there, missing, failed, torn or out of date
    python -m experiments.results resume                      # what is missing, by the command kept in the manifest
    python -m experiments.results extend seeds=200 timing=48  # more seeds, more values of factors; what is there stays
    python -m experiments.results rerun                       # only the runs that failed
    python -m experiments.results collect                     # table, summary and page of what is there

`out` names the folder, results/sweep by default; `load` names a Python file of yours, as in the command of the sweep. How
it runs may be said anew (jobs, block, fail_fast, max_failures, hydra/launcher). `status` ends with exit code 1 while runs
are missing or out of date.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

from sim.commands import commands_here, escaped
from sim.configuration import configs
from sim.design.samples import GROWING
from sim.errors import InputError, shown, suggestion
from sim.old_names import current_keys, current_words
from sim.results.files import path_of
from sim.results.identity import environment
from sim.results.store import Store
from sim.sweeps.options import FAILED
from sim.sweeps.provenance import RUNNING, what_changed
from sim.sweeps.words import NOTHING_CROSSED

from . import sweep
from .command_line.arguments import as_typed, holds_paths, literal, unescaped
from .command_line.entry import exit_with_one_line, load_files, start
from .command_line.overrides import check_overrides, parsed, swept
from .launchers import design as launching

VERBS = ("status", "resume", "extend", "rerun", "collect")

OF_THE_SWEEP = ("seeds", "first_seed", "out", "runs", "overwrite")
"""Keys that belong to a sweep's command and not to how it runs."""


def main() -> None:
    """Do what the first argument says with the sweep in a folder."""
    if {"--help", "-h"} & set(sys.argv[1:]) or not sys.argv[1:]:
        print(commands_here((__doc__ or "").strip()))
        return
    with exit_with_one_line():
        load_files()
        verb, changed = verb_and_keys(current_words("sweep", sys.argv[1:], warn=True))
        out = changed.pop("out", None)
        folder = path_of(default("out") if out is None else unescaped(out.value()))
        place = default("out") if out is None else as_typed(out.input_line).partition("=")[2]
        manifest = Store(folder).manifest()
        if verb == "collect":
            recorded = current_keys("sweep", manifest["configuration"])
            cfg = OmegaConf.create(recorded | {"out": escaped(str(folder))})
            absent = {"reference_facilitation": None, "doubling": {}}
            sys.exit(bool(sweep.print_report(OmegaConf.merge(absent, cfg))))
        if "arguments" not in manifest:
            raise InputError(
                f"the sweep in {folder} keeps no command to go on with: sweep again, by `{manifest['command']}`"
            )
        if verb == "rerun" and not Store(folder).failures():
            raise InputError(f"no run of the sweep in {folder} is on record as failed; `resume` does what is missing")
        changes = extended(changed, manifest, folder) if verb == "extend" else running(changed, verb)
        words = current_words("sweep", manifest["arguments"])
        sys.argv[1:] = with_changes(words, changes | {"out": place})
    if verb == "rerun":
        sys.argv.append(f"runs={FAILED}")
    if verb == "status":
        launching.PLANNED.append(print_status)
    start(sweep.main, "sweep")


def verb_and_keys(arguments: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """Return the first word, and the other words by key.

    Raises:
        InputError: a word that does not exist
    """
    verb, *rest = arguments
    if verb not in VERBS:
        raise InputError(
            f"the first word is one of {', '.join(VERBS)}; got {shown(verb)}{suggestion(verb, list(VERBS))}"
        )
    check_overrides(rest, "sweep")
    return verb, {override.key_or_group: override for override in parsed(rest)}


def default(key: str) -> Any:
    """Return the value of a key of the sweep where nobody gives one."""
    return OmegaConf.load(configs() / "experiment" / "sweep.yaml")[key]


def is_of_running(key: str) -> bool:
    """Whether a key only says how a sweep runs."""
    return key.startswith("hydra") or (key in RUNNING and key not in OF_THE_SWEEP)


def running(overrides: Mapping[str, Any], verb: str) -> dict[str, str]:
    """Keys of how a sweep runs, and their values.

    Raises:
        InputError: any other
    """
    for key in overrides:
        if not is_of_running(key):
            raise InputError(f"`{verb}` goes on with the sweep as it is; `{key}` would make another of it")
    return {key: override.get_value_string() for key, override in overrides.items()}


def extended(overrides: Mapping[str, Any], manifest: Mapping[str, Any], folder: Path) -> dict[str, str]:
    """Keys of a larger sweep and their values.

    Raises:
        InputError: what would make another sweep of it
    """
    changes = running({key: override for key, override in overrides.items() if is_of_running(key)}, "extend")
    (first, last), sampling = manifest["seeds"], manifest.get("sampling", {})
    factors = {} if sampling else values_by_key(current_words("sweep", manifest["arguments"]))
    for key, override in overrides.items():
        if key == "seeds":
            changes[key] = str(grown(override.value(), last - first + 1, "seeds", folder))
        elif key == "n" and sampling.get("kind") in GROWING:
            changes[key] = str(grown(override.value(), sampling["n"], "as `n`", folder))
        elif sampling and key not in changes:
            raise InputError(
                f"`extend` takes more `seeds` of a sampled sweep, or a larger `n` of {' and '.join(GROWING)}; got `{key}`"
            )
        elif key in factors and key not in RUNNING:
            changes[key] = ",".join([*values_as_typed(factors[key]), *values_as_typed(override, swept(factors[key]))])
        elif key not in changes:
            raise InputError(f"`extend` takes more `seeds`, or values of what the sweep in {folder} names; got `{key}`")
    return changes


def grown(number: Any, present: int, what: str, folder: Path) -> Any:
    """Return the number.

    Raises:
        InputError: it is not larger than the one the sweep has
    """
    if not isinstance(number, int) or number <= present:
        raise InputError(
            f"the sweep in {folder} has {present} {what}; `extend` takes a larger number; got {shown(number)}"
        )
    return number


def values_by_key(arguments: Sequence[str]) -> dict[str, Any]:
    """Return the words of a command by key, with what a sweep varies by default."""
    usual = OmegaConf.load(configs() / "experiment" / "sweep.yaml").hydra.sweeper.params
    crossed = {} if NOTHING_CROSSED in arguments else usual
    overrides = parsed([*(f"{key}={value}" for key, value in crossed.items()), *arguments])
    return {override.key_or_group: override for override in overrides}


def values_as_typed(override: Any, without: Sequence[Any] = ()) -> list[str]:
    """Return the values of a key as they are typed, without some of them."""
    written = list(override.sweep_string_iterator()) if override.is_sweep_override() else [override.get_value_string()]
    kept = [text for text, value in zip(written, swept(override), strict=True) if value not in without]
    return [literal(text) for text in kept] if holds_paths(override.key_or_group) else kept


def with_changes(arguments: Sequence[str], changes: dict[str, str]) -> list[str]:
    """Return the arguments of a command with some keys changed.

    >>> with_changes(["seeds=10", "timing=0"], {"seeds": "20"})
    ['timing=0', 'seeds=20']
    """
    kept = [argument for argument in arguments if argument.partition("=")[0] not in changes]
    return kept + [f"{key}={value}" for key, value in changes.items()]


def print_status(design: launching.Planned) -> None:
    """Print the state of a sweep on disk; the program ends here, with exit code 0 where all is there and as it was."""
    whole = sweep.sweep_of(design)
    store, before = whole.store, whole.store.manifest()
    points = [point["identity"] for point in before["design"]]
    what, failed = what_changed(before, whole.manifest), len(store.failures())
    runs, broken = store.stored_runs(points)
    complete, wanted = whole.runs_in(runs), whole.runs
    files, parts = store.parts(), set(points)
    count = sum(len(files.get(point, [])) for point in parts)
    print(f"{store.folder}: {whole.title}")
    print(
        f"runs      {complete:,} of {wanted:,} are there, {wanted - complete:,} are missing; "
        f"{failed:,} are on record as failed"
    )
    print(
        f"parts     {count - len(broken):,} whole, {len(broken):,} torn",
        *(f"\n  {p.name} {w}" for p, w in broken.items()),
    )
    print(f"made with {what or 'the model, parameters, policy and data of today'}")
    now = environment()["packages"]
    for name, version in before["environment"]["packages"].items():
        if version != now.get(name):
            print(f"  {name} was {version}, now {now.get(name)}")
    sys.exit(bool(what) or complete < wanted)


if __name__ == "__main__":
    main()
