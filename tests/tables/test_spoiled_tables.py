"""A table spelled otherwise gives the same result, and a broken one is refused in one sentence: none is silently wrong."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from tests.offenders import each_of
from tests.tables.good_tables import KINDS
from tests.tables.spoilers import REFUSED, REFUSED_BY_ROW, SAME, SPOILERS, good

pytestmark = pytest.mark.slow

EXAMPLES = 10
"""Tables that are drawn for each kind and each way."""

PAIRS = [(kind, way) for kind in KINDS for way in SPOILERS if SPOILERS[way].fits(KINDS[kind])]


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.heavy
@pytest.mark.parametrize("kind", KINDS)
def test_a_table_gives_the_same_result_or_is_refused_with_file_and_row(tmp_path, kind):
    each = KINDS[kind]

    @each_of("way", [way for other, way in PAIRS if other == kind])
    def gives_the_same_or_is_refused(way):
        spoiler = SPOILERS[way]

        @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(each.grids, st.integers(0, 2**32))
        def check(grid, seed):
            expected = each.result(written(tmp_path, "good.csv", good(each, grid, random.Random(seed))))
            path = written(tmp_path, f"spoiled{spoiler.ending}", spoiler.write(each, grid, random.Random(seed)))
            if spoiler.gives == SAME:
                assert each.result(path) == expected
                return
            with pytest.raises(InputError) as caught:
                each.result(path)
            sentence = str(caught.value)
            assert path.name in sentence
            assert "\n" not in sentence
            if spoiler.gives == REFUSED_BY_ROW:
                assert any(f"{unit} {row}" in sentence for unit in ("line", "row") for row in range(1, 40)), sentence

        check()

    gives_the_same_or_is_refused()


def test_every_way_fits_several_kinds():
    fitting = Counter(way for _, way in PAIRS)
    assert [way for way in SPOILERS if fitting[way] < 4 and way != "an_id_shortened_by_a_spreadsheet"
            and not way.startswith("parquet_of_whole")] == []  # fmt: skip
    assert {spoiler.gives for spoiler in SPOILERS.values()} == {SAME, REFUSED, REFUSED_BY_ROW}
