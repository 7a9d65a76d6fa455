"""An optimisation as a user starts it from the command line."""

from __future__ import annotations

import pandas as pd
import pytest

TINY = ("generations=2", "population=2", "seeds=2", "fresh=3", "finalists=2", "jobs=1", "setting.until=2020-08")


@pytest.mark.program
@pytest.mark.release
def test_it_leaves_tables_words_and_a_page(command, tmp_path):
    pytest.importorskip("optuna", reason="the extra `analysis` is not installed")
    done = command("optimise", *TINY, f"out={tmp_path}")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "optimise.txt").read_text() in done.stdout
    assert {f"front.{form}" for form in ("csv", "pdf", "svg", "png")} <= {path.name for path in tmp_path.iterdir()}
    assert pd.read_csv(tmp_path / "front.csv")["decision"].tolist()[0] == "as it is"


@pytest.mark.program
def test_a_wrong_command_is_refused_before_a_folder_is_made(command, tmp_path):
    done = command(
        "optimise", "more=[examinee_2020]", "split=[backbone.convene,backbone.couple]", f"out={tmp_path / 'out'}"
    )
    assert done.returncode == 2
    assert "`examinee_2020` is not an outcome" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()
