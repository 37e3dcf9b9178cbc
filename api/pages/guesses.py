"""Wrong guesses at a static code: phone and last digits must not be found out by trying."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from aiohttp import web

PERIOD: Final = timedelta(minutes=10)
FROM_ONE_ADDRESS: Final = 10
AT_ONE_CODE: Final = 100
"""Many addresses at one code. More than a hall makes by mistake, too few to find four digits."""
REMEMBERED: Final = 10_000
"""Addresses and codes kept before the stale ones are forgotten."""


class Guesses:
    """In this process's memory: of several processes each counts what it saw, so the limit is at
    most their number times as high."""

    def __init__(self) -> None:
        self._wrong: dict[str, deque[datetime]] = {}

    def wait(self, code: str, address: str, now: datetime) -> int | None:
        """Seconds until the next guess is allowed; None: it is allowed now."""
        waits = [self._wait(key, limit, now) for key, limit in _keys(code, address)]
        return max((wait for wait in waits if wait is not None), default=None)

    def wrong(self, code: str, address: str, now: datetime) -> None:
        if len(self._wrong) >= REMEMBERED:
            self._wrong = {
                key: moments for key, moments in self._wrong.items() if moments[-1] > now - PERIOD
            }
        for key, limit in _keys(code, address):
            self._wrong.setdefault(key, deque(maxlen=limit)).append(now)

    def _wait(self, key: str, limit: int, now: datetime) -> int | None:
        moments = self._wrong.get(key)
        if moments is None or len(moments) < limit:
            return None
        left = (moments[0] + PERIOD - now).total_seconds()
        return ceil(left) if left > 0 else None


def _keys(code: str, address: str) -> tuple[tuple[str, int], ...]:
    return (f"address:{address}", FROM_ONE_ADDRESS), (f"code:{code}", AT_ONE_CODE)


GUESSES = web.AppKey("guesses", Guesses)
