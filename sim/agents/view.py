"""Read-only views of rows of the world: one row is a Mesa agent, many rows are everyone of a kind."""

from __future__ import annotations

from operator import attrgetter
from typing import Any, NoReturn, Self

import numpy as np

from sim.agents.host import Host
from sim.agents.light_mesa import mesa
from sim.errors import InputError
from sim.rules.arrays import Rows


class Column:
    """A column of a table of the world, read at the rows of the view: a number at one row, an array at many.

    Args:
        table: name of the table in the world
    """

    def __init__(self, table: str = "organisations") -> None:
        self.table = table

    def __set_name__(self, owner: type, name: str) -> None:
        """Remember which column this is."""
        self.name = name
        self._read = attrgetter(f"{self.table}.{name}")

    def __get__(self, view: View | None, owner: type | None = None) -> Any:  # a number or an array, by the view's rows
        """Return the column at the view's rows, not to be edited."""
        if view is None:
            return self
        values = self._read(view.model.world)[view.rows]
        if type(values) is np.ndarray:
            values.setflags(write=False)
        return values

    def __set__(self, view: View, value: object) -> None:
        """Refuse to set a column, as phases replace the world.

        Raises:
            AttributeError: always
        """
        raise AttributeError(f"`{self.name}` cannot be set: a view is read-only; change a parameter or write a phase")


class View(mesa.Agent):  # type: ignore[misc]
    """Rows of a table of the world, seen as one object.

    Made as a Mesa agent it is registered with its model and shows one row; `everyone` shows many without registering.
    """

    model: Host
    rows: Rows

    def __init__(self, model: Host, rows: Rows) -> None:
        super().__init__(model)
        self.rows = rows

    @classmethod
    def everyone(cls, model: Host, rows: slice = slice(None)) -> Self:
        """Return the same class seen at many rows; nobody is registered.

        Args:
            model: the model
            rows: of the view
        """
        view = object.__new__(cls)
        view.model, view.rows = model, rows
        return view

    def remove(self) -> NoReturn:
        """Refuse, as agents are rows of the world.

        Raises:
            InputError: always
        """
        raise InputError(
            f"`remove` cannot take an agent out of the model: {type(self).__name__} shows a row of the world; "
            "leave it out of your files, or set `number` of its kind"
        )

    @classmethod
    def create_agents(cls, *values: object, **named: object) -> NoReturn:
        """Refuse, as agents are rows of the world.

        Raises:
            InputError: always
        """
        raise InputError(
            f"`create_agents` cannot add agents to the model: {cls.__name__} shows a row of the world; "
            "put it into your files, or set `number` of its kind"
        )

    from_dataframe = create_agents
