"""Studies of programmes, panels, predictions and scenarios as a user starts them."""

from __future__ import annotations

TINY = ("seeds=2", "jobs=1", "setting.until=2016-08", "setting.burn_in=2")


def test_a_programme_is_evaluated_and_the_folder_says_what_it_holds(command, tmp_path):
    folder = tmp_path / "did"
    done = command("did", *TINY, f"out={folder}")
    assert done.returncode == 0, done.stderr
    assert "Synthetic difference-in-differences finds " in done.stdout
    assert all((folder / f"did.{form}").stat().st_size > 10_000 for form in ("pdf", "svg", "png"))
    assert (folder / "summary.txt").read_text() in done.stdout
    assert '"kind": "study of a programme"' in (folder / "manifest.json").read_text()


def test_a_study_that_cannot_be_made_ends_in_one_sentence_and_leaves_nothing(command, tmp_path):
    done = command("did", "programme=hope", *TINY, f"out={tmp_path / 'did'}")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: `programme` must be one of partners, pilot; got 'hope'\n"
    assert not (tmp_path / "did").exists()
