"""What a step is judged by: the rules, where the order stands, who acts, when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.accounts.roles import Role
from models.orders.clocks import OrderClock
from models.orders.standing import Standing
from models.rulebooks.rulebook import Version
from models.words import Level


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody with an account, as this order sees them."""

    account: int
    login: str
    role: Role
    agency: int | None
    oversees: bool
    """The order lies in their agency's region or below, or stands with their agency."""
    rated: bool
    """It is they who were rated."""
    takes_part: bool
    """Their agency took part in the joint matter."""


@dataclass(frozen=True, slots=True)
class Scene:
    version: Version
    now: Standing
    clocks: tuple[OrderClock, ...]
    level: Level
    at: datetime
    bureau: int | None
    """政务服务主管部门 of the rated agency."""
    second: int | None = None
    """The nearest bureau that is neither rated nor answers: who may decide whether the rating
    counts (reading 14)."""
    joint: bool = False
    """Other agencies took part in the matter."""
    last: str = ""
    """The last step of a person, in words: for who finds the order elsewhere than they thought."""

    def clock(self, kind: str) -> OrderClock | None:
        return next((each for each in self.clocks if each.kind == kind), None)
