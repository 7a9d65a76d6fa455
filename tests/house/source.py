"""The project's own modules as they are written: their imports, their functions, their sizes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of Python, read and not run."""

    name: str
    path: Path

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def tree(self) -> ast.Module:
        return parsed(self.path)

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())


@dataclass(frozen=True)
class Import:
    """Module that one statement imports, and whether it is imported only when a function is called."""

    module: str
    late: bool

    @property
    def top(self) -> str:
        return self.module.split(".")[0]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def modules(*packages: str) -> list[Module]:
    """Every module of packages of the checkout, in order of names."""
    paths = [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]
    return [Module(name_of(path), path) for path in paths]


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(module: Module, module_names: frozenset[str], types: bool = False) -> list[Import]:
    """Return what a module imports; `from package import module` counts as the module.

    Args:
        module: that imports
        known: names of modules
        types: whether imports for type checking alone count
    """
    result: list[Import] = []

    def walk(node: ast.AST, late: bool) -> None:
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING") and not types:
            for child in node.orelse:
                walk(child, late)
            return
        if isinstance(node, ast.Import):
            result.extend(Import(alias.name, late) for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            origin = absolute(module, node)
            for alias in node.names:
                whole = f"{origin}.{alias.name}"
                result.append(Import(whole if whole in module_names else origin, late))
        for child in ast.iter_child_nodes(node):
            walk(child, late or isinstance(node, Function))

    walk(module.tree, False)
    return result


def absolute(module: Module, node: ast.ImportFrom) -> str:
    """Return the module from which a statement imports; only programs import relatively, since the wheel holds them too."""
    if not node.level:
        return str(node.module)
    assert module.name.split(".")[0] == "experiments", f"{module.name} imports relatively"
    package = module.name.split(".") if module.path.name == "__init__.py" else module.name.split(".")[:-1]
    return ".".join([*package[: len(package) - node.level + 1], *([node.module] if node.module else [])])


def functions(module: Module) -> Iterator[tuple[str, Function, bool]]:
    """Every function of a module: dotted name, node, and whether it is public: so named, and inside no function."""

    def walk(node: ast.AST, prefix: str, public: bool) -> Iterator[tuple[str, Function, bool]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, Function):
                is_public = public and not child.name.startswith("_")
                yield f"{prefix}{child.name}", child, is_public
                yield from walk(child, f"{prefix}{child.name}.", False)
            elif isinstance(child, ast.ClassDef):
                yield from walk(child, f"{prefix}{child.name}.", public and not child.name.startswith("_"))
            else:
                yield from walk(child, prefix, public)

    yield from walk(module.tree, f"{module.name}.", True)


def body_lines(function: Function) -> int:
    """Lines of a function's body from its first statement to its last, its docstring not counted."""
    body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0  # type: ignore[operator]


def docstring_lines(module: Module) -> int:
    """Lines of all docstrings of a module: its own, and those of its classes, functions and values."""
    bodies = [node.body for node in ast.walk(module.tree) if isinstance(node, Function | ast.ClassDef | ast.Module)]
    statements = [one for body in bodies for one in body if isinstance(one, ast.Expr)]
    texts = [
        one.value for one in statements if isinstance(one.value, ast.Constant) and isinstance(one.value.value, str)
    ]
    return sum(text.end_lineno - text.lineno + 1 for text in texts)  # type: ignore[operator]


def arguments(function: Function) -> list[ast.arg]:
    """Arguments of a function, `self` and `cls` left out."""
    spec = function.args
    every = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs, *filter(None, (spec.vararg, spec.kwarg))]
    return [one for one in every if one.arg not in ("self", "cls")]


def decorators(function: Function) -> set[str]:
    """Names of a function's decorators."""
    return {ast.unparse(one).split("(")[0].split(".")[-1] for one in function.decorator_list}
