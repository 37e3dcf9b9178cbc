"""Small counts: nobody who knows the rule can tell a number that is not shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.withholding import FEWEST, SMALL, Shown, shown
from models.words import Level

NEGATIVE = frozenset({Level.DISSATISFIED, Level.VERY_DISSATISFIED})
Cells = tuple[int, ...]


def of(cells: Cells) -> Shown:
    return shown(dict(zip(Level, cells, strict=True)), NEGATIVE)


def key(said: Shown) -> object:
    return said.total, said.negative, tuple(said.levels[level] for level in Level)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ((0, 0, 0, 0, 0), (None, None, (None,) * 5)),
        ((4, 0, 0, 0, 0), (None, None, (None,) * 5)),
        ((5, 0, 0, 0, 0), (5, 0, (5, 0, 0, 0, 0))),
        ((40, 6, 3, 4, 3), (56, 7, (40, 6, 3, 4, 3))),
        # One who was dissatisfied: neither the level nor the side.
        ((40, 6, 3, 1, 0), (50, None, (None,) * 5)),
        # Two levels of one side: their sum may be known.
        ((40, 6, 3, 2, 1), (52, 3, (40, 6, 3, None, None))),
        ((40, 2, 0, 0, 0), (42, 0, (None, None, None, 0, 0))),
        ((1, 0, 0, 40, 3), (44, None, (None,) * 5)),
    ],
)
def test_what_is_shown(cells: Cells, said: tuple[object, ...]) -> None:
    # From the best level down.
    assert key(of(cells)) == said


def every(total: int, cells: int = 5) -> Iterator[Cells]:
    if cells == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for others in every(total - first, cells - 1):
            yield (first, *others)


@pytest.mark.parametrize("total", range(FEWEST, 11))
def test_of_every_month_with_so_many_no_hidden_count_can_be_told(total: int) -> None:
    """Who knows the rule and sees the page still finds two counts that come to the same page."""
    months: defaultdict[object, list[Cells]] = defaultdict(list)
    for cells in every(total):
        months[key(of(cells))].append(cells)
    for alike in months.values():
        said = of(alike[0])
        for place, level in enumerate(Level):
            possible = {cells[place] for cells in alike}
            assert (len(possible) == 1) is (said.levels[level] is not None)


def neighbours(cells: Cells) -> Iterator[Cells]:
    """What else the month may have been: one or two ratings elsewhere, or two levels exchanged."""
    for one in range(len(cells)):
        for other in range(len(cells)):
            for moved in (1, 2, cells[one] - cells[other]):
                changed = list(cells)
                changed[one] -= moved
                changed[other] += moved
                if min(changed) >= 0:
                    yield tuple(changed)


@given(st.tuples(*[st.one_of(st.integers(0, 4), st.integers(0, 500))] * 5))
@settings(max_examples=40)
def test_no_hidden_count_can_be_told_from_what_is_shown(cells: Cells) -> None:
    said = of(cells)
    near = list(neighbours(cells))
    alike = {each for one in near for each in (one, *neighbours(one)) if key(of(each)) == key(said)}
    for place, level in enumerate(Level):
        if said.levels[level] is None and said.total is not None:
            assert any(each[place] != cells[place] for each in alike)
        else:
            assert said.levels[level] in (None, cells[place])
            assert said.levels[level] not in SMALL
    assert said.negative not in SMALL
    assert said.total is None or said.total >= FEWEST
