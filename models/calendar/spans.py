"""Days as a notice writes them: 10月1日至10月8日."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta


def day_text(day: date, year: int) -> str:
    """The year is said where it is not the one the reader is in."""
    text = f"{day.month}月{day.day}日"
    return text if day.year == year else f"{day.year}年{text}"


def span_text(first: date, last: date, year: int) -> str:
    if first == last:
        return day_text(first, year)
    return f"{day_text(first, year)}至{day_text(last, first.year)}"


def spans_text(days: Iterable[date], year: int) -> str:
    """Neighbouring days drawn together: 4月4日至4月6日、6月1日."""
    spans: list[tuple[date, date]] = []
    for day in sorted(days):
        if spans and day - spans[-1][1] == timedelta(days=1):
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return "、".join(span_text(first, last, year) for first, last in spans)
