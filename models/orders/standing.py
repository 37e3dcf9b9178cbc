"""What the events of an order say of it. Pure: the stored state is a copy of this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from models.orders.events import Kind
from models.orders.states import State
from models.rulebooks.order_rules import ClassName


@dataclass(frozen=True, slots=True)
class Finding:
    """Of a mistaken or malicious rating, by the agency that was rated."""

    ground: str
    agency: int | None
    account: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """An extension that waits for the bureau."""

    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class Stood:
    """Where an order was before it was set aside."""

    state: State
    holder: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    state: State
    sequence: int
    rated: int
    """The agency that was rated, the lead one of a joint matter."""
    holder: int | None
    """Whose turn it is."""
    handler: int | None = None
    """Who answers."""
    dispatcher: int | None = None
    """Who passed it on to the handler, and gets it back."""
    moments: Mapping[Kind, datetime] = field(default_factory=dict)
    """When each kind of event came last."""
    received_at: datetime | None = None
    """At the agency that answers, for the first time (reading 8)."""
    entered_at: datetime | None = None
    """At the one who has to pass it on, the last time."""
    contacted_at: datetime | None = None
    """When the handler first called the rater, whether somebody answered or not."""
    accepted_by: int | None = None
    class_name: ClassName | None = None
    finding: Finding | None = None
    appeal: Kind | None = None
    """APPEAL_PROPOSED, APPEALED, APPEAL_UPHELD or APPEAL_REJECTED."""
    stood: Stood | None = None
    objected: bool = False
    """The rater objects, and is not yet answered."""
    asked: Asked | None = None
    extended: int = 0
    extended_until: date | None = None
    in_ledger: bool = False
    reached_by: frozenset[int] = frozenset()
    """Agencies that have spoken with the rater."""
    by_hand: bool = False
    """人工回访 is still to be made."""
    satisfied: bool | None = None
    counted: bool = True
    acted: frozenset[int] = frozenset()
    """Accounts that have answered, or asked for more time: they do not review themselves."""
    restarted_at: datetime | None = None
    """复核认定有效: the clocks begin again."""

    def since(self, kind: Kind) -> datetime | None:
        return self.moments.get(kind)

    @property
    def verified(self) -> bool:
        return Kind.VERIFIED in self.moments
