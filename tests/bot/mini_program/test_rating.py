"""Somebody scans a code and rates."""

from __future__ import annotations

import pytest

from models.cases.facts import GroupKind
from models.tables import Evaluation, HeldReceipt, Invitation, Opinion, WorkOrder
from models.words import Channel, Credential, Level
from tests.api.pages.town import PHONE, Town, under
from tests.bot.mini_program.conftest import Phone
from tests.standing import StandingClock


async def scanned(town: Town, phone: Phone, *, named: bool = True) -> Invitation:
    invitation = await town.completed(named=named)
    await phone.scan(f"r/{town.office.links.rating(invitation.nonce)}")
    return invitation


async def test_shows_what_is_rated(town: Town, phone: Phone) -> None:
    invitation = await scanned(town, phone)
    for words in ("食品经营许可（第1类）", "市场监管局", "LS2026030001", "非常", "基本"):
        assert words in phone.text.splitlines()
    assert "陈小明" not in phone.text
    # Indicators belong to a level.
    assert "没有提供材料样本" not in phone.text
    await phone.tap("不满意")
    assert "没有提供材料样本" in phone.text
    assert invitation.closed_at is None


@under("chaoan", "lingang", "qijiang", "sanming", "tianjin")
async def test_a_negative_rating_says_why(town: Town, phone: Phone) -> None:
    version = town.office.shelf.book(town.rulebook).version_at(town.office.now())
    invitation = await scanned(town, phone)
    await phone.tap("不满意")
    assert ("请选择具体情形，或写明不满意的原因" in phone.text) == bool(
        version.reason.negative_needs_indicator_or_words
    )
    await phone.tap("提交评价")
    # The rulebook's words come from the server; nothing was stored.
    assert phone.route == "pages/rate/rate"
    assert "请选择对应的评价指标或填写不满意的原因" in phone.text
    assert (f"（依据{version.reason.source}）" in phone.text) == version.reason.statutory
    assert await Evaluation.all().count() == 0
    choice = version.indicators.item[Level.DISSATISFIED][0]
    await phone.tap(choice.text)
    await phone.type("具体情况或意见", "窗口<排队>两小时\n没有人理")
    await phone.tap("提交评价")
    assert phone.route == "pages/receipt/receipt"
    assert "谢谢您的评价" in phone.text
    evaluation = await Evaluation.get(invitation_id=invitation.id)
    assert evaluation.level == Level.DISSATISFIED
    assert evaluation.reasons["item"] == {
        "indicators": [choice.code],
        "words": "窗口<排队>两小时\n没有人理",
    }
    assert evaluation.channel == Channel.MINI_PROGRAM
    order = await WorkOrder.get(evaluation=evaluation)
    assert f"（差评工单{order.id}号）" in phone.text.replace("\n", "")
    assert await HeldReceipt.exists(evaluation=evaluation)


async def test_a_good_rating_needs_no_more(town: Town, phone: Phone) -> None:
    invitation = await scanned(town, phone)
    await phone.tap("非常满意")
    await phone.tap("提交评价")
    assert "差评工单" not in phone.text
    assert (await Evaluation.get(invitation_id=invitation.id)).credential == Credential.LINK


async def test_without_a_level_nothing_is_sent(town: Town, phone: Phone) -> None:
    await scanned(town, phone)
    await phone.tap("提交评价")
    assert phone.text.count("请选择满意程度。") == 2
    assert phone.calls == []
    await phone.tap("满意")
    await phone.tap("提交评价")
    assert phone.route == "pages/receipt/receipt"


async def test_what_was_ticked_at_another_level_is_not_sent(town: Town, phone: Phone) -> None:
    version = town.office.shelf.book(town.rulebook).version_at(town.office.now())
    invitation = await scanned(town, phone)
    await phone.tap("不满意")
    await phone.tap(version.indicators.item[Level.DISSATISFIED][0].text)
    await phone.tap("满意")
    await phone.tap("提交评价")
    evaluation = await Evaluation.get(invitation_id=invitation.id)
    assert evaluation.reasons.get("item", {"indicators": []})["indicators"] == []


@under("tianjin")
async def test_each_target_has_its_own_reason(town: Town, phone: Phone) -> None:
    await town.group(GroupKind.BATCH)
    invitation = await Invitation.get(group_id__isnull=False, node="completion")
    await phone.scan(f"r/{town.office.links.rating(invitation.nonce)}")
    await phone.tap("不满意")
    await phone.type("具体情况或意见（服务事项）", "材料清单不全")
    await phone.tap("提交评价")
    lines = phone.text.splitlines()
    fault = next(each for each in lines if "请对工作人员选择" in each)
    # Beside its target, and before the button.
    assert lines[lines.index(fault) - 1] == "工作人员 王丽"
    assert lines[-3:-1] == [fault, "提交评价"]
    await phone.type("具体情况或意见（工作人员）", "态度生硬")
    await phone.tap("提交评价")
    assert phone.route == "pages/receipt/receipt"
    evaluation = await Evaluation.get(invitation_id=invitation.id)
    assert evaluation.reasons["staff"]["words"] == "态度生硬"
    assert evaluation.reasons["item"]["words"] == "材料清单不全"


@under("tianjin")
async def test_a_real_name_where_it_is_the_rule(town: Town, phone: Phone) -> None:
    invitation = await town.call()
    await phone.scan(f"r/{town.office.links.rating(invitation.nonce)}")
    assert "实行实名制（依据第十七条）" in phone.text
    await phone.tap("满意")
    await phone.tap("提交评价")
    assert "请填写姓名和手机号" in phone.text
    await phone.type("姓名", "陈小明")
    await phone.type("手机号", "12")
    await phone.tap("提交评价")
    assert "不是有效的电话号码" in phone.text
    await phone.type("手机号", PHONE)
    await phone.tap("提交评价")
    assert phone.route == "pages/receipt/receipt"
    assert (await Evaluation.get(invitation_id=invitation.id)).real_name


@under("sanming")
async def test_a_questionnaire_is_answered_if_wanted(town: Town, phone: Phone) -> None:
    invitation = await scanned(town, phone)
    assert "有何改进意见" not in phone.text
    await phone.tap("多说几句（选填，5题）")
    await phone.type("有何改进意见", "多开一个窗口")
    await phone.tap("满意")
    await phone.tap("提交评价")
    evaluation = await Evaluation.get(invitation_id=invitation.id)
    assert evaluation.answers == {"有何改进意见": "多开一个窗口"}


async def test_another_look_shows_the_receipt(town: Town, phone: Phone) -> None:
    invitation = await scanned(town, phone)
    await phone.tap("满意")
    await phone.tap("提交评价")
    await phone.scan(f"r/{town.office.links.rating(invitation.nonce)}")
    assert "您已经评价过这次服务，以第一次评价为准。" in phone.text
    await phone.tap("查看评价回执")
    assert "回执编号" in phone.text
    assert "谢谢您的评价" not in phone.text


async def test_a_link_that_is_over(town: Town, phone: Phone, clock: StandingClock) -> None:
    invitation = await town.completed()
    clock.at = invitation.until
    await phone.give(logins=[phone.fake.mini.log_in("openid-1")])
    await phone.scan(f"r/{town.office.links.rating(invitation.nonce)}")
    assert "已经过期" in phone.text
    assert "失效" in phone.text
    assert "提交评价" not in phone.text


@pytest.mark.parametrize("scene", ["", "x/abc", "r/", "%E0%A4%A", "q"])
async def test_a_code_that_is_not_ours(phone: Phone, scene: str) -> None:
    await phone.open(f"pages/rate/rate?scene={scene}")
    assert "这不是“好差评”的评价码" in phone.text
    assert phone.asked("/login") == 0
    await phone.tap("回到首页")
    assert phone.route == "pages/home/home"


@pytest.mark.usefixtures("town")
async def test_a_review_of_a_place(phone: Phone) -> None:
    await phone.scan("q/W1")
    assert phone.route == "pages/place/place"
    assert "政务服务中心3号窗口" in phone.text
    await phone.tap("非常满意")
    await phone.tap("提交评价")
    assert "谢谢您的评价" in phone.text
    evaluation = await Evaluation.get()
    assert evaluation.invitation_id is None
    assert evaluation.channel == Channel.MINI_PROGRAM
    # Who says something else there tomorrow says something else.
    assert not any("submission" in key for key in phone.storage)


@pytest.mark.usefixtures("town")
@under("tianjin")
async def test_an_opinion_where_no_review_is_taken(phone: Phone) -> None:
    await phone.scan("q/W1")
    await phone.tap("提交意见")
    assert "请写下您的意见，或选择满意程度" in phone.text
    await phone.type("您的意见", "叫号太慢")
    await phone.tap("不满意")
    await phone.tap("提交意见")
    assert "谢谢您的意见" in phone.text
    opinion = await Opinion.get()
    assert (opinion.words, opinion.level) == ("叫号太慢", 2)
    assert await Evaluation.all().count() == 0
