"""Deadlines counted by hand on the wall calendars of 2025 and 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from models.calendar.beijing import BEIJING, end_of
from models.calendar.deadline import deadline
from models.calendar.working_days import WorkingDays
from models.rulebooks.rule import Counting, Period, Since


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def working(count: int) -> Period:
    return Period(count=count, unit=Counting.WORKING_DAYS, since=Since.RECEIVED)


def natural(count: int, *, rolling: bool = False) -> Period:
    return Period(
        count=count,
        unit=Counting.NATURAL_DAYS,
        since=Since.COMPLETION,
        roll_over_holidays=rolling,
    )


@pytest.mark.parametrize(
    ("start", "count", "last"),
    [
        # An ordinary week.
        ("2025-03-10 09:00", 1, "2025-03-11"),
        ("2025-03-10 09:00", 5, "2025-03-17"),
        ("2025-03-14 18:30", 1, "2025-03-17"),
        ("2025-03-10 09:00", 0, "2025-03-10"),
        ("2025-03-15 09:00", 0, "2025-03-15"),
        # Spring Festival 2025: off 28 January to 4 February, worked 26 January and 8 February.
        ("2025-01-24 18:30", 1, "2025-01-26"),
        ("2025-01-24 18:30", 5, "2025-02-07"),
        ("2025-01-24 18:30", 6, "2025-02-08"),
        ("2025-01-24 18:30", 7, "2025-02-10"),
        ("2025-01-29 12:00", 1, "2025-02-05"),
        ("2025-02-08 10:00", 1, "2025-02-10"),
        # Labour Day 2025: off 1 to 5 May, worked Sunday 27 April.
        ("2025-04-25 20:00", 3, "2025-04-29"),
        ("2025-04-25 20:00", 5, "2025-05-06"),
        # National Day 2025: off 1 to 8 October, worked 28 September and 11 October.
        ("2025-09-26 23:59", 5, "2025-10-10"),
        ("2025-09-27 00:00", 5, "2025-10-10"),
        ("2025-09-28 00:00", 3, "2025-10-09"),
        ("2025-09-28 23:59", 3, "2025-10-09"),
        ("2025-09-29 00:00", 3, "2025-10-10"),
        ("2025-09-30 23:59", 1, "2025-10-09"),
        ("2025-10-01 00:00", 1, "2025-10-09"),
        ("2025-09-26 17:00", 7, "2025-10-13"),
        ("2025-09-26 17:00", 15, "2025-10-23"),
        # New Year 2026: off 1 to 3 January, worked Sunday 4 January.
        ("2025-12-31 09:00", 1, "2026-01-04"),
        ("2025-12-31 09:00", 2, "2026-01-05"),
        # Spring Festival 2026: off 15 to 23 February, worked 14 and 28 February.
        ("2026-02-13 19:00", 1, "2026-02-14"),
        ("2026-02-13 19:00", 5, "2026-02-27"),
        ("2026-02-13 19:00", 6, "2026-02-28"),
        ("2026-02-13 19:00", 7, "2026-03-02"),
        ("2026-02-13 19:00", 15, "2026-03-12"),
        # Mid-autumn and National Day 2026: off 25 to 27 September and 1 to 7 October,
        # worked 20 September and 10 October.
        ("2026-09-18 18:00", 5, "2026-09-24"),
        ("2026-09-18 18:00", 6, "2026-09-28"),
        ("2026-10-07 12:00", 3, "2026-10-10"),
    ],
)
def test_working_days(days: WorkingDays, start: str, count: int, last: str) -> None:
    found = deadline(at(start), working(count), days)
    assert found.due == end_of(date.fromisoformat(last))
    assert found.due.tzinfo is UTC
    assert found.missing_years == ()


@pytest.mark.parametrize(
    ("start", "count", "last", "rolled"),
    [
        ("2026-03-02 10:00", 60, "2026-05-01", "2026-05-06"),
        ("2026-02-10 00:00", 7, "2026-02-17", "2026-02-24"),
        ("2026-02-10 23:59", 7, "2026-02-17", "2026-02-24"),
        ("2026-02-11 00:00", 7, "2026-02-18", "2026-02-24"),
        ("2026-02-07 12:00", 7, "2026-02-14", "2026-02-14"),
        ("2026-03-02 10:00", 5, "2026-03-07", "2026-03-09"),
        ("2026-03-02 10:00", 4, "2026-03-06", "2026-03-06"),
        ("2026-12-24 10:00", 7, "2026-12-31", "2026-12-31"),
    ],
)
def test_natural_days(days: WorkingDays, start: str, count: int, last: str, rolled: str) -> None:
    plain = deadline(at(start), natural(count), days)
    rolling = deadline(at(start), natural(count, rolling=True), days)
    assert plain.due == end_of(date.fromisoformat(last))
    assert rolling.due == end_of(date.fromisoformat(rolled))
    assert not plain.provisional
    assert not rolling.provisional


def test_hours_run_through_nights_and_holidays(days: WorkingDays) -> None:
    start = at("2026-02-15 09:30")
    period = Period(count=24, unit=Counting.HOURS, since=Since.COMPLETION)
    found = deadline(start, period, days)
    assert found.due == start + timedelta(hours=24)
    assert found.due.tzinfo is UTC
    assert found.counted == ()


@pytest.mark.parametrize("start", ["2026-03-02 00:00", "2026-03-02 23:59"])
def test_at_once_is_the_same_day(days: WorkingDays, start: str) -> None:
    period = Period(count=0, unit=Counting.AT_ONCE, since=Since.RECEIVED)
    assert deadline(at(start), period, days).due == at("2026-03-03 00:00")


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=-5))])
def test_the_day_is_beijings_wherever_the_moment_was_written(
    days: WorkingDays, zone: timezone
) -> None:
    start = at("2025-09-29 00:30").astimezone(zone)
    assert start.date() == date(2025, 9, 28)
    assert deadline(start, working(1), days).due == at("2025-10-01 00:00")


@pytest.mark.parametrize("unit", list(Counting))
def test_a_naive_start_is_refused(days: WorkingDays, unit: Counting) -> None:
    period = Period(count=1, unit=unit, since=Since.RECEIVED)
    with pytest.raises(ValueError, match="time zone"):
        deadline(datetime(2026, 3, 2, 9), period, days)  # noqa: DTZ001


def test_every_day_walked_says_whether_it_counts_and_why(days: WorkingDays) -> None:
    found = deadline(at("2026-09-18 18:00"), working(6), days)
    assert [
        (entry.day.date.isoformat()[5:], entry.counts, entry.day.why) for entry in found.counted
    ] == [
        ("09-19", False, "周末"),
        ("09-20", True, "调休上班"),
        ("09-21", True, "工作日"),
        ("09-22", True, "工作日"),
        ("09-23", True, "工作日"),
        ("09-24", True, "工作日"),
        ("09-25", False, "中秋节"),
        ("09-26", False, "中秋节"),
        ("09-27", False, "中秋节"),
        ("09-28", True, "工作日"),
    ]


def test_days_rolled_over_do_not_count(days: WorkingDays) -> None:
    found = deadline(at("2026-09-26 10:00"), natural(8, rolling=True), days)
    assert [entry.counts for entry in found.counted] == [True] * 8 + [False] * 4
    assert found.counted[-1].day.date == date(2026, 10, 8)


def test_a_count_into_a_year_without_a_notice_is_provisional_until_it_is_added(
    days: WorkingDays, days_with_2027: WorkingDays
) -> None:
    start = at("2026-12-30 09:00")
    guess = deadline(start, working(2), days)
    assert guess.provisional
    assert guess.missing_years == (2027,)
    assert guess.due == end_of(date(2027, 1, 1))

    settled = deadline(start, working(2), days_with_2027)
    assert not settled.provisional
    assert settled.due == end_of(date(2027, 1, 4))


def test_a_count_that_stays_in_its_year_is_settled(days: WorkingDays) -> None:
    assert not deadline(at("2026-12-30 09:00"), working(1), days).provisional


def test_every_missing_year_is_named(days: WorkingDays) -> None:
    assert deadline(at("2026-12-30 09:00"), working(400), days).missing_years == (2027, 2028)


def test_natural_days_need_no_notice(days: WorkingDays) -> None:
    found = deadline(at("2026-12-28 09:00"), natural(7), days)
    assert found.due == end_of(date(2027, 1, 4))
    assert not found.provisional


def test_natural_days_that_may_roll_over_need_the_notice_of_their_last_day(
    days: WorkingDays, days_with_2027: WorkingDays
) -> None:
    start = at("2026-12-25 09:00")
    guess = deadline(start, natural(7, rolling=True), days)
    assert guess.due == end_of(date(2027, 1, 1))
    assert guess.missing_years == (2027,)
    settled = deadline(start, natural(7, rolling=True), days_with_2027)
    assert settled.due == end_of(date(2027, 1, 4))
    assert not settled.provisional
