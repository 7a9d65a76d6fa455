"""Sources of a report: results in memory, or their folders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.errors import InputError, shown
from sim.reports.study import StudyResult
from sim.results.files import path_of
from sim.results.result_folder import MAIN, ResultFolder, folder_with

type Source[R: StudyResult] = R | str | Path
"""A result or its folder."""

type Sources[R: StudyResult] = Source[R] | Sequence[Source[R]] | None
"""One source, several, or None for those in the usual folders."""


@dataclass(frozen=True)
class ReportSource[R: StudyResult]:
    """Source of a report.

    Args:
        kind: class of the result
        name: of its folder, or its key if it is in memory
        key: of its chapter in the report
        held: the result or its folder
    """

    kind: type[R]
    name: str
    key: str
    held: R | ResultFolder

    @property
    def record(self) -> Mapping[str, Any]:
        """Record of the result, with its kind."""
        record = self.held.manifest if isinstance(self.held, ResultFolder) else self.held.record
        return {**record, "kind": self.kind.kind}

    @property
    def in_call(self) -> Any:
        """Argument for the result in a call of `sim.report`: its folder, or the call that made it."""
        return self.name if isinstance(self.held, ResultFolder) else Code(str(self.record["command"]))

    def result(self) -> R:
        """Return the result, read from its folder if need be, with its key in the report.

        Raises:
            InputError: a file is missing, broken or changed
        """
        result: Any = self.kind.from_folder(self.held) if isinstance(self.held, ResultFolder) else self.held
        return replace(result, key=self.key)


class Code(str):
    """Text that is written into a call without quotes."""

    def __repr__(self) -> str:
        """Return the text without quotes."""
        return str(self)


def sources_of[R: StudyResult](
    value: Sources[R], option: str, kind: type[R], usual: Sequence[str]
) -> list[ReportSource[R]]:
    """Return the results that an option names, or those in the usual folders if it is None.

    Args:
        value: results or folders: one, several, none ([]), or None
        option: its name, for messages
        kind: class of the results
        usual: patterns of names of folders under `results`

    Raises:
        InputError: a folder holds no such result, or a source is named twice
    """
    if value is None:
        folders = [folder for pattern in usual for folder in sorted(path_of("results").glob(pattern))]
        return [_source(folder, kind) for folder in folders if (folder / MAIN[kind.kind]).is_file()]
    listed: Any = [value] if isinstance(value, str | Path | kind) else value
    if not isinstance(listed, Sequence) or not all(isinstance(each, str | Path | kind) for each in listed):
        raise InputError(f"`{option}` must be a list of different folders, or null; got {shown(value)}")
    if len({str(each) if isinstance(each, str | Path) else id(each) for each in listed}) < len(listed):
        raise InputError(f"`{option}` must be a list of different folders, or null; got {shown(value)}")
    return [_source(each, kind) for each in listed]


def _source[R: StudyResult](value: Source[R], kind: type[R]) -> ReportSource[R]:
    if isinstance(value, str | Path):
        folder = folder_with(value, kind.kind)
        return ReportSource(kind, str(folder.folder), key_of(folder.name), folder)
    key = key_of(str(getattr(value, "key", kind.kind)))
    return ReportSource(kind, key, key, value)


def key_of(name: str) -> str:
    """Return a name with all characters replaced that cannot be part of a link.

    >>> key_of("compare_governance")
    'compare-governance'
    """
    return "".join(sign if sign.isalnum() else "-" for sign in name)


def keyed_apart(sources: Sequence[ReportSource[Any]]) -> list[ReportSource[Any]]:
    """Return sources with different keys; a number is added to a key that is taken."""
    renamed, taken = [], set[str]()
    for source in sources:
        key, number = source.key, 2
        while key in taken:
            key, number = f"{source.key}-{number}", number + 1
        taken.add(key)
        name = key if source.name == source.key else source.name
        renamed.append(replace(source, key=key, name=name))
    return renamed
