"""Policies: sets of dated changes to declared levers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sim.dates import date_of
from sim.errors import InputError, shown, whole_number
from sim.parameters import checked, declared, declared_parameters


@dataclass(frozen=True, order=True)
class Change:
    """From this month on, a lever has this value; `window` marks changes that timing moves."""

    month: int
    key: str
    value: Any
    window: bool = False


@dataclass(frozen=True)
class Policy:
    """Dated changes to levers, sorted by month. There is no other code for policies."""

    changes: tuple[Change, ...] = ()

    @staticmethod
    def of(changes: Iterable[Change]) -> Policy:
        """Return a policy from changes in any order.

        Raises:
            InputError: a change is not a `Change`, its parameter is not a lever, or its month or value is wrong
        """
        listed = []
        for change in changes if isinstance(changes, Iterable) else [changes]:
            if not isinstance(change, Change):
                raise InputError(
                    f"a policy must consist of changes, `sim.Change(month, key, value)`; got {shown(change)}"
                )
            if isinstance(change.month, str):
                raise InputError(f"the month of a change to `{change.key}` must be a number of months; got "
                              f"{shown(change.month)}: `sim.dates.month_of` makes one of a date")  # fmt: skip
            whole_number(f"the month of a change to `{change.key}`", change.month, *_MONTHS)
            if not declared(change.key)[1].lever:
                raise InputError(
                    f"`{change.key}` is not a lever, so a policy cannot change it in {date_of(change.month)}; "
                    "`sim.levers()` lists the levers"
                )
            listed.append(replace(change, value=checked(change.key, change.value)))
        return Policy(tuple(sorted(listed, key=lambda c: (c.month, c.key))))

    def shifted(self, months: int) -> Policy:
        """Return the same policy with its windows so many months later (earlier if negative).

        A lever that counts events, such as changes of leaders, counts them in the order in which they now come.

        Raises:
            InputError: the number of months is not a whole number, or too large
        """
        whole_number("the months by which a policy is shifted", months, -_MONTHS[1], _MONTHS[1])
        moved = [replace(c, month=c.month + months) if c.window else c for c in self.changes]
        counts = {key: iter(sorted(c.value for c in moved if c.key == key)) for key in counted()}
        ordered = sorted(moved, key=lambda c: (c.month, c.key))
        return Policy(tuple(replace(c, value=next(counts[c.key])) if c.key in counts else c for c in ordered))

    def without(self, *keys: str) -> Policy:
        """Return the same policy without the changes to some levers.

        Raises:
            InputError: a key is not a parameter
        """
        for key in keys:
            declared(key)
        return Policy(tuple(c for c in self.changes if c.key not in keys))

    def also(self, changes: Iterable[Change]) -> Policy:
        """Return the same policy with further changes.

        Raises:
            InputError: as `of` does
        """
        return Policy.of((*self.changes, *changes))


_MONTHS = (-10_000, 10_000)
"""First and last month of a change: some centuries around now, so that sums of months cannot overflow."""


@lru_cache(maxsize=1)
def counted() -> tuple[str, ...]:
    """Return the levers that count the events so far."""
    return tuple(name for name, (_, item) in declared_parameters().items() if item.lever and item.unit == "count")


def without_contradiction(policy: Policy) -> Policy:
    """Return the policy after a check that its changes do not contradict each other.

    Raises:
        InputError: a lever is given two values in one month, or a count of events does not rise
    """
    latest: dict[str, Change] = {}
    for change in policy.changes:
        before, date = latest.get(change.key), date_of(change.month)
        if before and before.month == change.month and before.value != change.value:
            raise InputError(f"`{change.key}` is changed twice in {date}, to {before.value} and to {change.value}")
        if before and change.key in counted() and before.month < change.month and before.value >= change.value:
            raise InputError(f"`{change.key}` counts events so far, so it cannot be {change.value} in {date} "
                          f"after {before.value} in {date_of(before.month)}")  # fmt: skip
        latest[change.key] = change
    return policy


def counted_together(policies: Sequence[Sequence[Change]]) -> Policy:
    """Join several policies into one; counts of the same events, such as changes of leaders, are added up.

    >>> first, second = Change(5, "ministry.leadership", 1), Change(3, "ministry.leadership", 1)
    >>> [(change.month, change.value) for change in counted_together([[first], [second]]).changes]
    [(3, 1), (5, 2)]
    """
    listed = [change for policy in policies for change in Policy.of(policy).changes]
    for key in counted():
        events: list[tuple[Change, int]] = []
        for policy in policies:
            value = 0
            for change in (c for c in Policy.of(policy).changes if c.key == key):
                events.append((change, change.value - value))
                value = change.value
        if len({id(change) for change, _ in events}) < 2 or any(step < 1 for _, step in events):
            continue  # nothing to add up, or counts that do not rise, which `without_contradiction` refuses
        listed = [change for change in listed if change.key != key]
        total = 0
        for change, step in sorted(events, key=lambda event: event[0].month):
            total += step
            listed.append(replace(change, value=total))
    return Policy.of(listed)


def dates_in_order(joined: int, pilot: int, national: int) -> None:
    """Check that the ministry joins first, then pilots, then goes national.

    Args:
        joined: month in which it joins
        pilot: month of the pilot
        national: month of the national programme

    Raises:
        InputError: the months are in another order
    """
    if not joined <= pilot <= national:
        dates = f"{date_of(joined)}, {date_of(pilot)}, {date_of(national)}"
        raise InputError(f"the ministry must join, pilot and go national in this order; got {dates}")


def ordered_stages(joined: int | None, pilot: int | None, national: int | None) -> list[Change]:
    """Return changes that take the ministry to its stages at given months; None for a stage that is never reached.

    Args:
        joined: month in which it joins
        pilot: month of the pilot
        national: month of the national programme

    Raises:
        InputError: the months are not in order
    """
    months = [month for month in (joined, pilot, national) if month is not None]
    if months != sorted(months):
        dates_in_order(*months, *[months[-1]] * (3 - len(months)))
    stages = ((joined, 1), (pilot, 2), (national, 3))
    reached: dict[int, int] = {}
    for month, stage in stages:
        if month is not None:
            reached[month] = max(reached.get(month, 0), stage)
    return [Change(month, "ministry.ordered", stage, window=True) for month, stage in reached.items()]
