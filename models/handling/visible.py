"""Which orders an account may see at all. What it sees of one is `viewing.py`'s."""

from __future__ import annotations

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from models.accounts.roles import Role
from models.directory.regions import ids_within
from models.orders.events import Kind
from models.orders.states import State
from models.tables import Account, Agency, Coverage, OrderEvent, WorkOrder

_ENDED = [state.value for state in State if state.ended]


async def visible(account: Account) -> QuerySet[WorkOrder]:
    """Without repeated rows. 运维 sees none: running the installation needs nobody's complaint."""
    role = Role(account.role)
    if role is Role.OPERATOR or account.agency_id is None or account.disabled_at is not None:
        return WorkOrder.filter(id__in=[])
    if role is Role.STAFF:
        about = Coverage.filter(staff_id=account.staff_id).values("evaluation_id")
        return WorkOrder.filter(evaluation_id__in=Subquery(about))
    mine = Q(handler_id=account.agency_id) | Q(holder_id=account.agency_id)
    if role is Role.HANDLER:
        # Who took part in a joint matter is told, and may be asked (reading 21).
        part = Coverage.filter(agency_id=account.agency_id).values("evaluation_id")
        taken = Q(agency_id=account.agency_id) | Q(evaluation_id__in=Subquery(part))
        return WorkOrder.filter(mine | taken)
    agency = await Agency.get(id=account.agency_id)
    inside = Q(region_id__in=await ids_within(agency.region_id))
    return WorkOrder.filter(inside if role is Role.AUDITOR else mine | inside)


async def waiting(account: Account) -> QuerySet[WorkOrder]:
    """待办: those whose next step is theirs."""
    mine = await visible(account)
    if Role(account.role) is Role.CALLBACK:
        called = OrderEvent.filter(kind=Kind.CONTACTED.value).values("order_id")
        by_hand = OrderEvent.filter(kind=Kind.CALLBACK_OPENED.value).values("order_id")
        uncalled = Q(id__in=Subquery(by_hand)) & ~Q(id__in=Subquery(called))
        return mine.filter(Q(state=State.CALLING_BACK.value) | uncalled).exclude(state__in=_ENDED)
    if Role(account.role) in (Role.STAFF, Role.AUDITOR):
        return mine.filter(id__in=[])
    return mine.filter(holder_id=account.agency_id).exclude(state__in=_ENDED)
