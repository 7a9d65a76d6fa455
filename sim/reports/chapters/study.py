"""A study, as far as every chapter of one needs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Study(Protocol):
    """A study that has a chapter in a report."""

    @property
    def key(self) -> str:
        """Unique in a report."""

    @property
    def record(self) -> Mapping[str, Any]:
        """The options and the circumstances that it was made with."""
