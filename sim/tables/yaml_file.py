"""YAML files of users, read so that nothing is lost or changed silently; the module of sim that uses OmegaConf."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import yaml
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from sim.errors import InputError, shown

LARGEST = 1_000_000
"""Size of the largest file [bytes]."""

MOST = 50_000
"""Limit of the values in a file once its references are written out."""

_TAG = "tag:yaml.org,2002:"
_READ_AS_ANOTHER_NUMBER = re.compile(r"[+-]?0[0-7_]*[1-7][0-7_]*|[+-]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?")
_LINES = {"\n", "\r", "\t"}


def document(path: Path) -> Any:
    """Return the content of a YAML file as plain Python; None for an empty file.

    Dates stay text. Numbers that YAML would turn into others (010 into 8, 1:30 into 90) and references to other values
    (`${...}`) are refused.

    Args:
        path: of the file

    Raises:
        InputError: the file is too large, not UTF-8 or not YAML, or has a control character, a key twice, or a key that is
            neither text nor a number
    """
    text = _text_of(path)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        if root is None or (isinstance(root, yaml.ScalarNode) and root.tag == f"{_TAG}null"):
            return None
        _check_size(path, root)
        for node in _nodes(root):
            _check_scalar(path, node)
            _check_keys(path, node)
        if isinstance(root, yaml.ScalarNode):
            raise InputError(
                f"{path.name} cannot be read as YAML: there must be keys and values; got {shown(root.value)}"
            )
        return OmegaConf.to_container(OmegaConf.load(StringIO(text)), resolve=False)
    except RecursionError:
        raise InputError(f"{path.name} cannot be read as YAML: keys and lists are nested too deeply") from None
    except yaml.MarkedYAMLError as error:
        why = ": ".join(dict.fromkeys(filter(None, (error.context, error.problem))))
        mark = error.problem_mark or error.context_mark
        where = f", line {mark.line + 1}" if mark else ""
        raise InputError(f"{path.name} cannot be read as YAML: {why}{where}") from None
    except (
        OmegaConfBaseException,
        yaml.YAMLError,
        OSError,
        ArithmeticError,
        LookupError,
        TypeError,
        AttributeError,
    ) as error:
        raise InputError(f"{path.name} cannot be read as YAML: {str(error).partition('\n')[0]}") from None
    except ValueError as error:  # a number or a date that says what it is not, as in !!int x
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path.name} cannot be read as YAML: {str(error).partition('\n')[0]}") from None


def _text_of(path: Path) -> str:
    """Return the text of a file.

    Raises:
        InputError: it is too large, not UTF-8, or has a control character
    """
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise InputError(f"{path.name} has {size:,} bytes; a YAML file may have at most {LARGEST:,}")
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path.name} cannot be read: {error.strerror or error}") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(
            f"{path.name}, line {line}: the text is not UTF-8; save the file in the encoding UTF-8"
        ) from None
    sign = control_in(text)
    if sign:
        _refuse_control(path, text.count("\n", 0, text.index(sign)) + 1, sign)
    return text


def control_in(text: str) -> str:
    r"""Return the first character of a text that files for other programs cannot hold; empty without any.

    Args:
        text: the text

    >>> control_in("a\tb"), control_in("a\x07b")
    ('', '\x07')
    """
    return next(filter(_is_control, text), "")


def _is_control(sign: str) -> bool:
    if sign < "\x7f":
        return sign < " " and sign not in _LINES
    return unicodedata.category(sign) in ("Cc", "Cs") or sign in "\ufffe\uffff"


def _refuse_control(path: Path, line: int, sign: str) -> None:
    raise InputError(f"{path.name}, line {line}: there is a control character (U+{ord(sign):04X}); delete it")


def _nodes(root: yaml.Node) -> Iterator[yaml.Node]:
    """Yield every node once."""
    waiting, seen = [root], {id(root)}
    while waiting:
        node = waiting.pop()
        yield node
        for child in _below(node):
            if id(child) not in seen:
                seen.add(id(child))
                waiting.append(child)


def _below(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _check_size(path: Path, root: yaml.Node) -> None:
    """Check that a file stays small when its references are written out.

    Raises:
        InputError: it would be too large, or a value refers to itself
    """
    sizes: dict[int, int | None] = {}

    def size(node: yaml.Node) -> int:
        if id(node) in sizes:
            before = sizes[id(node)]
            if before is None:
                raise InputError(f"{path.name}, line {_line(node)}: a value holds a reference to itself; write it out")
            return before
        sizes[id(node)] = None
        total = 1 + sum(map(size, _below(node)))
        sizes[id(node)] = total
        return total

    if size(root) > MOST:
        raise InputError(f"{path.name} would hold more than {MOST:,} values with its references written out; use fewer")


def _check_scalar(path: Path, node: yaml.Node) -> None:
    """Check that YAML reads a value as it is written.

    Raises:
        InputError: it is read as something else
    """
    if not isinstance(node, yaml.ScalarNode):
        return
    sign = control_in(node.value)
    if sign:
        _refuse_control(path, _line(node), sign)
    if "${" in node.value:
        raise InputError(
            f"{path.name}, line {_line(node)}: {shown(node.value)} refers to another value; write the value itself"
        )
    if (
        node.tag in (f"{_TAG}int", f"{_TAG}float")
        and node.style is None
        and _READ_AS_ANOTHER_NUMBER.fullmatch(node.value)
    ):
        raise InputError(
            f"{path.name}, line {_line(node)}: YAML reads {node.value} as another number; write it without a leading 0 or `:`, "
            "or in quotes if it is text"
        )


def _check_keys(path: Path, node: yaml.Node) -> None:
    """Check that keys are text or numbers, each once.

    Raises:
        InputError: a key is neither, or comes twice
    """
    if not isinstance(node, yaml.MappingNode):
        return
    lines: dict[str, int] = {}
    for key, _ in node.value:
        line = _line(key)
        if not isinstance(key, yaml.ScalarNode):
            raise InputError(f"{path.name}, line {line}: a key must be text; got a list or keys and values")
        if key.tag in (f"{_TAG}bool", f"{_TAG}null"):
            raise InputError(
                f"{path.name}, line {line}: YAML does not read the key {shown(key.value)} as text; put it in quotes"
            )
        if key.value in lines:
            raise InputError(
                f"{path.name}, line {line}: the key {shown(key.value)} is already in line {lines[key.value]}; keep one"
            )
        lines[key.value] = line


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
