"""A due time as somebody with a list of orders reads it: how soon, in words and in a colour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.calendar.beijing import beijing_date, end_of
from models.handling.views import ClockView


class Urgency(StrEnum):
    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    """Within the three days after today."""
    LATER = "later"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Urgency.OVERDUE: "已逾期",
    Urgency.TODAY: "今日到期",
    Urgency.SOON: "三日内到期",
    Urgency.LATER: "三日后到期",
}
_COLOURS = {
    Urgency.OVERDUE: "over",
    Urgency.TODAY: "soon",
    Urgency.SOON: "soon",
    Urgency.LATER: "far",
}
SOON = timedelta(days=3)


def span(urgency: Urgency, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Due after the first and not after the second. None: without a bound."""
    today = beijing_date(now)
    tonight, soon = end_of(today), end_of(today + SOON)
    return {
        Urgency.OVERDUE: (None, now),
        Urgency.TODAY: (now, tonight),
        Urgency.SOON: (tonight, soon),
        Urgency.LATER: (soon, None),
    }[urgency]


@dataclass(frozen=True, slots=True)
class Mark:
    """`colour` is one of the stylesheet's; the words say it as well."""

    colour: str
    words: str


def mark(at: datetime, now: datetime) -> Mark:
    for urgency in Urgency:
        _, last = span(urgency, now)
        if last is None or at <= last:
            break
    return Mark(_COLOURS[urgency], _words(at, urgency, now))


def clock_mark(clock: ClockView, now: datetime) -> Mark:
    if clock.void_at is not None:
        return Mark("none", "不再计算")
    if not clock.duty:
        return _right(clock, now)
    if clock.met_at is None:
        return mark(clock.due_at, now)
    return Mark("over", "逾期完成") if clock.met_at >= clock.due_at else Mark("met", "按期完成")


def _right(clock: ClockView, now: datetime) -> Mark:
    """Nobody is late who leaves it."""
    if clock.met_at is not None:
        return Mark("met", "已提出")
    return Mark("none", "已截止") if clock.due_at <= now else mark(clock.due_at, now)


def _words(at: datetime, urgency: Urgency, now: datetime) -> str:
    if urgency is Urgency.OVERDUE:
        late = now - at
        if late >= timedelta(days=1):
            return f"已逾期{late.days}天"
        return f"已逾期{late // timedelta(hours=1)}小时" if late >= timedelta(hours=1) else "已逾期"
    if urgency is Urgency.TODAY:
        return "今日到期"
    # 24:00 belongs to the day that it ends.
    last_day = beijing_date(at - timedelta(microseconds=1))
    return f"还有{(last_day - beijing_date(now)).days}天"
