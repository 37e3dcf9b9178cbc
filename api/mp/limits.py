"""How often one person, or one address, may do what.

In this process's memory: of several processes each counts what it saw, so a limit is at most their
number times as high.
"""

from __future__ import annotations

import time
from math import ceil
from typing import Final

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from api.problems import TooMany

LOGINS: Final = "120 per minute"
"""From one address, behind which may be a hall's Wi-Fi or a mobile network."""
CHANGES: Final = "60 per minute"
"""Of one person: ratings, consents, phones."""
MISSES: Final = "20 per 10 minutes"
"""Of one person: links and codes that are none. Tokens must not be found out by trying."""


class Limits:
    """Limits as `limits` reads them: "60 per minute"."""

    def __init__(
        self, *, logins: str = LOGINS, changes: str = CHANGES, misses: str = MISSES
    ) -> None:
        self._logins = parse(logins)
        self._changes = parse(changes)
        self._misses = parse(misses)
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    def login(self, address: str) -> None:
        """Raises TooMany."""
        self._count(self._logins, f"login:{address}")

    def change(self, rater: int) -> None:
        """Raises TooMany."""
        self._count(self._changes, f"change:{rater}")

    def missed(self, rater: int) -> None:
        self._windows.hit(self._misses, f"miss:{rater}")

    def check_misses(self, rater: int) -> None:
        """Raises TooMany."""
        if not self._windows.test(self._misses, f"miss:{rater}"):
            raise TooMany(self._wait(self._misses, f"miss:{rater}"))

    def _count(self, limit: RateLimitItem, who: str) -> None:
        if not self._windows.hit(limit, who):
            raise TooMany(self._wait(limit, who))

    def _wait(self, limit: RateLimitItem, who: str) -> int:
        """Seconds, at least one."""
        reset = self._windows.get_window_stats(limit, who).reset_time
        return max(ceil(reset - time.time()), 1)
