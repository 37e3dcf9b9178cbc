"""威海临港 关于明确政务服务“差评”整改管理制度的通知, 二 to 四 and 附件: what becomes of a bad
rating. At the console, in the chat of the demo, and in DingTalk by its real callback."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.bot.dingtalk.fake_dingtalk import FakeDingtalk
from tests.bot.dingtalk.pushes import USER
from tests.scenarios.chats import InDingtalk, binds, dingtalk_settings, now
from tests.scenarios.handling import PICTURE, Complaint, Walk, walking
from tests.scenarios.places import Place
from tests.scenarios.serving import NAME, at

pytestmark = pytest.mark.asyncio(loop_scope="module")

LINGANG = Place(
    prefix="LG",
    agency="LG-SPJ",
    item="LG-I1",
    staff="LG-0201",
    window="LG-W1",
    hotline="",
    operator="",
)
BUREAU, SPJ = "临港区政务服务管理办公室", "临港区行政审批服务局"
SIMPLE, GENERAL = "对工作人员服务态度不满意", "服务效率不满意"
CROSSING = "多部门业务交叉"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def dingtalk(lasting_url: str) -> AsyncIterator[FakeDingtalk]:  # noqa: ARG001 - one for each engine
    async with FakeDingtalk(now) as fake:
        yield fake


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lingang(
    dingtalk: FakeDingtalk, lasting_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Walk]:
    folder, more = tmp_path_factory.mktemp("lingang"), dingtalk_settings(dingtalk)
    async with walking(folder, lasting_url, LINGANG, "2026-01-30 09:00", more) as walk:
        yield walk


async def verified(walk: Walk, *causes: str) -> Complaint:
    complaint = await walk.complaint("材料退了三次")
    handler = await walk.seat("lg-handler")
    await handler.takes(complaint.number, "verify", causes=causes)
    return complaint


async def invalid(walk: Walk) -> Complaint:
    """Set aside, and nobody has objected in time."""
    complaint = await walk.complaint("没有人在窗口")
    number = complaint.number
    handler, bureau = await walk.seat("lg-handler"), await walk.seat("lg-bureau")
    said = {"ground": "不实评价", "reason": "当日窗口全天有人"}
    await handler.takes(number, "find_mistaken", PICTURE, **said)
    await bureau.takes(number, "confirm_mistaken", note="监控为证")
    return complaint


# 二 差评的分类; 三(二) 分类处置


async def test_3_2_1_the_simple_class_is_answered_within_one_day(lingang: Walk) -> None:
    """三(二)1 属线上反馈的简易差评件，由业务办理单位1个工作日内回访评价人，答复整改结果. At the
    agency at once: 三(一) 业务办理单位收到差评后，要启动即时响应机制."""
    complaint = await lingang.complaint("工作人员态度冷淡")
    number = complaint.number
    assert {who for who, _ in await lingang.pushed(complaint)} == {SPJ}
    assert await lingang.clocks(complaint) == {
        "appeal": at("2026-02-02 24:00"),
        "first_contact": at("2026-02-02 24:00"),
        "rectify": at("2026-02-27 24:00"),
    }, "until its class is known the longest one binds"
    handler = await lingang.seat("lg-handler")
    await handler.takes(number, "verify", causes=[SIMPLE])
    assert (await lingang.clocks(complaint))["rectify"] == at("2026-02-02 24:00")
    assert (await handler.order(number)).shows("立整立改（简易）类", f"成因：{SIMPLE}")
    assert "ask_extension" not in await handler.offered(number)
    later = {"until": "2026-02-28", "reason": "培训还没有结束"}
    refused = await handler.forces(number, "ask_extension", 2, **later)
    assert refused.shows("这一类差评不能延期", "依据：三(二)2、三(二)3")


async def test_3_2_2_the_general_class_is_called_in_one_day_and_answered_in_five(
    lingang: Walk,
) -> None:
    """三(二)2 1个工作日内予以响应，5个工作日内答复整改结果, and the bureau is told of it (附件: 复
    核)."""
    await lingang.move("2026-02-02 15:00")
    complaint = await verified(lingang, GENERAL, SIMPLE)
    number = complaint.number
    assert (await lingang.clocks(complaint))["first_contact"] == at("2026-02-03 24:00")
    assert (await lingang.clocks(complaint))["rectify"] == at("2026-02-09 24:00"), (
        "of causes of two classes the wider one is the order's"
    )
    handler, bureau = await lingang.seat("lg-handler"), await lingang.seat("lg-bureau")
    await lingang.move("2026-02-03 24:00")
    late = [text for _, text in await lingang.pushed(complaint, "overdue")]
    assert all("“首次回访”已于2026年2月3日24:00逾期" in text for text in late)
    assert len(late) == 2, "the agency and the bureau"
    await lingang.move("2026-02-04 09:00")
    await handler.takes(number, "contact", reached="已联系上", note="已致歉")
    await handler.takes(number, "answer", text="已精简两份材料")
    assert "已精简两份材料" in (await lingang.heard(complaint, BUREAU))[-1]
    assert "已精简两份材料" in await lingang.told(complaint, "order_answered")
    await bureau.takes(number, "review_answer", passed="通过")
    assert (await lingang.order(complaint))["state"] == "closed"


async def test_3_2_3_the_complex_class_has_fifteen_days_over_spring_festival(
    lingang: Walk,
) -> None:
    """三(二)3 15个工作日内回复评价人; 附件 1个工作日内回访评价人 as well (reading 16)."""
    await lingang.move("2026-02-04 09:00")
    complaint = await verified(lingang, CROSSING)
    clocks = await lingang.clocks(complaint)
    assert clocks["first_contact"] == at("2026-02-05 24:00")
    assert clocks["rectify"] == at("2026-03-03 24:00")
    explained = await lingang.explained(complaint)
    assert "2月15日至2月23日 春节，不计" in explained
    assert "2月14日 调休上班，计1日" in explained
    said = {
        "text": "该问题无法定依据，已当面解释",
        "explained": ["缺乏法定依据，已向评价人解释说明"],
    }
    handler = await lingang.seat("lg-handler")
    await handler.takes(complaint.number, "answer", **said)
    assert (await handler.order(complaint.number)).shows("已作解释说明")


async def test_3_2_2_more_days_are_asked_for_before_the_last_and_told_to_the_rater(
    lingang: Walk,
) -> None:
    """三(二)2 若5个工作日内无法完成整改，应在到期日之前主动与评价人沟通，说明理由和整改期限，并将结
    果通报政务服务管理办公室. Only here; once, and the bureau agrees (reading 17)."""
    await lingang.move("2026-03-05 09:00")
    complaint = await verified(lingang, GENERAL)
    number = complaint.number
    assert (await lingang.clocks(complaint))["rectify"] == at("2026-03-12 24:00")
    handler, bureau = await lingang.seat("lg-handler"), await lingang.seat("lg-bureau")
    later = {"until": "2026-03-27", "reason": "要采购新的叫号设备"}
    sooner = await handler.tries(number, "ask_extension", until="2026-03-10", reason="要采购设备")
    assert (sooner.status, sooner.shows("新的期限应晚于现在的期限")) == (422, True)
    await handler.takes(number, "ask_extension", **later)
    assert await lingang.sms(complaint, "order_extended") == [], "nobody has agreed"
    assert (await lingang.clocks(complaint))["rectify"] == at("2026-03-12 24:00")
    todo = await bureau.open("/staff/orders?mine=1")
    assert f"/staff/orders/{number}" in todo.text, "the bureau has it before it"
    await bureau.takes(number, "decide_extension", granted="同意")
    clocks = await lingang.clocks(complaint)
    assert clocks["extended"] == at("2026-03-27 24:00")
    assert "rectify" not in clocks
    told = await lingang.told(complaint, "order_extended")
    assert "办理期限延长至2026年3月27日，原因：要采购新的叫号设备。" in told
    assert (await lingang.their_page(complaint)).shows("办理期限延长至2026年3月27日")
    again = await handler.forces(number, "ask_extension", 4, **later)
    assert again.shows("只能延期1次", "依据：三(二)2、三(二)3")


async def test_3_2_2_whoever_asks_after_the_last_day_is_refused(lingang: Walk) -> None:
    """三(二)2 应在到期日之前."""
    await lingang.move("2026-03-13 09:00")
    complaint = await verified(lingang, GENERAL)
    await lingang.move("2026-03-20 24:00")
    handler = await lingang.seat("lg-handler")
    later = {"until": "2026-04-10", "reason": "要采购新的叫号设备"}
    refused = await handler.forces(complaint.number, "ask_extension", 2, **later)
    assert refused.shows("应在到期之前提出（2026年3月20日24:00已到期）")
    assert "ask_extension" not in await handler.offered(complaint.number)


async def test_3_2_2_what_is_not_granted_stays_as_it_was(lingang: Walk) -> None:
    """三(二)2. The bureau says why, and the rater hears nothing of it."""
    await lingang.move("2026-03-23 09:00")
    complaint = await verified(lingang, GENERAL)
    handler, bureau = await lingang.seat("lg-handler"), await lingang.seat("lg-bureau")
    await handler.takes(complaint.number, "ask_extension", until="2026-04-30", reason="人手不够")
    said = {"granted": "不同意", "note": "理由不充分"}
    await bureau.takes(complaint.number, "decide_extension", **said)
    assert (await lingang.clocks(complaint))["rectify"] == at("2026-03-30 24:00")
    assert await lingang.sms(complaint, "order_extended") == []


# 三(一) 甄别核实: 无效评价


async def test_3_1_what_is_not_true_becomes_invalid(lingang: Walk) -> None:
    """三(一) 属于误评或不实评价的，评价结果不予采纳，列为无效评价，并将该无效评价情况通报政务服务管
    理办公室. Nobody decides in their own case (reading 14)."""
    await lingang.move("2026-04-07 09:00")
    complaint = await lingang.complaint("没有人在窗口")
    number = complaint.number
    handler = await lingang.seat("lg-handler")
    form = (await handler.order(number)).forms[f"/staff/orders/{number}/find_mistaken"]
    assert form.choices("ground") == ["误评", "不实评价"]
    said = {"ground": "不实评价", "reason": "当日窗口全天有人"}
    await handler.takes(number, "find_mistaken", PICTURE, **said)
    assert "提请不予采纳\n事由：不实评价" in (await lingang.heard(complaint, BUREAU))[-1]
    bureau = await lingang.seat("lg-bureau")
    await bureau.takes(number, "confirm_mistaken", note="监控为证")
    assert "属于“不实评价”，拟不予采纳" in await lingang.told(complaint, "order_excluding")
    await lingang.move("2026-04-14 24:00")
    assert await lingang.figures("2026-04-07", "LG-SPJ") == (0, 0)
    assert (await lingang.their_page(complaint)).shows("列为无效评价，不计入统计")


async def test_3_1_the_bureau_looks_again_and_it_counts(lingang: Walk) -> None:
    """三(一) 政务服务管理办公室根据需要对无效评价进行回访复核，对复核认定为有效评价的，责令业务办理
    单位按分类处置程序进行整改. With all its clocks from the beginning, and the rater told."""
    await lingang.move("2026-04-15 09:00")
    complaint = await invalid(lingang)
    number = complaint.number
    await lingang.move("2026-04-24 09:00")
    assert (await lingang.order(complaint))["state"] == "excluded"
    handler, bureau = await lingang.seat("lg-handler"), await lingang.seat("lg-bureau")
    assert await handler.offered(number) == []
    refused = await handler.forces(number, "recheck", 4, reason="我们自己看过了")
    assert refused.shows("这一步由主管部门办理")
    await bureau.takes(number, "recheck", reason="回访评价人并调取监控，窗口确实空了一小时")
    assert "经审核有效，继续办理" in await lingang.told(complaint, "order_stands")
    assert (await lingang.clocks(complaint))["first_contact"] == at("2026-04-27 24:00")
    assert await lingang.figures("2026-04-15", "LG-SPJ") == (1, 0)
    assert "窗口确实空了一小时" in (await lingang.heard(complaint, SPJ))[-1]
    await handler.takes(number, "verify", causes=[GENERAL])
    assert (await lingang.clocks(complaint))["rectify"] == at("2026-05-06 24:00")


# 四 差评申诉复核机制


async def test_4_in_dingtalk_an_appeal_with_its_picture(
    lingang: Walk, dingtalk: FakeDingtalk
) -> None:
    """四 业务办理单位收到差评后有异议又不宜直接认定为无效评价的，可在1个工作日内向政务服务管理办公
    室提出复核申请，并提供相关证据. In DingTalk, by its real callback; 复核结果认定为有效差评的，按
    照差评分类处置程序完成差评整改."""
    await lingang.move("2026-05-06 09:00")
    person = InDingtalk(dingtalk, lingang.demo.session)
    await binds(await lingang.seat("lg-handler"), person)
    complaint = await lingang.complaint("等了两个小时")
    number = complaint.number
    assert [who for who, _ in await lingang.pushed(complaint)] == [f"gov/{USER}"]
    card = person.pushed[-1]
    assert f"差评工单{number}号" in card.text
    assert complaint.case.number not in card.text
    assert f"工单{number}：已受理" in (await person.taps("受理")).text
    asked = await person.says(f"申诉 {number} 当日系统停机，全市停办")
    assert "请附上证据（照片或录音）" in asked.text
    appealed = await person.shows(PICTURE)
    assert f"工单{number}：已申诉，附1个文件。" in appealed.text
    clocks = await lingang.clocks(complaint)
    assert clocks["review"] == at("2026-05-12 24:00"), (
        "the platform's line: 规定时限 is nowhere given"
    )
    assert clocks["rectify"] == at("2026-05-26 24:00"), "the clock does not stand still"
    bureau = await lingang.seat("lg-bureau")
    assert f"/staff/orders/{number}" in (await bureau.open("/staff/orders?mine=1")).text
    sheet = await bureau.order(number)
    assert sheet.shows("当日系统停机，全市停办", "附件1")
    async with bureau.session.get(f"/staff/files/{_file(sheet.text)}") as file:
        assert await file.read() == PICTURE
    said = {
        "upheld": "申诉不成立，继续整改",
        "methods": ["电话核实", "调取录像"],
        "note": "停机一小时，其余时间无人叫号",
    }
    await bureau.takes(number, "decide_appeal", **said)
    assert "复核：申诉不成立" in (await lingang.heard(complaint, f"gov/{USER}"))[-1]
    assert "复核：申诉不成立" in person.pushed[-1].text
    await person.says(f"核实 {number} 服务效率不满意")
    done = await person.says(f"整改 {number} 停机时改为人工叫号")
    assert "当前环节：已答复，待审核" in done.text
    assert "停机时改为人工叫号" in await lingang.told(complaint, "order_answered")


async def test_4_after_one_day_nobody_appeals_and_nobody_but_the_agency(lingang: Walk) -> None:
    """四 业务办理单位 …… 可在1个工作日内."""
    await lingang.move("2026-05-11 09:00")
    complaint = await lingang.complaint_of_staff()
    rated, handler = await lingang.seat("lg-staff"), await lingang.seat("lg-handler")
    refused = await rated.forces(complaint.number, "appeal", 1, reason="我没有说过")
    assert refused.shows("申诉由承办单位提出", "依据：四")
    assert "appeal" in await handler.offered(complaint.number)
    await lingang.move("2026-05-12 24:00")
    late = await handler.forces(complaint.number, "appeal", 1, reason="太忙忘了")
    assert late.shows("申诉期限已过（2026年5月12日24:00截止）", "依据：四")


async def test_4_an_appeal_that_is_upheld_makes_it_invalid(lingang: Walk) -> None:
    """四 对复核结果认定为无效评价的，评价结果不予采纳."""
    await lingang.move("2026-05-13 09:00")
    complaint = await lingang.complaint("当日没有来过")
    number = complaint.number
    handler, bureau = await lingang.seat("lg-handler"), await lingang.seat("lg-bureau")
    bare = await handler.tries(number, "appeal", reason="评价人当日没有来过")
    assert bare.shows("请附上证据（照片或录音）")
    await handler.takes(number, "appeal", PICTURE, reason="评价人当日没有来过")
    said = {"upheld": "申诉成立", "methods": ["调取录像"], "note": "录像属实"}
    await bureau.takes(number, "decide_appeal", **said)
    await lingang.objects(complaint, "我是网上办的，没有必要来")
    assert (await lingang.their_page(complaint)).shows("正在审核您的异议")
    wrong = {"upheld": "异议成立，继续办理", "note": "网上办件属实"}
    await bureau.takes(number, "decide_objection", **wrong)
    assert (await lingang.order(complaint))["state"] == "verifying"
    assert await lingang.figures("2026-05-13", "LG-SPJ") == (1, 0)


async def test_annex_the_form_of_the_review(lingang: Walk) -> None:
    """附件 政务服务“好差评”复核单: as a page and as a PDF, without the name of who has rated unless
    it was looked up."""
    await lingang.move("2026-05-14 09:00")
    complaint = await verified(lingang, GENERAL)
    number = complaint.number
    bureau = await lingang.seat("lg-bureau")
    sheet = await bureau.open(f"/staff/orders/{number}/review-sheet")
    assert sheet.shows("政务服务“好差评”复核单", "限时整改（一般）类", "材料退了三次")
    assert NAME not in sheet.text
    assert complaint.case.phone not in sheet.text


def _file(text: str) -> str:
    return text.partition("/staff/files/")[2].partition('"')[0]
