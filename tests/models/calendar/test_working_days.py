from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from models.calendar.added_years import AddedYear, YearFaults
from models.calendar.working_days import Day, WorkingDays
from models.calendar.year_plan import YearPlan


def test_the_library_is_covered_as_far_as_it_goes(days: WorkingDays) -> None:
    assert days.covers(2004)
    assert days.covers(2026)
    assert not days.covers(2003)
    assert not days.covers(2027)
    assert days.covered_until == 2026
    assert WorkingDays().covered_until >= 2026


@pytest.mark.parametrize(
    ("day", "working", "why"),
    [
        (date(2026, 2, 13), True, "工作日"),
        (date(2026, 2, 14), True, "调休上班"),
        (date(2026, 2, 17), False, "春节"),
        (date(2026, 4, 5), False, "清明节"),
        (date(2026, 6, 19), False, "端午节"),
        (date(2026, 9, 25), False, "中秋节"),
        (date(2026, 10, 11), False, "周末"),
        (date(2015, 9, 3), False, "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日"),
    ],
)
def test_a_day_says_why(days: WorkingDays, day: date, working: bool, why: str) -> None:
    assert days.day(day) == Day(day, working, why, provisional=False)


def test_an_uncovered_year_is_told_by_the_weekday_and_says_so(days: WorkingDays) -> None:
    friday, saturday = date(2027, 1, 1), date(2027, 1, 2)
    assert days.day(friday) == Day(friday, working=True, why="工作日", provisional=True)
    assert days.day(saturday) == Day(saturday, working=False, why="周末", provisional=True)


def test_an_added_year_is_covered(days_with_2027: WorkingDays) -> None:
    new_year, make_up = date(2027, 1, 1), date(2027, 2, 14)
    assert days_with_2027.covered_until == 2027
    assert days_with_2027.day(new_year) == Day(new_year, working=False, why="元旦")
    assert days_with_2027.day(make_up) == Day(make_up, working=True, why="调休上班")


def test_a_year_beyond_a_gap_does_not_move_the_cover(until_2026: Mapping[int, YearPlan]) -> None:
    added = AddedYear(YearPlan(2028, {}, frozenset()), "", "2028.toml")
    days = WorkingDays([added], library=until_2026)
    assert days.covers(2028)
    assert days.covered_until == 2026


def test_every_day_of_a_year_stands_in_it(days: WorkingDays) -> None:
    year = [day.date for day in days.year(2024)]
    assert year == [date(2024, 1, 1) + timedelta(days=ahead) for ahead in range(366)]


def test_no_folder_and_a_folder_that_is_not_there_add_nothing(tmp_path: Path) -> None:
    until = WorkingDays().covered_until
    assert WorkingDays.load(None).covered_until == until
    assert WorkingDays.load(tmp_path / "calendar").covered_until == until


def test_load_refuses_a_folder_with_a_bad_year(tmp_path: Path) -> None:
    (tmp_path / "2050.toml").write_text("year = 2050", "utf-8")
    with pytest.raises(YearFaults, match=r"2050\.toml：notice：缺少通知文号"):
        WorkingDays.load(tmp_path)
