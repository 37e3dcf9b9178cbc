"""What was said first, what the agency did, what is said now: together, in the order of time
(潮安第十九条). 追加评价 adds to the first rating and takes nothing of it away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.office import Office
from models.orders.opening import CALLBACK, OPENED
from models.ratings.said import Said, said
from models.ratings.submit import follow_up_until
from models.tables import Evaluation, OrderEvent, WorkOrder
from models.words import Ordinal


@dataclass(frozen=True, slots=True)
class Handling:
    """差评工单: its number, how it stands, and its steps."""

    number: int
    state: str
    steps: tuple[tuple[datetime, str], ...]


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


def state_of(order: WorkOrder) -> str:
    """In plain words. States that a citizen need not tell apart are one to them."""
    if order.state != OPENED:
        return "正在办理"
    if order.received_at is not None:
        return "已送达承办单位，等待核实"
    return "已生成，等待转交承办单位"


async def _told(office: Office, evaluation: Evaluation) -> Told:
    version = office.shelf.book(evaluation.rulebook).version(evaluation.version)
    return Told(evaluation.id, said(evaluation, version), await _handling(evaluation))


async def _handling(evaluation: Evaluation) -> Handling | None:
    order = await WorkOrder.get_or_none(evaluation=evaluation).select_related("agency", "holder")
    if order is None:
        return None
    events = await OrderEvent.filter(order=order).order_by("sequence")
    steps = [(event.at, _STEPS[event.kind]) for event in events if event.kind in _STEPS]
    if order.received_at is not None:
        steps.append((order.received_at, f"已送达{order.agency.name}"))
    return Handling(order.id, state_of(order), tuple(steps))


_STEPS = {OPENED: "生成差评工单", CALLBACK: "等待热线人工回访"}
"""Steps that the rater is shown, by the event's kind."""
