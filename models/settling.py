"""Provisional deadlines, settled once the notice of their year is there (DESIGN §6).

No rating waits for this: until then the estimated day stands, marked.
"""

from __future__ import annotations

from dataclasses import asdict

from models.cases.terms import terms
from models.office import Office
from models.orders.recount import recount
from models.tables import Invitation, OrderDeadline
from models.words import Node


async def settle(office: Office) -> int:
    """Count provisional deadlines again; how many are settled now."""
    settled = 0
    async with office.database.transaction():
        for invitation in await Invitation.filter(provisional=True):
            settled += await _invitation(office, invitation)
        for row in await OrderDeadline.filter(provisional=True):
            settled += await _order(office, row)
    return settled


async def _invitation(office: Office, invitation: Invitation) -> bool:
    version = office.shelf.book(invitation.rulebook).version(invitation.version)
    times = terms(version, Node(invitation.node), invitation.opened_at, office.days)
    if times.provisional:
        return False
    invitation.update_from_dict(asdict(times))
    await invitation.save(update_fields=list(asdict(times)))
    return True


async def _order(office: Office, row: OrderDeadline) -> bool:
    counted = recount(row, office.days)
    if counted.provisional:
        return False
    row.due_at = counted.due
    row.provisional = False
    await row.save(update_fields=["due_at", "provisional"])
    return True
