"""What ends by itself: an invitation with its link, 追加评价 with its days."""

from __future__ import annotations

from datetime import datetime

from tortoise.expressions import F, Q
from tortoise.queryset import QuerySet

from models.office import Office
from models.sweeps.batches import Ids, sweep
from models.tables import Invitation
from models.words import Closing


async def close_invitations(office: Office) -> int:
    now = office.now()

    async def do(ids: Ids) -> None:
        await Invitation.filter(id__in=ids).update(
            closed_at=F("until"), closed_why=Closing.EXPIRED.value
        )

    return await sweep(office, lambda: ended(now), do)


def ended(now: datetime) -> QuerySet[Invitation]:
    """What waits for its silence to be recorded is not closed before."""
    settled = Q(timely_until=None) | Q(silence__not_isnull=True)
    return Invitation.filter(settled, until__lte=now, closed_at=None).order_by("until", "id")


async def close_follow_ups(office: Office) -> int:
    now = office.now()

    async def do(ids: Ids) -> None:
        await Invitation.filter(id__in=ids).update(follow_up_closed_at=F("follow_up_until"))

    return await sweep(office, lambda: over(now), do)


def over(now: datetime) -> QuerySet[Invitation]:
    return Invitation.filter(follow_up_until__lte=now, follow_up_closed_at=None).order_by(
        "follow_up_until", "id"
    )
