"""One's own figures on the console: of months that are over, small counts withheld."""

from __future__ import annotations

import re

import pytest

from models.accounts.roles import Role
from models.tables import Evaluation, WorkOrder
from tests.api.staff.desk import Desk, Seat, shown

PATH = "/staff/figures"


async def rated(desk: Desk, levels: dict[int, int]) -> None:
    """The item of 市场监管局's cases at its window, level by level."""
    number = 0
    for level, count in levels.items():
        for _ in range(count):
            number += 1
            link = await desk.service.completed(f"CA{number}")
            await desk.service.rate(link, level)


def cells(text: str, row: str) -> list[str]:
    """Of the row that begins with these words."""
    found = re.search(rf'<tr><th scope="row">{row}</th>(.*?)</tr>', text)
    assert found is not None, text
    return [re.sub(r"<[^>]*>", "", each) for each in re.findall(r"<td[^>]*>(.*?)</td>", found[1])]


async def next_month(desk: Desk, seat: Seat) -> str:
    """What the page says of March when it is over."""
    desk.service.clock.advance(days=35)
    return (await seat.get(f"{PATH}?month=2026-03")).text


@pytest.mark.parametrize("role", list(Role))
async def test_everybody_with_an_agency_has_some(desk: Desk, role: Role) -> None:
    operator = role is Role.OPERATOR
    seat = await desk.seat(role, None if operator else "CA-SJJ", staff=None)
    assert (await seat.get(PATH)).status == (403 if operator else 200)


async def test_a_month_is_shown_when_it_is_over(desk: Desk) -> None:
    await rated(desk, {5: 6})
    seat = await desk.seat(Role.HANDLER, "CA-SJJ")
    now = (await seat.get(f"{PATH}?month=2026-03")).text
    assert "2026年2月没有评价" in now
    assert 'value="2026-03"' not in now
    later = await next_month(desk, seat)
    assert cells(later, "服务事项") == ["6", "0", "0", "0", "0", "0", "6"]


async def test_the_last_month_is_shown_first_and_twelve_can_be_chosen(desk: Desk) -> None:
    seat = await desk.seat(Role.HANDLER, "CA-SJJ")
    text = (await seat.get(PATH)).text
    assert re.findall(r'<option value="([\d-]+)"', text) == [
        "2026-02",
        "2026-01",
        *(f"2025-{month:02d}" for month in range(12, 2, -1)),
    ]
    assert "2026年2月没有评价" in (await seat.get(f"{PATH}?month=nonsense")).text


async def test_small_counts_are_withheld(desk: Desk) -> None:
    await rated(desk, {5: 5, 4: 3, 2: 2, 1: 1})
    seat = await desk.seat(Role.HANDLER, "CA-SJJ")
    assert cells(await next_month(desk, seat), "服务事项") == [
        "5",
        "3",
        "0",
        "不显示",
        "不显示",
        "3",
        "11",
    ]


async def test_one_bad_rating_among_many_does_not_show(desk: Desk) -> None:
    await rated(desk, {5: 5, 1: 1})
    seat = await desk.seat(Role.HANDLER, "CA-SJJ")
    assert cells(await next_month(desk, seat), "服务事项") == ["不显示"] * 6 + ["6"]


async def test_so_few_are_not_shown_at_all(desk: Desk) -> None:
    await rated(desk, {5: 4})
    seat = await desk.seat(Role.HANDLER, "CA-SJJ")
    row = cells(await next_month(desk, seat), "服务事项")
    assert row == ["不显示"] * 6 + ["少于5件，不显示"]


async def test_what_is_set_aside_is_not_counted(desk: Desk) -> None:
    await rated(desk, {5: 5, 1: 3})
    excluded = await WorkOrder.all().order_by("id").first()
    assert excluded is not None
    seat = await desk.seat(Role.HANDLER, "CA-SJJ")
    assert cells(await next_month(desk, seat), "服务事项")[-2:] == ["3", "8"]
    await WorkOrder.all().update(counted=False)
    again = (await seat.get(f"{PATH}?month=2026-03")).text
    assert cells(again, "服务事项") == ["5", "0", "0", "0", "0", "0", "5"]
    assert await Evaluation.all().count() == 8


async def test_others_figures_are_not_shown(desk: Desk) -> None:
    await rated(desk, {5: 6})
    other = await desk.seat(Role.HANDLER, "CA-RSJ")
    assert "2026年3月没有评价" in await next_month(desk, other)


async def test_who_is_rated_sees_what_is_theirs(desk: Desk) -> None:
    for number in range(1, 7):
        await desk.about_staff(f"CA{number}")
    wang = await desk.seat(Role.STAFF, "CA-SJJ", staff="CA-S1")
    text = await next_month(desk, wang)
    assert "对本人服务的评价" in text
    assert cells(text, "工作人员") == ["0", "0", "0", "0", "6", "6", "6"]
    assert "服务事项</th>" not in text
    chen = await desk.seat(Role.STAFF, "CA-SJJ", staff="CA-S2")
    assert "2026年3月没有评价" in shown(await chen.get(f"{PATH}?month=2026-03"))
    unbound = await desk.seat(Role.STAFF, "CA-SJJ")
    assert "还没有关联工作人员" in shown(await unbound.get(f"{PATH}?month=2026-03"))
    assert "非常不满意" not in shown(await unbound.get(f"{PATH}?month=2026-03"))


async def test_without_a_rulebook_it_is_told(desk: Desk) -> None:
    seat = await desk.seat(Role.HANDLER, "NO-A")
    answer = await seat.get(PATH)
    assert answer.status == 422
    assert "还没有指定规则书" in shown(answer)
