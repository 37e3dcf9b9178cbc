"""Every clock of an order beside a table that was counted by hand, across the holidays of 2025 and
2026 as the State Council's notices set them, and into 2027, whose notice nobody has yet.

The table is `order_deadlines.csv`: regulation, clock, class or day, article (platform: the
platform's own, in no text), start, term, the count day by day, the last day; for what rests on 2027
the last day after the tests' invented notice (`tests/models/calendar/2027.toml`). All Beijing time.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from models.calendar.added_years import read_year
from models.calendar.beijing import BEIJING, end_of
from models.calendar.deadline import explain_lines
from models.calendar.working_days import WorkingDays
from models.calendar.year_plan import library_plans
from models.handling.viewing import seen_by
from models.office import Office
from models.orders.clocks import CLOCKS, RIGHTS
from models.rulebooks.rule import Counting
from models.rulebooks.shelf import Shelf
from models.settling import settle
from models.tables import OrderDeadline, WorkOrder
from tests.models.handling.desk import Desk, picture
from tests.models.orders.course import Course
from tests.models.town import build
from tests.standing import StandingClock

KNOWN = {year: plan for year, plan in library_plans().items() if year <= 2026}
NOTICE = Path(__file__).parents[1] / "models" / "calendar" / "2027.toml"
WITHOUT = WorkingDays(library=KNOWN)
WITH = WorkingDays(
    [read_year(NOTICE.read_text("utf-8"), NOTICE.name, library=KNOWN)], library=KNOWN
)
KINDS = {label: kind for kind, label in CLOCKS.items()}
CLASSES = ("simple", "general", "complex")
UNITS = {
    "个工作日": Counting.WORKING_DAYS,
    "个自然日": Counting.NATURAL_DAYS,
    "当场": Counting.AT_ONCE,
}


@dataclass(frozen=True)
class Row:
    regulation: str
    kind: str
    what: str
    """A class, or the day of an extension or a ledger."""
    source: str
    start: datetime
    term: str
    count: tuple[str, ...]
    due: date
    settled: date | None

    @property
    def unit(self) -> Counting:
        return next(unit for word, unit in UNITS.items() if word in self.term)

    @property
    def number(self) -> int:
        return int("".join(filter(str.isdigit, self.term)) or 0)

    @property
    def steps(self) -> list[tuple[str, str, dict[str, Any]]]:
        """What leads to the clock, from the opening on: who, which step, with what."""
        dispatched = self.regulation == "chaoan" and self.kind != "dispatch"
        steps: list[tuple[str, str, dict[str, Any]]] = []
        if dispatched:
            steps.append(("bureau", "dispatch", {"to": "agency"}))
        name = self.what if self.what in CLASSES else None
        general = {"qijiang": "complex", "lingang": "general", "tianjin": "general"}
        some = name or general.get(self.regulation)
        classed = {"class_name": some} if some else {}
        verified = ("handler", "verify", classed)
        mistaken = ("handler", "find_mistaken", {"ground": "误评", "reason": "评价人点错"})
        match self.kind:
            case "rectify" if name or self.regulation == "sanming":
                steps.append(verified)
            case "withdraw":
                steps.append(mistaken)
            case "objection":
                called = ("callback", "contact", {"reached": True, "note": "已与本人核对"})
                confirmed = ("bureau", "confirm_mistaken", {"note": "与本人核对无误"})
                steps += [mistaken, called, confirmed]
            case "review":
                steps.append(("handler", "appeal", {"reason": "当天系统故障"}))
            case "callback":
                steps += [verified, ("handler", "answer", {"text": "已经改正。"})]
            case "extended":
                until = {"until": self.what[-10:], "reason": "需要改造系统"}
                steps.append(verified)
                if self.regulation == "sanming":
                    steps.append(("handler", "enter_in_ledger", until))
                else:
                    granted = ("bureau", "decide_extension", {"granted": True})
                    steps += [("handler", "ask_extension", until), granted]
        return steps


def rows() -> Iterator[Row]:
    with Path(__file__).with_name("order_deadlines.csv").open(encoding="utf-8", newline="") as file:
        for line in list(csv.reader(file))[1:]:
            regulation, label, what, source, start, term, count, due, settled = line
            yield Row(
                regulation=regulation,
                kind=KINDS[label],
                what=what,
                source=source,
                start=datetime.fromisoformat(start).replace(tzinfo=BEIJING),
                term=term,
                count=tuple(filter(None, count.split("；"))),
                due=date.fromisoformat(due),
                settled=date.fromisoformat(settled) if settled else None,
            )


TABLE = list(rows())


def named(row: Row) -> str:
    return f"{row.regulation}-{row.kind}-{row.start:%Y%m%d-%H%M}"


def course(shelf: Shelf, row: Row, days: WorkingDays) -> Course:
    found = Course(
        shelf.book(row.regulation).versions[0],
        row.start,
        days,
        municipal=row.kind != "dispatch",
    )
    for by, name, said in row.steps:
        found.take(by, name, **said)
    return found


@pytest.mark.parametrize("row", TABLE, ids=named)
def test_a_clock_ends_where_it_was_counted_to(shelf: Shelf, row: Row) -> None:
    clock = course(shelf, row, WITHOUT).clock(row.kind)
    found = clock.deadline
    assert (clock.source, found.start) == (row.source, row.start)
    assert (found.period.count, found.period.unit) == (row.number, row.unit)
    first, *count = explain_lines(found)
    assert first.startswith(f"{row.start.year}年{row.start.month}月{row.start.day}日")
    assert tuple(count[: len(row.count)]) == row.count
    assert count[len(row.count)] == f"{row.due.year}年{row.due.month}月{row.due.day}日24:00截止"
    assert found.due == end_of(row.due)
    assert found.provisional == (row.settled is not None)
    assert len(count) == len(row.count) + (2 if found.provisional else 1)
    settled = course(shelf, row, WITH).clock(row.kind).deadline
    assert (settled.due, settled.provisional) == (end_of(row.settled or row.due), False)


def test_the_table_leaves_no_clock_out() -> None:
    """By hand: the clocks that each regulation has."""
    assert {(row.regulation, row.kind) for row in TABLE} == {
        *(("chaoan", kind) for kind in ("dispatch", "rectify", "exclude", "objection")),
        *(("sanming", kind) for kind in ("verify", "rectify", "withdraw", "appeal", "extended")),
        *(("sanming", kind) for kind in ("objection", "callback")),
        *(("qijiang", kind) for kind in ("rectify", "objection", "callback")),
        *(("lingang", kind) for kind in ("appeal", "first_contact", "rectify", "review")),
        *(("lingang", kind) for kind in ("extended", "objection")),
        *(("tianjin", kind) for kind in ("dispatch", "appeal", "first_contact", "rectify")),
        *(("tianjin", kind) for kind in ("review", "objection", "callback")),
    }
    assert {row.kind for row in TABLE} == set(CLOCKS)


STORED = {
    # One of each regulation and kind of count, and what rests on a year without a notice.
    "chaoan-dispatch-20250125-1000",
    "chaoan-rectify-20250926-0000",
    "chaoan-objection-20250529-1600",
    "sanming-verify-20260404-0000",
    "sanming-withdraw-20260929-1100",
    "sanming-extended-20260803-1000",
    "sanming-callback-20261220-1000",
    "qijiang-rectify-20260228-2359",
    "lingang-rectify-20260209-1000",
    "lingang-extended-20261218-1000",
    "lingang-first_contact-20261231-0900",
    "tianjin-review-20261230-1000",
}


@pytest.mark.parametrize("row", [row for row in TABLE if named(row) in STORED], ids=named)
async def test_and_so_it_is_stored_shown_and_settled(
    office: Office, clock: StandingClock, row: Row
) -> None:
    clock.at = row.start
    office = replace(office, days=WITHOUT)
    desk = await Desk.of(await build(office, row.regulation))
    order = await desk.rated()
    for by, name, said in row.steps:
        with_files = name in ("find_mistaken", "appeal")
        await desk.step(order, by, name, files=[await picture()] if with_files else (), **said)
    stored = await OrderDeadline.get(order_id=order, kind=row.kind)
    assert (stored.source, stored.started_at) == (row.source, row.start)
    assert (stored.count, stored.unit) == (row.number, row.unit)
    assert (stored.due_at, stored.provisional) == (end_of(row.due), row.settled is not None)
    view = await seen_by(office, order, desk.who["bureau"])
    (shown,) = [each for each in view.clocks if each.kind == row.kind]
    assert (shown.label, shown.due_at, shown.source) == (
        CLOCKS[row.kind],
        stored.due_at,
        row.source,
    )
    assert shown.days[1 : 1 + len(row.count)] == row.count
    await settle(replace(office, days=WITH))
    await stored.refresh_from_db()
    assert (stored.due_at, stored.provisional) == (end_of(row.settled or row.due), False)
    duties = await OrderDeadline.filter(order_id=order, met_at=None, void_at=None)
    first = min((each.due_at for each in duties if each.kind not in RIGHTS), default=None)
    assert (await WorkOrder.get(id=order)).due_at == first
