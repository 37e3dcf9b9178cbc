"""A clock as it is stored, counted again: to settle it, or to say which days it counted."""

from __future__ import annotations

from models.calendar.deadline import Deadline, deadline
from models.calendar.working_days import WorkingDays
from models.rulebooks.rule import Counting, Period, Since
from models.tables import OrderDeadline


def recount(row: OrderDeadline, days: WorkingDays) -> Deadline:
    # What it is counted since is stored as the moment; the word for it no longer matters.
    period = Period(
        count=row.count,
        unit=Counting(row.unit),
        since=Since.EVALUATION,
        roll_over_holidays=row.rolls_over,
    )
    return deadline(row.started_at, period, days)
