"""Which clocks of an order run from which moment: by hand from the five texts (matrix §5)."""

from __future__ import annotations

from datetime import datetime

import pytest

from models.calendar.beijing import BEIJING
from models.calendar.working_days import WorkingDays
from models.orders.clocks import CLOCKS, clocks_of
from models.orders.events import Kind
from models.orders.standing import Standing
from models.orders.states import State
from models.rulebooks.rule import Since
from models.rulebooks.shelf import Shelf

DAYS = WorkingDays()
MONDAY = datetime(2026, 3, 2, 9, tzinfo=BEIJING)
FRIDAY_NIGHT = datetime(2026, 3, 6, 23, 30, tzinfo=BEIJING)

Clocks = dict[str, tuple[str, int, int]]
"""Clock: its article, how many working days, its last day in March 2026 when begun on the 2nd."""

TABLE: dict[str, dict[Since, Clocks]] = {
    "chaoan": {
        Since.EVALUATION: {},
        Since.ENTERED: {"dispatch": ("platform", 1, 3)},
        # 第二十四条: 收到工单7个工作日, for the correction and for the finding of a mistake.
        Since.RECEIVED: {
            "exclude": ("第二十三条、第二十四条", 7, 11),
            "rectify": ("第二十四条", 7, 11),
        },
        Since.FOUND_MISTAKEN: {},
        Since.VERIFIED: {},
        Since.APPEALED: {},
    },
    "sanming": {
        # 评价后3个工作日; 核实属实 10; 差评撤销核实 3; 申诉 5 (readings 9 and 10).
        Since.EVALUATION: {"verify": ("二(三)1", 3, 5)},
        Since.ENTERED: {},
        Since.RECEIVED: {"appeal": ("三(三)", 5, 9)},
        Since.VERIFIED: {"rectify": ("二(三)1", 10, 16)},
        Since.FOUND_MISTAKEN: {"withdraw": ("二(三)1、三(三)", 3, 5)},
        Since.APPEALED: {},
    },
    "qijiang": {
        # 限期5个工作日: the longest term of any class stands until the class is known.
        Since.RECEIVED: {"rectify": ("第十六条", 5, 9)},
        Since.EVALUATION: {},
        Since.ENTERED: {},
        Since.APPEALED: {},
    },
    "lingang": {
        # 1个工作日 for the appeal and, whatever the class, for the first call (readings 11, 16).
        Since.RECEIVED: {
            "appeal": ("四", 1, 3),
            "first_contact": ("二、三(二)1、三(二)2、三(二)3、附件", 1, 3),
            "rectify": ("二、三(二)1、三(二)2、三(二)3、附件", 15, 23),
        },
        Since.APPEALED: {"review": ("platform", 5, 9)},
        Since.EVALUATION: {},
        Since.ENTERED: {},
    },
    "tianjin": {
        Since.ENTERED: {"dispatch": ("platform", 1, 3)},
        Since.RECEIVED: {
            "appeal": ("第二十一条", 1, 3),
            "first_contact": ("第二十条", 1, 3),
            "rectify": ("第二十条", 15, 23),
        },
        Since.APPEALED: {"review": ("platform", 5, 9)},
        Since.EVALUATION: {},
    },
}


def since_then(since: Since, moment: datetime) -> Standing:
    """An order to which nothing has happened but this."""
    kinds = {
        Since.EVALUATION: Kind.OPENED,
        Since.VERIFIED: Kind.VERIFIED,
        Since.FOUND_MISTAKEN: Kind.FOUND_MISTAKEN,
        Since.APPEALED: Kind.APPEALED,
        Since.SET_ASIDE: Kind.MISTAKEN_CONFIRMED,
        Since.ANSWERED: Kind.ANSWERED,
    }
    return Standing(
        state=State.VERIFYING,
        sequence=1,
        rated=1,
        holder=1,
        handler=1,
        moments={kinds[since]: moment} if since in kinds else {},
        received_at=moment if since is Since.RECEIVED else None,
        entered_at=moment if since is Since.ENTERED else None,
    )


@pytest.mark.parametrize(
    ("name", "since"), [(name, since) for name, row in TABLE.items() for since in row]
)
def test_a_moment_starts_these_clocks(shelf: Shelf, name: str, since: Since) -> None:
    version = shelf.book(name).versions[0]
    found = clocks_of(version, since_then(since, MONDAY), DAYS)
    assert {
        clock.kind: (clock.source, clock.deadline.period.count, clock.deadline.due)
        for clock in found
    } == {
        kind: (source, count, datetime(2026, 3, last + 1, tzinfo=BEIJING))
        for kind, (source, count, last) in TABLE[name][since].items()
    }


@pytest.mark.parametrize("name", TABLE)
def test_the_rater_has_five_days_to_object_and_a_month_to_confirm(shelf: Shelf, name: str) -> None:
    """Neither is in any text: the platform's (reading 14)."""
    version = shelf.book(name).versions[0]
    (objection,) = clocks_of(version, since_then(Since.SET_ASIDE, MONDAY), DAYS)
    assert (objection.kind, objection.source) == ("objection", "platform")
    assert objection.deadline.due == datetime(2026, 3, 10, tzinfo=BEIJING)
    asked = clocks_of(version, since_then(Since.ANSWERED, MONDAY), DAYS)
    assert [clock.kind for clock in asked] == (["callback"] if version.callback else [])
    assert all(clock.deadline.due == datetime(2026, 4, 2, tzinfo=BEIJING) for clock in asked)


@pytest.mark.parametrize("name", TABLE)
def test_no_clock_runs_twice(shelf: Shelf, name: str) -> None:
    every = Standing(
        state=State.RECTIFYING,
        sequence=9,
        rated=1,
        holder=1,
        handler=1,
        moments=dict.fromkeys(Kind, MONDAY),
        received_at=MONDAY,
        entered_at=MONDAY,
    )
    kinds = [clock.kind for clock in clocks_of(shelf.book(name).versions[0], every, DAYS)]
    assert len(kinds) == len(set(kinds))
    assert set(kinds) <= set(CLOCKS)


def test_received_on_a_friday_night_the_first_day_is_monday(shelf: Shelf) -> None:
    """Reading 7: the day of receipt is not counted, nor is the weekend."""
    version = shelf.book("lingang").versions[0]
    for clock in clocks_of(version, since_then(Since.RECEIVED, FRIDAY_NIGHT), DAYS):
        if clock.deadline.period.count == 1:
            assert clock.deadline.due == datetime(2026, 3, 10, tzinfo=BEIJING)
