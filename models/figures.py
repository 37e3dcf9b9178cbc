"""Counting what was rated. A person's rating, however late, stands in place of the default of the
same item, which stays in the record (reading 18); the two are never added up (DESIGN §7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q
from tortoise.functions import Count as Number

from models.office import Office
from models.tables import Invitation
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


async def unrated(agencies: Sequence[int], begin: datetime, end: datetime) -> dict[int, int]:
    """未评, by agency: completed items whose silence fell due from `begin` until before `end`, and
    that nobody has rated since."""
    rated = [Closing.RATED.value, Closing.RATED_OTHERWISE.value]
    found = (
        await Invitation.filter(
            # NOT IN passes over NULL.
            Q(closed_why=None) | Q(closed_why__not_in=rated),
            agency_id__in=list(agencies),
            silence=Silence.UNRATED.value,
            timely_until__gte=begin,
            timely_until__lt=end,
        )
        .annotate(number=Number("id"))
        .group_by("agency_id")
        .values("agency_id", "number")
    )
    return {row["agency_id"]: row["number"] for row in found}
