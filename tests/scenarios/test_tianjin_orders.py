"""天津市政务服务“好差评”实施细则, 第五章 差评处理: what becomes of a bad rating, article by
article. At the console and in the chat of the demo."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from tests.scenarios.handling import PICTURE, Complaint, Walk, walking
from tests.scenarios.places import Place
from tests.scenarios.serving import NAME, at

pytestmark = pytest.mark.asyncio(loop_scope="module")

HEXI = Place(
    prefix="TJ",
    agency="TJ-HXSP",
    item="TJ-I3",
    staff="TJ-1201",
    window="TJ-W1",
    hotline="TJ-P1",
    operator="TJ-HL01",
    second_agency="TJ-HXRS",
    second_item="TJ-I4",
    theme="TJ-T1",
)
CITY = replace(HEXI, agency="TJ-GAJ", item="TJ-I1")
BUREAU, DISTRICT = "天津市人民政府政务服务办公室", "天津市河西区人民政府"
HXSP = "河西区行政审批局"
TO_HXSP = f"{HXSP}（天津市河西区）"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tianjin(
    lasting_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Walk]:
    folder = tmp_path_factory.mktemp("tianjin")
    async with walking(folder, lasting_url, HEXI, "2026-09-18 09:00") as walk:
        yield walk


async def received(walk: Walk, words: str = "跑了三趟") -> Complaint:
    """By the district's department."""
    complaint = await walk.complaint(words)
    district = await walk.seat("tj-district")
    await district.takes(complaint.number, "dispatch", to=TO_HXSP)
    return complaint


async def answered(walk: Walk) -> Complaint:
    complaint = await received(walk)
    handler = await walk.seat("tj-hxsp-handler")
    await handler.takes(complaint.number, "verify", causes=["服务效率"])
    await handler.takes(complaint.number, "answer", text="已合并为一次办理")
    return complaint


# 第十八条


async def test_article_18_a_district_passes_its_orders_on(tianjin: Walk) -> None:
    """第十八条 系统自动提示相关市级部门或区人民政府整改。区人民政府应及时将“差评”工单分送给被评价区
    级部门."""
    complaint = await tianjin.complaint()
    number = complaint.number
    assert {who for who, _ in await tianjin.pushed(complaint)} == {DISTRICT}
    assert await tianjin.clocks(complaint) == {"dispatch": at("2026-09-20 24:00")}, (
        "the Sunday before National Day is worked"
    )
    district, handler = await tianjin.seat("tj-district"), await tianjin.seat("tj-hxsp-handler")
    assert await handler.offered(number) == []
    await district.takes(number, "dispatch", to=TO_HXSP, note="请及时联系评价人")
    (told,) = await tianjin.heard(complaint, HXSP, "dispatch")
    assert f"转办单位：{DISTRICT}" in told
    clocks = await tianjin.clocks(complaint)
    assert clocks["first_contact"] == at("2026-09-20 24:00")
    assert (await tianjin.order(complaint))["handler"] == "TJ-HXSP"


async def test_article_18_a_municipal_department_is_told_at_once(tianjin: Walk) -> None:
    """第十八条 相关市级部门: nobody passes it on."""
    complaint = await tianjin.complaint(place=CITY)
    assert {who for who, _ in await tianjin.pushed(complaint)} == {"天津市公安局"}
    clocks = await tianjin.clocks(complaint)
    assert "dispatch" not in clocks
    assert clocks["appeal"] == at("2026-09-20 24:00")


async def test_article_18_whoever_does_not_pass_it_on_is_marked(tianjin: Walk) -> None:
    """第十八条 及时分送; 第五条 市政务服务办对“差评”进行督办. The line of one day is the
    platform's."""
    await tianjin.move("2026-09-21 09:00")
    complaint = await tianjin.complaint()
    await tianjin.move("2026-09-22 24:00")
    late = await tianjin.pushed(complaint, "overdue")
    assert {who for who, _ in late} == {DISTRICT, BUREAU}
    assert all("“转办”已于2026年9月22日24:00逾期" in text for _, text in late)
    bureau = await tianjin.seat("tj-bureau")
    assert (await bureau.order(complaint.number)).shows("已逾期", "依据：平台内部时限（非法定）")


# 第二十条 分类处置


@pytest.mark.parametrize(
    ("cause", "label", "due"),
    [
        ("服务态度", "立整立改（简易）类", "2026-09-24 24:00"),
        ("业务程序", "限时整改（一般）类", "2026-10-08 24:00"),
        ("环节不畅", "综合协调（复杂）类", "2026-10-21 24:00"),
    ],
)
async def test_article_20_each_class_by_its_cause_and_term(
    tianjin: Walk, cause: str, label: str, due: str
) -> None:
    """第二十条 1个工作日内 …… 反馈整改结果; 5个工作日内; 15个工作日内. Over National Day 2026: it
    rests from October 1 to 7, and works on Saturday the 10th; Mid-Autumn is September 25 to 27."""
    await tianjin.move("2026-09-23 09:00")
    complaint = await received(tianjin)
    handler = await tianjin.seat("tj-hxsp-handler")
    await handler.takes(complaint.number, "verify", causes=[cause])
    assert (await tianjin.clocks(complaint))["rectify"] == at(due)
    assert (await handler.order(complaint.number)).shows(label, "依据：第二十条", f"成因：{cause}")


async def test_article_20_no_more_days_are_given(tianjin: Walk) -> None:
    """第二十条 knows no 延期."""
    await tianjin.move("2026-09-28 09:00")
    complaint = await received(tianjin)
    handler = await tianjin.seat("tj-hxsp-handler")
    await handler.takes(complaint.number, "verify", causes=["服务效率"])
    later = {"until": "2026-11-30", "reason": "系统还没有上线"}
    refused = await handler.forces(complaint.number, "ask_extension", 3, **later)
    assert refused.shows("本地规定没有“整改延期”这一环节")


async def test_article_20_departments_confer(tianjin: Walk) -> None:
    """第二十条(三) 因业务交叉、环节不畅产生的差评，承办部门应及时沟通协调相关部门，必要时，可形成书
    面建议或会议纪要."""
    await tianjin.move("2026-09-29 09:00")
    cases = await tianjin.demo.group(HEXI, "theme", theme=HEXI.theme, lead_agency=HEXI.agency)
    await tianjin.demo.complete(tianjin.moment, *cases)
    found = await tianjin.demo.invitations(cases[0])
    (whole,) = [each for each in found if each["subject"]["group"] and each["state"] == "open"]
    page = await tianjin.demo.rate(whole["link"], "不满意", item="两个部门说法不一")
    (said,) = await tianjin.demo.evaluations(cases[0])
    complaint = Complaint(said["order"], cases[0], page)
    number = complaint.number
    copies = {each["to"] for each in await tianjin.pushes(complaint, "complaint_copy")}
    assert copies == {"河西区人力资源和社会保障局"}
    district = await tianjin.seat("tj-district")
    await district.takes(number, "dispatch", to=TO_HXSP)
    lead, other = await tianjin.seat("tj-hxsp-handler"), await tianjin.seat("tj-hxrs-handler")
    await lead.takes(number, "verify", causes=["业务交叉"])
    assert await other.offered(number) == ["consult"]
    await other.takes(number, "consult", PICTURE, note="建议由审批局统一出具意见（会议纪要附后）")
    assert (await lead.order(number)).shows("会商意见", "建议由审批局统一出具意见", "附件1")
    refused = await other.forces(number, "answer", 5, text="我们来答复")
    assert refused.shows("这一步由承办单位办理")


# 第十九条、第二十一条: 无效的差评


async def test_article_19_what_is_not_true_is_counted_as_unrated(tianjin: Walk) -> None:
    """第十九条 属于不实评价或误评的，评价结果不予采纳并归集为“未评”."""
    await tianjin.move("2026-10-12 09:00")
    complaint = await received(tianjin, "办事指南样本有错")
    number = complaint.number
    handler, bureau = await tianjin.seat("tj-hxsp-handler"), await tianjin.seat("tj-bureau")
    await handler.takes(number, "contact", reached="已联系上", note="评价人说点错了")
    said = {"ground": "误评", "reason": "评价人电话说明点错了等级"}
    await handler.takes(number, "find_mistaken", PICTURE, **said)
    assert await tianjin.figures("2026-10-12", "TJ-HXSP") == (1, 0)
    await bureau.takes(number, "confirm_mistaken", note="通话录音为证")
    await tianjin.move("2026-10-20 09:00")
    assert await tianjin.figures("2026-10-12", "TJ-HXSP") == (0, 1)
    told = await tianjin.told(complaint, "order_excluded")
    assert "不予采纳（依据第十九条），统计时归集为“未评”；您的评价记录仍然保存" in told


async def test_article_21_the_agency_appeals_within_one_day_with_evidence(tianjin: Walk) -> None:
    """第二十一条 承办部门收到“差评”后，可在1个工作日内提出复核申请，并提供相关证据 …… 认定“差评”无
    效的，评价结果不予采纳并记录为“未评”."""
    await tianjin.move("2026-10-21 09:00")
    complaint = await received(tianjin)
    number = complaint.number
    handler, bureau = await tianjin.seat("tj-hxsp-handler"), await tianjin.seat("tj-bureau")
    rated = await tianjin.seat("tj-staff")
    assert (await rated.order(number)).status == 404, "the item was rated, and not they"
    bare = await handler.tries(number, "appeal", reason="当日系统停机")
    assert bare.shows("请附上证据（照片或录音）")
    await handler.takes(number, "appeal", PICTURE, reason="当日系统停机")
    assert (await tianjin.clocks(complaint))["review"] == at("2026-10-28 24:00")
    assert f"/staff/orders/{number}" in (await bureau.open("/staff/orders?mine=1")).text
    form = (await bureau.order(number)).forms[f"/staff/orders/{number}/decide_appeal"]
    assert form.choices("methods") == ["电话核实", "谈话了解", "调取录像", "审阅资料"]
    said = {"upheld": "申诉成立", "methods": ["调取录像"], "note": "录像属实"}
    await bureau.takes(number, "decide_appeal", **said)
    await tianjin.move("2026-10-29 09:00")
    assert await tianjin.figures("2026-10-21", "TJ-HXSP") == (0, 1)
    assert "归集为“未评”" in await tianjin.told(complaint, "order_excluded")


async def test_article_21_a_valid_rating_is_rectified_on(tianjin: Walk) -> None:
    """第二十一条 认定“差评”有效的，按照差评整改流程继续处理: with the days that it had (reading
    11)."""
    await tianjin.move("2026-10-30 09:00")
    complaint = await received(tianjin)
    number = complaint.number
    due = (await tianjin.clocks(complaint))["rectify"]
    handler, bureau = await tianjin.seat("tj-hxsp-handler"), await tianjin.seat("tj-bureau")
    await handler.takes(number, "appeal", PICTURE, reason="当日系统停机")
    said = {"upheld": "申诉不成立，继续整改", "methods": ["电话核实"], "note": "评价属实"}
    await bureau.takes(number, "decide_appeal", **said)
    assert (await tianjin.clocks(complaint))["rectify"] == due
    assert "复核：申诉不成立" in (await tianjin.heard(complaint, HXSP))[-1]


# 第二十二条 回访


async def test_article_22_only_the_rater_says_whether_they_are_satisfied(tianjin: Walk) -> None:
    """第二十二条 12345政务服务便民热线对整改完毕工单进行回访，请评价主体作出“满意”或“不满意”评价，
    并形成回访记录. By the link; nobody who handles the order can say it for them."""
    await tianjin.move("2026-11-02 09:00")
    complaint = await answered(tianjin)
    number = complaint.number
    assert "已合并为一次办理。请您确认是否满意" in await tianjin.told(complaint, "order_answered")
    desk, bureau = await tianjin.seat("tj-callback"), await tianjin.seat("tj-bureau")
    handler = await tianjin.seat("tj-hxsp-handler")
    assert f"/staff/orders/{number}" in (await desk.open("/staff/orders?mine=1")).text
    for seat in (desk, bureau, handler):
        assert (await seat.forces(number, "confirm", 5, satisfied="1")).status == 404
    said = await tianjin.says("tj-hxrs-handler", f"满意 {number}")
    assert "没有看懂" in said["text"]
    assert (await desk.looks_up(number, "12345热线回访")).shows(NAME, complaint.case.phone)
    await desk.takes(number, "contact", reached="已联系上", note="已请评价人打开短信链接")
    page = await tianjin.confirms(complaint, "满意", "这次很快")
    assert page.shows("已办结", "您的确认")
    order = await tianjin.order(complaint)
    assert (order["state"], order["counted"]) == ("closed", True)
    (confirmed,) = [each for each in order["events"] if each["kind"] == "confirmed"]
    assert (confirmed["actor"], confirmed["source"]) == ("rater", "第二十二条")
    refused = await bureau.forces(number, "leave_out", 9, reason="已满意")
    assert refused.shows("本地规定没有“满意回复的可不予计算”")


async def test_article_22_who_is_not_satisfied_is_told_to_the_bureau(tianjin: Walk) -> None:
    """第二十二条. What then, no article says: it is recorded, counted, told to 市政务服务办, and
    not opened again (reading 26)."""
    await tianjin.move("2026-11-03 09:00")
    complaint = await answered(tianjin)
    await tianjin.confirms(complaint, "不满意", "还是要跑两趟")
    told = (await tianjin.heard(complaint, BUREAU))[-1]
    assert "评价人确认：不满意" in told
    assert "评价人说：还是要跑两趟" in told
    order = await tianjin.order(complaint)
    assert order["state"] == "closed"
    assert (await (await tianjin.seat("tj-bureau")).order(complaint.number)).shows("评价人 不满意")
    twice = await tianjin.their_page(complaint)
    assert not twice.asks_for("satisfied")


# 第十七条


async def test_article_17_nobody_outside_sees_who_it_was(tianjin: Walk) -> None:
    """第十七条 严格保护评价主体信息: neither in pushes nor on the pages of other places."""
    await tianjin.move("2026-11-04 09:00")
    complaint = await received(tianjin)
    for _, text in await tianjin.pushed(complaint):
        for personal in (NAME, complaint.case.phone, complaint.case.number):
            assert personal not in text
    for login in ("tj-handler", "ca-bureau", "tj-staff"):
        assert (await (await tianjin.seat(login)).order(complaint.number)).status == 404
        said = await tianjin.says(login, f"{complaint.number}")
        assert "没有编号为" in said["text"]
