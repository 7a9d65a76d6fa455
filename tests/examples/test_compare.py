"""The program that compares arms with a baseline, tiny: what it prints, what it leaves, what it refuses."""

from __future__ import annotations

import pandas as pd
import pytest
from omegaconf import OmegaConf

from experiments.compare import checked, head_of, outcomes_of, tables_of
from sim.analysis.paired_differences import differences
from sim.configuration import configs, scenario
from sim.errors import Mistake
from sim.runs.compare import Pairs, Wanted

TINY = ("seeds=3", "jobs=1", "setting.until=2015-08", "arms=[no_backbone,policy_late,ministry_never_joins]",
        "outcomes=[examinees_2015,trust_across]")  # fmt: skip


def config(**keys: object) -> object:
    """The program's own keys, as they stand or as given."""
    said = OmegaConf.load(configs() / "experiment" / "compare.yaml")
    own = {name: said[name] for name in said if name not in ("defaults", "hydra")}
    return OmegaConf.create(own | keys)


@pytest.fixture(scope="module")
def told(command, tmp_path_factory):
    """The program over few seeds: what it printed and where it wrote."""
    folder = tmp_path_factory.mktemp("compare") / "out"
    return command("compare", *TINY, f"out={folder}"), folder


@pytest.mark.slow
def test_it_says_what_differs_by_which_way_and_keeps_text_tables_and_figure(told):
    done, folder = told
    assert done.returncode == 0, done.stderr
    assert "Few pairs: a look, not a result." in done.stdout
    assert "ministry_never_joins: of " in done.stdout
    left = {path.name for path in folder.iterdir()}
    pages = {"compare.pdf", "compare.svg", "compare.png"}
    assert left == {
        "manifest.json",
        "checksums.txt",
        "table.parquet",
        "differences.csv",
        "parts.csv",
        "compare.txt",
        *pages,
    }
    assert (folder / "compare.txt").read_text() in done.stdout
    assert "python -m experiments.compare seeds=3" not in (folder / "compare.txt").read_text()


@pytest.mark.slow
def test_its_tables_are_of_its_runs(told):
    runs, table = pd.read_parquet(told[1] / "table.parquet"), pd.read_csv(told[1] / "differences.csv")
    assert runs.groupby(["scenario", "dates"])["seed"].count().to_dict() == {
        ("historical_emergent", "emergent"): 3, ("no_backbone", "emergent"): 3, ("no_backbone", "held"): 3,
        ("policy_late", "emergent"): 3, ("policy_late", "held"): 3, ("ministry_never_joins", "emergent"): 3,
        ("ministry_never_joins", "none"): 3, ("historical_emergent", "none"): 3,
    }  # fmt: skip
    assert set(table["by"]) == {"outcome", "year", "group"}
    again = differences(runs, "historical_emergent", ["no_backbone"], ["trust_across"])
    mine = table[(table["arm"] == "no_backbone") & (table["outcome"] == "trust_across")]
    assert mine["difference"].tolist() == pytest.approx(again["difference"].tolist())


@pytest.mark.slow
def test_over_the_posterior_it_says_so_and_stops_when_narrow(command, tmp_path):
    asked = [part for part in TINY if not part.startswith("seeds")]
    more = ("seeds=30", "uncertainty=posterior", "precision=1e6", "batch=10", "arms=no_backbone")
    done = command("compare", *[part for part in asked if not part.startswith("arms")], *more, f"out={tmp_path}")
    assert done.returncode == 0, done.stderr
    assert "Intervals cover luck and the parameter sets of the posterior." in done.stdout
    assert "It took 10 pairs until every interval of examinees_2015 reached 1,000,000 students at most" in done.stdout


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"arms": []}, "`arms` is a list of scenarios"),
        ({"arms": None}, "`arms` is a list of scenarios"),
        ({"arms": ["no_bakbone"]}, "unknown scenario `no_bakbone`; did you mean `no_backbone`?"),
        ({"baseline": "no_backbone"}, "`no_backbone` is compared with itself"),
        (
            {"arms": ["weak_backbone"], "backbone": {"facilitation": 0.3}},
            "`weak_backbone` is `historical_emergent` under",
        ),
        ({"baseline": "us_region"}, "`no_backbone` has other schools than `us_region`"),
        ({"baseline": "us_region", "arms": ["+policy_only"]}, "`policy_only` has dates of its own"),
        ({"seeds": 1}, "an interval takes 2 pairs of runs at least; got `seeds` 1"),
        ({"held": 0.8}, "`held` is true or false; got 0.8"),
        ({"batch": 0}, "`batch` must be a whole number from 2; got 0"),
        ({"precision": "narrow"}, "`precision` must be a number above 0"),
        ({"precision": 0.1, "outcomes": ["doubled"]}, "`precision` is of the first outcome, and is not asked of"),
        ({"outcomes": ["examinees_2040"]}, "unknown outcome `examinees_2040`"),
        ({"outcomes": ["offered", "offered"]}, "`outcomes` is a list of different outcomes"),
        ({"outcomes": ["doubled"], "setting": {"until": "2018-08"}}, "the run ends (2018-08) before the examination"),
        ({"uncertainty": "somewhere.csv"}, "there is no posterior 'somewhere.csv'"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_before_anything_is_simulated(keys, sentence):
    with pytest.raises(Mistake) as mistake:
        checked(config(**keys))
    assert str(mistake.value).startswith(sentence)


def test_an_arm_may_be_laid_over_the_baseline_and_what_is_set_lies_on_both():
    said = config(baseline="us_region", arms=["+no_backbone", "+weak_backbone"], backbone={"staff": 2})
    cases, _, _ = checked(said)
    assert [case.name for case in cases] == ["us_region", "us_region+no_backbone", "us_region+weak_backbone"]
    assert {case.parameters.backbone.staff for case in cases} == {2}
    assert [case.parameters.backbone.facilitation for case in cases] == [0.8, 0.8, 0.2]


def test_the_headline_outcomes_are_told_unless_others_are_named_and_only_those_that_runs_have():
    case = scenario("historical_emergent")
    told = outcomes_of(config(), case)
    assert told[0] == "examinees_2020"
    assert {"doubled", "gap_quintiles_2020", "cost_per_additional"} <= set(told)
    assert "examinees_2020" not in outcomes_of(config(), scenario("historical", set={"setting.until": "2018-08"}))
    assert outcomes_of(config(outcomes="offered"), case) == ["offered"]
    assert outcomes_of(config(outcomes=["share_5_units/2013/quintile 1"]), case) == ["share_5_units/2013/quintile 1"]


def invented(wanted: Wanted | None = None, seeds: int = 12) -> Pairs:
    """Pairs whose differences lie 10 and 20 from none in turn."""
    rows = [
        {"scenario": name, "dates": "emergent", "seed": seed, "offered": 100.0 + by * (10 + 10 * (seed % 2))}
        for name, by in (("base", 0), ("arm", 1))
        for seed in range(1, seeds + 1)
    ]
    return Pairs(pd.DataFrame(rows), "base", ("arm",), wanted=wanted)


@pytest.mark.parametrize(
    ("wanted", "seeds", "words"),
    [
        (None, 12, "(seeds 1 to 12). Intervals cover luck alone, at these parameters."),
        (
            Wanted("offered", 5.0, met=True),
            12,
            "It took 12 pairs until every interval of offered reached 5 NIS million",
        ),
        (
            Wanted("offered", 1.0),
            12,
            "was not reached with 12 pairs, the most allowed (`seeds`): arm, dates free, reaches",
        ),
        (
            Wanted("offered", 1.0),
            4,
            "Few pairs: a look, not a result.\nThe precision of 1 NIS million is judged from 10",
        ),
    ],
)
def test_it_says_how_many_pairs_the_precision_took_or_would_take(wanted, seeds, words):
    pairs = invented(wanted, seeds)
    main = tables_of(pairs, ["offered"])[0]
    assert words in head_of(pairs, main[main["by"] == "outcome"])


def test_about_so_many_pairs_as_it_says_would_have_been_enough():
    pairs = invented(Wanted("offered", 1.0))
    main = tables_of(pairs, ["offered"])[0]
    need = int(head_of(pairs, main).rsplit("about ", 1)[1].split(" ")[0])
    assert need == 105, "(1.96 x 5.222 / 1) squared"


def test_runs_that_failed_are_counted_and_leave_their_pairs_out():
    pairs = invented()
    pairs = Pairs(pairs.frame.iloc[:-1], "base", ("arm",), failures=({"seed": 12, "traceback": "why"},))
    main = tables_of(pairs, ["offered"])[0]
    assert main["n"].tolist() == [11]
    assert "1 runs failed and leave their pairs out" in head_of(pairs, main)
