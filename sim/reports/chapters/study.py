"""The part of a study that all chapters need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Study(Protocol):
    """A study that has a chapter in a report."""

    @property
    def key(self) -> str:
        """Key that is unique in a report."""

    @property
    def record(self) -> Mapping[str, Any]:
        """Options and provenance of the study."""
