"""Many dispatched at once: each by itself, and each told."""

from __future__ import annotations

import re

from models.accounts.roles import Role
from models.tables import OrderEvent, WorkOrder
from tests.api.staff.desk import Desk, shown

ADDRESS = "/staff/orders/dispatch"


def chosen(*numbers: int, seen: int = 1) -> list[tuple[str, str]]:
    return [("order", f"{number}.{seen}") for number in numbers]


async def test_first_to_whom_then_each_by_itself(desk: Desk) -> None:
    orders = [await desk.order(f"CA{number}") for number in range(3)]
    bureau = await desk.seat(Role.BUREAU)
    asked = await bureau.post(ADDRESS, chosen(*orders))
    assert asked.status == 200
    assert "转办3件工单" in shown(asked)
    assert re.findall(r'name="to" value="([^"]+)"', asked.text)[:2] == ["CA-SJJ", "CA-RSJ"]
    assert re.findall(r'name="order" value="([^"]+)"', asked.text) == [f"{n}.1" for n in orders]
    assert await OrderEvent.filter(kind="dispatched").count() == 0
    # Meanwhile one of them goes elsewhere.
    assert (await bureau.step(orders[1], "dispatch", to="CA-GX")).status == 303
    sent = [*chosen(*orders), ("asked", "1"), ("to", "CA-SJJ"), ("note", "请一并办理")]
    answer = await bureau.post(ADDRESS, sent)
    assert answer.status == 200
    text = shown(answer)
    assert "2件已转办给潮安区市场监管局，1件没有转办。" in text
    assert f"{orders[1]} 没有转办 工单刚有新的办理" in text
    handlers = [(await WorkOrder.get(id=each).select_related("handler")).handler for each in orders]
    assert [each.code for each in handlers if each] == ["CA-SJJ", "CA-GX", "CA-SJJ"]
    notes = await OrderEvent.filter(kind="dispatched", order_id__in=[orders[0], orders[2]])
    assert {each.details["note"] for each in notes} == {"请一并办理"}


async def test_the_same_page_posted_again_dispatches_nothing_twice(desk: Desk) -> None:
    orders = [await desk.order(f"CA{number}") for number in range(2)]
    bureau = await desk.seat(Role.BUREAU)
    sent = [*chosen(*orders), ("to", "CA-SJJ")]
    assert "2件已转办" in shown(await bureau.post(ADDRESS, sent))
    assert "0件已转办给潮安区市场监管局，2件没有转办" in shown(await bureau.post(ADDRESS, sent))
    assert await OrderEvent.filter(kind="dispatched").count() == 2


async def test_an_agency_is_looked_for_and_must_be_chosen(desk: Desk) -> None:
    number = await desk.order()
    bureau = await desk.seat(Role.BUREAU)
    sent = [*chosen(number), ("asked", "1"), ("note", "请办理")]
    found = await bureau.post(ADDRESS, [*sent, ("find", "古巷"), ("search", "1")])
    assert found.status == 200
    assert re.findall(r'name="to" value="([^"]+)"', found.text) == ["CA-GX"]
    assert "请办理</textarea>" in found.text
    missing = await bureau.post(ADDRESS, sent)
    assert missing.status == 422
    assert "请选择转办给哪个机构" in shown(missing)
    long = await bureau.post(ADDRESS, [*chosen(number), ("to", "CA-GX"), ("note", "长" * 2001)])
    assert long.status == 422
    assert "说明不能超过2000个字" in shown(long)
    assert await OrderEvent.filter(kind="dispatched").count() == 0


async def test_nothing_chosen(desk: Desk) -> None:
    bureau = await desk.seat(Role.BUREAU)
    for sent in ([], [("order", "x")], [("order", "1")]):
        answer = await bureau.post(ADDRESS, sent)
        assert answer.headers["Location"] == "/staff/orders"
        assert "请先勾选要转办的工单" in (await bureau.get("/staff/orders")).text


async def test_what_is_not_theirs_is_refused_each_with_its_reason(desk: Desk) -> None:
    own, foreign = await desk.order(), await desk.tianjin()
    bureau = await desk.seat(Role.BUREAU)
    answer = await bureau.post(ADDRESS, [*chosen(own, foreign), ("to", "CA-SJJ")])
    assert "1件已转办给潮安区市场监管局，1件没有转办" in shown(answer)
    assert f"没有编号为“{foreign}”的工单" in shown(answer)
    asked = await bureau.post(ADDRESS, chosen(foreign))
    assert asked.status == 404


async def test_only_for_who_dispatches(desk: Desk) -> None:
    number = await desk.order()
    for role, agency in (
        (Role.HANDLER, "CA-SJJ"),
        (Role.AUDITOR, "CA-ZSJ"),
        (Role.CALLBACK, "CA-ZSJ"),
        (Role.OPERATOR, None),
    ):
        seat = await desk.seat(role, agency)
        assert (await seat.post(ADDRESS, [*chosen(number), ("to", "CA-SJJ")])).status == 403
    assert await OrderEvent.filter(kind="dispatched").count() == 0
