"""Studies of programmes, panels, predictions and scenarios as a user starts them."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow

TINY = ("seeds=2", "jobs=1", "setting.until=2016-08", "setting.burn_in=2")


@pytest.mark.program
def test_a_programme_is_evaluated_and_the_folder_says_what_it_holds(command, tmp_path):
    folder = tmp_path / "did"
    done = command("did", *TINY, f"out={folder}")
    assert done.returncode == 0, done.stderr
    assert "Synthetic difference-in-differences estimates " in done.stdout
    assert all((folder / f"did.{form}").stat().st_size > 10_000 for form in ("pdf", "svg", "png"))
    assert (folder / "summary.txt").read_text() in done.stdout
    assert '"kind": "study of a programme"' in (folder / "manifest.json").read_text()


@pytest.mark.program
def test_a_study_that_cannot_be_made_ends_in_one_sentence_and_leaves_nothing(command, tmp_path):
    done = command("did", "programme=hope", *TINY, f"out={tmp_path / 'did'}")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: `programme` must be one of partners, pilot; got 'hope'\n"
    assert not (tmp_path / "did").exists()


@pytest.mark.program
def test_a_school_file_is_compared_and_a_missing_one_leaves_nothing(command, tmp_path):
    file, folder = tmp_path / "R&D, mine.csv", tmp_path / "panel"
    head = "school_id,year,sector,supervision,nurture_quintile,maths_takers,maths_5unit_takers\n"
    file.write_text(
        head + "".join(f"s{k},{y},jewish,state,{k % 5 + 1},{60 + k},{k}\n" for k in range(30) for y in (2013, 2014))
    )
    done = command("panel", f"schools={file}", "seeds=1", "jobs=1", f"out={folder}")
    assert done.returncode == 0, done.stderr
    assert (folder / "summary.txt").read_text() in done.stdout
    assert {"beside.csv", "by_school.csv", "panel.pdf", "panel.svg", "panel.png"} <= {p.name for p in folder.iterdir()}
    done = command("panel", f"schools={tmp_path / 'nowhere.csv'}", f"out={tmp_path / 'other'}")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: there is no file")
    assert not (tmp_path / "other").exists()
