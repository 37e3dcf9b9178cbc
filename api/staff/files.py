"""GET /staff/files/{id}: evidence of a step, to who sees the step."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from aiohttp import web

from api.files import FileAnswer
from api.keys import OFFICE
from api.staff.menu import READERS
from api.staff.session import for_roles
from api.staff.signed_in import account_of
from models.handling.evidence import unsealed
from models.handling.viewing import seen_by
from models.refusals import Missing
from models.tables import OrderFile


@for_roles(*READERS)
async def give(request: web.Request) -> web.Response:
    office, account = request.app[OFFICE], account_of(request)
    found = await OrderFile.get_or_none(id=UUID(request.match_info["id"])).select_related("event")
    if found is None:
        raise _missing()
    # Whoever may see the order does not see the files of every step.
    view = await seen_by(office, found.event.order_id, account)
    if not any(found.id in each.files for each in view.history):
        raise _missing()
    content = await unsealed(office, found)
    answer = FileAnswer(content, found.media_type, str(found.id)).response()
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _missing() -> Missing:
    return Missing("没有这个附件，或者您不能查看。")


_UUID: Final = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ROUTES: Final = [web.get(f"/staff/files/{{id:{_UUID}}}", give)]
