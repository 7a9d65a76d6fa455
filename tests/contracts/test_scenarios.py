"""Every scenario loads, describes itself, runs, and differs from all others."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np
import pytest
import yaml

import sim
from sim import configuration
from sim.configuration import configs, scenarios
from sim.errors import InputError
from sim.model import CollaborationModel
from sim.outcomes import all_outcomes
from sim.parameters import declared_parameters
from sim.world.state import World
from tests.comparing import differing, flat, world_at
from tests.offenders import each_of

SPECIFIED = [
    "historical",
    "historical_emergent",
    "no_initiative",
    "no_backbone",
    "weak_backbone",
    "strong_backbone",
    "placebo_backbone",
    "policy_only",
    "network_only",
    "minister_lost_2017",
    "ministry_never_joins",
    "policy_early",
    "policy_late",
    "money_only",
    "governance_shared",
    "governance_lead_ministry",
    "governance_lead_foundation",
    "no_business",
    "no_foundation",
    "no_shared_measurement",
    "many_subjects",
    "periphery_first",
    "programme_ends_2017",
    "ireland",
    "trust_at_means",
    "trust_frozen",
    "trust_shuffled",
    "us_region",
]


@cache
def outcomes(name: str, seed: int) -> dict[str, float]:
    return all_outcomes(world_at(configuration.scenario(name), seed))


def not_finite(world: World) -> list[str]:
    """Names of the numbers of a world that are infinite or not a number."""
    numbers = {path: value for path, value in flat(world).items() if isinstance(value, (float, np.ndarray))}
    return [
        path
        for path, value in numbers.items()
        if path != "schools.locality" and not np.isfinite(np.asarray(value, dtype=float)).all()
    ]


def test_every_scenario_of_the_specification_is_there():
    assert scenarios() == sorted(SPECIFIED)


@each_of("name", scenarios())
def test_a_scenario_says_what_it_is_about(name):
    document = yaml.safe_load((configs() / "scenario" / f"{name}.yaml").read_text())
    assert len(document["about"].split()) > 3


@each_of("name", scenarios())
def test_a_scenario_sets_only_what_differs_from_the_defaults(name):
    document = yaml.safe_load((configs() / "scenario" / f"{name}.yaml").read_text())
    restated = {k for k, v in (document.get("set") or {}).items() if declared_parameters()[k][0] == v}
    assert restated == set()


@pytest.mark.simulates
@pytest.mark.parametrize("name", scenarios())
def test_a_scenario_makes_a_world_of_finite_numbers(name):
    world = world_at(configuration.scenario(name), 1).with_(journal=None)
    assert not_finite(world) == []
    assert np.isin(world.schools.locality[~np.isnan(world.schools.locality)], (-1.0, 0.0, 1.0)).all()
    for table, names in {"ties": ["trust", "reference"], "organisations": ["pledge", "expected", "autonomy", "openness",
            "delivery", "position"], "schools": ["share", "effect", "policy_effect", "readiness"]}.items():  # fmt: skip
        for column in names:
            values = getattr(getattr(world, table), column)
            assert ((values >= 0.0) & (values <= 1.0)).all(), column
    for name, value in vars(world.initiative).items():
        if isinstance(value, float) and name not in (
            "convening",
            "brokering",
            "evidence",
            "certifying",
            "on_mathematics",
        ):
            assert 0.0 <= value <= 1.0, name
    sums = world.organisations.position[:, :4].sum(axis=1), world.organisations.position[:, 4:].sum(axis=1)
    np.testing.assert_allclose(sums, 1.0, rtol=1e-12)


@pytest.mark.simulates
def test_no_two_scenarios_are_the_same():
    twins = []
    for one, other in combinations(scenarios(), 2):
        if not differing(outcomes(one, 1), outcomes(other, 1)) and not differing(outcomes(one, 2), outcomes(other, 2)):
            twins.append((one, other))
    assert twins == []


@pytest.mark.parametrize(("one", "other"), [("historical", "no_backbone"), ("policy_late", "programme_ends_2017")])
def test_what_differs_between_two_scenarios_is_said_in_words(one, other):
    text = sim.diff(one, other)
    assert text.splitlines()
    assert f"{one} and {other} do not differ" not in text
    assert sim.diff(one, one) == f"{one} and {one} do not differ"


def test_variants_that_share_a_name_are_told_apart_by_their_place():
    weak = configuration.scenario("historical", timing=12, overrides={"backbone.facilitation": 0.4})
    lines = sim.diff("historical", weak).splitlines()
    assert lines[0] == "backbone.facilitation: 0.8 in the first, 0.4 in the second"
    assert {line.split(":")[0] for line in lines[1:]} == {"only in the first", "only in the second"}
    named = configuration.scenario("historical", overrides={"backbone.facilitation": 0.4}, name="weak")
    assert sim.diff("historical", named) == "backbone.facilitation: 0.8 in historical, 0.4 in weak"


@each_of("name", scenarios())
def test_a_scenario_is_printed_in_a_line(name):
    assert repr(configuration.scenario(name)).startswith(f"<Scenario {name}")
    assert len(repr(configuration.scenario(name))) < 400
    assert "\n" not in repr(configuration.scenario(name))


def test_a_line_of_a_scenario_says_its_name_its_timing_and_what_was_set():
    assert repr(configuration.scenario("historical_emergent", timing=0)) == "<Scenario historical_emergent>"
    weak = configuration.scenario(
        "historical_emergent", timing=12, overrides={"backbone.facilitation": 0.4, "network.seats": 9}, name="weak"
    )
    assert repr(weak) == "<Scenario weak, timing +12: backbone.facilitation=0.4, network.seats=9>"
    short = weak.with_({"setting.until": "2016-08"}, "short")
    assert repr(short).startswith(
        "<Scenario short, timing +12: backbone.facilitation=0.4, network.seats=9, setting.until="
    )
    assert "ministry.mode='never'" in repr(configuration.scenario("historical", timing="never"))
    assert repr(configuration.scenario("us_region")).endswith(" more>")


@each_of("called", ["", "  ", 5, ["weak"], b"weak", float("nan")], ids=repr)
def test_a_scenario_is_called_by_some_text(called):
    with pytest.raises(InputError, match=r"^`name` must be a name, some text; got "):
        configuration.scenario("historical", name=called)


@each_of(
    ("name", "timing", "values", "sentence"),
    [
        ("historic", None, {}, r"unknown scenario `historic`; did you mean `historical`\?"),
        ("historical", "soon", {}, "`timing` must be a whole number of months or never; got 'soon'"),
        ("historical", 1.5, {}, "`timing` must be a whole number of months or never; got 1.5"),
        ("historical", None, {"backbone.faciltation": 0.4}, r"did you mean `backbone.facilitation`\?"),
        ("historical", None, {"backbone.facilitation": "much"}, "must be a number; got 'much'"),
        ("historical", None, {"backbone.facilitation": 1.4}, "must lie between 0 and 1"),
        ("historical", None, {"backbone.facilitation": float("nan")}, "must lie between 0 and 1"),
        ("historical", None, {"backbone.present": 1}, "must be true or false; got 1"),
        ("historical", None, {"network.seats": 2.5}, "must be a whole number; got 2.5"),
        ("historical", None, {"ministry.mode": "sometimes"}, "must be one of recorded, emergent, scheduled, never"),
        ("historical", None, {"setting.until": "2004-08"}, "would end"),
        ("historical", None, {"setting.until": "2020-13"}, "a date must be written YYYY-MM"),
        ("historical", None, {"setting.start": "1st September"}, "a date must be written YYYY-MM"),
        ("historical", None, {"setting.start": "2005-10"}, "September"),
        ("historical", None, {"deliberation.periphery_from": "2016"}, "a date must be written YYYY-MM"),
        ("historical", None, {"setting.population": "nowhere.csv"}, "nowhere.csv"),
        ("historical", None, {"setting.cohorts": "nowhere.csv"}, "nowhere.csv"),
        ("historical", None, {"kinds.local_authority.number": 0, "kinds.ngo.number": -1}, "must lie between"),
    ],
)
def test_a_wrong_scenario_is_refused_in_one_sentence(name, timing, values, sentence):
    with pytest.raises(InputError, match=sentence) as caught:
        configuration.scenario(name, timing, values)
    assert "\n" not in str(caught.value)


def test_a_scenario_may_be_a_file_of_ones_own(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("about: mine\npolicies: [initiative_5x2]\ntiming: 6\nset: {backbone.facilitation: 0.3}\n")
    scenario = configuration.scenario(str(path))
    assert (scenario.name, scenario.parameters["backbone.facilitation"]) == ("mine", 0.3)
    path.write_text("about: mine\npolices: [case]\n")
    with pytest.raises(InputError, match=r"unknown key `polices` in mine.yaml; did you mean `policies`\?"):
        configuration.scenario(str(path))
    path.write_text("about: [mine\n")
    with pytest.raises(InputError, match="cannot be read as YAML"):
        configuration.scenario(str(path))


@pytest.mark.parametrize(
    "values", [{"policies": "initiative_5x2"}, {"set": ["backbone.facilitation"]}, {"policies": ["cases"]}]
)
def test_a_file_of_the_wrong_form_is_refused_in_one_sentence(tmp_path, values):
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump({"about": "mine", **values}))
    with pytest.raises(InputError) as caught:
        configuration.scenario(str(path))
    assert "\n" not in str(caught.value)


# Values within the declared range


NUMBERS = [
    (name, end)
    for name, (default, declared) in declared_parameters().items()
    if isinstance(default, (int, float)) and not isinstance(default, bool)
    for end in (declared.low, declared.high)
    if end is not None and not name.startswith("setting.") and not (name.endswith(".number") and end > 1000)
]


SECTIONS = sorted({name.rpartition(".")[0] for name, _ in NUMBERS})


@pytest.mark.release
@pytest.mark.parametrize("section", SECTIONS)
def test_a_value_at_the_end_of_its_range_can_be_simulated(section):
    @each_of(("name", "end"), [(name, end) for name, end in NUMBERS if name.rpartition(".")[0] == section])
    def can_be_simulated(name, end):
        default = declared_parameters()[name][0]
        scenario = configuration.scenario("historical").with_({name: type(default)(end), "setting.until": "2017-08"})
        world = world_at(scenario, 1).with_(journal=None)
        assert not_finite(world) == []

    can_be_simulated()


def test_a_region_of_its_own_has_its_own_target_and_no_date_of_the_case() -> None:
    region, scenario = configuration.scenario("us_region"), configuration.scenario("historical")
    reference = CollaborationModel(region, 1).world.reference_share
    assert region.parameters.ministry.target == pytest.approx(2.0 * reference, rel=0.05)
    assert not {c.month for c in region.policy.changes} & {c.month for c in scenario.policy.changes}
    assert "doubling.base=own" in (configs() / "scenario" / "us_region.yaml").read_text()
