"""静默时段 shift a message to their end (reading 28)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calendar.beijing import BEIJING, beijing
from models.notices import after_quiet_hours
from models.rulebooks.rating_rules import QuietHours
from models.rulebooks.rule import PLATFORM
from models.rulebooks.shelf import Shelf


def quiet(begin: time, end: time) -> QuietHours:
    return QuietHours(source=PLATFORM, begin=begin, end=end)


NIGHT = quiet(time(21), time(8))
NOON = quiet(time(12), time(14))


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, second, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("hours", "moment", "sent"),
    [
        (NIGHT, at(2, 20, 59, 59), at(2, 20, 59, 59)),
        (NIGHT, at(2, 21), at(3, 8)),
        (NIGHT, at(2, 23, 59, 59), at(3, 8)),
        (NIGHT, at(3, 0), at(3, 8)),
        (NIGHT, at(3, 7, 59, 59), at(3, 8)),
        (NIGHT, at(3, 8), at(3, 8)),
        (NIGHT, at(3, 12), at(3, 12)),
        (NIGHT, at(31, 22), at(31, 8) + timedelta(days=1)),
        (NOON, at(2, 11, 59), at(2, 11, 59)),
        (NOON, at(2, 12), at(2, 14)),
        (NOON, at(2, 13, 30), at(2, 14)),
        (NOON, at(2, 14), at(2, 14)),
        (quiet(time(22), time(6, 30, 15)), at(3, 6, 30, 10), at(3, 6, 30, 15)),
        (quiet(time(0), time(0)), at(2, 3), at(2, 3)),
        (quiet(time(21), time(0)), at(2, 22), at(3, 0)),
    ],
)
def test_a_message_waits_for_the_end_of_the_quiet_hours(
    hours: QuietHours, moment: datetime, sent: datetime
) -> None:
    assert after_quiet_hours(moment.astimezone(UTC), hours) == sent


times = st.times().map(lambda each: each.replace(tzinfo=None))
moments = st.datetimes(timezones=st.just(UTC)).map(lambda each: each.replace(year=2026))


@given(moments, times, times)
def test_it_never_comes_early_nor_by_night_nor_a_day_late(
    moment: datetime, begin: time, end: time
) -> None:
    hours = quiet(begin, end)
    sent = after_quiet_hours(moment, hours)
    assert moment <= sent < moment + timedelta(days=1)
    assert after_quiet_hours(sent, hours) == sent
    assert sent == moment or beijing(sent).time() == end


def test_every_rulebook_keeps_the_night(shelf: Shelf) -> None:
    for book in shelf.books():
        for version in book.versions:
            sent = after_quiet_hours(at(2, 23), version.quiet_hours)
            assert sent == at(3, 8)
