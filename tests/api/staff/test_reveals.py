"""Whom to call: for a reason, on one page, logged, told to the bureau, and nowhere else."""

from __future__ import annotations

import logging

import pytest

from models.accounts.roles import Role
from models.tables import Notice, OrderEvent
from tests.api.staff.desk import Desk, Seat, shown

REASON = "需要当面核实排队情况"


async def at_the_agency(desk: Desk) -> tuple[int, Seat]:
    number = await desk.order()
    bureau, handler = await desk.seat(Role.BUREAU), await desk.seat(Role.HANDLER, "CA-SJJ")
    assert (await bureau.step(number, "dispatch", to="CA-SJJ")).status == 303
    return number, handler


async def test_name_and_number_are_shown_once_and_it_is_told(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    number, handler = await at_the_agency(desk)
    caplog.clear()
    with caplog.at_level(logging.INFO):
        answer = await handler.post(f"/staff/orders/{number}/reveal", [("reason", REASON)])
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    text = shown(answer)
    assert "陈小明" in text
    assert "+8613800138000" in text
    assert "本次查看已记入办理经过，并告知主管部门" in text
    assert "陈小明" not in caplog.text
    assert "13800138000" not in caplog.text
    assert "Set-Cookie" not in answer.headers
    event = await OrderEvent.get(kind="revealed")
    assert (event.account_id, event.details["reason"]) == (handler.account.id, REASON)
    assert "陈小明" not in str(event.details)
    told = [each.body for each in await Notice.filter(kind="order_step")]
    assert told == [{"order": number, "event": event.sequence}]
    page = await handler.get(f"/staff/orders/{number}")
    assert f"理由：{REASON}" in shown(page)
    assert "陈小明" not in page.text


async def test_each_look_is_logged(desk: Desk) -> None:
    number, handler = await at_the_agency(desk)
    for _ in range(2):
        await handler.post(f"/staff/orders/{number}/reveal", [("reason", REASON)])
    assert await OrderEvent.filter(kind="revealed").count() == 2


@pytest.mark.parametrize("reason", ["", "  ", "回访"])
async def test_without_a_reason_nothing_is_shown(desk: Desk, reason: str) -> None:
    number, handler = await at_the_agency(desk)
    answer = await handler.post(f"/staff/orders/{number}/reveal", [("reason", reason)])
    assert answer.status == 422
    assert "请写明查看联系方式的理由" in shown(answer)
    assert 'href="#reveal-reason"' in answer.text
    assert "陈小明" not in answer.text
    assert not await OrderEvent.exists(kind="revealed")


async def test_only_for_who_must_call(desk: Desk) -> None:
    number, handler = await at_the_agency(desk)
    for role, agency, staff, allowed in (
        (Role.CALLBACK, "CA-ZSJ", None, True),
        (Role.BUREAU, "CA-ZSJ", None, True),
        (Role.AUDITOR, "CA-ZSJ", None, False),
    ):
        seat = await desk.seat(role, agency, staff=staff)
        page = await seat.get(f"/staff/orders/{number}")
        assert (f'action="/staff/orders/{number}/reveal"' in page.text) == allowed
        answer = await seat.post(f"/staff/orders/{number}/reveal", [("reason", REASON)])
        assert ("陈小明" in answer.text) == allowed, role
        assert answer.status == (200 if allowed else 409)
    assert (await handler.get(f"/staff/orders/{number}/reveal")).status in (404, 405)
