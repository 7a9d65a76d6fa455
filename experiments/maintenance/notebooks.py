"""Execute the notebooks, all of them or some: python -m experiments.maintenance.notebooks [01 05 ...] [--small]."""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

from sim.errors import InputError
from sim.results.files import all_written, writable
from sim.runs.streams import escape_what_cannot_be_encoded

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
"""Where the notebooks are."""

SIZES = "sizes"
"""Tag of the cell with the constants that say how much is simulated; in small, `small` in its metadata stands there."""

NEEDS_NOTEBOOK = 'it needs the extra `notebook`: pip install -e ".[notebook]" -c requirements.lock'
"""What is to be done where nbclient is missing."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Execute the notebooks asked for, print the time of each, and leave them with their outputs.

    The exit code is 0 when all ran to their end; else 2, with one sentence for the first error, after which nothing is run.
    """
    escape_what_cannot_be_encoded()
    try:
        said = parser().parse_args(arguments)
        folder = writable(said.out)
        for path in chosen(said.notebooks):
            begin = time.perf_counter()
            done = executed(path, said.small)
            all_written({folder / path.name: done})
            print(f"{path.stem:28}{time.perf_counter() - begin:6.1f} s", flush=True)
    except InputError as mistake:
        print(f"error: {mistake}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted: the notebooks that were executed to their end are kept", file=sys.stderr)
        return 130
    print(f"with their outputs: {folder}")
    return 0


def chosen(numbers: Sequence[str]) -> list[Path]:
    """Return the notebooks whose names begin with these, in their order; all without any.

    Raises:
        InputError: one that there is not
    """
    every = sorted(FOLDER.glob("*.ipynb"))
    for number in numbers:
        if not any(path.name.startswith(number) for path in every):
            raise InputError(f"no notebook begins with `{number}`; there are {', '.join(path.stem for path in every)}")
    return [path for path in every if not numbers or path.name.startswith(tuple(numbers))]


def content_of(path: Path, small: bool = False) -> dict[str, Any]:
    """Return a notebook as it is stored; in small with little to simulate, by what its own cell says."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for cell in content["cells"] if small else ():
        if SIZES in cell["metadata"].get("tags", ()):
            cell["source"] = cell["metadata"]["small"]
    return content


def code_of(path: Path, small: bool = False) -> Iterator[str]:
    """Yield the code cells of a notebook, one after the other."""
    for cell in content_of(path, small)["cells"]:
        if cell["cell_type"] == "code":
            yield "".join(cell["source"])


def executed(path: Path, small: bool) -> bytes:
    """Return a notebook with its outputs, executed in a process of its own in the notebooks' folder.

    Raises:
        InputError: a cell fails, with what its error says, and where nbclient is not installed
    """
    try:
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError, DeadKernelError
        from nbformat import reads, writes
    except ImportError:
        raise InputError(f"notebooks are executed by nbclient, which is not installed; {NEEDS_NOTEBOOK}") from None
    book = reads(json.dumps(content_of(path, small)), as_version=4)
    room: Any = {"resources": {"metadata": {"path": str(path.parent)}}, "extra_arguments": ["--log-level=ERROR"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            NotebookClient(book, timeout=None, **room).execute()
        except CellExecutionError as error:
            raise InputError(f"{path.name} stops: {error.ename}: {error.evalue}") from None
        except DeadKernelError:
            raise InputError(f"{path.name} stops: its process ended by itself, perhaps for want of memory") from None
    return str(writes(book)).encode()


class Parser(argparse.ArgumentParser):
    """One that says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Raises InputError where argparse would end the program."""
        raise InputError(message)


def parser() -> argparse.ArgumentParser:
    """What the command takes."""
    wanted = Parser(
        prog="python -m experiments.maintenance.notebooks", description="Execute the notebooks and time them."
    )
    wanted.add_argument(
        "notebooks", nargs="*", metavar="NUMBER", help="how the names of some begin, 01 or 05 (default: all)"
    )
    wanted.add_argument("--small", action="store_true", help="with few runs, as the tests do: to see that they work")
    wanted.add_argument(
        "--out", default="results/notebooks", metavar="FOLDER", help="for the notebooks with their outputs"
    )
    return wanted


if __name__ == "__main__":
    sys.exit(main())
