"""Counting what was rated. A person's rating, however late, stands in place of the default of the
same item, which stays in the record (reading 18); the two are never added up (DESIGN §7).

What is not adopted (不予采纳), or not counted (不予计算, 三明), is in no count. It brings no
default back: somebody did speak. 天津 counts it as 未评 (reading 13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tortoise.expressions import Q
from tortoise.functions import Count as Number
from tortoise.queryset import QuerySet

from models.office import Office
from models.rulebooks.order_rules import ExclusionEffect
from models.tables import Coverage, Invitation
from models.words import Closing, Level, Ordinal, Provenance, Silence, Target


@dataclass(frozen=True, slots=True)
class Count:
    agency: int
    target: Target
    level: Level
    provenance: Provenance
    ordinal: Ordinal
    number: int


async def counts(
    office: Office, agencies: Sequence[int], begin: datetime, end: datetime
) -> list[Count]:
    """What counts of the evaluations from `begin` until before `end`, by case and target: a batch
    of five cases rated once counts five (reading 20)."""
    if not agencies:
        return []
    among = ",".join("?" * len(agencies))
    rows = await office.database.rows(
        f"SELECT c.agency_id, c.target, c.level, e.provenance, c.ordinal, COUNT(*) AS number"  # noqa: S608
        f" FROM coverage c JOIN evaluation e ON e.id = c.evaluation_id"
        f" WHERE c.agency_id IN ({among}) AND e.at >= ? AND e.at < ?"
        # A default's slot ends in /0, the person's in /1.
        f" AND NOT (c.ordinal = 0 AND EXISTS (SELECT 1 FROM coverage p"
        f" WHERE p.slot = SUBSTR(c.slot, 1, LENGTH(c.slot) - 1) || '1'))"
        f" AND NOT EXISTS (SELECT 1 FROM work_order w"
        f" WHERE w.evaluation_id = e.id AND NOT w.counted)"
        f" GROUP BY c.agency_id, c.target, c.level, e.provenance, c.ordinal",
        *agencies,
        begin,
        end,
    )
    return [
        Count(
            agency=row["agency_id"],
            target=Target(row["target"]),
            level=Level(row["level"]),
            provenance=Provenance(row["provenance"]),
            ordinal=Ordinal(row["ordinal"]),
            number=row["number"],
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Unrated:
    """未评. `silent`: nobody rated in time, nor since. `invalidated`: somebody did, and it is not
    adopted (归集为“未评”, 天津第十九条)."""

    silent: int = 0
    invalidated: int = 0


async def unrated(
    office: Office, agencies: Sequence[int], begin: datetime, end: datetime
) -> dict[int, Unrated]:
    """By agency: completed items whose silence fell due, or whose rating was given, from `begin`
    until before `end`."""
    silent = await _silent(agencies, begin, end)
    invalidated = await _invalidated(office, agencies, begin, end)
    return {
        each: Unrated(silent.get(each, 0), invalidated.get(each, 0))
        for each in silent.keys() | invalidated.keys()
    }


async def _silent(agencies: Sequence[int], begin: datetime, end: datetime) -> dict[int, int]:
    rated = [Closing.RATED.value, Closing.RATED_OTHERWISE.value]
    found = Invitation.filter(
        # NOT IN passes over NULL.
        Q(closed_why=None) | Q(closed_why__not_in=rated),
        agency_id__in=list(agencies),
        silence=Silence.UNRATED.value,
        timely_until__gte=begin,
        timely_until__lt=end,
    )
    return await _by_agency(found)


async def _invalidated(
    office: Office, agencies: Sequence[int], begin: datetime, end: datetime
) -> dict[int, int]:
    """Of cases: a batch whose one rating was set aside is as many as it has (reading 20)."""
    by_rulebook = [
        Q(evaluation__order__rulebook=book.name, evaluation__order__version=number)
        for book in office.shelf.books()
        for number, version in enumerate(book.versions, start=1)
        if version.exclusion is not None
        and version.exclusion.effect is ExclusionEffect.UNRATED
        and version.exclusion.in_unrated_rate
    ]
    if not by_rulebook:
        return {}
    found = Coverage.filter(
        Q(*by_rulebook, join_type="OR"),
        agency_id__in=list(agencies),
        target=Target.ITEM.value,
        ordinal=Ordinal.FIRST.value,
        evaluation__order__state="excluded",
        evaluation__at__gte=begin,
        evaluation__at__lt=end,
    )
    return await _by_agency(found)


async def _by_agency(found: QuerySet[Any]) -> dict[int, int]:
    rows = (
        await found.annotate(number=Number("id"))
        .group_by("agency_id")
        .values("agency_id", "number")
    )
    return {row["agency_id"]: row["number"] for row in rows}
