"""Why an order went the way it did: who received it, its clocks day by day, each decision's
article."""

from __future__ import annotations

import pytest

from models.because import Because, lines
from models.calendar.deadline import explain_lines
from models.explain_order import explain_order
from models.orders.clocks import CLOCKS
from models.orders.recount import recount
from models.tables import OrderDeadline, WorkOrder
from tests.models.handling.desk import Desk, picture
from tests.models.town import Town, under
from tests.standing import StandingClock


@pytest.fixture
async def desk(town: Town) -> Desk:
    return await Desk.of(town)


async def because(desk: Desk, order: int) -> tuple[Because, ...]:
    return (await explain_order(desk.town.office, await WorkOrder.get(id=order))).because


def of(found: tuple[Because, ...], word: str) -> Because:
    (one,) = [each for each in found if word in each.what]
    return one


@under("lingang")
async def test_from_the_rating_to_the_extension(desk: Desk, clock: StandingClock) -> None:
    order = await desk.rated()
    clock.advance(hours=1)
    await desk.step(order, "handler", "contact", way="phone", reached=True, note="已致歉")
    await desk.step(order, "handler", "verify", causes=["服务效率不满意"])
    until = desk.in_days(15)
    await desk.step(order, "handler", "ask_extension", until=until, reason="改造叫号系统")
    clock.advance(hours=1)
    await desk.step(order, "bureau", "decide_extension", granted=True)
    found = await because(desk, order)
    received = found[0]
    assert received.what == f"差评工单{order}：由市场监管局接收"
    assert (received.rule, received.source) == ("first_receiver", "三(一)")
    rectify = of(found, "整改并反馈，2026年3月9日24:00止")
    assert rectify.what.endswith("不再计算")
    assert "3月3日至3月6日 工作日，计4日" in rectify.days
    extended = of(found, "延期后")
    assert "2026年3月17日24:00止" in extended.what
    assert extended.source == "三(二)2、三(二)3"
    verified = of(found, "核实属实（2026年3月2日10:00，市场监管局）")
    assert verified.rule == "classes"
    granted = of(found, "同意延期")
    assert (granted.rule, granted.source) == ("extension", "三(二)2、三(二)3")
    assert granted.quote is not None
    first = of(found, "首次回访")
    assert first.what.endswith("2026年3月2日10:00完成")


@under("chaoan", "tianjin", "qijiang", "lingang", "sanming")
async def test_every_clock_is_counted_as_it_is_stored(desk: Desk) -> None:
    order = await desk.rated()
    found = await because(desk, order)
    rows = await OrderDeadline.filter(order_id=order)
    assert rows
    for row in rows:
        told = of(found, f"：{CLOCKS[row.kind]}，")
        assert told.source == row.source
        counted = recount(row, desk.town.office.days)
        assert counted.due == row.due_at
        assert list(told.days) == explain_lines(counted)


async def test_why_it_was_set_aside(desk: Desk) -> None:
    """潮安第二十三条: found by the agency, confirmed with the rater, decided by the bureau."""
    order = await desk.rated()
    await desk.step(order, "bureau", "dispatch", to="agency")
    evidence = [await picture()]
    await desk.step(
        order, "handler", "find_mistaken", ground="误评", reason="点错了", files=evidence
    )
    await desk.step(order, "bureau", "contact", reached=True, note="本人接听")
    await desk.step(order, "bureau", "confirm_mistaken", note="同意")
    await desk.object(order)
    await desk.step(order, "bureau", "decide_objection", upheld=False, note="与录像不符")
    found = await because(desk, order)
    for word, source in (
        ("转办（", "第二十二条"),
        ("提请不予采纳（", "第二十三条、第二十四条"),
        ("审核认定（", "第二十三条、第二十四条"),
        ("评价人提出异议（", "platform"),
        ("异议不成立（", "platform"),
        ("不予采纳（2026年3月2日09:00）", "第二十三条、第二十四条"),
    ):
        assert of(found, word).source == source
    text = "\n".join(lines(await explain_order(desk.town.office, await WorkOrder.get(id=order))))
    for hidden in ("甲", "点错了", "录像", "exclusion", "platform", "None"):
        assert hidden not in text


async def test_what_has_no_article_is_no_decision(desk: Desk) -> None:
    order = await desk.rated()
    await desk.step(order, "bureau", "dispatch", to="agency")
    before = await because(desk, order)
    await desk.step(order, "handler", "accept")
    assert (await desk.kinds(order))[-1] == "accepted"
    assert await because(desk, order) == before
