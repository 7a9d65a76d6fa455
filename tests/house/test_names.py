"""Names say what a thing is; a docstring says what a thing does; errors stand in a section of their own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.house.source import Function, Module, modules

SOURCES = modules("sim", "experiments")

# Written in one text, so that no name in this file is one of them.
EMPTY = frozenset(["said", "told", "found", "there", "known", "kept", "given", "mine", "asked"])

ALLOWED = frozenset(["KnownTruth"])
"""Names with the field's word: a known truth is what a test of recovery simulates from."""

QUESTION = re.compile(r"(What|How|Whether|Which)\b")
CLAUSE = re.compile(r"\bRaises\b(?!:)|(\b[A-Z]\w*(Error|Mistake)`?|\b[Aa]n error) (if|when|where|unless)\b")
SECTION = re.compile(r"^Raises:\n(    .*\n|\n)+", re.MULTILINE)


def names(module: Module) -> Iterator[tuple[int, str, bool]]:
    """Every name that a module gives: line, name, and whether it is of a function or a class."""
    for node in ast.walk(module.tree):
        if isinstance(node, Function | ast.ClassDef):
            yield node.lineno, node.name, True
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg, False
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id if isinstance(node, ast.Name) else node.attr, False
        elif isinstance(node, ast.alias) and node.asname:
            yield node.lineno, node.asname, False
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            yield node.lineno, node.name, False


def is_empty(name: str, in_parts: bool) -> bool:
    """Check whether a name says nothing of what it names; one of a test is a sentence and may hold any word."""
    if name in ALLOWED or (in_parts and name.startswith("test_")):
        return False
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().strip("_").split("_")
    return bool(EMPTY & set(words)) if in_parts else name.lower().strip("_") in EMPTY


def docstrings(module: Module) -> Iterator[tuple[int, str]]:
    """Every docstring of a module, with the line of what it documents."""
    for node in ast.walk(module.tree):
        if isinstance(node, Function | ast.ClassDef | ast.Module) and (text := ast.get_docstring(node)):
            yield getattr(node, "lineno", 1), text


def clause_in(docstring: str) -> str:
    """The words that name an error outside the section `Raises`; nothing where there are none."""
    clause = CLAUSE.search(SECTION.sub("", f"{docstring}\n"))
    return clause[0] if clause else ""


def test_every_name_says_what_it_names() -> None:
    assert [
        f"{module.name}:{line} {name}"
        for module in [*SOURCES, *modules("tests")]
        for line, name, in_parts in names(module)
        if is_empty(name, in_parts)
    ] == []


def test_a_docstring_begins_with_what_a_thing_does_or_is() -> None:
    assert [
        f"{module.name}:{line} {text.splitlines()[0]}"
        for module in SOURCES
        for line, text in docstrings(module)
        if QUESTION.match(text)
    ] == []


def test_errors_stand_in_a_section_of_the_docstring() -> None:
    assert [
        f"{module.name}:{line} {clause_in(text)}"
        for module in SOURCES
        for line, text in docstrings(module)
        if clause_in(text)
    ] == []


# The checks see what they are to see


WRITTEN = '''
"""Which part is which."""

from sim import errors as {word}


def of_{word}(_{word}, other):
    """Return a number; InputError if there is none."""
    for {word} in other:
        other.{word} = 1


def raising():
    """Raise it again, and what one raises.

    Raises:
        InputError: for what is wrong, where it raises
    """


class {Word}Row:
    """A row of it."""


def test_what_is_{word}(): ...
'''


def test_the_checks_of_names_and_docstrings_see_what_is_wrong(tmp_path) -> None:
    path = tmp_path / "written.py"
    for word in sorted(EMPTY):
        path.write_text(WRITTEN.replace("{word}", word).replace("{Word}", word.title()), encoding="utf-8")
        module = Module(f"written_{word}", path.rename(tmp_path / f"{word}.py"))
        seen = sorted(name for _, name, parts in names(module) if is_empty(name, parts))
        assert seen == sorted([word, f"of_{word}", f"_{word}", word, word, f"{word.title()}Row"])
        assert [line for line, text in docstrings(module) if QUESTION.match(text)] == [1]
        assert [line for line, text in docstrings(module) if clause_in(text)] == [7]
