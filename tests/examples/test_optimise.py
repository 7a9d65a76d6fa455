"""Levers decided by a search: what may be decided, that the search finds what is best, and the program as a user runs it."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pytest
from hydra import compose, initialize_config_dir

from experiments.allocating import Levers, later, launch_of, levers_of, split
from experiments.confirming import Asked, confirmed, in_words
from experiments.searching import Search
from sim.analysis.doubling import Doubling
from sim.configuration import configs, scenario
from sim.errors import Mistake

TASKS = tuple(f"backbone.{name}" for name in ("convene", "broker", "transparency", "mediate", "couple"))
TINY = ("generations=2", "population=4", "seeds=2", "fresh=3", "finalists=2", "jobs=1", "setting.until=2020-08")


def config(*overrides: str):
    """The program's configuration with some keys given."""
    with initialize_config_dir(str(configs() / "experiment"), version_base="1.3"):
        return compose("optimise", list(overrides))


@pytest.fixture(scope="module")
def levers():
    return levers_of(config())


# What may be decided


@pytest.mark.parametrize("weights", [[0.2, 0.9, 0.0, 0.5, 0.99], [0.0] * 5, [0.3] * 5, [0.0, 0.0, 0.0, 0.0, 0.9]])
def test_a_budget_is_split_without_a_rest(weights):
    parts = split(weights, 1.0)
    assert sum(parts) == pytest.approx(1.0, abs=1e-9)
    assert all(round(100 * part, 6) == round(100 * part) for part in parts)


def test_what_is_as_it_is_comes_out_of_the_search_as_it_is(levers):
    weights = [levers.placed[name] for name in levers.split]
    assert dict(zip(levers.split, split(weights, levers.total), strict=True)) == {
        name: levers.as_is[name] for name in levers.split
    }
    assert levers.point(levers.as_is).case == levers.case


def test_a_later_launch_moves_what_is_dated_with_it_and_no_window():
    case = scenario("historical_emergent")
    moved = later(case, 7)
    assert launch_of(moved) == launch_of(case) + 7
    was = {(c.key, c.month) for c in case.policy.changes}
    now = {(c.key, c.month) for c in moved.policy.changes}
    assert {key for key, _ in was - now} == {"network.launched", "commitment.independent"}
    assert [c for c in case.policy.changes if c.window] == [c for c in moved.policy.changes if c.window]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["split=[backbone.convene]"], "names only `backbone.convene`"),
        (["split=[backbone.convene,backbone.staff]"], "`backbone.staff` is no share"),
        (["split=[backbone.convene,backbone.convin]"], "did you mean `backbone.convene`"),
        (["backbone.convene=0.5"], "`backbone.convene` is set"),
        (["vary=[backbone.couple]"], "`backbone.couple` is decided twice"),
        (["vary=[trust.gain]"], "`trust.gain` is no lever"),
        (["launch=[6,24]"], "0 \\(as it is\\) included"),
        (["launch=12"], "a pair of months"),
        (["launch=[-200,0]"], "lies outside the run"),
        (["split=null", "launch=null"], "there is nothing to decide"),
        (["scenario=no_initiative"], "never launches"),
    ],
)
def test_what_cannot_be_decided_is_refused_in_one_sentence(given, said):
    with pytest.raises(Mistake, match=said) as refused:
        levers_of(config(*given))
    assert "\n" not in str(refused.value)


# The search


class Known:
    """Evaluations of a model whose best split and launch are known: each decision falls off from them."""

    def of(self, points, seeds, doing):
        rows = []
        for place, point in enumerate(points):
            factors = point.factors
            off = sum((factors[name] - best) ** 2 for name, best in zip(TASKS, (0.6, 0.1, 0.1, 0.1, 0.1), strict=True))
            for seed in seeds:
                rows.append({"decision": place, "seed": seed, "gain": -off - 1e-4 * (factors["launch"] + 6) ** 2,
                             "cost": 0.001 * (24 - factors["launch"])})  # fmt: skip
        return pd.DataFrame(rows)


@pytest.fixture
def optuna():
    return pytest.importorskip("optuna", reason="the extra `analysis` is not installed")


def found(levers: Levers, goals: dict[str, str], generations: int) -> pd.DataFrame:
    """What a search in the known model finds."""
    return Search(levers, goals, "mean", range(1, 3), 20, generations, 1).run(Known())


def test_the_search_nears_what_is_known_to_be_best(optuna, levers):
    table = found(levers, {"gain": "max"}, 40)
    best = table.loc[table["gain"].idxmax()]
    assert abs(best["backbone.convene"] - 0.6) < 0.1
    assert abs(best["launch"] + 6) <= 4
    assert best["gain"] > table.loc[table["generation"] == 1, "gain"].max()


def test_the_same_search_goes_the_same_way_and_a_longer_one_goes_on(optuna, levers):
    goals = {"gain": "max", "cost": "min"}
    once, again, longer = (found(levers, goals, generations) for generations in (4, 4, 6))
    pd.testing.assert_frame_equal(once, again)
    pd.testing.assert_frame_equal(once, longer[longer["generation"] <= 4])


def test_a_search_in_which_everything_fails_says_so(optuna, levers):
    class Broken(Known):
        def of(self, points, seeds, doing):
            return super().of(points, seeds, doing).iloc[:0]

    with pytest.raises(Mistake, match="there is nothing to search by"):
        Search(levers, {"gain": "max"}, "mean", range(1, 3), 4, 1, 1).run(Broken())


# What is said of it


def invented(levers: Levers, gain: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fresh runs of what is as it is and of one decision that gains so much in every run, and that decision."""
    rng, rows = np.random.default_rng(3), []
    luck = rng.normal(18000, 2000, 40)
    for place, more in enumerate((0.0, gain)):
        for seed, value in enumerate(luck):
            examinees = value + more + rng.normal(0, 50)
            rows.append({"decision": place, "seed": seed, "examinees_2020": examinees, "gap_quintiles_2020": 0.1})
    runs = pd.DataFrame(rows)
    for year in range(2012, 2020):
        runs[f"examinees_{year}"] = 9000.0
    chosen = pd.DataFrame([{**levers.as_is, "launch": -3, "examinees_2020": 18000.0 + gain, "gap_quintiles_2020": 0.1}])
    return runs, chosen


@pytest.mark.parametrize("robust", ["mean", "worst_quarter"])
@pytest.mark.parametrize(
    ("gain", "said"), [(500.0, "examinees_2020: 1 of 1"), (0.0, "examinees_2020: none, so that no")]
)
def test_a_gain_is_claimed_only_where_its_whole_interval_is_one(levers, gain, said, robust):
    runs, chosen = invented(levers, gain)
    asked = Asked(levers, {"examinees_2020": "max", "gap_quintiles_2020": "min"}, robust, Doubling())
    table = confirmed(runs, chosen, asked)
    assert table["examinees_2020_less_as_is"].iloc[1] == pytest.approx(gain, abs=60)
    text = in_words(table, asked, {"decisions": 9, "front": 1, "fresh": 40})
    assert said in text
    assert ("quarter of seeds" in text) == (robust == "worst_quarter")


# The program


@pytest.fixture(scope="module")
def told(command, tmp_path_factory):
    pytest.importorskip("optuna", reason="the extra `analysis` is not installed")
    folder = tmp_path_factory.mktemp("optimise") / "out"
    return command("optimise", *TINY, f"out={folder}"), folder


@pytest.mark.slow
def test_it_leaves_tables_words_and_a_page(told):
    done, folder = told
    assert done.returncode == 0, done.stderr
    assert (folder / "optimise.txt").read_text() in done.stdout
    assert {f"front.{form}" for form in ("csv", "pdf", "svg", "png")} <= {path.name for path in folder.iterdir()}
    table = pd.read_csv(folder / "front.csv")
    assert table["decision"].tolist()[0] == "as it is"
    assert table[list(TASKS)].sum(axis=1).round(9).tolist() == [1.0] * len(table)
    assert set(table["n"]) == {3}


@pytest.mark.slow
def test_again_it_simulates_nothing_and_says_the_same(told, command):
    done, folder = told
    parts = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in (folder / "parts").iterdir()}
    times = {p.name: p.stat().st_mtime_ns for p in (folder / "parts").iterdir()}
    again = command("optimise", *TINY, f"out={folder}")
    assert again.stdout == done.stdout
    assert parts == {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in (folder / "parts").iterdir()}
    assert times == {p.name: p.stat().st_mtime_ns for p in (folder / "parts").iterdir()}


@pytest.mark.slow
def test_another_search_in_the_same_folder_is_refused(told, command):
    done = command("optimise", *TINY, "search_seed=2", f"out={told[1]}")
    assert done.returncode == 2
    assert "was begun with another search (search_seed: 1, now 2); give another `out`" in done.stderr


WRONG = {
    "no goal": (["more=[]", "less=[]"], "there is no goal"),
    "another robustness": (["robust=best"], "`robust` must be one of mean, worst_quarter; got 'best'"),
    "unknown outcome": (["more=[examinee_2020]"], "there is no outcome `examinee_2020` to be a goal"),
    "no posterior": (["uncertainty=mine.csv"], "there is no posterior 'mine.csv'"),
    "too short": (["setting.until=2018-08", "more=[examinees_2018]", "less=[offered]"], "before the examination of"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_command_is_told_before_a_folder_is_made(command, tmp_path, case):
    given, said = WRONG[case]
    done = command("optimise", *given, f"out={tmp_path / 'out'}")
    assert done.returncode == 2
    assert said in done.stderr
    assert not (tmp_path / "out").exists()
