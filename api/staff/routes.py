"""Where the console is. Each of its modules has a list ROUTES."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from aiohttp import web

from api.staff.rendering import STYLE
from api.staff.session import for_roles
from models.refusals import Missing

MODULES: Final[tuple[Iterable[web.RouteDef], ...]] = ()


def setup_staff(app: web.Application) -> None:
    for routes in MODULES:
        app.add_routes(routes)
    app.router.add_get(STYLE.path, STYLE.show)
    # Last: whatever else is under /staff is nothing.
    app.router.add_get("/staff/{rest:.*}", _nothing)


@for_roles()
async def _nothing(request: web.Request) -> web.StreamResponse:  # noqa: ARG001
    raise Missing("没有这个页面。")
