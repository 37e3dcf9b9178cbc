"""The server API of WeChat, for one account.

A call brings the account's token with it, and once more a new one where the platform no longer
takes the old one. Busy is tried again; an endpoint whose quota is used up is left alone until there
is more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from random import SystemRandom
from typing import ClassVar, Final, TypeVar

import aiohttp
from pydantic import HttpUrl
from yarl import URL

from bot.exchange import TIMEOUT, Request, Wire
from bot.gateways import Unheard
from bot.reading import read_object
from bot.tokens import Issued, Pace, Tokens
from bot.wechat.errors import Busy, OverQuota, PlatformError, fault
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
class Call:
    """`path` begins with a slash."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    json: Mapping[str, object] | None = field(default=None, repr=False)

    def to(self, api: URL) -> Request:
        url = api.joinpath(self.path.removeprefix("/")).with_query(self.query)
        return Request(self.method, url, body=b"" if self.json is None else self.json)


@dataclass(frozen=True, slots=True)
class Service:
    """What WeChat and WeCom (bot/wecom) do not have in common. `who`: as the operator knows it.
    `token`: how one is asked for, by the account's id, its secret, and whether it must be another
    one. `fault`: what an errcode means, by the endpoint's path, the code, its errmsg and the
    time."""

    who: str
    token: Callable[[str, str, bool], Call]
    fault: Callable[[str, int, str, datetime], PlatformError]


def _stable_token(app_id: str, secret: str, force: bool) -> Call:
    """Asked again the platform gives the same one; by force, another one, and ends the last.

    Source: “获取稳定版接口调用凭据”,
    developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html
    """
    body: dict[str, object] = {
        "grant_type": "client_credential",
        "appid": app_id,
        "secret": secret,
        "force_refresh": force,
    }
    return Call("POST", STABLE_TOKEN, json=body)


WECHAT: Final = Service("微信", _stable_token, fault)


class Platform:
    """`name`: the account's in the settings. `now`: the real time, by which tokens and quotas end,
    whatever clock the office goes by.

    Every method raises NotDelivered. None may be awaited in a transaction.
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
        self._api = URL(str(api))
        self._wire = Wire(self.service.who, session, self._patience.timeout)
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
        return await self._authorized(Call(method, path, query or {}, json), self._object)

    async def fetch(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        json: Mapping[str, object] | None = None,
    ) -> bytes:
        """With the account's token. A file: an image, a recording."""
        return await self._authorized(Call(method, path, query or {}, json), self._file)

    async def with_secret(self, path: str, query: Mapping[str, str]) -> Answer:
        """A GET by the account's secret in place of a token, as logins want it."""
        named = {**query, "appid": self.app_id, "secret": self._secret}
        return await self._patiently(Call("GET", path, named), self._object)

    async def _authorized(self, call: Call, read: Callable[[Call, bytes], T]) -> T:
        return await self._tokens.used(
            lambda token: self._patiently(_with_token(call, token), read)
        )

    async def _patiently(self, call: Call, read: Callable[[Call, bytes], T]) -> T:
        self._check_quota(call.path)
        for pause in (*self._patience.busy, None):
            try:
                return read(call, await self._exchange(call))
            except Busy:
                if pause is None:
                    raise
                await asyncio.sleep(pause * (1 + _DICE.random()))
            except OverQuota as over:
                self._leave_alone(call.path, over)
                raise
        raise AssertionError("the last try has answered or raised")

    async def _exchange(self, call: Call) -> bytes:
        heard = await self._wire.exchange(call.to(self._api))
        if heard.status != HTTPStatus.OK:
            raise self._unheard(f"平台暂时不可用，或不答复（HTTP {heard.status}）")
        return heard.body

    def _unheard(self, words: str) -> Unheard:
        return Unheard(f"{self.service.who}：{words}")

    def _leave_alone(self, path: str, over: OverQuota) -> None:
        if over.wait is not None and path not in _BY_PERSON:
            self._shut[path] = self.now() + over.wait, over.code

    def _check_quota(self, path: str) -> None:
        until, code = self._shut.get(path, (self.now(), None))
        left = until - self.now()
        if left > timedelta():
            raise OverQuota(code, "调用次数已用完，暂不再调用", wait=left, who=self.service.who)
        self._shut.pop(path, None)

    async def _issue(self, *, force: bool) -> Issued:
        """A token from the platform."""
        asked = self.service.token(self.app_id, self._secret, force)
        said = await self._patiently(asked, self._object)
        match said:
            case {"access_token": str(token), "expires_in": int(seconds)} if token and seconds > 0:
                return Issued(token, timedelta(seconds=min(seconds, MOST_SECONDS)))
        raise self._unheard("答复里没有访问凭据")

    def _object(self, call: Call, body: bytes) -> Answer:
        said = read_object(body)
        if said is None:
            raise self._unheard("答复无法读取")
        self._check(call, said)
        return said

    def _file(self, call: Call, body: bytes) -> bytes:
        """Refused it answers in JSON, whatever content type it names."""
        said = read_object(body) if body[:1] in (b"{", b"[", b"<", b"") else None
        if said is not None:
            self._check(call, said)
        if said is not None or not body:
            raise self._unheard("答复里没有文件")
        return body

    def _check(self, call: Call, said: Answer) -> None:
        code = said.get("errcode", 0)
        if isinstance(code, str) and code.removeprefix("-").isdecimal():
            code = int(code)
        if not isinstance(code, int):
            raise self._unheard("答复无法读取")
        if code != 0:
            raise self.service.fault(call.path, code, str(said.get("errmsg", "")), self.now())


def _with_token(call: Call, token: str) -> Call:
    return replace(call, query={**call.query, "access_token": token})
