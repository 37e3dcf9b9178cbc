"""/f/{token}: 追加评价, in Chao'an, where there is one; and nowhere else."""

from __future__ import annotations

from aiohttp import ClientResponse

from models.cases.facts import GroupKind
from models.tables import Evaluation, Invitation, WorkOrder
from models.words import Ordinal
from tests.api.pages.town import Client, Town, once_in, under
from tests.standing import StandingClock


async def rate(town: Town, client: Client, invitation: Invitation) -> Evaluation:
    once = once_in(await (await client.get(town.link(invitation))).text())
    fields = {"once": once, "level": "4", "w-item": "挺快的"}
    await client.post(town.link(invitation), data=fields)
    return await Evaluation.get(invitation_id=invitation.id)


async def say_again(client: Client, link: str, **fields: str) -> ClientResponse:
    once = once_in(await (await client.get(link)).text())
    return await client.post(link, data={"once": once, **fields})


@under("chaoan")
async def test_what_was_said_first_stands_beside(town: Town, client: Client) -> None:
    first = await rate(town, client, await town.completed())
    receipt = town.office.links.receipt(first.id)
    link = f"/f/{town.office.links.follow_up(first.id)}"
    assert link in await (await client.get(f"/receipt/{receipt}")).text()
    text = await (await client.get(link)).text()
    assert "您的第一次评价" in text
    assert "<b>满意</b> 2026年3月2日09:00" in text
    assert "挺快的" in text
    assert "2026年5月1日24:00截止" in text


@under("chaoan")
async def test_is_taken_once(town: Town, client: Client) -> None:
    first = await rate(town, client, await town.completed())
    link = f"/f/{town.office.links.follow_up(first.id)}"
    refused = await say_again(client, link, level="1")
    assert refused.status == 422
    assert "（依据第七条）" in await refused.text()
    once = once_in(await refused.text())
    fields = {"once": once, "level": "1", "w-item": "后来又要补材料"}
    taken = await client.post(link, data=fields)
    assert taken.status == 200
    assert "（追加评价）" in await taken.text()
    assert (await client.post(link, data=fields)).url == taken.url
    second = await Evaluation.get(ordinal=Ordinal.FOLLOW_UP.value)
    assert second.level == 1
    assert await WorkOrder.filter(evaluation=second).count() == 1
    answer = await client.post(link, data={"once": "x" * 16})
    assert answer.status == 409
    assert "追加评价只能作一次" in await answer.text()


@under("chaoan")
async def test_both_ratings_and_what_the_agency_did_stand_together(
    town: Town, client: Client
) -> None:
    invitation = await town.completed()
    once = once_in(await (await client.get(town.link(invitation))).text())
    fields = {"once": once, "level": "2", "w-item": "等了三个小时"}
    await client.post(town.link(invitation), data=fields)
    first = await Evaluation.get()
    link = f"/f/{town.office.links.follow_up(first.id)}"
    text = await (await client.get(link)).text()
    assert_in_order(text, "您的第一次评价", "不满意", "等了三个小时", "处理情况", "生成差评工单")
    await say_again(client, link, level="1", **{"w-item": "还是没有人联系"})
    page = await client.get(link)
    assert page.status == 409
    text = await page.text()
    assert_in_order(
        text,
        "您的第一次评价",
        "等了三个小时",
        "差评工单1号",
        "您的追加评价",
        "非常不满意",
        "还是没有人联系",
        "差评工单2号",
    )
    for evaluation in await Evaluation.all():
        receipt = await client.get(f"/receipt/{town.office.links.receipt(evaluation.id)}")
        assert link in await receipt.text()


def assert_in_order(text: str, *parts: str) -> None:
    places = [text.find(part) for part in parts]
    assert -1 not in places, dict(zip(parts, places, strict=True))
    assert places == sorted(places)


@under("chaoan")
async def test_ends_after_sixty_days(town: Town, client: Client, clock: StandingClock) -> None:
    first = await rate(town, client, await town.completed())
    link = f"/f/{town.office.links.follow_up(first.id)}"
    once = once_in(await (await client.get(link)).text())
    clock.advance(days=61)
    for answer in (
        await client.get(link),
        await client.post(link, data={"once": once, "level": "5"}),
    ):
        assert answer.status == 410
        assert "追加评价的期限已过" in await answer.text()


@under("lingang", "qijiang", "sanming", "tianjin")
async def test_is_off_where_the_text_is_silent(town: Town, client: Client) -> None:
    first = await rate(town, client, await town.completed())
    link = f"/f/{town.office.links.follow_up(first.id)}"
    answer = await client.get(link)
    assert answer.status == 409
    assert "不能追加评价" in await answer.text()


@under("chaoan")
async def test_of_a_batch_covers_the_batch(town: Town, client: Client) -> None:
    await town.group(GroupKind.BATCH)
    invitation = await Invitation.get(group_id__isnull=False, node="completion")
    first = await rate(town, client, invitation)
    link = f"/f/{town.office.links.follow_up(first.id)}"
    assert (await say_again(client, link, level="5")).status == 200
    assert await Evaluation.all().count() == 2
