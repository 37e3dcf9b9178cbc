"""What was said first, what the agency did, what is said now: together, in the order of time
(潮安第十九条). 追加评价 adds to the first rating and takes nothing of it away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.office import Office
from models.orders.course import standing
from models.orders.rows import event_of
from models.ratings.handled import asks, state_of, steps_of
from models.ratings.said import Said, said
from models.ratings.submit import follow_up_until
from models.tables import Agency, Evaluation, OrderEvent, WorkOrder
from models.words import Ordinal


@dataclass(frozen=True, slots=True)
class Handling:
    """差评工单: its number, how it stands, and its steps."""

    number: int
    state: str
    steps: tuple[tuple[datetime, str], ...]
    asks: bool
    """The rater is asked something, on the page of the order."""


@dataclass(frozen=True, slots=True)
class Told:
    evaluation: UUID
    said: Said
    handling: Handling | None


@dataclass(frozen=True, slots=True)
class Story:
    first: Told
    again: Told | None

    def of(self, evaluation: Evaluation) -> Told:
        return self.again if self.again and self.again.evaluation == evaluation.id else self.first


async def story(office: Office, evaluation: Evaluation) -> Story:
    """Of either of the two evaluations."""
    first, again = evaluation, None
    if evaluation.ordinal == Ordinal.FOLLOW_UP:
        first = await Evaluation.get(
            invitation_id=evaluation.invitation_id, ordinal=int(Ordinal.FIRST)
        )
        again = evaluation
    elif evaluation.ordinal == Ordinal.FIRST and evaluation.invitation_id is not None:
        again = await followed_up(evaluation)
    return Story(await _told(office, first), await _told(office, again) if again else None)


async def followed_up(first: Evaluation) -> Evaluation | None:
    return await Evaluation.filter(
        invitation_id=first.invitation_id, ordinal=Ordinal.FOLLOW_UP.value
    ).first()


async def may_follow_up(office: Office, first: Evaluation) -> datetime | None:
    """Until when 追加评价 is possible. None: it is not, or it has been made."""
    version = office.shelf.book(first.rulebook).version(first.version)
    until = follow_up_until(first, version, office)
    return None if until is None or await followed_up(first) is not None else until


async def _told(office: Office, evaluation: Evaluation) -> Told:
    version = office.shelf.book(evaluation.rulebook).version(evaluation.version)
    order = await WorkOrder.get_or_none(evaluation=evaluation)
    handling = await handling_of(order) if order else None
    return Told(evaluation.id, said(evaluation, version), handling)


async def handling_of(order: WorkOrder) -> Handling:
    rows = await OrderEvent.filter(order=order).order_by("sequence")
    events = [event_of(row) for row in rows]
    now = standing(order.agency_id, events)
    acted = [event.agency for event in events if event.agency is not None]
    agencies = await Agency.filter(id__in=[order.agency_id, *acted])
    names = {agency.id: agency.name for agency in agencies}
    steps = tuple(steps_of(order.agency_id, events, names))
    return Handling(order.id, state_of(now), steps, asks(now))
