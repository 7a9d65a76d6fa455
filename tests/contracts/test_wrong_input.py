"""Every public function and class refuses wrong input in one sentence, before anything runs and with nothing left on disk."""

from __future__ import annotations

import inspect
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest

import sim
from sim.agents import KindParameters
from sim.agents.roles import Member, Provider
from sim.reports.blocks import Report
from sim.reports.study import StudyResult
from tests.offenders import each_of

NAN, INFINITE, HUGE = float("nan"), float("inf"), 10**40
PUBLIC = {name: getattr(sim, name) for name in sim.__all__}
FUNCTIONS = {name: item for name, item in PUBLIC.items() if not inspect.isclass(item)}
RESULTS = {name: item for name, item in PUBLIC.items() if inspect.isclass(item) and hasattr(item, "load")}
OTHERS = PUBLIC.keys() - FUNCTIONS.keys() - RESULTS.keys()

# Wrong values by the name of an option. Paths are of the folder that `places` makes.

NUMBER = ["x", "1", "", NAN, INFINITE, -1, 1.5, True, HUGE, -HUGE, [1], {}, b"x", None]
COUNT = [*NUMBER, 0]
SHARE = ["x", NAN, -1, True, None, [1]]
FLAG = ["x", 5, None]
WORD = [5, None, "", "misspelt", True, ["x"], {}]
FILE = [5, None, "", "nowhere.csv", "empty.csv", "binary.csv", "other", ["x"], True, b"x", "a\0.csv"]
SCENARIO = [5, None, True, NAN, "", "histoical", "nowhere.yaml", "empty.yaml", "broken.yaml", "list.yaml", "empty.csv", ["x"],
            {}, b"x", "a\0b", "historical+", "+", "historical+nobody", "x" * 5000]  # fmt: skip
SCENARIOS = [
    5,
    None,
    True,
    "",
    "histoical",
    "nowhere.yaml",
    [],
    ["histoical"],
    ["historical", "historical"],
    [None],
    {},
]
FOLDER = [
    5,
    "",
    "nowhere",
    "empty.csv",
    "other",
    "older",
    "broken",
    "empty",
    ["nowhere"],
    [5],
    {},
    True,
    ["older", "older"],
]
PLACE = ["empty.csv", "empty.csv/below", "/proc/x", "other", "broken", "a\0b", "", 5, True, ["x"], b"x", "x" * 300]
VALUES = [5, "x", [1], {5: 1}, {"x": 1}, {"": 1}, {"trust": 1}, {"trust.gian": 0.1}, {"trust.gain": "much"},
          {"trust.gain": NAN}, {"trust.gain": -5}, {"trust.gain": None}, {"trust.gain": True}, {"trust.gain": [1]},
          {"setting.until": "soon"}, {"setting.until": "2001-01"}, {"setting.schools": "nowhere.csv"},
          {"setting.schools": "empty.csv"}, {"setting.schools": "other"}, {"setting.burn_in": -1}]  # fmt: skip
OUTCOME = [5, "", "examinees_2041", ["x"], {}, True, [5], [None], b"x", NAN]
OUTCOMES = [*OUTCOME, [], ["examinees_2020", "examinees_2020"]]
SEED_LIST = [[], [1, 1], ["x"], [-1], [2**31], [NAN], [True], range(0), "1,2", np.array([1, 2])]
SEEDS = [*(value for value in COUNT if value != [1]), *SEED_LIST]
SETS = [5, True, "x", "", "nowhere.csv", "empty.csv", "binary.csv", "other", ["x"], {}, b"x", "a\0b", None]
VARY = [5, True, "x", "", ["x"], ["trust.gian"], {"trust.gain": [1]}, {"trust.gain": [0.2, 0.02]}, {"trust.gain": ["a", "b"]},
        {"trust.gain": [NAN, 1]}, {"trust.gain": 5}, {"trust.gain": [-5, 5]}, [5], [[]],
        ["trust.gain", "trust.gain"]]  # fmt: skip
STAGE = {"scenarios": ["historical"], "until": "2015-08", "parameters": "all"}

WRONG: dict[str, list[Any]] = {
    "about": [5, None, ["x"], True],
    "arms": [*SCENARIOS, ["historical_emergent"], "no_backbone,policy_late", "list.yaml"],
    "attributions": FOLDER,
    "base": SCENARIO,
    "baseline": SCENARIO,
    "batch": COUNT,
    "better": ["x", 2, None, NAN, True, 1.5, [1]],
    "boxes": FLAG,
    "by": [*WORD, "year"],
    "case": SCENARIO,
    "comparisons": [*FOLDER, []],
    "default": [None, [1], NAN, b"x"],
    "design": [*WORD, "lsh", "nowhere.csv", "empty.csv", "binary.csv"],
    "doubling": [5, "x", [1], {"base": -1}, {"bsae": 1}, {"factor": "x"}, {"factor": NAN}, {"by": 1900}, {"by": 2500}, True],
    "draws": [*COUNT, 1],
    "effect_seeds": COUNT,
    "effect_sets": COUNT,
    "engine": [5, True, [], "", "daks", {"name": "daks"}, {"port_of_call": "x"}, {"workers": 2}, {"name": "loky", "workers": 2},
               {"name": "dask", "workers": 0}, {"name": "dask", "address": 5}, {"name": "dask", "partition": "x"}, {5: 1}],
    "equity": FOLDER,
    "expectations": [*WORD, "cse", "nowhere.yaml", "empty.yaml", "broken.yaml", "list.yaml", "a\0b"],
    "file": FILE,
    "finalists": COUNT,
    "first_seed": NUMBER,
    "extra_rounds": NUMBER,
    "fresh": [*COUNT, 1],
    "game": [*WORD, "conditionss", "nowhere.yaml", "empty.yaml", "broken.yaml", "list.yaml"],
    "generations": COUNT,
    "held": FLAG,
    "reference_facilitation": FLAG,
    "hypothesis_seeds": NUMBER,
    "hypothesis_sets": NUMBER,
    "largest_error": [0, -1, NAN, "x", True, None, INFINITE, [1]],
    "mediation_pairs": COUNT,
    "models": [5, True, "empty.csv", ["x"], "a\0b"],
    "interval": [*WORD, "jacknife"],
    "items": [*WORD, [], ["quorum", "quorum"], [5], [None], b"x"],
    "keep": [5, "x", True, ["x"], ["moths"], [5], [None], ["months", "months"], {"months": 1}, b"months"],
    "jobs": ["x", 0, -1, 1.5, NAN, True, HUGE, [1]],
    "kind": [5, "school", True, ["schools"], type],
    "kinds": [5, "x", {"x": 1}, {"foundation": 5}, [1], {5: int}, True],
    "launch": [5, "x", [1], [18, -18], [NAN, 1], ["x", "y"], [1.5, 2], [True, False], {}, True, [-HUGE, HUGE], [1, 2, 3]],
    "least": [*SHARE, 2],
    "less": OUTCOME,
    "levers": [5, "x", [1], {5: [1]}, {"trust.gian": [1]}, {"trust.gain": 5}, {"trust.gain": []}, {"trust.gain": "x"},
               {"trust.gain": [-5]}, {"trust.gain": [0.1, 0.1]}, {"trust.gain": [NAN]}, {"trust.gain": [None]}],
    "mechanisms": [*WORD, ["x"], [], ["reputation", "reputation"], [5]],
    "more": OUTCOME,
    "n": COUNT,
    "name": [5, True, ["x"], "", "a\nb"],
    "one": SCENARIO,
    "organisations": ["nowhere.csv", "empty.csv", "other", 5, True, ["x"]],
    "other": SCENARIO,
    "out": PLACE,
    "outcome": OUTCOME,
    "outcomes": OUTCOMES,
    "overrides": VALUES,
    "path": FILE,
    "population": [*COUNT, 1],
    "posterior": ["x.txt", "other", "", 5, "a\0.csv", "empty.csv/x.csv", "/proc/x.csv", True, ["x"]],
    "precision": ["x", 0, -1, NAN, INFINITE, True, [1]],
    "prior_seed": NUMBER,
    "programme": [*WORD, "partner"],
    "question": [5, None, ["x"]],
    "reference": SCENARIO,
    "repeats": NUMBER,
    "rival_rounds": COUNT,
    "rivals": [5, "x", ["x"], ["x", "x"], [5], "nowhere.yaml", "broken.yaml", "empty.yaml", "list.yaml", {}, True],
    "robust": [*WORD, "best"],
    "rounds": COUNT,
    "scenario": SCENARIO,
    "scenarios": SCENARIOS,
    "schools": FILE,
    "search_seed": NUMBER,
    "seed": NUMBER,
    "seeds": [*COUNT, *SEED_LIST],
    "sets": COUNT,
    "shown": COUNT,
    "split": [5, "x", "backbone.convene", ["x"], ["backbone.convene"], ["backbone.convene", "backbone.convene"], {}, [5]],
    "stage": [5, "x", {}, {"a": 1}, {"a": {}}, {5: STAGE}, {"a": STAGE | {"untli": 1}}, {"../a": STAGE},
              *({"a": STAGE | {key: value}} for key, value in (("scenarios", ["x"]), ("scenarios", []), ("scenarios", 5),
                ("until", "soon"), ("until", 5), ("until", None), ("parameters", ["trust.gian"]), ("parameters", []),
                ("parameters", 5), ("later", 5), ("later", ["x"])))],
    "stages": [5, "x", [5], ["schools", "schools"], ["scools"], [], {}, True, [None]],
    "sweep": [*FOLDER, None, "a\0b", pd.DataFrame()],
    "table": SETS,
    "targets": FILE,
    "timing": ["soon", "", 1.5, NAN, True, {}, 10**6, -(10**6), b"x", HUGE],
    "title": [5, None, ["x"], True],
    "truths": NUMBER,
    "uncertainty": SETS,
    "unit": [5, None, ["x"], True],
    "vary": VARY,
    "within": [*SHARE, 0, INFINITE],
    "without": SCENARIO,
    "year": ["x", "2020", 1900, 3000, 1.5, True, NAN, [2020]],
    "years": ["x", "2020", 1900, 3000, 1.5, True, NAN, ["x"], [], [2014, 2014], [1.5], {}],
}  # fmt: skip

OWN: dict[str, dict[str, list[Any]]] = {
    "add_parameter": {
        "name": [5, None, "", "Caution", "a b", "_x", "class", ["x"], True],
        "unit": [*WRONG["unit"], "count"],
    },
    "animate": {"path": [*FILE[:3], "x.png", "other", ["x"], True, b"x", "a\0.gif"]},
    "compare": {"seeds": SEEDS},
    "ensemble": {"seeds": SEEDS},
    "mechanisms": {"seeds": SEEDS},
    "predict": {"uncertainty": [*SETS, "point"]},
    "validate": {"uncertainty": [*SETS, "point"], "overrides": [*VALUES, {"setting.until": "2025-08"}]},
    "register": {
        "kind": [5, "a b", None, dict, type("Guild", (), {"kind": "guild"}), type("Fund", (), {"kind": "ngo"})],
        "decider": [5, "x", dict, type("Club", (), {})],
        "defaults": [5, "x", {}, {"number": 3}, True],
    },
    "report": {"robust": FOLDER},
    "sweep": {"seeds": SEEDS, "out": [place for place in PLACE if place != "broken"]},  # it goes on from its parts
}
"""Where a function takes something else under a name than others do."""

WITH: dict[str, dict[str, Any]] = {
    "add_outcome": {"unit": "share"},
    "add_parameter": {"name": "caution", "default": 1, "unit": "share", "about": "x"},
    "check": {"path": "schools.csv"},
    "compare": {"baseline": "historical_emergent", "arms": ["no_backbone"], "seeds": 2},
    "equity": {"arms": ["no_backbone"]},
    "robustness": {"arms": ["no_backbone"], "mechanisms": ["reputation"]},
    "diff": {"one": "historical", "other": "no_backbone"},
    "ensemble": {"scenarios": "historical", "seeds": 1},
    "scenario": {"base": "historical"},
    "school_panel": {"schools": "schools.csv"},
    "register": {"kind": "club", "decider": type("Club", (Member, Provider), {}), "defaults": KindParameters()},
    "sensitivity": {"sweep": "ENSEMBLE"},
    "simulate": {"scenario": "historical"},
    "validate": {"file": "facts.csv"},
}
"""What a call needs besides the wrong value."""

UNCHECKED = {"progress"}
"""Options that change nothing of a result: anything is true or false."""

SMALL = {"setting.until": "2006-08", "setting.burn_in": 0}
SHORT = SMALL | {"setting.until": "2013-08"}


class RanError(BaseException):
    """Raised when something is simulated; not an Exception, so that it is not recorded as a failed run."""


def ran(*_: Any, **__: Any) -> None:
    raise RanError


def wrong_values(function: str, option: str) -> list[Any]:
    """Return wrong values of an option; None is left out where it is the default."""
    default = inspect.signature(FUNCTIONS[function]).parameters[option].default
    values = OWN.get(function, {}).get(option) or WRONG[option]
    return [value for value in values if not (value is None and default is None)]


def options_of(function: str) -> list[str]:
    parameters = inspect.signature(FUNCTIONS[function]).parameters.values()
    return [each.name for each in parameters if each.kind != each.VAR_KEYWORD and each.name not in UNCHECKED]


@pytest.fixture(scope="module")
def few_runs() -> sim.Sweep:
    """Return a sweep in memory, of two points."""
    return sim.sweep(
        "grid", seeds=2, levers={"backbone.facilitation": [0.2, 0.8]}, overrides=SMALL, jobs=1, progress=False
    )


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a working folder with files and folders of results that cannot be used."""
    monkeypatch.chdir(tmp_path)
    write_unusable_results()
    return tmp_path


def write_unusable_results() -> None:
    """Write files and folders of results that cannot be used into the working folder."""
    contents = {
        "empty.csv": b"",
        "binary.csv": bytes(range(256)),
        "empty.yaml": b"",
        "broken.yaml": b"a: [1\n",
        "list.yaml": b"- 1",
    }
    header = "school_id,year,sector,supervision,nurture_quintile,maths_takers,maths_5unit_takers"
    lines = [f"s{k},{year},jewish,state,{k % 5 + 1},{60 + k},{k}" for year in (2013, 2014) for k in range(30)]
    contents["schools.csv"] = "\n".join([header, *lines]).encode()
    head = "pattern,year,group,value,unit,reliability"
    contents["facts.csv"] = f"{head}\nmaths5_examinees,2019,national,12345,students (made up),A\n".encode()
    for name, content in contents.items():
        Path(name).write_bytes(content)
    Path("empty").mkdir()
    made = {"command": "x", "environment": {"model": "x", "commit": "x"}}
    folder_of("other", {"kind": "party", "baseline": "x", **made})
    folder_of("older", {"kind": "comparison", **made})
    folder_of("broken", "{")


def folder_of(name: str, manifest: Any) -> None:
    Path(name).mkdir()
    Path(name, "manifest.json").write_text(manifest if isinstance(manifest, str) else json.dumps(manifest))


def on_disk() -> dict[str, bytes]:
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in sorted(Path().rglob("*"))}


def offence(call: Callable[[], Any]) -> str:
    """Return the problem with the reaction to wrong input; empty where it is one sentence and nothing was written."""
    before = on_disk()
    try:
        answer = f"it was answered with {str(call())[:60]!r}"
    except sim.InputError as mistake:
        message = str(mistake)
        answer = (
            ""
            if 10 < len(message) <= 620 and "\n" not in message and "Traceback" not in message
            else f"it says {message!r}"
        )
    except RanError:
        answer = "it ran"
    except Exception as error:
        answer = f"{type(error).__name__}: {error}"
    left = sorted(name for name, content in on_disk().items() if before.get(name) != content)
    return answer or (f"it left {', '.join(left)}" if left else "")


def offences(calls: Iterator[tuple[str, Callable[[], Any]]]) -> dict[str, str]:
    return {name: answer for name, call in calls if (answer := offence(call))}


@each_of("function", FUNCTIONS)
def test_every_option_of_a_public_function_has_wrong_values(function: str) -> None:
    assert [name for name in options_of(function) if name not in OWN.get(function, {}) and name not in WRONG] == []


@pytest.mark.heavy
@pytest.mark.parametrize("function", FUNCTIONS)
def test_wrong_input_is_refused_before_anything_runs(
    function: str, places: Path, few_runs: sim.Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sim.CollaborationModel, "step", ran)
    monkeypatch.setattr(joblib.Parallel, "__call__", ran)
    usual = {name: few_runs if value == "ENSEMBLE" else value for name, value in WITH.get(function, {}).items()}
    quiet = {
        name: value
        for name, value in (("jobs", 1), ("progress", False))
        if name in inspect.signature(FUNCTIONS[function]).parameters
    }

    def calls() -> Iterator[tuple[str, Callable[[], Any]]]:
        for option in options_of(function):
            for value in wrong_values(function, option):
                options = {**quiet, **usual, option: value}
                yield f"{option}={str(value)[:150]!r}", lambda options=options: FUNCTIONS[function](**options)

    assert offences(calls()) == {}


@each_of("function", FUNCTIONS)
def test_a_misspelt_option_is_refused_by_its_name(function: str) -> None:
    with pytest.raises((TypeError, sim.InputError), match="sedes"):
        FUNCTIONS[function](**WITH.get(function, {}), sedes=3)


def manifests(kind: str) -> Mapping[str, Any]:
    made = {"kind": kind, "command": "make it", "environment": {"model": "x", "commit": "x"}}
    return {
        "of_an_older_version": made,
        "of_another_kind": {**made, "kind": "party", "baseline": "x"},
        "of_no_kind": {**made, "kind": "", "baseline": "x"},
        "of_a_strange_kind": {**made, "kind": [1], "baseline": "x"},
        "without_tables": {**made, "baseline": "x"},
        "without_runs": {**made, "targets": "x", "design": [], "seeds": [1, 2]},
        "of_a_strange_design": {**made, "baseline": "x", "design": 5, "seeds": 5},
        "of_strange_points": {**made, "baseline": "x", "design": [5], "seeds": [1, 2]},
        "of_a_strange_environment": {**made, "environment": 5, "baseline": "x"},
        "a_list": [],
        "a_number": 5,
        "cut_off": '{"kind": ',
        "binary": "\0",
    }


@pytest.mark.parametrize(("result", "kind"), [("Optimisation", "search"), ("Calibration", "study")])
def test_a_folder_of_an_earlier_version_says_what_to_do(result: str, kind: str, places: Path) -> None:
    folder_of(
        "mine", {"kind": kind, "command": "make it", "environment": {"model": "x", "commit": "x"}, "baseline": "x"}
    )
    with pytest.raises(
        sim.InputError, match=r"of version 0\.1, which cannot be read any more; make it again with another `out`"
    ):
        RESULTS[result].load("mine")


@each_of("result", RESULTS)
def test_a_folder_without_the_result_is_refused(result: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # of this example
    write_unusable_results()
    folders = manifests(getattr(RESULTS[result], "kind", "sweep"))
    for name, manifest in folders.items():
        folder_of(name, manifest)
    nowhere = [
        None,
        5,
        "",
        b"x",
        ["x"],
        True,
        "a\0b",
        "x" * 5000,
        "nowhere",
        "empty.csv",
        "empty.csv/below",
        "empty",
        "broken",
    ]
    calls = ((str(value), lambda value=value: RESULTS[result].load(value)) for value in [*nowhere, *folders])
    assert offences(calls) == {}


@pytest.fixture(scope="module")
def saved(few_runs: sim.Sweep) -> dict[type[Any], Any]:
    """Return a result of each way to save one."""
    page = sim.ReportPage(Report("Title", "Question", [], "foot"), {"results": [], "command": "x"})
    return {
        StudyResult: sim.run_summary(
            "historical", seeds=2, overrides=SHORT, doubling={"by": 2013}, jobs=1, progress=False
        ),
        sim.Sweep: few_runs,
        sim.Sensitivity: sim.sensitivity(few_runs, outcomes=["examinees_2006"]),
        sim.ReportPage: page,
    }


@pytest.mark.simulates
def test_every_result_is_saved_in_a_way_that_is_tested(saved: dict[type[Any], Any]) -> None:
    ways = {way.save for way in saved}
    assert [name for name, item in PUBLIC.items() if hasattr(item, "save") and item.save not in ways] == []


@pytest.mark.simulates
@pytest.mark.parametrize("way", [StudyResult, sim.Sweep, sim.Sensitivity, sim.ReportPage], ids=lambda way: way.__name__)
def test_a_result_is_saved_whole_or_not_at_all(way: type[Any], places: Path, saved: dict[type[Any], Any]) -> None:
    strange = [value for value in PLACE if value != "broken"]  # a broken manifest is replaced by a whole one
    calls = [(str(value), lambda value=value: saved[way].save(value)) for value in [*strange, None, "/proc/x/y"]]
    if os.geteuid():
        Path("locked").mkdir(mode=0o500)
        calls.append(("locked", lambda: saved[way].save("locked/x")))
    assert offences(iter(calls)) == {}


ONE_SCENARIO = sim.scenario("historical_emergent", overrides=SMALL)
OTHER: dict[str, list[Callable[[], Any]]] = {
    "Animation": [],  # it only says where a file is
    "Change": [
        lambda: sim.Policy.of([sim.Change("2014-05", "backbone.facilitation", 0.5)]),  # type: ignore[arg-type]
        lambda: sim.Policy.of([sim.Change(NAN, "backbone.facilitation", 0.5)]),  # type: ignore[arg-type]
        lambda: sim.Policy.of([sim.Change(1, "backbone.faciltation", 0.5)]),
        lambda: sim.Policy.of([sim.Change(1, "backbone.facilitation", 5)]),
        lambda: sim.Policy.of([sim.Change(1, "trust.gain", 0.1)]),
    ],
    "CollaborationModel": [
        lambda: sim.CollaborationModel("histoical"),
        lambda: sim.CollaborationModel(ONE_SCENARIO, rng=-1),
        lambda: sim.CollaborationModel(ONE_SCENARIO).run_until_month("soon"),
        lambda: sim.CollaborationModel(ONE_SCENARIO).run_until_month("2031-01"),
        lambda: sim.CollaborationModel(ONE_SCENARIO).fork("histoical"),
    ],
    "Ensemble": [lambda: sim.sensitivity(sim.Ensemble(pd.DataFrame()))],
    "InputError": [],
    "Pairs": [],  # tests/runs/test_wrong_questions.py
    "Policy": [
        lambda: sim.Policy.of([5]),  # type: ignore[list-item]
        lambda: sim.Policy.of(5),  # type: ignore[arg-type]
        lambda: ONE_SCENARIO.policy.also([5]),  # type: ignore[list-item]
        lambda: ONE_SCENARIO.policy.shifted("x"),  # type: ignore[arg-type]
        lambda: ONE_SCENARIO.policy.shifted(NAN),  # type: ignore[arg-type]
        lambda: ONE_SCENARIO.policy.without("backbone.faciltation"),
    ],
    "ReportPage": [],  # saved above
    "Run": [],  # tests/runs/test_wrong_questions.py
    "Scenario": [*(lambda values=values: ONE_SCENARIO.with_(values) for values in VALUES if values != 5)],
}
"""Wrong input of the classes that cannot be loaded."""


def test_every_other_public_class_is_listed() -> None:
    assert OTHER.keys() == OTHERS


@each_of("name", [name for name, calls in OTHER.items() if calls])
def test_a_class_refuses_wrong_input(name: str, places: Path) -> None:
    assert offences((str(number), call) for number, call in enumerate(OTHER[name])) == {}
