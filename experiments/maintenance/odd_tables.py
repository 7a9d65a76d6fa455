"""Update the tables of sim/ODD.md from the code: python -m experiments.maintenance.odd_tables, or `make odd`.

The text between the tables is written by hand; a test fails if a table differs from the code.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

import sim.outcomes
from sim import rules
from sim.configuration import configs, policy_changes, scenarios
from sim.dates import date_of
from sim.declare import OUTCOMES, Declaration
from sim.draws import Stream
from sim.errors import InputError
from sim.parameters import declared_parameters
from sim.phases import MONTH
from sim.runs.streams import escape_what_cannot_be_encoded
from sim.world import organisations, schools, state, ties
from sim.world.files.check import FORMS

PACKAGE = Path(inspect.getfile(sim)).parent
PROTOCOL = PACKAGE / "ODD.md"
HERE = Path(__file__).parents[1]

ENTITIES = (
    state.World, organisations.Organisations, organisations.Ledger, ties.Ties, schools.Schools, schools.Cohorts,
    schools.Placements, state.Ministry, state.Initiative, state.Published,
)  # fmt: skip
"""Tables of the world, in the order of the protocol."""

MATRICES = ("kinds", "forums")
"""Sections whose members have the same parameters, shown with a column for each member."""


def month() -> str:
    """Return the phases of a month in order."""
    rows = [
        (place, f"`{phase.__name__.removesuffix('_phase')}`", first_line(phase), reason)
        for place, (phase, reason) in enumerate(MONTH, 1)
    ]
    return table(("", "phase", "what happens", "why here"), rows)


def columns_of(entity: type) -> Iterator[tuple[str, str, str]]:
    """Yield name, meaning and unit of each column of a table, from the comments in its source."""
    source = inspect.getsource(entity)
    lines = source.splitlines()
    for node in ast.parse(source).body[0].body:  # type: ignore[attr-defined]
        if isinstance(node, ast.AnnAssign):
            comment = lines[node.lineno - 1].partition("  # ")[2]
            unit = re.search(r" ?\[([^\[\]]+)\]", comment)
            meaning = comment.replace(unit[0], "") if unit else comment
            yield ast.unparse(node.target), meaning, unit[1] if unit else ""


def variables() -> str:
    """Return every state variable of every entity."""
    rows = [
        (f"`{entity.__name__}`", f"`{name}`", *meaning_and_unit)
        for entity in ENTITIES
        for name, *meaning_and_unit in columns_of(entity)
    ]
    return table(("entity", "variable", "meaning", "unit"), rows)


def role(declared: Declaration) -> str:
    """Return the role of a parameter in XLRM."""
    roles = ["uncertain"] * declared.uncertain + ["lever"] * declared.lever
    return ", ".join(roles) or "fixed"


def bounds(declared: Declaration) -> str:
    """Return the values that a parameter may take."""
    if declared.choices:
        return ", ".join(declared.choices)
    return "" if declared.low is None else f"{declared.low:g} to {declared.high:g}"


def value(default: Any) -> str:
    """Return a default as a user would type it."""
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:.6g}" if isinstance(default, float) else str(default)


def parameters() -> str:
    """Return every parameter except those of kinds and forums, which have tables of their own."""
    rows = [
        (f"`{name}`", value(default), d.unit, bounds(d), role(d), d.source, d.evidence, d.about)
        for name, (default, d) in declared_parameters().items()
        if name.split(".")[0] not in MATRICES
    ]
    return table(("parameter", "default", "unit", "range", "role", "source", "evidence", "meaning"), rows)


def matrix(section: str) -> str:
    """Return a section whose members share their parameters: a row for each parameter, a column for each member."""
    cells = {
        tuple(name.split(".")[1:]): declaration_and_default
        for name, declaration_and_default in declared_parameters().items()
        if name.startswith(section)
    }
    members, traits = (list(dict.fromkeys(key[place] for key in cells)) for place in (0, 1))
    rows = []
    for trait in traits:
        declared = cells[members[0], trait][1]
        values = [value(cells[member, trait][0]) for member in members]
        rows.append(
            (f"`{trait}`", declared.about, declared.unit, bounds(declared), role(declared), declared.evidence, *values)
        )
    return table(("parameter", "meaning", "unit", "range", "role", "evidence", *members), rows)


def policies() -> str:
    """Return dated changes of levers, by policy; timing moves windows."""
    rows = []
    for path in sorted((configs() / "policy").glob("*.yaml")):
        content: Any = OmegaConf.load(path)
        for change in policy_changes(path.stem):
            timing_text = "window" if change.window else ""
            rows.append(
                (
                    f"`{path.stem}`",
                    date_of(change.month),
                    f"`{change.key}`",
                    value(change.value),
                    timing_text,
                    content.source,
                )
            )
    return table(("policy", "from", "lever", "value", "moved by timing", "source"), rows)


def levers() -> str:
    """Return every lever, and the policies that change it."""
    names = sorted(path.stem for path in (configs() / "policy").glob("*.yaml"))
    moved = {name: {change.key for change in policy_changes(name)} for name in names}
    rows = [
        (f"`{name}`", value(default), d.about, ", ".join(f"`{policy}`" for policy in names if name in moved[policy]))
        for name, (default, d) in declared_parameters().items()
        if d.lever
    ]
    return table(("lever", "at rest", "meaning", "moved by the policies"), rows)


def rule_functions() -> dict[str, Any]:
    """Return every rule by module and name, in the order of the modules, without the steps of rules."""
    functions = {}
    for module in pkgutil.iter_modules(rules.__path__):
        room = importlib.import_module(f"{rules.__name__}.{module.name}")
        for name, function in vars(room).items():
            defined_here = inspect.isfunction(function) and function.__module__ == room.__name__
            is_rule = defined_here and function.__name__ == name  # uncompiled, a step is its rule by another name
            if is_rule and "\nSource: " in (inspect.getdoc(function) or ""):
                functions[f"{module.name}.{name}"] = function
    return functions


def all_rules() -> str:
    """Return every rule with its scope and its source."""
    rows = []
    for name, function in rule_functions().items():
        docstring = inspect.getdoc(function) or ""
        scope, source = (re.search(rf"^{word}: (.*)$", docstring, re.MULTILINE) for word in ("Holds for", "Source"))
        rows.append((f"`{name}`", first_line(function), scope[1] if scope else "", source[1] if source else ""))
    return table(("rule", "what it says", "holds for", "source"), rows)


def outcomes() -> str:
    """Return every declared outcome."""
    rows = [(f"`{item.name}`", item.unit, DIRECTIONS[item.better], item.about) for item in OUTCOMES.values()]
    return table(("outcome", "unit", "better", "meaning"), rows)


def all_scenarios() -> str:
    """Return every named scenario with its policies and settings."""
    rows = []
    for name in scenarios():
        content: Any = OmegaConf.to_container(OmegaConf.load(configs() / "scenario" / f"{name}.yaml"))
        settings = [f"`{key}={value(value_set)}`" for key, value_set in (content.get("set") or {}).items()]
        settings += [f"timing {content['timing']:+d} months"] if "timing" in content else []
        rows.append((f"`{name}`", content["about"], ", ".join(content.get("policies") or []), ", ".join(settings)))
    return table(("scenario", "about", "policies", "differs from the defaults by"), rows)


def luck() -> str:
    """Return every stream of random numbers with the modules that draw from it; `explain` only repeats draws."""
    places = [(PACKAGE, path) for path in sorted(PACKAGE.rglob("*.py")) if path.parent.name != "explain"]
    places += [(HERE.parent, path) for path in sorted(HERE.rglob("*.py"))]
    texts = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for root, path in places}
    rows = []
    for stream in Stream:
        pattern = re.compile(rf"\bStream\.{stream.name}\b")
        modules = [f"`{name}`" for name, text in texts.items() if pattern.search(text)]
        rows.append((stream.value, stream.name.lower().replace("_", " "), ", ".join(modules) or "nowhere"))
    return table(("number", "stream", "drawn in"), rows)


def files() -> str:
    """Return the files that a user may give, with their columns."""
    rows = [(kind, ", ".join(f"`{c}`" for c in form.needed), ", ".join(f"`{c}`" for c in form.optional))
            for kind, form in FORMS.items()]  # fmt: skip
    return table(("file", "columns it must have", "columns it may have"), rows)


TABLES: Tables = {
    "month": month,
    "variables": variables,
    "parameters": parameters,
    "kinds": lambda: matrix("kinds"),
    "forums": lambda: matrix("forums"),
    "levers": levers,
    "policies": policies,
    "scenarios": all_scenarios,
    "rules": all_rules,
    "outcomes": outcomes,
    "luck": luck,
    "files": files,
}
"""Tables of the protocol by name."""


def main() -> int:
    """Update the protocol if its tables differ from the code; return the exit code, 2 after an input error."""
    escape_what_cannot_be_encoded()
    return update_pages([PROTOCOL], TABLES)


type Tables = Mapping[str, Callable[[], str]]
"""Tables by name, each made when it is asked for."""

PLACE = re.compile(r"<!-- table: (\w+) -->\n(.*?)<!-- end -->\n", re.DOTALL)
"""Place of a table on a page."""


DIRECTIONS = {1: "more", -1: "less", 0: ""}
"""Direction in which an outcome is better."""

Row = Iterable[Any]


def table(header: Row, rows: Iterable[Row]) -> str:
    """Return a table in Markdown; empty cells stay empty."""
    lines = [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    heads = [str(cell) for cell in header]
    return "\n".join(f"| {' | '.join(line)} |" for line in (heads, ["---"] * len(heads), *lines))


def first_line(of: Any) -> str:
    """Return the first sentence of a docstring, on one line."""
    return " ".join((inspect.getdoc(of) or "").split("\n\n")[0].split())


def fill_tables(text: str, tables: Tables) -> str:
    """Return a page with each table made from the code.

    Raises:
        InputError: the page has a place for an unknown table
    """

    def table_text(place: re.Match[str]) -> str:
        name = place[1]
        if name not in tables:
            raise InputError(f"the page has a place for an unknown table `{name}`; use one of {', '.join(tables)}")
        return f"<!-- table: {name} -->\n\n{tables[name]()}\n\n<!-- end -->\n"

    return PLACE.sub(table_text, text)


def update_pages(pages: Iterable[Path], tables: Tables) -> int:
    """Update pages whose tables differ from the code; return the exit code, 2 after an input error."""
    for page in pages:
        before = page.read_text(encoding="utf-8")
        try:
            after = fill_tables(before, tables)
        except InputError as mistake:
            print(f"error: {page.name}: {mistake}", file=sys.stderr)
            return 2
        if after != before:
            page.write_text(after, encoding="utf-8")
        print(f"{page.name}: {'brought up to date' if after != before else 'is up to date'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
