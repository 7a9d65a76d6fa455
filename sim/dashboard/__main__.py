"""Open the students' web page: python -m sim.dashboard [--port 8765] [--host localhost] [--no-browser] [load=FILE.py]."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from sim.commands import command
from sim.errors import InputError, whole_number
from sim.extensions import load
from sim.runs.streams import escape_what_cannot_be_encoded


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the page until it is stopped; the exit code is 2, with a sentence, when it cannot be."""
    escape_what_cannot_be_encoded()
    try:
        said = parser().parse_args(as_options(sys.argv[1:] if arguments is None else arguments))
        for file in said.load:
            load(file)
        port = whole_number("`--port`", said.port, 1, 65535)
        from sim.dashboard.server import ready, serve

        ready(said.host, port)
    except InputError as mistake:
        sys.stderr.write(f"error: {mistake}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    serve(said.host, port, said.browser)
    return 0


def as_options(arguments: Sequence[str]) -> list[str]:
    """Return the arguments; `load=FILE.py`, as other programs take it, becomes an option.

    >>> as_options(["load=parents.py", "--port", "80"])
    ['--load=parents.py', '--port', '80']
    """
    return [f"--{word}" if word.startswith("load=") else word for word in arguments]


class Parser(argparse.ArgumentParser):
    """One that says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Raises InputError where argparse would end the program."""
        raise InputError(message)


def parser() -> argparse.ArgumentParser:
    """What the command takes."""
    wanted = Parser(prog=command("dashboard"), description="Open the students' web page.")
    wanted.add_argument("--port", type=int, default=8765, help="of the page (default: 8765)")
    wanted.add_argument("--host", default="localhost", help="0.0.0.0 lets others in the room in (default: localhost)")
    wanted.add_argument("--no-browser", dest="browser", action="store_false", help="do not open a browser")
    wanted.add_argument("--load", action="append", default=[], metavar="FILE.py",
                        help="Python file of yours with kinds, classes, parameters or outcomes; also load=FILE.py")  # fmt: skip
    return wanted


if __name__ == "__main__":
    sys.exit(main())
