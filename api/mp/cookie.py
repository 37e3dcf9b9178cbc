"""The session of somebody whose host app has opened our pages in its browser."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from aiohttp import web

from api.keys import OFFICE, SETTINGS
from models import sessions
from models.ratings.theirs import hold
from models.tables import Rater

NAME: Final = "haochaping"


def give(request: web.Request, answer: web.Response, session: sessions.Started) -> None:
    """Ends with the browser, and with the session. Not sent along by other sites' forms."""
    answer.set_cookie(
        NAME,
        session.token,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=request.app[SETTINGS].base_url.startswith("https:"),
    )


async def hold_receipt(request: web.Request, evaluation: UUID) -> None:
    """In the transaction of the rating: who came by a host app finds its receipt there again."""
    if (rater := await rater_of(request)) is not None:
        await hold(rater, evaluation)


async def rater_of(request: web.Request) -> Rater | None:
    token = request.cookies.get(NAME, "")
    if not token or not token.isascii():
        return None
    return await sessions.rater_of(request.app[OFFICE], token)
