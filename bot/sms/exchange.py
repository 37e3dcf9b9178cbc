"""A request to a provider and its answer. Whatever goes wrong on the way is NotDelivered."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

import aiohttp
from yarl import URL

from bot.gateways import NotDelivered
from bot.reading import parsed

TIMEOUT: Final = timedelta(seconds=10)
"""For the whole exchange: well before whoever waits for it gives up."""
ANSWER_LIMIT: Final = 64 * 1024

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Answered:
    """`status` is one of 2xx or 4xx."""

    status: int
    body: bytes

    @property
    def ok(self) -> bool:
        return self.status < HTTPStatus.MULTIPLE_CHOICES

    def json(self) -> dict[str, object]:
        """Raises NotDelivered for what is no JSON object."""
        try:
            value = parsed(self.body)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise NotDelivered(f"短信平台的答复无法读取（HTTP {self.status}）")
        return value


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    url: URL
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Wire:
    """The service's own session and clock."""

    session: aiohttp.ClientSession
    now: Callable[[], datetime]
    timeout: timedelta = TIMEOUT

    async def exchange(self, call: Call) -> Answered:
        """Follows no redirect and reads no more than ANSWER_LIMIT. Raises NotDelivered.

        The causes are dropped on purpose: their words hold the address, and with it the number.
        """
        try:
            async with self.session.request(
                call.method,
                call.url,
                headers=call.headers,
                data=call.body or None,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=self.timeout.total_seconds()),
                # A content type that aiohttp adds by itself would have to be signed as well.
                skip_auto_headers=("Content-Type",),
            ) as response:
                _check(response, self.now())
                return Answered(response.status, await _body(response))
        except TimeoutError:
            raise NotDelivered("短信平台没有按时答复") from None
        except aiohttp.ClientSSLError:
            raise NotDelivered("与短信平台的加密连接（TLS）失败") from None
        except aiohttp.ClientConnectionError:
            raise NotDelivered("连接不上短信平台，或连接中断") from None
        except (aiohttp.ClientError, OSError):
            raise NotDelivered("短信平台的答复不完整或不合规范") from None


def _check(response: aiohttp.ClientResponse, now: datetime) -> None:
    status = response.status
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = _retry_after(response.headers.get("Retry-After", ""), now)
        raise NotDelivered(f"短信平台暂时不可用（HTTP {status}）", wait=wait)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise NotDelivered(f"短信平台要求转到别处，未跟随（HTTP {status}）")


async def _body(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > ANSWER_LIMIT:
            raise NotDelivered("短信平台的答复过长")
    return bytes(body)


def _retry_after(value: str, now: datetime) -> timedelta | None:
    """Seconds or a date (RFC 9110, 10.2.3), at most a day: a provider may err, too."""
    if re.fullmatch(r"[0-9]{1,9}", value):
        return min(timedelta(seconds=int(value)), DAY)
    try:
        then = parsedate_to_datetime(value)
    except ValueError:
        return None
    if then.tzinfo is None:
        return None
    return min(max(then - now, timedelta(0)), DAY)
