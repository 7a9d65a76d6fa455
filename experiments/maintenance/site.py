"""Build the documentation as a site for reading offline: python -m experiments.maintenance.site, or `make site`.

python -m experiments.maintenance.site
python -m experiments.maintenance.site --out build/elsewhere

The README is the first page. The others are pages of docs/, ODD and limits of sim/, a reference made from configurations and
docstrings, and the notebooks: with outputs if `python -m experiments.maintenance.notebooks` has executed them.
Sphinx builds it; every warning, such as a broken link, is an error. Needs the extra `docs`.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

from sim.errors import InputError
from sim.results.files import path_of, writable
from sim.runs.streams import escape_what_cannot_be_encoded

from .archive import ROOT
from .notebook_pages import contents_of_notebooks, notebook_pages, page_name
from .reference_pages import PROGRAM, parameters_page, program_pages, python_pages

README, CHANGES = "README.md", "CHANGELOG.md"

NAVIGATION = {
    "Tutorials": ("page_in_pictures", "student", "evaluator", "researcher", "mesa_user", "own_case", "notebooks"),
    "How-to guides": ("install", "web_page", "compare", "report", "sweep", "optimise", "fit_to_record", "calibration",
                      "validate", "extend", "add_agent_kind", "add_lever", "add_outcome", "add_setting", "export", "mesa",
                      "clusters", "contributing"),
    "Reference": ("programs", "parameters", "files", "outcomes", "scenarios", "gallery", "python", "reference_sim",
                  "reference_agents", "reference_analysis", "decisions", "data", "benchmarks", "changes"),
    "Explanation": ("results", "what_works", "architecture", "odd", "evaluation", "limits", "mechanisms", "ireland",
                    "plan_2009", "glossary"),
}  # fmt: skip
"""Every page of the site, by purpose."""

ELSEWHERE = {"sim/ODD.md": "odd", "sim/LIMITS.md": "limits", "configs/data/README.md": "data",
             "CONTRIBUTING.md": "contributing", CHANGES: "changes"}  # fmt: skip
"""Pages outside of docs/ and its folders."""

EXECUTED = ROOT / "results" / "notebooks"
"""Folder in which `python -m experiments.maintenance.notebooks` leaves executed notebooks."""

CHANGES_TITLE = "# Changes of results, and others"
"""Title of the page of changes, whose file has several first-level headings."""

LINK = re.compile(r"(?<!\!)\[([^\]]*)\]\(([^)\s:#]*)(#[^)\s]*)?\)")
IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s:]+)\)")
FULL = '{width="100%"}'
"""Attributes of a picture: as wide as the page, with a link to its full size."""

FENCE = re.compile(r"^```(csv|text|yaml)\b.*$", re.MULTILINE)


def sources(root: Path = ROOT) -> dict[str, Path]:
    """Return the file of each page that has one, by name of the page.

    Raises:
        InputError: two pages have one name
    """
    written = [path for path in sorted((root / "docs").rglob("*.md")) if path.name != README]
    for first, second in pairwise(sorted(written, key=lambda path: path.stem)):
        if first.stem == second.stem:
            names = " and ".join(path.relative_to(root).as_posix() for path in (first, second))
            raise InputError(f"{names} have one name on the site; rename one of them")
    pages = {path.stem: path for path in written}
    return pages | {name: root / path for path, name in ELSEWHERE.items()}


def pages(root: Path = ROOT) -> dict[str, str]:
    """Return every page of the site but notebooks as Markdown, by name, with links between pages."""
    texts = {
        name: linked(with_title(name, path.read_text(encoding="utf-8")), path, root)
        for name, path in sources(root).items()
    }
    texts["programs"] = with_program_pages(texts["programs"])
    texts["notebooks"] += f"\n{contents_of_notebooks()}\n"
    start = linked((root / README).read_text(encoding="utf-8"), root / README, root)
    index = {"index": f"{start}\n\n## All pages\n\n{contents()}"}
    return texts | python_pages() | program_pages() | {"parameters": parameters_page()} | index


def with_program_pages(text: str) -> str:
    """Return the page of programs with links to the page of each, and with these pages in its contents."""
    linked_text = re.sub(r"^\| `(\w+)` \|", rf"| [`\1`]({PROGRAM}\1.md) |", text, flags=re.MULTILINE)
    names = "\n".join(program_pages())
    return f"{linked_text}\n```{{toctree}}\n:maxdepth: 1\n:hidden:\n\n{names}\n```\n"


def with_title(name: str, text: str) -> str:
    """Return a page with one first-level heading."""
    if name != "changes":
        return text
    lower = re.sub(r"^# ", "## ", text, flags=re.MULTILINE)
    return f"{CHANGES_TITLE}\n\n{lower}"


def contents() -> str:
    """Return the table of contents for the first page and the margin of all pages."""
    trees = [
        f"```{{toctree}}\n:caption: {head}\n:maxdepth: 1\n\n{'\n'.join(names)}\n```"
        for head, names in NAVIGATION.items()
    ]
    return "\n\n".join(trees)


def linked(text: str, path: Path, root: Path = ROOT) -> str:
    """Return a page whose links to files of the project lead to pages of the site or to copies of the files."""

    def path_in_project(target: str) -> Path:
        file = (path.parent / target).resolve()
        if not file.is_relative_to(root) or not file.is_file():
            raise InputError(f"{path.relative_to(root)} links {target}, which does not exist; correct the link")
        return file.relative_to(root)

    def link(match: re.Match[str]) -> str:
        words, target, anchor = match[1], match[2], match[3] or ""
        if not target:
            return match[0]
        file = path_in_project(target)
        return f"[{title_of(root / file) if words == file.name else words}]({page_of(file, anchor)})"

    text = IMAGE.sub(lambda match: f"![{match[1]}](files/{path_in_project(match[2]).as_posix()}){FULL}", text)
    return FENCE.sub(lambda match: f"```{block_language(match[1])}", LINK.sub(link, text))


def title_of(path: Path) -> str:
    """Return the title of a page as the text of links to it; the name of the file if it has no title."""
    first = path.read_text(encoding="utf-8").splitlines()[:1] if path.suffix == ".md" else []
    return first[0].removeprefix("# ") if first and first[0].startswith("# ") else path.name


def block_language(language: str) -> str:
    """Return the language of a block in Sphinx."""
    return "text" if language == "csv" else language


def page_of(file: Path, anchor: str) -> str:
    """Return the place of a file of the project on the site."""
    name = ELSEWHERE.get(file.as_posix(), file.stem if file.parts[0] == "docs" and file.suffix == ".md" else "")
    name = page_name(file) if file.suffix == ".ipynb" else name
    if file.as_posix() == README:
        return f"index.md{anchor}"
    if file.as_posix() == f"docs/{README}":
        return "index.md#all-pages"
    return f"{name}.md{anchor}" if name else f"files/{file.as_posix()}"


def anchor_of(heading: str) -> str:
    """Return the anchor of a heading, as GitHub makes it.

    >>> anchor_of("What it found, and what it cannot tell")
    'what-it-found-and-what-it-cannot-tell'
    """
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def files_of(texts: Mapping[str, str]) -> Iterator[str]:
    """Yield files of the project that pages show or link, by their paths."""
    for text in texts.values():
        yield from re.findall(r"\]\(files/([^)#]+)", text)


def write_sources(folder: Path, executed: Path = EXECUTED) -> None:
    """Write every page and the files it shows into an empty folder.

    Args:
        folder: for the sources
        executed: folder of executed notebooks
    """
    shutil.rmtree(folder, ignore_errors=True)
    notebooks, pictures = notebook_pages(executed, linked)
    texts = pages() | notebooks
    writable(folder)
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    for name, picture in pictures.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(picture)
    for name in set(files_of(texts)) - {name.removeprefix("files/") for name in pictures}:
        target = folder / "files" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)
    for name in ("conf.py", "site.css"):
        shutil.copyfile(ROOT / "docs" / name, folder / name)


def build(folder: Path, executed: Path = EXECUTED) -> Path:
    """Build the site in a folder and return its first page.

    Args:
        folder: for sources and pages
        executed: folder of executed notebooks

    Raises:
        InputError: an extra is missing, or Sphinx warns
    """
    missing = [name for name in ("sphinx", "myst_parser", "furo", "nbconvert") if find_spec(name) is None]
    if missing:
        raise InputError(f"{', '.join(missing)} is not installed; install the extra `docs`: pip install -e '.[docs]'")
    source, site = folder / "source", folder / "html"
    write_sources(source, executed)
    shutil.rmtree(site, ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "--no-color", "-q", "-E", "-W", "--keep-going", "-b", "html",
               "-d", str(folder / "trees")]  # fmt: skip
    env = os.environ | {"PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "0"}
    process = subprocess.run([*command, str(source), str(site)], env=env, capture_output=True, text=True, check=False)
    if process.returncode:
        print(process.stderr, file=sys.stderr)
        warnings = [line for line in process.stderr.splitlines() if "WARNING" in line or "ERROR" in line]
        first_warning = (warnings or process.stderr.splitlines() or ["no message"])[0]
        first = first_warning.removeprefix(f"{source}{os.sep}")
        raise InputError(f"the site has {len(warnings)} warnings; correct the first: {first}")
    return site / "index.html"


class Parser(argparse.ArgumentParser):
    """Parser that reports a wrong option in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Raise the message as an InputError instead of ending the program."""
        raise InputError(message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the site and print its path; return the exit code, 2 after an input error."""
    escape_what_cannot_be_encoded()
    parser = Parser(prog="python -m experiments.maintenance.site", description="Build the documentation site.")
    parser.add_argument("--out", default=str(ROOT / "build" / "site"), help="folder (default: build/site)")
    parser.add_argument(
        "--notebooks", default=str(EXECUTED), help="folder of executed notebooks, shown with their outputs"
    )
    try:
        options = parser.parse_args(arguments)
        print(build(writable(path_of(options.out)), path_of(options.notebooks)))
    except InputError as mistake:
        print(f"error: {mistake}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
