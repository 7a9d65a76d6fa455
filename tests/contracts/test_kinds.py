"""One row and many rows of every kind decide alike; agents are views, and a user's class decides for its kind."""

from __future__ import annotations

import inspect

import mesa
import numpy as np
import pytest

import sim
from sim.agents import KIND_CLASSES, School
from sim.agents.business import Business
from sim.agents.foundation import Foundation
from sim.agents.local_authority import LocalAuthority
from sim.agents.ngo import NGO
from sim.agents.organisation import Organisation
from sim.agents.school import SchoolColumn
from sim.agents.validation import ANSWERS
from sim.agents.view import Column, View
from sim.configuration import scenario
from sim.dates import month_of
from sim.draws import Stream
from sim.model import CollaborationModel
from sim.world.organisations import KINDS
from sim.world.schools import BANDS
from tests.comparing import differing, world_at
from tests.offenders import each_of

SCENARIO = scenario("historical_emergent")
SEPTEMBER = month_of("2015-09")


@pytest.fixture(scope="module")
def model():
    """Return a model in which much has happened; nobody steps it."""
    return CollaborationModel(SCENARIO, seed=2).run_until_month(SEPTEMBER)


@pytest.fixture
def fresh():
    """Return a new model, shortly after the launch."""
    return CollaborationModel(SCENARIO, seed=2).run_until_month(month_of("2013-09"))


def decisions_of(cls: type, plain: type) -> list[str]:
    """Return the public methods that a class has beyond a plain agent."""
    listed = inspect.getmembers(cls, inspect.isfunction)
    return sorted(name for name, _ in listed if name[0] != "_" and not hasattr(plain, name))


OF_TIES = {"admission_terms", "chance_of_admitting"}
"""Decisions about each of some ties: of those asked, by their number among the rows of the view."""

DECISIONS = [
    (kind, name)
    for kind, cls in KIND_CLASSES.items()
    for name in decisions_of(cls, Organisation)
    if name not in OF_TIES
]
WHOLE = {"grants", "gives_to", "stream", "cooling_terms", "criteria", "follows_advice"}
"""Decisions about others than themselves: their answer has no row of its own."""


def circumstances(model: CollaborationModel, decision: str) -> tuple:
    """Return arguments of a decision, for every organisation."""
    table, draw = model.world.organisations, np.random.default_rng(5)
    size, schools = len(table), len(model.world.schools)
    share, other = draw.random(size), draw.random(size)
    return {
        "next_position": (draw.dirichlet(np.ones(7), size), 0.4),
        "acceptance_terms": (share, other, True),
        "chance_of_accepting": (share, other, True),
        "chance_of_leaving": (share,),
        "chance_of_following": (share, other),
        "chance_of_joining": (share,),
        "follows_advice": (0.2, 0.4),
        "grants": (model.world.ties,),
        "gives_to": (table.kind,),
        "stream": (0.4, 1.0),
        "cooling_terms": (0.3,),
        "criteria": (draw.random(schools) < 0.5, draw.random(schools), draw.random(schools)),
    }.get(decision, ())


def answer(view, decision: str, arguments: tuple, rows) -> dict[str, np.ndarray]:
    """Return the decision of a view, each part an array, in circumstances cut to its rows."""
    size = len(view.model.world.organisations)
    alike = decision in WHOLE
    cut = [c[rows] if isinstance(c, np.ndarray) and len(c) == size and not alike else c for c in arguments]
    value = getattr(view, decision)(*cut)
    return {k: np.asarray(v) for k, v in (value.items() if isinstance(value, dict) else [("", value)])}


@pytest.mark.simulates
@each_of(("kind", "decision"), DECISIONS)
def test_one_row_decides_as_its_kind_does(model, kind, decision):
    rows = model.world.organisations.rows_of(KINDS.index(kind))
    arguments = circumstances(model, decision)
    everyone = answer(model.kind(kind), decision, arguments, rows)
    for row in {rows.start, (rows.start + rows.stop) // 2, rows.stop - 1}:
        one = answer(model.organisation(row), decision, arguments, row)
        assert one.keys() == everyone.keys()
        for term, many in everyone.items():
            own = many if decision in WHOLE or many.ndim == 0 else many[row - rows.start]
            np.testing.assert_array_equal(np.squeeze(one[term]), np.squeeze(own), err_msg=f"{term} of row {row}")


@pytest.mark.simulates
@each_of(("kind", "decision"), DECISIONS)
def test_a_part_of_a_kind_decides_as_the_kind_does(model, kind, decision):
    rows = model.world.organisations.rows_of(KINDS.index(kind))
    arguments = circumstances(model, decision)
    everyone = answer(model.kind(kind), decision, arguments, rows)
    some = slice((rows.start + rows.stop) // 2, rows.stop)
    part = answer(KIND_CLASSES[kind].everyone(model, some), decision, arguments, some)
    for term, many in everyone.items():
        own = many if decision in WHOLE or many.ndim == 0 else many[some.start - rows.start :]
        np.testing.assert_array_equal(part[term], own, err_msg=term)


@pytest.mark.simulates
def test_one_owner_lets_in_as_its_kind_does(model):
    rows = model.world.organisations.rows_of(KINDS.index("local_authority"))
    everyone, trust = np.arange(rows.stop - rows.start), np.linspace(0.0, 1.0, rows.stop - rows.start)
    together = model.kind("local_authority").chance_of_admitting(everyone, trust)
    for number in (0, 7, int(everyone[-1])):
        one = model.organisation(rows.start + number).chance_of_admitting(np.array([0]), trust[[number]])
        np.testing.assert_allclose(one, together[[number]], rtol=1e-12)
    assert len(np.unique(together.round(9))) > 20


SCHOOL_DECISIONS = decisions_of(School, View)


def school_circumstances(model: CollaborationModel, decision: str, rows) -> tuple:
    """Return arguments of a decision of schools."""
    draw, size = np.random.default_rng(7), len(model.world.schools)
    wanting, students = draw.random((size, BANDS)), draw.random(size) * 100.0
    return {
        "supported": (0.5, 0.3),
        "by_hours": (0.5, 0.3),
        "preference": (2012,),
        "luck": (Stream.CHOICE,),
        "expected_takers": (wanting[rows],),
        "viability": (students[rows],),
        "needed_teachers": (students[rows],),
    }.get(decision, ())


def school_answer(view: School, decision: str) -> dict[str, np.ndarray]:
    value = getattr(view, decision)(*school_circumstances(view.model, decision, view.rows))
    parts = value._asdict() if isinstance(value, tuple) else value if isinstance(value, dict) else {"": value}
    return {k: np.asarray(v) for k, v in parts.items()}


@pytest.mark.simulates
@each_of("decision", SCHOOL_DECISIONS)
@each_of("row", [0, 440, 880])
def test_one_school_decides_as_all_schools_do(model, decision, row):
    everyone = school_answer(model.schools, decision)
    one = school_answer(School.everyone(model, row), decision)
    for term, many in everyone.items():
        own = many[row] if many.ndim and many.shape[0] == len(model.world.schools) else many
        np.testing.assert_array_equal(np.squeeze(one[term]), np.squeeze(own), err_msg=term)


@pytest.mark.simulates
@each_of("decision", SCHOOL_DECISIONS)
def test_some_schools_decide_as_all_schools_do(model, decision):
    everyone, rows = school_answer(model.schools, decision), np.array([3, 400, 401, 880])
    some = school_answer(School.everyone(model, rows), decision)
    for term, many in everyone.items():
        own = many[rows] if many.ndim and many.shape[0] == len(model.world.schools) else many
        np.testing.assert_array_equal(some[term], own, err_msg=term)


# Agents


NUMBERS = {"Ministry": 1, "Foundation": 12, "Business": 24, "NGO": 40, "Academia": 15, "LocalAuthority": 30,
           "Backbone": 1, "School": 881}  # fmt: skip


@pytest.mark.simulates
def test_every_kind_of_agent_is_there_in_its_number(model):
    assert {cls.__name__: len(agents) for cls, agents in model.agents_by_type.items()} == NUMBERS
    assert len(model.agents) == sum(NUMBERS.values())
    assert all(isinstance(agent, mesa.Agent) for agent in model.agents)


@pytest.mark.simulates
def test_agents_are_made_only_when_looked_at(monkeypatch):
    made = []
    plain = mesa.Agent.__init__
    monkeypatch.setattr(mesa.Agent, "__init__", lambda self, model: (made.append(type(self)), plain(self, model))[1])
    model = CollaborationModel(SCENARIO, seed=2).run_until_month(month_of("2014-10"))
    assert made == []
    assert model.agents_by_type
    assert len(made) == sum(NUMBERS.values())
    assert len(model.agents_by_type[School]) == 881
    assert len(made) == sum(NUMBERS.values())


def columns_of(cls: type, column: type) -> list[str]:
    return [name for name, _ in inspect.getmembers(cls, lambda member: isinstance(member, column))]


@pytest.mark.simulates
def test_an_agent_shows_its_row_of_every_column_and_follows_the_world(fresh):
    agents = fresh.agents_by_type
    before = fresh.world
    for _ in range(2):
        for kind, cls in KIND_CLASSES.items():
            first = fresh.world.organisations.rows_of(KINDS.index(kind)).start
            for row, agent in enumerate(agents[cls], first):
                for name in columns_of(cls, Column):
                    shown, column = getattr(agent, name), getattr(fresh.world.organisations, name)
                    np.testing.assert_array_equal(shown, column[row], err_msg=name)
        for row, school in enumerate(agents[School]):
            for name in columns_of(School, SchoolColumn):
                shown, column = getattr(school, name), getattr(fresh.world.schools, name)
                np.testing.assert_array_equal(shown, column[row], err_msg=name)
        fresh.run_until_month(month_of("2014-09"))
    assert differing(fresh.world.organisations.pledge, before.organisations.pledge) != []


@pytest.mark.simulates
@each_of("cls", [*KIND_CLASSES.values(), School], ids=lambda cls: cls.__name__)
def test_an_agent_has_every_column_of_its_table(model, cls):
    table = model.world.schools if cls is School else model.world.organisations
    internal = {"id", "opened", "delivered", "delivered_policy", "kind", "eligible", "work_group"}
    seen = set(columns_of(cls, SchoolColumn if cls is School else Column))
    assert set(vars(table)) - seen <= internal


@pytest.mark.simulates
@each_of("cls", [*KIND_CLASSES.values(), School], ids=lambda cls: cls.__name__)
def test_a_number_of_an_agent_cannot_be_set(fresh, cls):
    agent = next(iter(fresh.agents_by_type[cls]))
    name = "size" if cls is School else "pledge"
    with pytest.raises((AttributeError, TypeError)):
        setattr(agent, name, 0.987)


@pytest.mark.simulates
@pytest.mark.parametrize("name", ["position", "initial", "mix"])
def test_a_list_of_an_agent_cannot_be_edited(fresh, name):
    agent = next(iter(fresh.agents_by_type[Foundation]))
    with pytest.raises((ValueError, TypeError)):
        getattr(agent, name)[0] = 0.987


@pytest.mark.simulates
def test_agents_are_named_as_the_tables_name_them(model):
    from sim.world.names import names

    shown = [agent.name for agent in model.agents if isinstance(agent, Organisation)]
    assert shown == names(model.world)


@pytest.mark.simulates
def test_every_agent_says_who_it_is_in_a_line(model):
    for cls, agents in model.agents_by_type.items():
        text = repr(next(iter(agents)))
        assert "\n" not in text
        assert text.startswith("<")
        assert cls.__name__.lower().replace("localauthority", "local_authority") in text.lower()
        everyone = model.schools if cls is School else model.kind(cls.kind)
        assert "\n" not in repr(everyone)


# Classes of the user's own


class CautiousFoundation(Foundation):
    """Pledges half of the usual pledge; remembers the rows that it decided for."""

    decided_for: list = []  # noqa: RUF012

    def next_pledge(self):
        """Half of what others of its kind would."""
        self.decided_for.append((self.rows, self.kind))
        return super().next_pledge() / 2.0


@pytest.fixture(scope="module")
def cautious():
    """Return the month after the launch with and without cautious foundations."""
    CautiousFoundation.decided_for.clear()
    date = month_of("2013-08")
    return world_at(SCENARIO, 2, date), world_at(SCENARIO, 2, date, kinds={"foundation": CautiousFoundation})


@pytest.mark.simulates
def test_a_class_of_the_users_own_is_asked_on_its_own_rows_only(cautious):
    rows = cautious[0].organisations.rows_of(KINDS.index("foundation"))
    assert CautiousFoundation.decided_for
    assert set(map(str, CautiousFoundation.decided_for)) == {str((rows, "foundation"))}


@pytest.mark.simulates
def test_a_class_of_the_users_own_decides_for_its_kind_alone(cautious):
    plain, other = cautious
    foundations = plain.organisations.kind == KINDS.index("foundation")
    members = foundations & plain.organisations.member
    assert members.any()
    np.testing.assert_array_equal(
        other.organisations.pledge[foundations], plain.organisations.pledge[foundations] / 2.0
    )
    np.testing.assert_array_equal(other.organisations.pledge[~foundations], plain.organisations.pledge[~foundations])
    assert [
        n for n in ("ties", "schools", "cohorts", "initiative") if differing(getattr(plain, n), getattr(other, n))
    ] == []


@pytest.mark.simulates
def test_a_class_of_the_users_own_is_forgotten_with_its_model(cautious):
    assert KIND_CLASSES["foundation"] is Foundation
    assert differing(world_at(SCENARIO, 2, month_of("2013-08")), cautious[0]) == []


def test_agents_are_of_the_users_own_class():
    model = CollaborationModel(SCENARIO, 2, kinds={"foundation": CautiousFoundation})
    assert len(model.agents_by_type[CautiousFoundation]) == 12
    assert Foundation not in model.agents_by_type


TIMID = 0.25


def timid(parent: type[Organisation], method: str) -> type[Organisation]:
    """Return a subclass with one method that returns a quarter of its parent's value."""

    def less(self, *arguments):
        value = getattr(parent, method)(self, *arguments)
        return {k: v * TIMID for k, v in value.items()} if isinstance(value, dict) else value * TIMID

    return type(f"Timid{parent.__name__}", (parent,), {method: less})


OVERRIDES = [
    (cls, method)
    for cls in (Foundation, Business, NGO, LocalAuthority)
    for method in ("next_pledge", "pledge_terms", "agrees_with_agenda")
]


@pytest.mark.simulates
@pytest.mark.parametrize(("parent", "method"), OVERRIDES, ids=lambda value: getattr(value, "__name__", value))
def test_any_one_method_may_be_overridden_for_one_kind(parent, method):
    date = month_of("2014-02")
    plain = CollaborationModel(SCENARIO, 2).run_until_month(date)
    assert plain.world.initiative.agenda is not None
    other = CollaborationModel(SCENARIO, 2, plain.world, kinds={parent.kind: timid(parent, method)})
    of_kind = plain.world.organisations.kind == KINDS.index(parent.kind)
    plain.step()
    other.step()
    one, two = plain.world.organisations.pledge, other.world.organisations.pledge
    assert (one[of_kind] != two[of_kind]).any(), "the user's class was not asked"
    np.testing.assert_array_equal(one[~of_kind], two[~of_kind], err_msg="others were asked as the user's class is")


def test_a_registered_class_decides_from_then_on(monkeypatch):
    monkeypatch.setitem(KIND_CLASSES, "foundation", Foundation)
    assert sim.register(CautiousFoundation) is CautiousFoundation
    assert type(CollaborationModel(SCENARIO, 2).kind("foundation")) is CautiousFoundation


def test_a_class_without_a_known_kind_is_refused():
    with pytest.raises(sim.InputError, match="is unknown; it must be one of ministry, foundation"):
        sim.register(type("Guild", (Organisation,), {"kind": "guild"}))


def answers(method: str, answer, parent: type[Organisation] = Foundation) -> type[Organisation]:
    """Return a user's class with a decision that always has the same value."""
    return type("Slip", (parent,), {method: lambda self, *arguments: answer})


def refusal(kind: type[Organisation]) -> str:
    """Return the error that a user's class causes in the year after the launch."""
    with pytest.raises(sim.InputError) as mistake:
        CollaborationModel(SCENARIO, 2, kinds={kind.kind: kind}).run_until_month(month_of("2014-09"))
    return str(mistake.value)


@pytest.mark.simulates
@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (answers("next_pledge", 1.3), "`Slip.next_pledge` returned 1.3; it must lie between 0 and 1"),
        (answers("next_pledge", np.nan), "`Slip.next_pledge` returned nan; it must lie between 0 and 1"),
        (answers("knowledge_of_others", -0.5, NGO), "`Slip.knowledge_of_others` returned -0.5; it must lie between 0 and 1"),
        (
            answers("next_pledge", np.zeros(3)),
            "`Slip.next_pledge` returned an array of shape (3,); it must have shape (12,) or be one number",
        ),
        (
            answers("next_pledge", None),
            "`Slip.next_pledge` returned None; add a `return` with a value",
        ),
        (
            answers("pledge_terms", None),
            "`Slip.pledge_terms` returned None; add a `return` with a value",
        ),
        (
            answers("pledge_terms", 0.5),
            "`Slip.pledge_terms` returned 0.5; it must return a dict from names of reasons to numbers, for example "
            "`return super().pledge_terms() | {'name': ...}`",
        ),
        (
            answers("pledge_terms", {"whim": [1.0, 2.0]}),
            "`Slip.pledge_terms` returned for 'whim' an array of shape (2,); it must have shape (12,) or be one number",
        ),
        (answers("next_pledge", "much"), "`Slip.next_pledge` returned 'much', which is not a number"),
        (answers("pledge_terms", {"whim": np.nan}), "`Slip.pledge_terms` returned for 'whim' nan; it must be a number"),
        (answers("hours", -1.0, KIND_CLASSES["backbone"]), "`Slip.hours` returned -1; it must be at least 0"),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_is_refused_with_class_method_and_value(kind, sentence):
    assert refusal(kind) == sentence


@pytest.mark.simulates
def test_a_number_is_the_answer_of_everyone_of_a_kind():
    model = CollaborationModel(SCENARIO, 2, kinds={"foundation": answers("next_pledge", 0.5)})
    table = model.run_until_month(month_of("2013-09")).world.organisations
    assert (table.pledge[table.kind == KINDS.index("foundation")] == 0.5).all()


class Scalar(Foundation):
    """Treats an array as one number."""

    def next_pledge(self):
        """A tenth of a large purse."""
        return 0.1 if self.capacity > 5 else 0.0


class Deaf(Foundation):
    """Does not take the argument of its decision."""

    def chance_of_leaving(self):
        """Never."""
        return 0.0


class Misspelt(Foundation):
    """Reads a column that does not exist."""

    def next_pledge(self):
        """Its means, misspelt."""
        return self.capacitty * 0.0


class Uneven(Foundation):
    """Adds arrays of two lengths."""

    def pledge_terms(self):
        """The usual reasons, and one for two of them."""
        return super().pledge_terms() | {"whim": self.capacity + np.zeros(2)}


@pytest.mark.simulates
def test_a_slip_inside_a_decision_names_the_decision_and_what_it_is_asked_with():
    assert refusal(Deaf).startswith("`Deaf.chance_of_leaving` failed: ")
    assert refusal(Deaf).endswith("; the model calls it with `trust`")
    assert refusal(Misspelt).endswith(
        "failed: 'Misspelt' object has no attribute 'capacitty'; the model calls it with no arguments"
    )
    assert "`Uneven.pledge_terms` failed: operands could not" in refusal(Uneven)


@pytest.mark.simulates
def test_a_question_put_to_many_as_to_one_is_explained():
    message = refusal(Scalar)
    assert message.startswith("`Scalar.next_pledge` uses `if`")
    assert "a class answers for everyone of its kind at once" in message
    assert "numpy.where" in message


@pytest.mark.parametrize(
    ("name", "meant"),
    [("pleged", "next_pledge"), ("next_plege", "next_pledge"), ("pledge_term", "pledge_terms"), ("grant", "grants")],
)
def test_a_misspelt_decision_is_told_from_a_method_of_ones_own(name, meant):
    slip = answers(name, 0.5)
    for ask in (lambda: sim.register(slip), lambda: CollaborationModel(SCENARIO, 2, kinds={"foundation": slip})):
        with pytest.raises(sim.InputError, match=f"the model never calls `Slip.{name}`; did you mean `{meant}`"):
            ask()
    assert KIND_CLASSES["foundation"] is Foundation
    CollaborationModel(SCENARIO, 2, kinds={"foundation": answers(f"_{name}", 0.5)})
    CollaborationModel(SCENARIO, 2, kinds={"foundation": answers("mood_of_the_board", 0.5)})


def test_a_decision_by_its_old_name_is_refused_with_its_new_one():
    with pytest.raises(sim.InputError, match=r"never calls `Slip\.heed`; rename it to `knowledge_of_others`"):
        sim.register(answers("heed", 0.5, NGO))


def test_a_step_that_nobody_takes_is_said():
    with pytest.raises(
        sim.InputError, match=r"the model never calls `Slip.step`; it calls the decisions .*next_pledge"
    ):
        sim.register(answers("step", None))


def test_every_decision_has_bounds_for_its_answer():
    assert {name for _, name in DECISIONS} - {"package"} | OF_TIES == set(
        ANSWERS
    )  # what its parameters say, and no decision


def test_forks_keep_the_users_classes():
    model = CollaborationModel(SCENARIO, 2, kinds={"foundation": CautiousFoundation})
    assert model.fork(SCENARIO).kinds["foundation"] is CautiousFoundation
