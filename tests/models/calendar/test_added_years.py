from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

import models.calendar
from models.calendar.added_years import AddedYear, YearFaults, load_folder, read_year
from models.calendar.year_plan import YearPlan, library_plans

Library = Mapping[int, YearPlan]
Faults = list[tuple[str, str]]


def _faults(text: str, library: Library, file: str = "2027.toml") -> Faults:
    with pytest.raises(YearFaults) as refused:
        read_year(text, file, library=library)
    assert all(fault.file == file for fault in refused.value.faults)
    return [(fault.key, fault.message) for fault in refused.value.faults]


def test_a_whole_year(year_2027: AddedYear) -> None:
    assert year_2027.year == 2027
    assert year_2027.notice == "国办发明电〔2026〕99号"
    assert year_2027.amends is None
    assert len(year_2027.plan.off) == 28
    assert year_2027.plan.off[date(2027, 6, 9)] == "端午节"
    assert date(2027, 5, 8) in year_2027.plan.make_up


def test_two_festivals_may_share_their_days(text_2027: str, until_2026: Library) -> None:
    text = text_2027.replace('name = "国庆节"', 'name = "国庆节、中秋节"').replace(
        '[[holiday]]\nname = "中秋节"\ndays = [2027-09-15]\n', ""
    )
    assert read_year(text, "2027.toml", library=until_2026).plan.off[date(2027, 10, 1)] == (
        "国庆节、中秋节"
    )


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("year = 2027", "", [("year", "缺少年份，或年份不是2000至2100之间的整数")]),
        ("year = 2027", "year = true", [("year", "缺少年份，或年份不是2000至2100之间的整数")]),
        ("notice =", "note =", [
            ("note", "不认识的键"),
            ("notice", "缺少通知文号，例如“国办发明电〔2026〕7号”"),
        ]),
        ('"国办发明电〔2026〕99号"', '" "', [
            ("notice", "缺少通知文号，例如“国办发明电〔2026〕7号”"),
        ]),
        ("year = 2027", "year = 2027\namends = 1", [("amends", "应写明作出调整的通知文号")]),
        ("2027-02-14, ", "2026-02-14, ", [
            ("working", "2026-02-14不在2027年内，跨年的假日写进各自年份的文件"),
        ]),
        ("2027-02-14, ", "2027-02-15, ", [("working", "2月15日是星期一，本来上班，不是调休")]),
        ("2027-02-14, ", "2027-05-01, ", [("working", "5月1日已列为劳动节放假")]),
        ("2027-02-14, ", "2027-02-20, ", [("working", "2月20日重复")]),
        ("2027-02-14, ", '"2027-02-14", ', [
            ("working", "“2027-02-14”不是日期，应写成不带引号的 2027-01-01"),
        ]),
        ("2027-02-14, ", "2027-02-14T08:00:00, ", [
            ("working", "“2027-02-14 08:00:00”不是日期，应写成不带引号的 2027-01-01"),
        ]),
        ("working = [2027-02-14, 2027-02-20, 2027-05-08, 2027-09-26, 2027-10-09]", "", [
            ("working", "缺少调休上班日；没有调休就写 []"),
        ]),
        ("days = [2027-06-09]", "days = [2027-06-09]\nworking = []", [
            ("holiday[5].working", "不认识的键：应写在第一个 [[holiday]] 之前"),
        ]),
        ("days = [2027-06-09]", "days = [2027-06-09]\nnote = 1", [
            ("holiday[5].note", "不认识的键"),
        ]),
        ("2027-01-03]", "2027-01-03, 2026-12-31]", [
            ("holiday[1].days", "2026-12-31不在2027年内，跨年的假日写进各自年份的文件"),
        ]),
        ("days = [2027-09-15]", "days = [2027-09-15, 2027-06-09]", [
            ("holiday[6].days", "6月9日重复，已列入端午节"),
        ]),
        ("days = [2027-09-15]", "days = []", [
            ("holiday[6].days", "中秋节没有放假日期"),
            ("holiday", "缺少中秋节"),
        ]),
        ("days = [2027-09-15]", "", [
            ("holiday[6].days", "缺少日期列表，应写成 [2027-01-01, …]"),
            ("holiday", "缺少中秋节"),
        ]),
        ('name = "中秋节"', 'name = "中秋"', [("holiday", "缺少中秋节")]),
        ("2027-01-01, ", "", [("holiday", "元旦应含1月1日")]),
    ],
)  # fmt: skip
def test_each_fault_has_its_key_and_its_sentence(
    text_2027: str, until_2026: Library, old: str, new: str, faults: Faults
) -> None:
    assert old in text_2027
    assert _faults(text_2027.replace(old, new, 1), until_2026) == faults


def test_a_file_is_named_after_its_year(text_2027: str, until_2026: Library) -> None:
    assert _faults(text_2027, until_2026, "2028.toml") == [
        ("year", "与文件名不符：2027年应写在 2027.toml")
    ]


def test_all_faults_at_once(until_2026: Library) -> None:
    text = 'holiday = [{name = "元旦", days = [2027-01-01]}]\nyear = 2027\nworking = [2027-01-01]'
    assert _faults(text, until_2026) == [
        ("notice", "缺少通知文号，例如“国办发明电〔2026〕7号”"),
        ("working", "1月1日已列为元旦放假"),
        ("holiday", "缺少春节"),
        ("holiday", "缺少清明节"),
        ("holiday", "缺少劳动节"),
        ("holiday", "缺少端午节"),
        ("holiday", "缺少中秋节"),
        ("holiday", "缺少国庆节"),
        ("holiday", "放假共1天，少于法定的13天"),
    ]


@pytest.mark.parametrize("value", ["", "holiday = 3", "holiday = [3]"])
def test_no_holidays(until_2026: Library, value: str) -> None:
    text = f'year = 2027\nnotice = "一"\nworking = []\n{value}'
    assert _faults(text, until_2026) == [("holiday", "缺少节日，每个节日写成一段 [[holiday]]")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("year = 2027\nnotice = 国办", "第2行第10列不合 TOML 写法，或日期不存在"),
        ("year = 2027\nworking = [2027-02-30]", "第2行第12列不合 TOML 写法，或日期不存在"),
        ("working = [", "文件末尾不合 TOML 写法，或日期不存在"),
    ],
)
def test_not_toml(until_2026: Library, text: str, message: str) -> None:
    assert _faults(text, until_2026) == [("", message)]


def _as_file(plan: YearPlan) -> str:
    """The library's own year, written as an operator would."""
    names = dict.fromkeys(plan.off.values())
    entries = (f'[[holiday]]\nname = "{name}"\ndays = [{_list(plan, name)}]\n' for name in names)
    make_up = ", ".join(day.isoformat() for day in sorted(plan.make_up))
    return f'year = {plan.year}\nnotice = "一"\nworking = [{make_up}]\n' + "".join(entries)


def _list(plan: YearPlan, name: str) -> str:
    return ", ".join(day.isoformat() for day, of in plan.off.items() if of == name)


def test_a_year_that_agrees_with_the_library_is_taken() -> None:
    plan = library_plans()[2026]
    assert read_year(_as_file(plan), "2026.toml").plan == plan


def test_the_example_of_the_readme_is_the_librarys_year() -> None:
    readme = Path(models.calendar.__file__).with_name("README.md").read_text("utf-8")
    example = readme.split("```toml\n")[1].split("```")[0]
    assert read_year(example, "2026.toml").plan == library_plans()[2026]


def test_a_year_that_contradicts_the_library_is_refused(until_2026: Library) -> None:
    text = _as_file(until_2026[2026])
    text = text.replace("2026-02-23", "2026-02-24").replace("2026-05-09", "2026-05-10")
    assert _faults(text, until_2026, "2026.toml") == [
        ("year", "与内置日历不一致：内置日历2月24日、5月9日上班"),
        ("year", "与内置日历不一致：内置日历2月23日、5月10日放假"),
    ]


def test_a_later_notice_may_change_a_year_the_library_knows(until_2026: Library) -> None:
    """As 国办发明电〔2020〕1号 did with the Spring Festival of 2020."""
    text = _as_file(until_2026[2026]).replace("2026-02-23", "2026-02-23, 2026-02-24")
    added = read_year('amends = "国办发明电〔2026〕1号"\n' + text, "2026.toml", library=until_2026)
    assert added.amends == "国办发明电〔2026〕1号"
    assert not added.plan.working(date(2026, 2, 24))


def test_a_folder_is_read_year_by_year(tmp_path: Path, text_2027: str, until_2026: Library) -> None:
    (tmp_path / "2027.toml").write_text(text_2027, "utf-8-sig")
    (tmp_path / "2026.toml").write_text(_as_file(until_2026[2026]), "utf-8")
    (tmp_path / "README.md").write_text("not a year", "utf-8")
    added = load_folder(tmp_path, library=until_2026)
    assert [year.year for year in added] == [2026, 2027]


def test_the_faults_of_all_files_of_a_folder(tmp_path: Path, until_2026: Library) -> None:
    (tmp_path / "2027.toml").write_bytes("元旦".encode("gbk"))
    (tmp_path / "2028.toml").write_text("=", "utf-8")
    with pytest.raises(YearFaults) as refused:
        load_folder(tmp_path, library=until_2026)
    assert str(refused.value).splitlines() == [
        "2027.toml：不是 UTF-8 编码的文本",
        "2028.toml：第1行第1列不合 TOML 写法，或日期不存在",
    ]
