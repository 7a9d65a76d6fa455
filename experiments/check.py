"""Check your own files before running: python -m experiments.check FILE [FILE ...]."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from sim.declare import Mistake
from sim.world.reading import COLUMNS, described, kind_of
from sim.world.sheet import sheet_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what each file holds; the exit code is 2, with one sentence, when one cannot be used."""
    try:
        said = parser().parse_args(arguments)
        kinds = {file: said.kind or kind_of(sheet_of(file)) for file in said.files}
        organisations = next((file for file, kind in kinds.items() if kind == "organisations"), "")
        told = [described(file, kind, said.year, organisations) for file, kind in kinds.items()]
    except Mistake as mistake:
        print(f"error: {mistake}", file=sys.stderr)
        return 2
    print("\n".join(told))
    return 0


class Parser(argparse.ArgumentParser):
    """One that says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Raises Mistake where argparse would end the program."""
        raise Mistake(message)


def parser() -> argparse.ArgumentParser:
    """What the command takes."""
    wanted = Parser(prog="python -m experiments.check", description="Check your own files.")
    wanted.add_argument("files", nargs="+", metavar="FILE", help="school file, organisation file or edge list")
    wanted.add_argument("--year", type=int, help="of the school file (default: every year)")
    wanted.add_argument("--kind", choices=list(COLUMNS), help="of the files (default: told by their columns)")
    return wanted


if __name__ == "__main__":
    sys.exit(main())
