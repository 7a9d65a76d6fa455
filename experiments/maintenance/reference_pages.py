"""Pages of the site made from the code: a page a program, every parameter, and the names of Python."""

from __future__ import annotations

import ast
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import impact_lab
import sim
import sim.analysis
from sim.agents import KIND_CLASSES, decisions_of
from sim.configuration import configs
from sim.declare import Declaration
from sim.parameters import declared_parameters

from .odd_tables import bounds, role, table, value

PROGRAM = "program_"
"""First letters of the name of a program's page."""

IN_PYTHON = {"run": "run_summary", "scenarios": "scenario_table", "robust": "robustness", "did": "evaluate_programme",
             "panel": "school_panel"}  # fmt: skip
"""Functions whose names differ from those of their programs."""

SHARED = {
    "arms": "scenarios to compare with the baseline",
    "baseline": "scenario with which arms are compared",
    "doubling": "goal: `factor` times `base`, of the count or the share, by a year",
    "first_seed": "the first seed; later ones follow it",
    "generations": "generations of the search",
    "jobs": "number of processes; null: all cores",
    "out": "results folder",
    "question": "question that the page answers",
    "scenario": "named scenario, or the path of one",
    "seed": "seed of the run",
    "seeds": "number of seeds",
    "setting": "files and years of the schools",
    "stage": "settings of each stage",
    "stages": "stages in order",
    "timing": "months by which policy windows come later, or never",
    "title": "title of the page",
}
"""Meanings of keys that several programs have, where the configuration has no comment."""

KEY = re.compile(r"^(\w+):(?: (.*?))?(?: ?# (.*))?$")
"""A key of a configuration, its default and its meaning."""

INTRODUCTIONS = {
    "reference_sim": "# The public face: `sim`\n\nNames of `import sim`, made from its docstrings.",
    "reference_agents": "# Who decides: `sim.agents`\n\nThe kinds of organisation and the decisions that a class of your "
    "own may override; [the page of decisions](decisions.md) has them in a table.",
    "reference_analysis": "# Analyses: `sim.analysis`\n\nFunctions from data frames to data frames, independent of the model.",
}
"""First lines of the pages of Python."""


@dataclass(frozen=True)
class Key:
    """A key of a program.

    Args:
        name: as it is typed
        default: as in the configuration; for nested values with further lines
        meaning: from the comment beside it
    """

    name: str
    default: str
    meaning: str


def keys_of(program: str) -> list[Key]:
    """Return the keys of a program in the order of its configuration; none if it has no configuration."""
    file = configs() / "experiment" / f"{program}.yaml"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    own = lines[lines.index("  - _self_") + 1 :] if lines else []
    keys: list[Key] = []
    for line in own:
        match = KEY.match(line)
        if match and match[1] == "hydra":
            break
        if match:
            keys.append(Key(match[1], match[2] or "", match[3] or SHARED.get(match[1], "")))
        elif keys and line.strip():
            last = keys.pop()
            keys.append(Key(last.name, f"{last.default}\n{line}", last.meaning))
    return keys


def python_name(program: str) -> str:
    """Return the function of `sim` that does the same as a program; empty if there is none."""
    name = IN_PYTHON.get(program, program)
    return name if name in sim.__all__ else ""


def programs_table() -> str:
    """Return every program with its purpose, its function in Python and its results folder."""
    rows = []
    for program, module in impact_lab.programs().items():
        out = next((key.default for key in keys_of(program) if key.name == "out"), "")
        name = python_name(program)
        folder = f"`{out}`" if out and out != "null" else ""
        rows.append((f"`{program}`", impact_lab.about(module), f"`sim.{name}`" if name else "", folder))
    return table(("program", "purpose", "in Python", "results in"), rows)


def program_pages() -> dict[str, str]:
    """Return a page for each program: purpose, commands, and keys from its configuration."""
    return {f"{PROGRAM}{name}": program_page(name, module) for name, module in impact_lab.programs().items()}


def program_page(program: str, module: str) -> str:
    """Return the page of one program."""
    doc = ast.get_docstring(ast.parse(impact_lab.source_of(module))) or ""
    commands = [line.strip() for line in doc.splitlines() if line.strip().startswith("python -m")]
    parts = [f"# `{program}`", impact_lab.about(module)]
    parts += ["## Commands", "```bash\n{}\n```".format("\n".join(commands or [f"python -m {module}"]))]
    parts.append(f"Where the wheel is installed, `impact-lab {program}` takes the same keys.")
    name = python_name(program)
    if name:
        parts.append(f"In Python: [`sim.{name}`](reference_sim.md#{name}).")
    keys = keys_of(program)
    if keys:
        parts += ["## Keys", keys_table(keys), *nested_defaults(keys)]
    else:
        parts += ["## Help", f"```text\n{doc}\n```"]
    if keys and "  - parameters" in (configs() / "experiment" / f"{program}.yaml").read_text(encoding="utf-8"):
        parts.append(
            f"Each of the {len(declared_parameters())} [parameters](parameters.md) may be set too: "
            "`backbone.facilitation=0.4`. [Scenarios](scenarios.md) has the named scenarios."
        )
    return "\n\n".join(parts) + "\n"


def keys_table(keys: list[Key]) -> str:
    """Return the keys with defaults and meanings; nested defaults stand below the table."""
    rows = [
        (f"`{key.name}`", "below" if "\n" in key.default else f"`{key.default}`", key.meaning.replace("<", "\\<"))
        for key in keys
    ]
    return table(("key", "default", "meaning"), rows)


def nested_defaults(keys: list[Key]) -> Iterator[str]:
    """Yield the nested defaults as blocks."""
    for key in keys:
        if "\n" in key.default:
            yield f"Default of `{key.name}`:\n\n```yaml\n{key.name}:{key.default}\n```"


def parameters_page() -> str:
    """Return every parameter as an entry of its own, which the search of the site and its index find by name."""
    sections: dict[str, list[str]] = {}
    for name, (default, declared) in declared_parameters().items():
        sections.setdefault(name.split(".")[0], []).append(parameter_entry(name, default, declared))
    blocks = [f"## {head}\n\n```{{eval-rst}}\n{'\n'.join(entries)}\n```" for head, entries in sections.items()]
    introduction = (
        f"# Parameters\n\nAll {sum(map(len, sections.values()))} parameters by section. "
        "The search of this site finds each by its name. "
        "A *lever* is one that a policy may change; an *uncertain* one has a prior range. "
        "In Python: `sim.assumptions()`. Equations: [the model by the ODD protocol](odd.md)."
    )
    return "\n\n".join([introduction, *blocks]) + "\n"


def parameter_entry(name: str, default: Any, declared: Declaration) -> str:
    """Return the entry of one parameter."""
    kind = ", ".join(filter(None, [bounds(declared), f"[{declared.unit}]" if declared.unit else "", role(declared)]))
    evidence = f" ({declared.evidence})" if declared.evidence else ""
    lines = [
        f".. confval:: {name}",
        f"   :type: {plain_rst(kind)}",
        f"   :default: ``{value(default) or 'empty'}``",
        "",
        f"   {plain_rst(declared.about)}",
        "",
        f"   Source: {plain_rst(declared.source)}{evidence}.",
        "",
    ]
    return "\n".join(lines)


def plain_rst(text: str) -> str:
    r"""Return text in which reStructuredText finds no mark.

    >>> plain_rst("a*b_ c")
    'a\\*b\\_ c'
    """
    return re.sub(r"([*|_\\])", r"\\\1", " ".join(str(text).split()))


def python_pages() -> dict[str, str]:
    """Return the pages of Python by name, as Markdown with directives."""
    bodies = {"reference_sim": names_page(), "reference_agents": kinds_page(), "reference_analysis": analyses_page()}
    return {name: f"{INTRODUCTIONS[name]}\n\n{body}\n" for name, body in bodies.items()}


def directive(name: str, target: str, *options: str) -> str:
    """Return a directive of autodoc inside Markdown."""
    lines = [f".. {name}:: {target}", *(f"   :{option}" for option in options)]
    return "\n".join(["```{eval-rst}", *lines, "```"])


def names_page() -> str:
    """Return every public name of the package, functions first."""
    objects = {name: getattr(sim, name) for name in sim.__all__}
    classes = [name for name, value in objects.items() if inspect.isclass(value)]
    functions = [name for name in objects if name not in classes]
    parts = [f"## {name}\n\n{directive('autofunction', f'sim.{name}')}" for name in functions]
    for name in classes:
        options = (
            ["members:"]
            if name != "CollaborationModel"
            else ["members: step, run_until_month, fork, kind, ask, organisation"]
        )
        parts.append(f"## {name}\n\n{directive('autoclass', f'{objects[name].__module__}.{name}', *options)}")
    return "\n\n".join(parts)


def kinds_page() -> str:
    """Return every kind with its decisions."""
    parts = []
    for kind, decider in KIND_CLASSES.items():
        name = f"{decider.__module__}.{decider.__name__}"
        options = [f"members: {', '.join(decisions_of(decider))}", "no-index:"]
        parts.append(f"## {kind}\n\n{directive('autoclass', name, *options)}")
    return "\n\n".join(parts)


def analyses_page() -> str:
    """Return every module of the analyses."""
    names = sorted(module.name for module in pkgutil.iter_modules(sim.analysis.__path__))
    return "\n\n".join(f"## {name}\n\n{directive('automodule', f'sim.analysis.{name}', 'members:')}" for name in names)
