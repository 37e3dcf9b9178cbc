from __future__ import annotations

from datetime import datetime

from models.calendar.beijing import BEIJING
from models.calendar.deadline import deadline, explain_lines
from models.calendar.working_days import WorkingDays
from models.rulebooks.rule import Counting, Period, Since


def _lines(
    days: WorkingDays, start: str, count: int, unit: Counting, *, rolling: bool = False
) -> list[str]:
    moment = datetime.fromisoformat(start).replace(tzinfo=BEIJING)
    period = Period(count=count, unit=unit, since=Since.RECEIVED, roll_over_holidays=rolling)
    return explain_lines(deadline(moment, period, days))


def test_working_days_over_a_holiday(days: WorkingDays) -> None:
    assert _lines(days, "2025-09-26 16:05", 7, Counting.WORKING_DAYS) == [
        "2025年9月26日16:05起算，当日不计，数满7个工作日",
        "9月27日 周末，不计",
        "9月28日 调休上班，计1日",
        "9月29日至9月30日 工作日，计2日",
        "10月1日至10月8日 国庆节、中秋节，不计",
        "10月9日至10月10日 工作日，计2日",
        "10月11日 调休上班，计1日",
        "10月12日 周末，不计",
        "10月13日 工作日，计1日",
        "2025年10月13日24:00截止",
    ]


def test_a_provisional_deadline_says_so(days: WorkingDays) -> None:
    assert _lines(days, "2026-12-30 00:00", 3, Counting.WORKING_DAYS) == [
        "2026年12月30日00:00起算，当日不计，数满3个工作日",
        "12月31日 工作日，计1日",
        "2027年1月1日 工作日（暂推），计1日",
        "2027年1月2日至1月3日 周末（暂推），不计",
        "2027年1月4日 工作日（暂推），计1日",
        "2027年1月4日24:00截止",
        "2027年的放假安排尚未录入，暂按周一至周五上班推算；期限为暂定，录入后重新计算",
    ]


def test_natural_days(days: WorkingDays) -> None:
    assert _lines(days, "2026-09-28 10:00", 7, Counting.NATURAL_DAYS) == [
        "2026年9月28日10:00起算，当日不计，数满7个自然日",
        "9月29日至10月5日 自然日，计7日",
        "2026年10月5日24:00截止",
    ]
    assert _lines(days, "2026-09-28 10:00", 7, Counting.NATURAL_DAYS, rolling=True)[2:] == [
        "末日逢休息日，顺延至10月8日",
        "2026年10月8日24:00截止",
    ]


def test_natural_days_across_the_year_end(days: WorkingDays) -> None:
    assert _lines(days, "2025-12-30 10:00", 2, Counting.NATURAL_DAYS)[1] == (
        "12月31日至2026年1月1日 自然日，计2日"
    )


def test_hours_and_at_once(days: WorkingDays) -> None:
    assert _lines(days, "2026-03-02 10:30", 24, Counting.HOURS) == [
        "2026年3月2日10:30起算，满24小时",
        "2026年3月3日10:30截止",
    ]
    assert _lines(days, "2026-03-02 10:30", 0, Counting.AT_ONCE) == [
        "2026年3月2日10:30起算，应当场办结，最迟不过当日",
        "2026年3月2日24:00截止",
    ]


def test_no_days_to_count(days: WorkingDays) -> None:
    assert _lines(days, "2026-03-07 10:30", 0, Counting.NATURAL_DAYS, rolling=True) == [
        "2026年3月7日10:30起算，当日不计，数满0个自然日",
        "末日逢休息日，顺延至3月9日",
        "2026年3月9日24:00截止",
    ]
