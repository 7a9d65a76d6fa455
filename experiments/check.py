"""Check your own files before running: python -m experiments.check FILE [FILE ...]."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import suppress
from os.path import isfile
from typing import NoReturn

from sim.commands import command
from sim.errors import InputError
from sim.extensions import load
from sim.runs.streams import escape_what_cannot_be_encoded
from sim.world.files.check import FORMS, checked, kind_of

MOST = 1_000
"""Largest number of problems that are listed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the content of each file.

    Returns:
        Exit code; 2 with a sentence for each problem if a file cannot be used.
    """
    escape_what_cannot_be_encoded()
    try:
        options = parser().parse_args(as_files(sys.argv[1:] if arguments is None else arguments))
        for file in options.load:
            load(file)
    except InputError as mistake:
        return print_problems([str(mistake)])
    kinds = {file: options.kind or kind_or_none(file) for file in options.files}
    organisations = next((file for file, kind in kinds.items() if kind == "organisations"), "")
    results = [checked(file, kind, options.year, organisations) for file, kind in kinds.items()]
    if faults := dict.fromkeys(fault for sentences, _ in results for fault in sentences):
        return print_problems(list(faults))
    print("\n".join(text for _, text in results))
    return 0


def as_files(arguments: Sequence[str]) -> list[str]:
    """Return the arguments: a file whose name begins with a dash is not an option; `load=FILE.py` becomes one.

    >>> as_files(["schools.csv", "--year", "2013", "load=mine.py"])
    ['schools.csv', '--year', '2013', '--load=mine.py']
    """
    dashed = [f"--{word}" if word.startswith("load=") else word for word in arguments]
    return [f"./{word}" if word.startswith("-") and isfile(word) else word for word in dashed]


def kind_or_none(file: str) -> str | None:
    """Return the kind of a file by its columns; None if it is unknown, which `problems` reports."""
    with suppress(InputError):
        return kind_of(file)
    return None


def print_problems(sentences: list[str]) -> int:
    """Print the first problems and the number of others; return the exit code."""
    for sentence in sentences[:MOST]:
        print(f"error: {sentence}", file=sys.stderr)
    if len(sentences) > MOST:
        print(f"and {len(sentences) - MOST:,} more", file=sys.stderr)
    return 2


class Parser(argparse.ArgumentParser):
    """Parser that reports a wrong option in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Raise the message as an InputError instead of ending the program."""
        raise InputError(message)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command's options."""
    parser = Parser(prog=command("check"), description="Check your own files.")
    parser.add_argument("files", nargs="+", metavar="FILE", help="school file, organisation file or edge list")
    parser.add_argument("--year", type=int, help="of the school file (default: every year)")
    parser.add_argument("--kind", choices=list(FORMS), help="of the files (default: by their columns)")
    parser.add_argument(
        "--load", action="append", default=[], help="Python file with your own kinds; also load=FILE.py"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
