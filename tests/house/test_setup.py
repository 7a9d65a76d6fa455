"""Set-up says what it does and how long it takes before it makes anything."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.offenders import ROOT

PYTHON = """#!/bin/sh
case "$*" in
  *"-m venv"*) echo "making the environment"; mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
  *_base_executable*) echo "$0" ;;
  *--version*) echo "Python 3.13.0" ;;
  *"pip install"*) echo "installing" ;;
esac
"""
"""A program in place of Python: it fits, and tells when it makes an environment and installs packages."""

pytestmark = pytest.mark.skipif(not shutil.which("sh"), reason="there is no shell")


@pytest.mark.program
def test_the_first_line_comes_before_the_environment_and_says_how_long_it_takes(tmp_path: Path):
    (tmp_path / ".ci").mkdir()
    for name in (".ci/setup", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, text in {"python3.13": PYTHON, "uv": "#!/bin/sh\nexit 1\n"}.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", ".ci/setup"], cwd=tmp_path, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=True
    )
    first, *rest = done.stdout.splitlines()
    assert first == "Setting up .venv by venv, once; one to three minutes."
    assert rest[:2] == ["making the environment", "installing"]
    assert rest[2].startswith("Set up in ")
    assert rest[2].endswith(" seconds, with Python 3.13.0.")
