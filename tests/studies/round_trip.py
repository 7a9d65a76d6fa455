"""A check of the methods that every result of a study has."""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from sim.errors import InputError
from sim.reports.study import StudyResult


def check_result(result: StudyResult, folder: Path, table: str) -> None:
    """Save a result, load it, and check that its text and figures are the same; a changed table is refused.

    Args:
        result: of a study
        folder: where it is saved
        table: a file that is changed afterwards
    """
    plt.close("all")
    files = result.save(folder)
    assert result._repr_html_()
    assert plt.get_fignums() == [], "saving and showing a result leave no figure open"
    assert {path.name for path in folder.iterdir()} == {path.name for path in files} | {
        "manifest.json",
        "checksums.txt",
    }
    again = type(result).load(folder)
    assert [path.read_text() for path in files if path.suffix == ".txt"] == [result.summary()]
    assert again.summary() == result.summary()
    assert again.chapter() == result.chapter()
    assert again.contents() == result.contents()
    assert result.chapter("Another title").title == "Another title"
    assert "<svg" in result._repr_html_()
    assert result.plot.page().axes
    assert type(result).__name__ in repr(result)
    (folder / table).write_bytes((folder / table).read_bytes() + b"\n")
    with pytest.raises(InputError, match=r"was changed after it was written|is broken"):
        type(result).load(folder).chapter()
    with pytest.raises(InputError, match=r"^there is no .* in .*: `.*` makes one$"):
        type(result).load(folder / "nowhere")
