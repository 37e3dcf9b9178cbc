"""/staff/sign-in: password, then the code of the second factor; /staff/sign-out."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

import segno
from aiohttp import web

from api.keys import OFFICE
from api.staff.flashes import COOKIE as FLASHES
from api.staff.rendering import page, see_other
from api.staff.session import (
    COOKIE,
    SECOND_FACTOR,
    SIGN_IN,
    carry,
    form_of,
    identify,
    inside,
    status,
    told,
)
from api.staff.signed_in import FORM_TOKEN, now_of
from api.staff.wecom import WECOM
from models.accounts import second_factor, sessions, signing_in
from models.accounts.guesses import TooManyGuesses
from models.accounts.signing_in import WrongCredentials
from models.refusals import Refused
from models.tables import Account


@told
async def show(request: web.Request) -> web.StreamResponse:
    session = await identify(request)
    goes_on = inside(request.query.get("next", ""))
    if session is not None and session.complete:
        return see_other(goes_on)
    if FORM_TOKEN in request:
        return _sign_in(request, goes_on)
    # The form has a token before anybody is signed in: nobody is signed in by another's form.
    token = sessions.fresh_token()
    request[FORM_TOKEN] = sessions.form_token(request.app[OFFICE], token)
    answer = _sign_in(request, goes_on)
    carry(request, answer, token)
    return answer


@told
async def sign_in(request: web.Request) -> web.StreamResponse:
    office, now = request.app[OFFICE], now_of(request)
    before = await identify(request)
    form = form_of(request)
    login, goes_on = form.text("login"), inside(form.text("next"))
    try:
        account = await signing_in.by_password(
            office, login, form.raw("password"), request.remote or "", now
        )
    except (WrongCredentials, TooManyGuesses) as refused:
        return _sign_in(request, goes_on, login=login, refused=refused)
    if before is not None:
        await sessions.end(before)
    answer = see_other(f"{SECOND_FACTOR}?{urlencode({'next': goes_on})}")
    carry(request, answer, await signing_in.halfway(office, account, now))
    return answer


@told
async def show_second_factor(request: web.Request) -> web.StreamResponse:
    session = await identify(request)
    goes_on = inside(request.query.get("next", ""))
    if session is None:
        return see_other(SIGN_IN)
    if session.complete:
        return see_other(goes_on)
    return _second_factor(request, session.account, goes_on)


@told
async def give_second_factor(request: web.Request) -> web.StreamResponse:
    session = await identify(request)
    if session is None:
        return see_other(SIGN_IN)
    form, office = form_of(request), request.app[OFFICE]
    goes_on = inside(form.text("next"))
    if session.complete:
        return see_other(goes_on)
    try:
        token = await signing_in.by_code(office, session, form.text("code"), now_of(request))
    except (WrongCredentials, TooManyGuesses) as refused:
        return _second_factor(request, session.account, goes_on, refused)
    answer = see_other(goes_on)
    carry(request, answer, token)
    return answer


@told
async def sign_out(request: web.Request) -> web.StreamResponse:
    session = await identify(request)
    if session is not None:
        await signing_in.sign_out(request.app[OFFICE], session)
    answer = see_other(SIGN_IN)
    for name in (COOKIE, FLASHES):
        answer.del_cookie(name, path="/staff")
    return answer


def _sign_in(
    request: web.Request, goes_on: str, *, login: str = "", refused: Refused | None = None
) -> web.Response:
    return _faulty(
        page(
            request,
            "sign_in.html",
            status(refused) if refused else 200,
            next=goes_on,
            login=login,
            fault=refused.message if refused else "",
            apps=request.app[WECOM],
        ),
        refused,
    )


def _second_factor(
    request: web.Request, account: Account, goes_on: str, refused: Refused | None = None
) -> web.Response:
    enrolled = account.totp_enrolled_at is not None
    secret = None if enrolled else second_factor.secret_of(request.app[OFFICE], account)
    return _faulty(
        page(
            request,
            "second_factor.html",
            status(refused) if refused else 200,
            next=goes_on,
            secret=secret,
            qr=qr(second_factor.address(secret, account.login)) if secret else "",
            fault=refused.message if refused else "",
        ),
        refused,
    )


def qr(address: str) -> str:
    """SVG without a style of its own, which the page's policy would not let in."""
    code = segno.make(address, micro=False)
    return str(code.svg_inline(border=4, svgclass="qr", title="二维码", omitsize=True))


def _faulty(answer: web.Response, refused: Refused | None) -> web.Response:
    if isinstance(refused, TooManyGuesses):
        answer.headers["Retry-After"] = str(refused.wait)
    return answer


ROUTES: Final = [
    web.get(SIGN_IN, show),
    web.post(SIGN_IN, sign_in),
    web.get(SECOND_FACTOR, show_second_factor),
    web.post(SECOND_FACTOR, give_second_factor),
    web.post("/staff/sign-out", sign_out),
]
