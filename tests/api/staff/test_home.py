"""工作台: what waits for whom, by state and due time."""

from __future__ import annotations

import html
import re

from models.accounts.roles import Role
from tests.api.service import Answer
from tests.api.staff.desk import Desk, Seat, shown


def section(answer: Answer, name: str) -> str:
    found = re.search(
        rf'<section class="card" aria-labelledby="{name}">.*?</section>', answer.text, re.DOTALL
    )
    assert found is not None, answer.text
    return found[0]


def tallies(part: str) -> dict[str, list[int]]:
    """State: all, overdue, today, within three days."""
    return {
        row[1]: [int(each) for each in re.findall(r">(\d+)<", row[2])]
        for row in re.finditer(r'<th scope="row">(\D+?)</th>(.*?)</tr>', part, re.DOTALL)
    }


async def test_what_waits_for_me_comes_first(desk: Desk) -> None:
    late = await desk.order("CA1")
    passed_on = await desk.order("CA2")
    bureau, handler = await desk.seat(Role.BUREAU), await desk.seat(Role.HANDLER, "CA-SJJ")
    assert (await bureau.step(passed_on, "dispatch", to="CA-SJJ")).status == 303
    desk.service.clock.advance(days=2)
    today = await desk.order("CA3")
    desk.service.clock.advance(days=1)
    home = await bureau.get("/staff")
    mine = section(home, "mine")
    assert tallies(mine) == {"待转办": [2, 1, 1, 0]}
    assert re.findall(r'href="/staff/orders/(\d+)"', mine) == [str(late), str(today)]
    assert tallies(section(home, "others")) == {"待转办": [2, 1, 1, 0], "待核实": [1, 0, 0, 0]}
    theirs = await handler.get("/staff")
    assert tallies(section(theirs, "mine")) == {"待核实": [1, 0, 0, 0]}
    assert home.text.index('id="mine"') < home.text.index('id="others"')


async def test_each_number_leads_to_just_those(desk: Desk) -> None:
    for number in range(3):
        await desk.order(f"CA{number}")
    bureau = await desk.seat(Role.BUREAU)
    desk.service.clock.advance(days=1)
    page = await bureau.get("/staff")
    links = re.findall(r'<a[^>]*href="(/staff/orders\?[^"]*)">(\d+)</a>', page.text)
    assert len(links) == 4
    for link, count in links:
        listed = await bureau.get(html.unescape(link))
        assert len(re.findall(r'href="/staff/orders/\d+"', listed.text)) == int(count) == 3


async def nothing_waits(seat: Seat) -> bool:
    return "现在没有等您办理的工单" in shown(await seat.get("/staff"))


async def test_it_is_somebodys_turn(desk: Desk) -> None:
    number = await desk.order()
    bureau, handler = await desk.seat(Role.BUREAU), await desk.seat(Role.HANDLER, "CA-SJJ")
    auditor = await desk.seat(Role.AUDITOR)
    assert not await nothing_waits(bureau)
    assert await nothing_waits(handler)
    assert await nothing_waits(auditor)
    assert tallies(section(await auditor.get("/staff"), "others")) == {"待转办": [1, 0, 0, 1]}
    assert (await bureau.step(number, "dispatch", to="CA-SJJ")).status == 303
    assert await nothing_waits(bureau)
    assert not await nothing_waits(handler)
