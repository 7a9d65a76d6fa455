"""The command `impact-lab`: every program is a subcommand.

impact-lab                          list the programs
impact-lab sweep seeds=5            the same as python -m experiments.sweep seeds=5 in a checkout
impact-lab sweep --help             the keys of a program
impact-lab dashboard                open the students' web page

This module imports the standard library alone, so that the list is there at once.
"""

from __future__ import annotations

import ast
import re
import runpy
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent

INSTALLED = (ROOT / "sim" / "programs").is_dir()
"""Whether the programs lie inside `sim`, as the wheel has them, and not in `experiments/` beside it."""

PACKAGE = "sim.programs" if INSTALLED else "experiments"

PAGE = "sim.dashboard"

ELSEWHERE = {"benchmark": f"{PACKAGE}.benchmarks.benchmark", "dashboard": PAGE}
"""Subcommands whose modules do not lie at the top of the programs."""

OLD = {"sweeps": "results"}
"""Subcommands by their names in 0.1, which are understood for one version with a warning."""

ALIASES = {"page": "dashboard"} | OLD
"""Other words for a subcommand; they are not listed."""

NEED_SOURCES = {"archive"}
"""Programs that need the sources of the project, which the wheel does not hold."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a program, or list the programs.

    Args:
        arguments: the words after `impact-lab`; those of this process by default

    Returns:
        The exit code: 2 for a subcommand that does not exist. A program may also end this process itself.
    """
    word, *rest = [*(sys.argv[1:] if arguments is None else arguments), ""]
    words = rest[:-1]
    if word in ("", "-h", "--help", "help"):
        sys.stdout.write(overview())
        return 0
    if word == "--version":
        sys.stdout.write(f"impact-lab {version()}\n")
        return 0
    modules = programs()
    name = word if word in modules else ALIASES.get(word, word)
    if name not in modules:
        sys.stderr.write(f"error: {unknown(word, modules)}\n")
        return 2
    if word != name and word in OLD:
        sys.stderr.write(
            f"warning: `impact-lab {word}` is now `impact-lab {name}`; version 0.3 will remove the old name\n"
        )
    run(modules[name], name, words)
    return 0


def programs() -> dict[str, str]:
    """Return the module of each program that works here, by the name of its subcommand."""
    files = (ROOT / Path(*PACKAGE.split("."))).glob("[a-z]*.py")
    hidden = (NEED_SOURCES if INSTALLED else set()) | set(ALIASES)
    found = {file.stem: f"{PACKAGE}.{file.stem}" for file in files} | ELSEWHERE
    if "results" not in found:
        hidden -= {"sweeps"}
    is_program = {name for name, module in found.items() if 'if __name__ == "__main__"' in source_of(module)}
    return {name: found[name] for name in sorted(is_program - hidden)}


def source_of(module: str) -> str:
    """Return the source of a module that is run: a file, or the `__main__` of a package."""
    place = ROOT.joinpath(*module.split("."))
    file = place / "__main__.py" if place.is_dir() else place.with_suffix(".py")
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def overview() -> str:
    """Return the list of programs, each with the first line of its docstring."""
    modules = programs()
    width = max(map(len, modules))
    lines = [f"  {name:<{width}}  {about(module)}" for name, module in modules.items()]
    return "\n".join(
        [
            f"Collective Impact Lab {version()}: simulate how a network of organisations wins the state over.",
            "",
            "Usage: impact-lab PROGRAM [KEY=VALUE ...]",
            "",
            *lines,
            "",
            "`impact-lab PROGRAM --help` lists the keys of a program. In Python: import sim; help(sim)",
            "",
        ]
    )


def about(module: str) -> str:
    """Return the first line of a module's docstring, without the command that some put behind it."""
    text = (ast.get_docstring(ast.parse(source_of(module))) or "").partition("\n")[0]
    text = re.sub(r":? ?\(?`?python -m .*$", "", text)
    return text if text.endswith(("?", ".")) else f"{text}."


def unknown(word: str, modules: dict[str, str]) -> str:
    """Return the sentence for a subcommand that does not exist."""
    from difflib import get_close_matches

    if word in NEED_SOURCES:
        return f"`{word}` needs the sources of the project, which are not installed with it; run it in a checkout"
    near = get_close_matches(word, [*modules, *ALIASES], n=1, cutoff=0.6)
    shown = ascii(word if len(word) <= 60 else f"{word[:60]}...")[1:-1]
    hint = f"; did you mean `{near[0]}`?" if near else ";"
    return f"there is no program `{shown}`{hint} `impact-lab --help` lists the programs"


def version() -> str:
    """Return the version of this code, which `sim` states."""
    text = (ROOT / "sim" / "__init__.py").read_text(encoding="utf-8")
    return re.findall(r'^__version__ = "(.*)"$', text, re.MULTILINE)[0]


def run(module: str, name: str, words: Sequence[str]) -> None:
    """Run a program in this process, as `python -m` does."""
    sys.argv = [f"impact-lab {name}", *words]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    sys.exit(main())
