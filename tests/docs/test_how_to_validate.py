"""The command of the page about later facts runs on the file of the page, and the page says what the code does."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from sim.analysis.fit import COUNT, FITTED_THROUGH, SHARE, TOLERANCES
from sim.findings.validation import FEWEST
from sim.studies.validation import Validation
from sim.world.facts import cohort_points
from tests.house.source import ROOT

pytestmark = pytest.mark.slow

PAGE = ROOT / "docs" / "how-to" / "validate.md"
TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLE = re.findall(r"^```csv made_up\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)[0]
COMMAND = re.findall(r"^```bash\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)[0]


@pytest.mark.program
def test_the_command_scores_the_made_up_facts_of_the_page(tmp_path: Path) -> None:
    (tmp_path / "made_up.csv").write_text(EXAMPLE, encoding="utf-8")
    words = shlex.split(COMMAND)
    done = subprocess.run(
        [sys.executable, *words[1:], "setting.burn_in=0", "jobs=1"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "3 facts of a year after 2018" in done.stdout
    folder = tmp_path / "results" / "validate"
    assert (folder / "validation.pdf").is_file()
    result = Validation.load(folder)
    assert done.stdout.startswith(result.summary())
    assert result.tables["predictions"]["n"].tolist() == [6, 6, 6]
    assert result.record["command"].endswith("experiments.validate file=made_up.csv sets=6 setting.burn_in=0 jobs=1")


def test_figures_of_later_years_on_the_page_are_made_up() -> None:
    rows = EXAMPLE.splitlines()[1:]
    assert rows
    assert all(row.endswith(",made up") for row in rows)
    assert "**made up**" in TEXT


def test_the_page_says_what_the_code_does() -> None:
    prose = " ".join(TEXT.split())
    counts, shares = ([f"{100 * value:.0f}" for value in TOLERANCES[scale].values()] for scale in (COUNT, SHARE))
    assert (
        f"{counts[0]}%, {counts[1]}% or {counts[2]}% of a count; {shares[0]}, {shares[1]} or {shares[2]} points"
        in prose
    )
    assert f"Nothing after {FITTED_THROUGH} was fitted" in prose
    assert f"table of cohorts does ({max(cohort_points('grade12_cohort.csv')[0]):.0f})" in prose
    assert FEWEST == 6
    assert "Fewer than six facts are not compared" in prose
