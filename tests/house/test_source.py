"""The tests of the house see what they say they see."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.house.source import Module, arguments, body_lines, decorators, functions, imports, modules

WRITTEN = '''
    """A module."""

    from __future__ import annotations

    from typing import TYPE_CHECKING

    import numpy as np
    from sim import rules, undefined
    from sim.world.state import World

    if TYPE_CHECKING:
        from sim.model import CollaborationModel
    else:
        import sim.policy


    @segment
    def public(self, one: int, *, two: str, **rest: float) -> None:
        """Says something

        over several lines.
        """
        import sim.results.store as kept

        if one:
            return

        def within() -> None: ...


    class Kind:
        def decides(self) -> int:
            from sim.figures import fans

            return fans

        def _hidden(cls): ...
'''


@pytest.fixture
def module(tmp_path: Path) -> Module:
    path = tmp_path / "written.py"
    path.write_text(dedent(WRITTEN).lstrip(), encoding="utf-8")
    return Module("written", path)


def test_imports_are_seen_wherever_they_are_but_not_those_for_types(module: Module) -> None:
    result = imports(module, frozenset({"sim.rules", "sim.figures.fans"}))
    assert [imported.module for imported in result if not imported.late] == [
        "__future__",
        "typing",
        "numpy",
        "sim.rules",
        "sim",
        "sim.world.state",
        "sim.policy",
    ]
    assert [imported.module for imported in result if imported.late] == ["sim.results.store", "sim.figures.fans"]


def test_functions_are_seen_with_who_may_call_them(module: Module) -> None:
    assert [(name, public) for name, _, public in functions(module)] == [
        ("written.public", True),
        ("written.public.within", False),
        ("written.Kind.decides", True),
        ("written.Kind._hidden", False),
    ]


def test_a_body_is_measured_without_its_docstring(module: Module) -> None:
    sizes = {name.split(".")[-1]: body_lines(node) for name, node, _ in functions(module)}
    assert sizes == {"public": 6, "within": 1, "decides": 3, "_hidden": 1}


def test_arguments_are_counted_without_self(module: Module) -> None:
    counted = {name.split(".")[-1]: len(arguments(node)) for name, node, _ in functions(module)}
    assert counted == {"public": 3, "within": 0, "decides": 0, "_hidden": 0}
    assert [decorators(node) for name, node, _ in functions(module) if name.endswith(".public")] == [{"segment"}]


def test_the_modules_of_the_project_are_found() -> None:
    names = {module.name for module in modules("sim", "experiments")}
    assert {"sim", "sim.model", "sim.rules.trust", "sim.phases", "experiments.sweep"} <= names
