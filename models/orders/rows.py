"""Between what was decided of an order and its rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from models.orders.clocks import OrderClock, first_due
from models.orders.events import Event, Kind
from models.orders.standing import Standing
from models.orders.states import State
from models.tables import OrderDeadline, OrderEvent


def stands(now: Standing, clocks: Iterable[OrderClock]) -> dict[str, Any]:
    """The columns of a work order that copy what its events say."""
    end = now.since(Kind.EXCLUDED if now.state is State.EXCLUDED else Kind.CLOSED)
    return {
        "state": now.state.value,
        "sequence": now.sequence,
        "holder_id": now.holder,
        "handler_id": now.handler,
        "class_name": now.class_name.value if now.class_name else None,
        "counted": now.counted,
        "received_at": now.received_at,
        "due_at": first_due(clocks),
        "closed_at": end if now.state.ended else None,
    }


def event_row(order: int, sequence: int, event: Event) -> OrderEvent:
    return OrderEvent(
        order_id=order,
        sequence=sequence,
        kind=event.kind.value,
        at=event.at,
        actor=event.actor,
        account_id=event.account,
        agency_id=event.agency,
        details=dict(event.details),
    )


def event_of(row: OrderEvent) -> Event:
    return Event(Kind(row.kind), row.at, row.actor, row.account_id, row.agency_id, row.details)


def deadline_rows(order: int, clocks: Iterable[OrderClock]) -> list[OrderDeadline]:
    """Of an order that opens."""
    return [
        OrderDeadline(
            order_id=order,
            kind=each.kind,
            warn_at=each.warn_after(each.deadline.start),
            **columns(each),
        )
        for each in clocks
    ]


def columns(clock: OrderClock) -> dict[str, Any]:
    return {
        "source": clock.source,
        "count": clock.deadline.period.count,
        "unit": clock.deadline.period.unit.value,
        "rolls_over": clock.deadline.period.roll_over_holidays,
        "started_at": clock.deadline.start,
        "due_at": clock.deadline.due,
        "provisional": clock.deadline.provisional,
        "met_at": clock.met_at,
        "void_at": clock.void_at,
    }
