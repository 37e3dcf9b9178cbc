"""Which orders of those that an account may see: what the list's address says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Self
from urllib.parse import urlencode

from tortoise.expressions import Q, RawSQL, Subquery
from tortoise.queryset import QuerySet

from api.staff.due import Urgency, span
from models.accounts.roles import Role
from models.handling.visible import visible, waiting
from models.orders.states import State
from models.rulebooks.order_rules import ClassName
from models.tables import Account, WorkOrder
from models.words import Target

LONGEST: Final = 50
"""Characters that are searched for."""
CASE_DIGITS: Final = 4
"""Characters of a case number that it can be found by."""
ENDED: Final = "ended"
ALL: Final = "all"
ENDED_STATES: Final = [each.value for each in State if each.ended]
_AFTER: Final = re.compile(r"(\d{1,17})?-(\d{1,18})")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_WORDS: Final = " || ' ' || ".join(
    f"COALESCE(evaluation.reasons -> '{target}' ->> 'words', '')" for target in Target
)
_SAID: Final = RawSQL(
    f"(SELECT {_WORDS} FROM evaluation WHERE evaluation.id = work_order.evaluation_id)"  # noqa: S608
)
"""What was written, of every target: a constant."""


@dataclass(frozen=True, slots=True)
class After:
    """Where the page before ended. Orders without a due time come last, the newest first."""

    due: datetime | None
    number: int

    @classmethod
    def read(cls, text: str) -> Self | None:
        found = _AFTER.fullmatch(text)
        if found is None:
            return None
        moment = _EPOCH + timedelta(microseconds=int(found[1])) if found[1] else None
        return cls(moment, int(found[2]))

    def __str__(self) -> str:
        since = (self.due - _EPOCH) // timedelta(microseconds=1) if self.due else ""
        return f"{since}-{self.number}"


@dataclass(frozen=True, slots=True)
class Filter:
    state: str = ""
    """A state, ENDED, ALL; empty: all that have not ended."""
    class_name: ClassName | None = None
    urgency: Urgency | None = None
    agency: str = ""
    """Part of a name, or a code: rated or handling."""
    mine: bool = False
    """Those that wait for whoever asks, out of all that they see."""
    text: str = ""
    """A number, or part of an item's name or of what was written."""
    after: After | None = None

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        """What an address says that means nothing here is left out: it may be an old bookmark."""
        state, class_name, urgency = query.get("state", ""), query.get("class"), query.get("due")
        return cls(
            state=state if state in {*State, ENDED, ALL} else "",
            class_name=ClassName(class_name) if class_name in set(ClassName) else None,
            urgency=Urgency(urgency) if urgency in set(Urgency) else None,
            agency=sought_in(query.get("agency", "")),
            mine=query.get("mine") == "1",
            text=sought_in(query.get("q", "")),
            after=After.read(query.get("after", "")),
        )

    def next(self, after: After) -> str:
        return replace(self, after=after).address

    @property
    def address(self) -> str:
        said = {
            "state": self.state,
            "class": self.class_name or "",
            "due": self.urgency or "",
            "agency": self.agency,
            "mine": "1" if self.mine else "",
            "q": self.text,
            "after": str(self.after or ""),
        }
        query = urlencode({name: value for name, value in said.items() if value})
        return f"/staff/orders?{query}" if query else "/staff/orders"

    async def orders(self, account: Account, now: datetime) -> QuerySet[WorkOrder]:
        """Wherever the page begins."""
        orders = await (waiting(account) if self.mine else visible(account))
        if self.state == ENDED:
            orders = orders.filter(state__in=ENDED_STATES)
        elif self.state in set(State):
            orders = orders.filter(state=self.state)
        elif not self.state and not self.mine:
            # An appeal may still wait for the bureau when the order has ended.
            orders = orders.exclude(state__in=ENDED_STATES)
        if self.class_name is not None:
            orders = orders.filter(class_name=self.class_name.value)
        if self.urgency is not None:
            orders = orders.filter(within(self.urgency, now))
        if self.agency:
            orders = orders.filter(_agency(self.agency))
        return orders.filter(_text(self.text, account)) if self.text else orders


def within(urgency: Urgency, now: datetime) -> Q:
    first, last = span(urgency, now)
    found = Q(due_at__isnull=False)
    if first is not None:
        found &= Q(due_at__gt=first)
    return found & Q(due_at__lte=last) if last is not None else found


def _agency(name: str) -> Q:
    return (
        Q(agency__code=name)
        | Q(handler__code=name)
        | Q(agency__name__contains=name)
        | Q(handler__name__contains=name)
    )


def _text(text: str, account: Account) -> Q:
    # Of its own: the annotation would be asked for with every row.
    said = WorkOrder.annotate(said=_SAID).filter(said__contains=text)
    found = (
        Q(id__in=Subquery(said.values("id")))
        | Q(evaluation__invitation__case__item__name__contains=text)
        | Q(evaluation__invitation__group__theme__name__contains=text)
    )
    if text.isascii() and text.isdigit() and len(text) <= 18:
        found |= Q(id=int(text))
    # A case number says who it was to those who served them. Less of it finds anything.
    if account.role != Role.STAFF and len(text) >= CASE_DIGITS:
        found |= Q(evaluation__invitation__case__number__contains=text)
    return found


def sought_in(text: str) -> str:
    """What can be looked for: nothing that no keyboard types, which PostgreSQL would refuse."""
    return "".join(each for each in text.strip() if each.isprintable())[:LONGEST]
