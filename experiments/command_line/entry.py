"""Start of every program: keys are checked before Hydra reads them, and an error is one sentence."""

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
from sim.extensions import load, load_outcomes
from sim.old_names import OldNameWarning, current_words
from sim.parameters import declared_parameters, empty_schema
from sim.runs.interrupts import stop_on_signal
from sim.runs.streams import escape_what_cannot_be_encoded

from .arguments import for_hydra, typed
from .overrides import check_overrides

ConfigStore.instance().store(name="parameters", node=empty_schema())

LOAD = "load="
"""Prefix of a word that names a user's Python file, which runs before the other words are read."""

OUTCOMES = "outcomes="
"""Prefix of a word that names a user's Python file of outcomes, if it ends in `.py`; other values are names of outcomes."""

_LOADED: list[str] = []
"""Words of this process whose files have run."""


PLAIN_WARNING = warnings.formatwarning

WORKER_KILLED = (
    "a worker process was killed, perhaps for lack of memory (`jobs=1` needs least); finished runs are stored, "
    "and the same command continues"
)
"""Message after a worker process was killed."""


NO_PARAMETERS = ("report",)
"""Programs that read parameters only to reject them with their own message."""


@contextmanager
def exit_with_one_line() -> Iterator[None]:
    """End the program with one sentence and exit code 2 after an input error; with exit code 130 after an interruption."""
    try:
        yield
    except InputError as mistake:
        print(f"error: {mistake}", file=sys.stderr)
        sys.exit(2)
    except (HydraException, OmegaConfBaseException) as error:
        print(f"error: {InputError(str(error).partition(chr(10))[0])}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:  # the reader has closed the pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except BrokenExecutor:
        print(f"error: {InputError(WORKER_KILLED)}", file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        print(f"error: {error.filename or 'a file'} cannot be written or read: {error.strerror}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt as stop:
        message = str(stop) or "finished runs are stored, and the same command continues"
        print(f"interrupted: {message}", file=sys.stderr)
        sys.exit(143 if isinstance(stop, Terminated) else 130)


class Terminated(KeyboardInterrupt):
    """A signal of the system to end the program, which then ends as if its user had interrupted it."""


def reports_errors(task: Callable[[Any], None]) -> Callable[[Any], None]:
    """Return a task whose input errors end the program before Hydra adds its own text."""

    @wraps(task)
    def run(cfg: Any) -> None:
        with exit_with_one_line():
            task(cfg)

    return run


def start(main: Callable[[], None], program: str) -> None:
    """Check the command line, then run a Hydra program; an input error is one sentence with exit code 2."""
    os.environ.setdefault("HYDRA_FULL_ERROR", "1")
    stop_on_signal(signal.SIGINT)
    stop_on_signal(signal.SIGTERM, Terminated)
    escape_what_cannot_be_encoded()
    warnings.formatwarning = format_warning
    with exit_with_one_line():
        load_files()
        sys.argv[1:] = current_words(program, sys.argv[1:], warn=True)
        command_text = command(program, [*_LOADED, *typed()])
        if {"--help", "-h"} & set(sys.argv[1:]):
            print(commands_here(help_text(main, program)))
            return
        if not {"--hydra-help", "--info", "-i"} & set(sys.argv[1:]):
            check_overrides(sys.argv[1:], program)
        sys.argv[1:] = for_hydra(sys.argv[1:])
        with made_by(command_text):
            main()


def load_files() -> None:
    """Run the Python files of `load=FILE.py` and `outcomes=FILE.py`, and remove these words from the command line.

    Raises:
        InputError: a file cannot be read, fails, or is one of outcomes and declares none
    """
    words = [word for word in sys.argv[1:] if word.startswith(LOAD) or names_outcomes(word)]
    sys.argv[1:] = [word for word in sys.argv[1:] if word not in words]
    for word in dict.fromkeys(words):
        if names_outcomes(word):
            file = word.removeprefix(OUTCOMES)
            sys.stderr.write(f"running the code of {file}, which declares outcomes\n")
            load_outcomes(file)
        else:
            load(word.removeprefix(LOAD))
        _LOADED.append(word)
    if words:
        ConfigStore.instance().store(name="parameters", node=empty_schema())


def names_outcomes(word: str) -> bool:
    """Return true for a word that names a file of outcomes: `outcomes=FILE.py`."""
    return word.startswith(OUTCOMES) and word.endswith(".py")


def outcome_words() -> list[str]:
    """Return the words that named files of outcomes on the command line of this process."""
    return [word for word in _LOADED if names_outcomes(word)]


def format_warning(message: Warning | str, category: type[Warning], *place: Any) -> str:
    """Format a warning for a terminal: one of an old name as one line, any other with its source."""
    if issubclass(category, OldNameWarning):
        return f"warning: {message}\n"
    return PLAIN_WARNING(message, category, *place)


def help_text(main: Callable[[], None], program: str) -> str:
    """Return the help of a program: its purpose, its keys with defaults, and the place of the other keys."""
    lines = (configs() / "experiment" / f"{program}.yaml").read_text(encoding="utf-8").splitlines()
    key_lines = lines[next(index for index, line in enumerate(lines) if line.strip() == "- _self_") + 1 :]
    own_keys = key_lines[: next(index for index, line in enumerate(key_lines) if line.startswith("hydra:"))]
    doc = sys.modules[main.__module__].__doc__ or ""
    if "  - parameters" not in lines or program in NO_PARAMETERS:
        return "\n".join([doc.strip(), "", "Keys, with their defaults:", "", *[f"    {line}" for line in own_keys]])
    parameter_note = f"""Any of the model's {len(declared_parameters())} parameters may also be set: backbone.facilitation=0.4.
Their units, meanings, ranges and sources: python -c "import sim; print(sim.assumptions().to_string())"
Scenarios: {page("scenarios.md")}. Options of Hydra: --hydra-help.
Your own Python file with kinds, classes or parameters: load=FILE.py ({page("add_agent_kind.md")}).
Your own Python file with outcomes, which every run then has: outcomes=FILE.py."""
    return "\n".join(
        [doc.strip(), "", "Keys, with their defaults:", "", *[f"    {line}" for line in own_keys], "", parameter_note]
    )
