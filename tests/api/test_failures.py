"""What nobody foresaw, and unknown addresses: plain words, and no citizen's words in the log."""

from __future__ import annotations

import json

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from tortoise.exceptions import DBConnectionError, IntegrityError

from api.failures import setup_failures

WRITTEN = "王女士说窗口没有人"


async def broken(_request: web.Request) -> web.Response:
    raise IntegrityError(f"Failing row contains ({WRITTEN})")


async def away(_request: web.Request) -> web.Response:
    raise DBConnectionError


@pytest.fixture
def app() -> web.Application:
    app = web.Application()
    setup_failures(app)
    for path in ("/r/x", "/api/v1/x"):
        app.router.add_get(path, broken)
    for path in ("/r/away", "/api/v1/away"):
        app.router.add_get(path, away)
    return app


@pytest.mark.parametrize(("path", "status"), [("/r/x", 500), ("/r/away", 503)])
async def test_a_citizen_is_told_that_nothing_was_kept(
    app: web.Application, path: str, status: int
) -> None:
    async with TestClient(TestServer(app)) as client:
        answer = await client.get(path)
        assert answer.status == status
        assert "没有保存" in await answer.text()
        assert answer.headers["Retry-After"]


@pytest.mark.parametrize(
    ("path", "code"), [("/api/v1/x", "failed"), ("/api/v1/away", "unavailable")]
)
async def test_a_machine_is_told_in_json(app: web.Application, path: str, code: str) -> None:
    async with TestClient(TestServer(app)) as client:
        answer = await client.get(path)
        assert json.loads(await answer.text())["code"] == code
        assert answer.content_type == "application/problem+json"


async def test_the_log_says_where_and_never_what_was_written(
    app: web.Application, capsys: pytest.CaptureFixture[str]
) -> None:
    async with TestClient(TestServer(app)) as client:
        await client.get("/r/x")
    printed = capsys.readouterr()
    assert "IntegrityError" in printed.out + printed.err
    assert WRITTEN not in printed.out + printed.err


async def test_an_address_that_does_not_exist_is_a_page_in_chinese(app: web.Application) -> None:
    async with TestClient(TestServer(app)) as client:
        missing, wrong = await client.get("/nowhere"), await client.put("/r/x")
        assert (missing.status, wrong.status) == (404, 405)
        assert "没有这个页面" in await missing.text()
        assert wrong.headers["Allow"] == "GET,HEAD"
