"""A negative rating opens a work order: who holds it first, and which clocks start. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.calendar.working_days import WorkingDays
from models.orders.clocks import OrderClock, running
from models.rulebooks.order_rules import Party
from models.rulebooks.rule import Since
from models.rulebooks.rulebook import Version

OPENED = "opened"
"""The first state: at its first receiver, nothing done yet."""
CALLBACK = "callback_opened"
"""An event: the hotline is to call the rater back by hand (人工回访, 潮安第十四条)."""


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
    holder: int | None
    source: str
    """The article that says who receives it."""
    received: bool
    """It went to the agency that answers; else it has to be dispatched first."""
    clocks: tuple[OrderClock, ...]
    callback: str | None = None
    """The article by which the hotline calls the rater back by hand."""


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
    moments = {Since.EVALUATION: now, Since.ENTERED: now}
    if received:
        moments[Since.RECEIVED] = now
    if directly:
        # Nothing is left to dispatch.
        del moments[Since.ENTERED]
        holder: int | None = holders.agency
    elif rule.party is Party.DISTRICT and holders.district is not None:
        holder = holders.district
    else:
        holder = holders.bureau
    hotline = version.hotline if by_hotline else None
    callback = hotline.source if hotline and hotline.negative_called_back_by_hand else None
    return NewOrder(holder, rule.source, received, running(version, moments, days), callback)
