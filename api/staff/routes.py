"""Where the console is. Each of its modules has a list ROUTES."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from aiohttp import web

from api.staff import (
    accounts,
    bulk,
    codes,
    directory,
    entries,
    figures,
    files,
    home,
    letters,
    me,
    order,
    orders,
    reveals,
    review_sheet,
    signing_in,
    steps,
    wecom,
)
from api.staff.rendering import STYLE
from api.staff.session import for_roles
from api.staff.signed_in import REAL_TIME
from models.clock import SystemClock
from models.refusals import Missing

MODULES: Final[tuple[Iterable[web.RouteDef], ...]] = (
    signing_in.ROUTES,
    accounts.ROUTES,
    me.ROUTES,
    home.ROUTES,
    orders.ROUTES,
    bulk.ROUTES,
    order.ROUTES,
    # Before the steps: a name among their addresses.
    reveals.ROUTES,
    steps.ROUTES,
    files.ROUTES,
    wecom.ROUTES,
    entries.ROUTES,
    figures.ROUTES,
    review_sheet.ROUTES,
    codes.ROUTES,
    directory.ROUTES,
    letters.ROUTES,
)


def setup_staff(app: web.Application, real_time: Callable[[], datetime] | None = None) -> None:
    """`real_time`: None: this machine's."""
    app[REAL_TIME] = real_time or SystemClock().now
    # Until those of the settings are carried in.
    app[wecom.WECOM] = {}
    for routes in MODULES:
        app.add_routes(routes)
    app.router.add_get(STYLE.path, STYLE.show)
    # Last: whatever else is under /staff is nothing.
    app.router.add_get("/staff/{rest:.*}", _nothing)


@for_roles()
async def _nothing(request: web.Request) -> web.StreamResponse:  # noqa: ARG001
    raise Missing("没有这个页面。")
