"""Queues of the work of all visits: first runs and pictures, and fans; one at a time, visits by turns; a bound on visits."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from itertools import count

from sim.dashboard.live_run import StoppedError

MOST_VISITS = 40
"""Largest number of visits at once; a later one is told to come back."""

FULL = (
    "This page serves {most} visits at once, and all of them are taken. Close a tab that you no longer need, or open the page "
    "again in some minutes."
)
"""Message of a visit beyond the largest number."""

MOST_RESULTS = 40
"""Largest number of settings whose results are stored for all visits."""

PATIENCE = 0.2
"""Time after which waiting work looks whether it is still needed [seconds]."""


class Rank(IntEnum):
    """Order of work that waits for a turn: a first run, then pictures; those of a fan come later, those for phones last."""

    RUN = 0
    PICTURE = 1
    FAN = 2
    NARROW = 3


@dataclass(frozen=True)
class Ticket:
    """Work that waits: its rank, its visit, and its number in the order of arrival."""

    rank: Rank
    visit: str
    number: int


class Turns:
    """Turns of simulations and pictures: next is the first rank, and in it the visit that has waited longest since its turn."""

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self._changed = threading.Condition()
        self._waiting: list[Ticket] = []
        self._served: OrderedDict[str, int] = OrderedDict()
        self._running = False
        self._numbers = count()

    @contextmanager
    def turn(self, visit: str, stop: threading.Event | None = None, rank: Rank = Rank.RUN) -> Iterator[None]:
        """Wait for the turn of a simulation or a picture, and hold it while it is made.

        Args:
            visit: that needs the result
            stop: is set if the result is no longer needed
            rank: of the work

        Raises:
            StoppedError: `stop` was set before the turn came
        """
        ticket = Ticket(rank, visit, next(self._numbers))
        with self._changed:
            self._waiting.append(ticket)
            try:
                while self._running or self._next() is not ticket:
                    if stop is not None and stop.is_set():
                        raise StoppedError
                    self._changed.wait(PATIENCE)
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()
            self._running = True
        try:
            yield
        finally:
            with self._changed:
                self._running = False
                self._note_service(visit)
                self._changed.notify_all()

    def _next(self) -> Ticket:
        """Return the ticket whose turn it is."""
        return min(self._waiting, key=lambda one: (one.rank, self._served.get(one.visit, -1), one.number))

    def _note_service(self, visit: str) -> None:
        """Note that a visit had its turn; the oldest notes are dropped."""
        self._served.pop(visit, None)
        self._served[visit] = next(self._numbers)
        while len(self._served) > 4 * MOST_VISITS:
            self._served.popitem(last=False)


class Recent[Key, Value]:
    """The most recently used results, for all visits; older ones are dropped."""

    def __init__(self, most: int = MOST_RESULTS) -> None:
        """Hold at most that many results."""
        self._most, self._lock = most, threading.Lock()
        self._values: OrderedDict[Key, Value] = OrderedDict()

    def get(self, key: Key) -> Value | None:
        """Return the result of a key; None if it is not stored."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key]

    def put(self, key: Key, value: Value) -> None:
        """Store the result of a key."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)

    def __len__(self) -> int:
        """Return the number of stored results."""
        return len(self._values)


class Visits:
    """Visits that the page serves now, up to a largest number."""

    def __init__(self, most: int = MOST_VISITS) -> None:
        """Serve at most that many visits at once."""
        self.most, self._lock = most, threading.Lock()
        self._present: set[str] = set()

    def enter(self, visit: str) -> bool:
        """Return true if a visit is served, false if there are too many."""
        with self._lock:
            if len(self._present) < self.most:
                self._present.add(visit)
            return visit in self._present

    def leave(self, visit: str) -> None:
        """Note the end of a visit."""
        with self._lock:
            self._present.discard(visit)


TURNS = Turns()
"""Turns of first runs and of pictures, which this process makes."""

FAN_TURNS = Turns()
"""Turns of the runs of fans, which a second process simulates, so that first runs and pages do not wait for them."""

VISITS = Visits()
"""Visits of this server."""
