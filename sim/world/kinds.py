"""The kinds of organisation: seven of the model, then those that a user registers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, overload

import numpy as np

FIRST = ("ministry", "foundation", "business", "ngo", "academia", "local_authority", "backbone")
"""Kinds of the model, in the order of rows."""

OWNERS, JOINERS = FIRST[5:6], FIRST[1:6]
"""Kinds of the model to whose organisations schools belong, and those that may join: the ministry joins as a stage, the
backbone convenes. The classes of `sim.agents` say the same; a test compares them."""

MINISTRY, FOUNDATION, BUSINESS, NGO, ACADEMIA, AUTHORITY, BACKBONE = range(len(FIRST))


class KindNames(Sequence[str]):
    """Names of the kinds in the order of rows, as registered at the time of use; the number of a kind is its place.

    Attributes:
        codes: number of each kind, by name
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = list(names)
        self.codes = {name: code for code, name in enumerate(self._names)}
        self._flags: dict[str, set[str]] = {"owns_schools": set(OWNERS), "may_join": set(JOINERS)}
        self._having: dict[str, Any] = {}

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        """Return the name at a place."""
        return self._names[place]

    def __len__(self) -> int:
        """Return the number of kinds."""
        return len(self._names)

    def index(self, name: object, *bounds: int) -> int:
        """Return the number of a kind.

        Args:
            name: of the kind
            *bounds: as for a list

        Raises:
            ValueError: the name is not registered
        """
        return self._names.index(name, *bounds)  # type: ignore[arg-type]

    def declare(self, name: str, *, owns_schools: bool, may_join: bool) -> None:
        """Add a kind, or declare it anew.

        Args:
            name: of the kind; a new one comes last
            owns_schools: whether schools belong to organisations of this kind
            may_join: whether they may ever join the initiative
        """
        self._having.clear()
        if name not in self.codes:
            self.codes[name] = len(self._names)
            self._names.append(name)
        for flag, here in (("owns_schools", owns_schools), ("may_join", may_join)):
            (self._flags[flag].add if here else self._flags[flag].discard)(name)

    def keep(self, names: Iterable[str]) -> None:
        """Forget every registered kind but these, in this order; those of the model stay.

        Args:
            names: of the kinds to keep
        """
        self._names[len(FIRST) :] = [name for name in names if name in self.codes and name not in FIRST]
        self._having.clear()
        self.codes.clear()
        self.codes.update({name: code for code, name in enumerate(self._names)})

    def having(self, flag: str) -> Any:
        """Return which kinds have a capability [flag].

        Args:
            flag: ``owns_schools`` or ``may_join``

        Returns:
            shape (kinds,) [flag]
        """
        if flag not in self._having:
            self._having[flag] = np.array([name in self._flags[flag] for name in self._names])
            self._having[flag].flags.writeable = False
        return self._having[flag]

    def owners(self) -> list[str]:
        """Return the names of the kinds whose organisations own schools."""
        return [name for name in self._names if name in self._flags["owns_schools"]]


KINDS = KindNames(FIRST)
"""Kinds of organisation as they are registered; seven where nobody registers another."""
