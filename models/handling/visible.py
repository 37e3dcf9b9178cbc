"""Which orders an account may see at all. What it sees of one is `viewing.py`'s."""

from __future__ import annotations

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from models.accounts.roles import Role
from models.directory.regions import ids_within
from models.orders.events import Kind
from models.orders.states import State
from models.tables import Account, Agency, Coverage, OrderEvent, WorkOrder

_PASSED = [Kind.DISPATCHED.value, Kind.HANDED_ON.value]
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
    if role is Role.AUDITOR:
        return WorkOrder.filter(inside)
    # Who has passed an order on, to whatever region, watches what becomes of it (督办).
    passed = OrderEvent.filter(kind__in=_PASSED, agency_id=account.agency_id).values("order_id")
    return WorkOrder.filter(mine | inside | Q(id__in=Subquery(passed)))


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
    held = Q(holder_id=account.agency_id) & ~Q(state__in=_ENDED)
    # 会同 (三明): the agency verifies together with the bureau, which holds the order.
    held |= Q(handler_id=account.agency_id, state=State.VERIFYING.value)
    if Role(account.role) is not Role.BUREAU or account.agency_id is None:
        return mine.filter(held)
    own = Q(region_id__in=await _supervised(account.agency_id))
    return mine.filter(held | (own & _to_decide()))


def _to_decide() -> Q:
    """An appeal, or an extension that was asked for, while the order is the handler's."""
    appealed = _told(Kind.APPEALED) & ~_told(Kind.APPEAL_UPHELD, Kind.APPEAL_REJECTED)
    decided = (Kind.EXTENSION_GRANTED, Kind.EXTENSION_REFUSED, Kind.ANSWERED)
    asked = _told(Kind.EXTENSION_ASKED) & ~_told(*decided)
    return (appealed | asked) & ~Q(state=State.EXCLUDED.value)


def _told(*kinds: Kind) -> Q:
    events = OrderEvent.filter(kind__in=[kind.value for kind in kinds])
    return Q(id__in=Subquery(events.values("order_id")))


async def _supervised(bureau_id: int) -> frozenset[int]:
    """The regions whose nearest bureau it is."""
    bureau = await Agency.get(id=bureau_id)
    inside = await ids_within(bureau.region_id)
    below = Agency.filter(region_id__in=inside, party="bureau").exclude(region_id=bureau.region_id)
    for region in {other.region_id for other in await below}:
        inside -= await ids_within(region)
    return inside
