"""Bring the tables of sim/ODD.md up to date with the code: python -m experiments.maintenance.odd_tables, or `make odd`.

The prose between the tables is written by hand; a test fails when a table is not what the code says.
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

ROOM = Path(inspect.getfile(sim)).parent
PROTOCOL = ROOM / "ODD.md"
HERE = Path(__file__).parents[1]

ENTITIES = (
    state.World, organisations.Organisations, organisations.Ledger, ties.Ties, schools.Schools, schools.Cohorts,
    schools.Placements, state.Ministry, state.Initiative, state.Published,
)  # fmt: skip
"""Tables of the world, in the order of the protocol."""

MATRICES = ("kinds", "forums")
"""Sections whose members have the same parameters: shown as a row a member."""


def month() -> str:
    """Return the phases of a month in order."""
    rows = [
        (place, f"`{phase.__name__.removesuffix('_phase')}`", first_line(phase), reason)
        for place, (phase, reason) in enumerate(MONTH, 1)
    ]
    return table(("", "phase", "what happens", "why here"), rows)


def columns_of(entity: type) -> Iterator[tuple[str, str, str]]:
    """Name, meaning and unit of each column of a table, as the comments beside them say."""
    source = inspect.getsource(entity)
    lines = source.splitlines()
    for node in ast.parse(source).body[0].body:  # type: ignore[attr-defined]
        if isinstance(node, ast.AnnAssign):
            said = lines[node.lineno - 1].partition("  # ")[2]
            unit = re.search(r" ?\[([^\[\]]+)\]", said)
            meaning = said.replace(unit[0], "") if unit else said
            yield ast.unparse(node.target), meaning, unit[1] if unit else ""


def variables() -> str:
    """Every state variable of every entity."""
    rows = [(f"`{entity.__name__}`", f"`{name}`", *said) for entity in ENTITIES for name, *said in columns_of(entity)]
    return table(("entity", "variable", "meaning", "unit"), rows)


def role(declared: Declaration) -> str:
    """What an analyst may do with a parameter, in the words of XLRM."""
    said = ["uncertain"] * declared.uncertain + ["lever"] * declared.lever
    return ", ".join(said) or "fixed"


def bounds(declared: Declaration) -> str:
    """Return the values that a parameter may take."""
    if declared.choices:
        return ", ".join(declared.choices)
    return "" if declared.low is None else f"{declared.low:g} to {declared.high:g}"


def value(given: Any) -> str:
    """Return a default as one would type it."""
    if isinstance(given, bool):
        return str(given).lower()
    return f"{given:.6g}" if isinstance(given, float) else str(given)


def parameters() -> str:
    """Every parameter, but for those of kinds and forums, which have tables of their own."""
    rows = [
        (f"`{name}`", value(default), d.unit, bounds(d), role(d), d.source, d.evidence, d.about)
        for name, (default, d) in declared_parameters().items()
        if name.split(".")[0] not in MATRICES
    ]
    return table(("parameter", "default", "unit", "range", "role", "source", "evidence", "meaning"), rows)


def matrix(section: str) -> str:
    """Return a section whose members share their parameters: a row a parameter, a column a member."""
    cells = {
        tuple(name.split(".")[1:]): known for name, known in declared_parameters().items() if name.startswith(section)
    }
    members, traits = (list(dict.fromkeys(key[place] for key in cells)) for place in (0, 1))
    rows = []
    for trait in traits:
        d = cells[members[0], trait][1]
        values = [value(cells[member, trait][0]) for member in members]
        rows.append((f"`{trait}`", d.about, d.unit, bounds(d), role(d), d.evidence, *values))
    return table(("parameter", "meaning", "unit", "range", "role", "evidence", *members), rows)


def policies() -> str:
    """Dated changes of levers, by policy; windows are what timing moves."""
    rows = []
    for path in sorted((configs() / "policy").glob("*.yaml")):
        said: Any = OmegaConf.load(path)
        for change in policy_changes(path.stem):
            moved = "window" if change.window else ""
            rows.append(
                (f"`{path.stem}`", date_of(change.month), f"`{change.key}`", value(change.value), moved, said.source)
            )
    return table(("policy", "from", "lever", "value", "moved by timing", "source"), rows)


def levers() -> str:
    """Every lever, and the policies that move it."""
    names = sorted(path.stem for path in (configs() / "policy").glob("*.yaml"))
    moved = {name: {change.key for change in policy_changes(name)} for name in names}
    rows = [
        (f"`{name}`", value(default), d.about, ", ".join(f"`{policy}`" for policy in names if name in moved[policy]))
        for name, (default, d) in declared_parameters().items()
        if d.lever
    ]
    return table(("lever", "at rest", "meaning", "moved by the policies"), rows)


def every_rule() -> dict[str, Any]:
    """Every rule by its name with its module's, in the order of the modules; steps of rules are left out."""
    found = {}
    for module in pkgutil.iter_modules(rules.__path__):
        room = importlib.import_module(f"{rules.__name__}.{module.name}")
        for name, function in vars(room).items():
            own = inspect.isfunction(function) and function.__module__ == room.__name__
            if own and "\nSource: " in (inspect.getdoc(function) or ""):
                found[f"{module.name}.{name}"] = function
    return found


def all_rules() -> str:
    """Every rule: what it believes, where that holds, on whose word."""
    rows = []
    for name, function in every_rule().items():
        said = inspect.getdoc(function) or ""
        holds, source = (re.search(rf"^{word}: (.*)$", said, re.MULTILINE) for word in ("Holds for", "Source"))
        rows.append((f"`{name}`", first_line(function), holds[1] if holds else "", source[1] if source else ""))
    return table(("rule", "what it says", "holds for", "source"), rows)


def outcomes() -> str:
    """Every declared outcome."""
    rows = [(f"`{item.name}`", item.unit, DIRECTIONS[item.better], item.about) for item in OUTCOMES.values()]
    return table(("outcome", "unit", "better", "meaning"), rows)


def all_scenarios() -> str:
    """Every named scenario, its policies and what it sets."""
    rows = []
    for name in scenarios():
        said: Any = OmegaConf.to_container(OmegaConf.load(configs() / "scenario" / f"{name}.yaml"))
        made = [f"`{key}={value(given)}`" for key, given in (said.get("set") or {}).items()]
        made += [f"timing {said['timing']:+d} months"] if "timing" in said else []
        rows.append((f"`{name}`", said["about"], ", ".join(said.get("policies") or []), ", ".join(made)))
    return table(("scenario", "about", "policies", "differs from the defaults by"), rows)


def luck() -> str:
    """Every stream of luck, and the modules that draw from it; `reasons` shows draws again, and decides nothing."""
    places = [(ROOM, path) for path in sorted(ROOM.rglob("*.py")) if path.parent.name != "explain"]
    places += [(HERE.parent, path) for path in sorted(HERE.rglob("*.py"))]
    texts = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for root, path in places}
    rows = []
    for stream in Stream:
        asked = re.compile(rf"\bStream\.{stream.name}\b")
        drawn = [f"`{name}`" for name, text in texts.items() if asked.search(text)]
        rows.append((stream.value, stream.name.lower().replace("_", " "), ", ".join(drawn) or "nowhere"))
    return table(("number", "stream", "drawn in"), rows)


def files() -> str:
    """Return the files that a user may give, and their columns."""
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
"""The tables of the protocol by name."""


def main() -> int:
    """Write the protocol anew where the code says otherwise; the exit code is 2, with one sentence, for a mistake."""
    escape_what_cannot_be_encoded()
    return brought_up_to_date([PROTOCOL], TABLES)


type Tables = Mapping[str, Callable[[], str]]
"""Tables by name, each made when it is asked for."""

PLACE = re.compile(r"<!-- table: (\w+) -->\n(.*?)<!-- end -->\n", re.DOTALL)
"""Where a table stands on a page."""


DIRECTIONS = {1: "more", -1: "less", 0: ""}
"""In which direction an outcome is better."""

Row = Iterable[Any]


def table(header: Row, rows: Iterable[Row]) -> str:
    """Return a table in Markdown; empty cells stay empty."""
    lines = [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    said = [str(cell) for cell in header]
    return "\n".join(f"| {' | '.join(line)} |" for line in (said, ["---"] * len(said), *lines))


def first_line(of: Any) -> str:
    """Return the first sentence of a docstring, on one line."""
    return " ".join((inspect.getdoc(of) or "").split("\n\n")[0].split())


def filled(text: str, tables: Tables) -> str:
    """Return a page with each table as the code has it.

    Raises:
        InputError: a table that nobody makes
    """

    def made(place: re.Match[str]) -> str:
        name = place[1]
        if name not in tables:
            raise InputError(f"the page asks for an unknown table `{name}`; there are {', '.join(tables)}")
        return f"<!-- table: {name} -->\n\n{tables[name]()}\n\n<!-- end -->\n"

    return PLACE.sub(made, text)


def brought_up_to_date(pages: Iterable[Path], tables: Tables) -> int:
    """Write pages anew where the code says otherwise; the exit code is 2, with one sentence, for a mistake."""
    for page in pages:
        before = page.read_text(encoding="utf-8")
        try:
            after = filled(before, tables)
        except InputError as mistake:
            print(f"error: {page.name}: {mistake}", file=sys.stderr)
            return 2
        if after != before:
            page.write_text(after, encoding="utf-8")
        print(f"{page.name}: {'brought up to date' if after != before else 'is up to date'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
