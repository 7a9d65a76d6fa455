"""Comparisons as a study: options, results, and messages before anything runs."""

from __future__ import annotations

import pandas as pd
import pytest

from sim import configuration
from sim.errors import InputError
from sim.reports.text import text
from sim.runs.pairs import Pairs, PrecisionGoal
from sim.studies.arms import named_arms, scenarios_with
from sim.studies.comparison import Comparison, compare
from sim.studies.pair_options import described_outcomes
from tests.offenders import each_of

pytestmark = [pytest.mark.heavy, pytest.mark.slow]

SHORT = {"setting.until": "2014-08"}
CASES = {"base": {"about": "what the base is", "differs": ""}, "arm": {"about": "what the arm is", "differs": "a.b"}}
MADE = {"command": "sim.compare('base', 'arm')", "baseline": "base", "called": "base", "arms": ["arm"], "cases": CASES,
        "uncertainty": "point", "pairs": 12, "set": {}, "environment": {"model": "0", "commit": ""}}  # fmt: skip


@pytest.fixture(scope="module")
def small() -> Comparison:
    """Compare arms over few seeds."""
    return compare("historical_emergent", ["no_backbone", "ministry_never_joins"], 3, 1, held=True, overrides=SHORT,
                   outcomes=["trust_across", "members"], progress=False)  # fmt: skip


@pytest.mark.simulates
def test_it_is_pairs_with_tables_text_chapter_and_page(small):
    assert isinstance(small, Pairs)
    assert set(small.table["outcome"]) >= {"trust_across", "members"}
    assert set(small.effects["part"]) == {"total", "through the dates", "through strength"}
    assert small.summary() == text(small.chapter())
    assert "through the dates" in small.summary().lower()
    assert small.summary("members").split()[0] == "arm"
    assert small.differences("members").shape[0] == 4
    assert small.plot.page().get_size_inches()[0] > 10
    assert small.plot.effects("members").figure
    assert "trust across sectors" in small._repr_html_().lower()
    assert repr(small).startswith("<Comparison of historical emergent")


@pytest.mark.simulates
def test_its_record_says_which_call_makes_it_again(small):
    assert small.record["command"] == (
        "sim.compare(baseline='historical_emergent', arms=['no_backbone', 'ministry_never_joins'], seeds=3, "
        "outcomes=['trust_across', 'members'], held=True, overrides={'setting.until': '2014-08'})"
    )


@pytest.mark.simulates
def test_what_is_saved_comes_back(small, tmp_path):
    files = small.save(tmp_path / "mine")
    names = {path.name for path in files}
    pages = {"compare.pdf", "compare.svg", "compare.png"}
    assert names == {"table.parquet", "compare.txt", "differences.csv", "parts.csv", *pages}
    loaded = Comparison.load(tmp_path / "mine")
    assert loaded.summary() == small.summary()
    assert loaded.chapter() == small.chapter()
    pd.testing.assert_frame_equal(loaded.frame, small.frame)
    again = tmp_path / "again"
    loaded.save(again)
    assert all(
        (again / name).read_bytes() == (tmp_path / "mine" / name).read_bytes() for name in names - {"compare.pdf"}
    )


@pytest.mark.simulates
def test_a_folder_of_other_work_is_left_alone(small, tmp_path):
    (tmp_path / "manifest.json").write_text('{"kind": "attribution"}')
    with pytest.raises(InputError, match="holds an attribution, not a comparison"):
        small.save(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.simulates
def test_scenarios_made_in_python_are_compared_and_a_set_of_arms_is_known_by_its_name(tmp_path):
    base, arm = (configuration.scenario(name, overrides=SHORT) for name in ("historical_emergent", "weak_backbone"))
    made = compare(base, arm, [5, 9], 1, outcomes="members", progress=False)
    assert made.record["seeds"] == "5, 9"
    assert made.record["python_only"]
    assert named_arms("governance").called == "governance"
    path = tmp_path / "mine.yaml"
    path.write_text("about: My arms\narms: [no_backbone, +weak_backbone]\n")
    arms = named_arms(str(path))
    assert arms.over("historical_emergent") == ["no_backbone", "historical_emergent+weak_backbone"]
    assert (arms.called, arms.about) == ("mine", "My arms")


@each_of(
    ("keys", "sentence"),
    [
        ({"arms": []}, "`arms` must be a list of scenarios"),
        ({"arms": None}, "`arms` must be a list of scenarios"),
        ({"arms": ["no_bakbone"]}, "unknown scenario `no_bakbone`; did you mean `no_backbone`?"),
        ({"baseline": "no_backbone"}, "`no_backbone` is compared with itself"),
        (
            {"arms": ["weak_backbone"], "overrides": {"backbone.facilitation": 0.3}},
            "`weak_backbone` is `historical_emergent` under",
        ),
        ({"baseline": "us_region"}, "`no_backbone` has other schools than `us_region`"),
        ({"baseline": "us_region", "arms": ["+policy_only"]}, "`policy_only` has dates of its own"),
        ({"seeds": 1}, "an interval needs at least 2 pairs of runs; got `seeds` 1"),
        ({"held": 0.8}, "`held` must be true or false; got 0.8"),
        ({"batch": 0}, "`batch` must be a whole number from 2; got 0"),
        ({"precision": "narrow"}, "`precision` must be a number above 0"),
        ({"precision": 0.1, "outcomes": ["doubled"]}, "`precision` applies to the first outcome, which cannot be"),
        ({"outcomes": ["examinees_2040"]}, "unknown outcome `examinees_2040`"),
        ({"outcomes": ["offered", "offered"]}, "`outcomes` must be a list of different outcomes"),
        (
            {"outcomes": ["doubled"], "overrides": {"setting.until": "2018-08"}},
            "the run ends (2018-08) before the examination",
        ),
        ({"uncertainty": "somewhere.csv"}, "the posterior 'somewhere.csv' does not exist"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_before_anything_is_simulated(monkeypatch, keys, sentence):
    monkeypatch.setattr("sim.studies.comparison.compare_pairs", lambda *_, **__: pytest.fail("it ran"))
    options = {"baseline": "historical_emergent", "arms": "main", "seeds": 4, "held": True, "uncertainty": "posterior"}
    with pytest.raises(InputError) as mistake:
        compare(**(options | keys))
    assert str(mistake.value).startswith(sentence)


def test_an_arm_may_be_laid_over_the_baseline_and_what_is_set_lies_on_both():
    arms = named_arms(["+no_backbone", "+weak_backbone"]).over("us_region")
    scenarios = scenarios_with("us_region", arms, {"backbone.staff": 2})
    assert [scenario.name for scenario in scenarios] == [
        "us_region",
        "us_region+no_backbone",
        "us_region+weak_backbone",
    ]
    assert {scenario.parameters.backbone.staff for scenario in scenarios} == {2}
    assert [scenario.parameters.backbone.facilitation for scenario in scenarios] == [0.8, 0.8, 0.2]


def test_the_headline_outcomes_are_told_unless_others_are_named_and_only_those_that_runs_have():
    scenario = configuration.scenario("historical_emergent")
    outcomes = described_outcomes(None, None, scenario)
    assert outcomes[0] == "examinees_2020"
    assert {"doubled", "gap_quintiles_2020", "cost_per_additional"} <= set(outcomes)
    assert "examinees_2020" not in described_outcomes(
        None, None, configuration.scenario("historical", overrides={"setting.until": "2018-08"})
    )
    assert described_outcomes("offered", None, scenario) == ["offered"]
    assert described_outcomes(["share_5_units/2013/quintile 1"], None, scenario) == ["share_5_units/2013/quintile 1"]


def invented(wanted: PrecisionGoal | None = None, seeds: int = 12) -> Comparison:
    """Return pairs whose differences are 10 and 20 in turn."""
    rows = [
        {"scenario": name, "dates": "emergent", "seed": seed, "offered": 100.0 + by * (10 + 10 * (seed % 2))}
        for name, by in (("base", 0), ("arm", 1))
        for seed in range(1, seeds + 1)
    ]
    about = {"frame": pd.DataFrame(rows), "baseline": "base", "arms": ("arm",), "outcomes": ("offered",)}
    return Comparison(**about, precision_goal=wanted, record=MADE | {"seeds": f"1 to {seeds}"})


@pytest.mark.parametrize(
    ("wanted", "seeds", "words"),
    [
        (None, 12, "(seeds 1 to 12). Intervals cover random variation only; every parameter is at its default."),
        (
            PrecisionGoal("offered", 5.0, met=True),
            12,
            "After 12 pairs every interval of offered had a half-width of at most 5 NIS million",
        ),
        (
            PrecisionGoal("offered", 1.0),
            12,
            "was not reached with 12 pairs, the most allowed (`seeds`): arm, dates free, reaches",
        ),
        (
            PrecisionGoal("offered", 1.0),
            4,
            "The precision of 1 NIS million is judged only from 10 pairs; an arm has 4.",
        ),
    ],
)
def test_it_says_how_many_pairs_the_precision_took_or_would_take(wanted, seeds, words):
    assert words in " ".join(invented(wanted, seeds).summary().split())


def test_about_so_many_pairs_as_it_says_would_have_been_enough():
    pairs = invented(PrecisionGoal("offered", 1.0))
    need = int(pairs.precision_sentence.rsplit("about ", 1)[1].split(" ")[0])
    assert need == 105, "(1.96 x 5.222 / 1) squared"


def test_runs_that_failed_are_counted_and_leave_their_pairs_out():
    failure = {"seed": 12, "traceback": "Traceback\nValueError: why"}
    record = MADE | {"failures": 1, "failed_runs": [failure]}
    made = invented()
    made = Comparison(frame=made.frame.iloc[:-1], baseline="base", arms=("arm",), outcomes=("offered",), record=record)
    assert made.table["n"].tolist() == [11]
    assert "1 run failed; its pair is left out" in " ".join(made.summary().split())
    assert "ValueError: why" in made.summary()
