"""api.dingtalk.com and oapi.dingtalk.com, played strictly: what their documents demand is demanded,
what they forbid is refused with their code, and what was taken is remembered.

    async with FakeDingtalk(clock.now) as fake:
        fake.people.add("manager1234"), fake.url
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote

from aiohttp import web
from aiohttp.test_utils import TestServer
from yarl import URL

from tests.bot.dingtalk.pushes import APP, USER, sign

Json = dict[str, Any]

TOKEN = "/v1.0/oauth2/accessToken"  # noqa: S105 - a path
SEND = "/v1.0/robot/oToMessages/batchSend"
DOWNLOAD = "/v1.0/robot/messageFiles/download"
ROBOT = "/robot/send"

LIFE = timedelta(seconds=7200)
ROBOT_TOKEN = "bf73" + "0" * 60
ROBOT_SECRET = "SEC" + "1" * 61

_VERTICAL = {
    f"sampleActionCard{most}": {"title", "text"}
    | {f"action{what}{number}" for what in ("Title", "URL") for number in range(1, most + 1)}
    for most in range(2, 6)
}
TEMPLATES = {
    "sampleText": {"content"},
    "sampleMarkdown": {"title", "text"},
    "sampleActionCard": {"title", "text", "singleTitle", "singleURL"},
    **_VERTICAL,
}
WEBHOOK = {
    "text": ({"content"},),
    "markdown": ({"title", "text"},),
    "actionCard": (
        {"title", "text", "singleTitle", "singleURL"},
        {"title", "text", "btnOrientation", "btns"},
    ),
}


class Refusal(Exception):
    def __init__(self, status: int, body: Json) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body


def refused(code: str, status: int = 400) -> Refusal:
    return Refusal(status, {"code": code, "message": "说明", "requestid": "01A08FE7-CD6B"})


def robot_says(errcode: int) -> Refusal:
    return Refusal(200, {"errcode": errcode, "errmsg": "description"})


class Hang:
    """Takes the request and never answers."""


class Cut:
    """Closes the connection in the middle of an answer."""


@dataclass(frozen=True)
class Raw:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Fault = Refusal | Raw | Hang | Cut


@dataclass
class FakeDingtalk:
    """One application and one group robot. `faults` are answered, in their order, in place of the
    next right answers at their path."""

    now: Callable[[], datetime]
    people: set[str] = field(default_factory=lambda: {USER})
    flooded: set[str] = field(default_factory=set)
    """Who has got too much already."""
    pictures: dict[str, bytes] = field(default_factory=dict)
    file_host: str | None = None
    """In place of our own."""
    calls: Counter[str] = field(default_factory=Counter)
    cards: list[Json] = field(default_factory=list)
    """Of the robot to persons: user, msgKey and the msgParam, read."""
    group: list[Json] = field(default_factory=list)
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    token: str = ""
    _until: datetime | None = None
    _taken: list[datetime] = field(default_factory=list)
    _shut_until: datetime | None = None
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    _server: TestServer | None = None

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
        assert self._server is not None
        await self._server.close()

    @property
    def url(self) -> URL:
        assert self._server is not None
        return self._server.make_url("/")

    def fail(self, path: str, *faults: Fault) -> None:
        self.faults += [(path, each) for each in faults]

    def end_token(self) -> None:
        """Before its time, as the platform may."""
        self.token = ""

    async def _heard(self, request: web.Request) -> web.StreamResponse:
        self.calls[request.path] += 1
        body = await request.read()
        for number, (where, fault) in enumerate(self.faults):
            if where == request.path:
                del self.faults[number]
                return await self._fail(fault, request)
        try:
            said = self._answer(request, body)
        except Refusal as refusal:
            return web.json_response(refusal.body, status=refusal.status)
        if isinstance(said, bytes):
            return web.Response(body=said, content_type="image/jpeg")
        return web.json_response(said)

    def _answer(self, request: web.Request, body: bytes) -> Json | bytes:
        if request.method == "GET":
            return self._file(request)
        if request.method != "POST" or request.content_type != "application/json":
            raise refused("InvalidContentType")
        said = json.loads(body)
        match request.path:
            case "/v1.0/oauth2/accessToken":
                return self._issue(said)
            case "/v1.0/robot/oToMessages/batchSend":
                self._check_token(request)
                return self._send(said)
            case "/v1.0/robot/messageFiles/download":
                self._check_token(request)
                return self._download(said)
            case "/robot/send":
                return self._to_group(request, body, said)
        raise refused("InvalidAction.NotFound", 404)

    def _issue(self, said: Json) -> Json:
        if said != {"appKey": APP["app_key"], "appSecret": APP["app_secret"]}:
            raise refused("invalidClientIdOrSecret")
        # Asked again in its time it gives the same one, and prolongs its life.
        if not self.token or self._until is None or self._until <= self.now():
            self.token = secrets.token_hex(16)
        self._until = self.now() + LIFE
        return {"accessToken": self.token, "expireIn": int(LIFE.total_seconds())}

    def _check_token(self, request: web.Request) -> None:
        given = request.headers.get("x-acs-dingtalk-access-token", "")
        current = self._until is not None and self._until > self.now()
        if not (current and given and given == self.token):
            raise refused("InvalidAuthentication")

    def _send(self, said: Json) -> Json:
        if set(said) != {"robotCode", "userIds", "msgKey", "msgParam"}:
            raise refused("invalidParameter.param.invalid")
        if said["robotCode"] != APP["robot_code"]:
            raise refused("invalidParameter.robotCode.notExsit")
        users = said["userIds"]
        if not isinstance(users, list) or not users:
            raise refused("invalidParameter.userIds.empty")
        if len(users) > 20:
            raise refused("invalidParameter.userIds.overMax")
        if said["msgKey"] not in TEMPLATES:
            raise refused("invalidParameter.msgKey.invalid")
        if not isinstance(said["msgParam"], str) or len(said["msgParam"].encode()) > 15_000:
            raise refused("invalidParameter.msgParam.invalid")
        param = json.loads(said["msgParam"])
        if set(param) != TEMPLATES[said["msgKey"]]:
            raise refused("invalidParameter.msgParam.invalid")
        _check_param(param)
        known = [each for each in users if each in self.people]
        reached = [each for each in known if each not in self.flooded]
        self.cards += [{"user": each, "key": said["msgKey"], "param": param} for each in reached]
        return {
            "processQueryKey": secrets.token_hex(12),
            "invalidStaffIdList": [each for each in users if each not in self.people],
            "flowControlledStaffIdList": [each for each in known if each in self.flooded],
        }

    def _download(self, said: Json) -> Json:
        if set(said) != {"downloadCode", "robotCode"} or said["robotCode"] != APP["robot_code"]:
            raise refused("invalidParameter.robotCode.notExsit")
        if said["downloadCode"] not in self.pictures:
            raise refused("invalidParameter.downloadCode.invalid")
        host = str(self.url.origin()) if self.file_host is None else self.file_host
        return {"downloadUrl": f"{host}/files/{said['downloadCode']}?signed=1"}

    def _file(self, request: web.Request) -> bytes:
        name = request.path.removeprefix("/files/")
        if name not in self.pictures or request.query.get("signed") != "1":
            raise refused("AccessDenied", 403)
        return self.pictures[name]

    def _to_group(self, request: web.Request, body: bytes, said: Json) -> Json:
        query, now = dict(request.query), self.now()
        if set(query) != {"access_token", "timestamp", "sign"}:
            raise robot_says(310000)
        if query["access_token"] != ROBOT_TOKEN:
            raise robot_says(300005)
        old = abs(now.timestamp() * 1000 - int(query["timestamp"])) > 3_600_000
        if old or query["sign"] != sign(query["timestamp"], ROBOT_SECRET):
            raise robot_says(310000)
        if len(body) > 20_000:
            raise robot_says(460101)
        if self._shut_until is not None and now < self._shut_until:
            raise robot_says(410100)
        self._taken = [each for each in self._taken if each > now - timedelta(minutes=1)]
        if len(self._taken) >= 20:
            self._shut_until = now + timedelta(minutes=10)
            raise robot_says(130101)
        _check_webhook(said)
        self._taken.append(now)
        self.group.append(said)
        return {"errcode": 0, "errmsg": "ok"}

    async def _fail(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        match fault:
            case Refusal():
                return web.json_response(fault.body, status=fault.status)
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


def check_message(said: Json) -> None:
    """As a chat takes it, in the response to what was said there."""
    try:
        _check_webhook(said)
    except Refusal as refusal:
        raise AssertionError(said) from refusal


def _check_webhook(said: Json) -> None:
    kind = said.get("msgtype")
    if kind not in WEBHOOK or set(said) != {"msgtype", kind}:
        raise robot_says(400105)
    if set(said[kind]) not in WEBHOOK[kind]:
        raise robot_says(40035)
    param = dict(said[kind])
    for button in param.pop("btns", []):
        if set(button) != {"title", "actionURL"}:
            raise robot_says(40035)
        _check_param(button)
    _check_param(param)


def _check_param(param: Json) -> None:
    for name, value in param.items():
        if not isinstance(value, str) or not value:
            raise refused("invalidParameter.msgParam.invalid")
        if name.lower().rstrip("12345").endswith("url"):
            _check_link(value)


def _check_link(url: str) -> None:
    begins = "dtmd://dingtalkclient/sendMessage?content="
    if url.startswith(begins):
        content = url.removeprefix(begins)
        # Encoded, or a space or a & ends it.
        if not unquote(content) or not re.fullmatch(r"[A-Za-z0-9._~%-]+", content):
            raise refused("invalidParameter.msgParam.invalid")
    elif URL(url).scheme not in {"http", "https"} or not URL(url).host:
        raise robot_says(430101)
