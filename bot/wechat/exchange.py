"""One request to the platform and the bytes of its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Final

import aiohttp
from yarl import URL

from bot.wechat.errors import Unreachable

TIMEOUT: Final = timedelta(seconds=5)
"""For the whole exchange."""
ANSWER_LIMIT: Final = 8 * 1024 * 1024
"""Bytes: more than any voice message or code."""


@dataclass(frozen=True, slots=True)
class Request:
    """`path` begins with a slash. `body` becomes JSON with its characters as they are: the platform
    shows `\\uXXXX` to people, or refuses it (40033)."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Mapping[str, object] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Wire:
    session: aiohttp.ClientSession
    api: URL
    timeout: timedelta = TIMEOUT

    async def exchange(self, request: Request) -> bytes:
        """Follows no redirect and reads no more than ANSWER_LIMIT. Raises Unreachable.

        The causes are dropped on purpose: their words hold the address, and with it the token.
        """
        body = None
        if request.body is not None:
            body = json.dumps(request.body, ensure_ascii=False).encode()
        try:
            async with self.session.request(
                request.method,
                self.api.joinpath(request.path.removeprefix("/")).with_query(request.query),
                data=body,
                headers={"Content-Type": "application/json; charset=utf-8"} if body else None,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=self.timeout.total_seconds()),
            ) as response:
                if response.status != HTTPStatus.OK:
                    raise Unreachable(None, f"平台暂时不可用，或不答复（HTTP {response.status}）")
                return await _body(response)
        except TimeoutError:
            raise Unreachable(None, "没有按时答复") from None
        except aiohttp.ClientSSLError:
            raise Unreachable(None, "加密连接（TLS）失败") from None
        except aiohttp.ClientConnectionError:
            raise Unreachable(None, "连接不上，或连接中断") from None
        except (aiohttp.ClientError, OSError):
            raise Unreachable(None, "答复不完整或不合规范") from None


async def _body(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > ANSWER_LIMIT:
            raise Unreachable(None, "答复过长")
    return bytes(body)
