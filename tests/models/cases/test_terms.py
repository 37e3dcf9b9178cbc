"""When an invitation reminds, is late, ends: by hand from the five texts (第十九条, 第十六条)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models.calendar.beijing import BEIJING
from models.calendar.working_days import WorkingDays
from models.calendar.year_plan import library_plans
from models.cases.terms import Terms, terms
from models.rulebooks.shelf import Shelf
from models.words import Node

DAYS = WorkingDays()
DONE = datetime(2026, 4, 30, 9, 30, tzinfo=BEIJING)
"""A Thursday; 1 to 5 May is 劳动节, and Saturday the 9th a make-up working day."""


def midnight(month: int, day: int, year: int = 2026) -> datetime:
    """24:00 of the day before."""
    return datetime(year, month, day, tzinfo=BEIJING)


def of(shelf: Shelf, name: str, node: Node, at: datetime = DONE) -> Terms:
    return terms(shelf.book(name).versions[0], node, at, DAYS)


@pytest.mark.parametrize(
    ("name", "remind_at", "timely_until"),
    [
        # 24小时; 7个自然日, holidays or not: 7 May 24:00.
        ("chaoan", DONE + timedelta(hours=24), midnight(5, 8)),
        # 24小时; 5个工作日: 6, 7, 8, 9 (make-up), 11 May 24:00.
        ("tianjin", DONE + timedelta(hours=24), midnight(5, 12)),
        ("sanming", None, None),
        ("qijiang", None, None),
        ("lingang", None, None),
    ],
)
def test_a_completion_reminds_and_grows_late_as_its_text_says(
    shelf: Shelf, name: str, remind_at: datetime | None, timely_until: datetime | None
) -> None:
    found = of(shelf, name, Node.COMPLETION)
    assert (found.remind_at, found.timely_until) == (remind_at, timely_until)
    assert not found.provisional


@pytest.mark.parametrize("node", [Node.VISIT, Node.CALL])
@pytest.mark.parametrize("name", ["chaoan", "tianjin"])
def test_a_visit_and_a_call_neither_remind_nor_grow_late(
    shelf: Shelf, name: str, node: Node
) -> None:
    """Reading 4."""
    found = of(shelf, name, node)
    assert (found.remind_at, found.timely_until) == (None, None)
    assert found.until == midnight(10, 28)


@pytest.mark.parametrize("name", ["chaoan", "tianjin", "sanming", "qijiang", "lingang"])
def test_the_link_holds_for_180_days(shelf: Shelf, name: str) -> None:
    assert of(shelf, name, Node.COMPLETION).until == midnight(10, 28)


def test_the_day_is_that_of_beijing(shelf: Shelf) -> None:
    """23:59 and 00:00 in Beijing lie on one day in UTC, and a day apart in the count."""
    before = datetime(2026, 3, 2, 15, 59, 59, tzinfo=UTC)
    for at, last in ((before, 10), (before + timedelta(seconds=1), 11)):
        assert of(shelf, "chaoan", Node.COMPLETION, at).timely_until == midnight(3, last)


def test_without_the_notice_of_its_year_it_is_provisional(shelf: Shelf) -> None:
    days = WorkingDays(library={y: plan for y, plan in library_plans().items() if y <= 2026})
    done = datetime(2026, 12, 29, 10, tzinfo=BEIJING)
    found = terms(shelf.book("tianjin").versions[0], Node.COMPLETION, done, days)
    assert found.provisional
    assert found.timely_until is not None
    # 潮安 counts every day: no notice is needed.
    assert not terms(shelf.book("chaoan").versions[0], Node.COMPLETION, done, days).provisional
