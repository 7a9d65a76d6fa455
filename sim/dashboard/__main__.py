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
    """Serve the page until it is stopped.

    Returns:
        Exit code; 2 with a one-line message if the page cannot be served.
    """
    escape_what_cannot_be_encoded()
    try:
        options = parser().parse_args(as_options(sys.argv[1:] if arguments is None else arguments))
        for file in options.load:
            load(file)
        port = whole_number("`--port`", options.port, 1, 65535)
        from sim.dashboard.server import check_server, serve

        check_server(options.host, port)
        serve(options.host, port, options.browser)
    except InputError as mistake:
        sys.stderr.write(f"error: {mistake}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("The page is stopped.\n")
        return 130
    return 0


def as_options(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with `load=FILE.py`, as other programs take it, turned into an option.

    >>> as_options(["load=parents.py", "--port", "80"])
    ['--load=parents.py', '--port', '80']
    """
    return [f"--{word}" if word.startswith("load=") else word for word in arguments]


class Parser(argparse.ArgumentParser):
    """Parser that reports a wrong option in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Raise the message as an InputError instead of ending the program."""
        raise InputError(message)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command's options."""
    parser = Parser(prog=command("dashboard"), description="Open the students' web page.")
    parser.add_argument("--port", type=int, default=8765, help="of the page (default: 8765)")
    parser.add_argument(
        "--host",
        default="localhost",
        help="0.0.0.0 opens the page to other computers of the network (default: localhost)",
    )
    parser.add_argument("--no-browser", dest="browser", action="store_false", help="do not open a browser")
    parser.add_argument("--load", action="append", default=[], metavar="FILE.py",
                        help="Python file with your own kinds, classes, parameters or outcomes; also load=FILE.py")  # fmt: skip
    return parser


if __name__ == "__main__":
    sys.exit(main())
