"""Check your own files before running: python -m experiments.check FILE [FILE ...]."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from os.path import isfile
from typing import NoReturn

from sim.commands import command
from sim.errors import InputError
from sim.extensions import load
from sim.runs.streams import escape_what_cannot_be_encoded
from sim.studies.file_check import check_files, error_lines
from sim.world.files.check import FORMS


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
        errors, contents = check_files(options.files, options.kind, options.year)
    except InputError as mistake:
        errors, contents = [str(mistake)], []
    print("\n".join(error_lines(errors) if errors else contents), file=sys.stderr if errors else sys.stdout)
    return 2 if errors else 0


def as_files(arguments: Sequence[str]) -> list[str]:
    """Return the arguments: a file whose name begins with a dash is not an option; `load=FILE.py` becomes one.

    >>> as_files(["schools.csv", "--year", "2013", "load=mine.py"])
    ['schools.csv', '--year', '2013', '--load=mine.py']
    """
    dashed = [f"--{word}" if word.startswith("load=") else word for word in arguments]
    return [f"./{word}" if word.startswith("-") and isfile(word) else word for word in dashed]


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
