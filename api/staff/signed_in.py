"""What a request of the console carries, by typed key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from api.keys import SETTINGS
from api.staff.forms import Form
from models.tables import Account, AccountSession

REAL_TIME: web.AppKey[Callable[[], datetime]] = web.AppKey("staff_real_time")
"""By which sessions and one-time codes end, whatever clock the office goes by: the telephone with
the codes knows no other."""

SIGNED_IN = web.RequestKey("staff_session", AccountSession)
FORM_TOKEN = web.RequestKey("staff_form_token", str)
FORM = web.RequestKey("staff_form", Form)


def now_of(request: web.Request) -> datetime:
    return request.app[REAL_TIME]()


def account_of(request: web.Request) -> Account:
    """Who is signed in, with `agency` and its region; an operator has none."""
    return request[SIGNED_IN].account


def form_of(request: web.Request) -> Form:
    """What was posted."""
    return request[FORM]


def set_cookie(request: web.Request, answer: web.StreamResponse, name: str, value: str) -> None:
    """Of the console only; ends with the browser. Not sent along by other sites' forms."""
    answer.set_cookie(
        name,
        value,
        path="/staff",
        httponly=True,
        samesite="Lax",
        secure=request.app[SETTINGS].base_url.startswith("https:"),
    )
