"""/staff/me: one's own password, chats and sessions."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from api.keys import OFFICE
from api.staff.rendering import page, see_other
from api.staff.session import CHANGE_FIRST, carry, flash, for_roles, status
from api.staff.signed_in import SIGNED_IN, account_of, form_of, now_of
from models.accounts import binding, sessions, signing_in
from models.accounts.passwords import SHORTEST
from models.refusals import Missing, Refused
from models.tables import AccountEvent, ChatBinding

SHOWN: Final = 20
"""Of one's own history."""


@for_roles()
async def show(request: web.Request) -> web.StreamResponse:
    return await _me(request)


@for_roles()
async def show_password(request: web.Request) -> web.StreamResponse:
    return _password(request)


@for_roles()
async def change_password(request: web.Request) -> web.StreamResponse:
    form = form_of(request)
    if form.raw("password") != form.raw("again"):
        return _password(request, again="两次输入的新密码不一样。")
    try:
        token = await signing_in.change_password(
            request.app[OFFICE],
            request[SIGNED_IN],
            form.raw("old"),
            form.raw("password"),
            now_of(request),
        )
    except Refused as refused:
        return _password(request, refused)
    answer = see_other("/staff/me")
    carry(request, answer, token)
    return answer


@for_roles()
async def new_code(request: web.Request) -> web.StreamResponse:
    """Shown once, on the page that is answered."""
    code = await binding.new_code(request.app[OFFICE], account_of(request))
    return await _me(request, code=code)


@for_roles()
async def unbind(request: web.Request) -> web.StreamResponse:
    account, chosen = account_of(request), form_of(request).text("chat")
    chats = {str(chat.id): chat for chat in await binding.chats_of(account)}
    if chosen not in chats:
        raise Missing("这个绑定已经解除。")
    await binding.unbind(request.app[OFFICE], chats[chosen], account)
    flash(request, "已解除绑定。")
    return see_other("/staff/me")


@for_roles()
async def end_others(request: web.Request) -> web.StreamResponse:
    await sessions.end_all(account_of(request), but=request[SIGNED_IN])
    flash(request, "其他设备上的登录已全部退出。")
    return see_other("/staff/me")


async def _me(request: web.Request, code: str = "") -> web.Response:
    account = account_of(request)
    chats: list[ChatBinding] = await binding.chats_of(account)
    return page(
        request,
        "me.html",
        account=account,
        code=code,
        chats=chats,
        here_now=request[SIGNED_IN].id,
        sessions=await sessions.sessions_of(account, now_of(request)),
        history=await AccountEvent.filter(account=account).order_by("-id").limit(SHOWN),
    )


def _password(
    request: web.Request, refused: Refused | None = None, again: str = ""
) -> web.Response:
    account = account_of(request)
    faults = dict.fromkeys(("old", "password", "again"), "") | {"again": again}
    if refused is not None:
        faults[refused.field or "old"] = refused.message
    wrong = 422 if again else 200
    return page(
        request,
        "password.html",
        status(refused) if refused else wrong,
        must=account.password_changed_at is None,
        shortest=SHORTEST,
        faults=faults,
    )


ROUTES: Final = [
    web.get("/staff/me", show),
    web.get(CHANGE_FIRST, show_password),
    web.post(CHANGE_FIRST, change_password),
    web.post("/staff/me/code", new_code),
    web.post("/staff/me/unbind", unbind),
    web.post("/staff/me/sessions", end_others),
]
