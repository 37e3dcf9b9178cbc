"""催评: whoever has not rated within the rulebook's hours is asked once more (潮安第十九条,
天津第十六条)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tortoise.expressions import F
from tortoise.queryset import QuerySet

from models.notices import after_quiet_hours, notice, put
from models.office import Office
from models.rulebooks.rating_rules import Reminder
from models.sweeps.batches import Ids, sweep
from models.tables import Invitation, Notice
from models.words import Node


async def remind(office: Office) -> int:
    """Raises nothing for a person who cannot be reached: a duty that could not be done is found
    among the dead letters (reading 29)."""
    now = office.now()

    async def do(ids: Ids) -> None:
        rows = await Invitation.filter(id__in=ids).order_by("remind_at", "id").values(*_COLUMNS)
        overall = await _overall({row["case__group_id"] for row in rows})
        apart = [row for row in rows if row["case__group_id"] not in overall]
        await put(each for row in apart if (each := _notice(office, row, now)) is not None)
        await Invitation.filter(id__in=ids).update(reminded_at=F("remind_at"))

    return await sweep(office, lambda: due(now), do)


def due(now: datetime) -> QuerySet[Invitation]:
    return Invitation.filter(remind_at__lte=now, reminded_at=None, closed_at=None).order_by(
        "remind_at", "id"
    )


async def _overall(groups: set[int | None]) -> set[int]:
    """Groups that can be rated as a whole: one message asks for it, and its page offers to rate
    the cases separately."""
    found = await Invitation.filter(
        group_id__in=[each for each in groups if each is not None],
        node=Node.COMPLETION.value,
        closed_at=None,
    ).only("group_id")
    return {each.group_id for each in found if each.group_id is not None}


_WAYS = (
    "case__agent_phone",
    "case__applicant_phone",
    "case__applicant_email",
    "case__call_number",
)
_COLUMNS = (
    "id",
    "key",
    "rulebook",
    "version",
    "agency_id",
    "case_id",
    "case__group_id",
    "remind_at",
    "until",
    *_WAYS,
)


def _notice(office: Office, row: dict[str, Any], now: datetime) -> Notice | None:
    version = office.shelf.book(row["rulebook"]).version(row["version"])
    rule: Reminder | None = version.reminder
    nowhere = row["case_id"] is not None and not any(row[way] for way in _WAYS)
    if rule is None or not rule.sent or now >= row["until"] or (nowhere and not rule.mandatory):
        return None
    return notice(
        "reminder",
        row["key"],
        {"invitation": row["id"]},
        now=now,
        due=after_quiet_hours(row["remind_at"], version.quiet_hours),
        agency=row["agency_id"],
    )
