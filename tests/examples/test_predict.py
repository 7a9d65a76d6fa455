"""What the calibrated model predicts: the program, tiny, and what it draws its runs from."""

from __future__ import annotations

import pandas as pd
import pytest
from omegaconf import OmegaConf

from experiments.judging import prior_sets, seeds_of_sets
from experiments.predict import OPEN, checked_before, labels_of, of_backbone, of_scores, paired
from sim.errors import Mistake
from sim.parameters import declared, uncertain
from sim.runs.posterior import parameter_sets, posterior, set_of

TINY = ("sets=4", "hypothesis_sets=2", "hypothesis_seeds=1", "jobs=1", "setting.until=2021-08")


def config(**keys: object) -> object:
    """The program's own keys, as given or as they stand."""
    usual = {
        "uncertainty": "posterior",
        "sets": 4,
        "hypothesis_sets": 2,
        "hypothesis_seeds": 1,
        "prior_seed": 1,
        "jobs": 1,
    }
    return OmegaConf.create(usual | keys)


@pytest.fixture(scope="module")
def told(command, tmp_path_factory):
    """The program over few sets: what it printed and where it wrote."""
    folder = tmp_path_factory.mktemp("predict") / "out"
    return command("predict", *TINY, f"out={folder}"), folder


@pytest.mark.slow
def test_it_says_what_is_predicted_and_keeps_text_tables_and_figures(told):
    done, folder = told
    assert done.returncode == 0, done.stderr
    assert "Nothing after 2017 was fitted to" in done.stdout
    assert "All three have seen these counts" in done.stdout
    left = {path.name for path in folder.iterdir()}
    assert {"predictions.csv", "scores.csv", "thirds.csv", "hypotheses.csv", "prior.csv", "table.parquet"} <= left
    assert {f"{name}.{form}" for name in ("backbone", "predictions") for form in ("pdf", "svg", "png")} <= left
    assert (folder / "summary.txt").read_text() in done.stdout


@pytest.mark.slow
def test_years_that_were_not_simulated_are_not_predicted(told):
    table = pd.read_csv(told[1] / "predictions.csv")
    assert sorted(set(table["year"])) == [2018, 2019, 2020, 2021]
    assert set(table["n"]) == {4}
    assert set(pd.read_csv(told[1] / "doublings.csv")["by"]) == {2020}


@pytest.mark.slow
def test_each_judged_run_has_a_set_of_its_table_and_luck_of_its_own(told):
    judged = pd.read_parquet(told[1] / "judged.parquet")
    assert judged.groupby(["over", "set", "scenario"]).size().unique().tolist() == [1]
    assert (judged.groupby("over")["set"].nunique() == 2).all()
    assert len(posterior(told[1] / "prior.csv")) == 2


def test_prior_sets_lie_in_the_declared_ranges_and_differ():
    table = prior_sets(50, 1)
    assert list(table) == uncertain()
    for name in table:
        _, declaration = declared(name)
        assert table[name].between(declaration.low, declaration.high).all(), name
        middle = (declaration.low + declaration.high) / 2.0
        assert abs(table[name].mean() - middle) < 0.2 * (declaration.high - declaration.low), name
    assert not table.duplicated().any()
    assert not prior_sets(50, 2).equals(table)


def test_each_set_has_its_own_seeds():
    seeds = seeds_of_sets(3, 4, 300)
    assert len(set(seeds)) == 12
    assert [set_of(range(300), seed) for seed in seeds] == [0, 1, 2] * 4


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"uncertainty": "point"}, "predictions are over parameter sets: `uncertainty` is posterior, or the path"),
        ({"sets": 10**5}, "`sets` must be at most "),
        ({"sets": 2}, "`sets` must be a whole number from 3; got 2"),
        ({"hypothesis_sets": 10**5}, "`hypothesis_sets` must be at most "),
        ({"hypothesis_seeds": 0}, "`hypothesis_seeds` must be a whole number from 1; got 0"),
        ({"prior_seed": "one"}, "`prior_seed` must be a whole number from 0; got 'one'"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_before_anything_is_simulated(keys, sentence):
    with pytest.raises(Mistake) as mistake:
        checked_before(config(**keys))
    assert str(mistake.value).startswith(sentence)


def effects() -> pd.DataFrame:
    """Pairs of runs of three seeds, in which a backbone brings 10, 20 and 30 examinees."""
    names = {"historical_emergent": 10.0, "no_backbone": 0.0}
    rows = [{"scenario": name, "seed": s, "examinees_2020": by * s} for name, by in names.items() for s in (1, 2, 3)]
    return pd.DataFrame(rows)


def test_an_effect_stands_beside_the_parameters_of_its_own_set():
    pairs = paired(effects(), config())
    assert pairs["effect"].tolist() == [10.0, 20.0, 30.0]
    known = posterior()
    for name in OPEN:
        assert pairs[name].tolist() == known[name].iloc[1:4].tolist()
    assert list(labels_of(pairs)) == list(OPEN)
    said, tables = of_backbone(pairs, parameter_sets("posterior"))
    assert "by thirds of parameters" in said
    assert "the record has taught nothing" in said
    assert tables["thirds"]["parameter"].tolist() == [name for name in OPEN for _ in range(3)]


def test_a_parameter_that_is_held_has_no_thirds():
    pairs = paired(effects(), config(ministry={"by_readiness": 0.0}))
    assert "ministry.by_readiness" not in pairs
    assert "ministry.by_readiness" not in labels_of(pairs)
    held = {"ministry": {"by_readiness": 0.0, "by_entrepreneurship": 0.0}}
    held |= {"school": {"readiness_irrelevance": 0.0, "complementarity": 0.0}}
    assert (
        "All of these parameters are held"
        in of_backbone(paired(effects(), config(**held)), parameter_sets("posterior"))[0]
    )


def test_the_scores_say_who_has_seen_what_and_with_how_many_parameters():
    from sim.analysis.scores import national_counts
    from sim.catalogue import targets

    counts = national_counts(targets())
    columns = {
        f"maths5_examinees/{y}/national": [0.99 * v, v, 1.01 * v] for y, v in counts[["year", "value"]].to_numpy(int)
    }
    said, tables = of_scores(pd.DataFrame(columns).assign(scenario="historical"))
    assert f"{len(uncertain())} uncertain\nparameters, fitted to these and to all other facts" in said
    assert tables["scores"]["year"].tolist() == counts["year"].tolist()[2:]
    assert said.count("on these 6 counts: ") == 2
