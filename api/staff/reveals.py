"""POST /staff/orders/{number}/reveal: name and number of the rater, once, to who must call them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from api.keys import OFFICE
from api.sentences import sentence
from api.staff.forms import Form
from api.staff.menu import READERS
from api.staff.order import number_in, order_page
from api.staff.rendering import page
from api.staff.session import for_roles
from api.staff.signed_in import account_of, form_of
from api.staff.step_fields import Fault
from api.staff.step_forms import REVEAL, Tried
from models.handling.revealing import reveal
from models.refusals import Invalid
from models.texts import Words

_REASON: Final = TypeAdapter(Words)


@for_roles(*READERS)
async def show(request: web.Request) -> web.Response:
    """The answer to the form itself: no address leads here again, and nothing of it is kept."""
    form, number = form_of(request), number_in(request)
    reason = form.text("reason")
    try:
        _REASON.validate_python(reason)
        revealed = await reveal(request.app[OFFICE], number, account_of(request), reason)
    except ValidationError as wrong:
        return await _again(request, form, f"{sentence(wrong.errors()[0])}。")
    except Invalid as invalid:
        return await _again(request, form, invalid.message)
    return page(request, "revealed.html", number=number, reason=reason, revealed=revealed)


async def _again(request: web.Request, form: Form, message: str) -> web.Response:
    tried = Tried(REVEAL, form, (Fault("reason", message),))
    return await order_page(request, HTTPStatus.UNPROCESSABLE_ENTITY, tried)


ROUTES: Final = [web.post(r"/staff/orders/{number:\d+}/reveal", show)]
