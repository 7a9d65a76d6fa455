"""Compile the rules before their first use: python -m sim.jit."""

from __future__ import annotations

import sys

from sim.jit.first_compilation import compile_with_bar, compiled_before


def main() -> int:
    """Compile what is not stored; a failure is one sentence, since what is missing is compiled at its first use.

    Returns:
        Exit code; 130 if it was interrupted.
    """
    try:
        compile_with_bar()
    except KeyboardInterrupt:
        sys.stderr.write(
            "the compilation was interrupted; what was compiled is kept, the rest follows at the first run\n"
        )
        return 130
    except Exception as error:
        sys.stderr.write(
            f"the rules could not be compiled beforehand ({error}); they are compiled at their first use\n"
        )
    else:
        if compiled_before():
            sys.stdout.write("The rules are compiled.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
