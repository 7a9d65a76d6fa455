"""The program that writes a report, as a user runs it."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.program


@pytest.mark.release
def test_a_report_of_a_real_comparison_explains_its_decisions(command, tmp_path):
    none = ("attributions=[]", "equity=[]", "robust=[]")
    small = ("seeds=3", "jobs=1", "setting.until=2016-08", "outcomes=[examinees_2016]", f"out={tmp_path / 'compare'}")
    assert command("compare", "arms=[no_backbone,policy_late]", *small).returncode == 0
    done = command("report", f"comparisons={tmp_path / 'compare'}", *none, f"out={tmp_path / 'report'}")
    assert done.returncode == 0, done.stderr
    made = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert done.stdout.endswith(f"{tmp_path / 'report' / 'report.html'}\n")
    assert "The answer in one page" in done.stdout
    for words in ("When and why did the ministry join in historical emergent?", "in no backbone?", "open its track?",
                  "A look, not a result", "which delivered most of all members, join?"):  # fmt: skip
        assert words in made, words
    again = command("report", f"comparisons={tmp_path / 'compare'}", *none, f"out={tmp_path / 'report'}")
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "report" / "report.html").read_text(encoding="utf-8") == made


@pytest.mark.release
def test_a_parameter_is_said_to_the_program_that_makes_results(command, tmp_path):
    done = command("report", "trust.gain=0.1", f"out={tmp_path / 'report'}")
    assert done.returncode == 2
    assert (
        "error: `trust.gain` cannot be set for a report, which uses existing results; give it to the program that makes them"
        in done.stderr
    )
    assert not (tmp_path / "report").exists()
