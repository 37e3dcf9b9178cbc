"""POST /staff/orders/dispatch: many orders to one agency, each by itself. What cannot be dispatched
is told, and holds up nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from aiohttp import web
from pydantic import ValidationError

from api.keys import OFFICE
from api.staff.flashes import flash
from api.staff.forms import Form
from api.staff.listing import DISPATCHING
from api.staff.rendering import page, see_other
from api.staff.session import for_roles
from api.staff.signed_in import account_of, form_of
from api.staff.step_forms import MOST_AGENCIES, SEARCH, candidates
from models.handling.acting import act
from models.office import Office
from models.orders.steps import WORDS_LENGTH, Dispatch
from models.refusals import Refused
from models.tables import Account, Agency

MOST: Final = 100
"""Orders at once."""
_CHOSEN: Final = re.compile(r"(\d{1,18})\.(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Outcome:
    number: int
    refused: Refused | None


@for_roles(*DISPATCHING)
async def dispatch(request: web.Request) -> web.Response:
    """First to whom, then what came of it."""
    office, account, form = request.app[OFFICE], account_of(request), form_of(request)
    chosen = _chosen(form)
    if not chosen:
        flash(request, "请先勾选要转办的工单。", kind="refused")
        return see_other("/staff/orders")
    if not form.text("to") or form.text(SEARCH):
        return await _ask(request, chosen)
    try:
        step = Dispatch(to=form.text("to"), note=form.text("note"))
    except ValidationError:
        return await _ask(request, chosen, f"说明不能超过{WORDS_LENGTH}个字。")
    return page(
        request,
        "dispatched.html",
        agency=await Agency.get_or_none(code=step.to),
        outcomes=[
            await _dispatched(office, number, step, account, seen)
            for number, seen in chosen.items()
        ],
    )


def _chosen(form: Form) -> dict[int, int]:
    """Numbers, and the last event of each on the page."""
    found = filter(None, map(_CHOSEN.fullmatch, form.chosen("order")[:MOST]))
    return {int(each[1]): int(each[2]) for each in found}


async def _ask(request: web.Request, chosen: dict[int, int], fault: str = "") -> web.Response:
    form = form_of(request)
    agencies = await candidates(
        request.app[OFFICE], next(iter(chosen)), account_of(request), form.text("find")
    )
    # Asked for the first time, or for a search: nothing is wrong.
    if form.text("asked") and not form.text(SEARCH):
        fault = fault or "请选择转办给哪个机构。"
    return page(
        request,
        "dispatch.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        chosen=chosen,
        agencies=agencies[:MOST_AGENCIES],
        more=len(agencies) > MOST_AGENCIES,
        form=form,
        fault=fault,
    )


async def _dispatched(
    office: Office, number: int, step: Dispatch, account: Account, seen: int
) -> Outcome:
    try:
        await act(office, number, step, account, seen=seen)
    except Refused as refused:
        return Outcome(number, refused)
    return Outcome(number, None)


ROUTES: Final = [web.post("/staff/orders/dispatch", dispatch)]
