"""How the integration API shows a work order and its clocks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from models.tables import OrderDeadline, OrderEvent, WorkOrder


class DeadlineAnswer(BaseModel):
    order: int
    kind: str
    source: str
    started_at: datetime
    due_at: datetime
    provisional: bool
    met_at: datetime | None


class OrderEventAnswer(BaseModel):
    """`kind`: opened; callback_opened where the hotline is to call the rater back by hand.
    `source`: the article that asks for the step."""

    sequence: int
    kind: str
    at: datetime
    actor: str
    source: str | None


class OrderAnswer(BaseModel):
    number: int
    state: str
    evaluation: UUID
    agency: str
    holder: str | None
    copied_to: list[str]
    opened_at: datetime
    received_at: datetime | None
    deadlines: list[DeadlineAnswer]
    events: list[OrderEventAnswer]


def deadline_answer(row: OrderDeadline) -> DeadlineAnswer:
    return DeadlineAnswer(
        order=row.order_id,
        kind=row.kind,
        source=row.source,
        started_at=row.started_at,
        due_at=row.due_at,
        provisional=row.provisional,
        met_at=row.met_at,
    )


async def order_answer(order: WorkOrder, names: dict[int, str]) -> OrderAnswer:
    """`names`: codes of agencies by id."""
    deadlines = await OrderDeadline.filter(order=order).order_by("due_at", "kind")
    events = await OrderEvent.filter(order=order).order_by("sequence")
    return OrderAnswer(
        number=order.id,
        state=order.state,
        evaluation=order.evaluation_id,
        agency=names[order.agency_id],
        holder=names.get(order.holder_id) if order.holder_id else None,
        copied_to=[names[each] for each in order.copied_to],
        opened_at=order.opened_at,
        received_at=order.received_at,
        deadlines=[deadline_answer(row) for row in deadlines],
        events=[
            OrderEventAnswer(
                sequence=each.sequence,
                kind=each.kind,
                at=each.at,
                actor=each.actor,
                source=each.details.get("source"),
            )
            for each in events
        ],
    )
