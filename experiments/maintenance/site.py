"""The documentation as a site that is read without a network: python -m experiments.maintenance.site, or `make site`.

python -m experiments.maintenance.site
python -m experiments.maintenance.site --out build/elsewhere

Pages of docs/, ODD and limits of sim/ and parts of the README are put together with a reference made from docstrings, and
Sphinx makes the site; every warning, a link that leads nowhere too, is a mistake. Needs the extra `docs`.
"""

from __future__ import annotations

import argparse
import inspect
import os
import pkgutil
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import sim
import sim.analysis
from sim.agents import KIND_CLASSES, decisions_of
from sim.errors import InputError
from sim.results.files import path_of, writable
from sim.runs.streams import escape_what_cannot_be_encoded

from .archive import ROOT

README, CHANGES = "README.md", "CHANGELOG.md"

PARTS = {
    "results": ("What it says, at hand-tuned defaults",),
    "programs": ("Two commands", "First results"),
    "words": ("Words",),
    "why": ("Why it is built this way", "The map of the house"),
}
"""Pages made of sections of the README, by name."""

NAVIGATION = {
    "First results": ("tutorial_student", "tutorial_evaluator", "tutorial_researcher"),
    "How to": ("howto_agent_kind", "howto_lever", "howto_outcome", "howto_setting", "howto_export", "mesa", "calibration",
               "validate", "own_case", "clusters"),
    "Why, and how far": ("why", "limits", "results", "evaluation", "mechanisms", "ireland", "plan_2009", "odd", "benchmarks"),
    "Reference": ("programs", "outcomes", "decisions", "scenarios", "files", "data", "words", "reference_sim",
                  "reference_agents", "reference_analysis", "changes"),
}  # fmt: skip
"""Every page of the site, by what a reader looks for."""

ELSEWHERE = {"sim/ODD.md": "odd", "sim/LIMITS.md": "limits", "configs/data/README.md": "data", CHANGES: "changes"}
"""Pages that stand elsewhere than in docs/ and its folders."""

HEADS = {"changes": "# Changes of results, and others", "programs": "# Programs", "why": "# How it is built, and why"}
"""Titles of pages whose first heading would not be one."""

LINK = re.compile(r"(?<!\!)\[([^\]]*)\]\(([^)\s:#]*)(#[^)\s]*)?\)")
IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s:]+)\)")
FULL = '{width="100%"}'
"""What stands behind a picture: as wide as the page, and a link to itself at full size."""

FENCE = re.compile(r"^```(csv|text|yaml)\b.*$", re.MULTILINE)


def sources(root: Path = ROOT) -> dict[str, Path]:
    """Return the file of each page that is one, by name of the page."""
    pages = {path.stem: path for path in sorted((root / "docs").rglob("*.md"))}
    return pages | {name: root / path for path, name in ELSEWHERE.items()}


def sections(text: str) -> dict[str, str]:
    """Return the sections of a page by their second-level headings, without these.

    >>> sections(chr(10).join(["# A", "## B", "words", "## C"]))
    {'B': 'words', 'C': ''}
    """
    found = re.split(r"^## (.+)$", text, flags=re.MULTILINE)[1:]
    return {head.strip(): body.strip() for head, body in zip(found[::2], found[1::2], strict=True)}


def pages(root: Path = ROOT) -> dict[str, str]:
    """Every page of the site as Markdown, by name; links lead from page to page."""
    readme = (root / README).read_text(encoding="utf-8")
    found = {name: (path.read_text(encoding="utf-8"), path) for name, path in sources(root).items()}
    parts = sections(readme)
    for name, heads in PARTS.items():
        text = "\n\n".join(f"## {head}\n\n{parts[head]}" for head in heads)
        text = text if name in HEADS else text.replace("## ", "# ", 1)
        found[name] = (text, root / README)
    texts = {name: linked(headed(name, text), path, root) for name, (text, path) in found.items()}
    start = linked(readme.partition("\n## ")[0], root / README, root)
    return texts | reference() | {"index": f"{start}\n\n{contents()}"}


def headed(name: str, text: str) -> str:
    """Return a page with one title: where it is made of several parts, they stand below a title of their own."""
    if name not in HEADS:
        return text
    lower = re.sub(r"^# ", "## ", text, flags=re.MULTILINE) if name == "changes" else text
    return f"{HEADS[name]}\n\n{lower}"


def contents() -> str:
    """Return the table of contents, for the first page and the margin of all."""
    trees = [
        f"```{{toctree}}\n:caption: {head}\n:maxdepth: 1\n\n{'\n'.join(names)}\n```"
        for head, names in NAVIGATION.items()
    ]
    return "\n\n".join(trees)


def linked(text: str, path: Path, root: Path = ROOT) -> str:
    """Return a page whose links to files of the project lead to pages of the site or, where there is none, to a copy of the file."""

    def of(target: str) -> Path:
        file = (path.parent / target).resolve()
        if not file.is_relative_to(root) or not file.is_file():
            raise InputError(f"{path.relative_to(root)} links {target}, and there is no such file")
        return file.relative_to(root)

    def link(found: re.Match[str]) -> str:
        words, target, anchor = found[1], found[2], found[3] or ""
        if not target:
            return found[0]
        file = of(target)
        return f"[{title_of(root / file) if words == file.name else words}]({page_of(file, anchor)})"

    text = IMAGE.sub(lambda found: f"![{found[1]}](files/{of(found[2]).as_posix()}){FULL}", text)
    return FENCE.sub(lambda found: f"```{plain(found[1])}", LINK.sub(link, text))


def title_of(path: Path) -> str:
    """Return the title of a page, which a link says in place of the name of its file; the name where it has none."""
    first = path.read_text(encoding="utf-8").splitlines()[:1] if path.suffix == ".md" else []
    return first[0].removeprefix("# ") if first and first[0].startswith("# ") else path.name


def plain(language: str) -> str:
    """Return the language of a block as Sphinx knows it."""
    return "text" if language == "csv" else language


def page_of(file: Path, anchor: str) -> str:
    """Where a file of the project is on the site."""
    name = ELSEWHERE.get(file.as_posix(), file.stem if file.parts[0] == "docs" and file.suffix == ".md" else "")
    if file.as_posix() == README:
        return f"{part_with(anchor)}.md{anchor}" if anchor else "index.md"
    return f"{name}.md{anchor}" if name else f"files/{file.as_posix()}"


def part_with(anchor: str) -> str:
    """Return the page that has a heading of the README.

    Raises:
        InputError: none has
    """
    parts = sections((ROOT / README).read_text(encoding="utf-8"))
    for name, heads in PARTS.items():
        inner = [line.lstrip("# ") for head in heads for line in parts[head].splitlines() if line.startswith("###")]
        if anchor[1:] in map(anchor_of, [*heads, *inner]):
            return name
    raise InputError(f"the README has no heading {anchor} that is on the site")


def anchor_of(heading: str) -> str:
    """What a heading is called in links, as GitHub does it.

    >>> anchor_of("Researchers: sweep, and publish from the table")
    'researchers-sweep-and-publish-from-the-table'
    """
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def files_of(texts: Mapping[str, str]) -> Iterator[str]:
    """Files of the project that pages show or offer, by their paths in it."""
    for text in texts.values():
        yield from re.findall(r"\]\(files/([^)#]+)", text)


def put_together(folder: Path) -> None:
    """Write every page and what the pages show into a folder, anew."""
    shutil.rmtree(folder, ignore_errors=True)
    texts = pages()
    writable(folder)
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    for name in set(files_of(texts)):
        target = folder / "files" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)
    for name in ("conf.py", "site.css"):
        shutil.copyfile(ROOT / "docs" / name, folder / name)


def built(folder: Path) -> Path:
    """Build the site in a folder; returns its first page.

    Raises:
        InputError: with the first warning, where there is one
    """
    lacking = [name for name in ("sphinx", "myst_parser", "furo") if find_spec(name) is None]
    if lacking:
        raise InputError(f"the site needs the extra `docs` ({', '.join(lacking)} is missing): pip install -e '.[docs]'")
    source, site = folder / "source", folder / "html"
    put_together(source)
    shutil.rmtree(site, ignore_errors=True)
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-E",
        "-W",
        "--keep-going",
        "-b",
        "html",
        "-d",
        str(folder / "trees"),
    ]
    env = os.environ | {"PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "0"}
    done = subprocess.run([*command, str(source), str(site)], env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        warnings = [line for line in done.stderr.splitlines() if "WARNING" in line or "ERROR" in line]
        said = (warnings or done.stderr.splitlines() or ["it said nothing"])[0]
        raise InputError(f"the site has {len(warnings)} warnings, the first: {said.removeprefix(f'{source}{os.sep}')}")
    return site / "index.html"


class Parser(argparse.ArgumentParser):
    """One that says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Raises InputError where argparse would end the program."""
        raise InputError(message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the site and say where it is; the exit code is 2, with one sentence, for a mistake."""
    escape_what_cannot_be_encoded()
    wanted = Parser(prog="python -m experiments.maintenance.site", description="Build the documentation site.")
    wanted.add_argument("--out", default=str(ROOT / "build" / "site"), help="folder (default: build/site)")
    try:
        print(built(writable(path_of(wanted.parse_args(arguments).out))))
    except InputError as mistake:
        print(f"error: {mistake}", file=sys.stderr)
        return 2
    return 0


INTRODUCTIONS = {
    "reference_sim": "# The public face: `sim`\n\nWhat `import sim` offers, made from its docstrings.",
    "reference_agents": "# Who decides: `sim.agents`\n\nThe kinds of organisation and the decisions that a class of your "
    "own may override; [the page of decisions](decisions.md) has them in a table.",
    "reference_analysis": "# Analyses: `sim.analysis`\n\nFrom frames to frames: they know nothing of the model.",
}
"""First lines of the pages."""


def reference() -> dict[str, str]:
    """Return the pages by name, as Markdown that holds directives."""
    bodies = {"reference_sim": face(), "reference_agents": deciders(), "reference_analysis": analyses()}
    return {name: f"{INTRODUCTIONS[name]}\n\n{body}\n" for name, body in bodies.items()}


def directive(name: str, of: str, *options: str) -> str:
    """Return a directive of autodoc inside Markdown."""
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


if __name__ == "__main__":
    sys.exit(main())
