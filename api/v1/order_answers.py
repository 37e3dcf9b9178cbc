"""How the integration API shows work orders, their clocks and their history. Never who rated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from models.handling.viewing import lines
from models.orders.clocks import CLOCKS
from models.orders.events import Kind
from models.orders.states import State
from models.tables import Agency, OrderDeadline, OrderEvent, WorkOrder


class DeadlineAnswer(BaseModel):
    """`void_at`: nothing is due any more. `overdue_at`: it was not met in time, and stays so when
    it is met late."""

    order: int
    kind: str
    label: str
    source: str
    started_at: datetime
    due_at: datetime
    provisional: bool
    met_at: datetime | None
    void_at: datetime | None
    overdue_at: datetime | None


class OrderEventAnswer(BaseModel):
    """`actor`: system, rater, or the account's login; `agency` and `role`: for whom it acted.
    `via`: the integrator that acted for it. `source`: the article that asks for the step. `said`:
    what was given with it, in words."""

    sequence: int
    kind: str
    label: str
    at: datetime
    actor: str
    agency: str | None
    role: str | None
    via: str | None
    source: str | None
    said: list[str]


class OrderAnswer(BaseModel):
    """`sequence`: of the last event. `class_name`: simple, general, complex. `counted`: false where
    the rating is not adopted (不予采纳) or not counted. `due_at`: the first of the duties that are
    open."""

    number: int
    state: str
    label: str
    sequence: int
    evaluation: UUID
    agency: str
    holder: str | None
    handler: str | None
    copied_to: list[str]
    class_name: str | None
    counted: bool
    opened_at: datetime
    received_at: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    deadlines: list[DeadlineAnswer]
    events: list[OrderEventAnswer]


def deadline_answer(row: OrderDeadline) -> DeadlineAnswer:
    return DeadlineAnswer(
        order=row.order_id,
        kind=row.kind,
        label=CLOCKS[row.kind],
        source=row.source,
        started_at=row.started_at,
        due_at=row.due_at,
        provisional=row.provisional,
        met_at=row.met_at,
        void_at=row.void_at,
        overdue_at=row.overdue_at,
    )


async def order_answers(orders: Sequence[WorkOrder]) -> list[OrderAnswer]:
    """In their order, with a query a table and not an order."""
    ids = [order.id for order in orders]
    clocks: dict[int, list[OrderDeadline]] = {each: [] for each in ids}
    for clock in await OrderDeadline.filter(order_id__in=ids).order_by("due_at", "kind"):
        clocks[clock.order_id].append(clock)
    events: dict[int, list[OrderEvent]] = {each: [] for each in ids}
    history = OrderEvent.filter(order_id__in=ids).order_by("sequence")
    for event in await history.select_related("account", "agency"):
        events[event.order_id].append(event)
    codes = await _codes(orders)
    return [_order_answer(each, clocks[each.id], events[each.id], codes) for each in orders]


async def _codes(orders: Sequence[WorkOrder]) -> dict[int | None, str]:
    ids = {of for each in orders for of in (each.agency_id, each.holder_id, each.handler_id)}
    ids |= {agency for each in orders for agency in each.copied_to}
    agencies = await Agency.filter(id__in=[each for each in ids if each is not None])
    return {agency.id: agency.code for agency in agencies}


def _order_answer(
    order: WorkOrder,
    clocks: Sequence[OrderDeadline],
    events: Sequence[OrderEvent],
    codes: Mapping[int | None, str],
) -> OrderAnswer:
    return OrderAnswer(
        number=order.id,
        state=order.state,
        label=State(order.state).label,
        sequence=order.sequence,
        evaluation=order.evaluation_id,
        agency=codes[order.agency_id],
        holder=codes.get(order.holder_id),
        handler=codes.get(order.handler_id),
        copied_to=[codes[each] for each in order.copied_to],
        class_name=order.class_name,
        counted=order.counted,
        opened_at=order.opened_at,
        received_at=order.received_at,
        due_at=order.due_at,
        closed_at=order.closed_at,
        deadlines=[deadline_answer(row) for row in clocks],
        events=[_event_answer(event) for event in events],
    )


def _event_answer(event: OrderEvent) -> OrderEventAnswer:
    kind = Kind(event.kind)
    return OrderEventAnswer(
        sequence=event.sequence,
        kind=event.kind,
        label=kind.label,
        at=event.at,
        actor=event.actor,
        agency=event.agency.code if event.agency else None,
        role=event.account.role if event.account else None,
        via=event.details.get("via"),
        source=event.details.get("source"),
        # What was heard on the telephone, or why a number was looked up, may tell who rated.
        said=[] if kind in (Kind.CONTACTED, Kind.REVEALED) else list(lines(kind, event.details)),
    )
