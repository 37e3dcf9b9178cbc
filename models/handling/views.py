"""What an account sees of an order, by field. Identity is in none of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.orders.events import Kind
from models.orders.states import State
from models.words import Level


@dataclass(frozen=True, slots=True)
class ClockView:
    kind: str
    label: str
    source: str
    due_at: datetime
    provisional: bool
    met_at: datetime | None
    void_at: datetime | None
    overdue_at: datetime | None
    duty: bool
    """False: until when something may be done, and nobody is late."""
    days: tuple[str, ...]
    """The count, as one would check it against a wall calendar."""


@dataclass(frozen=True, slots=True)
class EventView:
    sequence: int
    kind: Kind
    label: str
    at: datetime
    who: str
    """系统, 评价人, or the agency and the name of who acted; to who was rated the agency only."""
    lines: tuple[str, ...]
    source: str | None
    files: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the forms of the steps let one choose from."""

    classes: tuple[tuple[str, str, tuple[str, ...]], ...]
    """Name, label, causes."""
    grounds: tuple[str, ...]
    methods: tuple[str, ...]
    explains: bool
    """解释说明 may take the place of a rectification."""


@dataclass(frozen=True, slots=True)
class OrderView:
    number: int
    state: State
    sequence: int
    level: Level
    class_label: str | None
    agency: str
    handler: str | None
    holder: str | None
    copied_to: tuple[str, ...]
    opened_at: datetime
    received_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    counted: bool
    channel: str | None
    subject: str
    said: tuple[tuple[str, str], ...]
    """Per target, the indicators and the words."""
    case_number: str | None
    """None to who was rated: whose case it was is no business of theirs."""
    rulebook: str
    """The regulation's own title."""
    by_hand: str | None
    """The article by which the hotline still has to call the rater (潮安第十四条)."""
    satisfied: bool | None
    clocks: tuple[ClockView, ...]
    history: tuple[EventView, ...]
    choices: Choices
    review_sheet: bool
    """The regulation has a form for its review (复核单, 威海临港附件)."""
    may_reveal: bool
