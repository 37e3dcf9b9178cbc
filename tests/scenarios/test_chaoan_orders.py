"""潮州市潮安区政务服务“好差评”工作细则, 第七章: what becomes of a bad rating, article by article.
At the console, in the chat of the demo, and in WeCom by its real callback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from tests.bot.wecom.fake_wecom import FakeWeCom
from tests.scenarios.chats import InWeCom, binds, now, wecom_settings
from tests.scenarios.handling import PICTURE, WORDS, Complaint, Walk, walking
from tests.scenarios.places import Place
from tests.scenarios.serving import NAME, at

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHAOAN = Place(
    prefix="CA",
    agency="CA-SJJ",
    item="CA-I3",
    staff="CA-0802",
    window="CA-W2",
    hotline="CA-P1",
    operator="CA-HL01",
    second_agency="CA-RSJ",
    second_item="CA-I1",
    theme="CA-T1",
)
RSJ = replace(CHAOAN, agency="CA-RSJ", item="CA-I1", staff="CA-0301", window="CA-W1")
TOWN = replace(CHAOAN, agency="CA-GXBM", item="CA-I9")
MORE = {"item": [{"code": "CA-I9", "name": "城乡居民医疗保险参保登记", "agency": "CA-GXBM"}]}

BUREAU, SJJ = "潮安区政务服务数据管理局", "潮安区市场监督管理局"
TO_SJJ, TO_RSJ = f"{SJJ}（潮州市潮安区）", "潮安区人力资源和社会保障局（潮州市潮安区）"
TO_TOWN = "潮安区古巷镇公共服务办公室（潮安区古巷镇）"
TO_STATION = "古巷镇便民服务中心（潮安区古巷镇）"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def wecom(lasting_url: str) -> AsyncIterator[FakeWeCom]:  # noqa: ARG001 - one for each engine
    async with FakeWeCom(now) as fake:
        fake.corp.member("chen")
        yield fake


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chaoan(
    wecom: FakeWeCom, lasting_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Walk]:
    folder = tmp_path_factory.mktemp("chaoan")
    begins = "2026-02-12 09:00"
    async with walking(folder, lasting_url, CHAOAN, begins, wecom_settings(wecom), MORE) as walk:
        yield walk


async def dispatched(walk: Walk, complaint: Complaint, to: str = TO_SJJ) -> Complaint:
    bureau = await walk.seat("ca-bureau")
    await bureau.takes(complaint.number, "dispatch", to=to)
    return complaint


async def verified(walk: Walk) -> Complaint:
    complaint = await dispatched(walk, await walk.complaint())
    handler = await walk.seat("ca-sjj-handler")
    await handler.takes(complaint.number, "verify", note="当日窗口只开了一个")
    return complaint


async def test_article_22_the_bureau_receives_and_dispatches(chaoan: Walk) -> None:
    """第二十二条 系统自动生成差评工单 …… 由区政务服务数据管理局获取，按照“属地管理、分级负责”原则，
    向区级政务服务机构或各镇（场）进行转办. No term is given: the line is the platform's, and says
    so (reading 8)."""
    complaint = await chaoan.complaint()
    number = complaint.number
    assert complaint.receipt.shows(f"{number}号")
    assert [who for who, _ in await chaoan.pushed(complaint)] == [BUREAU]
    assert await chaoan.clocks(complaint) == {"dispatch": at("2026-02-13 24:00")}
    bureau, handler = await chaoan.seat("ca-bureau"), await chaoan.seat("ca-sjj-handler")
    sheet = await bureau.order(number)
    assert sheet.shows("待转办", "依据：平台内部时限（非法定）", WORDS)
    assert await handler.offered(number) == []
    refused = await handler.forces(number, "verify", 1)
    assert refused.status == 409
    assert refused.shows("这一步由承办单位办理")
    await bureau.takes(number, "dispatch", to=TO_SJJ, note="请按期核实")
    assert await chaoan.clocks(complaint) == {
        "rectify": at("2026-02-28 24:00"),
        "exclude": at("2026-02-28 24:00"),
    }
    (told,) = await chaoan.heard(complaint, SJJ, "dispatch")
    assert told.startswith(f"转办给您单位：差评工单 {number}\n转办单位：{BUREAU}\n说明：请按期核实")
    again = await bureau.forces(number, "dispatch", 2, to="CA-RSJ")
    assert again.shows("只有持有工单的主管部门、区政府或镇（场）可以转办", "依据：第二十二条")


async def test_article_24_seven_working_days_from_the_receipt_and_every_day_said(
    chaoan: Walk,
) -> None:
    """第二十四条 应在收到工单7个工作日内完成整改. Over Spring Festival 2026: it rests from the 15th
    to the 23rd, and works on the Saturdays before and after. Who is late is warned, then marked,
    and the bureau is told."""
    complaint = await dispatched(chaoan, await chaoan.complaint("材料退了三次"))
    explained = await chaoan.explained(complaint)
    assert "2026年2月12日09:00起算，当日不计，数满7个工作日" in explained
    assert "2月15日至2月23日 春节，不计" in explained
    assert "2月28日 调休上班，计1日\n2026年2月28日24:00截止" in explained
    handler = await chaoan.seat("ca-sjj-handler")
    await chaoan.move("2026-02-27 08:59")
    assert await chaoan.pushed(complaint, "warning") == []
    await chaoan.move("2026-02-27 09:00")
    for who, text in await chaoan.pushed(complaint, "warning"):
        assert who == SJJ
        assert "将于2026年2月28日24:00到期，请抓紧办理" in text
    await chaoan.move("2026-02-28 24:00")
    late = await chaoan.pushed(complaint, "overdue")
    assert {who for who, _ in late} == {SJJ, BUREAU}
    assert all(
        f"“整改并反馈”已于2026年2月28日24:00逾期。\n承办单位：{SJJ}" in text for _, text in late
    )
    assert (await handler.order(complaint.number)).shows("已逾期")
    await chaoan.move("2026-03-02 09:00")
    await handler.takes(complaint.number, "verify")
    await handler.takes(complaint.number, "answer", text="一次性告知单已经上墙，抱歉让您多跑")
    assert "已逾期，2026年3月2日09:00完成" in await chaoan.explained(complaint)


async def test_article_24_in_wecom_from_the_push_to_the_answer(
    chaoan: Walk, wecom: FakeWeCom
) -> None:
    """第二十四条 整改结果反馈给评价人，并通过“好差评”系统经区政务服务数据管理局审核上报. Handled in
    WeCom, by its real callback, signed and sealed."""
    await chaoan.move("2026-03-03 09:00")
    person = InWeCom(wecom, chaoan.demo.session, "chen")
    assert "还没有绑定账号" in (await person.says("待办")).text
    welcome = await binds(await chaoan.seat("ca-sjj-handler"), person)
    assert welcome.text.startswith(f"绑定成功：{SJJ}林建忠（承办）")
    complaint = await dispatched(chaoan, await chaoan.complaint("叫号机坏了没有人管"))
    number = complaint.number
    assert [who for who, _ in await chaoan.pushed(complaint, "dispatch")] == ["gov/chen"]
    card = person.pushed[-1]
    assert card.text.startswith(f"差评工单{number}号：转办")
    assert "最近时限：2026年3月12日24:00\n内容：服务事项——叫号机坏了没有人管" in card.text
    assert complaint.case.number not in card.text
    accepted = await person.taps("受理")
    assert accepted.text.startswith(f"工单{number}：已受理。\n当前环节：待核实")
    twice = await person.says(f"受理 {number}")
    assert "工单已经受理（林建忠已于2026年3月3日09:00“受理”）" in twice.text
    refused = await person.says(f"申诉 {number} 评价人误会了")
    assert refused.text == "本地规定没有“差评申诉”这一环节"
    assert "当前环节：整改中" in (await person.taps("核实")).text
    asked = await person.taps("整改")
    assert f"请接着发送“整改 {number}”后面的内容" in asked.text
    done = await person.says("叫号机已修好，并安排专人引导")
    assert done.text.startswith(f"工单{number}：已整改并答复。\n当前环节：已答复，待审核")

    assert "潮安区市场监督管理局答复：叫号机已修好，并安排专人引导。" in await chaoan.told(
        complaint, "order_answered"
    )
    assert "答复：叫号机已修好，并安排专人引导" in (await chaoan.heard(complaint, BUREAU))[-1]
    bureau = await chaoan.seat("ca-bureau")
    assert "review_answer" not in await (await chaoan.seat("ca-sjj-handler")).offered(number)
    await bureau.takes(number, "review_answer", passed="通过")
    page = await chaoan.their_page(complaint)
    assert page.shows("已办结", f"{BUREAU}审核通过")
    assert not page.asks_for("satisfied")
    assert (await chaoan.order(complaint))["state"] == "closed"


async def test_article_24_an_answer_that_does_not_pass_goes_back(chaoan: Walk) -> None:
    """第二十四条 经区政务服务数据管理局审核: with a reason, and the days from the receipt run
    on."""
    await chaoan.move("2026-03-04 09:00")
    complaint = await verified(chaoan)
    handler, bureau = await chaoan.seat("ca-sjj-handler"), await chaoan.seat("ca-bureau")
    await handler.takes(complaint.number, "answer", text="已经处理")
    unsaid = await bureau.tries(complaint.number, "review_answer", passed="退回重办")
    assert unsaid.status == 422
    assert unsaid.shows("请写明退回的理由")
    assert await chaoan.clocks(complaint) == {}
    said = {"passed": "退回重办", "note": "没有说明整改了什么"}
    await bureau.takes(complaint.number, "review_answer", **said)
    assert await chaoan.clocks(complaint) == {"rectify": at("2026-03-13 24:00")}
    assert "说明：没有说明整改了什么" in (await chaoan.heard(complaint, "gov/chen"))[-1]
    await handler.takes(complaint.number, "answer", text="已加开两个窗口")
    await bureau.takes(complaint.number, "review_answer", passed="通过")
    first, second = await chaoan.sms(complaint, "order_answered")
    assert "已经处理" in first
    assert "已加开两个窗口" in second


async def test_article_23_a_mistake_is_confirmed_by_the_bureau_and_with_the_rater(
    chaoan: Walk,
) -> None:
    """第二十三条 属误评或恶意差评的，应将核实结果反馈至“好差评”系统，经区政务服务数据管理局回访确
    认，差评结果不予采纳. The agency never decides in its own case, and the rater may object
    (reading 14)."""
    await chaoan.move("2026-03-05 09:00")
    complaint = await dispatched(chaoan, await chaoan.complaint("没有人在窗口"))
    number = complaint.number
    handler, bureau = await chaoan.seat("ca-sjj-handler"), await chaoan.seat("ca-bureau")
    assert await chaoan.figures("2026-03-05", "CA-SJJ") == (1, 0)
    said = {"ground": "误评", "reason": "评价人来电说明点错了等级"}
    without = await handler.tries(number, "find_mistaken", **said)
    assert without.shows("请附上证据（照片或录音）")
    await handler.takes(number, "find_mistaken", PICTURE, **said)
    assert (await chaoan.order(complaint))["holder"] == "CA-ZSJ"
    assert (await handler.forces(number, "confirm_mistaken", 3, note="属实")).shows(
        "这一步由主管部门办理"
    )

    early = await bureau.forces(number, "confirm_mistaken", 3, note="证据充分")
    assert early.shows(
        "须先由主管部门回访评价人，联系到本人后才能认定", "依据：第二十三条、第二十四条"
    )
    assert "confirm_mistaken" not in await bureau.offered(number)
    shown = await bureau.looks_up(number, "回访确认是否误评")
    assert shown.shows(NAME, complaint.case.phone, "本次查看已记入办理经过")
    contacted = {"way": "电话", "reached": "未联系上", "note": "两次无人接听"}
    await bureau.takes(number, "contact", **contacted)
    assert "confirm_mistaken" not in await bureau.offered(number)
    contacted |= {"reached": "已联系上", "note": "本人说明点错"}
    await bureau.takes(number, "contact", **contacted)
    await bureau.takes(number, "confirm_mistaken", note="录音为证")

    told = await chaoan.told(complaint, "order_excluding")
    assert "经审核认为属于“误评”，拟不予采纳" in told
    assert "请在2026年3月12日24:00前查看理由并提出异议" in told
    page = await chaoan.their_page(complaint)
    assert page.shows("理由：评价人来电说明点错了等级", "第二十三条、第二十四条")
    assert await chaoan.figures("2026-03-05", "CA-SJJ") == (1, 0), "nothing is decided yet"
    await chaoan.move("2026-03-12 24:00")
    assert (await chaoan.order(complaint))["state"] == "excluded"
    assert await chaoan.figures("2026-03-05", "CA-SJJ") == (0, 0)
    assert await chaoan.sms(complaint, "order_excluded") == [], "people sleep (reading 28)"
    await chaoan.move("2026-03-13 08:00")
    last = await chaoan.told(complaint, "order_excluded")
    assert "不予采纳（依据第二十三条、第二十四条），不计入统计；您的评价记录仍然保存" in last


async def test_article_23_whose_objection_is_right_is_handled_on(chaoan: Walk) -> None:
    """第二十三条. An objection that is upheld: it counts, and goes on with the days that it had."""
    await chaoan.move("2026-03-16 09:00")
    complaint = await set_aside(chaoan, "恶意差评")
    page = await chaoan.objects(complaint, "我有取号单，等了三个小时")
    assert page.shows("您的意见已经收到")
    assert "理由：我有取号单，等了三个小时" in (await chaoan.heard(complaint, BUREAU))[-1]
    bureau = await chaoan.seat("ca-bureau")
    said = {"upheld": "异议成立，继续办理", "note": "取号单属实"}
    await bureau.takes(complaint.number, "decide_objection", **said)
    assert "经审核有效，继续办理" in await chaoan.told(complaint, "order_stands")
    assert (await chaoan.order(complaint))["state"] == "verifying"
    assert (await chaoan.clocks(complaint))["rectify"] == at("2026-03-25 24:00")
    again = await chaoan.their_page(complaint)
    assert again.shows("您的异议成立", "取号单属实")
    assert not again.asks_for("reason")


async def test_article_23_whose_objection_is_not_right_is_told_why(chaoan: Walk) -> None:
    """第二十三条 差评结果不予采纳."""
    await chaoan.move("2026-03-17 09:00")
    complaint = await set_aside(chaoan, "误评")
    await chaoan.objects(complaint, "我没有点错")
    bureau = await chaoan.seat("ca-bureau")
    said = {"upheld": "异议不成立，不予采纳", "note": "录音里本人说明点错了等级"}
    await bureau.takes(complaint.number, "decide_objection", **said)
    assert "不予采纳" in await chaoan.told(complaint, "order_excluded")
    page = await chaoan.their_page(complaint)
    assert page.shows("没有采纳您的异议", "录音里本人说明点错了等级", "不计入统计")
    assert await chaoan.figures("2026-03-17", "CA-SJJ") == (0, 0)
    assert await chaoan.clocks(complaint) == {}


async def test_article_23_what_the_bureau_does_not_confirm_is_rectified(chaoan: Walk) -> None:
    """第二十三条 情况属实的差评工单要督促限期整改: without speaking to the rater first."""
    await chaoan.move("2026-03-18 09:00")
    complaint = await dispatched(chaoan, await chaoan.complaint())
    number = complaint.number
    handler, bureau = await chaoan.seat("ca-sjj-handler"), await chaoan.seat("ca-bureau")
    await handler.takes(number, "find_mistaken", PICTURE, ground="恶意差评", reason="多次差评")
    await bureau.takes(number, "reject_mistaken", note="监控显示确实等了三个小时")
    assert await chaoan.clocks(complaint) == {"rectify": at("2026-03-27 24:00")}
    assert (await chaoan.order(complaint))["state"] == "verifying"
    assert await chaoan.sms(complaint, "order_excluding") == []


async def test_silent_nobody_appeals_asks_for_more_days_or_keeps_a_ledger(chaoan: Walk) -> None:
    """The text knows neither 申诉 nor 延期 nor 台账, and nothing is invented in their place."""
    await chaoan.move("2026-03-19 09:00")
    complaint = await verified(chaoan)
    handler = await chaoan.seat("ca-sjj-handler")
    assert await handler.offered(complaint.number) == ["contact", "answer"]
    later = {"until": "2026-04-30", "reason": "要等采购"}
    for step, said, why in (
        ("appeal", {"reason": "评价人误会了"}, "本地规定没有“差评申诉”这一环节"),
        ("ask_extension", later, "本地规定没有“整改延期”这一环节"),
        ("enter_in_ledger", later, "本地规定没有“建立台账、限期整改”这一环节"),
    ):
        refused = await handler.forces(complaint.number, step, 3, **said)
        assert (refused.status, refused.shows(why)) == (409, True), refused.words
    assert (await chaoan.clocks(complaint)) == {"rectify": at("2026-03-30 24:00")}


async def test_article_2_a_town_passes_on_and_reviews(chaoan: Walk) -> None:
    """第二条 镇（场）公共服务办公室：负责全镇（场）差评工单的转派督办和处理结果的审核反馈; 第二十四
    条 工作时限参照区级政务服务机构: seven days from when it came to the town."""
    await chaoan.move("2026-03-20 09:00")
    complaint = await chaoan.complaint("村里没有人会用自助机", place=TOWN)
    number = complaint.number
    await dispatched(chaoan, complaint, TO_TOWN)
    assert (await chaoan.clocks(complaint))["rectify"] == at("2026-03-31 24:00")
    town, bureau = await chaoan.seat("ca-town"), await chaoan.seat("ca-bureau")
    listed = await town.open("/staff/orders")
    assert listed.shows(f"{number}")
    await chaoan.move("2026-03-23 09:00")
    await town.takes(number, "dispatch", to=TO_STATION, note="请本周内办结")
    order = await chaoan.order(complaint)
    assert (order["handler"], order["holder"]) == ("CA-GXBM", "CA-GXBM")
    assert (await chaoan.clocks(complaint))["rectify"] == at("2026-03-31 24:00"), "it runs on"
    assert (await town.order(number)).shows("待核实", "古巷镇便民服务中心")
    assert (await bureau.order(number)).shows("潮安区古巷镇公共服务办公室谢美玉")
    (told,) = await chaoan.heard(complaint, "古巷镇便民服务中心", "dispatch")
    assert "转办单位：潮安区古巷镇公共服务办公室\n说明：请本周内办结" in told


async def test_article_22_a_town_sees_its_own_orders_only(chaoan: Walk) -> None:
    """第二十二条 属地管理、分级负责."""
    complaint = await chaoan.complaint()
    town = await chaoan.seat("ca-town")
    assert (await town.order(complaint.number)).status == 404


async def test_article_22_returned_and_dispatched_again_the_days_run_on(chaoan: Walk) -> None:
    """第二十四条 收到工单7个工作日内: of the first receipt (reading 8); the dispatch has its line
    anew."""
    await chaoan.move("2026-03-24 09:00")
    complaint = await dispatched(chaoan, await chaoan.complaint(), TO_RSJ)
    number = complaint.number
    other = await chaoan.seat("ca-handler")
    await chaoan.move("2026-03-26 15:00")
    gone = await other.takes(number, "return", reason="不属于人社部门职责")
    assert gone.url.path == "/staff/orders", "it is not theirs to see any more"
    assert "理由：不属于人社部门职责" in (await chaoan.heard(complaint, BUREAU))[-1]
    clocks = await chaoan.clocks(complaint)
    assert clocks["dispatch"] == at("2026-03-27 24:00")
    assert clocks["rectify"] == at("2026-04-02 24:00")
    assert (await chaoan.receipt(complaint)).shows("等待重新转交承办单位")
    await dispatched(chaoan, complaint)
    clocks = await chaoan.clocks(complaint)
    assert clocks["rectify"] == at("2026-04-02 24:00")
    assert "dispatch" not in clocks
    handler = await chaoan.seat("ca-sjj-handler")
    assert (await handler.order(number)).shows("不属于人社部门职责")


async def test_article_22_what_belongs_elsewhere_is_handed_over(chaoan: Walk) -> None:
    """第二十二条 属地管理: to the bureau of the other place, which dispatches in its turn. The line
    of the dispatch runs on."""
    await chaoan.move("2026-03-30 09:00")
    complaint = await chaoan.complaint("施工许可拖了半年")
    number = complaint.number
    bureau, other = await chaoan.seat("ca-bureau"), await chaoan.seat("sm-bureau")
    assert (await other.order(number)).status == 404
    to = "三明市行政服务中心管委会（移交三明市）"
    await bureau.takes(number, "dispatch", to=to, note="事项属三明市")
    assert await chaoan.clocks(complaint) == {"dispatch": at("2026-03-31 24:00")}
    assert [who for who, _ in await chaoan.pushed(complaint, "dispatch")] == [
        "三明市行政服务中心管委会"
    ]
    await other.takes(number, "dispatch", to="三明市住房和城乡建设局（三明市）")
    assert (await chaoan.clocks(complaint))["rectify"] == at("2026-04-09 24:00")
    assert (await chaoan.order(complaint))["handler"] == "SM-ZJJ"


async def test_article_14_the_hotline_calls_back_by_hand(chaoan: Walk) -> None:
    """第十四条 对“不满意”“非常不满意”的评价进行人工回访: by the hotline's desk, and before it is
    closed."""
    await chaoan.move("2026-04-07 09:00")
    call = {"number": "CA-CALL-9", "platform": CHAOAN.hotline, "staff": CHAOAN.operator}
    await chaoan.demo.ask("POST", "/api/v1/calls", call)
    case = await chaoan.demo.case(CHAOAN, "online", kind="transferred", call="CA-CALL-9")
    await chaoan.demo.complete(chaoan.moment, case)
    complaint = await chaoan.rated(case, "不满意", agency="转办以后没有人管")
    number = complaint.number
    assert await chaoan.kinds(complaint) == ["opened", "callback_opened"]
    desk, bureau = await chaoan.seat("ca-callback"), await chaoan.seat("ca-bureau")
    assert (await desk.open("/staff")).shows("1件")
    assert (await desk.order(number)).shows("人工回访 尚未完成（第十四条）")
    await dispatched(chaoan, complaint)
    handler = await chaoan.seat("ca-sjj-handler")
    await handler.takes(number, "verify")
    await handler.takes(number, "answer", text="已对话务人员批评教育")
    early = await bureau.tries(number, "review_answer", passed="通过")
    assert early.shows("热线人工回访尚未完成，不能审核办结", "依据：第十四条")
    assert (await desk.looks_up(number, "热线人工回访")).shows(case.phone)
    said = {"way": "电话", "reached": "已联系上", "note": "已致歉，评价人表示理解"}
    await desk.takes(number, "contact", **said)
    await bureau.takes(number, "review_answer", passed="通过")
    assert (await chaoan.order(complaint))["state"] == "closed"
    page = await chaoan.their_page(complaint)
    assert page.shows("已与您联系（电话）")
    assert "评价人表示理解" not in page.text


async def test_article_18_a_joint_matter_is_the_lead_departments(chaoan: Walk) -> None:
    """第十八条 总体评价: one order, of the lead department; the other is told, and may say what it
    thinks (reading 21)."""
    await chaoan.move("2026-04-08 09:00")
    lead = {"theme": CHAOAN.theme, "lead_agency": CHAOAN.agency}
    cases = await chaoan.demo.group(CHAOAN, "theme", **lead)
    await chaoan.demo.complete("2026-04-08 09:00", *cases)
    found = await chaoan.demo.invitations(cases[0])
    (whole,) = [each for each in found if each["subject"]["group"] and each["state"] == "open"]
    page = await chaoan.demo.rate(whole["link"], "不满意", item="两个部门互相推")
    (said,) = await chaoan.demo.evaluations(cases[0])
    complaint = Complaint(said["order"], cases[0], page)
    order = await chaoan.order(complaint)
    assert (order["agency"], order["copied_to"]) == ("CA-SJJ", ["CA-RSJ"])
    (copy,) = await chaoan.pushes(complaint, "complaint_copy")
    assert copy["to"] == "rsj@chaoan.example", "who is in no chat gets mail"
    assert "两个部门互相推" in copy["text"]
    await dispatched(chaoan, complaint)
    part = await chaoan.seat("ca-handler")
    assert await part.offered(complaint.number) == ["consult"]
    await part.takes(complaint.number, "consult", note="建议两家窗口合并受理")
    handler = await chaoan.seat("ca-sjj-handler")
    assert (await handler.order(complaint.number)).shows("建议两家窗口合并受理")
    assert "合并受理" not in (await chaoan.receipt(complaint)).text


async def test_who_was_rated_sees_what_was_said_and_not_by_whom(chaoan: Walk) -> None:
    """第二十六条 结果与个人年度考核挂钩: so they may read it. They cannot act on it, nor see whose
    case it was."""
    await chaoan.move("2026-04-09 09:00")
    case = await chaoan.demo.case(RSJ, "window")
    await chaoan.demo.visit(RSJ, case, chaoan.moment)
    complaint = await chaoan.rated(case, "非常不满意", staff="态度生硬，问三遍才答一句")
    rated = await chaoan.seat("ca-staff")
    sheet = await rated.order(complaint.number)
    assert sheet.shows("态度生硬，问三遍才答一句")
    assert case.number not in sheet.text
    assert "查看理由" not in sheet.text
    assert sheet.steps == []
    refused = await rated.forces(complaint.number, "verify", 1)
    assert (refused.status, refused.shows("这一步由承办单位办理")) == (409, True)


async def test_of_two_handlers_at_once_the_second_is_told(chaoan: Walk) -> None:
    """Nobody's step is done twice, and what was typed is not lost."""
    await chaoan.move("2026-04-10 09:00")
    complaint = await dispatched(chaoan, await chaoan.complaint())
    number = complaint.number
    handler = await chaoan.seat("ca-sjj-handler")
    form = (await handler.order(number)).forms[f"/staff/orders/{number}/find_mistaken"]
    await chaoan.says("ca-sjj-handler", f"核实 {number} 属实")
    form.choose("ground", "误评")
    form.write("reason", "监控显示评价人点错")
    kept = [(name, value) for name, value in form.filled_in if name != "files"]
    outrun = await handler.send(form.target, kept, [PICTURE])
    assert outrun.status == 409
    assert outrun.shows("工单刚有新的办理", "林建忠", "核实属实", "监控显示评价人点错")
    assert (await chaoan.order(complaint))["state"] == "rectifying"


async def set_aside(walk: Walk, ground: str) -> Complaint:
    complaint = await dispatched(walk, await walk.complaint())
    number = complaint.number
    handler, bureau = await walk.seat("ca-sjj-handler"), await walk.seat("ca-bureau")
    await handler.takes(number, "find_mistaken", PICTURE, ground=ground, reason="监控为证")
    await bureau.takes(number, "contact", reached="已联系上", note="已听取评价人说明")
    await bureau.takes(number, "confirm_mistaken", note="证据充分")
    return complaint


async def test_article_14_the_bureaus_own_hotline(chaoan: Walk) -> None:
    """第十四条 对话务服务质量进行“好差评”评价: the hotline is the bureau's own, and it answers
    itself. That the rating is mistaken nobody could decide but it, so it is verified and rectified
    like any other (reading 14)."""
    await chaoan.move("2026-04-13 09:00")
    call = {"number": "CA-CALL-10", "platform": CHAOAN.hotline, "staff": CHAOAN.operator}
    answer = await chaoan.demo.ask("POST", "/api/v1/calls", {**call, "caller": "13800138777"})
    page = await chaoan.demo.rate(answer["invitations"][0]["link"], "不满意", staff="没听完就挂")
    assert page.shows("谢谢您的评价")
    *_, order = (await chaoan.demo.ask("GET", "/api/v1/orders?limit=500"))["orders"]
    number = order["number"]
    own = {"by": "ca-bureau", "step": "dispatch", "to": "CA-ZSJ"}
    await chaoan.demo.ask("POST", f"/api/v1/orders/{number}/steps", own)
    bureau = await chaoan.seat("ca-bureau")
    said = {"ground": "误评", "reason": "通话录音里没有挂断"}
    assert "find_mistaken" not in await bureau.offered(number)
    sheet = await bureau.forces(number, "find_mistaken", 3, **said)
    why = "没有可以审核的另一个主管部门，请核实后整改"
    assert sheet.shows(why, "依据：平台规则，非条文")
    await bureau.takes(number, "verify")
