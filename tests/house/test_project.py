"""The project's own files: hosts, paths, sizes, sources, names, versions."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
import yaml

import sim
from tests.offenders import each_of

ROOT = Path(__file__).resolve().parents[2]

# Written in parts, so that this file does not hold what it forbids.
REGISTRIES = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "ana" + "conda.org",
    "deb." + "debian.org",
    "crates" + ".io",
    "proxy." + "golang.org",
]
MACHINE_PATH = re.compile(r"(?:^|[\s\"'`(=:,])(?:/(?:root|home|Users|work|opt|mnt|srv)/\w|[A-Z]:\\Users\\)")

SOURCE_KINDS = {"case chapter", "newspaper", "paper", "data", "book", "software", "report", "web page", "programme"}
SOURCE_FIELDS = {
    "title",
    "what",
    "authors",
    "owner",
    "year",
    "kind",
    "published",
    "doi",
    "file",
    "grade",
    "use",
    "unsure",
}
SAYS = {
    "who": {"authors", "owner"},
    "year": {"year"},
    "title": {"title"},
    "where": {"published", "doi", "file", "owner"},
}
"""What a source must say, or own to be unsure of, and the fields that say it."""


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="ignore")


def pyproject() -> dict:
    return tomllib.loads(text_of(ROOT / "pyproject.toml"))


@cache
def sources() -> dict[str, dict]:
    return yaml.safe_load(text_of(ROOT / "configs" / "sources.yaml"))


def keys_in(text: str) -> list[str]:
    """The keys of a source line; nothing where the source is an assumption."""
    return [] if text.strip().startswith("assumed") else [key.strip() for key in text.split(",")]


def sources_named_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(text_of(path))):
        if isinstance(node, ast.keyword) and node.arg == "source" and isinstance(node.value, ast.Constant):
            if isinstance(node.value.value, str):
                yield from keys_in(node.value.value)
        elif isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            for source in re.findall(r"^Source: (.*)$", ast.get_docstring(node) or "", re.MULTILINE):
                yield from keys_in(source)


# Files of the repository


def test_no_file_names_a_registry(tracked: list[Path]) -> None:
    naming = [path.name for path in tracked for host in REGISTRIES if host in text_of(path).lower()]
    assert naming == []


def test_no_file_names_a_path_of_a_machine(tracked: list[Path]) -> None:
    naming = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if MACHINE_PATH.search(line)
    ]
    assert naming == []


def test_no_file_is_larger_than_a_mebibyte(tracked: list[Path]) -> None:
    assert [path.name for path in tracked if path.stat().st_size > 2**20] == []


def test_uv_lock_is_not_tracked(tracked: list[Path]) -> None:
    assert "uv.lock" not in {path.name for path in tracked}


def test_notebooks_are_stored_without_outputs(tracked: list[Path]) -> None:
    for path in tracked:
        cells = json.loads(text_of(path))["cells"] if path.suffix == ".ipynb" else []
        ran = [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")]
        assert not ran, f"{path.name} holds outputs"


def test_no_module_is_named_for_nothing() -> None:
    empty = {"utils", "util", "helpers", "common", "base", "core", "manager"}
    assert [path for path in (ROOT / "sim").rglob("*") if path.stem in empty] == []


def test_results_come_first_in_every_version_of_the_changelog() -> None:
    versions = text_of(ROOT / "CHANGELOG.md").split("\n## ")[1:]
    first = [re.findall(r"(?m)^### (.+)$", version)[0] for version in versions]
    assert first == ["Results"] * len(versions)


def test_the_version_is_one() -> None:
    citation = yaml.safe_load(text_of(ROOT / "CITATION.cff"))
    assert str(citation["version"]) == pyproject()["project"]["version"] == sim.__version__
    assert f"## {sim.__version__}" in text_of(ROOT / "CHANGELOG.md")
    assert citation["license"] == pyproject()["project"]["license"]


# Set-up


def test_the_lock_names_no_host() -> None:
    assert "://" not in text_of(ROOT / "requirements.lock")


def test_the_lock_pins_every_dependency_declared() -> None:
    project = pyproject()["project"]
    declared = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    pinned = set(re.findall(r"^([\w.-]+)==", text_of(ROOT / "requirements.lock"), re.MULTILINE))
    names = {re.match(r"[\w.-]+", requirement)[0].lower().replace("_", "-") for requirement in declared}
    assert names - {name.lower() for name in pinned} == set()


def test_the_pythons_offered_are_those_allowed() -> None:
    oldest, beyond = map(int, re.findall(r"3\.(\d+)", pyproject()["project"]["requires-python"]))
    offered = text_of(ROOT / ".python-version").split()
    assert sorted(offered) == [f"3.{minor}" for minor in range(oldest, beyond)]


def test_make_lists_every_target() -> None:
    makefile = text_of(ROOT / "Makefile")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    assert set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)) == set(phony[1].split())


# Sources


def test_every_source_named_in_the_model_is_known() -> None:
    named = {key: path.name for path in (ROOT / "sim").rglob("*.py") for key in sources_named_in(path)}
    assert {key: where for key, where in named.items() if key not in sources()} == {}


def test_every_source_named_in_a_policy_is_known() -> None:
    policies = {path.name: yaml.safe_load(text_of(path)) for path in (ROOT / "configs" / "policy").glob("*.yaml")}
    unknown = {name: key for name, of in policies.items() for key in keys_in(of["source"]) if key not in sources()}
    assert unknown == {}


@each_of("key", sources())
def test_a_source_says_what_it_is_and_what_for(key: str) -> None:
    entry = sources()[key]
    assert set(entry) <= SOURCE_FIELDS
    assert ("title" in entry) != ("what" in entry)
    assert entry["kind"] in SOURCE_KINDS
    assert entry["grade"]
    assert entry["use"]
    if "file" in entry:
        assert (ROOT / "configs" / entry["file"]).is_file()


@each_of("key", sources())
def test_a_source_says_who_when_what_and_where_or_that_this_is_unsure(key: str) -> None:
    entry = sources()[key]
    untitled = {"title"} if entry["kind"] in ("data", "software") else set()  # `what` describes it
    missing = {what for what, fields in SAYS.items() if not fields & set(entry)} - untitled
    assert missing <= set(entry.get("unsure", ()))
    assert set(entry.get("unsure", ())) <= {*SAYS, "use"}
