"""Callers whose process died: what they had confirmed counts, and who had confirmed nothing gets
the link."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from tortoise.queryset import QuerySet

from models.cases.handovers import handed
from models.office import Office
from models.ratings.by_phone import Said, finish
from models.sweeps.batches import BATCH
from models.tables import Handover

LONGEST: Final = timedelta(minutes=15)
"""No call takes longer: the dialogue ends by itself long before."""


async def end_handovers(office: Office) -> int:
    """One by one, each as the process would have ended it: there are few. Done by several at once,
    each is done once. Raises what went wrong once the others are done."""
    rows = await left(office.now()).limit(BATCH)
    faults = []
    for row in rows:
        try:
            await finish(office, await handed(office, row), Said())
        except Exception as fault:  # noqa: BLE001 - one that cannot be ended holds up no other
            faults.append(fault)
    if faults:
        raise ExceptionGroup("callers who could not be let go", faults)
    return len(rows)


def left(now: datetime) -> QuerySet[Handover]:
    return Handover.filter(claimed_at__lte=now - LONGEST, ended_at=None).order_by(
        "claimed_at", "id"
    )
