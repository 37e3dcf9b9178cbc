"""/staff/orders: the orders that somebody may see, the soonest due first."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from api.keys import OFFICE
from api.staff.due import Urgency
from api.staff.filters import ALL, ENDED, Filter
from api.staff.listing import listing
from api.staff.menu import READERS
from api.staff.rendering import page
from api.staff.session import for_roles
from api.staff.signed_in import account_of
from models.orders.states import State
from models.rulebooks.labels import VALUES
from models.rulebooks.order_rules import ClassName

STATES: Final = (
    *((each.value, each.label) for each in State),
    (ENDED, "全部已结束"),
    (ALL, "全部"),
)


@for_roles(*READERS)
async def show(request: web.Request) -> web.Response:
    office, account = request.app[OFFICE], account_of(request)
    sought = Filter.read(request.query)
    found = await listing(office, account, sought)
    return page(
        request,
        "orders.html",
        sought=sought,
        found=found,
        states=STATES,
        classes=[(each.value, VALUES[ClassName][each]) for each in ClassName],
        urgencies=[(each.value, each.label) for each in Urgency],
    )


ROUTES: Final = [web.get("/staff/orders", show)]
