"""Where the citizen's pages are."""

from __future__ import annotations

from aiohttp import web

from api.pages import answer, follow_up, rating, receipt, static_code, style
from api.pages.guesses import GUESSES, Guesses
from api.pages.plain import served


def setup_pages(app: web.Application) -> None:
    app[GUESSES] = Guesses()
    app.add_routes(
        [
            web.get("/r/{token}", served(rating.show)),
            web.post("/r/{token}", served(rating.give)),
            web.get("/f/{token}", served(follow_up.show)),
            web.post("/f/{token}", served(follow_up.give)),
            web.get("/a/{token}", served(answer.show)),
            web.post("/a/{token}", served(answer.give)),
            web.get("/receipt/{code}", served(receipt.show)),
            web.get("/q/{code}", served(static_code.show)),
            web.post("/q/{code}", served(static_code.give)),
            web.get("/style.css", style.show),
        ]
    )
