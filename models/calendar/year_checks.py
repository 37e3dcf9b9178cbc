"""What a year must hold: the law's festivals, and agreement with the library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from models.calendar.spans import spans_text
from models.calendar.year_plan import YearPlan, days_of

# 全国年节及纪念日放假办法 (2024), article 2: seven festivals, thirteen days, six on fixed dates.
STATUTORY: Final = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
STATUTORY_DAYS: Final = 13
FIXED: Final = {
    "元旦": ((1, 1),),
    "劳动节": ((5, 1), (5, 2)),
    "国庆节": ((10, 1), (10, 2), (10, 3)),
}


def breaches(year: int, off: Mapping[date, str]) -> Iterator[str]:
    """A festival that falls into another's days is named with it: 国庆节、中秋节."""
    named = {part for name in off.values() for part in name.split("、")}
    for festival in STATUTORY:
        if festival not in named:
            yield f"缺少{festival}"
            continue
        for month, day in FIXED.get(festival, ()):
            if date(year, month, day) not in off:
                yield f"{festival}应含{month}月{day}日"
    if len(off) < STATUTORY_DAYS:
        yield f"放假共{len(off)}天，少于法定的{STATUTORY_DAYS}天"


def contradictions(plan: YearPlan, library: YearPlan) -> Iterator[str]:
    differing = [day for day in days_of(plan.year) if plan.working(day) != library.working(day)]
    for working, word in ((True, "上班"), (False, "放假")):
        days = [day for day in differing if library.working(day) is working]
        if days:
            yield f"与内置日历不一致：内置日历{spans_text(days, plan.year)}{word}"
