"""The times of an invitation: when to remind, how long it is in time, how long its link holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.calendar.deadline import deadline
from models.calendar.working_days import WorkingDays
from models.rulebooks.rulebook import Version
from models.words import Node


@dataclass(frozen=True, slots=True)
class Terms:
    timely_until: datetime | None
    provisional: bool
    until: datetime
    remind_at: datetime | None


def terms(version: Version, node: Node, opened_at: datetime, days: WorkingDays) -> Terms:
    """Reminder and silence are for completed items only, not for visits and calls (reading 4)."""
    link = deadline(opened_at, version.link.valid, days)
    silence = reminder = None
    if node is Node.COMPLETION:
        silence = deadline(opened_at, version.silence.after, days) if version.silence else None
        if version.reminder and version.reminder.sent:
            reminder = deadline(opened_at, version.reminder.after, days)
    return Terms(
        timely_until=silence.due if silence else None,
        provisional=any(each.provisional for each in (link, silence, reminder) if each),
        until=link.due,
        remind_at=reminder.due if reminder else None,
    )
