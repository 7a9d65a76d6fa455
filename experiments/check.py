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
"""Faults that are listed one by one."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what each file holds; the exit code is 2, with a sentence for each problem, when one cannot be used."""
    escape_what_cannot_be_encoded()
    try:
        said = parser().parse_args(as_files(sys.argv[1:] if arguments is None else arguments))
        for file in said.load:
            load(file)
    except InputError as mistake:
        return refused([str(mistake)])
    kinds = {file: said.kind or told_kind(file) for file in said.files}
    organisations = next((file for file, kind in kinds.items() if kind == "organisations"), "")
    results = [checked(file, kind, said.year, organisations) for file, kind in kinds.items()]
    if faults := dict.fromkeys(fault for sentences, _ in results for fault in sentences):
        return refused(list(faults))
    print("\n".join(text for _, text in results))
    return 0


def as_files(arguments: Sequence[str]) -> list[str]:
    """Return the arguments: a file whose name begins with a dash is not an option, and `load=FILE.py` is one.

    >>> as_files(["schools.csv", "--year", "2013", "load=mine.py"])
    ['schools.csv', '--year', '2013', '--load=mine.py']
    """
    dashed = [f"--{word}" if word.startswith("load=") else word for word in arguments]
    return [f"./{word}" if word.startswith("-") and isfile(word) else word for word in dashed]


def told_kind(file: str) -> str | None:
    """Return the kind of a file by its columns; none where it cannot be read or has none of theirs, which `problems` says."""
    with suppress(InputError):
        return kind_of(file)
    return None


def refused(sentences: list[str]) -> int:
    """Print the first problems of many, and how many more there are; returns the exit code."""
    for sentence in sentences[:MOST]:
        print(f"error: {sentence}", file=sys.stderr)
    if len(sentences) > MOST:
        print(f"and {len(sentences) - MOST:,} more", file=sys.stderr)
    return 2


class Parser(argparse.ArgumentParser):
    """One that says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Raises InputError where argparse would end the program."""
        raise InputError(message)


def parser() -> argparse.ArgumentParser:
    """What the command takes."""
    wanted = Parser(prog=command("check"), description="Check your own files.")
    wanted.add_argument("files", nargs="+", metavar="FILE", help="school file, organisation file or edge list")
    wanted.add_argument("--year", type=int, help="of the school file (default: every year)")
    wanted.add_argument("--kind", choices=list(FORMS), help="of the files (default: by their columns)")
    wanted.add_argument(
        "--load", action="append", default=[], help="Python file with kinds of yours; also load=FILE.py"
    )
    return wanted


if __name__ == "__main__":
    sys.exit(main())
