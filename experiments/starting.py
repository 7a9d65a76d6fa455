"""How every program starts: keys are checked before Hydra sees them, and a mistake ends in one sentence."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from dataclasses import fields
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

from hydra._internal.utils import get_args_parser
from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import QuotedString
from hydra.errors import HydraException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from experiments.arguments import as_typed, for_hydra, quoted
from experiments.launchers.jobs import check_launcher
from sim.analysis.doubling import Doubling
from sim.configuration import configs, empty_schema, given, scenario
from sim.dates import date_of, month_of
from sim.errors import Mistake, shown, suggestion, whole_number
from sim.parameters import checked, declared_parameters
from sim.policy import Scenario
from sim.results.store import path_of
from sim.runs.interrupts import heed
from sim.runs.posterior import ParameterSets, fingerprint, parameter_sets
from sim.runs.streams import escape_what_cannot_be_encoded

ConfigStore.instance().store(name="parameters", node=empty_schema())


LOST = (
    "a process at work was killed, by somebody or for want of memory (`jobs=1` needs least); what was complete is kept, "
    "and the same command goes on from it"
)
"""What is said when a process of several does not come back."""


@contextmanager
def said_in_one_sentence() -> Iterator[None]:
    """Mistakes end the program with one sentence and exit code 2; an interruption with exit code 130."""
    try:
        yield
    except Mistake as mistake:
        print(f"error: {mistake}", file=sys.stderr)
        sys.exit(2)
    except (HydraException, OmegaConfBaseException) as error:
        print(f"error: {Mistake(str(error).partition(chr(10))[0])}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:  # who reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except BrokenExecutor:
        print(f"error: {Mistake(LOST)}", file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        print(f"error: {error.filename or 'a file'} cannot be written or read: {error.strerror}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt as stop:
        kept = str(stop) or "what was complete is kept, and the same command goes on from it"
        print(f"interrupted: {kept}", file=sys.stderr)
        sys.exit(143 if isinstance(stop, Terminated) else 130)


class Terminated(KeyboardInterrupt):
    """The system asks the program to end: it ends as if its user had."""


def spoken(task: Callable[[Any], None]) -> Callable[[Any], None]:
    """A task whose mistakes end the program before Hydra adds words of its own."""

    @wraps(task)
    def said(cfg: Any) -> None:
        with said_in_one_sentence():
            task(cfg)

    return said


def keys_of(program: str) -> list[str]:
    """Keys that a program understands besides the declared parameters."""
    said = OmegaConf.to_container(OmegaConf.load(configs() / "experiment" / f"{program}.yaml"))
    assert isinstance(said, dict)
    nested = {str(k): v for k, v in said.items() if k not in ("defaults", "hydra")}
    deep = [name for name, _ in given({k: v for k, v in nested.items() if isinstance(v, dict)})]
    return [k for k, v in nested.items() if not isinstance(v, dict)] + deep + [k for k in nested if k == "doubling"]


def check_overrides(arguments: list[str], program: str) -> None:
    """Refuse unknown keys and values that a declared parameter cannot take. Raises Mistake in one sentence."""
    known, given_once = [*declared_parameters(), *keys_of(program)], set[str]()
    for override in parsed(arguments):
        key = override.key_or_group
        if not key:
            raise unreadable(override.input_line)
        if key in given_once:
            raise Mistake(f"`{key}` is given twice")
        given_once.add(key)
        if key.startswith(("hydra.", "hydra/")):
            check_of_hydra(key)
            if key == "hydra/launcher":
                check_launcher(override.value())
            continue
        if key not in known:
            raise Mistake(f"unknown key `{shown(key)[1:-1]}`{suggestion(key, known)}")
        if override.is_add() or override.is_delete() or override.package:
            raise Mistake(f"`{override.input_line}` adds or deletes a key; write `{key}=value`")
        check_values(override, program)


def parsed(arguments: list[str]) -> list[Any]:
    """The overrides among the arguments of a command. Raises Mistake for an option that there is not."""
    options = get_args_parser()
    options.error = refuse  # type: ignore[method-assign, assignment]
    found = []
    for override in options.parse_args(for_hydra(arguments)).overrides:
        try:
            found.append(OverridesParser.create().parse_override(override))
        except HydraException:
            raise unreadable(override) from None
        except ValueError:  # Python reads no number of more than some thousand digits
            raise Mistake("a number of thousands of digits is no value for any key") from None
    return found


def unreadable(word: str) -> Mistake:
    """The Mistake for a word that Hydra cannot read, with the word in quotes where that helps."""
    key, sign, value = as_typed(word).partition("=")
    how = ""
    if value and key in declared_parameters():
        how = f"; text with special characters needs quotes within quotes: {shlex.quote(f'{key}={quoted(value)}')}"
    return Mistake(f"{shown(key + sign + value)} cannot be read; what differs is written `key=value`{how}")


def refuse(problem: str) -> NoReturn:
    """What argparse does with a wrong option. Raises Mistake instead."""
    raise Mistake(problem)


def check_of_hydra(key: str) -> None:
    """Refuse what of Hydra's own configuration would take a program apart. Raises Mistake."""
    if key in ("hydra.mode", "hydra.callbacks", "hydra.sweep.dir", "hydra.sweep.subdir", "hydra.run.dir"):
        raise Mistake(f"`{key}` is what the program stands on, and stays as it is; `out` says where results go")


def check_values(override: Any, program: str) -> None:
    """Refuse values that a key cannot take, several where only one has a meaning, or one twice. Raises Mistake."""
    key = override.key_or_group
    try:
        values = swept(override)
    except HydraException:
        raise unreadable(override.input_line) from None
    typed = as_typed(override.input_line)
    if len(values) > 1 and program != "sweep":
        raise Mistake(f"`{key}` has several values: `experiments.sweep` takes them, `experiments.{program}` takes one")
    if len(values) > 1 and key not in (*declared_parameters(), "scenario", "timing"):
        raise Mistake(f"`{key}` holds for the whole sweep, so it has one value; got {shown(typed)}")
    if not values:
        raise Mistake(f"`{key}` has no value; got {shown(typed)}")
    if any(value in values[:place] for place, value in enumerate(values)):
        raise Mistake(f"`{key}` has a value twice; got {shown(typed)}")
    for value in values:
        if key in declared_parameters():
            checked(key, value)


def swept(override: Any) -> list[Any]:
    """The values an override gives to its key: one, or those of a sweep."""
    if not override.is_sweep_override():
        return [override.value()]
    return [value.text if isinstance(value, QuotedString) else value for value in override.sweep_iterator()]


def case_of(cfg: Any) -> Scenario:
    """The scenario that a composed configuration describes. Raises Mistake for a wrong key or value."""
    return scenario(str(cfg.scenario), cfg.get("timing"), overridden(cfg))


def overridden(cfg: Any) -> dict[str, Any]:
    """The declared parameters that a composed configuration sets, by dotted name."""
    said = OmegaConf.to_container(cfg, resolve=True)
    assert isinstance(said, dict)
    sections = {name.split(".")[0] for name in declared_parameters()}
    return dict(given({str(k): v for k, v in said.items() if k in sections}))


def made_from(cfg: Any, baseline: str, case: Scenario) -> dict[str, Any]:
    """What a study is made from, for who reads its folder: baseline, parameters that were set, and the posterior.

    Args:
        cfg: its configuration
        baseline: by which name or path it was asked for
        case: that scenario
    """
    return {
        "baseline": baseline,
        "called": case.name,
        "set": overridden(cfg),
        "uncertainty": str(cfg.uncertainty),
        "posterior": fingerprint(sets_of(cfg), case),
        **({"parameter_sets": len(sets_of(cfg))} if sets_of(cfg) else {}),
    }


def start(main: Callable[[], None], program: str) -> None:
    """Check the command line, then run a Hydra program; mistakes end in one sentence, exit code 2."""
    os.environ.setdefault("HYDRA_FULL_ERROR", "1")
    heed(signal.SIGINT)
    heed(signal.SIGTERM, Terminated)
    escape_what_cannot_be_encoded()
    with said_in_one_sentence():
        if {"--help", "-h"} & set(sys.argv[1:]):
            print(help_of(main, program))
            return
        if not {"--hydra-help", "--info", "-i"} & set(sys.argv[1:]):
            check_overrides(sys.argv[1:], program)
        sys.argv[1:] = for_hydra(sys.argv[1:])
        main()


def help_of(main: Callable[[], None], program: str) -> str:
    """What a program is for, the keys that are its own, with their defaults, and where the others are listed."""
    said = (configs() / "experiment" / f"{program}.yaml").read_text(encoding="utf-8").splitlines()
    body = said[next(k for k, line in enumerate(said) if line.strip() == "- _self_") + 1 :]
    own = body[: next(k for k, line in enumerate(body) if line.startswith("hydra:"))]
    doc = sys.modules[main.__module__].__doc__ or ""
    if "  - parameters" not in said:
        return "\n".join([doc.strip(), "", "Keys, with their defaults:", "", *[f"    {line}" for line in own]])
    others = f"""Any of the model's {len(declared_parameters())} parameters may be set as well: backbone.facilitation=0.4.
Each has unit, meaning, range and source: python -c "import sim; print(sim.assumptions().to_string())"
Scenarios: docs/scenarios.md. What Hydra adds of its own: --hydra-help."""
    return "\n".join([doc.strip(), "", "Keys, with their defaults:", "", *[f"    {line}" for line in own], "", others])


def whole(cfg: Any, key: str, least: int = 0) -> int:
    """A whole number of the configuration. Raises Mistake when it is none, too small or absurdly large."""
    return whole_number(f"`{key}`", cfg[key], least)


def folder_of(cfg: Any) -> Path:
    """Where results go, not made yet. Raises Mistake for what names no folder."""
    return path_of(cfg.out)


def sets_of(cfg: Any) -> ParameterSets:
    """The parameter sets that replicates draw from. Raises Mistake where `uncertainty` names none that can be used."""
    return parameter_sets(cfg.uncertainty)


def doubling_of(cfg: Any) -> Doubling:
    """What counts as doubling. Raises Mistake for a base, factor, measure or year that makes no sense."""
    said = OmegaConf.to_container(cfg.doubling, resolve=True) if OmegaConf.is_dict(cfg.doubling) else None
    keys = [field.name for field in fields(Doubling)]
    if not isinstance(said, dict) or not set(said) <= set(keys):
        raise Mistake(f"`doubling` has the keys {', '.join(keys)}; got {shown(said or cfg.doubling)}")
    return Doubling(**{str(key): value for key, value in said.items()})


def seen_through(case: Scenario, doubling: Doubling) -> None:
    """Raises Mistake for a run that ends before the examination by which it is to double."""
    if case.last_month < month_of(f"{doubling.by}-06"):
        raise Mistake(
            f"the run ends ({date_of(case.last_month)}) before the examination of `doubling.by` {doubling.by}"
        )
