"""POST /staff/orders/{number}/{step}: a step is taken, or the page says why not."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from aiohttp import web

from api.keys import OFFICE
from api.problems import status_of
from api.staff.flashes import flash
from api.staff.menu import READERS
from api.staff.order import number_in, order_page
from api.staff.rendering import see_other
from api.staff.session import for_roles
from api.staff.signed_in import account_of, form_of
from api.staff.step_fields import Fault, Faulty, fields, filled
from api.staff.step_forms import FILES, SEARCH, Tried
from models.handling.acting import act
from models.handling.visible import visible
from models.orders.refusals import NotAllowed, Outrun
from models.orders.steps import STEPS, Step
from models.ratings.attachments import proof
from models.refusals import Invalid, Missing


@for_roles(*READERS)
async def take(request: web.Request) -> web.Response:
    office, account, form = request.app[OFFICE], account_of(request), form_of(request)
    number = number_in(request)
    step = STEPS.get(request.match_info["step"])
    if step is None:
        raise Missing("没有这个步骤。")
    tried = Tried(step.name, form)
    if form.text(SEARCH):
        return await order_page(request, tried=tried)
    try:
        filled_in = filled(step, form)
        sent = form.files(FILES) if step.takes_files else ()
        files = [await proof(content) for _, content in sent]
        await act(office, number, filled_in, account, seen=tried.seen, files=files)
    except Faulty as faulty:
        return await _again(request, tried, faulty.faults)
    except Invalid as invalid:
        return await _again(request, tried, (_fault(step, invalid),))
    except (Outrun, NotAllowed) as refused:
        return await order_page(request, status_of(refused), tried, refused)
    flash(request, f"工单{number}：{step.label}，已办理。")
    # Whoever returns it or hands it on may not see it any more.
    seen = await (await visible(account)).filter(id=number).exists()
    return see_other(f"/staff/orders/{number}" if seen else "/staff/orders")


async def _again(request: web.Request, tried: Tried, faults: tuple[Fault, ...]) -> web.Response:
    return await order_page(
        request, HTTPStatus.UNPROCESSABLE_ENTITY, Tried(tried.step, tried.form, faults)
    )


def _fault(step: type[Step], invalid: Invalid) -> Fault:
    """At the field it is about, if the form has it."""
    if step.takes_files and invalid.field in ("file", FILES):
        return Fault(FILES, invalid.message)
    asked = [each.name for each in fields(step)]
    field = invalid.field if invalid.field in asked else next(iter(asked), FILES)
    return Fault(field, invalid.message)


ROUTES: Final = [web.post(r"/staff/orders/{number:\d+}/{step}", take)]
