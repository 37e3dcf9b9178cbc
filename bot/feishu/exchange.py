"""One request to Feishu and its answer, read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Final, TypeVar

import aiohttp
from yarl import URL

from bot.feishu.errors import MINUTE, fault
from bot.gateways import NotDelivered, Rejected, Unheard
from bot.reading import read_object

TIMEOUT: Final = timedelta(seconds=5)
"""For the whole exchange."""
ANSWER_LIMIT: Final = 1024 * 1024
LONGEST_WAIT: Final = 24 * 60 * 60
"""Seconds: the platform may err, too."""

T = TypeVar("T")
Answer = dict[str, object]


@dataclass(frozen=True, slots=True)
class Request:
    """`path` begins with a slash. `limit`: octets of the answer."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    timeout: timedelta = TIMEOUT
    limit: int = ANSWER_LIMIT


def encoded(body: Mapping[str, object]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class Wire:
    session: aiohttp.ClientSession
    base: URL

    async def call(self, request: Request) -> Answer:
        """A JSON object whose code is 0. Raises NotDelivered."""
        return await self._exchange(request, _object)

    async def fetch(self, request: Request) -> bytes:
        """A file. Raises NotDelivered."""
        return await self._exchange(request, _file)

    async def _exchange(
        self, request: Request, read: Callable[[aiohttp.ClientResponse, bytes], T]
    ) -> T:
        """Follows no redirect. The causes are dropped on purpose: their words hold the address, and
        with it a robot's token."""
        headers = {"Authorization": f"Bearer {request.token}"} if request.token else {}
        if request.body is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
        try:
            async with self.session.request(
                request.method,
                self.base.joinpath(request.path.removeprefix("/")).with_query(request.query),
                data=None if request.body is None else encoded(request.body),
                headers=headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=request.timeout.total_seconds()),
            ) as response:
                return read(response, await _body(response, request.limit))
        except TimeoutError:
            raise Unheard("飞书：没有按时答复") from None
        except aiohttp.ClientSSLError:
            raise Unheard("飞书：加密连接（TLS）失败") from None
        except aiohttp.ClientConnectionError:
            raise Unheard("飞书：连接不上，或连接中断") from None
        except (aiohttp.ClientError, OSError):
            raise Unheard("飞书：答复不完整或不合规范") from None


async def _body(response: aiohttp.ClientResponse, limit: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > limit:
            raise Rejected("飞书：答复或图片过大")
    return bytes(body)


def _object(response: aiohttp.ClientResponse, body: bytes) -> Answer:
    said = read_object(body)
    code = said.get("code") if said is not None else None
    if response.status == HTTPStatus.TOO_MANY_REQUESTS and not isinstance(code, int):
        raise NotDelivered("飞书：调用太频繁（HTTP 429）", wait=_wait(response) or MINUTE)
    if said is None or not isinstance(code, int):
        raise Unheard(f"飞书：平台暂时不可用，或答复无法读取（HTTP {response.status}）")
    if code != 0:
        raise fault(code, said, _wait(response))
    return said


def _file(response: aiohttp.ClientResponse, body: bytes) -> bytes:
    if response.status == HTTPStatus.OK and response.content_type != "application/json" and body:
        return body
    _object(response, body)
    raise Unheard("飞书：答复里没有文件")


def _wait(response: aiohttp.ClientResponse) -> timedelta | None:
    seconds = response.headers.get("x-ogw-ratelimit-reset", "")
    if not re.fullmatch(r"[0-9]{1,9}", seconds):
        return None
    return timedelta(seconds=min(int(seconds), LONGEST_WAIT))
