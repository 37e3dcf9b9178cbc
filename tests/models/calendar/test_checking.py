from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from models.calendar.added_years import AddedYear, YearFaults, read_year
from models.calendar.checking import check_year, template
from models.calendar.working_days import WorkingDays
from models.calendar.year_plan import YearPlan


def test_a_year_of_the_library(days: WorkingDays) -> None:
    assert check_year(2026, days, ()) == [
        f"2026年已有放假安排，来源：内置日历 chinesecalendar {version('chinesecalendar')}",
        "放假33天，调休上班6天，全年工作日248天",
        "元旦 1月1日至1月3日",
        "春节 2月15日至2月23日",
        "清明节 4月4日至4月6日",
        "劳动节 5月1日至5月5日",
        "端午节 6月19日至6月21日",
        "中秋节 9月25日至9月27日",
        "国庆节 10月1日至10月7日",
        "调休上班 1月4日、2月14日、2月28日、5月9日、9月20日、10月10日",
    ]


def test_an_added_year(days_with_2027: WorkingDays, year_2027: AddedYear) -> None:
    lines = check_year(2027, days_with_2027, (year_2027,))
    assert lines[:2] == [
        "2027年已有放假安排，来源：2027.toml，国办发明电〔2026〕99号",
        "放假28天，调休上班5天，全年工作日248天",
    ]
    assert lines[-1] == "调休上班 2月14日、2月20日、5月8日、9月26日、10月9日"


def test_a_year_changed_afterwards(
    until_2026: Mapping[int, YearPlan], year_2027: AddedYear
) -> None:
    amended = replace(year_2027, amends="国办发明电〔2027〕1号")
    days = WorkingDays([amended], library=until_2026)
    assert check_year(2027, days, [amended])[0] == (
        "2027年已有放假安排，来源：2027.toml，国办发明电〔2026〕99号，经国办发明电〔2027〕1号调整"
    )


def test_a_year_without_make_up_days(until_2026: Mapping[int, YearPlan]) -> None:
    bare = AddedYear(YearPlan(2027, {}, frozenset()), "一", "2027.toml")
    lines = check_year(2027, WorkingDays([bare], library=until_2026), [bare])
    assert lines[1:3] == ["放假0天，调休上班0天，全年工作日261天", "调休上班 无"]


@pytest.mark.parametrize(
    ("lost", "net"), [(", 2027-10-09", 14), ("2027-05-08, ", 14), ("2027-02-12,", 12)]
)
def test_a_day_left_out_in_copying_is_asked_about(
    text_2027: str, until_2026: Mapping[int, YearPlan], lost: str, net: int
) -> None:
    added = read_year(text_2027.replace(lost, ""), "2027.toml", library=until_2026)
    assert check_year(2027, WorkingDays([added], library=until_2026), [added])[-1] == (
        f"平日放假减去调休上班为{net}天，通常应为13天：请对照通知再核对一遍"
    )


def test_a_missing_year_is_told_where_to_write_what(days: WorkingDays) -> None:
    lines = check_year(2027, days, (), folder=Path("data") / "calendar")
    assert lines[:4] == [
        "2027年没有放假安排，暂按周一至周五上班推算，有关期限都是暂定",
        "国务院办公厅通常在上一年11月前后发布通知",
        "升级 chinesecalendar，或者照通知填好下面的内容，存为 data/calendar/2027.toml",
        "再运行 haochaping calendar check 2027 核对",
    ]
    assert "\n".join(lines[5:]) + "\n" == template(2027)
    assert "存为 日历文件夹中的 2027.toml" in check_year(2027, days, ())[2]


def test_the_template_asks_for_what_is_still_empty(until_2026: Mapping[int, YearPlan]) -> None:
    with pytest.raises(YearFaults) as refused:
        read_year(template(2027), "2027.toml", library=until_2026)
    assert [(fault.key, fault.message) for fault in refused.value.faults] == [
        ("notice", "缺少通知文号，例如“国办发明电〔2026〕7号”"),
        ("holiday[2].days", "春节没有放假日期"),
        ("holiday[3].days", "清明节没有放假日期"),
        ("holiday[5].days", "端午节没有放假日期"),
        ("holiday[6].days", "中秋节没有放假日期"),
        ("holiday", "缺少春节"),
        ("holiday", "缺少清明节"),
        ("holiday", "缺少端午节"),
        ("holiday", "缺少中秋节"),
        ("holiday", "放假共6天，少于法定的13天"),
    ]
