"""What one year's notice of the State Council says, and the years the library knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Final

import chinese_calendar

WORKDAY: Final = "工作日"
WEEKEND: Final = "周末"
MAKE_UP: Final = "调休上班"

SATURDAY: Final = 5
_OFFICIAL_NAMES: Final = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}


@dataclass(frozen=True, slots=True)
class YearPlan:
    """The days a notice names. Every other day of the year follows its weekday."""

    year: int
    off: Mapping[date, str]
    """Days off by the name of their festival, those that fall on a weekend included."""
    make_up: frozenset[date]
    """Weekend days worked in exchange (调休)."""

    def working(self, day: date) -> bool:
        return day in self.make_up or (day.weekday() < SATURDAY and day not in self.off)

    def why(self, day: date) -> str:
        if day in self.make_up:
            return MAKE_UP
        return self.off.get(day) or (WORKDAY if day.weekday() < SATURDAY else WEEKEND)


def days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    for ahead in range((date(year, 12, 31) - day).days + 1):
        yield day + timedelta(days=ahead)


@cache
def library_plans() -> Mapping[int, YearPlan]:
    """The years chinesecalendar covers, found from its own tables.

    A notice may begin in the December before its year (元旦 of 2019: from 2018-12-30), so a single
    day is no proof that the library knows a year. 国庆节 is: it stands in every whole notice.
    """
    off: defaultdict[int, dict[date, str]] = defaultdict(dict)
    make_up: defaultdict[int, set[date]] = defaultdict(set)
    national_day = chinese_calendar.Holiday.national_day.value
    whole = {day.year for day, name in chinese_calendar.holidays.items() if name == national_day}
    for day, name in chinese_calendar.holidays.items():
        chinese = chinese_calendar.Holiday(name).chinese
        off[day.year][day] = _OFFICIAL_NAMES.get(chinese, chinese)
    for day in chinese_calendar.workdays:
        make_up[day.year].add(day)
    return MappingProxyType(
        {year: YearPlan(year, off[year], frozenset(make_up[year])) for year in sorted(whole)}
    )
