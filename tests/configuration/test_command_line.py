"""Refusals of the command line: exit code 2, one line, nothing written. A program costs some two seconds to start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import OmegaConf

from experiments.command_line.options import doubling_of, folder_of, integer, scenario_in
from experiments.command_line.overrides import check_overrides, keys_of, sweep_values
from experiments.command_line.sweep_design import point_in
from sim import configuration
from sim.analysis.doubling import Doubling, require_run_reaches
from sim.configuration import configs
from sim.design.points import require_distinct
from sim.errors import InputError
from sim.results.identity import identity
from tests.offenders import each_of

PROGRAMS = sorted(path.stem for path in (configs() / "experiment").glob("*.yaml"))


def refused(arguments: list[str], program: str = "sweep") -> str:
    with pytest.raises(InputError) as mistake:
        check_overrides(arguments, program)
    assert "\n" not in str(mistake.value)
    return str(mistake.value)


# Before Hydra sees them


@pytest.mark.heavy
@each_of("program", PROGRAMS)
@each_of(
    ("argument", "sentence"),
    [
        ("backbone.faciltation=0.4", "unknown key `backbone.faciltation`; did you mean `backbone.facilitation`?"),
        ("+backbone.faciltation=0.4", "unknown key `backbone.faciltation`; did you mean `backbone.facilitation`?"),
        (
            "+backbone.facilitation=0.4",
            "`+backbone.facilitation=0.4` adds or deletes a key; write `backbone.facilitation=value`",
        ),
        ("++backbone.faciltation=0.4", "unknown key `backbone.faciltation`; did you mean `backbone.facilitation`?"),
        (
            "~backbone.facilitation",
            "`~backbone.facilitation` adds or deletes a key; write `backbone.facilitation=value`",
        ),
        ("backbone.facilitation=much", "`backbone.facilitation` must be a number; got 'much'"),
        ("backbone.facilitation=1.5", "`backbone.facilitation` must lie between 0 and 1 [share]; got 1.5"),
        ("backbone.facilitation=true", "`backbone.facilitation` must be a number; got True"),
        ("backbone.facilitation=null", "`backbone.facilitation` must be a number; got None"),
        ("ministry.mode=nevr", "`ministry.mode` must be one of recorded, emergent, scheduled, never; got 'nevr'"),
        ("network.seats=3.5", "`network.seats` must be a whole number; got 3.5"),
        ("seds=3", "unknown key `seds`"),
    ],
)
def test_a_wrong_override_is_refused_in_one_sentence(program: str, argument: str, sentence: str) -> None:
    assert refused([argument], program).startswith(sentence)


@pytest.mark.parametrize(
    "argument", ["backbone.facilitation=0,0.5,2", "backbone.facilitation=choice(0,2)", "trust.gain=range(0,2)"]
)
def test_every_value_of_a_factor_is_checked(argument: str) -> None:
    assert "must lie between" in refused([argument])


@each_of(
    "argument",
    [
        "backbone.facilitation=0,0.5,1",
        "timing=-18,never",
        "seeds=3",
        "hydra.verbose=true",
        "--multirun",
        "scenario=historical",
    ],
)
def test_a_right_override_is_let_through(argument: str) -> None:
    check_overrides([argument], "sweep")


@each_of("program", PROGRAMS)
def test_a_program_knows_its_own_keys(program: str) -> None:
    assert {"seeds", "out"} & set(keys_of(program))
    assert "hydra" not in keys_of(program)


@pytest.mark.heavy
@each_of("program", PROGRAMS)
@each_of(
    ("arguments", "sentence"),
    [
        (["trust.gain=0.1", "trust.gain=0.2"], "`trust.gain` is given twice"),
        (["hydrax.foo=1"], "unknown key `hydrax.foo`"),
        (["hydra.mode=RUN"], "`hydra.mode` cannot be overridden; use `out` "),
        (["hydra.sweep.dir=elsewhere"], "`hydra.sweep.dir` cannot be overridden; use `out` "),
        (["backbone.facilitation@x=1"], "`backbone.facilitation@x=1` adds or deletes a key; "),
        (["backbone={facilitation: 1}"], "unknown key `backbone`"),
        (["backbone.facilitation="], "`backbone.facilitation` must be a number; got ''"),
        (["backbone.facilitation=nan"], "`backbone.facilitation` must lie between 0 and 1 [share]; got nan"),
        (["backbone.facilitation=[0,1]"], "`backbone.facilitation` must be a number; got [0, 1]"),
        (["network.seats=inf"], "`network.seats` must be a whole number; got inf"),
        (["network.seats=1" + "0" * 5000], "the number is too long"),
        (["ministry.mode=" + "x" * 5000], "`ministry.mode` must be one of recorded, emergent, scheduled, never; got "),
        (
            ["setting.until=2025-13"],
            "`setting.until`: a date must be written YYYY-MM, for example 2014-05; got '2025-13'",
        ),
        (["setting.until=2205-08"], "`setting.until`: a date must lie between 1900-01 and 2199-12; got 2205-08"),
        (
            ["\u05e1\u05e6\u05e0\u05d4=1"],
            "'\u05e1\u05e6\u05e0\u05d4=1' cannot be read; write options as `key=value`",
        ),
        (["a=b=[c"], "'a=b=[c' cannot be read; write options as `key=value`"),
        (["trust.gain=glob(*)"], "'trust.gain=glob(*)' cannot be read; write options as `key=value`"),
        (["="], "'=' cannot be read; write options as `key=value`"),
        (["--nonsense"], "unrecognized arguments: --nonsense"),
        (["--cfg", "nonsense"], "argument --cfg/-c: invalid choice: 'nonsense'"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_every_program_refuses_what_hydra_would_let_through(program: str, arguments: list[str], sentence: str) -> None:
    message = refused(arguments, program)
    assert message.startswith(sentence)
    assert len(message) < 300


@each_of("argument", ["scenario=historical,no_backbone", "trust.gain=choice(0.1,0.2)", "timing=0,6"])
@each_of(
    "program",
    sorted(
        set(PROGRAMS)
        - {
            "sweep",
            "scenarios",
            "calibrate",
            "predict",
            "sensitivity",
            "compare",
            "robust",
            "equity",
            "report",
            "mechanisms",
            "validate",
            "case",
        }
    ),
)
def test_only_a_sweep_takes_several_values(program: str, argument: str) -> None:
    assert "has several values; use `python -m experiments.sweep` for them" in refused([argument], program)


@each_of(
    "argument",
    ["seeds=1,2", "jobs=1,2", "points=a,b", "reference_facilitation=0,0.8", "block=1,2", "doubling.by=2017,2018"],
)
def test_what_holds_for_the_whole_sweep_has_one_value(argument: str) -> None:
    assert refused([argument]).endswith(f"must have one value for the whole sweep; got '{argument}'")


@pytest.mark.parametrize("argument", ["timing=0,0", "backbone.facilitation=0,0.0", "scenario=historical,historical"])
def test_a_factor_has_every_value_once(argument: str) -> None:
    assert f"has a value twice; got '{argument}'" in refused([argument])


@each_of("out", [None, "", [], {}, 5, True])
def test_results_go_where_a_path_says(out: object) -> None:
    with pytest.raises(InputError, match=r"^the place for results must be a path; got "):
        folder_of(OmegaConf.create({"out": out}))


@each_of("value", [0, -1, 1.5, "two", None, True, 10**12])
def test_a_number_of_seeds_is_whole_and_not_absurd(value: object) -> None:
    with pytest.raises(InputError, match=r"^`seeds` must be (a whole number from 1|at most 999999); got "):
        integer(OmegaConf.create({"seeds": value}), "seeds", 1)


def test_a_run_that_ends_too_early_to_double_is_refused_before_it_begins() -> None:
    scenario = configuration.scenario("historical", overrides={"setting.until": "2020-05"})
    message = r"^the run ends \(2020-05\) before the examination of `doubling.by` 2020; choose a later end or an earlier year$"
    with pytest.raises(InputError, match=message):
        require_run_reaches(Doubling(by=2020), scenario.last_month)
    require_run_reaches(Doubling(by=2019), scenario.last_month)


def test_points_that_are_one_and_the_same_are_refused() -> None:
    options = {
        "scenario": "historical_emergent",
        "timing": 24,
        "reference_facilitation": None,
        "backbone": {"facilitation": None},
    }
    points = [
        point_in({"scenario": name}, OmegaConf.create(options | {"scenario": name}))
        for name in ("historical_emergent", "policy_late")
    ]
    names = [identity(point.scenario) for point in points]
    require_distinct(points[:1], names[:1])
    with pytest.raises(InputError, match=r"^two points of the design are the same: .*; and .*policy_late"):
        require_distinct(points, names)


def test_a_configuration_becomes_its_scenario() -> None:
    options = {"scenario": "weak_backbone", "timing": 6, "backbone": {"facilitation": None}, "network": {"seats": 7}}
    scenario = scenario_in(OmegaConf.create(options))
    assert (scenario.name, scenario.parameters.backbone.facilitation, scenario.parameters.network.seats) == (
        "weak_backbone",
        0.2,
        7,
    )


def test_the_values_of_a_factor_are_listed() -> None:
    one, many = OverridesParser.create().parse_overrides(["a=1", "a=1,2,x"])
    assert sweep_values(one) == [1]
    assert sweep_values(many) == [1, 2, "x"]


# The whole command


def command(program: str, arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    root = str(Path(__file__).resolve().parents[2])
    whole = [sys.executable, "-m", f"experiments.{program}", f"out={folder / 'results'}", *arguments]
    return subprocess.run(whole, cwd=root, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.slow
@pytest.mark.program
@pytest.mark.parametrize(
    ("program", "argument", "sentence"),
    [
        (
            "run",
            "backbone.faciltation=1",
            "error: unknown key `backbone.faciltation`; did you mean `backbone.facilitation`?",
        ),
        ("run", "+seeds=3", "error: `+seeds=3` adds or deletes a key; write `seeds=value`"),
        ("sweep", "backbone.facilitation=0,much", "error: `backbone.facilitation` must be a number; got 'much'"),
        ("sweep", "timing=0,soon", "error: `timing` must be a whole number of months or never; got 'soon'"),
    ],
)
def test_a_command_ends_with_one_line_exit_code_2_and_nothing_written(
    program: str, argument: str, sentence: str, tmp_path: Path
) -> None:
    done = command(program, [argument], tmp_path)
    assert (done.returncode, done.stdout, done.stderr.splitlines()) == (2, "", [sentence])
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.program
def test_a_sweep_of_no_number_of_seeds_writes_nothing(tmp_path: Path) -> None:
    done = command("sweep", ["seeds=many", "timing=0", "backbone.facilitation=0.5"], tmp_path)
    assert done.returncode == 2
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.program
def test_a_mistake_found_by_a_run_is_one_line_too(tmp_path: Path) -> None:
    done = command("run", ["scenario=historcal"], tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines() == ["error: unknown scenario `historcal`; did you mean `historical`?"]


DOUBLING = {"base": 8869, "factor": 2.0, "of": "count", "by": 2020}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"base": "x"}, "`doubling.base` must be a number or `own`; got 'x'"),
        ({"of": "county"}, "`doubling.of` must be one of count, share; got 'county'"),
        ({"factor": -1.0}, "`doubling.base` and `doubling.factor` must be above 0; got 8869 and -1.0"),
    ],
)
def test_a_wrong_doubling_is_refused(change: dict, sentence: str) -> None:
    with pytest.raises(InputError) as mistake:
        doubling_of(OmegaConf.create({"doubling": DOUBLING | change}))
    assert str(mistake.value) == sentence


@each_of(
    ("doubling", "sentence"),
    [
        (DOUBLING | {"by": "soon"}, "`doubling.by` must be a whole number from 2013; got 'soon'"),
        (DOUBLING | {"by": 2020.5}, "`doubling.by` must be a whole number from 2013; got 2020.5"),
        (DOUBLING | {"by": 2012}, "`doubling.by` must be a whole number from 2013; got 2012"),
        (DOUBLING | {"by": None}, "`doubling.by` must be a whole number from 2013; got None"),
        (DOUBLING | {"by": 20200}, "`doubling.by` must be at most 2199; got 20200"),
        (
            DOUBLING | {"factor": float("nan")},
            "`doubling.base` and `doubling.factor` must be above 0; got 8869 and nan",
        ),
        (DOUBLING | {"factor": "x"}, "`doubling.base` and `doubling.factor` must be above 0; got 8869 and 'x'"),
        (DOUBLING | {"base": True}, "`doubling.base` and `doubling.factor` must be above 0; got True and 2.0"),
        (DOUBLING | {"of": ["count"]}, "`doubling.of` must be one of count, share; got ['count']"),
        (DOUBLING | {"bas": 1}, "`doubling` must be a mapping with the keys base, factor, of, by; got {'base': 8869, "),
        (3, "`doubling` must be a mapping with the keys base, factor, of, by; got 3"),
        (None, "`doubling` must be a mapping with the keys base, factor, of, by; got None"),
    ],
)
def test_a_doubling_that_makes_no_sense_is_refused(doubling: object, sentence: str) -> None:
    with pytest.raises(InputError) as mistake:
        doubling_of(OmegaConf.create({"doubling": doubling}))
    assert str(mistake.value).startswith(sentence)


@pytest.mark.parametrize(
    ("held", "sentence"),
    [
        ("x", "`reference_facilitation` must be a number; got 'x'"),
        (True, "`reference_facilitation` must be a number; got True"),
        (2, "`reference_facilitation` must lie between 0 and 1 [share]; got 2"),
        (float("nan"), "`reference_facilitation` must lie between 0 and 1 [share]; got nan"),
    ],
)
def test_a_wrong_held_facilitation_is_refused(held: object, sentence: str) -> None:
    cfg = OmegaConf.create({"scenario": "historical_emergent", "timing": 0, "reference_facilitation": held})
    with pytest.raises(InputError) as mistake:
        point_in({}, cfg)
    assert str(mistake.value) == sentence
