"""/a/{token}: what the rater is told of their order, and the two things that only they can say."""

from __future__ import annotations

import asyncio
import re
from typing import Any
from uuid import UUID

import pytest

from models.office import Office
from models.tables import OrderEvent, WorkOrder
from models.tick import tick
from tests.api.pages.town import Client
from tests.models.handling.desk import Desk, picture
from tests.models.town import build
from tests.standing import StandingClock

PERSONAL = ("欧阳小明", "13800138000", "承办甲", "主管部门甲", "handler-1", "bureau-1")


def under(*rulebooks: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("desk", rulebooks, indirect=True)


@pytest.fixture
async def desk(office: Office, request: pytest.FixtureRequest) -> Desk:
    """Under Chao'an's rulebook, unless the test says `under`."""
    return await Desk.of(await build(office, getattr(request, "param", "chaoan")))


async def page_of(desk: Desk, order: int) -> str:
    evaluation = (await WorkOrder.get(id=order)).evaluation_id
    return f"/a/{desk.town.office.links.answer(evaluation)}"


async def shown(client: Client, path: str) -> str:
    answer = await client.get(path)
    assert answer.status == 200
    text = await answer.text()
    assert not [each for each in PERSONAL if each in text]
    return text


def about(page: str) -> dict[str, str]:
    found = re.search(r'name="about" value="(\d+)"', page)
    assert found is not None, page
    return {"about": found[1]}


async def say(client: Client, path: str, **fields: str) -> tuple[int, str]:
    """Posted from the page as it stands; the status before any way on, and the page at the end."""
    form = {**about(await shown(client, path)), **fields}
    return await post(client, path, form)


async def post(client: Client, path: str, form: dict[str, str]) -> tuple[int, str]:
    answer = await client.post(path, data=form)
    status = answer.history[0].status if answer.history else answer.status
    return status, await answer.text()


async def answered(desk: Desk, **more: Any) -> int:
    """三明: verified, answered, the rater is asked."""
    order = await desk.rated()
    await desk.step(order, "handler", "verify")
    await desk.step(order, "handler", "answer", text="已增开两个窗口，向您致歉。", **more)
    return order


async def set_aside(desk: Desk) -> int:
    """To be set aside as 误评."""
    order = await desk.rated()
    if (await WorkOrder.get(id=order)).state == "opened":
        await desk.step(order, "bureau", "dispatch", to="agency")
    evidence = [await picture()]
    await desk.step(
        order, "handler", "find_mistaken", ground="误评", reason="把李强当成了王丽", files=evidence
    )
    await desk.step(order, "bureau", "contact", reached=True, note="本人接听")
    await desk.step(order, "bureau", "confirm_mistaken", note="与评价人确认")
    return order


async def test_where_it_stands(desk: Desk, client: Client) -> None:
    order = await desk.rated()
    path = await page_of(desk, order)
    text = await shown(client, path)
    assert "已生成，等待转交承办单位" in text
    assert "等了两个小时" in text
    assert "<form" not in text
    assert "追加评价" in text
    await desk.step(order, "bureau", "dispatch", to="agency", note="内部意见")
    await desk.step(order, "handler", "contact", way="phone", reached=False, note="内部记录")
    await desk.step(order, "handler", "verify", note="内部结论")
    text = await shown(client, path)
    assert "经核实情况属实，正在整改" in text
    for step in ("转交市场监管局办理", "市场监管局没有联系上您（电话）", "经核实，情况属实"):
        assert step in text
    assert "内部" not in text


@under("sanming")
@pytest.mark.parametrize(
    ("choice", "word", "satisfied"), [("yes", "满意", True), ("no", "不满意", False)]
)
async def test_says_whether_the_answer_satisfies(
    desk: Desk, client: Client, choice: str, word: str, satisfied: bool
) -> None:
    order = await answered(desk)
    path = await page_of(desk, order)
    text = await shown(client, path)
    assert "已增开两个窗口，向您致歉。" in text
    assert "您对答复满意吗" in text
    status, text = await say(client, path, satisfied=choice, words="确实快了")
    assert status == 303
    assert "您的意见已经收到" in text
    assert f"<b>{word}</b>" in text
    assert "<form" not in text
    event = await OrderEvent.get(order_id=order, kind="confirmed")
    assert (event.actor, event.account_id) == ("rater", None)
    assert event.details["satisfied"] is satisfied
    assert event.details["words"] == "确实快了"


@under("sanming")
async def test_once(desk: Desk, client: Client) -> None:
    """The same again is answered as the first time; another word changes nothing."""
    order = await answered(desk)
    path = await page_of(desk, order)
    form = {**about(await shown(client, path)), "satisfied": "no", "words": "没有\r\n改"}
    first = await post(client, path, form)
    assert first == await post(client, path, form)
    assert first[0] == 303
    status, text = await post(client, path, {**form, "satisfied": "yes"})
    assert status == 409
    assert "以第一次的为准" in text
    assert "<b>不满意</b>" in text
    assert (await desk.kinds(order)).count("confirmed") == 1


@under("sanming")
async def test_of_two_at_once_one_counts(desk: Desk, client: Client) -> None:
    order = await answered(desk)
    path = await page_of(desk, order)
    form = about(await shown(client, path))
    answers = await asyncio.gather(
        *(post(client, path, {**form, "satisfied": choice}) for choice in ("yes", "no") * 3)
    )
    assert {status for status, _ in answers} == {303, 409}
    event = await OrderEvent.get(order_id=order, kind="confirmed")
    word = "满意" if event.details["satisfied"] else "不满意"
    assert all(f"<b>{word}</b>" in text for _, text in answers)


@under("sanming")
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "请选择满意或不满意"),
        ({"satisfied": "maybe"}, "请选择满意或不满意"),
        ({"satisfied": "yes", "words": "好" * 2001}, "请不要超过2000个字"),
    ],
)
async def test_what_is_missing_is_told(
    desk: Desk, client: Client, fields: dict[str, str], words: str
) -> None:
    order = await answered(desk)
    status, text = await say(client, await page_of(desk, order), **fields)
    assert status == 422
    assert words in text
    assert "confirmed" not in await desk.kinds(order)


async def test_objects_to_be_set_aside(desk: Desk, client: Client) -> None:
    order = await set_aside(desk)
    path = await page_of(desk, order)
    text = await shown(client, path)
    for told in (
        "拟不予采纳，您可以提出异议",
        "认定：误评",
        "理由：把李强当成了王丽",
        "第二十三条",
        "2026年3月9日24:00前可以提出异议",
    ):
        assert told in text
    assert "与评价人确认" not in text
    status, text = await say(client, path, reason="")
    assert (status, "请写明您不同意的理由" in text) == (422, True)
    status, text = await say(client, path, reason="我说的就是王丽")
    assert status == 303
    assert "拟不予采纳，正在审核您的异议" in text
    assert "我说的就是王丽" in text
    assert "<form" not in text
    status, text = await post(client, path, {"about": "5", "reason": "再说一次"})
    assert (status, "以第一次的为准" in text) == (409, True)
    await desk.step(order, "bureau", "decide_objection", upheld=True, note="确为王丽")
    text = await shown(client, path)
    assert "已送达承办单位，等待核实" in text
    assert "审核意见：确为王丽" in text
    assert "为什么" not in text


async def test_may_object_again_when_it_is_set_aside_again(desk: Desk, client: Client) -> None:
    order = await set_aside(desk)
    path = await page_of(desk, order)
    stale = about(await shown(client, path))
    await say(client, path, reason="我说的就是王丽")
    await desk.step(order, "bureau", "decide_objection", upheld=True, note="确为王丽")
    evidence = [await picture()]
    await desk.step(
        order, "handler", "find_mistaken", ground="恶意差评", reason="多次投诉", files=evidence
    )
    await desk.step(order, "bureau", "confirm_mistaken", note="同意")
    status, text = await post(client, path, {**stale, "reason": "晚到的一次"})
    assert (status, "办理情况有了变化" in text) == (409, True)
    assert (await say(client, path, reason="每次都是事实"))[0] == 303


@pytest.mark.parametrize(
    ("desk", "counts", "article"),
    [
        ("chaoan", "不计入统计", "第二十三条、第二十四条"),
        ("lingang", "列为无效评价，不计入统计", "三(一)"),
        ("tianjin", "统计时归集为“未评”", "第十九条"),
    ],
    indirect=["desk"],
)
async def test_after_the_days_to_object_it_says_so(
    desk: Desk, client: Client, clock: StandingClock, counts: str, article: str
) -> None:
    order = await set_aside(desk)
    path = await page_of(desk, order)
    stale = about(await shown(client, path))
    clock.advance(days=8)
    await tick(desk.town.office)
    text = await shown(client, path)
    for told in ("为什么不予采纳", counts, f"》{article}<", "您的评价记录仍然保存"):
        assert told in text
    status, text = await post(client, path, {**stale, "reason": "晚了一天"})
    assert (status, "已经办结" in text) == (409, True)
    assert "objected" not in await desk.kinds(order)


async def test_only_its_own_link_opens_it(desk: Desk, client: Client) -> None:
    order = await desk.rated()
    evaluation = (await WorkOrder.get(id=order)).evaluation_id
    links = desk.town.office.links
    for token in (links.receipt(evaluation), links.follow_up(evaluation), "x"):
        assert (await client.get(f"/a/{token}")).status == 400
    assert (await client.get(f"/a/{links.answer(UUID(int=1))}")).status == 404
    answer = await client.get(await page_of(desk, order))
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


async def test_from_the_receipt(desk: Desk, client: Client) -> None:
    order = await set_aside(desk)
    evaluation = (await WorkOrder.get(id=order)).evaluation_id
    receipt = await client.get(f"/receipt/{desk.town.office.links.receipt(evaluation)}?big=1")
    text = await receipt.text()
    path = await page_of(desk, order)
    assert f'href="{path}?big=1">查看并答复' in text
