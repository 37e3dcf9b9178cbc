"""The demo's clock: real time, or standing at a moment, and moved forwards only.

It is kept in the data folder, so that a restart does not take back what has happened.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from models.refusals import Invalid

LATEST = datetime(2099, 12, 31, tzinfo=UTC)


class DemoClock:
    """`standing`: the moment at which it stands; None: it runs, `ahead` of real time."""

    def __init__(self, file: Path, at: datetime | None = None) -> None:
        """Raises Invalid for a start before where the clock of this folder already is."""
        self._file = file
        self._standing: datetime | None = None
        self._ahead = timedelta()
        if file.exists():
            self._load()
        if at is not None:
            if file.exists() and at < self.now():
                raise Invalid(f"演示时钟只能向前：数据目录里已是{self.now().isoformat()}")
            self._standing = at.astimezone(UTC)
        self._save()

    def now(self) -> datetime:
        return self._standing or datetime.now(UTC) + self._ahead

    def move(self, to: datetime) -> None:
        """Raises Invalid."""
        self.check(to)
        if self._standing is not None:
            self._standing = to.astimezone(UTC)
        else:
            self._ahead += to - self.now()
        self._save()

    def check(self, to: datetime) -> None:
        """Raises Invalid for a moment to which the clock cannot be moved."""
        if to < self.now():
            raise Invalid("演示时钟只能向前移动", field="to")
        if to > LATEST:
            raise Invalid("演示时钟最远到2099年", field="to")

    def _load(self) -> None:
        kept = json.loads(self._file.read_text())
        if kept["standing"]:
            self._standing = datetime.fromisoformat(kept["standing"])
        self._ahead = timedelta(seconds=kept["ahead"])

    def _save(self) -> None:
        standing = self._standing.isoformat() if self._standing else None
        kept = {"standing": standing, "ahead": self._ahead.total_seconds()}
        # Whole or not at all: half a clock would keep the demo from starting again.
        beside = self._file.with_suffix(".new")
        beside.write_text(json.dumps(kept))
        beside.replace(self._file)
