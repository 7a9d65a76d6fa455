"""Base class of the results of studies: saved, loaded, read as text, drawn, and added to a report."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

from sim.errors import InputError
from sim.findings.numbers import readable_name
from sim.reports.blocks import Chapter
from sim.results.files import all_written, path_of, text_of, writable
from sim.results.folder import left_before, require_kind, with_article, with_checksums
from sim.results.identity import environment
from sim.results.result_folder import ResultFolder, folder_with


class StudyResult(ABC):
    """The result of a study: tables and a record.

    A subclass is a frozen dataclass. Its field `record` has `command`, `baseline`, seeds and so on. Its texts, figures and
    chapter are built from its tables, so that a loaded result gives the same texts as the first one.
    """

    kind: ClassVar[str]
    """Kind of result in the manifest of a folder, for example `attribution`."""

    record: Mapping[str, Any]

    @abstractmethod
    def summary(self) -> str:
        """Return the findings as text, no stronger than their intervals."""

    @abstractmethod
    def chapter(self, title: str | None = None) -> Chapter:
        """Return the result as a chapter of a report.

        Args:
            title: of the chapter; None for its own
        """

    @abstractmethod
    def contents(self) -> Mapping[str, bytes]:
        """Return the files of the result: content by file name, without manifest and checksums."""

    @classmethod
    @abstractmethod
    def read(cls, folder: ResultFolder) -> Self:
        """Return the result from a folder.

        Raises:
            InputError: a table is missing, broken or changed since it was written
        """

    @property
    @abstractmethod
    def plot(self) -> Any:
        """Figures of the result, among them `plot.page()`."""

    def save(self, folder: str | Path) -> list[Path]:
        """Write the result to a folder, completely or not at all: tables, text, figures, manifest and checksums.

        Args:
            folder: created if it does not exist; a result of the same kind there is replaced

        Returns:
            The files, without manifest and checksums.

        Raises:
            InputError: the folder has results of another kind, or cannot be written
        """
        place = require_kind(path_of(folder), self.kind)
        files = {writable(place) / name: content for name, content in self.contents().items()}
        manifest = text_of(
            {"kind": self.kind, **self.record, "environment": self.record.get("environment") or environment()}
        )
        old_files = left_before(place, files)
        all_written(with_checksums(files) | {place / "manifest.json": manifest.encode()})
        for path in old_files:
            path.unlink(missing_ok=True)
        return list(files)

    def saved_in(self, out: str | Path | None) -> Self:
        """Save the result in a folder and return it.

        Args:
            out: the folder; None: nothing is written

        Raises:
            InputError: the folder cannot be written
        """
        if out is not None:
            self.save(out)
        return self

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Return the result that `save`, a study with `out` or a program wrote to a folder.

        Raises:
            InputError: the folder has no result of this kind, or the result is broken or was changed
        """
        return cls.from_folder(folder_with(folder, cls.kind))

    @classmethod
    def from_folder(cls, folder: ResultFolder) -> Self:
        """Return the result of a folder, as `read` does; an incomplete manifest is an error too.

        Raises:
            InputError: a table or a part of the manifest is missing, broken or changed since it was written
        """
        try:
            return cls.read(folder)
        except InputError:
            raise
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
            problem = f"`{error.args[0]}` is missing" if isinstance(error, KeyError) else str(error)
            raise InputError(
                f"{folder.folder} does not hold {with_article(cls.kind)} in the format of this version ({problem}); "
                f"run {folder.command} to build it again"
            ) from None

    def _repr_html_(self) -> str:
        """Return the chapter as a page, for notebooks."""
        from sim.reports.page import fragment

        return fragment(self.chapter())

    def __repr__(self) -> str:
        """Return a line for terminals and notebooks."""
        name = readable_name(str(self.record.get("called", ""))) if "called" in self.record else ""
        return f"<{type(self).__name__}{f' of {name}' if name else ''}; see .summary(), .plot and .save(folder)>"
