"""查看联系方式: for who has to call back, with a reason that is kept, told to the bureau."""

from __future__ import annotations

import logging

import pytest

from models.handling.revealing import REASON_LENGTH, reveal
from models.handling.viewing import seen_by
from models.orders.refusals import NotAllowed
from models.refusals import Invalid, Missing
from models.tables import Account, Agency, Case, Notice, OrderDeadline, OrderEvent, WorkOrder
from tests.models.broken import refusing
from tests.models.contents import everything
from tests.models.handling.desk import Desk, picture
from tests.models.town import NAME, PHONE, under

WHY = "回访核实情况"


async def dispatched(desk: Desk) -> int:
    order = await desk.rated()
    await desk.step(order, "bureau", "dispatch", to="agency")
    return order


@pytest.mark.parametrize("role", ["handler", "bureau", "callback"])
async def test_who_calls_back_sees_whom_to_call(desk: Desk, role: str) -> None:
    order = await dispatched(desk)
    account = desk.who[role]
    assert (await seen_by(desk.town.office, order, account)).may_reveal
    found = await reveal(desk.town.office, order, account, f"  {WHY}  ")
    assert (found.name, found.phone, found.email) == (NAME, PHONE, None)
    last = await OrderEvent.filter(order_id=order).order_by("-sequence").first()
    assert last is not None
    assert (last.kind, last.actor, last.account_id, last.agency_id) == (
        "revealed",
        account.login,
        account.id,
        account.agency_id,
    )
    assert last.details == {"reason": WHY}
    assert last.at == desk.town.office.now()


@pytest.mark.parametrize("role", ["staff", "town", "auditor"])
async def test_nobody_else_does(desk: Desk, role: str) -> None:
    order = await dispatched(desk)
    account = desk.who[role]
    assert not (await seen_by(desk.town.office, order, account)).may_reveal
    before = await everything()
    with pytest.raises(NotAllowed, match="只有需要回访评价人的人员"):
        await reveal(desk.town.office, order, account, WHY)
    assert await everything() == before


async def test_an_operator_does_not_even_see_the_order(desk: Desk) -> None:
    order = await dispatched(desk)
    for number in (order, 4711):
        with pytest.raises(Missing, match=f"没有编号为“{number}”的工单"):
            await reveal(desk.town.office, number, desk.who["operator"], WHY)


@pytest.mark.parametrize("role", ["handler", "bureau", "callback"])
async def test_never_who_was_rated(desk: Desk, role: str) -> None:
    """Whatever else they are (防报复)."""
    order = await dispatched(desk)
    account = desk.who[role]
    rated = await Account.get(id=desk.who["staff"].id)
    await Account.filter(id=account.id).update(staff_id=rated.staff_id)
    account = await Account.get(id=account.id)
    assert not (await seen_by(desk.town.office, order, account)).may_reveal
    with pytest.raises(NotAllowed):
        await reveal(desk.town.office, order, account, WHY)


@under("sanming")
async def test_a_refusal_names_the_article(desk: Desk) -> None:
    """规范信息查询权限 (三明三(三))."""
    order = await desk.rated()
    with pytest.raises(NotAllowed) as refused:
        await reveal(desk.town.office, order, desk.who["staff"], WHY)
    assert refused.value.source == "三(三)"


async def test_before_it_is_dispatched_the_agency_calls_nobody(desk: Desk) -> None:
    order = await desk.rated()
    with pytest.raises(NotAllowed):
        await reveal(desk.town.office, order, desk.who["handler"], WHY)
    await reveal(desk.town.office, order, desk.who["callback"], WHY)


async def test_whose_order_it_no_longer_is(desk: Desk) -> None:
    order = await dispatched(desk)
    await desk.step(order, "handler", "return", reason="不是本单位的事项")
    await desk.step(order, "bureau", "dispatch", to="agency-2")
    with pytest.raises(NotAllowed):
        await reveal(desk.town.office, order, desk.who["handler"], WHY)


async def test_at_its_end_there_is_nobody_left_to_call(desk: Desk) -> None:
    order = await dispatched(desk)
    await desk.step(order, "handler", "verify")
    await desk.step(order, "handler", "answer", text="已经改正。")
    await reveal(desk.town.office, order, desk.who["handler"], WHY)
    await desk.step(order, "bureau", "review_answer", passed=True)
    assert (await WorkOrder.get(id=order)).state == "closed"
    for role in ("handler", "bureau", "callback"):
        with pytest.raises(NotAllowed):
            await reveal(desk.town.office, order, desk.who[role], WHY)


@pytest.mark.parametrize("reason", ["", "    ", "看看", "回访 "])
async def test_a_reason_is_asked_for(desk: Desk, reason: str) -> None:
    order = await dispatched(desk)
    before = await everything()
    with pytest.raises(Invalid, match="请写明查看联系方式的理由（至少4个字）") as refused:
        await reveal(desk.town.office, order, desk.who["handler"], reason)
    assert refused.value.field == "reason"
    assert await everything() == before


async def test_a_reason_is_kept_as_long_as_it_may_be(desk: Desk) -> None:
    order = await dispatched(desk)
    await reveal(desk.town.office, order, desk.who["handler"], "回访\0核实" + "长" * 600)
    kept = (await OrderEvent.get(order_id=order, kind="revealed")).details["reason"]
    assert len(kept) <= REASON_LENGTH
    assert "\0" not in kept


async def test_every_look_is_a_look(desk: Desk) -> None:
    """Logged and told to the bureau each time, and no clock minds."""
    order = await dispatched(desk)
    clocks = await OrderDeadline.filter(order_id=order).order_by("id").values()
    for _ in range(3):
        await reveal(desk.town.office, order, desk.who["handler"], WHY)
    assert (await desk.kinds(order)).count("revealed") == 3
    bureau = await Agency.get(code="bureau")
    told = [n for n in await Notice.filter(kind="order_step") if n.agency_id == bureau.id]
    assert [notice.body for notice in told] == [
        {"order": order, "event": sequence} for sequence in (3, 4, 5)
    ]
    assert await OrderDeadline.filter(order_id=order).order_by("id").values() == clocks


async def test_unless_it_is_logged_nobody_sees_it(desk: Desk) -> None:
    order = await dispatched(desk)
    for table in ("order_event", "notice"):
        async with refusing(desk.town.office.database, table):
            with pytest.raises(Exception, match="no room"):
                await reveal(desk.town.office, order, desk.who["handler"], WHY)
    assert "revealed" not in await desk.kinds(order)


async def test_the_raters_own_number_and_the_address_of_the_case(desk: Desk) -> None:
    order = await dispatched(desk)
    keys = desk.town.office.keys
    await Case.all().update(
        applicant_phone=None,
        applicant_email=keys.seal("ouyang@example.cn", "case_file.applicant_email"),
    )
    found = await reveal(desk.town.office, order, desk.who["handler"], WHY)
    assert (found.phone, found.email) == (PHONE, "ouyang@example.cn")


async def test_it_leaves_no_trace_in_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    order = await dispatched(desk)
    await desk.step(
        order,
        "handler",
        "find_mistaken",
        ground="误评",
        reason="评价人点错",
        files=[await picture()],
    )
    await reveal(desk.town.office, order, desk.who["callback"], WHY)
    assert caplog.records
    logged = [record.getMessage() for record in caplog.records]
    assert not [line for line in logged if NAME in line or PHONE in line]
