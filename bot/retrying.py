"""How long to wait before a message is tried again, and for how long at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import SystemRandom
from typing import Final

AGAIN: Final = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=3),
)
"""After which attempt to wait how long; the last is kept to until the notice is given up."""

JITTER: Final = 0.2
"""Up to a fifth more: what failed together is not tried together."""

_DICE: Final = SystemRandom()


def next_try(now: datetime, attempts: int, wish: timedelta | None = None) -> datetime:
    """After the attempt of that number, from 1. `wish`: what the gateway asked for; it is never
    called on sooner."""
    wait = AGAIN[min(attempts, len(AGAIN)) - 1] * (1 + JITTER * _DICE.random())
    return now + max(wait, wish or timedelta())
