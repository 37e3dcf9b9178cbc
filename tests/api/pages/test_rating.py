"""/r/{token} in all five jurisdictions: what it shows, what it takes, what it refuses."""

from __future__ import annotations

import asyncio

import pytest

from models.cases.facts import GroupKind
from models.tables import Coverage, Evaluation, Invitation, LedgerLeaf, ServiceItem, WorkOrder
from models.words import Channel, Credential, Level
from tests.api.pages.town import Client, Town, once_in, under
from tests.standing import StandingClock


async def test_shows_what_is_rated(town: Town, client: Client) -> None:
    invitation = await town.completed()
    page = await client.get(town.link(invitation))
    text = await page.text()
    assert page.status == 200
    assert "食品经营许可（第1类）" in text
    assert "LS2026030001" in text
    assert "市场监管局" in text
    assert "陈小明" not in text
    assert "13800138000" not in text
    book = town.office.shelf.book(town.rulebook)
    assert book.jurisdiction in text


async def test_shows_who_served_and_where(town: Town, client: Client) -> None:
    case = await town.case()
    (invitation,) = await town.visit(case)
    text = await (await client.get(town.link(invitation))).text()
    assert "工作人员 王丽" in text
    assert "政务服务中心3号窗口" in text


@under("chaoan", "tianjin")
async def test_shows_a_call(town: Town, client: Client) -> None:
    text = await (await client.get(town.link(await town.call()))).text()
    assert "12345热线通话服务" in text
    assert "工作人员 王丽" in text


async def test_all_five_levels_are_taken(town: Town, client: Client) -> None:
    book = town.office.shelf.book(town.rulebook)
    version = book.version_at(town.office.now())
    for level in Level:
        invitation = await town.completed(f"LS{level:d}")
        once = once_in(await (await client.get(town.link(invitation))).text())
        choice = version.indicators.item[level][0]
        fields = {"once": once, "level": str(int(level)), f"i-item-{level:d}": choice.code}
        answer = await client.post(town.link(invitation), data=fields)
        text = await answer.text()
        assert answer.status == 200
        assert answer.url.path.startswith("/receipt/")
        assert "谢谢您的评价" in text
        assert f"<b>{level.label}</b>" in text
        evaluation = await Evaluation.get(invitation_id=invitation.id)
        assert evaluation.level == level
        assert evaluation.reasons == {"item": {"indicators": [choice.code], "words": ""}}
        assert await LedgerLeaf.exists(evaluation=evaluation)
        order = await WorkOrder.get_or_none(evaluation=evaluation)
        assert (order is not None) == (level in version.levels.negative)
        assert ("差评工单" in text) == (order is not None)


async def test_each_level_offers_its_own_indicators(town: Town, client: Client) -> None:
    version = town.office.shelf.book(town.rulebook).version_at(town.office.now())
    text = await (await client.get(town.link(await town.completed()))).text()
    for level, choices in version.indicators.item.items():
        for choice in choices:
            assert f'name="i-item-{level:d}" value="{choice.code}"' in text
            assert f">{choice.text}</label>" in text


async def test_a_negative_rating_without_reason_is_refused(town: Town, client: Client) -> None:
    version = town.office.shelf.book(town.rulebook).version_at(town.office.now())
    invitation = await town.completed()
    once = once_in(await (await client.get(town.link(invitation))).text())
    for level in ("2", "1"):
        answer = await client.post(town.link(invitation), data={"once": once, "level": level})
        text = await answer.text()
        assert answer.status == 422
        assert 'role="alert"' in text
        assert "请选择对应的评价指标或填写不满意的原因" in text
        assert (f"（依据{version.reason.source}）" in text) == version.reason.statutory
        assert f'value="{level}" checked' in text
        assert once_in(text) == once
    assert await Evaluation.all().count() == 0
    assert await WorkOrder.all().count() == 0


@under("tianjin")
async def test_what_was_filled_in_is_kept(town: Town, client: Client) -> None:
    invitation = await town.completed()
    once = once_in(await (await client.get(town.link(invitation))).text())
    fields = {"once": once, "level": "2", "i-item-2": "TJ-I2-7", "w-item": ""}
    refused = await client.post(town.link(invitation), data=fields)
    text = await refused.text()
    assert refused.status == 422
    assert "选择“其他”时，请写明具体情况。" in text
    assert 'value="TJ-I2-7" checked' in text
    assert 'href="#w-item"' in text
    fields["w-item"] = "窗口<排队>两小时\n没有人理"
    too_long = await client.post(town.link(invitation), data={**fields, "w-item": "长" * 1001})
    assert too_long.status == 422
    assert "请不要超过1000个字" in await too_long.text()
    assert (await client.post(town.link(invitation), data=fields)).status == 200
    evaluation = await Evaluation.get(invitation_id=invitation.id)
    assert evaluation.reasons["item"]["words"] == "窗口<排队>两小时\n没有人理"


async def test_only_what_belongs_to_the_chosen_level_counts(town: Town, client: Client) -> None:
    version = town.office.shelf.book(town.rulebook).version_at(town.office.now())
    invitation = await town.completed()
    once = once_in(await (await client.get(town.link(invitation))).text())
    worst = version.indicators.item[Level.VERY_DISSATISFIED][0].code
    fields = {"once": once, "level": "5", "i-item-1": worst}
    assert (await client.post(town.link(invitation), data=fields)).status == 200
    assert (await Evaluation.get(invitation_id=invitation.id)).reasons == {}


@pytest.mark.parametrize("level", ["", "0", "6", "-1", "５", "5.0", "非常满意", "5\x00"])
@under("chaoan")
async def test_no_level_is_no_rating(town: Town, client: Client, level: str) -> None:
    invitation = await town.completed()
    once = once_in(await (await client.get(town.link(invitation))).text())
    answer = await client.post(town.link(invitation), data={"once": once, "level": level})
    assert answer.status == 422
    assert "请选择满意程度" in await answer.text()
    assert await Evaluation.all().count() == 0


@under("chaoan")
async def test_an_indicator_of_elsewhere_is_refused(town: Town, client: Client) -> None:
    invitation = await town.completed()
    once = once_in(await (await client.get(town.link(invitation))).text())
    for code in ("501", "108", "<b>", "a b", "x" * 60):
        fields = {"once": once, "level": "5", "i-item-5": code}
        answer = await client.post(town.link(invitation), data=fields)
        assert answer.status == 422
        assert "<b></" not in await answer.text()
    assert await Evaluation.all().count() == 0


async def test_a_double_click_gets_the_same_thanks(town: Town, client: Client) -> None:
    invitation = await town.completed()
    once = once_in(await (await client.get(town.link(invitation))).text())
    fields = {"once": once, "level": "5"}
    answers = await asyncio.gather(
        *(client.post(town.link(invitation), data=fields) for _ in range(5))
    )
    assert {answer.status for answer in answers} == {200}
    assert len({answer.url for answer in answers}) == 1
    # The form by the back button, whatever it says by now.
    for changed in ({"level": "1"}, {"level": ""}, {"w-item": "\x00"}):
        again = await client.post(town.link(invitation), data={**fields, **changed})
        assert again.url == answers[0].url
    assert await Evaluation.all().count() == 1


async def test_two_windows_are_two_submissions(town: Town, client: Client) -> None:
    invitation = await town.completed()
    forms = [once_in(await (await client.get(town.link(invitation))).text()) for _ in range(2)]
    first, second = [
        await client.post(town.link(invitation), data={"once": once, "level": "4"})
        for once in forms
    ]
    assert (first.status, second.status) == (200, 409)
    assert "已评价" in await second.text()
    assert await Evaluation.all().count() == 1


@pytest.mark.parametrize(
    ("query", "channel"),
    [
        ("", Channel.LINK),
        ("?c=q", Channel.DYNAMIC_CODE),
        ("?c=s", Channel.SMS),
        ("?c=m", Channel.MAIL),
        ("?c=t", Channel.TERMINAL),
        ("?c=w", Channel.WINDOW_DEVICE),
        ("?c=x&via=made.up", Channel.LINK),
    ],
)
@under("chaoan")
async def test_the_link_tells_the_channel(
    town: Town, client: Client, query: str, channel: Channel
) -> None:
    invitation = await town.completed()
    address = town.link(invitation, query)
    once = once_in(await (await client.get(address)).text())
    await client.post(address, data={"once": once, "level": "5"})
    evaluation = await Evaluation.get(invitation_id=invitation.id)
    assert evaluation.channel == channel
    assert evaluation.credential == Credential.LINK


@under("tianjin")
async def test_the_name_is_asked_where_it_is_required_and_unknown(
    town: Town, client: Client
) -> None:
    named = await town.completed("LS1")
    assert 'id="name"' not in await (await client.get(town.link(named))).text()
    invitation = await town.completed("LS2", named=False)
    text = await (await client.get(town.link(invitation))).text()
    assert "实行实名制（依据第十七条）" in text
    fields = {"once": once_in(text), "level": "5"}
    for more in ({}, {"name": "陈小明"}, {"phone": "13800138000"}, {"name": " ", "phone": " "}):
        refused = await client.post(town.link(invitation), data={**fields, **more})
        assert refused.status == 422
        assert "请填写姓名和手机号（依据第十七条）" in await refused.text()
    wrong = {**fields, "name": "陈小明", "phone": "12"}
    refused = await client.post(town.link(invitation), data=wrong)
    assert "不是有效的电话号码" in await refused.text()
    assert 'value="陈小明"' in await refused.text()
    right = {**wrong, "phone": "138 0013 8000"}
    assert (await client.post(town.link(invitation), data=right)).status == 200
    evaluation = await Evaluation.get(invitation_id=invitation.id)
    assert evaluation.real_name
    opened = town.office.keys.open(evaluation.rater_phone or "", "evaluation.rater_phone")
    assert opened == "+8613800138000"


@under("sanming", "chaoan", "lingang")
async def test_questions_are_asked_and_never_required(town: Town, client: Client) -> None:
    invitation = await town.completed()
    text = await (await client.get(town.link(invitation))).text()
    asked = town.rulebook == "sanming"
    assert ("有何改进意见" in text) == asked
    fields = {"once": once_in(text), "level": "5", "a-4": "再快一点"}
    assert (await client.post(town.link(invitation), data=fields)).status == 200
    evaluation = await Evaluation.get(invitation_id=invitation.id)
    assert evaluation.answers == ({"有何改进意见": "再快一点"} if asked else {})


@under("chaoan")
async def test_an_item_has_questions_of_its_own(town: Town, client: Client) -> None:
    invitation = await town.completed()
    await ServiceItem.filter(code="item-1").update(questions=["材料清单清楚吗"])
    text = await (await client.get(town.link(invitation))).text()
    assert "材料清单清楚吗" in text
    fields = {"once": once_in(text), "level": "5", "a-0": "清楚"}
    await client.post(town.link(invitation), data=fields)
    evaluation = await Evaluation.get(invitation_id=invitation.id)
    assert evaluation.answers == {"材料清单清楚吗": "清楚"}


@under("tianjin")
async def test_a_batch_names_staff_and_item_each(town: Town, client: Client) -> None:
    await town.group(GroupKind.BATCH)
    invitation = await Invitation.get(group_id__isnull=False, node="completion")
    text = await (await client.get(town.link(invitation))).text()
    assert "请分别就工作人员和服务事项" in text
    assert "（依据第十二条）" in text
    assert "G000000001" in text
    assert "G000000002" in text
    fields = {"once": once_in(text), "level": "1", "i-item-1": "TJ-I1-6"}
    refused = await client.post(town.link(invitation), data=fields)
    assert refused.status == 422
    assert "请对工作人员选择对应的评价指标" in await refused.text()
    assert 'value="TJ-I1-6" checked' in await refused.text()
    fields["w-staff"] = "让我跑了三趟"
    assert (await client.post(town.link(invitation), data=fields)).status == 200
    evaluation = await Evaluation.get(invitation_id=invitation.id)
    assert evaluation.reasons == {
        "item": {"indicators": ["TJ-I1-6"], "words": ""},
        "staff": {"indicators": [], "words": "让我跑了三趟"},
    }
    assert await Coverage.filter(evaluation=evaluation).count() == 4
    assert await WorkOrder.all().count() == 1


@under("chaoan", "tianjin", "sanming")
async def test_a_theme_is_rated_as_a_whole_or_case_by_case(town: Town, client: Client) -> None:
    await town.group(GroupKind.THEME, visit=False)
    overall = await Invitation.get(group_id__isnull=False, node="completion")
    separate = await Invitation.filter(case_id__isnull=False, node="completion").order_by("id")
    text = await (await client.get(town.link(overall, "?big=1"))).text()
    assert "我要开餐馆" in text
    if town.rulebook == "sanming":
        # 统一评价，不再分阶段评价
        assert separate == []
        assert "分别评价" not in text
        return
    for each in separate:
        assert f'href="{town.link(each)}?big=1"' in text
    text = await (await client.get(town.link(separate[0]))).text()
    assert "总体评价（适用于主题服务的全部2个办件）" in text
    await client.post(town.link(separate[0]), data={"once": once_in(text), "level": "4"})
    closed = await client.get(town.link(overall))
    assert closed.status == 409
    assert town.link(separate[1]) in await closed.text()
    assert (await client.get(town.link(separate[1]))).status == 200


@under("chaoan")
async def test_late_is_told_and_taken(town: Town, client: Client, clock: StandingClock) -> None:
    invitation = await town.completed()
    clock.advance(days=30)
    text = await (await client.get(town.link(invitation))).text()
    assert "您仍然可以评价" in text
    answer = await client.post(town.link(invitation), data={"once": once_in(text), "level": "3"})
    assert "评价期限过后的评价" in await answer.text()
    assert (await Evaluation.get(invitation_id=invitation.id)).late
