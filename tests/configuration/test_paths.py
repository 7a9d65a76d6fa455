"""Paths with odd letters: read by Hydra as they are typed, printed so that a shell reads them again."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import OmegaConf

import sim
from experiments import check
from experiments.command_line.arguments import as_user_types, for_hydra, typed, unescaped
from experiments.command_line.overrides import check_overrides, keys_of, parse_words, sweep_values
from experiments.command_line.sweep_design import compose_point
from experiments.results import values_as_typed, with_changes
from sim import configuration
from sim.commands import command, option
from sim.configuration import arm_over, configs
from sim.design.samples import sample_from_file
from sim.errors import InputError
from sim.figures.style import wrap_lines
from sim.results.files import path_of
from sim.results.identity import files_of
from sim.runs.posterior import parameter_sets
from sim.tables.paths import expanded_path, parts_of
from tests.examples.conftest import ROOT
from tests.offenders import each_of
from tests.world.files import SCHOOLS

NAMES = ["R+D", "a=b", "file[1]", "d'Ivry", "me@work #2", "schools (2019)", "écoles", "נתונים", "a,b", "x{y}", "50%",
         "$HOME", "${HOME}", "semi;colon", 'quo"te', "both'\"", "back\\slash", "C:\\new\\table", "end\\", "a\\${b}\\",
         "-dash", "~tilde", "trailing ", " leading", "two\nlines", "a\tb", "[list]", "choice(a,b)", "2019", "true", "*?",
         "!x", "`x`", "&|<>"]  # fmt: skip
"""Names of files and folders that a system allows and that mean something to a shell, to Hydra or to OmegaConf."""

PROGRAMS = sorted(path.stem for path in (configs() / "experiment").glob("*.yaml"))
SCENARIO = "about: a test\npolicies: [initiative_5x2]\nset: {backbone.facilitation: 0.3}\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, with a home folder in it."""
    (tmp_path / "home").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    return tmp_path


def values_of(word: str) -> list[object]:
    """The values that a program gets of a word of its command."""
    (override,) = OverridesParser.create().parse_overrides(for_hydra([word]))
    return [OmegaConf.create({"key": value}).key for value in sweep_values(override)]


# As they are typed


@each_of("key", ["out", "posterior"])
@each_of("name", NAMES)
def test_an_output_is_one_path_whatever_is_in_it(key: str, name: str) -> None:
    assert values_of(f"{key}={name}") == [name]


@each_of("key", ["setting.schools", "points", "uncertainty", "scenario", "comparisons", "targets", "game"])
@each_of("name", NAMES)
def test_an_input_that_exists_is_one_path(here: Path, key: str, name: str) -> None:
    (here / name).write_text("")
    assert values_of(f"{key}={name}") == [name]


@each_of("name", sorted({*NAMES} - {"a,b", "choice(a,b)", "[list]", " leading", "trailing "}))
def test_an_input_that_does_not_exist_is_one_path_for_the_error_to_name(name: str) -> None:
    assert values_of(f"setting.schools=folder/{name}.csv") == [f"folder/{name}.csv"]


@each_of("name", NAMES)
def test_a_name_in_quotes_of_its_own_is_that_name(name: str) -> None:
    assert values_of(option("out", name)) == [name]
    assert values_of(option("setting.schools", name)) == [name]


@pytest.mark.parametrize("value", ["a.csv,b.csv", "a+1.csv,b (2).csv", "d'Ivry.csv,a=b.csv", "'x,y.csv','${A}'"])
def test_commas_separate_the_inputs_of_a_sweep(value: str) -> None:
    expected = ["x,y.csv", "${A}"] if value.startswith("'") else value.split(",")
    assert values_of(f"setting.schools={value}") == expected


def test_a_file_with_a_comma_stays_whole_beside_others(here: Path) -> None:
    (here / "x,y.csv").write_text("")
    assert values_of("setting.schools=a.csv,x,y.csv,b.csv") == ["a.csv", "x,y.csv", "b.csv"]
    assert values_of("comparisons=[a, x,y.csv,'p,q']") == [["a", "x,y.csv", "p,q"]]


def test_a_scenario_with_a_comma_may_be_laid_over_another(here: Path) -> None:
    (here / "x,y.yaml").write_text(SCENARIO)
    assert values_of("scenario=us_region+./x,y.yaml,historical") == ["us_region+./x,y.yaml", "historical"]


@each_of("value", ["null", "historical,no_backbone", "[no_backbone,+policy_late]", "choice(a,b)", "[]", ""])
def test_words_without_a_path_are_read_as_before(value: str) -> None:
    assert for_hydra([f"arms={value}", f"seeds={value}"]) == [f"arms={value}", f"seeds={value}"]


@pytest.mark.heavy
@each_of("program", PROGRAMS)
def test_every_program_takes_every_name_for_its_results(program: str) -> None:
    assert "out" in keys_of(program)
    for name in NAMES:
        check_overrides([f"out={name}"], program)


def test_text_of_the_user_is_no_grammar_either() -> None:
    assert values_of("title=Who's first, and why (in 2020)?") == ["Who's first, and why (in 2020)?"]
    check_overrides(["title=Who's first, and why?"], "report")


def test_a_name_that_is_no_text_is_refused() -> None:
    with pytest.raises(
        InputError, match=r"^the value 'a.udcff' of `out` is not text in UTF-8; rename the file or folder$"
    ):
        for_hydra(["out=a\udcff"])


def test_a_value_that_cannot_be_read_is_shown_in_quotes() -> None:
    with pytest.raises(InputError) as mistake:
        check_overrides(["ministry.mode=a=b[c"], "run")
    sentence, _, shown = str(mistake.value).rpartition(": ")
    assert sentence.endswith("write options as `key=value`; text with special characters needs quotes within quotes")
    (word,) = shlex.split(shown)
    assert parse_words([word])[0].value() == "a=b[c"


def test_a_point_of_a_sweep_has_the_names_of_its_files() -> None:
    config = OmegaConf.create({"setting": {"schools": None}, "out": None, "hydra": {}})
    factors, point = compose_point(config, for_hydra(["setting.schools=${HOME}.csv", "out=a,${b}"]))
    assert factors == {"setting.schools": "${HOME}.csv", "out": "a,${b}"}
    assert (point.setting.schools, point.out) == ("${HOME}.csv", "a,${b}")


# Commands that can be pasted


@each_of("name", NAMES)
def test_a_command_is_what_was_typed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    words = [f"out={name}", f"setting.schools={name}", "seeds=2"]
    monkeypatch.setattr(sys, "argv", ["run", *for_hydra(words)])
    assert typed() == words
    assert shlex.split(command("run", typed())) == ["python", "-m", "experiments.run", *words]


@each_of("name", NAMES)
def test_a_hint_that_is_pasted_names_the_same_folder(name: str) -> None:
    *_, word = shlex.split(command("sensitivity", [option("out", name)]))
    assert values_of(word) == [name]


@each_of("name", NAMES)
def test_a_larger_sweep_has_the_values_that_it_had(here: Path, name: str) -> None:
    (here / name).write_text("")
    before, after = parse_words([f"setting.schools={name}"])[0], parse_words(["setting.schools=b.csv,'c,d'"])[0]
    words = with_changes(
        [f"setting.schools={name}"], {"setting.schools": ",".join([*values_as_typed(before), *values_as_typed(after)])}
    )
    assert values_of(words[0]) == [name, "b.csv", "c,d"]
    assert as_user_types("0.5") == "0.5"


WORDS = [f"{key}={name} of 'us'" for name in NAMES if not {"\n", "\t"} & {*name} for key in ("setting.schools", "out")]


@pytest.mark.program
@pytest.mark.parametrize("wide", [30, 70, 200])
def test_a_command_in_a_figure_can_be_pasted(wide: int) -> None:
    lines = wrap_lines(
        f"Own game. {shlex.join(['python', '-m', 'experiments.run', *WORDS])}; model 0a1b, commit 2c3d", wide
    )
    assert lines[0] == "Own game."
    text = "\n".join(lines[1:]).rpartition(";")[0].removeprefix("python -m ")
    shown = subprocess.run(["sh", "-c", f"printf '%s\\n' {text}"], capture_output=True, text=True, check=True).stdout
    assert shown.splitlines() == ["experiments.run", *WORDS]


# Where files are opened


def test_a_home_folder_is_expanded_wherever_a_file_is_opened(here: Path) -> None:
    home = here / "home"
    (home / "schools.csv").write_text(SCHOOLS)
    (home / "own.yaml").write_text(SCENARIO)
    (home / "points.csv").write_text("trust.gain\n0.1\n")
    (home / "sets.csv").write_bytes((configs() / "data" / "posterior.csv").read_bytes())
    (home / "cohorts.csv").write_text("year,students\n2006,91500\n")
    scenario = configuration.scenario(
        "~/own.yaml", overrides={"setting.schools": "~/schools.csv", "setting.cohorts": "~/cohorts.csv"}
    )
    assert scenario.name == "own"
    assert {home / "schools.csv", home / "cohorts.csv"} <= {*files_of(scenario)}
    assert configuration.scenario("historical+~/own.yaml").name == "historical+own"
    assert sample_from_file("~/points.csv").values == ({"trust.gain": 0.1},)
    assert parameter_sets("~/sets.csv") == parameter_sets("posterior")
    assert "schools.csv: a school file" in sim.check("~/schools.csv")
    assert path_of("~/results") == path_of(Path("~/results")) == home / "results"
    assert values_of("out=~/results") == [str(home / "results")]
    assert typed(for_hydra(["out=~/results"])) == ["out=~/results"]


def test_a_tilde_of_no_user_is_a_letter(here: Path) -> None:
    assert expanded_path("~nobody here") == expanded_path(expanded_path("~nobody here")) == here / "~nobody here"
    assert expanded_path("./~") == expanded_path(expanded_path("./~")) == here / "~"


@each_of("name", ["R+D", "a,b", "d'Ivry", "${HOME}", "me@work #2", "+x", "נתונים"])
def test_a_plus_is_an_operator_between_names_and_not_within_the_name_of_a_file(here: Path, name: str) -> None:
    (here / f"{name}.yaml").write_text(SCENARIO)
    assert configuration.scenario(f"{name}.yaml").name == name
    assert configuration.scenario(f"us_region+./{name}.yaml").name == f"us_region+{name}"
    assert configuration.scenario(f"./{name}.yaml+no_backbone").name == f"{name}+no_backbone"
    assert arm_over("us_region", f"+./{name}.yaml") == f"us_region+./{name}.yaml"
    assert arm_over(configuration.scenario("us_region"), f"+./{name}.yaml").name == f"us_region+{name}"


def test_a_path_that_does_not_exist_is_named_whole() -> None:
    assert parts_of("us_region+no_backbone+policy_late") == ["us_region", "no_backbone", "policy_late"]
    with pytest.raises(InputError, match=r"^the file './R\+D.yaml' for a scenario does not exist$"):
        configuration.scenario("us_region+./R+D.yaml")


def test_what_omegaconf_would_interpolate_is_text() -> None:
    assert unescaped(for_hydra(["out=${a}"])[0]) == "out='${a}'"


def test_a_file_whose_name_begins_with_a_dash_is_checked(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "-schools.csv").write_text(SCHOOLS)
    assert check.main(["-schools.csv", "--year", "2013"]) == 0
    assert "-schools.csv: a school file of" in capsys.readouterr().out


# Streams that cannot encode what users write


@pytest.mark.program
@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_what_a_stream_cannot_encode_is_escaped(here: Path, encoding: str) -> None:
    (here / "נתונים.csv").write_text(SCHOOLS, encoding="utf-8")
    (here / "שגוי.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    for arguments, code in (["נתונים.csv"], 0), (["שגוי.csv"], 2):
        done = subprocess.run(
            [sys.executable, "-m", "experiments.check", *arguments],
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding},
            capture_output=True,
            check=False,
        )
        assert done.returncode == code
        assert b"\\u05" in (done.stdout if code == 0 else done.stderr)
        assert b"Traceback" not in done.stderr
