"""Every rule says what it believes, of what, in which units, where it holds, on whose word, and shows it once."""

from __future__ import annotations

import ast
import doctest
import importlib
import re

from tests.house.source import Function, Module, arguments, decorators, functions, modules
from tests.offenders import each_of

RULES = [module for module in modules("sim/rules") if module.name != "sim.rules"]
EVERY = {
    name: (module, node)
    for module in RULES
    for name, node, public in functions(module)
    if public and "step_of" not in decorators(node)  # a step is part of a rule
}
UNIT = re.compile(r"\[[^\[\]]+\]")

each_rule = each_of("rule", [node for _, node in EVERY.values()], ids=EVERY)
each_name_and_rule = each_of(("name", "rule"), [(name, node) for name, (_, node) in EVERY.items()], ids=EVERY)


def docstring(node: Function) -> str:
    return ast.get_docstring(node) or ""


def named_arguments(node: Function) -> dict[str, str]:
    """Return the docstring's text on each argument; continued lines are joined."""
    block = re.search(r"^Args:\n((?:    .*\n|\n)+)", f"{docstring(node)}\n", re.MULTILINE)
    texts: dict[str, str] = {}
    for line in (block[1] if block else "").splitlines():
        begins = re.match(r"    (\w+): (.*)", line)
        if begins:
            texts[begins[1]] = begins[2]
        elif line.strip():
            texts[list(texts)[-1]] += " " + line.strip()
    return texts


def records(module: Module) -> dict[str, ast.ClassDef]:
    """The named tuples of a module: bundles of columns that a rule may take as one argument."""
    classes = [node for node in module.tree.body if isinstance(node, ast.ClassDef)]
    return {node.name: node for node in classes if "NamedTuple" in [ast.unparse(base) for base in node.bases]}


def imported(module: Module) -> dict[str, ast.ClassDef]:
    """Bundles that a module has from another module of rules."""
    names = {alias.name for node in module.tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    return {name: node for other in RULES for name, node in records(other).items() if name in names}


@each_rule
def test_a_rule_says_what_it_believes_in_one_sentence(rule: Function) -> None:
    first = docstring(rule).split("\n\n")[0]
    assert first.endswith((".", "?"))
    assert first[0].isupper()
    assert len(first) <= 160


@each_rule
def test_a_rule_explains_each_of_its_arguments(rule: Function) -> None:
    assert list(named_arguments(rule)) == [one.arg for one in arguments(rule)]


@each_name_and_rule
def test_each_argument_has_its_unit(name: str, rule: Function) -> None:
    bundles = records(EVERY[name][0]) | imported(EVERY[name][0])
    for argument, text in named_arguments(rule).items():
        assert UNIT.search(text) or set(re.findall(r"\w+", text)) & set(bundles), argument


@each_of("module", RULES)
def test_each_column_of_a_bundle_has_its_unit(module: Module) -> None:
    lines = module.text.splitlines()
    without = [
        f"{bundle.name}.{ast.unparse(node.target)}"
        for bundle in records(module).values()
        for node in bundle.body
        if isinstance(node, ast.AnnAssign) and not UNIT.search(ast.get_docstring(bundle) or "")
        if not UNIT.search(lines[node.lineno - 1].partition("#")[2])
    ]
    assert without == []


@each_rule
def test_a_rule_says_where_it_holds_and_on_whose_word(rule: Function) -> None:
    text = docstring(rule)
    assert re.search(r"^Holds for: \S", text, re.MULTILINE)
    assert re.search(r"^Source: (assumed: \S|[a-z])", text, re.MULTILINE)


@each_rule
def test_a_rule_that_assumes_says_why(rule: Function) -> None:
    source = re.search(r"^Source: (.*)$", docstring(rule), re.MULTILINE)
    assert source
    assert not source[1].startswith("assumed") or re.match(r"assumed: \w+", source[1])


@each_of("name", EVERY)
def test_a_rule_shows_itself_once_and_the_example_is_run(name: str) -> None:
    module = importlib.import_module(EVERY[name][0].name)
    tests = {test.name: test for test in doctest.DocTestFinder(recurse=True).find(module, module.__name__)}
    assert name in tests
    assert tests[name].examples


@each_rule
def test_a_rule_takes_its_parameters_by_name_and_last(rule: Function) -> None:
    assert rule.args.vararg is None
    assert rule.args.kwarg is None
    assert not rule.args.defaults
    assert not any(rule.args.kw_defaults)


@each_name_and_rule
def test_a_rule_is_of_one_of_the_three_shapes(name: str, rule: Function) -> None:
    plain = {"sim.rules.logit.logit_of", "sim.rules.placing.ranked"}
    assert len(decorators(rule) & {"elementwise", "segment"}) == 1 or name in plain


@each_rule
def test_a_rule_knows_no_world_no_model_and_no_generator(rule: Function) -> None:
    names = {one.arg for one in arguments(rule)} | {node.id for node in ast.walk(rule) if isinstance(node, ast.Name)}
    assert not names & {"world", "model", "self", "rng", "generator", "parameters"}
