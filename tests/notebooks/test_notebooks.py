"""Every notebook's code runs from top to bottom, in small; all but the one about adding define nothing."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from experiments.maintenance import notebooks
from experiments.maintenance.notebooks import FOLDER, SIZES, code_cells, notebook_content
from sim.dates import month_of
from sim.errors import InputError

pytestmark = pytest.mark.slow

NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
ADDING = "06_add_your_own"
NEEDS_ANALYSIS = ("05_what_matters",)
ROOT = FOLDER.parent

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def texts_of(path: Path) -> list[str]:
    """The Markdown cells of a notebook."""
    return ["".join(cell["source"]) for cell in notebook_content(path)["cells"] if cell["cell_type"] == "markdown"]


def solutions_of(path: Path) -> list[str]:
    """The code of the hidden solutions of a notebook's exercises."""
    hidden = re.findall(
        r"<details>\n<summary>Solution</summary>\n(.*?)</details>", "\n".join(texts_of(path)), re.DOTALL
    )
    return [code for text in hidden for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL)]


def runs(code: str, folder: Path, name: str) -> None:
    """Run code as a program of its own, so that what it declares is gone when it ends."""
    program = folder / name
    program.write_text(code, encoding="utf-8")
    room = os.environ | {"MPLBACKEND": "Agg", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "error", str(program)]
    done = subprocess.run(command, cwd=folder, env=room, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_they_are_numbered_without_a_gap() -> None:
    assert [int(path.stem[:2]) for path in NOTEBOOKS] == list(range(1, len(NOTEBOOKS) + 1))
    assert ADDING in {path.stem for path in NOTEBOOKS}


@pytest.mark.simulates
@pytest.mark.program
@each
def test_a_notebook_runs_and_so_do_its_solutions(path: Path, tmp_path: Path) -> None:
    if path.stem in NEEDS_ANALYSIS and not importlib.util.find_spec("SALib"):
        pytest.skip("needs the extra `analysis`")
    runs("\n".join([*code_cells(path, small=True), *solutions_of(path)]), tmp_path, f"{path.stem}.py")


@each
def test_a_notebook_but_the_one_about_adding_defines_nothing(path: Path) -> None:
    kinds = (ast.Lambda,) if path.stem == ADDING else (ast.FunctionDef, ast.ClassDef, ast.Lambda)
    definitions = [node for cell in code_cells(path) for node in ast.walk(ast.parse(cell)) if isinstance(node, kinds)]
    assert definitions == []


def test_the_one_about_adding_defines_classes_of_the_models_and_declared_functions_alone() -> None:
    trees = [ast.parse(cell) for cell in code_cells(FOLDER / f"{ADDING}.ipynb")]
    defined = [node for tree in trees for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    functions = [ast.unparse(d) for node in defined if isinstance(node, ast.FunctionDef) for d in node.decorator_list]
    bases = [ast.unparse(base) for node in defined if isinstance(node, ast.ClassDef) for base in node.bases]
    assert bases == ["Foundation"] * sum(isinstance(node, ast.ClassDef) for node in defined) != []
    assert len(functions) == sum(isinstance(node, ast.FunctionDef) for node in defined) > 0
    assert all(call.startswith("sim.add_outcome(") for call in functions)


@each
def test_what_stands_for_the_sizes_in_small_gives_the_same_names(path: Path) -> None:
    for cell in notebook_content(path)["cells"]:
        assert (SIZES in cell["metadata"].get("tags", ())) == ("small" in cell["metadata"])
        if "small" in cell["metadata"]:
            assert assigned(cell["metadata"]["small"]) == assigned("".join(cell["source"])) != set()


def assigned(code: str) -> set[str]:
    return {
        node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


@each
def test_a_notebook_has_its_parts_in_order(path: Path) -> None:
    texts = texts_of(path)
    assert texts[0].startswith(f"# {path.stem[:2]} ")
    headings = [line for text in texts for line in text.splitlines() if line.startswith("## ")]
    assert headings[0] == "## What you will learn"
    assert headings[-2:] == ["## Exercises", "## Words"]
    exercises = "\n".join(texts).count("\n### Exercise ")
    assert 2 <= exercises <= 4
    assert len(solutions_of(path)) == exercises


@each
def test_a_notebook_shows_figures(path: Path) -> None:
    code = "\n".join(code_cells(path))
    assert ".plot." in code or "maps." in code or "_page(" in code or "sns." in code


@each
def test_the_files_linked_in_the_text_are_there(path: Path) -> None:
    text = "\n".join(texts_of(path))
    for linked in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (FOLDER / linked).is_file(), linked


def test_the_page_of_notebooks_lists_every_notebook() -> None:
    page = (ROOT / "docs" / "tutorials" / "notebooks.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"\]\([./]*notebooks/(\w+)\.ipynb\)", page)) == [path.stem for path in NOTEBOOKS]


@pytest.mark.simulates
@pytest.mark.parametrize(("name", "present", "works"), [
    ("historical_emergent", True, True), ("no_backbone", False, False), ("placebo_backbone", True, False),
])  # fmt: skip
def test_the_lever_of_a_backbone_is_not_what_it_gives_as_the_one_about_adding_says(
    name: str, present: bool, works: bool
) -> None:
    model = sim.CollaborationModel(sim.scenario(name, overrides={"setting.until": "2014-08"}), seed=1)
    model.run_until_month(month_of("2014-06"))
    backbone = model.parameters.backbone
    assert (backbone.facilitation, backbone.present) == (0.8, present)
    assert (model.kind("backbone").hours() > 0.0) is works


# The command


def book(*cells: str) -> str:
    """A notebook of code cells, the first of them the sizes."""
    parts = [
        {"cell_type": "code", "id": f"c{k}", "metadata": {}, "source": [cell], "outputs": [], "execution_count": None}
        for k, cell in enumerate(cells)
    ]
    parts[0]["metadata"] = {"tags": [SIZES], "small": "n = 1"}
    return json.dumps({"cells": parts, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(notebooks, "FOLDER", tmp_path)
    (tmp_path / "01_one.ipynb").write_text(book("n = 100", "print(n)"))
    (tmp_path / "02_two.ipynb").write_text(book("n = 2", "raise ValueError('n is two')"))
    return tmp_path


def test_a_notebook_that_there_is_not_is_said_in_one_sentence(folder: Path) -> None:
    with pytest.raises(InputError, match="no notebook begins with `09`; there are 01_one, 02_two"):
        notebooks.notebook_paths(["09"])


def test_in_small_the_sizes_are_those_that_the_cell_says(folder: Path) -> None:
    path = folder / "01_one.ipynb"
    assert (list(code_cells(path)), list(code_cells(path, small=True))) == (
        ["n = 100", "print(n)"],
        ["n = 1", "print(n)"],
    )


@pytest.mark.program
def test_the_command_executes_times_and_stops_at_the_first_error(folder: Path, capsys: pytest.CaptureFixture) -> None:
    pytest.importorskip("nbclient")
    assert notebooks.main(["01", "--small", "--out", str(folder / "out")]) == 0
    assert re.match(r"01_one +[\d.]+ s\n", capsys.readouterr().out)
    cells = json.loads((folder / "out" / "01_one.ipynb").read_text())["cells"]
    assert "".join(cells[1]["outputs"][0]["text"]) == "1\n"
    assert notebooks.main(["--out", str(folder / "out")]) == 2
    assert capsys.readouterr().err == "error: 02_two.ipynb stops: ValueError: n is two\n"
    assert not (folder / "out" / "02_two.ipynb").exists()


def test_the_command_without_nbclient_says_what_is_missing(folder: Path, capsys, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "nbclient", None)
    assert notebooks.main(["01", "--out", str(folder / "out")]) == 2
    assert capsys.readouterr().err == (
        "error: nbclient is not installed; install the extra `notebook`: "
        'pip install -e ".[notebook]" -c requirements.lock\n'
    )
