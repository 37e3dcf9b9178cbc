"""A negative rating opens a work order: who holds it first, and which clocks start. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.calendar.working_days import WorkingDays
from models.orders.clocks import OrderClock, clocks_of
from models.orders.course import standing
from models.orders.events import Event, Kind
from models.orders.standing import Standing
from models.rulebooks.order_rules import Party
from models.rulebooks.rulebook import Version


@dataclass(frozen=True, slots=True)
class Holders:
    """Who could receive the order, by what they are. None: the region has not named one."""

    agency: int
    bureau: int | None
    district: int | None
    municipal: bool
    """The agency belongs to the city itself and not to one of its districts."""


@dataclass(frozen=True, slots=True)
class NewOrder:
    events: tuple[Event, ...]
    standing: Standing
    clocks: tuple[OrderClock, ...]

    @property
    def source(self) -> str:
        """The article that says who receives it."""
        article: str = self.events[0].details["source"]
        return article


def open_order(
    version: Version,
    holders: Holders,
    now: datetime,
    days: WorkingDays,
    *,
    by_hotline: bool = False,
) -> NewOrder:
    """`by_hotline`: a call is rated, or a case that was handed on from one."""
    rule = version.first_receiver
    directly = rule.party is Party.AGENCY or (
        rule.municipal_agencies_directly and holders.municipal
    )
    # 会同: the agency has it at the same moment as the bureau (三明二(三)1).
    received = directly or rule.jointly_with is Party.AGENCY
    if directly:
        holder: int | None = holders.agency
    elif rule.party is Party.DISTRICT and holders.district is not None:
        holder = holders.district
    else:
        holder = holders.bureau
    opened = {"holder": holder, "source": rule.source, "received": received}
    events = [Event(Kind.OPENED, now, details=opened)]
    hotline = version.hotline if by_hotline else None
    if hotline is not None and hotline.negative_called_back_by_hand:
        by_hand = {"by_hand": True, "source": hotline.source}
        events.append(Event(Kind.CALLBACK_OPENED, now, details=by_hand))
    stands = standing(holders.agency, events)
    return NewOrder(tuple(events), stands, clocks_of(version, stands, days))
