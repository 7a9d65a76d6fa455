"""Execute the notebooks, all of them or some: python -m experiments.maintenance.notebooks [01 05 ...] [--small]."""

from __future__ import annotations

import argparse
import json
import os
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
"""Folder of the notebooks."""

SIZES = "sizes"
"""Tag of the cell with the numbers of runs; for small runs, `small` in its metadata replaces it."""

NEEDS_NOTEBOOK = 'install the extra `notebook`: pip install -e ".[notebook]" -c requirements.lock'
"""Advice if nbclient is missing."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Execute notebooks, print the time of each, and write them with their outputs.

    Returns:
        Exit code; 2 with a sentence at the first error, which stops the execution.
    """
    escape_what_cannot_be_encoded()
    try:
        options = parser().parse_args(arguments)
        folder = writable(options.out)
        for path in notebook_paths(options.notebooks):
            begin = time.perf_counter()
            executed = execute(path, options.small)
            all_written({folder / path.name: executed})
            print(f"{path.stem:28}{time.perf_counter() - begin:6.1f} s", flush=True)
    except InputError as mistake:
        print(f"error: {mistake}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted: finished notebooks are written", file=sys.stderr)
        return 130
    print(f"with their outputs: {folder}")
    return 0


def notebook_paths(numbers: Sequence[str]) -> list[Path]:
    """Return the notebooks whose names begin with these numbers, in order; all without numbers.

    Raises:
        InputError: a notebook does not exist
    """
    paths = sorted(FOLDER.glob("*.ipynb"))
    for number in numbers:
        if not any(path.name.startswith(number) for path in paths):
            raise InputError(f"no notebook begins with `{number}`; there are {', '.join(path.stem for path in paths)}")
    return [path for path in paths if not numbers or path.name.startswith(tuple(numbers))]


def notebook_content(path: Path, small: bool = False) -> dict[str, Any]:
    """Return the content of a notebook; with `small`, with the small numbers of runs of its own cell."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for cell in content["cells"] if small else ():
        if SIZES in cell["metadata"].get("tags", ()):
            cell["source"] = cell["metadata"]["small"]
    return content


def code_cells(path: Path, small: bool = False) -> Iterator[str]:
    """Yield the code cells of a notebook."""
    for cell in notebook_content(path, small)["cells"]:
        if cell["cell_type"] == "code":
            yield "".join(cell["source"])


def execute(path: Path, small: bool) -> bytes:
    """Return a notebook with its outputs, executed in its own process in the notebooks' folder.

    Raises:
        InputError: a cell fails, or nbclient is not installed
    """
    try:
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError, DeadKernelError
        from nbformat import reads, writes
    except ImportError:
        raise InputError(f"nbclient is not installed; {NEEDS_NOTEBOOK}") from None
    notebook = reads(json.dumps(notebook_content(path, small)), as_version=4)
    client_options: Any = {
        "resources": {"metadata": {"path": str(path.parent)}},
        "extra_arguments": ["--log-level=ERROR"],
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            NotebookClient(notebook, timeout=None, **client_options).execute(env=kernel_environment())
        except CellExecutionError as error:
            raise InputError(f"{path.name} stops: {error.ename}: {error.evalue}") from None
        except DeadKernelError:
            raise InputError(f"{path.name} stops: its process ended, perhaps for lack of memory") from None
    return str(writes(notebook)).encode()


def kernel_environment() -> dict[str, str]:
    """Return this process's environment without a backend for figures, so that they appear below their cells."""
    return {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}


class Parser(argparse.ArgumentParser):
    """Parser that reports a wrong option in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Raise the message as an InputError instead of ending the program."""
        raise InputError(message)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command's options."""
    parser = Parser(
        prog="python -m experiments.maintenance.notebooks", description="Execute the notebooks and time them."
    )
    parser.add_argument(
        "notebooks", nargs="*", metavar="NUMBER", help="first digits of names, such as 01 (default: all)"
    )
    parser.add_argument("--small", action="store_true", help="simulate little, as the tests do")
    parser.add_argument(
        "--out", default="results/notebooks", metavar="FOLDER", help="folder for the executed notebooks"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
