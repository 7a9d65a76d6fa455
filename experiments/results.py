"""Manage results of sweeps on disk: show their state, continue, extend or repeat them.

    python -m experiments.results status out=results/ratio    # complete, missing, failed, broken and outdated runs
    python -m experiments.results resume                      # run what is missing, by the command in the manifest
    python -m experiments.results extend seeds=200 timing=48  # more seeds, more values of factors; results stay
    python -m experiments.results rerun                       # only the runs that failed
    python -m experiments.results collect                     # table, summary and page of the existing results

`out` names the folder, results/sweep by default; `load` names your Python file, as in the command of the sweep. A file of
outcomes that the sweep was made with runs again. Options of the run may be changed (jobs, block, fail_fast, max_failures,
keep, engine, cluster). `status` ends with exit code 1 while runs are missing or outdated.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

from sim.commands import commands_here, escaped
from sim.configuration import configs
from sim.declare import users_outcomes
from sim.design.samples import GROWING
from sim.errors import InputError, shown, suggestion
from sim.old_names import current_keys, current_words
from sim.results.files import path_of
from sim.results.identity import environment
from sim.results.outcome_versions import dropped_outcomes, outdated_text
from sim.results.store import Store
from sim.sweeps.options import FAILED
from sim.sweeps.provenance import RUNNING, what_changed
from sim.sweeps.words import NOTHING_CROSSED

from . import sweep
from .command_line import sweep_design
from .command_line.arguments import as_typed, as_user_types, holds_paths, unescaped
from .command_line.entry import exit_with_one_line, load_files, names_outcomes, outcome_words, start
from .command_line.overrides import check_overrides, parse_words, sweep_values

VERBS = ("status", "resume", "extend", "rerun", "collect")

SWEEP_KEYS = ("seeds", "first_seed", "out", "runs", "overwrite")
"""Keys that belong to a sweep's command and not to options of the run."""


def main() -> None:
    """Apply the first argument to the sweep in a folder."""
    if {"--help", "-h"} & set(sys.argv[1:]) or not sys.argv[1:]:
        print(commands_here((__doc__ or "").strip()))
        return
    with exit_with_one_line():
        load_files()
        verb, overrides = verb_and_overrides(current_words("sweep", sys.argv[1:], warn=True))
        out = overrides.pop("out", None)
        folder = path_of(sweep_default("out") if out is None else unescaped(out.value()))
        place = sweep_default("out") if out is None else as_typed(out.input_line).partition("=")[2]
        manifest = Store(folder).manifest()
        if verb == "collect":
            recorded = current_keys("sweep", manifest["configuration"])
            cfg = OmegaConf.create(recorded | {"out": escaped(str(folder))})
            absent = {"reference_facilitation": None, "doubling": {}}
            sys.exit(bool(sweep.print_report(OmegaConf.merge(absent, cfg))))
        if "arguments" not in manifest:
            raise InputError(
                f"the manifest of the sweep in {folder} has no arguments; run the sweep again: `{manifest['command']}`"
            )
        if verb == "rerun" and not Store(folder).failures():
            raise InputError(f"the sweep in {folder} has no failed run; use `resume` for missing runs")
        changes = extension(overrides, manifest, folder) if verb == "extend" else run_options(overrides, verb)
        words = current_words("sweep", manifest["arguments"])
        if outcome_words():  # the file is named on this command line too
            words = [word for word in words if not names_outcomes(word)]
        elif not any(map(names_outcomes, words)):
            require_outcomes(manifest, folder)
        sys.argv[1:] = with_changes(words, changes | {"out": place})
    if verb == "rerun":
        sys.argv.append(f"runs={FAILED}")
    if verb == "status":
        sweep_design.PLANNED.append(print_status)
    start(sweep.main, "sweep")


def require_outcomes(manifest: Mapping[str, Any], folder: Path) -> None:
    """Check that the user's outcomes of a sweep are declared in this process, so that its table does not lose them.

    Args:
        manifest: of the sweep
        folder: of the sweep

    Raises:
        InputError: an outcome is not declared
    """
    for name in dropped_outcomes(manifest.get("outcomes", {}), users_outcomes()):
        raise InputError(
            f"the outcome `{name}` of the sweep in {folder} is not declared here; name its file with `outcomes=FILE.py`"
        )


def verb_and_overrides(arguments: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """Return the first word, and the overrides of the other words by key.

    Raises:
        InputError: the first word does not exist
    """
    verb, *rest = arguments
    if verb not in VERBS:
        raise InputError(
            f"the first word must be one of {', '.join(VERBS)}; got {shown(verb)}{suggestion(verb, list(VERBS))}"
        )
    check_overrides(rest, "sweep")
    return verb, {override.key_or_group: override for override in parse_words(rest)}


def sweep_default(key: str) -> Any:
    """Return the default of a key of the sweep."""
    return OmegaConf.load(configs() / "experiment" / "sweep.yaml")[key]


def is_run_option(key: str) -> bool:
    """Return true if a key is only an option of the run."""
    return key.startswith(("hydra", "cluster.")) or (key in RUNNING and key not in SWEEP_KEYS)


def run_options(overrides: Mapping[str, Any], verb: str) -> dict[str, str]:
    """Return options of the run with their values.

    Raises:
        InputError: there is another key
    """
    for key in overrides:
        if not is_run_option(key):
            raise InputError(
                f"`{verb}` cannot change `{key}`, which would make it another sweep; run the sweep with `{key}` and another "
                f"`out`"
            )
    return {key: override.get_value_string() for key, override in overrides.items()}


def extension(overrides: Mapping[str, Any], manifest: Mapping[str, Any], folder: Path) -> dict[str, str]:
    """Return the keys of a larger sweep with their values.

    Raises:
        InputError: a key would make it another sweep
    """
    changes = run_options({key: override for key, override in overrides.items() if is_run_option(key)}, "extend")
    (first, last), sampling = manifest["seeds"], manifest.get("sampling", {})
    factors = {} if sampling else values_by_key(current_words("sweep", manifest["arguments"]))
    for key, override in overrides.items():
        if key == "seeds":
            changes[key] = str(larger(override.value(), last - first + 1, "seeds", folder))
        elif key == "n" and sampling.get("kind") in GROWING:
            changes[key] = str(larger(override.value(), sampling["n"], "as `n`", folder))
        elif sampling and key not in changes:
            raise InputError(
                f"`extend` cannot change `{key}` of a sampled sweep; give more `seeds`, or a larger `n` of "
                f"{' and '.join(GROWING)}"
            )
        elif key in factors and key not in RUNNING:
            changes[key] = ",".join(
                [*values_as_typed(factors[key]), *values_as_typed(override, sweep_values(factors[key]))]
            )
        elif key not in changes:
            raise InputError(
                f"`extend` cannot change `{key}`; give more `seeds`, or values of factors of the sweep in {folder}"
            )
    return changes


def larger(number: Any, present: int, noun: str, folder: Path) -> Any:
    """Return the number.

    Raises:
        InputError: it is not larger than the sweep's own
    """
    if not isinstance(number, int) or number <= present:
        raise InputError(
            f"the sweep in {folder} has {present} {noun}; `extend` needs a larger number; got {shown(number)}"
        )
    return number


def values_by_key(arguments: Sequence[str]) -> dict[str, Any]:
    """Return the words of a command by key, with the default factors of a sweep."""
    default_values = OmegaConf.load(configs() / "experiment" / "sweep.yaml").hydra.sweeper.params
    crossed = {} if NOTHING_CROSSED in arguments else default_values
    overrides = parse_words([*(f"{key}={value}" for key, value in crossed.items()), *arguments])
    return {override.key_or_group: override for override in overrides}


def values_as_typed(override: Any, without: Sequence[Any] = ()) -> list[str]:
    """Return the values of a key as typed, without some of them."""
    all_texts = (
        list(override.sweep_string_iterator()) if override.is_sweep_override() else [override.get_value_string()]
    )
    texts = [text for text, value in zip(all_texts, sweep_values(override), strict=True) if value not in without]
    return [as_user_types(text) for text in texts] if holds_paths(override.key_or_group) else texts


def with_changes(arguments: Sequence[str], changes: dict[str, str]) -> list[str]:
    """Return the arguments of a command with some keys changed.

    >>> with_changes(["seeds=10", "timing=0"], {"seeds": "20"})
    ['timing=0', 'seeds=20']
    """
    unchanged = [argument for argument in arguments if argument.partition("=")[0] not in changes]
    return unchanged + [f"{key}={value}" for key, value in changes.items()]


def print_status(design: sweep_design.Planned) -> None:
    """Print the state of a sweep on disk and end the program, with exit code 0 if it is complete and up to date."""
    stored_sweep = sweep.sweep_of(design)
    store, manifest = stored_sweep.store, stored_sweep.store.manifest()
    points = [point["identity"] for point in manifest["design"]]
    changes, failed = what_changed(manifest, stored_sweep.manifest), len(store.failures())
    stored = stored_sweep.stored_runs(points)
    broken, complete, total = stored.broken, stored_sweep.runs_in(stored.runs), stored_sweep.runs
    files, parts = store.parts(), set(points)
    count = sum(len(files.get(point, [])) for point in parts)
    print(f"{store.folder}: {stored_sweep.title}")
    print(f"runs      {complete:,} of {total:,} complete, {total - complete:,} missing; {failed:,} failed")
    print(
        f"parts     {count - len(broken):,} whole, {len(broken):,} torn",
        *(f"\n  {path.name} {reason}" for path, reason in broken.items()),
    )
    if stored.outdated:
        print(f"outcomes  {outdated_text(stored.outdated, stored.lacking)}")
    print(f"made with {changes or 'the model, parameters, policy and data of today'}")
    versions = environment()["packages"]
    for name, version in manifest["environment"]["packages"].items():
        if version != versions.get(name):
            print(f"  {name} was {version}, now {versions.get(name)}")
    sys.exit(bool(changes) or complete < total)


if __name__ == "__main__":
    main()
