"""Who may open a page of the console. Each handler says so; what it refuses is told in words."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from api.keys import OFFICE
from api.problems import status_of
from api.staff import flashes
from api.staff.flashes import flash
from api.staff.forms import TooLarge, read_form
from api.staff.rendering import page, see_other
from api.staff.signed_in import (
    FORM,
    FORM_TOKEN,
    SIGNED_IN,
    account_of,
    form_of,
    now_of,
    set_cookie,
)
from models.accounts import sessions
from models.accounts.attempts import Locked
from models.accounts.guesses import TooManyGuesses
from models.accounts.roles import Role
from models.accounts.signing_in import WrongCredentials
from models.refusals import Forbidden, Refused
from models.tables import AccountSession

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
COOKIE: Final = "haochaping-staff"
SIGN_IN: Final = "/staff/sign-in"
SECOND_FACTOR: Final = "/staff/second-factor"
CHANGE_FIRST: Final = "/staff/me/password"


class Forged(Forbidden):
    """The form is not one that we showed in this session."""

    code = "forged"


class NotSignedIn(Refused):
    """The session ended while a form was filled in."""

    code = "not_signed_in"


def for_roles(*roles: Role) -> Callable[[Handler], Handler]:
    """Open to who is signed in with both factors and has one of the roles; without a role named, to
    all. What is posted must carry the session's token and is read by `form_of`. A Refused that is
    raised becomes a page."""
    allowed = frozenset(roles or Role)

    def only(handler: Handler) -> Handler:
        async def served(request: web.Request) -> web.StreamResponse:
            session = await identify(request)
            if elsewhere := _elsewhere(request, session):
                return elsewhere
            if account_of(request).role not in allowed:
                raise Forbidden("您的角色不能打开这个页面。")
            return await handler(request)

        return told(served)

    return only


def told(handler: Handler) -> Handler:
    """A form is read and must be ours; a refusal is told on a page; flashes are handed on."""

    async def served(request: web.Request) -> web.StreamResponse:
        try:
            answer = await handler(request)
        except Refused as refused:
            answer = refusal(request, refused)
            if request.content.exception() is not None or not request.content.at_eof():
                # What is left of the body nobody reads.
                answer.force_close()
        flashes.settle(request, answer)
        return answer

    return served


async def identify(request: web.Request) -> AccountSession | None:
    """Whose cookie it is; None: nobody's. Reads and checks what is posted. Raises Forged,
    Invalid."""
    office, token = request.app[OFFICE], request.cookies.get(COOKIE, "")
    session = None
    if token and token.isascii():
        request[FORM_TOKEN] = sessions.form_token(office, token)
        session = await sessions.session_of(office, token, now_of(request))
        if session is not None:
            request[SIGNED_IN] = session
    if request.method == "POST" and (session is not None or request.path == SIGN_IN):
        form = await read_form(request)
        expected, given = request.get(FORM_TOKEN, ""), form.text("csrf")
        if not expected or not hmac.compare_digest(expected.encode(), given.encode()):
            raise Forged("页面已过期，内容没有保存。请返回上一页，刷新后重新提交。")
        request[FORM] = form
    return session


def _elsewhere(request: web.Request, session: AccountSession | None) -> web.Response | None:
    """Where somebody has to go first. Raises NotSignedIn."""
    if session is None:
        if request.method == "POST":
            raise NotSignedIn("登录已结束，内容没有保存。请重新登录后再提交。")
        return see_other(f"{SIGN_IN}?{urlencode({'next': request.path_qs})}")
    if not session.complete:
        return see_other(SECOND_FACTOR)
    if session.account.password is not None and session.account.password_changed_at is None:
        return None if request.path == CHANGE_FIRST else see_other(CHANGE_FIRST)
    return None


def carry(request: web.Request, answer: web.StreamResponse, token: str) -> None:
    set_cookie(request, answer, COOKIE, token)


_STATUS: Final[dict[type[Refused], HTTPStatus]] = {
    NotSignedIn: HTTPStatus.UNAUTHORIZED,
    TooManyGuesses: HTTPStatus.TOO_MANY_REQUESTS,
    Locked: HTTPStatus.TOO_MANY_REQUESTS,
    WrongCredentials: HTTPStatus.FORBIDDEN,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}


def status(refused: Refused) -> int:
    return (_STATUS.get(type(refused)) or status_of(refused)).value


def refusal(request: web.Request, refused: Refused) -> web.Response:
    back = SIGN_IN if isinstance(refused, NotSignedIn) else _before(request)
    return page(request, "refused.html", status(refused), refused=refused, back=back)


def _before(request: web.Request) -> str:
    """The page they came from, if it is one of ours."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    ours = came_from.netloc == request.host and came_from.path.startswith("/staff")
    return came_from._replace(scheme="", netloc="").geturl() if ours else "/staff"


def inside(address: str) -> str:
    """Where to go after signing in: a page of the console, whatever the address says."""
    path = address.partition("?")[0].partition("#")[0]
    ours = path == "/staff" or path.startswith("/staff/")
    clean = address.isprintable() and "\\" not in address and ".." not in path
    return address if ours and clean else "/staff"


__all__ = [
    "account_of",
    "carry",
    "flash",
    "for_roles",
    "form_of",
    "identify",
    "inside",
    "now_of",
    "status",
    "told",
]
