"""How often somebody may guess: from one address, at one name, by one chat user.

In this process's memory: of several processes each counts what it saw, so a limit is at most their
number times as high. Guesses at one account's password are counted in the database (`attempts`).
"""

from __future__ import annotations

import time
from math import ceil
from typing import ClassVar, Final

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from models.office import Office
from models.refusals import Refused

_WINDOWS: Final = MovingWindowRateLimiter(MemoryStorage())


class TooManyGuesses(Refused):
    """`wait`: seconds until the next one is taken."""

    code: ClassVar[str] = "too_many_guesses"

    def __init__(self, wait: float) -> None:
        self.wait = max(ceil(wait), 1)
        super().__init__(f"错误次数太多，请{ceil(self.wait / 60)}分钟后再试。")


class Guesses:
    """`most` wrong ones in `minutes`."""

    def __init__(self, kind: str, most: int, minutes: int) -> None:
        self._kind = kind
        self._limit: RateLimitItem = RateLimitItemPerMinute(most, minutes)

    def check(self, office: Office, who: str) -> None:
        """Raises TooManyGuesses."""
        key = self._key(office, who)
        if not _WINDOWS.test(self._limit, key):
            reset = _WINDOWS.get_window_stats(self._limit, key).reset_time
            raise TooManyGuesses(reset - time.time())

    def wrong(self, office: Office, who: str) -> None:
        _WINDOWS.hit(self._limit, self._key(office, who))

    def _key(self, office: Office, who: str) -> str:
        return office.keys.find(who, self._kind)
