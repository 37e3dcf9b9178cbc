"""When a period ends: 民法典 articles 200 to 203, readings 4 to 8 of the rule matrix.

The starting day is not counted (art. 201), the last day lasts until 24:00 (art. 203), and days are
Beijing days. 工作日 count working days only. 自然日 count every day and end where they end, holiday
or not, unless the jurisdiction rolls over (art. 203).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from models.calendar.beijing import beijing, beijing_date, end_of, spoken
from models.calendar.spans import day_text, span_text
from models.calendar.working_days import Day, WorkingDays
from models.rulebooks.rule import Counting, Period

_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CountedDay:
    day: Day
    counts: bool
    """False for a day skipped (no working day) or rolled over (after natural days)."""


@dataclass(frozen=True, slots=True)
class Deadline:
    start: datetime
    period: Period
    due: datetime
    """UTC, the first instant that is too late."""
    counted: tuple[CountedDay, ...]
    """Every day from the one after the start to the last. None for hours and 当场."""
    missing_years: tuple[int, ...]
    """Years whose notice the count needed and did not have."""

    @property
    def provisional(self) -> bool:
        return bool(self.missing_years)


def deadline(start: datetime, period: Period, days: WorkingDays) -> Deadline:
    """Raises ValueError for a naive start."""
    today = beijing_date(start)
    counted: list[CountedDay] = []
    asked: list[Day] = []
    match period.unit:
        case Counting.HOURS:
            due = start.astimezone(UTC) + timedelta(hours=period.count)
            return Deadline(start, period, due, (), ())
        case Counting.AT_ONCE:
            pass
        case Counting.WORKING_DAYS:
            counted = list(_working_days(today, period.count, days))
            asked = [entry.day for entry in counted]
        case Counting.NATURAL_DAYS:
            ahead = range(1, period.count + 1)
            counted = [CountedDay(days.day(today + timedelta(days=n)), counts=True) for n in ahead]
            if period.roll_over_holidays:
                asked = [counted[-1].day if counted else days.day(today)]
                rolled = list(_rolled(asked[0], days))
                asked += rolled
                counted += [CountedDay(day, counts=False) for day in rolled]
    last = counted[-1].day.date if counted else today
    missing = sorted({day.date.year for day in asked if day.provisional})
    return Deadline(start, period, end_of(last).astimezone(UTC), tuple(counted), tuple(missing))


def _working_days(today: date, count: int, days: WorkingDays) -> Iterator[CountedDay]:
    while count:
        today += _ONE
        day = days.day(today)
        count -= day.working
        yield CountedDay(day, counts=day.working)


def _rolled(last: Day, days: WorkingDays) -> Iterator[Day]:
    while not last.working:
        last = days.day(last.date + _ONE)
        yield last


def explain_lines(found: Deadline) -> list[str]:
    """The count as a person would check it against a wall calendar."""
    start = beijing(found.start)
    begun = f"{start.year}年{start.month}月{start.day}日{start:%H:%M}起算"
    count = found.period.count
    match found.period.unit:
        case Counting.HOURS:
            lines = [f"{begun}，满{count}小时"]
        case Counting.AT_ONCE:
            lines = [f"{begun}，应当场办结，最迟不过当日"]
        case Counting.WORKING_DAYS:
            lines = [f"{begun}，当日不计，数满{count}个工作日", *_working_lines(found, start.year)]
        case Counting.NATURAL_DAYS:
            lines = [f"{begun}，当日不计，数满{count}个自然日", *_natural_lines(found, start.year)]
    lines.append(f"{spoken(found.due)}截止")
    if found.missing_years:
        years = "、".join(f"{year}年" for year in found.missing_years)
        lines.append(
            f"{years}的放假安排尚未录入，暂按周一至周五上班推算；期限为暂定，录入后重新计算"
        )
    return lines


def _working_lines(found: Deadline, year: int) -> Iterator[str]:
    for (why, guessed), run in groupby(found.counted, key=_kind):
        days = [entry.day for entry in run]
        span = span_text(days[0].date, days[-1].date, year)
        verdict = f"计{len(days)}日" if why else "不计"
        yield f"{span} {why or _whys(days)}{'（暂推）' if guessed else ''}，{verdict}"


def _natural_lines(found: Deadline, year: int) -> Iterator[str]:
    counting = [entry.day.date for entry in found.counted if entry.counts]
    if counting:
        yield f"{span_text(counting[0], counting[-1], year)} 自然日，计{len(counting)}日"
    if len(counting) < len(found.counted):
        yield f"末日逢休息日，顺延至{day_text(found.counted[-1].day.date, year)}"


def _kind(entry: CountedDay) -> tuple[str, bool]:
    """Counted days are told apart by why they count; a rest is one, whatever it is made of."""
    return entry.day.why if entry.counts else "", entry.day.provisional


def _whys(days: Iterable[Day]) -> str:
    return "、".join(dict.fromkeys(day.why for day in days))
