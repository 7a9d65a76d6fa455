"""Ensembles: tables in order, pairs of runs, and a failing run that stops no other."""

from __future__ import annotations

import gc
import inspect
import threading
import weakref

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import sim
from sim import configuration
from sim.agents import KIND_CLASSES
from sim.agents.foundation import Foundation
from sim.dates import month_of
from sim.declare import OUTCOMES
from sim.design.points import Point
from sim.errors import InputError
from sim.figures import effects as contrasts
from sim.outcomes import all_outcomes
from sim.runs.compare import compare
from sim.runs.ensemble import Ensemble, ensemble, results, seeds_of
from sim.runs.seed_runs import failures_in, rows_of, seed_result
from sim.runs.shared_history import Histories
from sim.studies import comparison
from tests.comparing import differing, world_at
from tests.offenders import each_of

UNTIL = {"setting.until": "2014-08"}


@pytest.fixture(scope="module")
def many():
    return ensemble(["policy_late", "no_initiative"], 3, jobs=1, overrides=UNTIL, progress=False)


@pytest.mark.simulates
def test_the_frame_is_tidy_and_sorted_as_asked(many):
    assert many.failures == ()
    assert list(zip(many.frame["scenario"], many.frame["seed"], strict=True)) == [
        (name, seed) for name in ("policy_late", "no_initiative") for seed in (1, 2, 3)
    ]
    assert list(many.frame.columns[:3]) == ["scenario", "dates", "seed"]
    assert set(OUTCOMES) <= set(many.frame)
    assert many.frame.index.tolist() == list(range(6))


@pytest.mark.simulates
def test_an_ensemble_shows_its_fit_to_the_record_of_the_scenario_asked(many):
    page = many.plot.fit("no_initiative", provenance="made by a test")
    assert "no initiative" in page.texts[0].get_text()
    assert "3 runs" in page.texts[1].get_text()
    with pytest.raises(InputError, match="the ensemble has no scenario `policy_lte`; did you mean `policy_late`"):
        many.plot.fit("policy_lte")


@pytest.mark.simulates
def test_a_row_is_what_a_run_alone_gives(many):
    for name in ("policy_late", "no_initiative"):
        alone = all_outcomes(world_at(configuration.scenario(name, overrides=UNTIL), 2))
        row = many.frame[(many.frame["scenario"] == name) & (many.frame["seed"] == 2)].iloc[0]
        assert differing({k: float(row[k]) for k in alone}, alone) == []


@pytest.mark.simulates
def test_seeds_may_be_a_number_or_themselves():
    frame = ensemble("no_initiative", [5, 2], jobs=1, overrides={"setting.until": "2006-08"}, progress=False).frame
    assert frame["seed"].tolist() == [2, 5]
    assert seeds_of(3) == [1, 2, 3]
    assert seeds_of(np.int64(2)) == [1, 2]
    assert seeds_of(range(4, 6)) == [4, 5]


@each_of("seeds", [0, -2, [], [-1], 1.5, True, "3", [1, 2.5], None, [1, 1], [True], {1, 2},
                                   10**12, [2**40], "x", np.array([1, 2])])  # fmt: skip
def test_seeds_that_are_none_are_refused(seeds):
    with pytest.raises(
        InputError,
        match=r"^((`seeds`|a seed) must be (a whole number from|at most)|at least one|each seed must be listed once)",
    ):
        ensemble("no_initiative", seeds, jobs=1, progress=False)


@pytest.mark.simulates
def test_a_scenario_and_its_name_are_the_same():
    scenario = configuration.scenario("no_initiative", overrides={"setting.until": "2006-08"})
    by_name = ensemble("no_initiative", 2, jobs=1, overrides={"setting.until": "2006-08"}, progress=False).frame
    pd.testing.assert_frame_equal(ensemble(scenario, 2, jobs=1, progress=False).frame, by_name)


SHORT = {"setting.until": "2006-08"}
CALLED_ALIKE = r"^two different scenarios are both called `no_initiative`; give one another `name`$"


def test_scenarios_that_share_a_name_are_refused_whatever_they_are():
    one = configuration.scenario("no_initiative", overrides=SHORT)
    for many in (
        ensemble,
        lambda scenarios, *arguments, **options: compare(scenarios[0], scenarios[1:], *arguments, **options),
    ):
        with pytest.raises(InputError, match=CALLED_ALIKE):
            many([one, one.with_({"school.fall": -0.05})], 2, jobs=1, progress=False)
    with pytest.raises(InputError, match=r"^`no_initiative` is listed twice; list each scenario once$"):
        ensemble([one, one], 2, jobs=1, progress=False)


@pytest.mark.simulates
def test_variants_of_a_scenario_are_compared_once_one_has_a_name():
    steep = configuration.scenario("no_initiative", overrides=SHORT | {"school.fall": -0.05}, name="steep")
    pair = compare(configuration.scenario("no_initiative", overrides=SHORT), steep, 2, jobs=1, progress=False)
    assert (pair.baseline, pair.arms) == ("no_initiative", ("steep",))
    assert pair.frame["scenario"].tolist() == ["no_initiative"] * 2 + ["steep"] * 2


@pytest.mark.parametrize("names", [[], ["historic"], ["historical", "policy_latee"]])
def test_unknown_or_no_scenarios_are_refused(names):
    with pytest.raises(InputError):
        ensemble(names, 2, jobs=1, progress=False)


@pytest.mark.simulates
def test_the_bar_is_on_stderr_and_only_if_wanted(capsys):
    ensemble("no_initiative", 1, jobs=1, overrides={"setting.until": "2006-08"}, progress=False)
    assert capsys.readouterr().err == ""
    ensemble("no_initiative", 1, jobs=1, overrides={"setting.until": "2006-08"}, progress=True)
    output = capsys.readouterr()
    assert "simulating" in output.err
    assert output.out == ""


@pytest.mark.simulates
@pytest.mark.parametrize(("before", "first"), [(True, "starting"), (False, "compiling the rules, once")])
def test_the_bar_says_what_is_waited_for_until_the_first_result(monkeypatch, capsys, before, first):
    monkeypatch.setattr("sim.runs.parallel.compiled_before", lambda: before)
    ensemble("no_initiative", 1, jobs=1, overrides={"setting.until": "2006-08"}, progress=True)
    output = capsys.readouterr().err
    assert 0 <= output.find(f"{first}:   0%") < output.find("simulating: 100%")


@pytest.mark.simulates
@pytest.mark.parametrize("jobs", [1, 2])
def test_rules_are_compiled_before_many_simulate(monkeypatch, jobs):
    calls = []
    monkeypatch.setattr("sim.runs.parallel.compile_with_bar", calls.append)
    points = [Point({}, configuration.scenario("no_initiative", overrides={"setting.until": "2006-08"}))]
    assert len(list(results(points, [1, 2], jobs))) == 2
    assert calls == [False]


# A run that fails


class Strike(Foundation):
    """Foundation that fails at one facilitation, with one seed."""

    def next_pledge(self):
        """Return the usual pledge, or raise an error."""
        if self.model.parameters.backbone.facilitation == 0.5 and self.model.luck.seed == 2:
            raise ArithmeticError("we are on strike")
        return super().next_pledge()


@pytest.fixture(scope="module")
def struck():
    scenario = configuration.scenario("historical_emergent", overrides=UNTIL)
    points = [
        Point({"facilitation": f}, scenario.with_({"backbone.facilitation": f}), scenario) for f in (0.2, 0.5, 0.8)
    ]
    return list(results(points, [1, 2, 3], jobs=1, kinds={"foundation": Strike}))


@pytest.mark.simulates
def test_a_run_that_fails_stops_no_other(struck):
    done = {(row["facilitation"], row["seed"], row["dates"]) for row in rows_of(struck)}
    wanted = {(f, seed, dates) for f in (0.2, 0.5, 0.8) for seed in (1, 2, 3) for dates in ("emergent", "held")}
    assert wanted - done == {(0.5, 2, "emergent"), (0.5, 2, "held")}


@pytest.mark.simulates
def test_a_run_that_fails_is_listed_with_its_traceback(struck):
    failures = failures_in(struck)
    assert {(failure["facilitation"], failure["seed"], failure["dates"]) for failure in failures} == {
        (0.5, 2, "emergent"), (0.5, 2, "held")
    }  # fmt: skip
    for failure in failures:
        assert "ArithmeticError: we are on strike" in failure["traceback"]
        assert "next_pledge" in failure["traceback"]


@pytest.mark.simulates
def test_runs_beside_one_that_fails_are_as_they_would_be_alone(struck):
    row = next(
        row for row in rows_of(struck) if (row["facilitation"], row["seed"], row["dates"]) == (0.8, 2, "emergent")
    )
    alone = all_outcomes(world_at(configuration.scenario("historical_emergent", overrides=UNTIL), 2))
    assert differing({k: float(row[k]) for k in alone}, alone) == []


@pytest.mark.simulates
def test_a_reference_that_fails_is_listed_for_the_points_that_need_it():
    scenario = configuration.scenario("historical_emergent", overrides=UNTIL).with_({"backbone.facilitation": 0.5})
    point = Point({"facilitation": 0.2}, scenario.with_({"backbone.facilitation": 0.2}), scenario)
    (result,) = results([point], [2], jobs=1, kinds={"foundation": Strike})
    assert [row["dates"] for row in rows_of([result])] == ["emergent"]
    assert [failure["dates"] for failure in failures_in([result])] == ["held"]


@pytest.mark.simulates
def test_time_and_months_of_simulating_are_told(struck):
    assert all(result.seconds > 0.0 for result in struck)
    assert all(result.months > 100 for result in struck)


# Pairs


@pytest.fixture(scope="module")
def pairs():
    scenarios = [
        configuration.scenario(name, overrides=UNTIL) for name in ("historical", "no_initiative", "no_backbone")
    ]
    return compare(scenarios[0], scenarios[1:], 4, jobs=1, progress=False)


@pytest.mark.simulates
def test_differences_are_within_pairs(pairs):
    differences = pairs.differences("examinees_2014")
    assert len(differences) == 2
    frame = pairs.frame.set_index(["scenario", "seed"])["examinees_2014"]
    for arm in ("no_initiative", "no_backbone"):
        row = differences[(differences == arm).any(axis=1)].iloc[0]
        assert (frame[arm] - frame["historical"]).mean() in [
            pytest.approx(value) for value in row if isinstance(value, float)
        ]


def test_a_comparison_with_itself_is_refused():
    with pytest.raises(InputError, match="`historical` is compared with itself"):
        compare("historical", ["no_backbone", "historical"], 2, progress=False)


@pytest.mark.simulates
def test_an_unknown_outcome_is_refused_with_the_nearest(pairs):
    with pytest.raises(InputError, match=r"unknown outcome `examinees_2041`; did you mean `examinees_20\d\d`\?"):
        pairs.differences("examinees_2041")


@pytest.mark.simulates
def test_differences_are_of_one_outcome_at_a_time(pairs):
    for outcomes in (["share_2014", "offered"], ("offered",)):
        with pytest.raises(InputError, match=r"^differences are of one outcome at a time; got [\[(]"):
            pairs.differences(outcomes)


@pytest.mark.simulates
def test_an_outcome_that_came_in_no_pair_is_refused_and_leaves_no_empty_figure(pairs):
    figures = plt.get_fignums()
    for question in (pairs.differences, pairs.plot.effects):
        with pytest.raises(
            InputError, match="no pair of runs has a value of `month_national` in both `historical` and an arm"
        ):
            question("month_national")
    assert plt.get_fignums() == figures


@pytest.mark.simulates
def test_the_effects_figure_says_that_its_intervals_cover_luck_only(pairs):
    figure = pairs.plot.effects("examinees_2014").get_figure()
    assert figure.get_supxlabel() == contrasts.interval_note(pairs.differences("examinees_2014"))
    assert "random variation only" in figure.get_supxlabel()
    plt.close(figure)


def test_a_comparison_without_arms_is_refused():
    with pytest.raises(InputError):
        compare("historical", [], 2, jobs=1, progress=False)


def test_the_public_face_is_the_same():
    assert (sim.ensemble, sim.compare) == (ensemble, comparison.compare)
    assert set(sim.__all__) <= set(dir(sim))
    assert [name for name in sim.__all__ if not callable(getattr(sim, name))] == []
    assert {"agents", "__version__"} <= set(dir(sim))
    assert not {"Any", "TYPE_CHECKING", "ModuleType", "annotations", "is_one_of"} & set(dir(sim))


@pytest.mark.simulates
def test_an_ensemble_and_pairs_say_in_a_line_what_they_hold(pairs):
    assert repr(pairs) == ("<Pairs of no_initiative, no_backbone with historical: 4 seeds; ask .summary(outcome)>")
    assert repr(Ensemble(pairs.frame)) == (
        "<Ensemble of historical, no_initiative, no_backbone: 12 runs; the table is in .frame>"
    )
    assert "1 failed" in repr(Ensemble(pairs.frame, ({"seed": 1},)))


# Classes of the user's own


class Cautious(Foundation):
    """Foundation that pledges nothing."""

    def next_pledge(self):
        """Nothing, whatever others do."""
        return 0.0 * super().next_pledge()


def of_a_notebook():
    """Return the same class as defined in a cell of a notebook, where other processes cannot import it."""
    names = {"__name__": "__main__", "Foundation": Foundation}
    exec(inspect.getsource(Cautious), names)
    return names["Cautious"]


SENTENCE = r"^the class that decides for foundation cannot be sent to other processes \([^\n]*\); use `jobs=1`$"


@pytest.mark.simulates
@pytest.mark.parametrize("kind", [Cautious, of_a_notebook()], ids=["of a module", "of a notebook"])
def test_a_class_that_is_registered_decides_in_every_process(monkeypatch, kind):
    scenario = configuration.scenario("historical", overrides=UNTIL)
    plain = ensemble(scenario, 2, jobs=1, progress=False).frame
    monkeypatch.setitem(KIND_CLASSES, "foundation", Foundation)  # as it is put back
    sim.register(kind)
    here, second = (ensemble(scenario, 2, jobs=jobs, progress=False) for jobs in (1, 2))
    assert here.failures == second.failures == ()
    pd.testing.assert_frame_equal(here.frame, second.frame)
    assert (here.frame["offered"] < plain["offered"]).all()


@pytest.mark.simulates
def test_classes_may_decide_in_one_ensemble_or_comparison_alone():
    scenarios = [configuration.scenario(name, overrides=UNTIL) for name in ("historical", "no_backbone")]
    kinds = {"foundation": Cautious}
    many = ensemble(scenarios, 2, jobs=1, progress=False, kinds=kinds).frame
    pair = compare(scenarios[0], scenarios[1], 2, jobs=1, progress=False, kinds=kinds).frame
    pd.testing.assert_frame_equal(many, pair)
    alone = sim.simulate(scenarios[0], 1, kinds).outcomes["offered"]
    assert many["offered"][0] == alone < sim.simulate(scenarios[0], 1).outcomes["offered"]


class Unlike(type):
    """Class whose instances are all different, so that they cannot be found in a dictionary."""

    __hash__ = None


def unsendable():
    """Return classes that cannot be sent to other processes."""
    return [
        type(Foundation)("Locked", (Foundation,), {"lock": threading.Lock(), "__module__": "__main__"}),
        Unlike("Unhashable", (Foundation,), {"__module__": "__main__"}),
    ]


@pytest.mark.simulates
@pytest.mark.parametrize("kind", unsendable(), ids=lambda kind: kind.__name__)
def test_a_class_that_cannot_be_sent_is_refused_in_one_sentence(kind):
    scenario = configuration.scenario("no_initiative", overrides={"setting.until": "2006-08"})
    with pytest.raises(InputError, match=SENTENCE):
        ensemble(scenario, 2, jobs=2, progress=False, kinds={"foundation": kind})
    assert ensemble(scenario, 1, jobs=1, progress=False, kinds={"foundation": kind}).failures == ()


def test_an_unknown_kind_or_option_is_refused_before_anything_runs():
    with pytest.raises(InputError, match="'fondation' is not a kind"):
        ensemble("no_initiative", 1, jobs=1, progress=False, kinds={"fondation": Cautious})
    with pytest.raises(InputError, match="unknown option `kind`; did you mean `kinds`"):
        compare("historical", "no_initiative", 2, jobs=1, progress=False, kind={"foundation": Cautious})


# What is kept while points run


def tree():
    """Return three facilitations at four timings, each also with the dates of the strongest one."""
    scenarios = [
        configuration.scenario(
            "historical_emergent", timing, {"backbone.facilitation": facilitation, "setting.until": "2017-08"}
        )
        for facilitation in (0.2, 0.5, 0.8)
        for timing in (-6, 0, 6, "never")
    ]
    return [
        Point({"k": k}, scenario, scenario.with_({"backbone.facilitation": 0.8}))
        for k, scenario in enumerate(scenarios)
    ]


@pytest.mark.slow
@pytest.mark.simulates
def test_no_world_outlives_its_judgement(monkeypatch):
    seen, alive = [], set()

    def judged_and_seen(world):
        gc.collect()
        alive.update(number for number, earlier in enumerate(seen) if earlier() is not None)
        seen.append(weakref.ref(world))
        return all_outcomes(world)

    monkeypatch.setattr("sim.runs.run_end.all_outcomes", judged_and_seen)
    assert seed_result(tree(), 1).complete == 24
    assert len(seen) == 18, "twelve free, and with dates held the six that are no reference and have a ministry"
    assert alive == set()


@pytest.mark.simulates
def test_worlds_in_which_ways_part_are_kept_until_the_last_has_gone_its_way():
    scenarios, histories = [point.scenario for point in tree()], Histories(1)
    histories.expect(scenarios)
    frames = []
    for scenario in scenarios:
        histories.run(scenario)
        frames.append(len(histories._stored))
    assert 1 <= max(frames) <= 5, "the launch, and where the timings of one facilitation part"
    assert frames[-1] == 0


@pytest.mark.simulates
def test_a_reference_runs_once_and_its_history_before_the_launch_is_shared():
    points = tree()
    whole = points[0].scenario.last_month + 1 - points[0].scenario.first_month + 12 * 8
    free = sum(point.scenario.last_month + 1 - month_of("2013-07") for point in points)
    assert seed_result(points, 1).months <= whole + 2 * free
