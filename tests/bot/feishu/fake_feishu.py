"""open.feishu.cn, played strictly: what its documents demand is demanded, what they forbid is
refused with their code and HTTP status, and what was taken is remembered.

    async with FakeFeishu(clock.now) as fake:
        fake.people["ou_…"] = None, fake.url
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from aiohttp.test_utils import TestServer
from yarl import URL

from tests.bot.feishu import fake_cards
from tests.bot.feishu.theirs import robot_signature

APP_ID = "cli_a5fb0ae6a4b1c00d"
SECRET = "dskLLdkasdjlasdKKdskLLdkasdjlasd"  # noqa: S105 - of the fake
ROBOT = "f4b1c0de-0123-4567-89ab-cdef01234567"
ROBOT_SECRET = "robot-secret"  # noqa: S105 - of the fake

TOKEN = "/open-apis/auth/v3/tenant_access_token/internal"  # noqa: S105 - a path
MESSAGES = "/open-apis/im/v1/messages"
HOOK = f"/open-apis/bot/v2/hook/{ROBOT}"
JSON_TYPE = "application/json; charset=utf-8"
LIFE = timedelta(hours=2)
RENEWED = timedelta(minutes=30)
DEDUPLICATED = timedelta(hours=1)

Json = dict[str, Any]


class Says(Exception):
    def __init__(self, code: int, words: str = "", status: int = 400, **headers: str) -> None:
        super().__init__(code, words)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.body = {"code": code, "msg": words, "error": {"log_id": "20260302090000A1B2C3D4E5F6"}}


class Hang:
    """Takes the request and never answers."""


@dataclass(frozen=True)
class Raw:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Fault = Says | Raw | Hang


@dataclass
class Message:
    """`to`: an open_id, or the message that it replies to."""

    number: str
    to: str
    card: Json
    uuid: str | None
    at: datetime


@dataclass
class FakeFeishu:
    """One application and one group robot. `people`: by open_id, the code with which a message to
    them is refused. `received`: messages that people sent, with the pictures in them. `faults` are
    answered, in their order, in place of the next right answers at their path."""

    now: Callable[[], datetime]
    people: dict[str, int | None] = field(default_factory=dict)
    received: dict[str, dict[str, bytes]] = field(default_factory=dict)
    recalled: set[str] = field(default_factory=set)
    sent: list[Message] = field(default_factory=list)
    replies: list[Message] = field(default_factory=list)
    said_in_group: list[Json] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    _tokens: list[tuple[str, datetime]] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)
    _called: list[tuple[str, datetime]] = field(default_factory=list)
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    _server: TestServer | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post(TOKEN, self._token)
        app.router.add_post(MESSAGES, self._send)
        app.router.add_post(MESSAGES + "/{message}/reply", self._reply)
        app.router.add_get(MESSAGES + "/{message}/resources/{key}", self._resource)
        app.router.add_post("/open-apis/bot/v2/hook/{token}", self._hook)
        app.middlewares.append(self._heard)
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
        assert self._server is not None
        await self._server.close()

    @property
    def url(self) -> URL:
        assert self._server is not None
        return self._server.make_url("/")

    def fail(self, path: str, *faults: Fault) -> None:
        self.faults += [(path, each) for each in faults]

    def end_tokens(self) -> None:
        """As when the secret is reset."""
        self._tokens.clear()

    @web.middleware
    async def _heard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.calls[request.path] += 1
        try:
            if (fault := self._next_fault(request.path)) is not None:
                return await self._fail(fault)
            said: web.StreamResponse = await handler(request)
        except Says as refusal:
            return web.json_response(refusal.body, status=refusal.status, headers=refusal.headers)
        return said

    def _next_fault(self, path: str) -> Fault | None:
        for number, (where, fault) in enumerate(self.faults):
            if where == path:
                del self.faults[number]
                return fault
        return None

    async def _fail(self, fault: Fault) -> web.StreamResponse:
        match fault:
            case Says():
                raise fault
            case Raw():
                return web.Response(body=fault.body, status=fault.status, headers=fault.headers)
            case Hang():
                await self._over.wait()
                return web.Response()

    async def _token(self, request: web.Request) -> web.Response:
        body = await _body(request, {"app_id", "app_secret"}, 1024)
        if body["app_id"] != APP_ID:
            raise Says(10003, "invalid param", 200)
        if body["app_secret"] != SECRET:
            raise Says(10014, "app secret invalid", 200)
        left = self._tokens[-1][1] - self.now() if self._tokens else timedelta()
        if left < RENEWED:
            self._tokens.append((f"t-{next(self._numbers):040d}", self.now() + LIFE))
        token, ends = self._tokens[-1]
        seconds = int((ends - self.now()).total_seconds())
        return web.json_response(
            {"code": 0, "msg": "ok", "tenant_access_token": token, "expire": seconds}
        )

    async def _send(self, request: web.Request) -> web.Response:
        self._check_token(request)
        self._count("send", 50, 1000)
        _query(request, {"receive_id_type": "open_id"})
        body = await _body(request, {"receive_id", "msg_type", "content"}, 30 * 1024, {"uuid"})
        if body["receive_id"] not in self.people:
            raise Says(230034, "The receive_id is invalid.")
        if (code := self.people[body["receive_id"]]) is not None:
            raise Says(code, "refused")
        return self._taken(self.sent, body["receive_id"], body)

    async def _reply(self, request: web.Request) -> web.Response:
        self._check_token(request)
        self._count("reply", 50, 1000)
        _query(request, {})
        body = await _body(request, {"msg_type", "content"}, 30 * 1024, {"uuid"})
        message = request.match_info["message"]
        if message not in self.received and message not in [each.number for each in self.sent]:
            raise Says(99992354, "these ids not existed")
        if message in self.recalled:
            raise Says(230011, "The message is recalled.")
        return self._taken(self.replies, message, body)

    async def _resource(self, request: web.Request) -> web.Response:
        self._check_token(request)
        _query(request, {"type": "image"})
        found = self.received.get(request.match_info["message"], {})
        if (picture := found.get(request.match_info["key"])) is None:
            raise Says(234003, "File not in message.")
        return web.Response(body=picture, content_type="image/jpeg")

    async def _hook(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != ROBOT:
            raise Says(19001, "param invalid: incoming webhook access token invalid", 200)
        self._count("hook", 5, 100, Says(11232, "create message service trigger rate limit", 200))
        body = await _body(request, {"timestamp", "sign", "msg_type", "card"}, 20 * 1024)
        at = body["timestamp"]
        right = robot_signature(ROBOT_SECRET, at)
        fresh = re.fullmatch("[0-9]{10}", at) and abs(int(at) - self.now().timestamp()) < 3600
        if not fresh or body["sign"] != right:
            raise Says(19021, "sign match fail or timestamp is not within one hour", 200)
        try:
            fake_cards.check(body["card"], in_group=True)
        except fake_cards.Unfit as unfit:
            raise Says(9499, str(unfit), 200) from None
        self.said_in_group.append(body["card"])
        return web.json_response({"code": 0, "msg": "success", "data": {}})

    def _taken(self, taken: list[Message], to: str, body: Json) -> web.Response:
        if body["msg_type"] != "interactive" or len(body.get("uuid", "")) > 50:
            raise Says(230001, "Your request contains an invalid request parameter.")
        try:
            card = json.loads(body["content"])
            fake_cards.check(card)
        except (ValueError, fake_cards.Unfit) as unfit:
            raise Says(230099, f"Failed to create card content. {unfit}") from None
        since = self.now() - DEDUPLICATED
        for each in taken:
            if each.uuid is not None and each.uuid == body.get("uuid") and each.at > since:
                return _created(each.number)
        recent = [each for each in taken if each.to == to and self.now() - each.at < _SECOND]
        if len(recent) >= 5:
            raise Says(230020, "This operation triggers the frequency limit.")
        number = f"om_{next(self._numbers):032x}"
        taken.append(Message(number, to, card, body.get("uuid"), self.now()))
        return _created(number)

    def _check_token(self, request: web.Request) -> None:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not given:
            raise Says(99991661, "Need a token")
        if not any(token == given and ends > self.now() for token, ends in self._tokens):
            raise Says(99991663, "Invalid access token for authorization.")

    def _count(self, what: str, second: int, minute: int, over: Says | None = None) -> None:
        times = [at for each, at in self._called if each == what]
        in_second = sum(self.now() - at < _SECOND for at in times)
        in_minute = sum(self.now() - at < timedelta(minutes=1) for at in times)
        if in_second >= second or in_minute >= minute:
            limit = {"x_ogw_ratelimit_limit": str(second), "x_ogw_ratelimit_reset": "52"}
            raise over or Says(99991400, "request trigger frequency limit", 429, **limit)
        self._called.append((what, self.now()))


_SECOND = timedelta(seconds=1)


def _created(number: str) -> web.Response:
    return web.json_response({"code": 0, "msg": "success", "data": {"message_id": number}})


def _query(request: web.Request, right: Mapping[str, str]) -> None:
    if dict(request.query) != right:
        raise Says(99992402, "field validation failed")


async def _body(
    request: web.Request, needed: set[str], longest: int, optional: set[str] | None = None
) -> Json:
    raw = await request.read()
    if request.headers.get("Content-Type") != JSON_TYPE:
        raise Says(9499, "Bad Request")
    if len(raw) > longest:
        raise Says(230025, "The length of the message content reaches its limit.")
    body = json.loads(raw)
    if not isinstance(body, dict) or not needed <= set(body) <= needed | (optional or set()):
        raise Says(99992402, "field validation failed")
    if not all(isinstance(value, str) for name, value in body.items() if name != "card"):
        raise Says(99992402, "field validation failed")
    return body
