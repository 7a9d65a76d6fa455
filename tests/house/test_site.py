"""The site: every page is in its contents, every link leads somewhere, every example does what it says."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from experiments import check, results
from experiments.command_line.entry import LOAD, names_outcomes
from experiments.command_line.overrides import check_overrides
from experiments.maintenance import site as site_program
from experiments.maintenance.notebook_pages import content_to_show, notebook_pages
from experiments.maintenance.reference_pages import PROGRAM, keys_of, program_pages
from experiments.maintenance.site import (
    ELSEWHERE,
    EXECUTED,
    NAVIGATION,
    anchor_of,
    build,
    linked,
    page_of,
    pages,
    sources,
)
from sim import configuration
from sim.configuration import configs
from sim.errors import InputError
from sim.parameters import declared_parameters
from tests.house.source import ROOT

pytestmark = pytest.mark.slow

PAGES = pages()
NOTEBOOKS, _ = notebook_pages(EXECUTED, linked)
GUIDES = sorted((ROOT / "docs").rglob("*.md"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(path: Path, language: str) -> list[str]:
    return [text for kind, text in BLOCK.findall(path.read_text(encoding="utf-8")) if kind == language]


# Links


def headings(text: str) -> set[str]:
    bare = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return {
        anchor_of(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", head))
        for head in re.findall(r"^#+ (.+)$", bare, re.MULTILINE)
    }


def lost(texts: dict[str, str]) -> list[str]:
    """Links between pages that lead to no page, or to no heading of it."""
    targets = []
    for name, text in texts.items():
        for target, anchor in re.findall(r"\]\((\w*)(?:\.md)?(#[^)]+)?\)", text):
            page = target or name
            if page not in texts or (anchor and anchor[1:] not in headings(texts[page])):
                targets.append(f"{name}: {target}{anchor}")
    return targets


def test_every_page_is_in_the_contents_once():
    listed = [name for names in NAVIGATION.values() for name in names]
    assert sorted([*listed, *program_pages(), "index"]) == sorted(PAGES)
    contents = re.findall(r"^(?:program|notebook)_\w+$", PAGES["programs"] + PAGES["notebooks"], re.MULTILINE)
    assert sorted(contents) == sorted([*program_pages(), *NOTEBOOKS])


def test_every_link_between_pages_leads_to_a_page_and_a_heading():
    assert sum(text.count(".md)") + text.count(".md#") for text in PAGES.values()) > 20
    assert lost(PAGES | NOTEBOOKS) == []


@pytest.mark.parametrize("broken", ["[x](nowhere.md)", "[x](odd.md#nowhere)", "[x](#nowhere)"])
def test_a_link_that_leads_nowhere_is_found(broken):
    assert lost(PAGES | NOTEBOOKS | {"glossary": f"{PAGES['glossary']}\n{broken}\n"}) != []


def test_a_link_to_a_file_that_is_not_there_is_a_mistake():
    with pytest.raises(
        InputError, match=r"^docs/reference/files.md links gone.md, which does not exist; correct the link$"
    ):
        linked("[x](gone.md)", ROOT / "docs" / "reference" / "files.md")


def test_links_to_the_readme_and_to_the_first_page_of_docs_lead_to_the_start():
    assert page_of(Path("README.md"), "#map") == "index.md#map"
    assert page_of(Path("docs/README.md"), "") == "index.md#all-pages"


def test_two_pages_of_one_name_are_a_mistake(tmp_path):
    for folder in ("how-to", "reference"):
        (tmp_path / "docs" / folder).mkdir(parents=True)
        (tmp_path / "docs" / folder / "files.md").write_text("# A")
    with pytest.raises(
        InputError, match=r"^docs/how-to/files.md and docs/reference/files.md have one name on the site"
    ):
        sources(tmp_path)


def test_links_of_the_guides_are_right_on_github_too():
    for path in [*GUIDES, ROOT / "README.md", *(ROOT / name for name in ELSEWHERE)]:
        for target, anchor in re.findall(r"\]\(([^)#:\s]+)(#[^)]+)?\)", path.read_text(encoding="utf-8")):
            file = (path.parent / target).resolve()
            assert file.is_file(), f"{path.name}: {target}"
            assert not anchor or anchor[1:] in headings(file.read_text(encoding="utf-8")), (
                f"{path.name}: {target}{anchor}"
            )


# Pages made from the code


def test_a_program_has_a_page_with_every_key_of_its_configuration():
    for name, text in program_pages().items():
        program = name.removeprefix(PROGRAM)
        file = configs() / "experiment" / f"{program}.yaml"
        declared = re.findall(r"^(\w+):", file.read_text(encoding="utf-8"), re.MULTILINE) if file.is_file() else []
        assert [key.name for key in keys_of(program)] == [key for key in declared if key not in ("defaults", "hydra")]
        assert [key for key in keys_of(program) if f"| `{key.name}` |" not in text or not key.meaning] == []


def test_every_parameter_has_an_entry_that_the_search_finds():
    assert re.findall(r"^\.\. confval:: (\S+)$", PAGES["parameters"], re.MULTILINE) == [
        name
        for section in dict.fromkeys(name.split(".")[0] for name in declared_parameters())
        for name in declared_parameters()
        if name.split(".")[0] == section
    ]


def test_a_notebook_of_other_cells_is_shown_without_its_outputs(tmp_path):
    path = ROOT / "notebooks" / "09_trust.ipynb"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["cells"][2]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x"}]
    (tmp_path / path.name).write_text(json.dumps(content))
    assert content_to_show(path, tmp_path) == content
    content["cells"][2]["source"] = ["import sim"]
    (tmp_path / path.name).write_text(json.dumps(content))
    assert content_to_show(path, tmp_path)["cells"][2]["outputs"] == []
    assert "**Without outputs.**" in notebook_pages(tmp_path, linked)[0]["notebook_09_trust"]


# The build


@pytest.fixture(scope="module")
def html(tmp_path_factory) -> Path:
    if any(find_spec(name) is None for name in ("sphinx", "furo", "myst_parser", "nbconvert")):
        pytest.skip("the extra `docs` is not installed")
    return build(tmp_path_factory.mktemp("site")).parent


@pytest.mark.program
def test_the_site_is_built_without_a_warning_and_every_link_in_it_leads_somewhere(html):
    texts = {path.name: path.read_text(encoding="utf-8") for path in html.glob("*.html")}
    assert {f"{name}.html" for name in PAGES} <= set(texts)
    marks = {name: set(re.findall(r'\bid="([^"]+)"', text)) for name, text in texts.items()}
    wrong = []
    for name, text in texts.items():
        for link in re.findall(r'<a [^>]*href="([^"]*)"', text):
            target, _, anchor = link.partition("#")
            if "://" in link or not link:
                continue
            exists = (html / (target or name)).is_file()
            if not exists or (anchor and target in ("", *texts) and anchor not in marks[target or name]):
                wrong.append(f"{name}: {link}")
    assert wrong == []


@pytest.mark.program
def test_the_start_page_leads_each_reader_on_and_its_picture_above_its_caption_to_itself_at_full_size(html):
    start = (html / "index.html").read_text(encoding="utf-8").partition("<article")[2].partition("toctree-wrapper")[0]
    assert re.findall(r'href="((?:student|evaluator|researcher)\.html)"', start) == [
        "student.html",
        "evaluator.html",
        "researcher.html",
    ]
    shown = r'<a [^>]*href="([^"]+)"><img [^>]*src="([^"]+)"[^>]*/?></a></p>\s*<p><em>Left with a backbone'
    [(link, picture)] = re.findall(shown, start)
    assert link == picture
    assert (html / link).is_file()


@pytest.mark.program
def test_the_site_needs_no_network(html):
    loaded = re.compile(r'<(?:script|img|link)\b[^>]*(?:src|href)="((?:https?:)?//[^"]+)"')
    assert {link for path in html.glob("*.html") for link in loaded.findall(path.read_text(encoding="utf-8"))} == set()
    styles = [path.read_text(encoding="utf-8") for path in html.rglob("*.css")]
    assert styles
    assert [
        address
        for text in styles
        for address in re.findall(r"@import[^;]*//[^;]*|url\([\"']?(?:https?:)?//[^)]*", text)
    ] == []
    assert [path for path in html.rglob("*.html") if str(ROOT) in path.read_text(encoding="utf-8")] == []


@pytest.mark.program
def test_a_warning_stops_the_build_and_is_said(html, tmp_path, monkeypatch):
    few = {"index": "# A\n\n```{toctree}\nb\n```\n", "b": "# B\n\n[x](index.md#nowhere)\n"}
    monkeypatch.setattr(site_program, "pages", lambda: few)
    monkeypatch.setattr(site_program, "notebook_pages", lambda *_: ({}, {}))
    with pytest.raises(InputError, match=r"^the site has 1 warnings; correct the first: b\.md:3: WARNING: .*nowhere"):
        build(tmp_path)


def test_without_sphinx_the_site_is_refused_in_one_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(site_program, "find_spec", lambda name: None)
    assert site_program.main(["--out", str(tmp_path)]) == 2
    message = capsys.readouterr().err
    assert message.startswith("error: sphinx, myst_parser, furo, nbconvert is not installed; install the extra `docs`")
    assert len(message.splitlines()) == 1


@pytest.mark.program
@pytest.mark.parametrize("wrong", [["--where", "x"], ["--out", "/dev/null/x"]])
def test_a_wrong_command_ends_in_one_sentence(wrong, capsys):
    assert site_program.main(wrong) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


# Examples


def checked(words: list[str]) -> None:
    """Raises InputError for a command of a program that it would refuse for its keys."""
    program, *every = words
    arguments = [word for word in every if not names_outcomes(word)]  # a file that runs before keys are read
    if program in ("results", "sweeps"):
        results.verb_and_overrides(arguments)
    elif program == "check":
        check.parser().parse_args(arguments)
    elif (configs() / "experiment" / f"{(name := program.rpartition('.')[2])}.yaml").is_file():
        assert find_spec(f"experiments.{program}"), f"there is no program {program}"
        check_overrides(arguments, name)
    else:
        assert find_spec(f"experiments.{program}"), f"there is no program {program}"
        assert not arguments, f"{program} takes no keys"


def commands(path: Path) -> list[list[str]]:
    """The programs of a page's shell examples, with their arguments."""
    lines = "\n".join(blocks(path, "bash")).replace("\\\n", " ").splitlines()
    lines_of_words = [
        shlex.split(line, comments=True) for line in lines if "-m experiments." in line.partition(" #")[0]
    ]
    return [[words[2].removeprefix("experiments.").removeprefix("benchmarks."), *words[3:]] for words in lines_of_words]


@pytest.mark.parametrize(
    "path", [path for path in [*GUIDES, ROOT / "README.md"] if commands(path)], ids=lambda path: path.stem
)
def test_the_commands_of_a_page_have_keys_that_their_programs_know(path):
    for words in commands(path):
        if not any(word.startswith(LOAD) for word in words):  # its keys are known once the file is loaded
            checked(words)


def test_there_are_commands_and_a_wrong_one_is_found():
    assert sum(len(commands(path)) for path in GUIDES) > 60
    assert len(commands(ROOT / "README.md")) >= 2
    for wrong in (["run", "sede=1"], ["results", "begin"], ["nothing"], ["check"]):
        with pytest.raises((InputError, AssertionError)):
            checked(wrong)


def run(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A program of Python in a process and a folder of its own."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "MPLBACKEND": "agg"}
    typed = [sys.executable, "-c", program]
    return subprocess.run(typed, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=600)


HOW_TO = [
    ROOT / "docs" / "how-to" / f"{name}.md"
    for name in ("add_agent_kind", "add_lever", "add_outcome", "add_setting", "export")
]
TUTORIALS = [ROOT / "docs" / "tutorials" / f"{name}.md" for name in ("student", "evaluator", "researcher", "mesa_user")]


@pytest.mark.program
@pytest.mark.parametrize("path", HOW_TO, ids=lambda path: path.stem)
def test_the_python_of_a_how_to_page_runs(path, tmp_path):
    assert blocks(path, "python")
    done = run("\n".join(blocks(path, "python")), tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.program
@pytest.mark.release
@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_the_python_of_a_tutorial_runs_after_its_first_command(path, tmp_path):
    if "read_parquet" in path.read_text(encoding="utf-8"):
        program, *arguments = commands(path)[0]
        begun = f"sys.argv[1:] = {arguments!r}; runpy.run_module('experiments.{program}', run_name='__main__')"
        done = run(f"import runpy, sys; {begun}", tmp_path)
        assert done.returncode == 0, done.stderr
    done = run("\n".join(blocks(path, "python")), tmp_path)
    assert done.returncode == 0, done.stderr


def test_the_policy_and_the_scenario_of_the_page_of_levers_can_be_read(tmp_path, monkeypatch):
    shutil.copytree(configs(), tmp_path / "configs")
    policy, scenario = blocks(ROOT / "docs" / "how-to" / "add_lever.md", "yaml")
    (tmp_path / "configs" / "policy" / "weaker.yaml").write_text(policy)
    (tmp_path / "configs" / "scenario" / "weaker_backbone_2014.yaml").write_text(scenario)
    monkeypatch.setattr("sim.configuration.files.configs", lambda: tmp_path / "configs")
    weaker = configuration.scenario("weaker_backbone_2014")
    assert [(c.key, c.value) for c in weaker.policy.changes if c.key == "backbone.facilitation"] == [
        ("backbone.facilitation", 0.2)
    ]


def test_r_is_said_not_to_be_run():
    for path in GUIDES:
        if blocks(path, "r"):
            assert "**not run by its tests**" in path.read_text(encoding="utf-8")
