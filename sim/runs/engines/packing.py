"""Tasks as bytes for workers elsewhere: with the user's classes, outcomes and files, so that no folder is shared."""

from __future__ import annotations

import os
import pickle
import socket
import sys
import sysconfig
import tempfile
import traceback
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any

import cloudpickle

from sim.agents.kinds import NewKinds, new_kinds, received_kinds
from sim.declare import Outcome, users_outcomes
from sim.errors import InputError
from sim.extensions import received
from sim.policy import Scenario
from sim.runs.engines.versions import require_equal, versions
from sim.tables.paths import expanded_path, received_files
from sim.world.facts import data_path

_HOME = uuid.uuid4().hex
"""Name of this process, unlike that of any process on any machine."""

_ONE_AT_A_TIME = Lock()
"""A worker with several threads runs one task after the other, since a run is made of Python."""

_CALLS: list[tuple[Callable[..., object], tuple[object, ...]]] | None = None
"""Calls that a task of a worker leaves to the program; None outside of such a task."""

FILES = ("schools", "organisations", "ties", "population", "cohorts", "places", "taking_by_year")
"""Parameters of the section `setting` that name a file."""


@dataclass(frozen=True)
class Package:
    """A task with all that a worker needs.

    Args:
        home: name of the process that made it
        versions: of that process, by name
        outcomes: declared by the user
        kinds: registered by the user
        files: content of each file that a scenario of the task names, by the name in the scenario
        task: to be run
        arguments: of the task
    """

    home: str
    versions: Mapping[str, str]
    outcomes: Mapping[str, Outcome]
    kinds: NewKinds
    files: Mapping[str, bytes]
    task: Callable[..., Any]
    arguments: tuple[Any, ...]


def packed(task: Callable[..., Any], arguments: tuple[Any, ...]) -> bytes:
    """Return a task as bytes, with the code of the user and the files that its scenarios name.

    Args:
        task: to be run
        arguments: of the task
    """
    for module in _modules_of_user():
        cloudpickle.register_pickle_by_value(module)
    home = f"{_HOME}-{os.getpid()}"
    content = Package(home, versions(), users_outcomes(), new_kinds(), _files_in((task, arguments)), task, arguments)
    return bytes(cloudpickle.dumps(content))


def run_packed(content: bytes) -> bytes:
    """Run a packed task in a worker.

    Args:
        content: from `packed`

    Returns:
        A pickle of the result of the task, of its error or None, and of the calls that it leaves to the program.
    """
    global _CALLS
    with _ONE_AT_A_TIME:
        _CALLS = []
        try:
            return bytes(cloudpickle.dumps((_run(pickle.loads(content)), None, _CALLS)))
        except InputError as error:
            problem: Exception = error
        except ModuleNotFoundError as error:
            problem = InputError(f"the worker {worker_name()} lacks the package {error.name}; install it there")
        except Exception as error:
            problem = WorkerError(f"{type(error).__name__}: {error}", traceback.format_exc())
        finally:
            _CALLS = None
    return pickle.dumps((None, problem, []))


def in_program(function: Callable[..., object], *arguments: object) -> None:
    """Call a function in the process of the program, which alone writes: here, or there when the result of the task arrives.

    Args:
        function: to be called once
        arguments: of the function
    """
    if _CALLS is None:
        function(*arguments)
    else:
        _CALLS.append((function, arguments))


class WorkerError(RuntimeError):
    """An error of a task in a worker, with its traceback there."""

    def __init__(self, message: str, remote_traceback: str = "") -> None:
        super().__init__(message)
        self.remote_traceback = remote_traceback

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how another process makes the error again."""
        return WorkerError, (str(self), self.remote_traceback)


def unpacked(content: bytes) -> Any:
    """Return the result that a worker sent.

    Args:
        content: from `run_packed`

    Raises:
        InputError: the worker has other versions, or the task had wrong input
        WorkerError: the task failed
    """
    result, problem, calls = pickle.loads(content)
    if isinstance(problem, WorkerError):
        problem.add_note(problem.remote_traceback)
    if problem is not None:
        raise problem
    for function, arguments in calls:
        function(*arguments)
    return result


def _run(package: Package) -> Any:
    """Run a task; a process that is not the program's first takes over its declarations and files."""
    if package.home != f"{_HOME}-{os.getpid()}":
        require_equal(worker_name(), versions(), package.versions)
        received(package.outcomes)
        received_kinds(package.kinds, exactly=True)
        received_files({name: _written(name, content) for name, content in package.files.items()})
    return package.task(*package.arguments)


def worker_name() -> str:
    """Return the host and the number of this process, for messages."""
    return f"{socket.gethostname()}:{os.getpid()}"


def _written(name: str, content: bytes) -> Path:
    """Return the path of a file of the program in a folder of this worker, which is removed when the worker ends."""
    path = Path(_folder().name) / sha256(content).hexdigest()[:16] / Path(name).name
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    return path


@lru_cache(maxsize=1)
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="collective-impact-lab-")


def _files_in(thing: Any) -> dict[str, bytes]:
    """Return the content of all files that the scenarios within an object name, by their names."""
    contents: dict[str, bytes] = {}

    class Finder(cloudpickle.Pickler):  # type: ignore[misc, unused-ignore]
        def reducer_override(self, each: Any) -> Any:
            if isinstance(each, Scenario):
                for key in FILES:
                    name = str(each.parameters[f"setting.{key}"] or "")
                    if name and name not in contents:
                        contents[name] = _path(key, name).read_bytes()
            return super().reducer_override(each)

    Finder(BytesIO()).dump(thing)
    return contents


def _path(key: str, name: str) -> Path:
    return expanded_path(name) if key in FILES[:3] else data_path(name)


def _modules_of_user() -> list[ModuleType]:
    """Return the modules of the user's kinds and outcomes that are not installed packages, and so not on workers."""
    things = [*(decider for decider, _ in new_kinds().values()), *(item.function for item in users_outcomes().values())]
    modules = [sys.modules.get(thing.__module__) for thing in things]
    return [module for module in modules if module is not None and _is_of_user(module)]


def _is_of_user(module: ModuleType) -> bool:
    name, file = module.__name__.partition(".")[0], getattr(module, "__file__", None)
    if name in ("sim", "mesa", "__main__") or file is None:
        return False
    installed = [sysconfig.get_path(key) for key in ("purelib", "platlib", "stdlib")]
    return not any(Path(file).is_relative_to(folder) for folder in installed)
