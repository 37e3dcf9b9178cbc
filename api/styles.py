"""A stylesheet. Its address names its content, so that it may be kept for a year."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from aiohttp import web

from models.sm3 import sm3


class Stylesheet:
    def __init__(self, package: str, file: str, path: str) -> None:
        self.path: Final = path
        self._text: Final = files(package).joinpath(file).read_text("utf-8")
        self._hash: Final = sm3(self._text.encode()).hex()[:12]
        self.url: Final = f"{path}?v={self._hash}"

    async def show(self, request: web.Request) -> web.Response:
        # While a new version is rolled out, a page of it may ask an older process: that answer is
        # not to be kept under the new name.
        current = request.query.get("v") == self._hash
        cache = "public, max-age=31536000, immutable" if current else "no-cache"
        return web.Response(
            text=self._text,
            content_type="text/css",
            charset="utf-8",
            headers={"Cache-Control": cache, "X-Content-Type-Options": "nosniff"},
        )
