"""The server API of WeChat, for one account.

A call brings the account's token with it, and once more a new one where the platform no longer
takes the old one. Busy is tried again; an endpoint whose quota is used up is left alone until there
is more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import SystemRandom
from typing import ClassVar, Final, TypeVar

import aiohttp
from pydantic import HttpUrl
from yarl import URL

from bot.reading import read_object
from bot.tokens import Issued, Pace, Tokens
from bot.wechat.errors import (
    STALE,
    Busy,
    OverQuota,
    PlatformError,
    TokenRefused,
    Unreachable,
    fault,
)
from bot.wechat.exchange import TIMEOUT, Request, Wire
from models.office import Office

T = TypeVar("T")
Answer = dict[str, object]

STABLE_TOKEN: Final = "/cgi-bin/stable_token"  # noqa: S105 - a path
MOST_SECONDS: Final = 7200
"""A token's life. Believed more, a slip of theirs would end all calls for as long."""
_BY_PERSON: Final = frozenset({"/sns/jscode2session"})
"""Whose limit is each person's own: one must not keep the others out."""

_DICE: Final = SystemRandom()


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for what. `busy`: seconds before each further try, up to twice as long."""

    timeout: timedelta = TIMEOUT
    busy: tuple[float, ...] = (0.3, 0.9)
    token: Pace = field(default_factory=Pace)


@dataclass(frozen=True, slots=True)
class Service:
    """What WeChat and WeCom (bot/wecom) do not have in common. `token`: how one is asked for, by
    the account's id, its secret, and whether it must be another one. `fault`: what an errcode
    means, by the endpoint's path, the code, its errmsg and the time."""

    token: Callable[[str, str, bool], Request]
    fault: Callable[[str, int, str, datetime], PlatformError]


def _stable_token(app_id: str, secret: str, force: bool) -> Request:
    """Asked again the platform gives the same one; by force, another one, and ends the last."""
    body: dict[str, object] = {
        "grant_type": "client_credential",
        "appid": app_id,
        "secret": secret,
        "force_refresh": force,
    }
    return Request("POST", STABLE_TOKEN, body=body)


WECHAT: Final = Service(_stable_token, fault)


class Platform:
    """`name`: the account's in the settings. `now`: the real time, by which tokens and quotas end,
    whatever clock the office goes by.

    Every method raises PlatformError. None may be awaited in a transaction.
    """

    service: ClassVar[Service] = WECHAT

    def __init__(
        self,
        office: Office,
        name: str,
        app_id: str,
        secret: str,
        api: HttpUrl | URL,
        session: aiohttp.ClientSession,
        now: Callable[[], datetime],
        *,
        patience: Patience | None = None,
    ) -> None:
        self.office = office
        self.name = name
        self.app_id = app_id
        self.now = now
        self._secret = secret
        self._patience = patience or Patience()
        self._wire = Wire(session, URL(str(api)), self._patience.timeout)
        self._tokens = Tokens(office, name, self._issue, now, self._patience.token)
        self._shut: dict[str, tuple[datetime, int | None]] = {}

    async def check(self) -> None:
        """Whether the account can be called: it has a token, or gets one."""
        await self._tokens.current()

    async def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        json: Mapping[str, object] | None = None,
    ) -> Answer:
        """With the account's token. The answer's JSON object."""
        return await self._authorized(Request(method, path, query or {}, json), self._object)

    async def fetch(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        json: Mapping[str, object] | None = None,
    ) -> bytes:
        """With the account's token. A file: an image, a recording."""
        return await self._authorized(Request(method, path, query or {}, json), self._file)

    async def with_secret(self, path: str, query: Mapping[str, str]) -> Answer:
        """A GET by the account's secret in place of a token, as logins want it."""
        named = {**query, "appid": self.app_id, "secret": self._secret}
        return await self._patiently(Request("GET", path, named), self._object)

    async def _authorized(self, request: Request, read: Callable[[Request, bytes], T]) -> T:
        held = await self._tokens.current()
        try:
            return await self._patiently(_with_token(request, held.token), read)
        except TokenRefused as refused:
            if refused.code not in STALE:
                raise
        await self._tokens.refused(held)
        held = await self._tokens.current()
        return await self._patiently(_with_token(request, held.token), read)

    async def _patiently(self, request: Request, read: Callable[[Request, bytes], T]) -> T:
        self._check_quota(request.path)
        for pause in (*self._patience.busy, None):
            try:
                return read(request, await self._wire.exchange(request))
            except Busy:
                if pause is None:
                    raise
                await asyncio.sleep(pause * (1 + _DICE.random()))
            except OverQuota as over:
                self._leave_alone(request.path, over)
                raise
        raise AssertionError("the last try has answered or raised")

    def _leave_alone(self, path: str, over: OverQuota) -> None:
        if over.wait is not None and path not in _BY_PERSON:
            self._shut[path] = self.now() + over.wait, over.code

    def _check_quota(self, path: str) -> None:
        until, code = self._shut.get(path, (self.now(), None))
        left = until - self.now()
        if left > timedelta():
            raise OverQuota(code, "调用次数已用完，暂不再调用", wait=left)
        self._shut.pop(path, None)

    async def _issue(self, *, force: bool) -> Issued:
        """A token from the platform."""
        asked = self.service.token(self.app_id, self._secret, force)
        said = await self._patiently(asked, self._object)
        match said:
            case {"access_token": str(token), "expires_in": int(seconds)} if token and seconds > 0:
                return Issued(token, timedelta(seconds=min(seconds, MOST_SECONDS)))
        raise Unreachable(None, "答复里没有访问凭据")

    def _object(self, request: Request, body: bytes) -> Answer:
        said = read_object(body)
        if said is None:
            raise Unreachable(None, "答复无法读取")
        self._check(request, said)
        return said

    def _file(self, request: Request, body: bytes) -> bytes:
        """Refused it answers in JSON, whatever content type it names."""
        said = read_object(body) if body[:1] in (b"{", b"[", b"<", b"") else None
        if said is not None:
            self._check(request, said)
        if said is not None or not body:
            raise Unreachable(None, "答复里没有文件")
        return body

    def _check(self, request: Request, said: Answer) -> None:
        code = said.get("errcode", 0)
        if isinstance(code, str) and code.removeprefix("-").isdecimal():
            code = int(code)
        if not isinstance(code, int):
            raise Unreachable(None, "答复无法读取")
        if code != 0:
            raise self.service.fault(request.path, code, str(said.get("errmsg", "")), self.now())


def _with_token(request: Request, token: str) -> Request:
    query = {**request.query, "access_token": token}
    return Request(request.method, request.path, query, request.body)
