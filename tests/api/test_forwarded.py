"""Whose address counts, with a proxy in front and without."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from api.forwarded import setup_forwarded


async def remote(request: web.Request) -> web.Response:
    return web.Response(text=request.remote or "")


@pytest.mark.parametrize(
    ("header", "seen"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::1"),
        ("unknown", "127.0.0.1"),
        ("203.0.113.7, ", "127.0.0.1"),
        (None, "127.0.0.1"),
    ],
)
async def test_the_last_address_is_the_one_the_proxy_saw(header: str | None, seen: str) -> None:
    app = web.Application()
    setup_forwarded(app)
    app.router.add_get("/", remote)
    async with TestClient(TestServer(app)) as client:
        headers = {"X-Forwarded-For": header} if header is not None else {}
        answer = await client.get("/", headers=headers)
        assert await answer.text() == seen
