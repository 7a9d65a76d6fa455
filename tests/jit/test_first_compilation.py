"""The first compilation: callees first, on several processes, with a report, and nothing lost when it is cut short."""

from __future__ import annotations

import io
import json
import threading
from types import SimpleNamespace

import pytest

from sim.jit import COMPILED, first_compilation
from sim.jit import __main__ as program
from sim.jit.first_compilation import Queue, heights, serve
from sim.jit.signatures import recorded
from sim.progress import bar


class Part(SimpleNamespace):
    """A function with those that it calls."""

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


def part(name: str, *calls: Part) -> Part:
    return Part(name=name, needs={each.name: each for each in calls})


@pytest.fixture
def chain() -> dict[int, Part]:
    """A rule, a function that calls it, one that calls both, and one that stands alone."""
    rule = part("rule")
    caller = part("caller", rule)
    return {0: part("whole", rule, caller), 1: rule, 2: caller, 3: part("alone")}


def test_the_longest_chain_of_callers_begins_first(chain):
    assert [heights(set(chain.values()))[chain[place]] for place in range(4)] == [1, 3, 2, 1]


def test_a_function_is_compiled_after_those_that_it_calls(chain):
    reports: list[tuple[int, int, float]] = []
    queue = Queue(chain, lambda *values: reports.append(values))
    first, second = queue.next(), queue.next()
    assert [first, second] == [1, 3]
    queue.finished(1)
    assert queue.next() == 2
    queue.finished(2, "no such type")
    assert queue.next() == 0
    queue.finished(0), queue.finished(3)
    assert queue.next() is None
    assert [values[:2] for values in reports] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert reports[-1][2] == 0.0
    assert queue.failures == ["caller: no such type"]


def test_functions_that_call_each_other_do_not_stop_the_queue():
    one, other = part("one"), part("other")
    one.needs, other.needs = {"other": other}, {"one": one}
    queue = Queue({0: one, 1: other}, None)
    places = {queue.next()}
    queue.finished(*places)
    assert places | {queue.next()} == {0, 1}


def test_several_processes_share_the_queue(chain):
    queue, order, lock = Queue(chain, None), [], threading.Lock()

    def work() -> None:
        while (place := queue.next()) is not None:
            with lock:
                order.append(place)
            queue.finished(place)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(order) == [0, 1, 2, 3]
    assert order.index(1) < order.index(2) < order.index(0)


def test_a_process_that_compiles_answers_each_line_and_goes_on_after_a_failure(monkeypatch):
    monkeypatch.setattr(first_compilation, "recorded", lambda: [("good", []), ("bad", [])])
    compiled = []

    def step(name: str) -> SimpleNamespace:
        if name == "bad":
            raise KeyError(name)
        return SimpleNamespace(compile=compiled.append)

    monkeypatch.setattr(first_compilation, "step_named", step)
    answers = io.StringIO()
    serve(io.StringIO("0\n1\n0\n"), answers)
    assert answers.getvalue() == "done\nKeyError 'bad'\ndone\n"
    assert compiled == [[], []]


def test_a_set_up_that_cannot_compile_says_so_and_ends_well(monkeypatch, capsys):
    def failed() -> None:
        raise RuntimeError("no space left")

    monkeypatch.setattr(program, "compile_with_bar", failed)
    assert program.main() == 0
    assert capsys.readouterr().err == (
        "the rules could not be compiled beforehand (no space left); they are compiled at their first use\n"
    )


def test_an_interrupted_compilation_says_what_is_kept(monkeypatch, capsys):
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(program, "compile_with_bar", interrupted)
    assert program.main() == 130
    assert "what was compiled is kept" in capsys.readouterr().err


def test_a_bar_in_a_file_is_a_line_at_its_begin_and_at_its_end(capsys):
    with bar(desc="compiling", total=200) as shown:
        for _ in range(200):
            shown.update(1)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert "0/200" in lines[0]
    assert "200/200" in lines[1]


def test_a_failed_function_is_one_sentence_under_the_bar(monkeypatch, capsys):
    monkeypatch.setattr(first_compilation, "compiled_before", lambda: False)
    monkeypatch.setattr(first_compilation, "writable", lambda: True)
    monkeypatch.setattr(
        first_compilation, "compile_rules", lambda report: report(0, 2, -1.0) or ["rule: no", "two: no"]
    )
    first_compilation.compile_with_bar()
    output = capsys.readouterr().err
    assert "compiling the rules, once: 0 of 2 functions" in output
    assert output.count("not every rule could be compiled beforehand (rule: no)") == 1


def test_the_recorded_list_is_in_order_and_without_doubles():
    texts = [json.dumps([name, arguments]) for name, arguments in recorded()]
    assert len(set(texts)) == len(texts)
    assert texts == sorted(texts)


@pytest.mark.skipif(COMPILED, reason="there is a compiler")
def test_without_a_compiler_nothing_is_left_to_compile():
    assert first_compilation.compiled_before()
    assert first_compilation.compile_rules() == []
