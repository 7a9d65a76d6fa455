"""Commands of this project as text for a shell, and the command or call that makes a result."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from inspect import signature
from pathlib import Path
from typing import Any

WHOLE = ("out", "posterior", "title", "question")
"""Keys whose value is one text; commas and brackets in it have no special meaning."""

IN_QUOTES = re.compile(r"""\s*(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")\s*(?=,|$)""", re.DOTALL)
"""A value in quotes of Hydra's grammar."""

_ORIGIN: ContextVar[str] = ContextVar("origin", default="")


DISTRIBUTION = "collective-impact-lab"
"""Name of the project for `pip install`."""

_ELSEWHERE = {"benchmark": "experiments.benchmarks.benchmark", "dashboard": "sim.dashboard"}
"""Modules of programs that are not at the top of `experiments`."""

_PAGES = {
    "add_agent_kind.md": "how-to",
    "clusters.md": "how-to",
    "files.md": "reference",
    "outcomes.md": "reference",
    "scenarios.md": "reference",
}
"""Pages of documentation that the wheel holds, and their folders in `docs`."""

_PAGE = re.compile(rf"(?<![\w/])docs/(?:how-to|reference)/({'|'.join(map(re.escape, _PAGES))})")
"""One of these pages in a text."""

_IN_TEXT = re.compile(r"(?:python -m )?experiments\.(?:benchmarks\.)?([a-z]+)|python -m sim\.(dashboard)")
"""A command of a checkout, with or without the start that all have."""


def is_installed() -> bool:
    """Return whether the programs are part of the installed package, and so subcommands of `impact-lab`."""
    return Path(__file__).with_name("programs").is_dir()


def programs_package() -> str:
    """Return the name of the package of the programs: `experiments` in a checkout, `sim.programs` in the wheel."""
    return "sim.programs" if is_installed() else "experiments"


def command(program: str, words: Sequence[str] = ()) -> str:
    """Return a command that can be pasted into a shell.

    Args:
        program: its name, for example `compare`
        words: its arguments, as they are typed

    >>> command("run", ["out=R&D (2019)", "seeds=2"])
    "python -m experiments.run 'out=R&D (2019)' seeds=2"
    """
    in_checkout = ["python", "-m", _ELSEWHERE.get(program, f"experiments.{program}")]
    return shlex.join([*(["impact-lab", program] if is_installed() else in_checkout), *words])


def page(name: str) -> str:
    """Return the path of a page of the documentation: in `docs`, or in the folder of the installed package.

    Args:
        name: of a page that the wheel holds, for example `files.md`

    >>> page("files.md")
    'docs/reference/files.md'
    """
    path = Path("docs", _PAGES[name], name)
    return str(Path(__file__).parent / path) if is_installed() else path.as_posix()


def commands_here(text: str) -> str:
    """Return text with the commands and pages that exist here: `impact-lab NAME` if the project is installed.

    >>> commands_here("made by `python -m experiments.compare`")
    'made by `python -m experiments.compare`'
    """
    if not is_installed():
        return text
    text = _IN_TEXT.sub(lambda match: f"impact-lab {match[1] or match[2]}", text)
    return _PAGE.sub(lambda match: page(match[1]), text)


def install(extra: str) -> str:
    """Return the command that installs an extra.

    Args:
        extra: its name, for example `analysis`

    >>> install("analysis")
    'pip install -e ".[analysis]" -c requirements.lock'
    """
    return (
        f'pip install "{DISTRIBUTION}[{extra}]"'
        if is_installed()
        else f'pip install -e ".[{extra}]" -c requirements.lock'
    )


def option(key: str, value: str | Path) -> str:
    r"""Return an argument that gives a key a path, as a user types it; `command` quotes it for a shell.

    >>> option("out", Path("R&D")), option("out", "'a'")
    ('out=R&D', 'out="\'a\'"')
    """
    value = str(value)
    apart = key not in WHOLE and (set(value) & set(",[(") or value != value.strip())
    plain = not apart and not IN_QUOTES.fullmatch(value) and value != "null"
    return f"{key}={value if plain else quoted(value)}"


def quoted(text: str, escape: bool = False) -> str:
    r"""Return text in quotes of Hydra's grammar, as a user types it, or with `${` escaped, as Hydra reads it.

    >>> quoted("a, b"), quoted("d'Ivry")
    ("'a, b'", '"d\'Ivry"')
    """
    quote = '"' if "'" in text and '"' not in text else "'"
    ready = escaped(text) if escape else text
    inner = re.sub(rf"(\\*)({quote}|$)", lambda match: match[1] * 2 + (f"\\{quote}" if match[2] else ""), ready)
    return f"{quote}{inner}{quote}"


def escaped(text: str) -> str:
    r"""Return text in which OmegaConf finds no interpolation.

    >>> escaped("a/${HOME}")
    'a/\\${HOME}'
    """
    return re.sub(r"(\\*)\$\{", lambda match: f"{match[1] * 2}\\${{", text)


@contextmanager
def made_by(text: str) -> Iterator[None]:
    """Note the command that makes the results within a `with` block; they store it as their origin."""
    token = _ORIGIN.set(text)
    try:
        yield
    finally:
        _ORIGIN.reset(token)


def origin(call: str) -> str:
    """Return the command that makes the present results, or the call in Python if no program runs."""
    return _ORIGIN.get() or call


def call_text(function: str, options: Mapping[str, Any]) -> str:
    """Return a call in Python as text, without options that are None.

    >>> call_text("sim.attribute", {"game": "drivers", "timing": None, "seeds": 40})
    "sim.attribute(game='drivers', seeds=40)"
    """
    return f"{function}({', '.join(f'{name}={value!r}' for name, value in options.items() if value is not None)})"


def call_of(function: Callable[..., Any], options: Mapping[str, Any]) -> str:
    """Return a call of a public function of `sim` as text, without options at their defaults.

    Args:
        function: of `sim`
        options: values by the names of its parameters

    >>> def attribute(game="conditions", *, seeds=40): ...
    >>> call_of(attribute, {"game": "drivers", "seeds": 40})
    "sim.attribute(game='drivers')"
    """
    defaults = {name: parameter.default for name, parameter in signature(function).parameters.items()}
    changed = {name: value for name, value in options.items() if not is_default(value, defaults[name])}
    return call_text(f"sim.{function.__name__}", changed)


def is_default(value: Any, default: Any) -> bool:
    """Return whether the value of an option is its default; never for a table or an array that is not the same object.

    >>> is_default(40, 40), is_default(True, 1)
    (True, False)
    """
    return value is default or (type(value) is type(default) and bool(value == default))
