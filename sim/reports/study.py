"""What every study gives: a frozen result that can be saved, loaded, read as text, drawn, and put into a report."""

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
    """The result of a study: tables, and a record of what made them.

    A subclass is a frozen dataclass whose field `record` says what it was made with: `command`, `baseline`, seeds and so
    on. Its texts, figures and chapter are made from its tables, so that a loaded result says what the first one said.
    """

    kind: ClassVar[str]
    """What a folder says that it holds, for example `attribution`."""

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
        """Return what a folder of the result holds: content by file name, manifest and checksums left out."""

    @classmethod
    @abstractmethod
    def read(cls, folder: ResultFolder) -> Self:
        """Return the result that a folder holds.

        Raises:
            InputError: a table is missing, broken or not as it was written
        """

    @property
    @abstractmethod
    def plot(self) -> Any:
        """Figures of the result, among them `plot.page()`."""

    def save(self, folder: str | Path) -> list[Path]:
        """Write the result to a folder, whole or not at all: tables, text, figures, manifest and checksums.

        Args:
            folder: where to; it is made if need be, and a result of the same kind there is replaced, files that it alone
                had included

        Returns:
            The files, the manifest and the checksums left out.

        Raises:
            InputError: the folder holds work of another kind, or cannot be written
        """
        place = require_kind(path_of(folder), self.kind)
        files = {writable(place) / name: content for name, content in self.contents().items()}
        manifest = text_of(
            {"kind": self.kind, **self.record, "environment": self.record.get("environment") or environment()}
        )
        old = left_before(place, files)
        all_written(with_checksums(files) | {place / "manifest.json": manifest.encode()})
        for path in old:
            path.unlink(missing_ok=True)
        return list(files)

    def kept_in(self, out: str | Path | None) -> Self:
        """Return the result, saved in the folder that its study was given for it.

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
        """Return the result that `save`, a study with `out` or a program left in a folder.

        Raises:
            InputError: there is none of this kind, it is broken, or it was changed since
        """
        return cls.opened(folder_with(folder, cls.kind))

    @classmethod
    def opened(cls, folder: ResultFolder) -> Self:
        """Return the result that a folder holds, as `read` does; a manifest that lacks something is a mistake too.

        Raises:
            InputError: a table or a part of the manifest is missing, broken or not as it was written
        """
        try:
            return cls.read(folder)
        except InputError:
            raise
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
            lacks = f"`{error.args[0]}` is missing" if isinstance(error, KeyError) else str(error)
            raise InputError(
                f"{folder.folder} does not hold {with_article(cls.kind)} as this version writes it ({lacks}): "
                f"{folder.command} makes it anew"
            ) from None

    def _repr_html_(self) -> str:
        """Return the chapter as a page, for notebooks."""
        from sim.reports.page import fragment

        return fragment(self.chapter())

    def __repr__(self) -> str:
        """Return a line for terminals and notebooks."""
        about = readable_name(str(self.record.get("called", ""))) if "called" in self.record else ""
        return f"<{type(self).__name__}{f' of {about}' if about else ''}; ask .summary(), .plot or .save(folder)>"
