"""What every decision has at hand. One is made at start-up and handed to whoever decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.calendar.working_days import WorkingDays
from models.clock import Clock
from models.database import Database
from models.keys import KeyRing
from models.links import Links
from models.rulebooks.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Office:
    database: Database
    shelf: Shelf
    days: WorkingDays
    keys: KeyRing
    links: Links
    clock: Clock

    def now(self) -> datetime:
        return self.clock.now()
