"""api.weixin.qq.com, played strictly: what its documents demand is demanded, what they forbid is
refused with their errcode, and what was taken is remembered.

    async with FakePlatform() as fake:
        fake.official.person("openid"), fake.url

By hand: python -m tests.bot.wechat.fake_platform --port 9000
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import BaseModel, ValidationError
from yarl import URL

from models.calendar.beijing import beijing
from models.clock import SystemClock
from tests.bot.wechat.fake_account import Accepted, Account, Json, Says
from tests.bot.wechat.fake_bodies import StableToken
from tests.bot.wechat.fake_endpoints import ENDPOINTS, Again, log_in

__all__ = ["LOGIN", "STABLE_TOKEN", "Cut", "FakePlatform", "Fault", "Hang", "Raw", "Says"]

B = TypeVar("B", bound=BaseModel)

ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\u(?!00[01])[0-9a-fA-F]{4}")
"""Control characters are the only ones that need it."""

STABLE_TOKEN = "/cgi-bin/stable_token"  # noqa: S105 - a path
LOGIN = "/sns/jscode2session"


class Hang:
    """Takes the request and never answers."""


class Cut:
    """Closes the connection in the middle of an answer."""


@dataclass(frozen=True)
class Raw:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Fault = Says | Raw | Hang | Cut

DAILY = {
    STABLE_TOKEN: 500_000,
    "/cgi-bin/message/template/send": 100_000,
    "/cgi-bin/message/custom/send": 500_000,
    "/cgi-bin/qrcode/create": 100_000,
    "/wxa/generate_urllink": 500_000,
}
MINUTELY = {STABLE_TOKEN: 10_000, "/wxa/getwxacodeunlimit": 5_000}


@dataclass
class FakePlatform:
    """Two accounts, an official one and a mini-program. `calls` counts all requests by path;
    `faults` are answered, in their order, in place of the next right answers at their path."""

    now: Callable[[], datetime] = field(default_factory=lambda: SystemClock().now)
    official: Account = field(init=False)
    mini: Account = field(init=False)
    calls: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    daily: dict[str, int] = field(default_factory=lambda: dict(DAILY))
    minutely: dict[str, int] = field(default_factory=lambda: dict(MINUTELY))
    answering: asyncio.Event = field(default_factory=asyncio.Event)
    """While it is not set, whoever asks for a token waits."""
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    """Somebody has asked for a token."""
    _counted: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    _server: TestServer | None = None

    def __post_init__(self) -> None:
        self.official = Account("official", "wx0123456789abcdef", "a" * 32, self.now)
        self.mini = Account("mini", "wxfedcba9876543210", "b" * 32, self.now)
        self.answering.set()

    async def __aenter__(self) -> Self:
        self._server = TestServer(self.app())
        await self._server.start_server()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self.answering.set()
        assert self._server is not None
        await self._server.close()

    @property
    def url(self) -> URL:
        assert self._server is not None
        return self._server.make_url("/")

    def fail(self, path: str, *faults: Fault) -> None:
        self.faults += [(path, each) for each in faults]

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", self._heard)
        return app

    async def _heard(self, request: web.Request) -> web.StreamResponse:
        self.calls[request.path] += 1
        body = await request.read()
        if (fault := self._next_fault(request.path)) is not None:
            return await self._fail(fault, request)
        if request.path == STABLE_TOKEN:
            self.asked.set()
            await self.answering.wait()
        try:
            said = self._answer(request, body)
        except Says as refusal:
            said = refusal.body
        if isinstance(said, bytes):
            return web.Response(body=said, content_type="application/octet-stream")
        # As theirs: JSON under a name that is not its own.
        return web.Response(text=json.dumps(said, ensure_ascii=False), content_type="text/plain")

    def _answer(self, request: web.Request, body: bytes) -> Json | bytes:
        path, query = request.path, dict(request.query)
        if path == STABLE_TOKEN:
            _check_method(request, "POST")
            wanted = _parsed(body, StableToken)
            account = self._account(wanted.appid)
            account.check_secret(wanted.appid, wanted.secret)
            self._count(path, account)
            return account.stable_token(force=wanted.force_refresh)
        if path == LOGIN:
            _check_method(request, "GET")
            return log_in(self._account(query.get("appid", "")), query)
        if (endpoint := ENDPOINTS.get(path)) is None:
            raise Says(40066, "invalid url")
        _check_method(request, "GET" if endpoint.body is None else "POST")
        account = self._by_token(query.pop("access_token", ""))
        if account.kind != endpoint.kind:
            raise Says(48001, "api unauthorized")
        self._count(path, account)
        if set(query) != endpoint.query:
            raise Says(40035, "invalid parameter")
        asked_body = _parsed(body, endpoint.body) if endpoint.body else None
        try:
            said = endpoint.answer(account, query, asked_body)
        except Again as again:
            return again.body
        account.accepted.append(Accepted(path, json.loads(body or b"{}") | query, self.now()))
        return said

    def _account(self, app_id: str) -> Account:
        for account in (self.official, self.mini):
            if account.app_id == app_id:
                return account
        raise Says(40013, "invalid appid")

    def _by_token(self, token: str) -> Account:
        if not token:
            raise Says(41001, "access_token missing")
        for account in (self.official, self.mini):
            if token in [each.value for each in account.issued]:
                account.check_token(token)
                return account
        raise Says(40001, "invalid credential, access_token is invalid or not latest")

    def _count(self, path: str, account: Account) -> None:
        at = beijing(self.now())
        by_minute = 45009 if path == "/wxa/getwxacodeunlimit" else 45011
        for limits, period, code in (
            (self.daily, f"{at:%Y-%m-%d}", 45009),
            (self.minutely, f"{at:%Y-%m-%d %H:%M}", by_minute),
        ):
            counted = (account.app_id, path, period)
            if path in limits and self._counted[counted] >= limits[path]:
                raise Says(code, "reach max api quota limit")
            self._counted[counted] += 1

    def _next_fault(self, path: str) -> Fault | None:
        for number, (where, fault) in enumerate(self.faults):
            if where == path:
                del self.faults[number]
                return fault
        return None

    async def _fail(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        match fault:
            case Says():
                return web.json_response(fault.body)
            case Raw():
                return web.Response(body=fault.body, status=fault.status, headers=fault.headers)
            case Cut():
                response = web.StreamResponse(headers={"Content-Length": "100"})
                await response.prepare(request)
                await response.write(b'{"errcode":0')
                assert request.transport is not None
                request.transport.close()
                return response
            case Hang():
                await self._over.wait()
                return web.Response()


def _check_method(request: web.Request, method: str) -> None:
    if request.method != method:
        raise Says(43001 if method == "GET" else 43002, f"require {method} method")


def _parsed(body: bytes, kind: type[B]) -> B:
    if not body:
        raise Says(44002, "empty post data")
    if ESCAPED.search(body):
        words = "invalid charset. please check your request, if include \\uxxxx will create fail!"
        raise Says(40033, words)
    try:
        return kind.model_validate_json(body)
    except ValidationError as fault:
        raise _refusal(fault) from None


def _refusal(fault: ValidationError) -> Says:
    """The errcode of the first field that is not as it should be; 47001 where none is known."""
    first = fault.errors()[0]
    name = str(first["loc"][-1]) if first["loc"] else ""
    codes = {
        "scene": (40169, "invalid length for scene, or the data is not json string"),
        "scene_str": (40129, "invalid scene"),
        "expire_seconds": (40035, "invalid parameter"),
        "query": (40212, "invalid query"),
        "content": (44004, "empty content"),
        "code": (40029, "invalid code"),
        "grant_type": (40002, "invalid grant_type"),
    }
    known = codes.get(name) if first["type"] != "extra_forbidden" else None
    return Says(*(known or (47001, "data format error")))


def main() -> None:
    parser = argparse.ArgumentParser(description="api.weixin.qq.com, for trying out by hand")
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument("--person", action="append", default=[], help="an openid that follows")
    chosen = parser.parse_args()
    fake = FakePlatform()
    for account in (fake.official, fake.mini):
        for openid in chosen.person:
            account.person(openid)
            account.wrote(openid)
        print(f"{account.kind}: app_id {account.app_id}, app_secret {account.secret}")  # noqa: T201
    web.run_app(fake.app(), host="127.0.0.1", port=chosen.port)


if __name__ == "__main__":
    main()
