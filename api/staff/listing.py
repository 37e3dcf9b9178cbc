"""A page of orders. So many queries, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from api.staff.due import Mark, mark
from api.staff.filters import After, Filter
from models.accounts.roles import Role
from models.cases.facts import GroupKind
from models.office import Office
from models.orders.states import State
from models.ratings.said import Said, said
from models.rulebooks.labels import VALUES
from models.rulebooks.order_rules import ClassName
from models.tables import Account, Evaluation, OrderDeadline, WorkOrder

ROWS: Final = 50
"""On a page."""
DISPATCHING: Final = frozenset({Role.BUREAU, Role.TOWN})

_CASE = "evaluation__invitation__case__item__name"
_THEME = "evaluation__invitation__group__theme__name"
_GROUP = "evaluation__invitation__group__kind"
_CALL = "evaluation__invitation__call__platform__name"
_COLUMNS: Final = (
    "id",
    "state",
    "sequence",
    "class_name",
    "due_at",
    "opened_at",
    "holder_id",
    "handler_id",
    "evaluation_id",
    "rulebook",
    "version",
    "agency__name",
    "handler__name",
    _CASE,
    _THEME,
    _GROUP,
    _CALL,
)


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    sequence: int
    state: State
    class_label: str
    title: str
    said: Said
    agency: str
    handler: str | None
    due: Mark | None
    due_at: datetime | None
    provisional: bool
    opened_at: datetime
    dispatchable: bool

    @property
    def words(self) -> str:
        return "；".join(text for _, text in self.said.lines if text)


@dataclass(frozen=True, slots=True)
class Listing:
    rows: tuple[Row, ...]
    next: After | None
    """Where the next page begins. None: this is the last."""

    @property
    def dispatchable(self) -> bool:
        return any(each.dispatchable for each in self.rows)


async def listing(office: Office, account: Account, sought: Filter, rows: int = ROWS) -> Listing:
    orders = await sought.orders(account, office.now())
    found = await _found(orders, sought.after, rows + 1)
    shown, more = found[:rows], len(found) > rows
    last = shown[-1] if shown else None
    return Listing(
        await _rows(office, shown, account),
        After(last["due_at"], last["id"]) if last is not None and more else None,
    )


async def _found(
    orders: QuerySet[WorkOrder], after: After | None, limit: int
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if after is None or after.due is not None:
        due_ones = orders.filter(due_at__isnull=False)
        if after is not None:
            due_ones = due_ones.filter(
                Q(due_at__gt=after.due) | Q(due_at=after.due, id__gt=after.number)
            )
        found = await due_ones.order_by("due_at", "id").limit(limit).values(*_COLUMNS)
    if len(found) < limit:
        others = orders.filter(due_at=None)
        if after is not None and after.due is None:
            others = others.filter(id__lt=after.number)
        found += await others.order_by("-id").limit(limit - len(found)).values(*_COLUMNS)
    return found


async def _rows(
    office: Office, found: Sequence[dict[str, Any]], account: Account
) -> tuple[Row, ...]:
    now = office.now()
    ids = [each["id"] for each in found]
    provisional = set(
        await OrderDeadline.filter(
            order_id__in=ids, provisional=True, met_at=None, void_at=None
        ).values_list("order_id", "due_at")
    )
    evaluations = {
        each.id: each
        for each in await Evaluation.filter(id__in=[each["evaluation_id"] for each in found]).only(
            "id", "level", "at", "provenance", "reasons"
        )
    }
    return tuple(
        Row(
            number=each["id"],
            sequence=each["sequence"],
            state=State(each["state"]),
            class_label=(
                VALUES[ClassName][ClassName(each["class_name"])] if each["class_name"] else ""
            ),
            title=_title(each),
            said=said(
                evaluations[each["evaluation_id"]],
                office.shelf.book(each["rulebook"]).version(each["version"]),
            ),
            agency=each["agency__name"],
            handler=each["handler__name"],
            due=mark(each["due_at"], now) if each["due_at"] else None,
            due_at=each["due_at"],
            provisional=(each["id"], each["due_at"]) in provisional,
            opened_at=each["opened_at"],
            dispatchable=_dispatchable(each, account),
        )
        for each in found
    )


def _dispatchable(row: dict[str, Any], account: Account) -> bool:
    """As far as a row tells: a bureau what stands with it, a town what it was given to answer."""
    state, handler, holder = row["state"], row["handler_id"], row["holder_id"]
    if account.role == Role.TOWN:
        return bool(state == State.VERIFYING and handler == account.agency_id)
    stands = state == State.OPENED and holder in (account.agency_id, None)
    return account.role == Role.BUREAU and stands


def _title(row: dict[str, Any]) -> str:
    if row[_CASE]:
        return str(row[_CASE])
    if row[_THEME]:
        return str(row[_THEME])
    if row[_GROUP]:
        return GroupKind(row[_GROUP]).label
    return f"{row[_CALL]}通话服务" if row[_CALL] else "综合点评"
