"""What the rater is written of their order, and when it is not sent any more."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.delivery import deliver
from bot.gateways import Message
from bot.order_wording import LONGEST_SMS
from models.calendar.beijing import BEIJING
from models.tables import Case, Notice, WorkOrder
from models.tick import tick
from tests.bot.conftest import BASE, Recording, post
from tests.models.handling.desk import Desk, picture
from tests.models.town import Town, under
from tests.standing import StandingClock

PHONE = "+8613800138000"
NIGHT = datetime(2026, 3, 2, 22, tzinfo=BEIJING)


@pytest.fixture
async def desk(town: Town) -> Desk:
    return await Desk.of(town)


async def sent(desk: Desk, gateway: Recording) -> list[Message]:
    """To the rater, of their order, since the last time."""
    gateway.sent.clear()
    await deliver(desk.town.office, post(sms=gateway))
    found = [each for each in gateway.sent if each.kind.startswith("order_")]
    for each in found:
        assert each.to == PHONE
        assert len(each.text) <= LONGEST_SMS
        for name in ("欧阳", "承办甲", "主管部门甲", "handler-1", "bureau-1"):
            assert name not in each.text
    return [each for each in found if each.kind != "order_step"]


async def link_of(desk: Desk, order: int) -> str:
    evaluation = (await WorkOrder.get(id=order)).evaluation_id
    return f"{BASE}/a/{desk.town.office.links.answer(evaluation)}"


async def set_aside(desk: Desk) -> int:
    order = await desk.rated()
    if (await WorkOrder.get(id=order)).state == "opened":
        await desk.step(order, "bureau", "dispatch", to="agency")
    evidence = [await picture()]
    await desk.step(
        order, "handler", "find_mistaken", ground="误评", reason="点错了", files=evidence
    )
    await desk.step(order, "bureau", "contact", reached=True, note="本人接听")
    await desk.step(order, "bureau", "confirm_mistaken", note="同意")
    return order


async def test_an_answer_asks_whether_it_satisfies(desk: Desk, sms: Recording) -> None:
    order = await desk.rated()
    await desk.step(order, "handler", "verify")
    await desk.step(order, "handler", "answer", text="已增开两个窗口。")
    (message,) = await sent(desk, sms)
    link = await link_of(desk, order)
    assert message.text == (
        f"您对“事项之1”反映的问题（差评工单{order}号），市场监管局答复：已增开两个窗口。"
        f"请您确认是否满意：{link}"
    )
    assert message.link == link
    assert message.fields == {
        "subject": "事项之1",
        "agency": "市场监管局",
        "level": "不满意",
        "note": "已答复，请确认是否满意",
        "until": "2026年4月1日24:00",
        "link": link,
    }


@under("chaoan")
async def test_where_nobody_is_asked_the_answer_is_told(desk: Desk, sms: Recording) -> None:
    order = await desk.rated()
    await desk.step(order, "bureau", "dispatch", to="agency")
    await desk.step(order, "handler", "verify")
    await desk.step(order, "handler", "answer", text="已增开两个窗口。")
    (message,) = await sent(desk, sms)
    assert "确认是否满意" not in message.text
    assert message.fields["note"] == "已答复，请查看"
    assert "until" not in message.fields


async def test_a_long_answer_is_cut_for_an_sms_and_whole_in_a_mail(
    desk: Desk, sms: Recording, mail: Recording
) -> None:
    order = await desk.rated()
    email = desk.town.office.keys.seal("ouyang@example.cn", "case_file.applicant_email")
    await Case.all().update(applicant_email=email)
    await desk.step(order, "handler", "verify")
    text = "一" * 1000
    await desk.step(order, "handler", "answer", text=text)
    (message,) = await sent(desk, sms)
    assert len(message.text) > LONGEST_SMS - 10
    assert "一……请您确认" in message.text
    assert message.text.endswith(await link_of(desk, order))
    await Notice.filter(kind="order_answered").update(state="waiting", exhausted=["sms"])
    await deliver(desk.town.office, post(mail=mail))
    (whole,) = [each for each in mail.sent if each.kind == "order_answered"]
    assert text in whole.text


async def test_nothing_is_asked_twice(desk: Desk, sms: Recording) -> None:
    """The answer was confirmed, or replaced, before the message went out."""
    order = await desk.rated()
    await desk.step(order, "handler", "verify")
    await desk.step(order, "handler", "answer", text="已增开两个窗口。")
    await desk.confirm(order, satisfied=True)
    assert await sent(desk, sms) == []
    assert (await Notice.get(kind="order_answered")).why == "评价人已经确认"


@under("lingang")
async def test_more_time_is_told_with_its_reason(desk: Desk, sms: Recording) -> None:
    """三(二)2: 主动与评价人沟通，说明理由和整改期限."""
    order = await desk.rated()
    await desk.step(order, "handler", "verify", causes=["服务效率不满意"])
    await desk.step(
        order, "handler", "ask_extension", until=desk.in_days(15), reason="需要改造叫号系统"
    )
    assert await sent(desk, sms) == []
    await desk.step(order, "bureau", "decide_extension", granted=True)
    (message,) = await sent(desk, sms)
    assert message.text == (
        f"您对“事项之1”反映的问题（差评工单{order}号），办理期限延长至2026年3月17日，"
        f"原因：需要改造叫号系统。办理情况：{await link_of(desk, order)}"
    )
    assert message.fields["until"] == "2026年3月17日"


async def test_the_ledgers_day_is_told(desk: Desk, sms: Recording) -> None:
    order = await desk.rated()
    await desk.step(order, "handler", "verify")
    until = desk.in_days(40)
    await desk.step(order, "handler", "enter_in_ledger", until=until, reason="系统改造")
    (message,) = await sent(desk, sms)
    assert "延长至2026年4月11日，原因：系统改造。" in message.text


@under("chaoan")
async def test_who_is_set_aside_may_object_until_then(
    desk: Desk, sms: Recording, clock: StandingClock
) -> None:
    order = await set_aside(desk)
    (message,) = await sent(desk, sms)
    link = await link_of(desk, order)
    assert message.text == (
        f"您对“事项之1”的评价（差评工单{order}号），经审核认为属于“误评”，拟不予采纳。"
        f"您不同意的，请在2026年3月9日24:00前查看理由并提出异议：{link}"
    )
    clock.advance(days=8)
    await tick(desk.town.office)
    (message,) = await sent(desk, sms)
    assert message.kind == "order_excluded"
    assert message.text == (
        f"您对“事项之1”的评价（差评工单{order}号）不予采纳（依据第二十三条、第二十四条），"
        f"不计入统计；您的评价记录仍然保存。详情：{link}"
    )


@under("chaoan")
async def test_whose_objection_is_right_is_told(desk: Desk, sms: Recording) -> None:
    order = await set_aside(desk)
    await desk.object(order)
    assert await sent(desk, sms) == []
    assert (await Notice.get(kind="order_excluding")).why == "现在不能提出异议"
    await desk.step(order, "bureau", "decide_objection", upheld=True, note="属实")
    (message,) = await sent(desk, sms)
    assert "经审核有效，继续办理" in message.text


async def test_by_night_nobody_is_woken(desk: Desk, sms: Recording, clock: StandingClock) -> None:
    """Reading 28: the message waits, also where a gateway kept it up until the night."""
    order = await desk.rated()
    await desk.step(order, "handler", "verify")
    clock.at = NIGHT - timedelta(hours=1, minutes=1)
    await desk.step(order, "handler", "answer", text="已增开两个窗口。")
    sms.refusing = True
    assert await sent(desk, sms) == []
    sms.refusing = False
    clock.at = NIGHT
    assert await sent(desk, sms) == []
    clock.at = NIGHT + timedelta(hours=9, minutes=59)
    assert await sent(desk, sms) == []
    clock.advance(minutes=1)
    assert [each.kind for each in await sent(desk, sms)] == ["order_answered"]
