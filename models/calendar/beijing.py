"""Beijing time, the only civil time of this field. Stored instants are UTC."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


def beijing(moment: datetime) -> datetime:
    """Raises ValueError for a naive datetime."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(BEIJING)


def beijing_date(moment: datetime) -> date:
    return beijing(moment).date()


def end_of(day: date) -> datetime:
    """24:00 of the day in Beijing time: the first instant that is too late."""
    return datetime.combine(day + timedelta(days=1), time(), BEIJING)


def spoken(moment: datetime) -> str:
    """As a notice writes it: 2026年3月9日 24:00 rather than the 10th, 00:00."""
    local = beijing(moment)
    if local.time() == time():
        day = local.date() - timedelta(days=1)
        return f"{day.year}年{day.month}月{day.day}日24:00"
    return f"{local.year}年{local.month}月{local.day}日{local:%H:%M}"
