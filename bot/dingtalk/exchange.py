"""One request to DingTalk and the bytes of its answer. Whatever goes wrong is NotDelivered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Final

import aiohttp
from yarl import URL

from bot.gateways import NotDelivered, Unheard

TIMEOUT: Final = timedelta(seconds=5)
"""For the whole exchange."""
ANSWER_LIMIT: Final = 8 * 1024 * 1024
"""Bytes: more than a picture may have that becomes evidence."""


@dataclass(frozen=True, slots=True)
class Answered:
    """`status` is one of 2xx or 4xx."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Wire:
    session: aiohttp.ClientSession
    timeout: timedelta = TIMEOUT

    async def get(self, url: URL) -> Answered:
        """Raises NotDelivered."""
        return await self._exchange("GET", url, {}, None)

    async def post(
        self, url: URL, body: Mapping[str, object], headers: Mapping[str, str] | None = None
    ) -> Answered:
        """`body` becomes JSON. Raises NotDelivered; Unheard where it may have been taken."""
        written = json.dumps(body, ensure_ascii=False).encode()
        named = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
        return await self._exchange("POST", url, named, written)

    async def _exchange(
        self, method: str, url: URL, headers: Mapping[str, str], body: bytes | None
    ) -> Answered:
        """Follows no redirect and reads no more than ANSWER_LIMIT.

        The causes are dropped on purpose: their words hold the address, and with it tokens.
        """
        try:
            async with self.session.request(
                method,
                url,
                headers=headers,
                data=body,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=self.timeout.total_seconds()),
            ) as response:
                _check(response.status)
                return Answered(response.status, await _body(response))
        except TimeoutError:
            raise Unheard("钉钉：没有按时答复") from None
        except aiohttp.ClientSSLError:
            raise NotDelivered("钉钉：加密连接（TLS）失败") from None
        except aiohttp.ClientConnectorError:
            raise NotDelivered("钉钉：连接不上") from None
        except (aiohttp.ClientError, OSError):
            raise Unheard("钉钉：连接中断，或答复不合规范") from None


def _check(status: int) -> None:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Unheard(f"钉钉：平台暂时不可用（HTTP {status}）")
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise NotDelivered(f"钉钉：平台要求转到别处，未跟随（HTTP {status}）")


async def _body(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > ANSWER_LIMIT:
            raise Unheard("钉钉：答复过长")
    return bytes(body)
