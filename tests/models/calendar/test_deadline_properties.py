from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.calendar.added_years import AddedYear
from models.calendar.beijing import beijing_date, end_of
from models.calendar.deadline import Deadline, deadline
from models.calendar.working_days import WorkingDays
from models.calendar.year_plan import YearPlan
from models.rulebooks.rule import Counting, Period, Since

starts = st.integers(0, 60 * 24 * 1185).map(
    lambda minutes: datetime(2023, 12, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
counts = st.integers(0, 70)
periods = st.builds(
    Period,
    count=counts,
    unit=st.sampled_from(Counting),
    since=st.just(Since.RECEIVED),
    roll_over_holidays=st.booleans(),
)


def _longer(period: Period, more: int) -> Period:
    return period.model_copy(update={"count": period.count + more})


@given(start=starts, period=periods)
def test_nothing_is_due_before_it_starts(
    days: WorkingDays, start: datetime, period: Period
) -> None:
    assert deadline(start, period, days).due >= start


@given(start=starts, period=periods, more=st.integers(0, 30))
def test_a_longer_period_never_ends_earlier(
    days: WorkingDays, start: datetime, period: Period, more: int
) -> None:
    assert deadline(start, period, days).due <= deadline(start, _longer(period, more), days).due


@given(start=starts, period=periods, later=st.timedeltas(timedelta(), timedelta(days=20)))
def test_a_later_start_never_ends_earlier(
    days: WorkingDays, start: datetime, period: Period, later: timedelta
) -> None:
    assert deadline(start, period, days).due <= deadline(start + later, period, days).due


@given(start=starts, count=counts)
def test_working_days_are_counted_exactly(days: WorkingDays, start: datetime, count: int) -> None:
    period = Period(count=count, unit=Counting.WORKING_DAYS, since=Since.RECEIVED)
    found = deadline(start, period, days)
    assert sum(entry.counts for entry in found.counted) == count
    assert all(entry.counts is entry.day.working for entry in found.counted)
    _stands_without_a_gap(found)
    if count:
        assert found.counted[-1].counts
    else:
        assert found.due == end_of(beijing_date(start))


@given(start=starts, count=counts, rolling=st.booleans())
def test_natural_days_are_counted_exactly(
    days: WorkingDays, start: datetime, count: int, rolling: bool
) -> None:
    period = Period(
        count=count,
        unit=Counting.NATURAL_DAYS,
        since=Since.RECEIVED,
        roll_over_holidays=rolling,
    )
    found = deadline(start, period, days)
    assert sum(entry.counts for entry in found.counted) == count
    _stands_without_a_gap(found)
    if rolling:
        assert days.day(beijing_date(found.due - timedelta(seconds=1))).working
    else:
        assert len(found.counted) == count
        assert not found.provisional


def _stands_without_a_gap(found: Deadline) -> None:
    first = beijing_date(found.start)
    for ahead, entry in enumerate(found.counted, 1):
        assert entry.day.date == first + timedelta(days=ahead)
    assert found.due == end_of(first + timedelta(days=len(found.counted)))


@pytest.fixture(scope="module")
def days_agreeing(until_2026: Mapping[int, YearPlan]) -> WorkingDays:
    """2027 as the weekdays have it: what the guess assumes."""
    added = AddedYear(YearPlan(2027, {}, frozenset()), "", "2027.toml")
    return WorkingDays([added], library=until_2026)


@given(start=starts, period=periods)
def test_a_year_that_agrees_with_the_guess_only_settles_it(
    days: WorkingDays, days_agreeing: WorkingDays, start: datetime, period: Period
) -> None:
    guess = deadline(start, period, days)
    settled = deadline(start, period, days_agreeing)
    assert settled.missing_years == ()
    counted = tuple(
        replace(entry, day=replace(entry.day, provisional=False)) for entry in guess.counted
    )
    assert settled == replace(guess, counted=counted, missing_years=())


def test_rolling_over_into_a_year_without_a_notice_is_provisional(
    until_2026: Mapping[int, YearPlan],
) -> None:
    """31 December 2022 was a Saturday: the day after the rest lies in 2023."""
    until_2022 = {year: plan for year, plan in until_2026.items() if year <= 2022}
    period = Period(
        count=7, unit=Counting.NATURAL_DAYS, since=Since.RECEIVED, roll_over_holidays=True
    )
    start = datetime(2022, 12, 24, 4, tzinfo=UTC)
    guess = deadline(start, period, WorkingDays(library=until_2022))
    assert guess.missing_years == (2023,)
    assert guess.due == end_of(date(2023, 1, 2))
    assert deadline(start, period, WorkingDays(library=until_2026)).due == end_of(date(2023, 1, 3))


@given(start=starts, period=periods)
def test_a_settled_deadline_is_not_moved_by_a_year_added(
    days: WorkingDays, days_with_2027: WorkingDays, start: datetime, period: Period
) -> None:
    found = deadline(start, period, days)
    assume(not found.provisional)
    assert deadline(start, period, days_with_2027).due == found.due
