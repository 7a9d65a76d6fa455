"""How every program starts: keys are checked before Hydra sees them, and a mistake ends in one sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException
from omegaconf import OmegaConf

from sim.analysis.doubling import Doubling
from sim.configuration import configs, empty_schema, given, scenario
from sim.declare import Mistake
from sim.parameters import checked, declared_parameters, suggestion
from sim.policy import Scenario
from sim.posterior import ParameterSets, parameter_sets

ConfigStore.instance().store(name="parameters", node=empty_schema())


@contextmanager
def said_in_one_sentence() -> Iterator[None]:
    """Mistakes end the program with one sentence and exit code 2; an interruption with exit code 130."""
    try:
        yield
    except Mistake as mistake:
        print(f"error: {mistake}", file=sys.stderr)
        sys.exit(2)
    except HydraException as error:
        print(f"error: {str(error).splitlines()[0]}", file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        print(f"error: {error.filename or 'a file'} cannot be written or read: {error.strerror}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("interrupted: parts that were complete are kept, and the same command goes on from them", file=sys.stderr)
        sys.exit(130)


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
    known = [*declared_parameters(), *keys_of(program)]
    for override in OverridesParser.create().parse_overrides([a for a in arguments if not a.startswith("-")]):
        key = override.key_or_group
        if key.startswith("hydra"):
            continue
        if key not in known:
            raise Mistake(f"unknown key `{key}`{suggestion(key, known)}")
        if override.is_add() or override.is_delete():
            raise Mistake(f"`{override.input_line}` adds or deletes a key; write `{key}=value`")
        if key in declared_parameters():
            for value in swept(override):
                checked(key, value)


def swept(override: Any) -> list[Any]:
    """The values an override gives to its key: one, or those of a sweep."""
    if not override.is_sweep_override():
        return [override.value()]
    return list(override.sweep_iterator())


def case_of(cfg: Any) -> Scenario:
    """The scenario that a composed configuration describes. Raises Mistake for a wrong key or value."""
    return scenario(str(cfg.scenario), cfg.get("timing"), overridden(cfg))


def overridden(cfg: Any) -> dict[str, Any]:
    """The declared parameters that a composed configuration sets, by dotted name."""
    said = OmegaConf.to_container(cfg, resolve=True)
    assert isinstance(said, dict)
    sections = {name.split(".")[0] for name in declared_parameters()}
    return dict(given({str(k): v for k, v in said.items() if k in sections}))


def start(main: Callable[[], None], program: str) -> None:
    """Check the command line, then run a Hydra program; mistakes end in one sentence, exit code 2."""
    os.environ.setdefault("HYDRA_FULL_ERROR", "1")
    with said_in_one_sentence():
        if not {"--help", "-h", "--hydra-help", "--info", "-i"} & set(sys.argv[1:]):
            check_overrides(sys.argv[1:], program)
        main()


def whole(cfg: Any, key: str, least: int = 0) -> int:
    """A whole number of the configuration. Raises Mistake when it is none or too small."""
    value = cfg[key]
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise Mistake(f"`{key}` must be a whole number from {least}; got {value!r}")
    return value


def sets_of(cfg: Any) -> ParameterSets:
    """The parameter sets that replicates draw from. Raises Mistake where `uncertainty` names none that can be used."""
    return parameter_sets(str(cfg.uncertainty))


def doubling_of(cfg: Any) -> Doubling:
    """What counts as doubling. Raises Mistake for a base, factor, measure or year that makes no sense."""
    said = OmegaConf.to_container(cfg.doubling, resolve=True)
    if not isinstance(said, dict):
        raise Mistake("`doubling` has the keys base, factor, of, by")
    return Doubling(**{str(key): value for key, value in said.items()})
