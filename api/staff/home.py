"""/staff: 工作台. What waits for whoever is signed in, the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web
from tortoise.functions import Count
from tortoise.queryset import QuerySet

from api.keys import OFFICE
from api.staff.due import Urgency
from api.staff.filters import ENDED_STATES, Filter, within
from api.staff.listing import listing
from api.staff.rendering import page
from api.staff.session import for_roles
from api.staff.signed_in import account_of
from models.accounts.roles import Role
from models.handling.visible import visible, waiting
from models.orders.states import State
from models.tables import WorkOrder

ROWS: Final = 10
NEAR: Final = (Urgency.OVERDUE, Urgency.TODAY, Urgency.SOON)


@dataclass(frozen=True, slots=True)
class Tally:
    """Orders in one state, and how many of them are due how soon."""

    state: State
    all: int
    near: tuple[tuple[Urgency, int], ...]


@for_roles()
async def show(request: web.Request) -> web.Response:
    office, account = request.app[OFFICE], account_of(request)
    if account.role == Role.OPERATOR:
        return page(request, "home_operator.html")
    now = office.now()
    seen = (await visible(account)).exclude(state__in=ENDED_STATES)
    return page(
        request,
        "home.html",
        mine=await _tallies(await waiting(account), now),
        others=await _tallies(seen, now),
        first=await listing(office, account, Filter(mine=True), ROWS),
        near=NEAR,
    )


async def _tallies(orders: QuerySet[WorkOrder], now: datetime) -> tuple[Tally, ...]:
    """In the order in which an order goes through its states."""
    near = {urgency.value: Count("id", _filter=within(urgency, now)) for urgency in NEAR}
    counted = await (
        orders.annotate(all=Count("id"), **near)
        .group_by("state")
        .values("state", "all", *(each.value for each in NEAR))
    )
    found = {each["state"]: each for each in counted}
    return tuple(
        Tally(
            state,
            found[state]["all"],
            tuple((urgency, found[state][urgency.value]) for urgency in NEAR),
        )
        for state in State
        if state in found
    )


ROUTES: Final = [web.get("/staff", show)]
