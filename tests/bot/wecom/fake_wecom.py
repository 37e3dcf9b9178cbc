"""qyapi.weixin.qq.com, played strictly: what its documents demand is demanded, what they forbid is
refused with their errcode, and what reached somebody is remembered.

    async with FakeWeCom(clock.now) as fake:
        fake.corp.member("zhangsan"), fake.url

It also pushes as the platform does: `fake.push(xml)`.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import NamedTuple, Self, TypeVar

from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import BaseModel, ValidationError
from yarl import URL

from tests.bot.wechat.crypto import Platform, signature
from tests.bot.wechat.fake_platform import ESCAPED, Cut, Hang, Raw
from tests.bot.wecom import fake_bodies as bodies
from tests.bot.wecom.fake_corporation import Corporation, Json, Says

__all__ = ["SEND", "TOKEN", "UPDATE", "Cut", "FakeWeCom", "Hang", "Raw", "Says"]

B = TypeVar("B", bound=BaseModel)

TOKEN = "/cgi-bin/gettoken"  # noqa: S105 - a path
SEND = "/cgi-bin/message/send"
UPDATE = "/cgi-bin/message/update_template_card"
MEDIA = "/cgi-bin/media/get"
USER_INFO = "/cgi-bin/auth/getuserinfo"
ROBOT = "/cgi-bin/webhook/send"

Fault = Says | Raw | Hang | Cut


class Push(NamedTuple):
    query: dict[str, str]
    body: bytes


@dataclass
class FakeWeCom:
    """`calls` counts all requests by path; `faults` are answered, in their order, in place of the
    next right answers at their path."""

    now: Callable[[], datetime]
    corp: Corporation = field(init=False)
    calls: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    answering: asyncio.Event = field(default_factory=asyncio.Event)
    """While it is not set, whoever asks for a token waits."""
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    """Somebody has asked for a token."""
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    _server: TestServer | None = None

    def __post_init__(self) -> None:
        self.corp = Corporation(self.now)
        self.answering.set()

    @property
    def crypto(self) -> Platform:
        """With the token and the key of the documentation's example."""
        key = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
        return Platform(token="QDG6eK", key=key, app_id=self.corp.corp_id)  # noqa: S106

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", self._heard)
        self._server = TestServer(app)
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

    # What it pushes

    def push(self, xml: str, nonce: str = "1372623149", **query: str) -> Push:
        encrypt = self.crypto.encrypt(xml.encode())
        return self.carrying(encrypt, nonce, **query)

    def carrying(self, encrypt: str, nonce: str = "1372623149", **query: str) -> Push:
        body = (
            f"<xml><ToUserName><![CDATA[{self.corp.corp_id}]]></ToUserName>"
            f"<Encrypt><![CDATA[{encrypt}]]></Encrypt><AgentID>{self.corp.agent_id}</AgentID></xml>"
        )
        return Push({**self.signed(encrypt, nonce), **query}, body.encode())

    def signed(self, encrypt: str, nonce: str = "263014780") -> dict[str, str]:
        timestamp = str(int(self.now().timestamp()))
        signed = signature(self.crypto.token, timestamp, nonce, encrypt)
        return {"msg_signature": signed, "timestamp": timestamp, "nonce": nonce}

    # What it answers

    async def _heard(self, request: web.Request) -> web.StreamResponse:
        self.calls[request.path] += 1
        body = await request.read()
        if (fault := self._next_fault(request.path)) is not None:
            return await self._fail(fault, request)
        if request.path == TOKEN:
            self.asked.set()
            await self.answering.wait()
        try:
            said = self._answer(request, body)
        except Says as refusal:
            said = refusal.body
        if isinstance(said, bytes):
            return web.Response(
                body=said,
                headers={"Content-Disposition": 'attachment; filename="MEDIA_ID.jpg"'},
                content_type="image/jpeg",
            )
        return web.json_response(said)

    def _answer(self, request: web.Request, body: bytes) -> Json | bytes:
        path, query = request.path, dict(request.query)
        if len(query) != len(request.query):
            raise Says(40035, "invalid parameter")
        if path == TOKEN:
            _check(request, "GET", {"corpid", "corpsecret"})
            return self.corp.token(query["corpid"], query["corpsecret"])
        if path == ROBOT:
            _check(request, "POST", {"key"})
            return self.corp.tell(query["key"], _parsed(body, bodies.RobotMessage))
        self.corp.check_token(query.get("access_token", ""))
        if path in (SEND, UPDATE):
            _check(request, "POST", {"access_token"})
            if path == SEND:
                return self.corp.send(_parsed(body, bodies.Message))
            return self.corp.update(_parsed(body, bodies.Update))
        if path == MEDIA:
            _check(request, "GET", {"access_token", "media_id"})
            return self.corp.picture(query["media_id"])
        if path == USER_INFO:
            _check(request, "GET", {"access_token", "code"})
            return self.corp.user(query["code"])
        raise Says(40066, "invalid url")

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


def _check(request: web.Request, method: str, names: set[str]) -> None:
    if request.method != method:
        raise Says(43001 if method == "GET" else 43002, f"require {method} method")
    if set(request.query) != names:
        raise Says(40035, "invalid parameter")
    if method == "POST" and "application/json" not in request.headers.get("Content-Type", ""):
        raise Says(44001, "empty media data")


def _parsed(body: bytes, kind: type[B]) -> B:
    if not body:
        raise Says(44002, "empty post data")
    if ESCAPED.search(body):
        raise Says(40033, "invalid charset. please check your request, if include \\uxxxx")
    try:
        return kind.model_validate_json(body)
    except ValidationError as fault:
        first = fault.errors()[0]
        codes = {"content": 45002, "key": 42039, "button_list": 42039, "msgtype": 40008}
        name = str(first["loc"][-1]) if first["loc"] else ""
        raise Says(codes.get(name, 40058), f"{first['loc']} {first['type']}") from None
