"""Robustness of findings under rival mechanisms."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from sim.errors import InputError
from sim.reports.text import text
from sim.results.folder import SUMS
from sim.studies.robustness import RobustnessTest, robustness
from tests.offenders import each_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def small() -> RobustnessTest:
    """Test robustness over few seeds."""
    return robustness(arms="no_backbone", mechanisms=["reputation", "no_network"], seeds=2, jobs=1, uncertainty="point",
                      outcomes=["members", "trust_across"], overrides={"setting.until": "2014-08"}, progress=False)  # fmt: skip


@pytest.mark.simulates
def test_it_has_verdicts_text_chapter_and_page(small):
    assert set(small.table["mechanism"]) == {"the model", "reputation", "no_network"}
    assert set(small.table["dates"]) == {"emergent", "held"}
    assert small.summary() == text(small.chapter())
    assert "the parameter sets of the model itself" in " ".join(small.summary().split())
    assert "trust.rule = reputation" in small.summary()
    assert small.plot.page().get_size_inches()[0] > 10
    assert "mechanism" in small._repr_html_()
    assert small.record["mechanisms"]["reputation"] == {"trust.rule": "reputation"}
    assert small.record["command"].startswith("sim.robustness(arms='no_backbone', outcomes=")


@pytest.mark.simulates
def test_a_few_pairs_are_called_a_look_once_in_the_summary(small):
    sentence = "A look, not a result: it rests on 2 pairs."
    assert len(small.findings) > 0
    assert " ".join(small.summary().split()).count(sentence) == 1


@pytest.mark.simulates
def test_a_folder_of_a_version_that_compared_signs_only_is_refused_in_one_sentence(small, tmp_path):
    replace(small, table=small.table.assign(found=1)).save(tmp_path)
    table = pd.read_csv(tmp_path / "robust.csv").drop(columns=["ratio", "ratio_low", "ratio_high", "ratio_pairs"])
    table.to_csv(tmp_path / "robust.csv", index=False)
    (tmp_path / SUMS).unlink()
    with pytest.raises(InputError) as mistake:
        RobustnessTest.load(tmp_path)
    assert "of an earlier version, which compared signs and not sizes; run " in str(mistake.value)
    assert str(mistake.value).endswith(" again")
    assert "\n" not in str(mistake.value)


def test_a_mechanism_that_changes_whether_dates_can_be_held_is_refused_before_anything_runs(monkeypatch, tmp_path):
    monkeypatch.setattr("sim.studies.robustness.compare_pairs", lambda *_, **__: pytest.fail("it ran"))
    (tmp_path / "never.yaml").write_text("about: The ministry never acts\nset: {ministry.mode: never}\n")
    with pytest.raises(InputError, match="`network_only` cannot be compared at the dates of the model"):
        robustness(arms="network_only", mechanisms=[str(tmp_path / "never.yaml")])


@pytest.mark.simulates
def test_what_is_saved_comes_back(small, tmp_path):
    names = {path.name for path in small.save(tmp_path)}
    assert names == {"robust.csv", "robust.txt", "findings.csv", "robust.pdf", "robust.svg", "robust.png"}
    loaded = RobustnessTest.load(tmp_path)
    assert loaded.summary() == small.summary()
    assert loaded.chapter() == small.chapter()
    pd.testing.assert_frame_equal(loaded.table, small.table, check_dtype=False)


@pytest.mark.heavy
@each_of(
    ("options", "sentence"),
    [
        ({"mechanisms": ["reputatoin"]}, "unknown mechanism `reputatoin`; did you mean `reputation`?"),
        (
            {"mechanisms": "nope"},
            "unknown mechanism `nope`; there are additive_window, aspiration, bounded_confidence, constant_trust, "
            "constant_trust_ministry_does_not_ask, ministry_does_not_ask, no_network, no_readiness, reputation, teachers_limit",
        ),
        ({"overrides": 5}, "`overrides` must hold parameters by dotted name; got 5"),
        ({"progress": "no"}, "`progress` must be true or false; got 'no'"),
        ({"mechanisms": []}, "`mechanisms` is empty; it must be all or some of"),
        ({"mechanisms": ["recorded_dates"]}, "the mechanism `recorded_dates` holds no parameter fixed"),
        (
            {"overrides": {"trust.rule": "constant"}, "mechanisms": ["reputation"]},
            "`trust.rule` is held fixed by a mechanism",
        ),
        ({"arms": ["no_bakbone"]}, "unknown scenario `no_bakbone`; did you mean `no_backbone`?"),
        ({"arms": ["historical_emergent"]}, "is compared with itself"),
        (
            {"arms": ["weak_backbone"], "overrides": {"backbone.facilitation": 0.8}},
            "is `historical_emergent` under",
        ),
        ({"baseline": "us_region"}, "`no_backbone` has other schools than `us_region`"),
        ({"baseline": "us_region", "arms": ["+policy_only"]}, "`policy_only` has dates of its own"),
        ({"outcomes": ["examinees_202"]}, "unknown outcome `examinees_202`"),
        ({"held": 1}, "`held` must be true or false; got 1"),
        ({"seeds": 1}, "`seeds` must be a whole number from 2; got 1"),
        ({"first_seed": -1}, "`first_seed` must be a whole number from 0; got -1"),
        ({"uncertainty": "nowhere.csv"}, "the posterior 'nowhere.csv' does not exist"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_before_anything_runs(monkeypatch, options, sentence):
    monkeypatch.setattr("sim.studies.robustness.compare_pairs", lambda *_, **__: pytest.fail("it ran"))
    with pytest.raises(InputError) as mistake:
        robustness(**options)
    assert sentence in str(mistake.value)
    assert "\n" not in str(mistake.value)
