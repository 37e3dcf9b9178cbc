"""The list: what is found, in which order, page by page, by how many queries."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from urllib.parse import quote
from uuid import uuid4

from api.staff.listing import ROWS
from models.accounts.roles import Role
from models.tables import Evaluation, OrderDeadline, WorkOrder
from tests.api.service import Answer
from tests.api.staff.desk import Desk, Seat, queries, shown


def numbers(answer: Answer) -> list[int]:
    assert answer.status == 200, answer.text
    return [int(each) for each in re.findall(r'href="/staff/orders/(\d+)"', answer.text)]


async def found(seat: Seat, query: str = "") -> list[int]:
    return numbers(await seat.get(f"/staff/orders{query}"))


async def test_the_soonest_due_comes_first_and_says_so(desk: Desk) -> None:
    first = await desk.order("CA1")
    desk.service.clock.advance(days=1)
    second = await desk.order("CA2")
    third = await desk.order("CA3")
    bureau = await desk.seat(Role.BUREAU)
    assert (await bureau.step(second, "dispatch", to="CA-SJJ")).status == 303
    assert await found(bureau) == [first, third, second]
    desk.service.clock.advance(hours=20)
    page = await bureau.get("/staff/orders")
    marks = re.findall(r'<span class="due (\w+)">([^<]+)</span>', page.text)
    assert marks == [("over", "已逾期5小时"), ("soon", "今日到期"), ("far", "还有8天")]
    assert await found(bureau, "?due=overdue") == [first]
    assert await found(bureau, "?due=today") == [third]
    assert await found(bureau, "?due=soon") == []
    assert await found(bureau, "?due=later") == [second]


async def test_what_is_looked_for(desk: Desk) -> None:
    first = await desk.order("LS-2026-0001", "等了三个小时")
    second = await desk.order("LS-2026-0002", "态度100%_不好")
    third = await desk.order("LS-2026-0003", "等了一个月")
    bureau, handler = await desk.seat(Role.BUREAU), await desk.seat(Role.HANDLER, "CA-SJJ")
    assert (await bureau.step(second, "dispatch", to="CA-RSJ")).status == 303
    assert (await bureau.step(third, "dispatch", to="CA-SJJ")).status == 303
    assert (await handler.step(third, "verify")).status == 303
    for query, orders in {
        "?state=opened": {first},
        "?state=verifying": {second},
        "?state=rectifying": {third},
        "?state=closed": set(),
        "?state=ended": set(),
        "?state=all": {first, second, third},
        "?state=nonsense&class=huge&due=never&after=x&mine=yes": {first, second, third},
        "?mine=1": {first},
        f"?agency={quote('人社')}": {second},
        "?agency=CA-RSJ": {second},
        "?agency=CA-ZSJ": set(),
        f"?q={quote('等了')}": {first, third},
        f"?q={quote('等了')}&state=opened": {first},
        f"?q={quote('100%_')}": {second},
        f"?q={quote('100_%')}": set(),
        f"?q={quote('食品')}": {first, second, third},
        f"?q={second}": {second},
        "?q=2026-0003": {third},
        f"?q={quote(chr(0) + chr(39) + ' OR 1=1')}": set(),
        f"?q={'9' * 60}": set(),
    }.items():
        assert set(await found(bureau, query)) == orders, query
    assert await found(handler, "?mine=1") == [third]
    assert await found(handler) == [first, second, third]


async def test_what_was_looked_for_stays_in_the_form(desk: Desk) -> None:
    await desk.order()
    bureau = await desk.seat(Role.BUREAU)
    page = await bureau.get("/staff/orders?state=opened&due=soon&mine=1&q=%22%3E%3Cb%3E")
    assert '<option value="opened" selected>' in page.text
    assert '<option value="soon" selected>' in page.text
    assert re.search(r'name="mine" value="1" checked', page.text)
    assert "&#34;&gt;&lt;b&gt;" in page.text
    assert "查看全部未结束的工单" in page.text


async def many(desk: Desk, count: int) -> list[int]:
    """So many, three to a due time, every fourth without one; in the order of the list."""
    order = await WorkOrder.get(id=await desk.order("CA0"))
    first = await Evaluation.get(id=order.evaluation_id)
    made = [order]
    for number in range(1, count):
        evaluation = first.clone(pk=uuid4())
        evaluation.submission = f"copy-{number}"
        await evaluation.save(force_create=True)
        copy = order.clone(pk=order.id + number)
        copy.evaluation_id = evaluation.id
        copy.due_at = None if number % 4 == 3 else order.opened_at + timedelta(days=number // 3)
        await copy.save(force_create=True)
        made.append(copy)
    due = [(each.due_at, each.id) for each in made if each.due_at]
    undue = [each.id for each in made if not each.due_at]
    return [*(number for _, number in sorted(due)), *sorted(undue, reverse=True)]


async def test_page_by_page_each_once(desk: Desk) -> None:
    expected = await many(desk, 2 * ROWS + 7)
    bureau = await desk.seat(Role.BUREAU)
    read: list[int] = []
    address: str | None = "/staff/orders?state=opened"
    while address:
        page = await bureau.get(address)
        rows = numbers(page)
        assert len(rows) == min(ROWS, len(expected) - len(read))
        read += rows
        following = re.search(r'href="(/staff/orders\?[^"]*after=[^"]*)"', page.text)
        address = html.unescape(following[1]) if following else None
    assert read == expected


async def test_so_many_queries_however_many_rows(desk: Desk) -> None:
    bureau = await desk.seat(Role.BUREAU)
    await desk.order()
    asked = {"/staff/orders": 7, "/staff/orders?mine=1&q=%E4%B8%89": 10, "/staff": 19}
    for path, most in asked.items():
        with queries() as few:
            assert len(numbers(await bureau.get(path))) >= 1
        assert len(few) <= most
    await many(desk, ROWS)
    for path, most in asked.items():
        with queries() as more:
            assert len(numbers(await bureau.get(path))) >= 10
        assert len(more) <= most


async def test_a_due_time_that_may_still_move_is_said_to(desk: Desk) -> None:
    """The calendar of its year is not known yet."""
    number = await desk.order()
    bureau = await desk.seat(Role.BUREAU)
    assert "（暂定）" not in (await bureau.get("/staff/orders")).text
    await OrderDeadline.filter(order_id=number).update(provisional=True)
    assert "（暂定）" in (await bureau.get("/staff/orders")).text


async def test_each_role_lists_what_it_may_see(desk: Desk) -> None:
    item = await desk.order()
    about_her = await desk.about_staff("CA2")
    tianjin = await desk.tianjin()
    for role, agency, staff, listed in (
        (Role.STAFF, "CA-SJJ", "CA-S1", {about_her}),
        (Role.STAFF, "CA-SJJ", "CA-S2", set()),
        (Role.HANDLER, "CA-SJJ", None, {item, about_her}),
        (Role.HANDLER, "CA-RSJ", None, set()),
        (Role.TOWN, "CA-GX", None, set()),
        (Role.BUREAU, "CA-ZSJ", None, {item, about_her}),
        (Role.BUREAU, "TJ-HX", None, {tianjin}),
        (Role.BUREAU, "TJ-ZWB", None, {tianjin}),
        (Role.AUDITOR, "TJ-ZWB", None, {tianjin}),
        (Role.CALLBACK, "CA-ZSJ", None, {item, about_her}),
    ):
        seat = await desk.seat(role, agency, staff=staff)
        assert set(await found(seat)) == listed, role


async def test_only_who_dispatches_may_choose(desk: Desk) -> None:
    await desk.order()
    for role, agency, choices in (
        (Role.BUREAU, "CA-ZSJ", 1),
        (Role.HANDLER, "CA-SJJ", 0),
        (Role.AUDITOR, "CA-ZSJ", 0),
    ):
        page = await (await desk.seat(role, agency)).get("/staff/orders")
        assert page.text.count('type="checkbox" name="order"') == choices
    bureau = await desk.seat(Role.BUREAU)
    (number,) = await found(bureau)
    assert (await bureau.step(number, "dispatch", to="CA-SJJ")).status == 303
    assert 'name="order"' not in (await bureau.get("/staff/orders")).text


async def test_a_town_passes_on_what_it_was_given(desk: Desk) -> None:
    given, other = await desk.order("CA1"), await desk.order("CA2")
    bureau, town = await desk.seat(Role.BUREAU), await desk.seat(Role.TOWN, "CA-GX")
    assert (await bureau.step(given, "dispatch", to="CA-GX")).status == 303
    page = await town.get("/staff/orders")
    assert numbers(page) == [given]
    assert re.findall(r'name="order" value="([^"]+)"', page.text) == [f"{given}.2"]
    assert f'value="{other}.1"' in (await bureau.get("/staff/orders")).text


async def test_who_runs_the_installation_reads_no_orders(desk: Desk) -> None:
    await desk.order()
    operator = await desk.seat(Role.OPERATOR, None)
    assert (await operator.get("/staff/orders")).status == 403
    home = await operator.get("/staff")
    assert home.status == 200
    assert "不查看工单内容" in shown(home)
    assert "/staff/orders" not in home.text


async def test_nobody_without_an_account(desk: Desk) -> None:
    seat = await desk.seat(Role.BUREAU)
    seat.session.cookie_jar.clear()
    answer = await seat.get("/staff/orders?mine=1")
    assert answer.status == 303
    assert answer.headers["Location"] == "/staff/sign-in?next=%2Fstaff%2Forders%3Fmine%3D1"
