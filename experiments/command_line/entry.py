"""How every program starts: keys are checked before Hydra sees them, and an error ends in one sentence."""

from __future__ import annotations

import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from functools import wraps
from typing import Any

from hydra.core.config_store import ConfigStore
from hydra.errors import HydraException
from omegaconf.errors import OmegaConfBaseException

from sim.commands import command, commands_here, made_by, page
from sim.configuration import configs
from sim.errors import InputError
from sim.extensions import load
from sim.old_names import OldNameWarning, current_words
from sim.parameters import declared_parameters, empty_schema
from sim.runs.interrupts import install_handler
from sim.runs.streams import escape_what_cannot_be_encoded

from .arguments import for_hydra, typed
from .overrides import check_overrides

ConfigStore.instance().store(name="parameters", node=empty_schema())

LOAD = "load="
"""Beginning of a word that names a Python file of the user's own, which is run before the other words are read."""

_LOADED: list[str] = []
"""Words of this process whose files were run."""


PLAIN_WARNING = warnings.formatwarning

LOST = (
    "a process at work was killed, by somebody or for want of memory (`jobs=1` needs least); what was complete is kept, "
    "and the same command goes on from it"
)
"""What is said when a process of several does not come back."""


WITHOUT_PARAMETERS = ("report",)
"""Programs that read parameters only to refuse them in words of their own."""


@contextmanager
def exit_with_one_line() -> Iterator[None]:
    """Mistakes end the program with one sentence and exit code 2; an interruption with exit code 130."""
    try:
        yield
    except InputError as mistake:
        print(f"error: {mistake}", file=sys.stderr)
        sys.exit(2)
    except (HydraException, OmegaConfBaseException) as error:
        print(f"error: {InputError(str(error).partition(chr(10))[0])}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:  # who reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except BrokenExecutor:
        print(f"error: {InputError(LOST)}", file=sys.stderr)
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


def reports_errors(task: Callable[[Any], None]) -> Callable[[Any], None]:
    """Return a task whose mistakes end the program before Hydra adds words of its own."""

    @wraps(task)
    def said(cfg: Any) -> None:
        with exit_with_one_line():
            task(cfg)

    return said


def start(main: Callable[[], None], program: str) -> None:
    """Check the command line, then run a Hydra program; mistakes end in one sentence, exit code 2."""
    os.environ.setdefault("HYDRA_FULL_ERROR", "1")
    install_handler(signal.SIGINT)
    install_handler(signal.SIGTERM, Terminated)
    escape_what_cannot_be_encoded()
    warnings.formatwarning = in_one_line
    with exit_with_one_line():
        load_files()
        sys.argv[1:] = current_words(program, sys.argv[1:], warn=True)
        made = command(program, [*_LOADED, *typed()])
        if {"--help", "-h"} & set(sys.argv[1:]):
            print(commands_here(help_of(main, program)))
            return
        if not {"--hydra-help", "--info", "-i"} & set(sys.argv[1:]):
            check_overrides(sys.argv[1:], program)
        sys.argv[1:] = for_hydra(sys.argv[1:])
        with made_by(made):
            main()


def load_files() -> None:
    """Run the Python files that `load=FILE.py` names, and take these words from the command line.

    Raises:
        InputError: a file cannot be read, or fails
    """
    words = [word for word in sys.argv[1:] if word.startswith(LOAD)]
    sys.argv[1:] = [word for word in sys.argv[1:] if word not in words]
    for word in words:
        load(word.removeprefix(LOAD))
    _LOADED.extend(words)
    if words:
        ConfigStore.instance().store(name="parameters", node=empty_schema())


def in_one_line(message: Warning | str, category: type[Warning], *place: Any) -> str:
    """Format a warning for a terminal: one of an old name is a line, any other says where it comes from."""
    if issubclass(category, OldNameWarning):
        return f"warning: {message}\n"
    return PLAIN_WARNING(message, category, *place)


def help_of(main: Callable[[], None], program: str) -> str:
    """What a program is for, the keys that are its own, with their defaults, and where the others are listed."""
    said = (configs() / "experiment" / f"{program}.yaml").read_text(encoding="utf-8").splitlines()
    body = said[next(k for k, line in enumerate(said) if line.strip() == "- _self_") + 1 :]
    own = body[: next(k for k, line in enumerate(body) if line.startswith("hydra:"))]
    doc = sys.modules[main.__module__].__doc__ or ""
    if "  - parameters" not in said or program in WITHOUT_PARAMETERS:
        return "\n".join([doc.strip(), "", "Keys, with their defaults:", "", *[f"    {line}" for line in own]])
    others = f"""Any of the model's {len(declared_parameters())} parameters may be set as well: backbone.facilitation=0.4.
Each has unit, meaning, range and source: python -c "import sim; print(sim.assumptions().to_string())"
Scenarios: {page("scenarios.md")}. What Hydra adds of its own: --hydra-help.
A Python file of yours with kinds, classes, parameters or outcomes: load=FILE.py ({page("howto_agent_kind.md")})."""
    return "\n".join([doc.strip(), "", "Keys, with their defaults:", "", *[f"    {line}" for line in own], "", others])
