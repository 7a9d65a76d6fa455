"""A posterior is a table of the declared parameters, and a replicate draws from it by its own number."""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import sim
from sim import configuration
from sim.design.points import Point, require_distinct
from sim.errors import InputError
from sim.outcomes import all_outcomes
from sim.parameters import declared, uncertain
from sim.results.identity import identity
from sim.runs.compare import compare
from sim.runs.ensemble import ensemble
from sim.runs.posterior import fingerprint, parameter_sets, set_of
from sim.runs.seed_runs import rows_of, seed_result
from tests.comparing import differing, world_at
from tests.offenders import each_of

UNTIL = {"setting.until": "2014-08"}


def table(sets: int = 3) -> pd.DataFrame:
    """Sets spread over the ranges of the uncertain parameters, from near their lows to near their highs."""
    ranges = {name: declared(name)[1] for name in uncertain()}
    return pd.DataFrame(
        {
            name: [one.low + (one.high - one.low) * (k + 1) / (sets + 1) for k in range(sets)]
            for name, one in ranges.items()
        }
    )


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> str:
    file = tmp_path_factory.mktemp("posterior") / "posterior.csv"
    table().to_csv(file, index=False)
    return str(file)


def written(folder: Path, frame: pd.DataFrame) -> str:
    frame.to_csv(folder / "posterior.csv", index=False)
    return str(folder / "posterior.csv")


def test_a_posterior_is_read_as_it_was_written(path):
    pd.testing.assert_frame_equal(sim.posterior(path), table())


@each_of(
    ("change", "sentence"),
    [
        (lambda t: t.drop(columns="trust.gain"), "has no column `trust.gain`"),
        (
            lambda t: t.rename(columns={"trust.gain": "trust.gian"}),
            "`trust.gian` is not an uncertain parameter; did you mean",
        ),
        (lambda t: t.assign(**{"backbone.facilitation": 0.8}), "`backbone.facilitation` is not an uncertain parameter"),
        (lambda t: t.assign(**{"trust.gain": [0.1, None, 0.1]}), "line 3, column `trust.gain`: the cell is empty"),
        (lambda t: t.assign(**{"trust.gain": [0.1, 0.1, "nan"]}), "line 4, column `trust.gain`: 'nan' is not a number"),
        (
            lambda t: t.assign(**{"trust.gain": [3.0, 0.1, 0.1]}),
            "line 2, column `trust.gain`: must lie between 0.02 and 0.2",
        ),
        (lambda t: t.assign(**{"trust.gain": "much"}), "line 2, column `trust.gain`: 'much' is not a number"),
        (lambda t: t.head(0), "has no parameter set"),
    ],
)
def test_a_table_that_is_no_posterior_is_refused_in_one_sentence(tmp_path, change, sentence):
    file = written(tmp_path, change(table()))
    with pytest.raises(InputError) as mistake:
        ensemble("no_initiative", 1, jobs=1, progress=False, uncertainty=file)
    assert sentence in str(mistake.value)
    assert "\n" not in str(mistake.value)


def test_a_torn_or_repeated_column_is_refused(tmp_path):
    text = table().to_csv(index=False)
    for torn, sentence in (
        (text[:-9], f"cells under {len(uncertain())} columns"),
        (text.replace("trust.ratio", "trust.gain", 1), "two columns `trust.gain`"),
    ):
        (tmp_path / "posterior.csv").write_text(torn)
        with pytest.raises(InputError, match=sentence):
            sim.posterior(tmp_path / "posterior.csv")


def test_another_word_or_a_table_that_is_not_there_is_refused():
    with pytest.raises(
        InputError, match="`uncertainty` must be point, posterior, structures or the path of a table; got 'prior'"
    ):
        ensemble("no_initiative", 1, jobs=1, progress=False, uncertainty="prior")
    with pytest.raises(
        InputError, match=r"^the posterior 'nowhere\.csv' does not exist; `python -m experiments.calibrate` makes one"
    ):
        parameter_sets("nowhere.csv")


@each_of("uncertainty", [5, None, ["posterior"], {}, b"x", 1.5, True, np.array([1, 2]), pd.DataFrame()], ids=repr)
def test_what_is_neither_a_word_nor_a_path_is_refused_before_anything_is_simulated(uncertainty, monkeypatch):
    monkeypatch.setattr("sim.runs.shared_history.CollaborationModel", lambda *_: 1 / 0)
    for question in (
        lambda: ensemble("no_initiative", 1, jobs=1, progress=False, uncertainty=uncertainty),
        lambda: compare("historical", "no_initiative", 1, jobs=1, progress=False, uncertainty=uncertainty),
    ):
        with pytest.raises(
            InputError, match=r"^`uncertainty` must be point, posterior, structures or the path of a table; got "
        ):
            question()
    with pytest.raises(InputError, match=r"^the posterior "):
        sim.posterior(uncertainty)


def test_a_folder_is_no_posterior(tmp_path):
    (tmp_path / "posterior.csv").mkdir()
    for path in (tmp_path / "posterior.csv", str(tmp_path), "", "a\0.csv"):
        with pytest.raises(InputError, match=r"^the posterior "):
            sim.posterior(path)


def test_a_draw_keeps_the_files_and_what_was_set_stays_set_whatever_else_changes(tmp_path):
    (tmp_path / "o.csv").write_text("name,kind,capacity\nA,foundation,1\nB,ngo,2\n")
    values = {n: float(table()[n].iloc[0]) for n in uncertain()}
    scenario = configuration.scenario("historical", overrides={"trust.gain": 0.08}).with_(
        {"setting.organisations": str(tmp_path / "o.csv")}
    )
    assert scenario.explicit >= {"trust.gain", "setting.organisations"}
    assert scenario.drawn(values).files is scenario.files
    assert scenario.drawn(values).parameters["trust.gain"] == 0.08
    assert scenario.held([]).drawn(values).parameters["trust.gain"] == 0.08


def test_points_that_differ_only_in_what_a_posterior_leaves_alone_are_one_without_it(path):
    free, fixed = (
        configuration.scenario("historical"),
        configuration.scenario("historical", overrides={"trust.gain": declared("trust.gain")[0]}),
    )
    points = [Point({"scenario": "free"}, free), Point({"scenario": "kept"}, fixed)]
    names = [
        [identity(p.scenario) + fingerprint(sets, p.scenario) for p in points] for sets in (parameter_sets(path), ())
    ]
    require_distinct(points, names[0])
    with pytest.raises(InputError, match="two points of the design are the same"):
        require_distinct(points, names[1])


def test_a_table_that_changed_is_read_anew(tmp_path):
    import os

    file = written(tmp_path, table(2))
    assert len(parameter_sets(file)) == 2
    written(tmp_path, table(4))
    os.utime(file, ns=(1, 1))
    assert len(parameter_sets(file)) == 4


@pytest.mark.simulates
def test_at_a_point_nothing_is_drawn():
    assert parameter_sets("point") == ()
    plain = ensemble("no_initiative", 1, jobs=1, overrides={"setting.until": "2006-08"}, progress=False).frame
    point = ensemble(
        "no_initiative", 1, jobs=1, overrides={"setting.until": "2006-08"}, progress=False, uncertainty="point"
    ).frame
    pd.testing.assert_frame_equal(plain, point)


@pytest.mark.simulates
def test_a_replicate_is_a_run_at_the_set_of_its_number(path):
    frame = ensemble("historical", [1, 4], jobs=1, overrides=UNTIL, progress=False, uncertainty=path).frame
    for _, row in frame.iterrows():
        values = {name: float(value) for name, value in table().iloc[row["seed"] % 3].items()}
        alone = all_outcomes(world_at(configuration.scenario("historical", overrides=UNTIL | values), row["seed"]))
        assert differing({k: float(row[k]) for k in alone}, alone) == []
    assert frame["examinees_2014"].nunique() == 2


@pytest.mark.simulates
def test_arms_stay_paired_no_facilitation_is_no_backbone_bit_for_bit(path):
    idle = configuration.scenario(
        "historical_emergent", overrides={"backbone.facilitation": 0.0, "setting.until": "2016-08"}
    )
    absent = configuration.scenario("no_backbone", overrides={"setting.until": "2016-08"})
    frame = compare(idle, [absent], [1, 2], jobs=1, progress=False, uncertainty=path).frame
    one, other = (frame[frame["scenario"] == scenario.name].drop(columns="scenario") for scenario in (idle, absent))
    assert [
        differing(*map(dict, pair)) for pair in zip(one.to_dict("records"), other.to_dict("records"), strict=True)
    ] == [
        [],
        [],
    ]
    assert one["examinees_2016"].nunique() == 2


@pytest.mark.simulates
def test_the_effects_figure_of_a_comparison_over_a_posterior_says_so(path):
    idle = configuration.scenario("historical", overrides={"setting.until": "2006-08"})
    ax = compare(
        idle, [idle.with_({"backbone.staff": 1}, "again")], 2, jobs=1, progress=False, uncertainty=path
    ).plot.effects("offered")
    assert "the parameter sets of the posterior" in ax.get_figure().get_supxlabel()
    plt.close(ax.get_figure())


@pytest.mark.parametrize("value", [0.3, 1.0])
def test_what_is_set_explicitly_wins_even_if_it_is_the_default(value):
    name = "ministry.by_readiness"
    values = {n: float(table()[n].iloc[0]) for n in uncertain()}
    scenario = configuration.scenario("historical", overrides={name: value})
    assert scenario.drawn(values).parameters[name] == value
    assert scenario.drawn(values).parameters["trust.gain"] == values["trust.gain"]
    assert configuration.scenario("historical").with_({name: value}).drawn(values).parameters[name] == value
    assert configuration.scenario("us_region").drawn(values).parameters["school.fall"] == 0.0


@pytest.mark.simulates
def test_points_share_histories_and_held_dates_at_the_same_set(path):
    values = set_of(parameter_sets(path), 1)
    strong = configuration.scenario("historical_emergent", overrides={"setting.until": "2016-08"})
    weak = strong.with_({"backbone.facilitation": 0.2})
    points = [Point({"f": 0.8}, strong, strong), Point({"f": 0.2}, weak, strong)]
    result = seed_result(points, 1, values=values)
    assert result.failures == {}
    straight = [all_outcomes(world_at(scenario.drawn(values), 1)) for scenario in (strong, weak)]
    free = {row["f"]: row for row in rows_of([result]) if row["dates"] == "emergent"}
    assert [differing({k: free[f][k] for k in one}, one) for f, one in zip((0.8, 0.2), straight, strict=True)] == [
        [],
        [],
    ]
    alone = sum(scenario.last_month + 1 - scenario.first_month for scenario in (strong, weak))
    assert result.months < 2 * alone


def test_a_sweeps_part_is_known_by_its_posterior_and_by_what_was_set(path, tmp_path):
    scenario = configuration.scenario("historical")
    sets, other = parameter_sets(path), parameter_sets(written(tmp_path, table(2)))
    marks = [fingerprint(s, c) for s in (sets, other) for c in (scenario, scenario.with_({"trust.gain": 0.08}))]
    assert len(set(marks)) == 4
    assert fingerprint((), scenario) == ""
    assert fingerprint(sets, scenario) == fingerprint(sets, scenario.with_({"backbone.facilitation": 0.2}))
