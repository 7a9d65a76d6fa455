"""Games: which conditions are there or not, what a scenario is without some of them, and all coalitions as points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.analysis.shapley import coalitions
from sim.configuration import read
from sim.dates import date_of, month_of
from sim.design.points import Point
from sim.errors import InputError, shown
from sim.parameters import checked, dotted_values
from sim.policy import Change, Policy, Scenario, without_contradiction

KEYS = ("set", "without", "from")
"""What a game says of a player that is not there: parameters, changes of the policy that do not come, changes that do."""

COALITION = "coalition"
"""Column: the number of a coalition; its bits say who is there."""


@dataclass(frozen=True)
class Player:
    """A condition that is there or not.

    Args:
        name: in words
        values: of parameters, where it is not there
        dropped: month and lever of changes that do not come then
        added: changes that come then
    """

    name: str
    values: Mapping[str, Any]
    dropped: frozenset[tuple[int, str]]
    added: tuple[Change, ...]

    @property
    def told(self) -> str:
        """What the player is, in words."""
        said = [f"{name} {value}" for name, value in self.values.items()]
        said += [f"no {key} in {date_of(month)}" for month, key in sorted(self.dropped)]
        return ", ".join(said + [f"{change.key} {change.value} from {date_of(change.month)}" for change in self.added])


@dataclass(frozen=True)
class Game:
    """Players and what they are."""

    name: str
    about: str
    players: tuple[Player, ...]

    @property
    def names(self) -> list[str]:
        """Of the players."""
        return [player.name for player in self.players]

    def points(self, case: Scenario) -> list[Point]:
        """All coalitions as points, in their order.

        Raises:
            InputError: a scenario cannot do without somebody
        """
        found = []
        for number, there in enumerate(coalitions(len(self.players))):
            absent = [player for k, player in enumerate(self.players) if k not in there]
            found.append(Point({COALITION: number}, without(case, absent)))
        return found


def without(case: Scenario, absent: Iterable[Player]) -> Scenario:
    """Return the scenario without some players.

    Raises:
        InputError: two of them want a parameter otherwise, and where a change is to be dropped that there is not
    """
    values, dropped, added = dict[str, Any](), set[tuple[int, str]](), list[Change]()
    for player in absent:
        for name, value in player.values.items():
            if values.setdefault(name, value) != value:
                raise InputError(f"two players of the game want `{name}` otherwise: {values[name]} and {value}")
        dropped |= player.dropped
        added += [change for change in player.added if change not in added]
    there = {(change.month, change.key) for change in case.policy.changes}
    missing = sorted(dropped - there)
    if missing:
        month, key = missing[0]
        raise InputError(f"the game takes `{key}` of {date_of(month)} away, which `{case.name}` does not have; "
                      "a game file with its dates can be given as `game=PATH.yaml`")  # fmt: skip
    kept = [change for change in case.policy.changes if (change.month, change.key) not in dropped]
    policy = without_contradiction(Policy.of([*kept, *added]))
    return replace(case.with_(values), policy=policy)


def game_of(name: Any) -> Game:
    """Return a game by its name, or from a file of the same form.

    Raises:
        InputError: it cannot be read or says what nobody knows
    """
    said = read("game", str(name), {"about", "source", "players"})
    players, called = said.get("players"), Path(str(name)).stem
    if not isinstance(players, dict) or not players:
        raise InputError(f"the game `{called}` has no `players`: names, each with {', '.join(KEYS)}")
    found = tuple(player_of(str(each), about, called) for each, about in players.items())
    coalitions(len(found))
    return Game(called, str(said.get("about", "")), found)


def player_of(name: str, said: Any, game: str) -> Player:
    """What a file says of a player.

    Raises:
        InputError: what is neither parameters nor changes, or nothing at all
    """
    where = f"the player `{name}` of the game `{game}`"
    if not isinstance(said, dict) or not said or not set(said) <= set(KEYS):
        raise InputError(f"{where} is described by {', '.join(KEYS)}; got {shown(said)}")
    values = {key: checked(key, value) for key, value in dotted_values(said.get("set") or {})}
    dropped = {(month_of(str(date)), str(key)) for date, keys in (said.get("without") or {}).items() for key in keys}
    added = [
        Change(month_of(str(date)), key, value)
        for date, changes in (said.get("from") or {}).items()
        for key, value in dotted_values(changes)
    ]
    return Player(name, values, frozenset(dropped), Policy.of(added).changes)
