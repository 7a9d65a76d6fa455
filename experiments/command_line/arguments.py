"""Words of a command line, and their quoted form for Hydra.

A path may contain any letter, so it is quoted for Hydra. Printed and stored words are always those that the user typed.
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
"""Keys of outputs of a program."""


INPUTS = ("scenario", "baseline", "reference", "without", "scenarios", "arms", "game", "points", "targets", "uncertainty",
          "file", "schools", "comparisons", "attributions", "equity", "robust", "items", "expectations")  # fmt: skip
"""Keys of input files or folders, one or several, besides parameters with the unit file."""

_FUNCTION = re.compile(r"(choice|extend_list|glob|interval|range|shuffle|sort|tag)\(.*\)", re.DOTALL)

_TYPED: dict[str, str] = {}
"""Typed words by their quoted form."""


def for_hydra(words: Sequence[str]) -> list[str]:
    """Quote the words of a command so that Hydra reads every path as it was typed.

    Args:
        words: as typed; words that are already quoted stay unchanged

    Returns:
        A word for each. `typed` returns the typed form.

    Raises:
        InputError: a word is not text in UTF-8

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
        rewritten_word = f"{key}={_one_value(value, key in OUTPUTS) if key in WHOLE else _several_values(value)}"
        if rewritten_word != word:
            _TYPED[rewritten_word] = word
        rewritten.append(rewritten_word)
    return rewritten


def holds_paths(key: str) -> bool:
    """Return true if the value of a key may be a path or free text."""
    declaration = declared_parameters().get(key, (None, None))[1]
    is_file = declaration is not None and declaration.unit == "file"
    return is_file or key in (*WHOLE, *INPUTS) or key.endswith(".scenarios")


def typed(words: Sequence[str] | None = None) -> list[str]:
    """Return the words of a command, by default of this process, as the user typed them."""
    return [as_typed(word) for word in (sys.argv[1:] if words is None else words)]


def as_typed(word: str) -> str:
    """Return a word of a command as the user typed it."""
    return _TYPED.get(word, word)


def as_user_types(text: str) -> str:
    r"""Return a value as a user types it: without escaped `${` if it is quoted, otherwise unchanged.

    >>> as_user_types(r"'a \${b}'")
    "'a ${b}'"
    """
    value = _unquoted(text)
    return text if value is None else quoted(unescaped(value))


def unescaped(value: Any) -> Any:
    """Return a value as OmegaConf reads it: text without the marks of `escaped`, anything else unchanged."""
    return OmegaConf.create({"value": value}).value if isinstance(value, str) and "${" in value else value


def overrides_of(config: DictConfig) -> list[str]:
    """Return the words that Hydra read for a task, without interpolation."""
    words = OmegaConf.to_container(config.hydra.overrides.task, resolve=False)
    assert isinstance(words, list)
    return [str(word) for word in words]


def _one_value(value: str, expand: bool = False) -> str:
    """Return a value for Hydra as one piece of text; expand `~` to the home folder if `expand`."""
    if value == "null":
        return value
    unquoted = _unquoted(value)
    text = value if unquoted is None else unquoted
    text = expanduser(text) if expand else text  # because Hydra itself creates the folder of a sweep
    return text if unquoted is None and _plain(text) else quoted(text, escape=True)


def _several_values(value: str) -> str:
    """Return a value for Hydra with one or several inputs."""
    if not value or _exists(value):
        return _one_value(value) if value else value
    if _FUNCTION.fullmatch(value):
        return value
    if value.startswith("[") and value.endswith("]"):
        return f"[{','.join(map(_one_value, _split_values(value[1:-1])))}]"
    return ",".join(map(_one_value, _split_values(value)))


def _split_values(text: str) -> Iterator[str]:
    """Yield the parts between commas of a value; a quoted part, or the name of an existing file, is not split."""
    while text:
        in_quotes = IN_QUOTES.match(text)
        commas = [match.start() for match in re.finditer(",", text)] + [len(text)]
        end = next(
            (comma for comma in reversed(commas) if comma != commas[0] and _exists(text[:comma].strip())), commas[0]
        )
        end = in_quotes.end() if in_quotes else end
        part = text[:end]
        yield part if _exists(part) else part.strip()
        if end == len(text) - 1:
            yield ""  # a comma at the end, which Hydra rejects
        text = text[end + 1 :]


def _exists(name: str) -> bool:
    """Return true for an existing file or folder, or scenarios joined by a plus."""
    if exists(expanded_path(name)):
        return True
    parts = parts_of(name.removeprefix("+")) if "," in name else []
    return bool(parts) and all(exists(expanded_path(part)) or part in scenarios() for part in parts)


def _plain(value: str) -> bool:
    """Return true if Hydra and OmegaConf read a value unchanged without quotes."""
    try:
        override = OverridesParser.create().parse_override(f"key={value}")
        read = None if override.is_sweep_override() else override.value()
    except (HydraException, ValueError):
        return False
    return isinstance(read, str) and read == value and "${" not in value and not value.endswith("\\")


def _unquoted(value: str) -> str | None:
    """Return the text of a value in Hydra's quotes; None for any other value."""
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
