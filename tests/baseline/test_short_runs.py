"""Two school years and a third of seven scenarios, frozen number by number: a fault in a phase or a rule shows at once.

These runs are short enough for `make quick`, where rules run uncompiled.
"""

from __future__ import annotations

import json

import pytest

from tests.baseline.refresh import SHORT_NUMBERS, SHORT_RUNS, short_numbers
from tests.baseline.test_baseline import DIGITS, REFRESH


@pytest.mark.parametrize("name", SHORT_RUNS)
def test_a_short_run_gives_the_numbers_of_the_baseline(name: str) -> None:
    frozen, now = json.loads(SHORT_NUMBERS.read_text(encoding="utf-8"))[name], short_numbers(name)
    assert len(frozen) > 150
    moved = {
        number: (frozen.get(number), now.get(number))
        for number in frozen.keys() | now.keys()
        if float(now.get(number, "nan")) != pytest.approx(float(frozen.get(number, "nan")), rel=DIGITS, abs=1e-12)
    }
    assert moved == {}, REFRESH
