"""The earlier name of `experiments.results`, which it starts; it goes with the next version."""

from __future__ import annotations

import sys

from sim.commands import command

from .results import main as start_results


def main() -> None:
    """Say the new name, and do the same."""
    print(f"`sweeps` is now called `results`: {command('results', sys.argv[1:])}", file=sys.stderr)
    start_results()


if __name__ == "__main__":
    main()
