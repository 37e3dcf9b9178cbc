"""The dialogue of the official account, as a citizen has it (bot/wechat/talk)."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.wechat.listening import listen
from bot.wechat.talk import wording
from models.accounts.binding import chats_of, new_code, user_of
from models.cases.facts import GroupKind
from models.tables import (
    Evaluation,
    HeldReceipt,
    Invitation,
    Opinion,
    OptOut,
    PhoneCheck,
    WorkOrder,
)
from tests.bot.wechat.chatting import Citizen
from tests.models.handling.desk import Desk
from tests.models.town import PHONE, Town, case, done, member, under, visit
from tests.standing import StandingClock


@pytest.fixture
def citizen(town: Town) -> Citizen:
    return Citizen(town.office)


async def opened(town: Town) -> Invitation:
    return await town.invitation(case(), done())


async def test_a_scan_opens_the_case_and_a_number_rates_it(town: Town, citizen: Citizen) -> None:
    invitation = await opened(town)
    asked = await citizen.scans(invitation)
    assert asked is not None
    assert "5非常满意、4满意、3基本满意、2不满意、1非常不满意" in asked
    assert "https://pj.example/r/" in asked
    thanks = await citizen.says("5")
    assert thanks is not None
    assert "评价“非常满意”已收到" in thanks
    rated = await Evaluation.get()
    assert (rated.level, rated.channel, rated.credential) == (5, "official_account", "link")
    assert rated.invitation_id == invitation.id
    assert await HeldReceipt.filter(evaluation=rated).count() == 1


@pytest.mark.parametrize(
    ("words", "level"),
    [("很满意", 5), ("还行", 3), ("太差了，等了两个小时", 1), ("5分", 5), ("不太满意：没人理", 2)],
)
async def test_everyday_words_rate(town: Town, citizen: Citizen, words: str, level: int) -> None:
    await citizen.scans(await opened(town))
    await citizen.says(words)
    assert (await Evaluation.get()).level == level


async def test_a_bad_level_is_asked_for_its_reason(town: Town, citizen: Citizen) -> None:
    await citizen.scans(await opened(town))
    why = await citizen.says("2")
    assert why is not None
    assert "您选择了“不满意”" in why
    assert not await Evaluation.exists()
    first = re.search(r"^1 (.+)$", why, re.MULTILINE)
    assert first is not None
    thanks = await citizen.says("1 窗口只开了一个")
    order = await WorkOrder.get()
    assert thanks is not None
    assert f"差评工单{order.id}号" in thanks
    reasons = (await Evaluation.get()).reasons
    (reason,) = reasons.values()
    assert len(reason["indicators"]) == 1
    assert reason["words"] == "窗口只开了一个"


async def overall(town: Town) -> Invitation:
    """Two agencies' cases at once: staff and item, each with its own reason."""
    kind = GroupKind.PARALLEL
    await town.report(member("C1", kind), member("C2", kind, 2), visit(), visit("C2"))
    await town.report(done("C1"), done("C2"))
    found = await Invitation.filter(group_id__not_isnull=True, node="completion", closed_at=None)
    return next(each for each in found if len(each.targets) > 1)


@under("tianjin")
async def test_each_target_has_its_own_reason(town: Town, citizen: Citizen) -> None:
    """天津第十三条: 人员 and 事项 each, one after the other."""
    invitation = await overall(town)
    await citizen.scans(invitation)
    first = await citizen.says("1")
    second = await citizen.says("态度很差")
    assert not await Evaluation.exists()
    assert first is not None
    assert second is not None
    assert ("（工作人员）" in first) != ("（工作人员）" in second)
    await citizen.says("1")
    reasons = (await Evaluation.get()).reasons
    assert set(reasons) == set(invitation.targets)


async def test_a_guess_is_confirmed_before_it_counts(town: Town, citizen: Citizen) -> None:
    await citizen.scans(await opened(town))
    asked = await citizen.says("我觉得你们办得满意？")
    assert asked is not None
    assert "您说的是“满意”，对吗？" in asked
    assert not await Evaluation.exists()
    await citizen.says("是的")
    assert (await Evaluation.get()).level == 4


async def test_a_wrong_guess_is_asked_anew(town: Town, citizen: Citizen) -> None:
    await citizen.scans(await opened(town))
    await citizen.says("我觉得你们办得满意？")
    asked = await citizen.says("不是")
    assert asked is not None
    assert asked.startswith("请评价")
    await citizen.says("一般")
    assert (await Evaluation.get()).level == 3


@under("tianjin")
async def test_other_wants_words(town: Town, citizen: Citizen) -> None:
    await citizen.scans(await opened(town))
    why = await citizen.says("1")
    assert why is not None
    last = max(int(each) for each in re.findall(r"^(\d+) ", why, re.MULTILINE))
    other = re.search(rf"^{last} (.+)$", why, re.MULTILINE)
    assert other is not None
    assert "其他" in other[1]
    asked = await citizen.says(str(last))
    assert asked is not None
    assert "请写明具体情况" in asked
    await citizen.says("停车要绕两圈")
    (reason,) = (await Evaluation.get()).reasons.values()
    assert reason["words"] == "停车要绕两圈"
    assert len(reason["indicators"]) == 1


async def test_whose_phone_is_bound_has_a_list(town: Town, citizen: Citizen) -> None:
    await town.report(
        case("C1"), done("C1"), case("C2", item="item-2", agency="agency-2"), done("C2")
    )
    assert "绑定" in str(await citizen.says("评价"))
    await citizen.binds(PHONE)
    listed = await citizen.says("评价")
    assert listed is not None
    assert re.findall(r"^\d (\S+)（(.+)）$", listed, re.MULTILINE) == [
        ("事项之2", "税务局 尾号C2"),
        ("事项之1", "市场监管局 尾号C1"),
    ]
    asked = await citizen.says("2")
    assert asked is not None
    assert "事项之1" in asked
    await citizen.says("4 办得快")
    rated = await Evaluation.get().select_related("invitation__case")
    assert (rated.level, rated.credential) == (4, "identified")
    assert rated.invitation is not None
    assert rated.invitation.case is not None
    assert rated.invitation.case.number == "C1"


async def test_a_level_out_of_the_blue(town: Town, citizen: Citizen, clock: StandingClock) -> None:
    await citizen.binds(PHONE)
    assert "没有可以评价的办件" in str(await citizen.says("5"))
    await town.report(case("C1"), done("C1"))
    await citizen.says("非常满意")
    assert (await Evaluation.get()).level == 5
    await town.report(case("C2"), done("C2"), case("C3"), done("C3"))
    assert "评价其他办件请回复“评价”" in str(await citizen.says("不满意"))
    clock.advance(minutes=10)
    listed = await citizen.says("不满意，等了两个小时")
    assert listed is not None
    assert "您说的是“不满意”。请问评价哪一项？" in listed
    await citizen.says("1")
    rated = await Evaluation.get(level=2)
    assert rated.reasons["item"]["words"] == "等了两个小时"


async def test_a_windows_code_leads_to_their_case_there(town: Town, citizen: Citizen) -> None:
    await town.report(case(), visit(), done())
    await citizen.binds(PHONE)
    answer = await citizen.send(citizen.scan_place("W1"))
    assert answer is not None
    assert "事项之1" in answer


async def test_a_windows_code_takes_a_review_of_it(citizen: Citizen) -> None:
    asked = await citizen.send(citizen.scan_place("W1"))
    assert asked is not None
    assert "政务服务中心3号窗口" in asked
    await citizen.says("5 服务热情")
    if await Evaluation.exists():
        rated = await Evaluation.get()
        assert (rated.level, rated.credential, rated.invitation_id) == (5, "none", None)
    else:
        assert (await Opinion.get()).words == "服务热情"


@under("lingang", "chaoan", "tianjin", "qijiang", "sanming")
async def test_an_opinion_at_a_hall(citizen: Citizen) -> None:
    await citizen.send(citizen.scan_place("H1"))
    await citizen.says("大厅里没有老花镜")
    assert (await Opinion.get()).words == "大厅里没有老花镜"


@under("chaoan")
async def test_follow_up_adds(town: Town, citizen: Citizen) -> None:
    await citizen.scans(await opened(town))
    thanks = await citizen.says("2 等了两个小时")
    assert thanks is not None
    assert "请回复“追评”" in thanks
    asked = await citizen.says("追评")
    assert asked is not None
    assert "追加评价一次，原来的评价仍然保留" in asked
    await citizen.says("4，第二天就办好了")
    first, second = await Evaluation.all().order_by("ordinal")
    assert (first.level, first.ordinal, second.level, second.ordinal) == (2, 1, 4, 2)
    assert "没有可以追加" in str(await citizen.says("追评 5"))


@under("chaoan")
async def test_follow_up_in_one_line(town: Town, citizen: Citizen) -> None:
    await citizen.scans(await opened(town))
    await citizen.says("2 等了两个小时")
    await citizen.says("追评 1 还是没有解决")
    assert await Evaluation.filter(ordinal=2, level=1).count() == 1


async def test_what_was_rated_is_looked_up(town: Town, citizen: Citizen) -> None:
    assert "还没有评价记录" in str(await citizen.says("查询"))
    await citizen.scans(await opened(town))
    await citizen.says("2 等了两个小时")
    order = await WorkOrder.get()
    looked = await citizen.says("查询")
    assert looked is not None
    assert "评价“事项之1”：不满意" in looked
    assert f"差评工单{order.id}号：已" in looked
    assert "https://pj.example/receipt/" in looked
    assert await citizen.taps("look") == looked


@under("sanming")
async def test_who_is_asked_about_an_answer_finds_the_page(town: Town, citizen: Citizen) -> None:
    await citizen.scans(await opened(town))
    await citizen.says("2 等了两个小时")
    order = await WorkOrder.get()
    page = f"https://pj.example/a/{town.office.links.answer(order.evaluation_id)}"
    assert page not in str(await citizen.says("查询"))
    desk = await Desk.of(town)
    await desk.step(order.id, "handler", "verify")
    await desk.step(order.id, "handler", "answer", text="已增开窗口。")
    assert f"请您确认是否满意 {page}" in str(await citizen.says("查询"))


@under("chaoan")
async def test_a_second_rating_is_told_what_counts(town: Town, citizen: Citizen) -> None:
    invitation = await opened(town)
    await citizen.scans(invitation)
    await citizen.says("5")
    assert "已经评价过了" in str(await citizen.says("1"))
    assert "以第一次评价为准" in str(await citizen.scans(invitation))
    other = Citizen(town.office, openid="o-other")
    assert "以第一次评价为准" in str(await other.scans(invitation))
    assert await Evaluation.all().count() == 1


async def test_stop_and_start(citizen: Citizen) -> None:
    rater = await citizen.rater()
    await citizen.says("退订")
    wish = await OptOut.get()
    assert (wish.channel, wish.address_hash) == ("official_account", rater.openid_hash)
    await citizen.says("订阅")
    assert not await OptOut.exists()


async def test_a_cancelled_level_is_kept_as_an_opinion(town: Town, citizen: Citizen) -> None:
    await citizen.scans(await opened(town))
    await citizen.says("1")
    await citizen.says("算了")
    assert not await Evaluation.exists()
    kept = await Opinion.get()
    assert kept.level == 1
    assert "没有完成" in kept.words
    assert "没有等您回答" in str(await citizen.says("取消"))


async def test_an_unanswered_question_expires_and_what_was_said_is_kept(
    town: Town, citizen: Citizen, clock: StandingClock
) -> None:
    await citizen.scans(await opened(town))
    await citizen.says("1")
    clock.advance(hours=24)
    await listen(town.office, {}, None)
    kept = await Opinion.get()
    assert kept.level == 1
    assert "帮助" in str(await citizen.says("窗口没人")) or await Evaluation.all().count() == 0
    await listen(town.office, {}, None)
    assert await Opinion.all().count() == 1


async def test_anything_else_gets_help(citizen: Citizen) -> None:
    for words in ("今天天气", "？", "帮助", "<xml>]]></xml>", "🙂"):
        assert "您可以这样评价政务服务" in str(await citizen.says(words))


async def test_staff_are_bound_by_the_code_of_the_console(town: Town) -> None:
    """They are told of orders there by 模板消息; commands are for the chat applications."""
    account = (await Desk.of(town)).who["handler"]
    staff = Citizen(town.office, openid="o-staff")
    code = await new_code(town.office, account)
    assert await staff.says("绑定 00000000") == wording.BAD_PHONE + wording.OR_BAD_CODE
    assert "绑定成功：承办甲" in str(await staff.says(f"绑定 {code}"))
    (chat,) = await chats_of(account)
    assert (chat.platform, chat.app) == ("official_account", "city")
    assert user_of(town.office, chat) == "o-staff"
    assert await staff.says("解绑") == wording.STAFF_UNBOUND
    assert not await chats_of(account)


async def test_a_phone_is_bound_by_a_code(town: Town, citizen: Citizen) -> None:
    await town.report(case("C1"), done("C1"))
    await citizen.says("绑定 138 0013 8000")
    check = await PhoneCheck.get()
    code = town.office.keys.open(check.code, "phone_check.code")
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert "验证码不对" in str(await citizen.says(wrong))
    bound = await citizen.says(code)
    assert bound is not None
    assert bound.startswith("手机号已绑定。\n请评价“事项之1”")
    assert "已解除绑定" in str(await citizen.says("解绑"))
    assert "没有绑定" in str(await citizen.says("解绑"))
    assert "不正确" in str(await citizen.says("绑定 12345678"))


async def test_a_code_is_not_guessed(town: Town, citizen: Citizen) -> None:
    await citizen.says("绑定13800138000")
    code = town.office.keys.open((await PhoneCheck.get()).code, "phone_check.code")
    for step in range(1, 6):
        await citizen.says(f"{(int(code) + step) % 1_000_000:06}")
    assert "已失效" in str(await citizen.says(code))
    assert (await citizen.rater()).phone is None


async def test_nobodys_phone_is_flooded(town: Town, citizen: Citizen) -> None:
    for _ in range(5):
        assert "验证码已用短信发到" in str(await citizen.says("绑定13800138000"))
    assert "太频繁" in str(await citizen.says("绑定13800138000"))
    other = Citizen(town.office, openid="o-other")
    assert "太频繁" in str(await other.says("绑定13800138000"))


async def test_a_foreign_scene_is_told_so(town: Town, citizen: Citizen) -> None:
    token = town.office.links.rating("nonce-of-nobody")
    for scene in ("r/x", f"r/{token}", "q/NONE", "hello", ""):
        incoming = replace(citizen.scan_place("x"), scene=scene)
        assert await citizen.send(incoming)
    assert not await Evaluation.exists()
