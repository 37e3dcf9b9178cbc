"""Which clocks of an order run from which moment: by hand from the five texts (matrix §5)."""

from __future__ import annotations

from datetime import datetime

import pytest

from models.calendar.beijing import BEIJING
from models.calendar.working_days import WorkingDays
from models.orders.clocks import running
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
    "qijiang": {since: {} for since in Since},
    "lingang": {
        # 1个工作日 for the appeal and, whatever the class, for the first call (readings 11, 16).
        Since.RECEIVED: {
            "appeal": ("四", 1, 3),
            "first_contact": ("二、三(二)1、三(二)2、三(二)3、附件", 1, 3),
        },
        Since.APPEALED: {"review": ("platform", 5, 9)},
        Since.EVALUATION: {},
        Since.ENTERED: {},
    },
    "tianjin": {
        Since.ENTERED: {"dispatch": ("platform", 1, 3)},
        Since.RECEIVED: {"appeal": ("第二十一条", 1, 3), "first_contact": ("第二十条", 1, 3)},
        Since.APPEALED: {"review": ("platform", 5, 9)},
        Since.EVALUATION: {},
    },
}


@pytest.mark.parametrize(
    ("name", "since"), [(name, since) for name, row in TABLE.items() for since in row]
)
def test_a_moment_starts_these_clocks(shelf: Shelf, name: str, since: Since) -> None:
    version = shelf.book(name).versions[0]
    found = running(version, {since: MONDAY}, DAYS)
    assert {
        clock.kind: (clock.source, clock.deadline.period.count, clock.deadline.due)
        for clock in found
    } == {
        kind: (source, count, datetime(2026, 3, last + 1, tzinfo=BEIJING))
        for kind, (source, count, last) in TABLE[name][since].items()
    }


@pytest.mark.parametrize("name", TABLE)
def test_without_a_moment_nothing_runs(shelf: Shelf, name: str) -> None:
    assert running(shelf.book(name).versions[0], {}, DAYS) == ()


@pytest.mark.parametrize("name", TABLE)
def test_no_clock_runs_twice(shelf: Shelf, name: str) -> None:
    found = running(shelf.book(name).versions[0], dict.fromkeys(Since, MONDAY), DAYS)
    kinds = [clock.kind for clock in found]
    assert len(kinds) == len(set(kinds))


def test_received_on_a_friday_night_the_first_day_is_monday(shelf: Shelf) -> None:
    """Reading 7: the day of receipt is not counted, nor is the weekend."""
    version = shelf.book("lingang").versions[0]
    for clock in running(version, {Since.RECEIVED: FRIDAY_NIGHT}, DAYS):
        assert clock.deadline.due == datetime(2026, 3, 10, tzinfo=BEIJING)
