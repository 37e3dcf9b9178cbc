"""/staff/orders/{number}: one order on one page."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from aiohttp import web

from api.keys import OFFICE
from api.staff.due import clock_mark, mark
from api.staff.menu import READERS
from api.staff.rendering import page
from api.staff.session import for_roles
from api.staff.signed_in import account_of
from api.staff.step_forms import REVEAL, Tried, step_forms
from api.v1.numbers import row_number
from models.handling.viewing import possible, seen_by
from models.refusals import Missing, Refused
from models.rulebooks.rule import PLATFORM


@for_roles(*READERS)
async def show(request: web.Request) -> web.Response:
    return await order_page(request)


def number_in(request: web.Request) -> int:
    """Raises Missing."""
    number = row_number(request.match_info["number"])
    if number is None:
        raise Missing("没有这个编号的工单。")
    return number


async def order_page(
    request: web.Request,
    status: HTTPStatus = HTTPStatus.OK,
    tried: Tried | None = None,
    refused: Refused | None = None,
) -> web.Response:
    """As it stands now. `refused`: why what was tried is not done. Raises Missing."""
    office, account, number = request.app[OFFICE], account_of(request), number_in(request)
    now = office.now()
    view = await seen_by(office, number, account)
    steps = await possible(office, number, account)
    forms = await step_forms(office, view, account, steps, tried)
    kept = tried is None or any(it.tried for it in forms) or tried.step == REVEAL
    return page(
        request,
        "order.html",
        status,
        view=view,
        due=mark(view.due_at, now) if view.due_at else None,
        clocks=[(clock, clock_mark(clock, now)) for clock in view.clocks],
        forms=forms,
        tried=tried,
        refused=refused,
        meanwhile=[each for each in view.history if tried and each.sequence > tried.seen],
        cited=_cited,
        lost="" if kept or tried is None else tried.words,
    )


def _cited(source: str) -> str:
    return "平台内部时限（非法定）" if source == PLATFORM else source


ROUTES: Final = [web.get(r"/staff/orders/{number:\d+}", show)]
