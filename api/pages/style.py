"""The one stylesheet. Its address names its content, so that it may be kept for a year."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from aiohttp import web

from models.sm3 import sm3

_TEXT: Final = files(__package__).joinpath("style.css").read_text("utf-8")
_HASH: Final = sm3(_TEXT.encode()).hex()[:12]
URL: Final = f"/style.css?v={_HASH}"


async def show(request: web.Request) -> web.Response:
    # While a new version is rolled out, a page of it may ask an older process: that answer is
    # not to be kept under the new name.
    current = request.query.get("v") == _HASH
    cache = "public, max-age=31536000, immutable" if current else "no-cache"
    return web.Response(
        text=_TEXT,
        content_type="text/css",
        charset="utf-8",
        headers={"Cache-Control": cache, "X-Content-Type-Options": "nosniff"},
    )
