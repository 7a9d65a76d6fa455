"""The reference of the site: what Sphinx is asked to make of docstrings, for the public face, the deciders and the analyses."""

from __future__ import annotations

import inspect
import pkgutil

import sim
import sim.analysis
from sim.agents import KIND_CLASSES, decisions_of

INTRODUCTIONS = {
    "reference_sim": "# The public face: `sim`\n\nWhat `import sim` offers, made from its docstrings.",
    "reference_agents": "# Who decides: `sim.agents`\n\nThe kinds of organisation and the decisions that a class of your "
    "own may override; [the page of decisions](decisions.md) has them in a table.",
    "reference_analysis": "# Analyses: `sim.analysis`\n\nFrom frames to frames: they know nothing of the model.",
}
"""First lines of the pages."""


def reference() -> dict[str, str]:
    """The pages by name, as Markdown that holds directives."""
    bodies = {"reference_sim": face(), "reference_agents": deciders(), "reference_analysis": analyses()}
    return {name: f"{INTRODUCTIONS[name]}\n\n{body}\n" for name, body in bodies.items()}


def directive(name: str, of: str, *options: str) -> str:
    """A directive of autodoc inside Markdown."""
    lines = [f".. {name}:: {of}", *(f"   :{option}" for option in options)]
    return "\n".join(["```{eval-rst}", *lines, "```"])


def face() -> str:
    """Every public name of the package, functions first."""
    held = {name: getattr(sim, name) for name in sim.__all__}
    classes = [name for name, what in held.items() if inspect.isclass(what)]
    functions = [name for name in held if name not in classes]
    said = [f"## {name}\n\n{directive('autofunction', f'sim.{name}')}" for name in functions]
    for name in classes:
        options = (
            ["members:"]
            if name != "CollaborationModel"
            else ["members: step, run_until_month, fork, kind, ask, organisation"]
        )
        said.append(f"## {name}\n\n{directive('autoclass', f'{held[name].__module__}.{name}', *options)}")
    return "\n\n".join(said)


def deciders() -> str:
    """Every kind with its decisions."""
    said = []
    for kind, decider in KIND_CLASSES.items():
        of = f"{decider.__module__}.{decider.__name__}"
        options = [f"members: {', '.join(decisions_of(decider))}", "no-index:"]
        said.append(f"## {kind}\n\n{directive('autoclass', of, *options)}")
    return "\n\n".join(said)


def analyses() -> str:
    """Every module of the analyses."""
    names = sorted(module.name for module in pkgutil.iter_modules(sim.analysis.__path__))
    return "\n\n".join(f"## {name}\n\n{directive('automodule', f'sim.analysis.{name}', 'members:')}" for name in names)
