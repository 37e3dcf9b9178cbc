"""When somebody is warned and a higher bureau told: moments by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calendar.beijing import BEIJING, beijing
from models.calendar.deadline import deadline
from models.calendar.working_days import WorkingDays
from models.orders.warnings import MORNING, escalation, warnings
from models.rulebooks.order_rules import Ahead
from models.rulebooks.rule import Counting, Period, Since
from models.rulebooks.shelf import Shelf

DAYS = WorkingDays()
DAY_BEFORE = Ahead(count=1, unit=Counting.WORKING_DAYS)
TWO_BEFORE = Ahead(count=2, unit=Counting.WORKING_DAYS)
HOURS_BEFORE = Ahead(count=8, unit=Counting.HOURS)
BOTH = (DAY_BEFORE, HOURS_BEFORE)
FIRST = datetime(2024, 12, 1, tzinfo=BEIJING)
THREE_AFTER = Ahead(count=3, unit=Counting.WORKING_DAYS)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def period(count: int, unit: Counting = Counting.WORKING_DAYS) -> Period:
    return Period(count=count, unit=unit, since=Since.RECEIVED)


def test_the_lines_are_the_platforms_under_each_regulation(shelf: Shelf) -> None:
    """No text says when to warn."""
    for name in ("chaoan", "sanming", "qijiang", "lingang", "tianjin"):
        rule = shelf.book(name).versions[0].supervision
        assert (rule.source, rule.before, rule.higher_after) == ("platform", BOTH, THREE_AFTER)


@pytest.mark.parametrize(
    ("start", "term", "before", "expected"),
    [
        # Due on Tuesday the 10th at 24:00: Monday at nine, and Tuesday at four.
        ("2026-03-03 10:00", period(5), BOTH, ["2026-03-09 09:00", "2026-03-10 16:00"]),
        # Due on Monday at 24:00: the working day before is Friday.
        ("2026-03-02 10:00", period(5), BOTH, ["2026-03-06 09:00", "2026-03-09 16:00"]),
        # Due on 24 February: before 春节 lies Saturday the 14th, which is worked.
        ("2026-02-12 10:00", period(3), BOTH, ["2026-02-14 09:00", "2026-02-24 16:00"]),
        # Due on 9 October 2025: before 国庆节 lies Tuesday, 30 September.
        ("2025-09-25 10:00", period(5), BOTH, ["2025-09-30 09:00", "2025-10-09 16:00"]),
        # Due on Saturday, 9 May 2026, which is worked.
        ("2026-05-06 10:00", period(3), BOTH, ["2026-05-08 09:00", "2026-05-09 16:00"]),
        # Due on 4 January 2026, a Sunday that is worked: the day before is 31 December.
        ("2025-12-30 10:00", period(2), BOTH, ["2025-12-31 09:00", "2026-01-04 16:00"]),
        # Due on 6 March: nine o'clock of the 4th and of the 5th.
        (
            "2026-03-02 10:00",
            period(4),
            (TWO_BEFORE, DAY_BEFORE),
            ["2026-03-04 09:00", "2026-03-05 09:00"],
        ),
        # One day: it began on the working day before, at nine or later.
        ("2026-03-02 09:00", period(1), BOTH, ["2026-03-03 16:00"]),
        ("2026-03-02 08:59", period(1), BOTH, ["2026-03-02 09:00", "2026-03-03 16:00"]),
        # On a Friday night: the Friday's morning is gone.
        ("2026-03-06 23:30", period(1), BOTH, ["2026-03-09 16:00"]),
        # 当场: eight hours before midnight, if it began before that.
        ("2026-03-02 10:00", period(0, Counting.AT_ONCE), BOTH, ["2026-03-02 16:00"]),
        ("2026-03-02 16:00", period(0, Counting.AT_ONCE), BOTH, []),
        ("2026-03-02 23:59", period(0, Counting.AT_ONCE), BOTH, []),
        # 延期 to a day of rest: 4 October 2026, a Sunday; before it lies 30 September.
        (
            "2026-09-21 10:00",
            period(13, Counting.NATURAL_DAYS),
            BOTH,
            ["2026-09-30 09:00", "2026-10-04 16:00"],
        ),
        # Two lines that fall on one moment are one.
        ("2026-03-02 10:00", period(5), (DAY_BEFORE, DAY_BEFORE), ["2026-03-06 09:00"]),
        ("2026-03-02 10:00", period(5), (), []),
    ],
)
def test_when_somebody_is_warned(
    start: str, term: Period, before: tuple[Ahead, ...], expected: list[str]
) -> None:
    found = warnings(deadline(moment(start), term, DAYS), before, DAYS)
    assert [beijing(each) for each in found] == [moment(each) for each in expected]


@pytest.mark.parametrize(
    ("last_day", "after", "expected"),
    [
        # Overdue since Monday the 9th, 24:00: Tuesday, Wednesday, Thursday.
        ("2026-03-09", THREE_AFTER, "2026-03-13 00:00"),
        # Since Friday: Monday, Tuesday, Wednesday.
        ("2026-03-06", THREE_AFTER, "2026-03-12 00:00"),
        # Since 13 February: Saturday the 14th is worked, then the 24th and the 25th.
        ("2026-02-13", THREE_AFTER, "2026-02-26 00:00"),
        # Since 30 September 2025: 9, 10, and Saturday 11 October.
        ("2025-09-30", THREE_AFTER, "2025-10-12 00:00"),
        # On a day of rest, to which it was extended: from the first working day on.
        ("2026-10-04", THREE_AFTER, "2026-10-11 00:00"),
        ("2026-03-09", HOURS_BEFORE, "2026-03-10 08:00"),
    ],
)
def test_when_a_higher_bureau_is_told(last_day: str, after: Ahead, expected: str) -> None:
    due = moment(last_day) + timedelta(days=1)
    found = escalation(due, after, DAYS)
    # Hours are counted from the last instant that was in time.
    assert timedelta() <= moment(expected) - found <= timedelta(microseconds=1)


@settings(max_examples=100, deadline=None)
@given(
    start=st.integers(0, 700 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes)),
    term=st.builds(
        period, st.integers(0, 20), st.sampled_from([Counting.WORKING_DAYS, Counting.NATURAL_DAYS])
    ),
    before=st.lists(
        st.builds(
            Ahead,
            count=st.integers(1, 10),
            unit=st.sampled_from([Counting.WORKING_DAYS, Counting.HOURS]),
        ),
        max_size=4,
    ),
)
def test_a_warning_comes_after_the_beginning_and_before_the_end(
    start: datetime, term: Period, before: list[Ahead]
) -> None:
    found = deadline(start, term, DAYS)
    moments = warnings(found, before, DAYS)
    assert list(moments) == sorted(set(moments))
    assert len(moments) <= len(before)
    hours = {found.due - timedelta(hours=a.count) for a in before if a.unit is Counting.HOURS}
    for each in moments:
        assert start < each < found.due
        at_work = DAYS.day(beijing(each).date()).working and beijing(each).time() == MORNING
        assert each in hours or at_work
