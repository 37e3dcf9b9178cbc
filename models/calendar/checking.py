"""The text of `haochaping calendar check YEAR`: what a year rests on, or what to write for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Final

from models.calendar.added_years import AddedYear
from models.calendar.spans import spans_text
from models.calendar.working_days import WorkingDays
from models.calendar.year_checks import FIXED, STATUTORY, STATUTORY_DAYS
from models.calendar.year_plan import MAKE_UP, SATURDAY, WEEKEND, YearPlan

_LIBRARY: Final = "chinesecalendar"


def check_year(
    year: int, days: WorkingDays, added: Iterable[AddedYear], *, folder: Path | None = None
) -> list[str]:
    """`added` are the years `days` was made with; `folder` is where their files lie."""
    if not days.covers(year):
        return _missing(year, folder)
    file = next((entry for entry in added if entry.year == year), None)
    if file is None:
        source = f"内置日历 {_LIBRARY} {version(_LIBRARY)}"
    else:
        source = f"{file.file}，{file.notice}"
        if file.amends:
            source += f"，经{file.amends}调整"
    lines = [f"{year}年已有放假安排，来源：{source}", *_summary(year, days)]
    if file is not None:
        lines += _doubt(file.plan)
    return lines


def _summary(year: int, days: WorkingDays) -> list[str]:
    festivals: defaultdict[str, list[date]] = defaultdict(list)
    make_up: list[date] = []
    working = 0
    for day in days.year(year):
        working += day.working
        if day.why == MAKE_UP:
            make_up.append(day.date)
        elif not day.working and day.why != WEEKEND:
            festivals[day.why].append(day.date)
    off = sum(map(len, festivals.values()))
    return [
        f"放假{off}天，调休上班{len(make_up)}天，全年工作日{working}天",
        *(f"{name} {spans_text(dates, year)}" for name, dates in festivals.items()),
        f"{MAKE_UP} {spans_text(make_up, year) or '无'}",
    ]


def _doubt(plan: YearPlan) -> list[str]:
    """A sum that catches a day left out in copying.

    A holiday on a weekend is made good on a weekday (办法, article 6), and every bridge day is
    worked off, so weekdays off less make-up days are the law's thirteen. A year may still depart
    from it (2020 by the epidemic, 2011 because 元旦 of 2012 was worked off in it): this asks, it
    does not refuse.
    """
    net = sum(day.weekday() < SATURDAY for day in plan.off) - len(plan.make_up)
    if net == STATUTORY_DAYS:
        return []
    return [f"平日放假减去调休上班为{net}天，通常应为{STATUTORY_DAYS}天：请对照通知再核对一遍"]


def _missing(year: int, folder: Path | None) -> list[str]:
    file = f"{year}.toml"
    where = str(folder / file) if folder else f"日历文件夹中的 {file}"
    return [
        f"{year}年没有放假安排，暂按周一至周五上班推算，有关期限都是暂定",
        "国务院办公厅通常在上一年11月前后发布通知",
        f"升级 {_LIBRARY}，或者照通知填好下面的内容，存为 {where}",
        f"再运行 haochaping calendar check {year} 核对",
        "",
        *template(year).splitlines(),
    ]


def template(year: int) -> str:
    """A file to fill in. The dates the law fixes stand in it already."""
    head = (
        f"year = {year}\n"
        f'notice = ""  # 通知文号，例如 国办发明电〔{year - 1}〕7号\n'
        f"working = []  # 调休上班的周六、周日，例如 {year}-02-13\n"
    )
    return head + "".join(_entry(year, festival) for festival in STATUTORY)


def _entry(year: int, festival: str) -> str:
    days = ", ".join(date(year, *fixed).isoformat() for fixed in FIXED.get(festival, ()))
    return f'\n[[holiday]]\nname = "{festival}"\ndays = [{days}]\n'
