"""Every block of the page of kinds runs, one after another, and its command loads the file that the page writes."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.agents.kinds import NEW_DEFAULTS, received_kinds
from sim.world.organisations import KINDS
from tests.house.source import ROOT

pytestmark = pytest.mark.slow

PAGE = ROOT / "docs" / "how-to" / "add_agent_kind.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
FILE = next(block for block in BLOCKS if block.startswith("# parents.py\n"))


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Forget the kind of the page."""
    yield
    received_kinds({}, exactly=True)


@pytest.mark.program
@pytest.mark.simulates
def test_the_blocks_run_one_after_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict = {"__name__": "page"}
    printed = []
    for block in BLOCKS:
        exec(compile(block, PAGE.name, "exec"), names)
        printed.append(capsys.readouterr().out)
    assert [block for block, out in zip(BLOCKS, printed, strict=True) if not out] == [FILE]
    assert list(NEW_DEFAULTS) == ["parents_association"]
    assert KINDS[-1] == "parents_association"
    run = next(out for block, out in zip(BLOCKS, printed, strict=True) if "query(" in block)
    number, members, delivered = run.split("\n")[0].split()
    assert number == "20"
    assert 0 < int(members) < 20
    assert float(delivered) > 0
    assert (tmp_path / "network.png").stat().st_size > 10_000
    assert "parents_association 2" in printed[-2]
    refusals = printed[-1].splitlines()
    assert len(refusals) == 5
    assert refusals[0] == "the name `ngo` is taken; choose another name for your kind"


def test_the_organisation_file_of_the_page_is_the_one_that_its_python_writes() -> None:
    shown = re.findall(r"^```csv organisations\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    assert len(shown) == 1
    assert f'rows = """{shown[0]}"""' in TEXT


@pytest.mark.program
def test_the_command_of_the_page_loads_its_file(tmp_path: Path) -> None:
    (tmp_path / "parents.py").write_text(FILE, encoding="utf-8")
    command = re.findall(r"^```bash\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)[0]
    words = shlex.split(command)[1:]
    env = os.environ | {"PYTHONPATH": str(ROOT), "MPLBACKEND": "agg"}
    done = subprocess.run(
        [sys.executable, *words, "out=out"], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "parents_association" in (tmp_path / "out" / "organisations.csv").read_text(encoding="utf-8")


@pytest.mark.program
def test_the_check_of_the_page_loads_its_file(tmp_path: Path) -> None:
    (tmp_path / "parents.py").write_text(FILE, encoding="utf-8")
    rows = re.findall(r"^```csv organisations\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)[0]
    (tmp_path / "organisations.csv").write_text(rows, encoding="utf-8")
    (line,) = [line for line in TEXT.splitlines() if " experiments.check " in line]
    env = os.environ | {"PYTHONPATH": str(ROOT)}

    def done(*words: str) -> subprocess.CompletedProcess[str]:
        typed = [sys.executable, *words]
        return subprocess.run(typed, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)

    loaded = done(*shlex.split(line)[1:])
    assert loaded.returncode == 0, loaded.stderr
    assert "parents_association 2" in loaded.stdout
    without = done("-m", "experiments.check", "organisations.csv")
    assert without.returncode == 2
    assert "'parents_association' is not known" in without.stderr


@pytest.mark.program
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "error: the file 'mine.py' of `load` cannot be read: No such file or directory"),
        (
            "import sim\nx = 1 / 0\n",
            "error: the file mine.py of `load` fails in line 2: ZeroDivisionError: division by zero",
        ),
        ("def f(:\n", "error: the file mine.py of `load` fails: SyntaxError: "),
        (
            "import sim\nsim.register('ngo', object)\n",
            "error: the name `ngo` is taken; choose another name for your kind",
        ),
    ],
)
def test_a_file_that_cannot_be_loaded_ends_in_one_sentence(tmp_path: Path, text: str | None, sentence: str) -> None:
    if text is not None:
        (tmp_path / "mine.py").write_text(text)
    typed = [sys.executable, "-m", "experiments.run", "load=mine.py"]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(typed, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(sentence)
    assert done.stderr.count("\n") == 1
