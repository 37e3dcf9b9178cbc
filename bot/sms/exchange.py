"""What a provider answers, as the outbox knows it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

from bot import exchange
from bot.exchange import Request
from bot.gateways import NotDelivered
from bot.reading import read_object

WHO: Final = "短信平台"
TIMEOUT: Final = timedelta(seconds=10)

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
        value = read_object(self.body)
        if value is None:
            raise NotDelivered(f"{WHO}：答复无法读取（HTTP {self.status}）")
        return value


@dataclass(frozen=True, slots=True)
class Wire:
    """The service's own clock."""

    wire: exchange.Wire
    now: Callable[[], datetime]

    async def exchange(self, request: Request) -> Answered:
        """Raises NotDelivered."""
        heard = await self.wire.exchange(request)
        status = heard.status
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
            wait = _retry_after(heard.headers.get("Retry-After", ""), self.now())
            raise NotDelivered(f"{WHO}：暂时不可用（HTTP {status}）", wait=wait)
        if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
            raise NotDelivered(f"{WHO}：要求转到别处，未跟随（HTTP {status}）")
        return Answered(status, heard.body)


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
