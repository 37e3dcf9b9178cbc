"""How near a duty is, in words and in a colour: Beijing days; the due instant is late."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from api.staff.due import Mark, Urgency, clock_mark, mark, span
from models.calendar.beijing import BEIJING
from models.handling.views import ClockView

NOW = datetime(2026, 3, 2, 9, tzinfo=BEIJING)
"""A Monday."""


@pytest.mark.parametrize(
    ("due", "colour", "words"),
    [
        (NOW - timedelta(days=2, hours=3), "over", "已逾期2天"),
        (NOW - timedelta(hours=23, minutes=59), "over", "已逾期23小时"),
        (NOW - timedelta(minutes=59), "over", "已逾期"),
        (NOW, "over", "已逾期"),
        (NOW + timedelta(minutes=1), "soon", "今日到期"),
        (datetime(2026, 3, 3, tzinfo=BEIJING), "soon", "今日到期"),
        (datetime(2026, 3, 3, 0, 1, tzinfo=BEIJING), "soon", "还有1天"),
        (datetime(2026, 3, 6, tzinfo=BEIJING), "soon", "还有3天"),
        (datetime(2026, 3, 6, 0, 1, tzinfo=BEIJING), "far", "还有4天"),
        (datetime(2026, 3, 12, tzinfo=BEIJING), "far", "还有9天"),
    ],
)
def test_a_due_time(due: datetime, colour: str, words: str) -> None:
    assert mark(due, NOW) == Mark(colour, words)


def test_the_four_follow_each_other_without_a_gap() -> None:
    spans = [span(each, NOW) for each in Urgency]
    assert [last for _, last in spans[:-1]] == [first for first, _ in spans[1:]]
    assert spans[0][0] is None
    assert spans[-1][1] is None


def clock(
    *,
    met_at: datetime | None = None,
    void_at: datetime | None = None,
    due_at: datetime = NOW + timedelta(days=1),
    duty: bool = True,
) -> ClockView:
    return ClockView(
        kind="rectify",
        label="整改并反馈",
        source="第二十四条",
        due_at=due_at,
        provisional=False,
        met_at=met_at,
        void_at=void_at,
        overdue_at=None,
        duty=duty,
        days=(),
    )


@pytest.mark.parametrize(
    ("seen", "found"),
    [
        (clock(), Mark("soon", "还有1天")),
        (clock(met_at=NOW), Mark("met", "按期完成")),
        (clock(met_at=NOW + timedelta(days=1)), Mark("over", "逾期完成")),
        (clock(void_at=NOW), Mark("none", "不再计算")),
        (clock(due_at=NOW), Mark("over", "已逾期")),
        (clock(due_at=NOW, duty=False), Mark("none", "已截止")),
        (clock(due_at=NOW + timedelta(hours=1), duty=False), Mark("soon", "今日到期")),
        (clock(met_at=NOW, duty=False), Mark("met", "已提出")),
    ],
)
def test_a_clock_that_runs_is_met_or_is_void(seen: ClockView, found: Mark) -> None:
    assert clock_mark(seen, NOW) == found
