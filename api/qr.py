"""QR codes of links, as SVG and PNG: dynamic ones on receipts and screens, static ones to print."""

from __future__ import annotations

import io

import segno
from aiohttp import web

from api.keys import OFFICE, SETTINGS
from models.links import Tampered
from models.ratings.places import LONGEST
from models.tables import StaticCode

MARGIN = 4
"""Modules of white, as the standard asks for."""


def setup_qr(app: web.Application) -> None:
    app.router.add_get("/r/{token}/qr.{form:svg|png}", dynamic_code)
    app.router.add_get("/q/{code}/qr.{form:svg|png}", static_code)


async def dynamic_code(request: web.Request) -> web.Response:
    token = request.match_info["token"]
    try:
        request.app[OFFICE].links.read_rating(token)
    except Tampered:
        raise web.HTTPNotFound from None
    return _image(f"{request.app[SETTINGS].base_url}/r/{token}?c=q", request.match_info["form"])


async def static_code(request: web.Request) -> web.Response:
    code = request.match_info["code"]
    could_be = len(code) <= LONGEST and code.isprintable()
    if not could_be or not await StaticCode.exists(code=code):
        raise web.HTTPNotFound
    return _image(f"{request.app[SETTINGS].base_url}/q/{code}", request.match_info["form"])


def drawn(link: str, form: str) -> bytes:
    out = io.BytesIO()
    scale = 1 if form == "svg" else 8
    segno.make(link, error="m", micro=False).save(out, kind=form, border=MARGIN, scale=scale)
    return out.getvalue()


def _image(link: str, form: str) -> web.Response:
    kind = "image/svg+xml" if form == "svg" else "image/png"
    headers = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
    return web.Response(body=drawn(link, form), content_type=kind, headers=headers)
