"""Reports of results in folders and in memory, and messages for wrong input."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from sim.errors import InputError
from sim.results.folder import SUMS, with_checksums
from sim.studies.comparison import Comparison
from sim.studies.report import report
from sim.studies.robustness import RobustnessTest
from tests.offenders import each_of
from tests.report.conftest import results as results
from tests.report.test_page import report_of

pytestmark = [pytest.mark.heavy, pytest.mark.slow]


def refused(results: Path, **keys: object) -> str:
    """Return the message with which results are refused."""
    with pytest.raises(InputError) as mistake:
        report_of(results, **keys)
    assert "\n" not in str(mistake.value)
    return str(mistake.value)


def copied(results: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(results, tmp_path / "results"))


def changed(folder: Path, **about: object) -> None:
    """Change the manifest of a folder."""
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | about))


def test_with_nothing_on_disk_it_says_what_to_run_first(results, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    message = refused(results, comparisons=None)
    assert (
        message == "there is no comparison to report yet; `python -m experiments.compare` makes one in results/compare"
    )


def test_what_stands_in_the_usual_folders_is_found(results, monkeypatch):
    monkeypatch.chdir(results.parent)
    keys = ("comparisons", "attributions", "equity", "robust")
    made = report_of(results, **dict.fromkeys(keys))
    assert [Path(folder).name for folder in made.record["results"]] == [
        "compare", "compare_governance", "attribute_conditions", "equity", "robust",
    ]  # fmt: skip
    assert len(made.report.chapters) == 13


def test_results_of_different_models_are_not_mixed(results, tmp_path):
    copied_results = copied(results, tmp_path)
    before = json.loads((copied_results / "robust" / "manifest.json").read_text())["environment"]
    changed(copied_results / "robust", environment=before | {"model": "0123456789abcdef"})
    message = refused(copied_results)
    assert message.startswith("the results were made with different model versions (")
    assert f"{copied_results / 'robust'} with 0123456789abcdef" in message


def test_results_of_a_model_that_is_no_longer_here_are_refused(results, tmp_path):
    copied_results = copied(results, tmp_path)
    for folder in copied_results.iterdir():
        before = json.loads((folder / "manifest.json").read_text())["environment"]
        changed(folder, environment=before | {"model": "0123456789abcdef"})
    assert "were made with model version 0123456789abcdef, and this is" in refused(copied_results)


@each_of(
    ("keys", "sentence"),
    [
        ({"comparisons": ["no"]}, "there is no comparison in no: `python -m experiments.compare out=no` makes one"),
        ({"comparisons": []}, "there is no comparison to report yet; `python -m experiments.compare` makes one in "
                              "results/compare"),
        ({"comparisons": 7}, "`comparisons` must be a list of different folders, or null; got 7"),
        ({"robust": ["a", "a"]}, "`robust` must be a list of different folders, or null; got ['a', 'a']"),
        ({"equity": "nowhere"}, "there is no study of equity in nowhere: `python -m experiments.equity out=nowhere` makes one"),
        ({"seed": "one"}, "`seed` must be a whole number from 0; got 'one'"),
    ],
)  # fmt: skip
def test_folders_that_are_not_there_are_refused(results, keys, sentence):
    assert refused(results, **keys) == sentence


def test_a_folder_of_another_kind_is_refused(results):
    message = refused(results, robust=str(results / "equity"))
    assert message == f"{results / 'equity'} holds a study of equity, not a test of robustness; name another folder"


@each_of(
    ("spoil", "sentence"),
    [
        (lambda f: (f / "compare" / "parts.csv").unlink(), "parts.csv is missing: python -m experiments.compare writes it"),
        (lambda f: (f / "compare" / "parts.csv").write_text(""), "parts.csv is broken (parts.csv is empty): python -m"),
        (lambda f: (f / "compare" / "parts.csv").write_text("a,b\n"), "parts.csv has no rows: python -m experiments.compare"),
        (lambda f: (f / "compare" / "parts.csv").write_text("a,b\n1,2\n"), "parts.csv has no column `arm`"),
        (lambda f: (f / "compare" / "compare.svg").unlink(), "compare.svg is missing or cannot be read"),
        (lambda f: (f / "robust" / "manifest.json").write_text("{"), "manifest.json is broken: `python -m experiments.robust"),
        (lambda f: (f / "robust" / "manifest.json").unlink(), "there is no test of robustness in"),
    ],
)  # fmt: skip
def test_what_is_missing_or_broken_is_named_with_the_command_that_writes_it(results, tmp_path, spoil, sentence):
    copied_results = copied(results, tmp_path)
    spoil(copied_results)
    assert sentence in refused(copied_results)


def test_a_folder_of_an_earlier_version_says_what_to_run(results, tmp_path):
    copied_results = copied(results, tmp_path)
    path = copied_results / "robust" / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["baseline"]
    path.write_text(json.dumps(manifest))
    assert "does not record its inputs" in refused(copied_results)


def test_a_table_that_was_changed_by_hand_is_refused(results, tmp_path):
    copied_results = copied(results, tmp_path)
    folder = copied_results / "compare"
    files = {path: path.read_bytes() for path in folder.iterdir() if path.suffix in (".csv", ".svg")}
    (folder / SUMS).write_bytes(with_checksums(files)[folder / SUMS])
    assert report_of(copied_results)
    text = (folder / "parts.csv").read_text()
    (folder / "parts.csv").write_text(text.replace("total", "total ", 1))
    assert (
        f"{folder / 'parts.csv'} was changed after it was written: python -m experiments.compare writes it again"
        in refused(copied_results)
    )


def test_a_word_in_place_of_a_number_is_named_with_its_row(results, tmp_path):
    copied_results = copied(results, tmp_path)
    table = pd.read_csv(copied_results / "compare" / "differences.csv").astype({"low": object})
    table.loc[3, "low"] = "abc"
    table.to_csv(copied_results / "compare" / "differences.csv", index=False)
    assert refused(copied_results).endswith("differences.csv, row 5: `low` must be a number; got 'abc'")


def test_what_is_not_finished_or_not_there_is_named(results, tmp_path, monkeypatch):
    copied_results = copied(results, tmp_path)
    (copied_results / "attribute_conditions" / "attribution.csv").unlink()
    shutil.rmtree(copied_results / "robust")
    monkeypatch.chdir(copied_results.parent)
    made = report_of(copied_results, **dict.fromkeys(("comparisons", "attributions", "equity", "robust"))).html
    assert "Not in this report</strong>, because there are no such results: contribution of each condition" in made
    assert "which findings survive other mechanisms" in made


def test_results_in_memory_make_a_report_without_any_folder(results, tmp_path):
    comparison, robust = Comparison.load(results / "compare"), RobustnessTest.load(results / "robust")
    made = report([comparison, results / "compare_governance"], attributions=[], equity=[], robust=robust, seed=None)
    assert made.record["results"] == ["compare", str(results / "compare_governance"), "robust"]
    assert "The answer in one page" in made.summary()
    assert "python -m experiments.compare" in made.html
    assert made._repr_html_().startswith("<iframe srcdoc=")
    assert made.record["command"].startswith("sim.report(comparisons=[python -m experiments.compare, '")
    (path,) = made.save(tmp_path / "report")
    assert path.read_text(encoding="utf-8") == made.html
    with pytest.raises(InputError, match="holds a comparison, not a report; give another `out`"):
        made.save(results / "compare")


def test_two_results_of_one_kind_have_different_keys(results):
    comparisons = [Comparison.load(results / name) for name in ("compare", "compare_governance")]
    made = report(comparisons, attributions=[], equity=[], robust=[], seed=None)
    assert made.record["results"] == ["compare", "compare-2"]
    assert "Arms against the baseline: 2" in made.html


def test_decisions_of_scenarios_made_in_python_are_not_explained_from_a_folder(results, tmp_path):
    copied_results = copied(results, tmp_path)
    changed(copied_results / "compare", python_only=True)
    assert "pass the comparison itself, or `seed=None`" in refused(copied_results, seed=1)
