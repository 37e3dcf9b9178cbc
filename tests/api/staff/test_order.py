"""One order on one page: what each role sees of it, and nothing of who rated."""

from __future__ import annotations

import re
from typing import Final

import pytest

from models.accounts.roles import Role
from models.orders.steps import STEPS
from tests.api.staff.desk import IDENTITY, Desk, Seat, queries, shown
from tests.models.ratings.files import PNG

CASE_NUMBER: Final = "LS-2026-7700"
MARKS: Final = {
    "matter": "食品经营许可",
    "level": "非常不满意",
    "words": "态度生硬",
    "case": CASE_NUMBER,
    "note": "请尽快核实",
    "who": "承办甲",
    "contact": "已致电两次",
    "reveal reason": "需要当面核实",
    "evidence": "/staff/files/",
    "clock": "第二十四条",
    "count of days": "数满7个工作日",
    "reveal form": 'name="reason" required maxlength="500"',
}
"""A field of the page, and what stands there alone."""
EVERYTHING: Final = frozenset(MARKS)
READ_ONLY: Final = EVERYTHING - {"reveal form"}
WITHOUT_PERSONS: Final = frozenset(
    {"matter", "level", "words", "clock", "count of days"},
)


async def told(desk: Desk) -> int:
    """An order about 王丽, with a contact, a revealed number, a step with a file."""
    number = await desk.about_staff(CASE_NUMBER)
    bureau, handler = await desk.seat(Role.BUREAU), await desk.seat(Role.HANDLER, "CA-SJJ")
    await must(bureau, number, "dispatch", to="CA-SJJ", note=MARKS["note"])
    reveal = [("reason", MARKS["reveal reason"])]
    assert (await handler.post(f"/staff/orders/{number}/reveal", reveal)).status == 200
    said = [("seen", "3"), ("way", "phone"), ("reached", "1"), ("note", MARKS["contact"])]
    called = await handler.post(f"/staff/orders/{number}/contact", said, [PNG])
    assert called.status == 303, shown(called)
    return number


async def must(seat: Seat, number: int, step: str, **fields: str) -> None:
    answer = await seat.step(number, step, None, **fields)
    assert answer.status == 303, shown(answer)


SEEN: Final = (
    (Role.STAFF, "CA-SJJ", "CA-S1", WITHOUT_PERSONS, ""),
    (
        Role.HANDLER,
        "CA-SJJ",
        None,
        EVERYTHING,
        "return accept contact verify find_mistaken",
    ),
    (Role.BUREAU, "CA-ZSJ", None, EVERYTHING, "contact"),
    (Role.CALLBACK, "CA-ZSJ", None, EVERYTHING, "contact"),
    (Role.AUDITOR, "CA-ZSJ", None, READ_ONLY, ""),
    # Who was rated handles nothing of it, whatever their role is.
    (Role.HANDLER, "CA-SJJ", "CA-S1", READ_ONLY, ""),
)
UNSEEN: Final = (
    (Role.STAFF, "CA-SJJ", "CA-S2", 404),
    (Role.HANDLER, "CA-RSJ", None, 404),
    (Role.TOWN, "CA-GX", None, 404),
    (Role.BUREAU, "TJ-ZWB", None, 404),
    (Role.CALLBACK, "TJ-ZWB", None, 404),
    (Role.AUDITOR, "TJ-ZWB", None, 404),
    (Role.OPERATOR, None, None, 403),
)


async def test_each_role_sees_these_fields_and_no_other(desk: Desk) -> None:
    number = await told(desk)
    for role, agency, staff, fields, steps in SEEN:
        seat = await desk.seat(role, agency, staff=staff)
        answer = await seat.get(f"/staff/orders/{number}")
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert {name for name, mark in MARKS.items() if mark in answer.text} == fields, role
        offered = {name for name in STEPS if f"/staff/orders/{number}/{name}" in answer.text}
        assert offered == set(steps.split()), role


async def test_others_see_nothing_of_it(desk: Desk) -> None:
    number = await told(desk)
    for role, agency, staff, status in UNSEEN:
        seat = await desk.seat(role, agency, staff=staff)
        opened = await seat.get(f"/staff/orders/{number}")
        assert opened.status == status
        assert not [mark for mark in MARKS.values() if mark in shown(opened)], role
        for path in ("accept", "reveal"):
            reason = [("reason", "需要回访评价人")]
            answer = await seat.post(f"/staff/orders/{number}/{path}", reason)
            assert answer.status == status, role


async def test_no_page_says_who_rated(desk: Desk) -> None:
    number = await told(desk)
    sought = "/staff/orders?q=%E9%99%88%E5%B0%8F%E6%98%8E"
    for role, agency, staff, *_ in (*SEEN, *UNSEEN):
        seat = await desk.seat(role, agency, staff=staff)
        for path in ("/staff", "/staff/orders", f"/staff/orders/{number}"):
            text = (await seat.get(path)).text
            assert not [each for each in IDENTITY if each in text], (role, path)
        assert f"/staff/orders/{number}" not in (await seat.get(sought)).text


async def test_who_was_rated_finds_nothing_by_the_case(desk: Desk) -> None:
    number = await told(desk)
    link = f'href="/staff/orders/{number}"'
    handler = await desk.seat(Role.HANDLER, "CA-SJJ")
    rated = await desk.seat(Role.STAFF, "CA-SJJ", staff="CA-S1")
    assert link in (await handler.get(f"/staff/orders?q={CASE_NUMBER}")).text
    assert link not in (await rated.get(f"/staff/orders?q={CASE_NUMBER}")).text
    assert link in (await rated.get("/staff/orders")).text


@pytest.mark.parametrize("number", ["0", "999999", "9" * 18, "9" * 30])
async def test_an_order_that_is_not_there(desk: Desk, number: str) -> None:
    seat = await desk.seat(Role.BUREAU)
    assert (await seat.get(f"/staff/orders/{number}")).status == 404


async def test_it_says_in_whose_hands_it_is(desk: Desk) -> None:
    number = await desk.order()
    auditor = await desk.seat(Role.AUDITOR)
    text = shown(await auditor.get(f"/staff/orders/{number}"))
    assert "现在没有需要您办理的步骤。正在由潮安区政数局办理。" in text
    assert "平台内部时限（非法定）" in text


async def test_so_many_queries_however_long_its_history(desk: Desk) -> None:
    number = await told(desk)
    seat = await desk.seat(Role.HANDLER, "CA-SJJ")
    with queries() as before:
        await seat.get(f"/staff/orders/{number}")
    for _ in range(5):
        await must(seat, number, "contact", way="sms", reached="0", note="没有人接听")
    with queries() as after:
        answer = await seat.get(f"/staff/orders/{number}")
    assert len(re.findall(r'<li id="event-', answer.text)) == 9
    assert len(after) == len(before) <= 30
