"""差评工单 for the one who rated: what was answered, why their rating is to be set aside, what they
said to it, and what they are asked now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.orders.course import standing
from models.orders.events import Event, Kind
from models.orders.rows import event_of
from models.orders.standing import Standing
from models.orders.states import State
from models.ratings.handled import asks
from models.rulebooks.order_rules import ExclusionEffect
from models.rulebooks.rule import PLATFORM
from models.tables import Agency, Evaluation, OrderDeadline, OrderEvent, WorkOrder


class Asking(StrEnum):
    """What the rater is asked: the clock that ends it."""

    CONFIRM = "callback"
    OBJECT = "objection"


@dataclass(frozen=True, slots=True)
class Answered:
    """`sequence`: of its event."""

    sequence: int
    at: datetime
    agency: str
    text: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """拟不予采纳, or 不予采纳. `reason`: the agency's or its staff's, as they wrote it."""

    sequence: int
    ground: str
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Objected:
    at: datetime
    reason: str
    decision: str | None
    """In its own words; None while there is none."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    at: datetime
    satisfied: bool
    words: str


@dataclass(frozen=True, slots=True)
class TheirOrder:
    order: WorkOrder
    answers: tuple[Answered, ...]
    set_aside: SetAside | None
    objected: Objected | None
    confirmed: Confirmed | None
    asking: Asking | None
    until: datetime | None
    """Until when they may say it."""
    counts_as: str | None
    """What became of a rating that was set aside."""

    @property
    def about(self) -> int | None:
        """The event that they are asked about: another answer is another question."""
        match self.asking:
            case Asking.CONFIRM:
                return self.answers[-1].sequence
            case Asking.OBJECT if self.set_aside:
                return self.set_aside.sequence
        return None


async def their_order(evaluation: Evaluation) -> TheirOrder | None:
    """None: it has opened no order."""
    order = await WorkOrder.get_or_none(evaluation=evaluation)
    if order is None:
        return None
    rows = await OrderEvent.filter(order=order).order_by("sequence")
    events = [event_of(row) for row in rows]
    now = standing(order.agency_id, events)
    asking = _asking(now)
    clock = await OrderDeadline.get_or_none(order=order, kind=asking.value) if asking else None
    return TheirOrder(
        order=order,
        answers=await _answers(events),
        set_aside=_set_aside(events, now),
        objected=_objected(events),
        confirmed=_confirmed(events),
        asking=asking,
        until=clock.due_at if clock else None,
        counts_as=_counts_as(events, now),
    )


def _asking(now: Standing) -> Asking | None:
    if not asks(now):
        return None
    return Asking.OBJECT if now.state is State.EXCLUDING else Asking.CONFIRM


async def _answers(events: Sequence[Event]) -> tuple[Answered, ...]:
    given = list(_of(events, Kind.ANSWERED))
    agencies = await Agency.filter(id__in=[event.agency for _, event in given if event.agency])
    names = {agency.id: agency.name for agency in agencies}
    return tuple(
        Answered(sequence, event.at, names[event.agency or 0], event.details["text"])
        for sequence, event in given
    )


def _set_aside(events: Sequence[Event], now: Standing) -> SetAside | None:
    if now.state not in (State.EXCLUDING, State.EXCLUDED):
        return None
    sequence, decided = _of(events, Kind.MISTAKEN_CONFIRMED, Kind.APPEAL_UPHELD)[-1]
    source = decided.details.get("source") or PLATFORM
    if decided.kind is Kind.MISTAKEN_CONFIRMED:
        _, found = _of(events, Kind.FOUND_MISTAKEN)[-1]
        return SetAside(sequence, found.details["ground"], found.details["reason"], source)
    appeals = [each.details for _, each in _of(events, Kind.APPEAL_PROPOSED, Kind.APPEALED)]
    # What the agency adds when it passes an appeal on is not the reason of it (三明).
    reasons = [each["reason"] for each in appeals if "reason" in each]
    return SetAside(sequence, "申诉成立", reasons[-1], source)


def _objected(events: Sequence[Event]) -> Objected | None:
    said = _of(events, Kind.OBJECTED)
    if not said:
        return None
    sequence, objection = said[-1]
    decided = _of(events[sequence:], Kind.OBJECTION_UPHELD, Kind.OBJECTION_REJECTED)
    decision = decided[0][1].details["note"] if decided else None
    return Objected(objection.at, objection.details["reason"], decision)


def _confirmed(events: Sequence[Event]) -> Confirmed | None:
    said = _of(events, Kind.CONFIRMED)
    if not said:
        return None
    event = said[-1][1]
    return Confirmed(event.at, event.details["satisfied"], event.details.get("words", ""))


def _of(events: Iterable[Event], *kinds: Kind) -> list[tuple[int, Event]]:
    """With their sequence, the last one last."""
    return [(place, event) for place, event in enumerate(events, 1) if event.kind in kinds]


def _counts_as(events: Sequence[Event], now: Standing) -> str | None:
    if now.state is not State.EXCLUDED:
        return None
    _, event = _of(events, Kind.EXCLUDED)[-1]
    return _EFFECTS[ExclusionEffect(event.details["effect"])]


_EFFECTS = {
    ExclusionEffect.EXCLUDED: "不计入统计",
    ExclusionEffect.INVALID: "列为无效评价，不计入统计",
    ExclusionEffect.UNRATED: "统计时归集为“未评”",
}
