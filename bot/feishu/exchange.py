"""One request to Feishu and its answer, read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Final

import aiohttp
from yarl import URL

from bot import exchange
from bot.exchange import TIMEOUT, Heard
from bot.feishu.errors import MINUTE, WHO, fault
from bot.gateways import NotDelivered, Unheard
from bot.reading import read_object

LONGEST_WAIT: Final = 24 * 60 * 60
"""Seconds: the platform may err, too."""

Answer = dict[str, object]


@dataclass(frozen=True, slots=True)
class Request:
    """`path` begins with a slash."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    timeout: timedelta = TIMEOUT


@dataclass(frozen=True, slots=True)
class Wire:
    session: aiohttp.ClientSession
    base: URL

    async def call(self, request: Request) -> Answer:
        """A JSON object whose code is 0. Raises NotDelivered."""
        return _object(await self._exchange(request))

    async def fetch(self, request: Request) -> bytes:
        """A file. Raises NotDelivered."""
        heard = await self._exchange(request)
        is_json = heard.headers.get("Content-Type", "").startswith("application/json")
        if heard.status == HTTPStatus.OK and heard.body and not is_json:
            return heard.body
        _object(heard)
        raise Unheard(f"{WHO}：答复里没有文件")

    async def _exchange(self, request: Request) -> Heard:
        url = self.base.joinpath(request.path.removeprefix("/")).with_query(request.query)
        headers = {"Authorization": f"Bearer {request.token}"} if request.token else {}
        body = b"" if request.body is None else request.body
        wire = exchange.Wire(WHO, self.session, request.timeout)
        return await wire.exchange(exchange.Request(request.method, url, headers, body))


def _object(heard: Heard) -> Answer:
    said = read_object(heard.body)
    code = said.get("code") if said is not None else None
    if heard.status == HTTPStatus.TOO_MANY_REQUESTS and not isinstance(code, int):
        raise NotDelivered(f"{WHO}：调用太频繁（HTTP 429）", wait=_wait(heard) or MINUTE)
    if said is None or not isinstance(code, int):
        raise Unheard(f"{WHO}：平台暂时不可用，或答复无法读取（HTTP {heard.status}）")
    if code != 0:
        raise fault(code, said, _wait(heard))
    return said


def _wait(heard: Heard) -> timedelta | None:
    seconds = heard.headers.get("x-ogw-ratelimit-reset", "")
    if not re.fullmatch(r"[0-9]{1,9}", seconds):
        return None
    return timedelta(seconds=min(int(seconds), LONGEST_WAIT))
