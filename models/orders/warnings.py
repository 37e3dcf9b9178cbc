"""When somebody is warned of a deadline, and a higher bureau told that it has passed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final

from models.calendar.beijing import BEIJING, beijing_date
from models.calendar.deadline import Deadline, deadline
from models.calendar.working_days import WorkingDays
from models.rulebooks.order_rules import Ahead
from models.rulebooks.rule import Counting, Period, Since

MORNING: Final = time(9)
"""When people come to work and read what is due."""
_ONE: Final = timedelta(days=1)


def warnings(found: Deadline, before: Sequence[Ahead], days: WorkingDays) -> tuple[datetime, ...]:
    """The moments, soonest first. One that lies before the clock began warns of nothing."""
    moments = {_moment(found, ahead, days) for ahead in before}
    return tuple(sorted(each for each in moments if found.start < each < found.due))


def _moment(found: Deadline, ahead: Ahead, days: WorkingDays) -> datetime:
    if ahead.unit is Counting.HOURS:
        return found.due - timedelta(hours=ahead.count)
    # The last day is the one before the first instant that is too late.
    day = beijing_date(found.due - timedelta(microseconds=1))
    count = ahead.count
    while count:
        day -= _ONE
        count -= days.day(day).working
    return datetime.combine(day, MORNING, BEIJING).astimezone(UTC)


def escalation(due: datetime, after: Ahead, days: WorkingDays) -> datetime:
    """When a duty that is overdue since `due`, and still undone, is told to a higher bureau."""
    # Counted from the last day: due is the first instant after it.
    start = due - timedelta(microseconds=1)
    period = Period(count=after.count, unit=after.unit, since=Since.RECEIVED)
    return deadline(start, period, days).due
