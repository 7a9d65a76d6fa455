"""The model as phases see it."""

from __future__ import annotations

from typing import Any, Protocol

from sim.agents.host import Host
from sim.agents.organisation import Organisation
from sim.agents.school import School
from sim.world.organisations import BACKBONE


def hub_of(model: Host) -> int:
    """Return the row of the backbone, or the number of organisations without one."""
    table = model.world.organisations
    return model.memo.get(
        "hub", (table.kind,), lambda: table.first_of(BACKBONE) if BACKBONE in table.kind else len(table)
    )


class Model(Host, Protocol):
    """The model as a phase sees it: what agents see, last month's parameters, and all classes that decide."""

    earlier: Any  # as `parameters`
    kinds: dict[str, type[Organisation]]
    schools: School

    def ask(self, decision: str, *circumstances: Any) -> Any:  # as many as the decision takes, each of its own type
        """Return everyone's answer to a decision, an array over organisations.

        Args:
            decision: name of the decision
            *circumstances: arguments of the decision
        """
