"""Notebooks as pages of the site, with their outputs where they were executed before."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from sim.errors import InputError

from .notebooks import FOLDER, notebook_content, notebook_paths

PREFIX = "notebook_"
"""First letters of the name of a notebook's page."""

NOT_EXECUTED = (
    "> **Without outputs.** This notebook was not executed when the site was built. "
    "`python -m experiments.maintenance.notebooks` executes all; then build the site again."
)
STYLE = re.compile(r"<style.*?</style>", re.DOTALL)
"""Style sheets inside tables of pandas, whose blank lines would end a block of HTML in Markdown."""


def page_name(path: Path) -> str:
    """Return the name of a notebook's page.

    >>> page_name(Path("notebooks/09_trust.ipynb"))
    'notebook_09_trust'
    """
    return f"{PREFIX}{path.stem}"


def notebook_pages(executed: Path, linked: Callable[[str, Path], str]) -> tuple[dict[str, str], dict[str, bytes]]:
    """Return every notebook as Markdown by name of its page, and the pictures among its outputs by path on the site.

    Args:
        executed: folder with notebooks that were executed; others are shown without outputs
        linked: changes links of a text of a file into links of the site

    Raises:
        InputError: nbconvert is not installed
    """
    texts: dict[str, str] = {}
    pictures: dict[str, bytes] = {}
    for path in notebook_paths([]):
        text, outputs = page_of_notebook(path, content_to_show(path, executed), linked)
        texts[page_name(path)] = text
        pictures |= outputs
    return texts, pictures


def content_to_show(path: Path, executed: Path) -> dict[str, Any]:
    """Return a notebook with the outputs of its executed form, if that has the same code (or its code for small runs)."""
    content = notebook_content(path)
    file = executed / path.name
    if not file.is_file():
        return content
    done = notebook_content(file)
    if code_of(done) not in (code_of(content), code_of(notebook_content(path, small=True))):
        return content
    outputs = iter([cell for cell in done["cells"] if cell["cell_type"] == "code"])
    cells = [next(outputs) if cell["cell_type"] == "code" else cell for cell in content["cells"]]
    return {**content, "cells": cells}


def code_of(content: Mapping[str, Any]) -> list[str]:
    """Return the code of each code cell."""
    return ["".join(cell["source"]) for cell in content["cells"] if cell["cell_type"] == "code"]


def page_of_notebook(
    path: Path, content: Mapping[str, Any], linked: Callable[[str, Path], str]
) -> tuple[str, dict[str, bytes]]:
    """Return a notebook as Markdown, and its pictures by path on the site."""
    try:
        import nbconvert
        import nbformat
    except ImportError:
        raise InputError(
            "nbconvert is not installed; install the extra `docs`: pip install -e '.[docs]' -c requirements.lock"
        ) from None
    cells = [shown_cell(cell, path, linked) for cell in content["cells"]]
    converter, reader = cast(Any, nbconvert), cast(Any, nbformat)  # neither has types
    notebook = reader.reads(json.dumps({**content, "cells": cells}), as_version=4)
    names = {"output_files_dir": f"files/notebooks/{path.stem}", "unique_key": path.stem}
    body, resources = converter.MarkdownExporter().from_notebook_node(notebook, resources=names)
    title, _, rest = body.replace("![png](", "![Figure drawn by the code above](").strip().partition("\n")
    note = "" if any(cell.get("outputs") for cell in cells) else f"{NOT_EXECUTED}\n\n"
    source = f"To run it yourself: `.venv/bin/jupyter lab notebooks/{path.name}`.\n\n"
    return f"{title}\n\n{note}{source}{rest.strip()}\n", dict(resources.get("outputs") or {})


def shown_cell(cell: Mapping[str, Any], path: Path, linked: Callable[[str, Path], str]) -> dict[str, Any]:
    """Return a cell whose links are those of the site and whose tables have no style sheets."""
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        return {**cell, "source": linked(source, path)}
    outputs = [shown_output(output) for output in cell["outputs"] if output.get("name") != "stderr"]
    return {**cell, "source": source, "outputs": outputs}


def shown_output(output: Mapping[str, Any]) -> dict[str, Any]:
    """Return an output whose HTML has no style sheet and no blank line."""
    data = dict(output.get("data") or {})
    if "text/html" in data:
        html = STYLE.sub("", "".join(data["text/html"]))
        data["text/html"] = "\n".join(line for line in html.splitlines() if line.strip())
    return {**output, "data": data} if data else dict(output)


def contents_of_notebooks() -> str:
    """Return the table of contents of the notebooks' pages."""
    names = "\n".join(page_name(path) for path in sorted(FOLDER.glob("*.ipynb")))
    return f"```{{toctree}}\n:maxdepth: 1\n:hidden:\n\n{names}\n```"
