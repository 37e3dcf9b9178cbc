"""A clock for tests: it stands until it is moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""9:00 in Beijing, a working day in a week of working days."""


@dataclass
class StandingClock:
    at: datetime = MONDAY

    def now(self) -> datetime:
        return self.at

    def advance(self, **length: float) -> None:
        self.at += timedelta(**length)
