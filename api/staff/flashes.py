"""What the next page says first: done, or why not. It travels in a cookie, signed for this
session, and is gone once it is shown."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Final, Literal

from aiohttp import web

from api.keys import OFFICE
from api.staff.signed_in import FORM_TOKEN, set_cookie

COOKIE: Final = "haochaping-staff-flash"
LONGEST: Final = 400
"""Characters in all: a cookie holds 4 KB."""
Kind = Literal["done", "refused"]


@dataclass(frozen=True, slots=True)
class Flash:
    kind: Kind
    words: str


_PENDING = web.RequestKey("staff_flashes", list[Flash])
_SHOWN = web.RequestKey("staff_flashes_shown", bool)


def flash(request: web.Request, words: str, kind: Kind = "done") -> None:
    """Said by the page that is answered now, or by the next one after a `see_other`."""
    request.setdefault(_PENDING, []).append(Flash(kind, words[:LONGEST]))


def take(request: web.Request) -> list[Flash]:
    """For the page that shows them."""
    request[_SHOWN] = True
    return [*_arrived(request), *request.get(_PENDING, ())]


def settle(request: web.Request, answer: web.StreamResponse) -> None:
    """Hand on what has not been shown; forget what has."""
    if request.get(_SHOWN):
        if COOKIE in request.cookies:
            answer.del_cookie(COOKIE, path="/staff")
    elif pending := request.get(_PENDING):
        set_cookie(request, answer, COOKIE, _written(request, [*_arrived(request), *pending]))


def _written(request: web.Request, said: list[Flash]) -> str:
    body = json.dumps([[each.kind, each.words] for each in said], ensure_ascii=False)
    encoded = urlsafe_b64encode(body.encode()).decode()
    return f"{encoded}.{_signature(request, encoded)}"


def _arrived(request: web.Request) -> list[Flash]:
    encoded, _, signature = request.cookies.get(COOKIE, "").partition(".")
    if not encoded or not hmac.compare_digest(
        _signature(request, encoded).encode(), signature.encode()
    ):
        return []
    return [Flash(kind, words) for kind, words in json.loads(urlsafe_b64decode(encoded))]


def _signature(request: web.Request, encoded: str) -> str:
    return request.app[OFFICE].keys.find(f"{request.get(FORM_TOKEN, '')}\0{encoded}", "staff-flash")
