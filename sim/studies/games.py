"""Games: conditions of a scenario as players, and their coalitions as design points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.analysis.shapley import coalitions
from sim.configuration import read
from sim.configuration.file_values import errors_naming
from sim.dates import date_of, month_of
from sim.design.points import Point
from sim.errors import InputError, shown
from sim.parameters import checked, declared, dotted_values
from sim.policy import Change, Policy, Scenario, without_contradiction

KEYS = ("set", "without", "from")
"""Keys of a player: parameters without it, changes that the policy then does not have, and changes that it then has."""

COALITION = "coalition"
"""Column with the number of a coalition, whose bits are its players."""


@dataclass(frozen=True)
class Player:
    """Condition that is present or absent.

    Args:
        name: in words
        values: of parameters when it is absent
        dropped: month and lever of changes that the policy does not have when it is absent
        added: changes that the policy has when it is absent
    """

    name: str
    values: Mapping[str, Any]
    dropped: frozenset[tuple[int, str]]
    added: tuple[Change, ...]

    @property
    def description(self) -> str:
        """Description of a scenario without the player, in words."""
        parts = [f"{name} {value}" for name, value in self.values.items()]
        parts += [f"no {key} in {date_of(month)}" for month, key in sorted(self.dropped)]
        return ", ".join(parts + [f"{change.key} {change.value} from {date_of(change.month)}" for change in self.added])


@dataclass(frozen=True)
class Game:
    """Game of several players.

    Args:
        name: of the game
        about: its question
        players: its conditions
    """

    name: str
    about: str
    players: tuple[Player, ...]

    @property
    def names(self) -> list[str]:
        """Names of the players."""
        return [player.name for player in self.players]

    def points(self, scenario: Scenario) -> list[Point]:
        """Return all coalitions as design points, in their order.

        Args:
            scenario: scenario with all players

        Raises:
            InputError: players contradict each other, or the scenario lacks a change that a player drops
        """
        points = []
        for number, present in enumerate(coalitions(len(self.players))):
            absent = [player for k, player in enumerate(self.players) if k not in present]
            points.append(Point({COALITION: number}, without(scenario, absent)))
        return points


def without(scenario: Scenario, absent: Iterable[Player]) -> Scenario:
    """Return a scenario without some players.

    Args:
        scenario: scenario with all players
        absent: players that are removed

    Raises:
        InputError: two players set a parameter to different values, or the scenario lacks a change that a player drops
    """
    values, dropped, added = dict[str, Any](), set[tuple[int, str]](), list[Change]()
    for player in absent:
        for name, value in player.values.items():
            if values.setdefault(name, value) != value:
                raise InputError(
                    f"two players of the game set `{name}` to different values, {values[name]} and {value}; use one value"
                )
        dropped |= player.dropped
        added += [change for change in player.added if change not in added]
    missing = sorted(dropped - {(change.month, change.key) for change in scenario.policy.changes})
    if missing:
        month, key = missing[0]
        raise InputError(f"the game drops the change of `{key}` in {date_of(month)}, which `{scenario.name}` does not have; "
                      "name a game file with its dates by `game=PATH.yaml`")  # fmt: skip
    remaining = [change for change in scenario.policy.changes if (change.month, change.key) not in dropped]
    policy = without_contradiction(Policy.of([*remaining, *added]))
    return replace(scenario.with_(values), policy=policy)


def game_of(name: Any) -> Game:
    """Return a game.

    Args:
        name: of a file in `configs/game`, or the path of a YAML file of the same form

    Raises:
        InputError: the file cannot be read, or a key, parameter or value is unknown
    """
    content = read("game", str(name), {"about", "source", "players"})
    descriptions, label = content.get("players"), Path(str(name)).stem
    if not isinstance(descriptions, dict) or not descriptions:
        raise InputError(f"the game `{label}` has no `players`; list names, each with {', '.join(KEYS)}")
    with errors_naming(Path(str(name)).name):
        players = tuple(player_of(str(player), each, label) for player, each in descriptions.items())
    coalitions(len(players))
    return Game(label, str(content.get("about", "")), players)


def player_of(name: str, content: Any, game: str) -> Player:
    """Return a player from its description in a file.

    Args:
        name: of the player
        content: keys and values of the player
        game: name of the file, for messages

    Raises:
        InputError: a key, parameter or value is unknown, or the description is empty
    """
    where = f"the player `{name}` of the game `{game}`"
    if not isinstance(content, dict) or not content or not set(content) <= set(KEYS):
        raise InputError(f"{where} must be described by {', '.join(KEYS)}; got {shown(content)}")
    values = {key: checked(key, value) for key, value in dotted_values(content.get("set") or {})}
    dropped = {(month_of(str(date)), str(key)) for date, keys in (content.get("without") or {}).items() for key in keys}
    for _, key in dropped:
        declared(key)
    added = [
        Change(month_of(str(date)), key, value)
        for date, changes in (content.get("from") or {}).items()
        for key, value in dotted_values(changes)
    ]
    return Player(name, values, frozenset(dropped), Policy.of(added).changes)
