"""Small counts withheld: whoever remembers whom they served must not learn who said what.

Levels are counted in two groups, those that are negative and the others. What is hidden depends on
the counts by fixed steps, never on which cell would be the best to hide: so that neither a sum nor
the rule itself gives a hidden cell away.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from models.words import Level

FEWEST: Final = 5
"""A total below it is not shown at all."""
SMALL: Final = frozenset({1, 2})
"""Counts that would point at somebody. Nought points at nobody."""


@dataclass(frozen=True, slots=True)
class Shown:
    """None: withheld."""

    total: int | None
    negative: int | None
    """差评, all levels of it."""
    levels: Mapping[Level, int | None]


def shown(counts: Mapping[Level, int], negative: Collection[Level]) -> Shown:
    """Of a month that is over: from day to day a growing count would tell of each rating."""
    each = {level: counts.get(level, 0) for level in Level}
    hidden: dict[Level, int | None] = dict.fromkeys(Level)
    total = sum(each.values())
    if total < FEWEST:
        return Shown(None, None, hidden)
    groups = [[level for level in Level if (level in negative) is side] for side in (True, False)]
    sums = [sum(each[level] for level in group) for group in groups]
    if any(number in SMALL for number in sums):
        # Each is the total less the other.
        return Shown(total, None, hidden)
    for group in groups:
        if not any(each[level] in SMALL for level in group):
            hidden |= {level: each[level] for level in group}
    return Shown(total, sums[0], hidden)
