"""One request to a platform or a provider, and its answer. Whatever goes wrong on the way is
NotDelivered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import aiohttp
from yarl import URL

from bot.gateways import NotDelivered, Unheard

TIMEOUT: Final = timedelta(seconds=5)
"""For the whole exchange."""
ANSWER_LIMIT: Final = 8 * 1024 * 1024
"""Octets: of the largest picture that may be evidence."""
JSON: Final = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    """`body`: octets, or what becomes JSON with its characters as they are: WeChat shows `\\uXXXX`
    to people, or refuses it (40033)."""

    method: str
    url: URL
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | Mapping[str, object] = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer of any status."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Wire:
    """`who` is asked, as the operator is told: 微信."""

    who: str
    session: aiohttp.ClientSession
    timeout: timedelta = TIMEOUT

    async def exchange(self, request: Request) -> Heard:
        """Follows no redirect and reads no more than ANSWER_LIMIT. Raises NotDelivered; Unheard
        where it may have been taken.

        The causes are dropped on purpose: their words hold the address, and with it numbers and
        tokens.
        """
        headers, body = dict(request.headers), request.body
        if not isinstance(body, bytes):
            headers["Content-Type"] = JSON
            body = json.dumps(body, ensure_ascii=False).encode()
        try:
            async with self.session.request(
                request.method,
                request.url,
                headers=headers,
                data=body or None,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=self.timeout.total_seconds()),
                # What aiohttp adds by itself would have to be signed as well.
                skip_auto_headers=("Content-Type",),
            ) as response:
                return Heard(response.status, response.headers, await self._body(response))
        except TimeoutError:
            raise Unheard(f"{self.who}：没有按时答复") from None
        except aiohttp.ClientSSLError:
            raise NotDelivered(f"{self.who}：加密连接（TLS）失败") from None
        except aiohttp.ClientConnectorError:
            raise NotDelivered(f"{self.who}：连接不上") from None
        except (aiohttp.ClientError, OSError):
            raise Unheard(f"{self.who}：连接中断，或答复不完整") from None

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > ANSWER_LIMIT:
                raise Unheard(f"{self.who}：答复过长")
        return bytes(body)
