"""Provisional deadlines, settled once the notice of their year is there (DESIGN §6).

No rating waits for this: until then the estimated day stands, marked.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.calendar.beijing import end_of
from models.cases.terms import terms
from models.handling.acting import happen, hold
from models.office import Office
from models.sweeps.batches import BATCH
from models.tables import Invitation, OrderDeadline
from models.words import Node


async def settle(office: Office) -> int:
    """Count again what falls into years that are known by now; how many are settled."""
    known = end_of(date(office.days.covered_until, 12, 31))
    settled = last = 0
    due = Q(timely_until__lt=known) | Q(timely_until=None, remind_at__lt=known)
    while rows := await _invitations(last).filter(due):
        async with office.database.transaction():
            settled += sum([await _invitation(office, row) for row in rows])
        last = rows[-1].id
    last = 0
    while clocks := await _clocks(last).filter(due_at__lt=known):
        for order in dict.fromkeys(row.order_id for row in clocks):
            settled += await _order(office, order)
        last = clocks[-1].id
    return settled


def _invitations(last: int) -> QuerySet[Invitation]:
    return Invitation.filter(provisional=True, id__gt=last).order_by("id").limit(BATCH)


def _clocks(last: int) -> QuerySet[OrderDeadline]:
    return OrderDeadline.filter(provisional=True, id__gt=last).order_by("id").limit(BATCH)


async def _invitation(office: Office, invitation: Invitation) -> bool:
    version = office.shelf.book(invitation.rulebook).version(invitation.version)
    times = terms(version, Node(invitation.node), invitation.opened_at, office.days)
    if times.provisional:
        return False
    invitation.update_from_dict(asdict(times))
    await invitation.save(update_fields=list(asdict(times)))
    return True


async def _order(office: Office, number: int) -> int:
    """Held as by who acts on it: a class given meanwhile is not overtaken."""
    estimated = OrderDeadline.filter(order_id=number, provisional=True)
    async with office.database.transaction():
        loaded = await hold(office, number)
        before = await estimated.count()
        await happen(office, loaded, ())
        return before - await estimated.count()
