"""Ceilings: lines of modules and of functions, numbers of arguments; what is public is documented and typed."""

from __future__ import annotations

import ast
import sys
from statistics import median

import pytest

from tests.house.source import Function, Module, arguments, body_lines, decorators, docstring_lines, functions, modules
from tests.offenders import each_of

pytestmark = pytest.mark.heavy

MODULES = modules("sim", "experiments")
SIM = [module for module in MODULES if module.name.split(".")[0] == "sim"]
RULES = [module for module in SIM if module.name.startswith("sim.rules.")]

LINES_OF_A_MODULE = 300
LINES_OF_A_FUNCTION = 40
LINES_OF_A_RULE = 15
ARGUMENTS = 6

EMPTY_NAMES = {"util", "utils", "helper", "helpers", "common", "base", "core", "manager", "misc", "handler"}


@each_of("module", MODULES)
def test_a_module_has_at_most_300_lines(module: Module) -> None:
    assert module.lines <= LINES_OF_A_MODULE


@each_of("module", MODULES)
def test_a_function_has_at_most_40_lines(module: Module) -> None:
    long = {name: body_lines(node) for name, node, _ in functions(module) if body_lines(node) > LINES_OF_A_FUNCTION}
    assert long == {}


@each_of("module", RULES)
def test_a_rule_for_one_number_has_at_most_15_lines(module: Module) -> None:
    sums = {"segment", "step_of"}  # what runs along ties has loops, and the ceiling of any function
    lines = {name: body_lines(node) for name, node, _ in functions(module) if not decorators(node) & sums}
    assert {name: size for name, size in lines.items() if size > LINES_OF_A_RULE} == {}


@each_of("module", MODULES)
def test_a_function_has_at_most_six_arguments_besides_those_by_name(module: Module) -> None:
    numbers = {name: len(arguments(node)) - len(node.args.kwonlyargs) for name, node, _ in functions(module)}
    assert {name: number for name, number in numbers.items() if number > ARGUMENTS} == {}


def test_the_median_function_and_module_are_small() -> None:
    lines = [body_lines(node) for module in SIM for _, node, _ in functions(module)]
    sizes = [module.lines - docstring_lines(module) for module in SIM]
    report = f"median function {median(lines):g} of {len(lines)}, median module {median(sizes):g} of {len(sizes)}"
    sys.stdout.write(f"\n{report} (lines without docstrings)\n")
    assert median(lines) <= 7
    assert median(sizes) <= 100


def documented(node: ast.AST) -> bool:
    return bool((ast.get_docstring(node) or "").strip())  # type: ignore[arg-type]


def without_words(module: Module) -> list[str]:
    missing = [] if documented(module.tree) else [module.name]
    missing += [name for name, node, public in functions(module) if public and not documented(node)]
    classes = [node for node in module.tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
    return missing + [f"{module.name}.{node.name}" for node in classes if not documented(node)]


def without_types(node: Function) -> bool:
    return node.returns is None or any(one.annotation is None for one in arguments(node))


@each_of("module", MODULES)
def test_what_is_public_says_what_it_is(module: Module) -> None:
    special = ("__init__", "__repr__", "__post_init__", "__getattr__")
    assert [name for name in without_words(module) if not name.endswith(special)] == []


@each_of("module", SIM)
def test_what_is_public_is_typed(module: Module) -> None:
    assert [name for name, node, public in functions(module) if public and without_types(node)] == []


@each_of("module", MODULES)
def test_nothing_is_named_for_nothing(module: Module) -> None:
    names = [module.name, *(name for name, _, public in functions(module) if public)]
    names += [node.name for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)]
    assert [name for name in names if set(words(name.rsplit(".", 1)[-1])) & EMPTY_NAMES] == []


def words(name: str) -> list[str]:
    apart = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    return [word for word in apart.split("_") if word]
