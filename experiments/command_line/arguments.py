"""The words of a command line, and what Hydra reads in place of what was typed.

A path may hold any letter: for Hydra it is put in quotes. What is printed or kept is always what the user typed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from os.path import exists, expanduser
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf

from sim.commands import IN_QUOTES, WHOLE, quoted
from sim.configuration import scenarios
from sim.errors import InputError, shown
from sim.parameters import declared_parameters
from sim.tables.paths import expanded_path, parts_of

OUTPUTS = ("out", "posterior")
"""Keys that name what a program writes."""


INPUTS = ("scenario", "baseline", "reference", "without", "scenarios", "arms", "game", "points", "targets", "uncertainty",
          "file", "schools", "comparisons", "attributions", "equity", "robust", "items", "expectations")  # fmt: skip
"""Keys that name files or folders to be read, one or several, besides parameters whose unit is a file."""

_FUNCTION = re.compile(r"(choice|extend_list|glob|interval|range|shuffle|sort|tag)\(.*\)", re.DOTALL)

_TYPED: dict[str, str] = {}
"""Words as they were typed, by what Hydra reads in their place."""


def for_hydra(words: Sequence[str]) -> list[str]:
    """Rewrite the words of a command so that Hydra reads every path in them as it is typed.

    Args:
        words: as they were typed; words that were rewritten before stay as they are

    Returns:
        A word for each. `typed` gives back what was typed.

    Raises:
        InputError: a word is not text in UTF-8.

    >>> for_hydra(["out=R&D (2019)", "seeds=1,2", "setting.schools=a=b.csv,c.csv"])
    ["out='R&D (2019)'", 'seeds=1,2', "setting.schools='a=b.csv',c.csv"]
    """
    rewritten = []
    for word in words:
        key, sign, value = word.partition("=")
        if word in _TYPED or not sign or not holds_paths(key):
            rewritten.append(word)
            continue
        if not _is_text(value):
            raise InputError(f"the value {shown(value)} of `{key}` is not text in UTF-8; rename the file or folder")
        new = f"{key}={_whole(value, key in OUTPUTS) if key in WHOLE else _inputs(value)}"
        if new != word:
            _TYPED[new] = word
        rewritten.append(new)
    return rewritten


def holds_paths(key: str) -> bool:
    """Whether the value of a key may be a path, or text of the user's own."""
    declaration = declared_parameters().get(key, (None, None))[1]
    is_file = declaration is not None and declaration.unit == "file"
    return is_file or key in (*WHOLE, *INPUTS) or key.endswith(".scenarios")


def typed(words: Sequence[str] | None = None) -> list[str]:
    """Return the words of a command as the user typed them; those of this process where none are given."""
    return [as_typed(word) for word in (sys.argv[1:] if words is None else words)]


def as_typed(word: str) -> str:
    """Return a word of a command as the user typed it."""
    return _TYPED.get(word, word)


def literal(text: str) -> str:
    r"""What a user types for a value that Hydra has in quotes, in which `${` is escaped; other values stay.

    >>> literal(r"'a \${b}'")
    "'a ${b}'"
    """
    value = _unquoted(text)
    return text if value is None else quoted(unescaped(value))


def unescaped(value: Any) -> Any:
    """Return a value of Hydra's as OmegaConf gives it: text without the marks of `escaped`, anything else as it is."""
    return OmegaConf.create({"value": value}).value if isinstance(value, str) and "${" in value else value


def overrides_of(config: DictConfig) -> list[str]:
    """Return the words that Hydra read for a task, as they are: nothing in them is interpolated."""
    words = OmegaConf.to_container(config.hydra.overrides.task, resolve=False)
    assert isinstance(words, list)
    return [str(word) for word in words]


def _whole(value: str, expand: bool = False) -> str:
    """Return a value for Hydra that is one piece of text, whatever is in it; `~` is a home folder where it is to be expanded."""
    if value == "null":
        return value
    unquoted = _unquoted(value)
    text = value if unquoted is None else unquoted
    text = expanduser(text) if expand else text  # Hydra makes the folder of a sweep itself
    return text if unquoted is None and _plain(text) else quoted(text, escape=True)


def _inputs(value: str) -> str:
    """Return a value for Hydra that names one or several things to be read."""
    if not value or _exists(value):
        return _whole(value) if value else value
    if _FUNCTION.fullmatch(value):
        return value
    if value.startswith("[") and value.endswith("]"):
        return f"[{','.join(map(_whole, _pieces(value[1:-1])))}]"
    return ",".join(map(_whole, _pieces(value)))


def _pieces(text: str) -> Iterator[str]:
    """Yield the pieces between the commas of a value; a piece in quotes, and the name of a file that exists, stay whole."""
    while text:
        in_quotes = IN_QUOTES.match(text)
        stops = [found.start() for found in re.finditer(",", text)] + [len(text)]
        stop = next((n for n in reversed(stops) if n != stops[0] and _exists(text[:n].strip())), stops[0])
        stop = in_quotes.end() if in_quotes else stop
        piece = text[:stop]
        yield piece if _exists(piece) else piece.strip()
        if stop == len(text) - 1:
            yield ""  # a comma at the end, which Hydra refuses
        text = text[stop + 1 :]


def _exists(name: str) -> bool:
    """Whether a name is of something that exists: a file or folder, or scenarios with a plus between them."""
    if exists(expanded_path(name)):
        return True
    parts = parts_of(name.removeprefix("+")) if "," in name else []
    return bool(parts) and all(exists(expanded_path(part)) or part in scenarios() for part in parts)


def _plain(value: str) -> bool:
    """Whether Hydra reads a value as that same text, without quotes, and OmegaConf too."""
    try:
        override = OverridesParser.create().parse_override(f"key={value}")
        read = None if override.is_sweep_override() else override.value()
    except (HydraException, ValueError):
        return False
    return isinstance(read, str) and read == value and "${" not in value and not value.endswith("\\")


def _unquoted(value: str) -> str | None:
    """Return the text of a value that is in Hydra's quotes; None for any other value."""
    if not IN_QUOTES.fullmatch(value):
        return None
    read = OverridesParser.create().parse_override(f"key={value}").value()
    return read if isinstance(read, str) else None


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
