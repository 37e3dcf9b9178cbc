"""Every day from 2020 on against the State Council's notices, copied by hand (notices.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from models.calendar.working_days import WorkingDays

NOTICES = tomllib.loads((Path(__file__).parent / "notices.toml").read_text("utf-8"))


def _dates(year: int, text: str) -> Iterator[date]:
    """Reads "10-01 10-08, 12-31"."""
    for span in text.split(", "):
        first, *last = (date.fromisoformat(f"{year}-{day}") for day in span.split())
        for ahead in range(((last[0] if last else first) - first).days + 1):
            yield first + timedelta(days=ahead)


def _expected(year: int, notice: dict[str, Any]) -> Iterator[tuple[date, bool, set[str]]]:
    off = {day: name for name, text in notice["off"].items() for day in _dates(year, text)}
    make_up = set(_dates(year, notice["working"]))
    assert not off.keys() & make_up
    for day in _dates(year, "01-01 12-31"):
        if day in make_up:
            yield day, True, {"调休上班"}
        elif day in off:
            yield day, False, set(off[day].split("、"))
        elif day.weekday() < 5:
            yield day, True, {"工作日"}
        else:
            # The library names 2023-12-30 and 31 元旦, which the notice calls a weekend.
            yield day, False, {"周末", "元旦"} if (day.month, day.day) >= (12, 30) else {"周末"}


@pytest.mark.parametrize("year", range(2020, WorkingDays().covered_until + 1))
def test_every_day_is_as_its_notice_says(year: int) -> None:
    if str(year) not in NOTICES:
        pytest.skip(f"the library has learned {year}: copy its notice into notices.toml")
    days = WorkingDays()
    wrong = [
        (day, days.day(day))
        for day, working, whys in _expected(year, NOTICES[str(year)])
        if days.day(day).working is not working
        or days.day(day).why not in whys
        or days.day(day).provisional
    ]
    assert not wrong


def test_the_table_has_no_gap() -> None:
    assert list(NOTICES) == [str(year) for year in range(2020, 2020 + len(NOTICES))]
    assert len(NOTICES) >= 7


# vacanza/holidays#3293: a public library lost these two for years.
@pytest.mark.parametrize("day", [date(2019, 4, 28), date(2019, 5, 5)])
def test_make_up_days_others_have_lost(day: date) -> None:
    assert WorkingDays().day(day).why == "调休上班"
