"""三明市政务服务“好差评”工作实施方案, 二(三)1 and 三(三): what becomes of a bad rating. The bureau
and the department verify together; three terms run one after the other."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.scenarios.handling import PICTURE, Complaint, Walk, walking
from tests.scenarios.places import Place
from tests.scenarios.serving import NAME, at

pytestmark = pytest.mark.asyncio(loop_scope="module")

SANMING = Place(
    prefix="SM",
    agency="SM-ZJJ",
    item="SM-I1",
    staff="SM-0101",
    window="SM-W1",
    hotline="SM-P1",
    operator="SM-HL01",
)
BUREAU, ZJJ = "三明市行政服务中心管委会", "三明市住房和城乡建设局"
EXPLAINED = "缺乏法定依据，已向评价人解释说明"
SUPERVISOR = "三明市机关效能建设工作领导小组办公室"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sanming(
    lasting_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Walk]:
    folder = tmp_path_factory.mktemp("sanming")
    async with walking(folder, lasting_url, SANMING, "2025-09-29 09:00") as walk:
        yield walk


async def verified(walk: Walk) -> Complaint:
    complaint = await walk.complaint("材料要了两遍")
    handler = await walk.seat("sm-handler")
    await handler.takes(complaint.number, "verify", note="收件时没有一次性告知")
    return complaint


async def answered(walk: Walk, text: str = "已改为一次性告知，并向您致歉") -> Complaint:
    complaint = await verified(walk)
    await (await walk.seat("sm-handler")).takes(complaint.number, "answer", text=text)
    return complaint


# 二(三)1 督促差评整改


async def test_2_3_1_three_days_from_the_rating_and_ten_from_the_verification(
    sanming: Walk,
) -> None:
    """二(三)1 管委会应在评价后3个工作日内会同审批部门完成差评信息回访核实; 对核实属实的差评信息，审
    批部门应在10个工作日内完成整改与反馈. Over National Day 2025: it rests from October 1 to 8 and
    works on Saturday the 11th."""
    complaint = await sanming.complaint("材料要了两遍")
    number = complaint.number
    assert {who for who, _ in await sanming.pushed(complaint, "complaint")} == {BUREAU, ZJJ}
    assert await sanming.clocks(complaint) == {
        "verify": at("2025-10-10 24:00"),
        "appeal": at("2025-10-13 24:00"),
    }
    bureau, handler = await sanming.seat("sm-bureau"), await sanming.seat("sm-handler")
    for seat in (bureau, handler):
        assert "verify" in await seat.offered(number)
        todo = await seat.open("/staff/orders?mine=1")
        assert f"/staff/orders/{number}" in todo.text, "会同: it is on both desks"
    await sanming.move("2025-10-09 10:00")
    await bureau.takes(number, "contact", reached="已联系上", note="企业说明了经过")
    await bureau.takes(number, "verify", note="会同住建局核实")
    clocks = await sanming.clocks(complaint)
    assert clocks["rectify"] == at("2025-10-22 24:00")
    explained = await sanming.explained(complaint)
    assert "2025年10月9日10:00起算，当日不计，数满10个工作日" in explained
    assert "10月11日 调休上班，计1日" in explained
    assert "dispatch" not in await bureau.offered(number), "there is nothing to pass on"
    refused = await bureau.forces(number, "answer", 4, text="已经整改")
    assert refused.shows("这一步由承办单位办理")


async def test_2_3_1_who_does_not_verify_in_time_is_warned_and_marked(sanming: Walk) -> None:
    """二(三)1 强化对差评回访核实和整改情况的监督检查. 会同: both are warned, both are late."""
    await sanming.move("2025-10-20 09:00")
    complaint = await sanming.complaint()
    await sanming.move("2025-10-23 09:00")
    warned = await sanming.pushed(complaint, "warning")
    assert {who for who, _ in warned} == {BUREAU, ZJJ}
    assert all("“核实”将于2025年10月23日24:00到期，请抓紧办理" in text for _, text in warned)
    await sanming.move("2025-10-23 24:00")
    late = await sanming.pushed(complaint, "overdue")
    assert {who for who, _ in late} == {BUREAU, ZJJ}
    assert all("“核实”已于2025年10月23日24:00逾期" in text for _, text in late)
    # It is still to be done.
    handler = await sanming.seat("sm-handler")
    await handler.takes(complaint.number, "verify")
    listed = await handler.open("/staff/orders")
    assert listed.shows(f"{complaint.number}")


async def test_2_3_1_the_bureau_withdraws_within_three_days_and_reports(sanming: Walk) -> None:
    """二(三)1 经核实为误评或恶意差评的，管委会3个工作日内完成差评撤销核实工作，并报送同级审改办、效
    能办."""
    await sanming.move("2025-10-27 09:00")
    complaint = await sanming.complaint("效率低", level="非常不满意")
    number = complaint.number
    handler, bureau = await sanming.seat("sm-handler"), await sanming.seat("sm-bureau")
    said = {"ground": "恶意差评", "reason": "同一人同日评价十余次，均无办件"}
    await handler.takes(number, "find_mistaken", PICTURE, **said)
    assert (await sanming.clocks(complaint))["withdraw"] == at("2025-10-30 24:00")
    assert "confirm_mistaken" not in await handler.offered(number)
    await bureau.takes(number, "confirm_mistaken", note="经查属实")
    told = await sanming.told(complaint, "order_excluding")
    assert "属于“恶意差评”，拟不予采纳" in told
    assert "2025年11月3日24:00前" in told
    assert SUPERVISOR not in {who for who, _ in await sanming.pushed(complaint)}
    await sanming.move("2025-11-03 24:00")
    (told_up,) = await sanming.heard(complaint, SUPERVISOR)
    assert told_up.startswith(f"差评工单 {number}：不予采纳")
    assert await sanming.figures("2025-10-27", "SM-ZJJ") == (0, 0)


async def test_2_3_1_complex_matters_go_to_the_ledger(sanming: Walk) -> None:
    """二(三)1 对情况复杂、一时难以解决的，建立台账，限期整改: with a day and a reason, and the
    rater is told."""
    await sanming.move("2025-11-04 09:00")
    complaint = await verified(sanming)
    number = complaint.number
    handler = await sanming.seat("sm-handler")
    early = await handler.tries(
        number, "enter_in_ledger", until="2025-11-10", reason="涉及三个部门"
    )
    assert (early.status, early.shows("新的期限应晚于现在的期限")) == (422, True)
    ledger = {"until": "2025-12-31", "reason": "涉及三个部门的系统对接"}
    await handler.takes(number, "enter_in_ledger", **ledger)
    assert (await sanming.clocks(complaint))["extended"] == at("2025-12-31 24:00")
    assert "rectify" not in await sanming.clocks(complaint)
    told = await sanming.told(complaint, "order_extended")
    assert "办理期限延长至2025年12月31日，原因：涉及三个部门的系统对接。" in told
    assert "期限：2025年12月31日" in (await sanming.heard(complaint, BUREAU))[-1]
    twice = await handler.forces(number, "enter_in_ledger", 3, **ledger)
    assert twice.shows("已经建立台账", "依据：二(三)1")


async def test_silent_no_other_extension(sanming: Walk) -> None:
    """The ledger is the text's only way to more days."""
    await sanming.move("2025-11-05 09:00")
    complaint = await verified(sanming)
    later = {"until": "2025-12-31", "reason": "要等采购"}
    handler = await sanming.seat("sm-handler")
    assert "ask_extension" not in await handler.offered(complaint.number)
    refused = await handler.forces(complaint.number, "ask_extension", 2, **later)
    assert refused.shows("本地规定没有“整改延期”这一环节")


async def test_2_3_1_what_no_law_allows_is_explained(sanming: Walk) -> None:
    """二(三)1 对缺乏法定依据的，做好解释说明."""
    await sanming.move("2025-11-06 09:00")
    complaint = await verified(sanming)
    number = complaint.number
    handler = await sanming.seat("sm-handler")
    said = {"text": "该材料为法定要件，不能取消", "explained": [EXPLAINED]}
    await handler.takes(number, "answer", **said)
    assert "该材料为法定要件" in await sanming.told(complaint, "order_answered")
    assert (await (await sanming.seat("sm-bureau")).order(number)).shows("已作解释说明")


async def test_2_3_1_a_satisfied_rater_may_be_left_out_by_a_decision(sanming: Walk) -> None:
    """二(三)1 得到差评人满意回复的，可不予计算: the rater's own word by the link, then the bureau's
    decision and its reason (reading 12). The rating stays as it is."""
    await sanming.move("2025-11-10 09:00")
    complaint = await answered(sanming)
    number = complaint.number
    bureau, handler = await sanming.seat("sm-bureau"), await sanming.seat("sm-handler")
    assert "请您确认是否满意" in await sanming.told(complaint, "order_answered")
    refused = await bureau.forces(number, "leave_out", 3, reason="已电话确认满意")
    assert refused.shows("工单现在是“待评价人确认”，不能不予计算")
    assert (await handler.forces(number, "confirm", 3, satisfied="1")).status == 404
    page = await sanming.confirms(complaint, "满意", "第二天就改好了")
    assert page.shows("您的意见已经收到", "您的确认", "第二天就改好了")
    assert await sanming.figures("2025-11-10", "SM-ZJJ") == (1, 0), "not by itself"
    refused = await handler.forces(number, "leave_out", 5, reason="评价人已满意")
    assert refused.shows("这一步由主管部门办理")
    await bureau.takes(number, "leave_out", reason="评价人经链接确认满意")
    assert await sanming.figures("2025-11-10", "SM-ZJJ") == (0, 0)
    (said,) = await sanming.demo.evaluations(complaint.case)
    assert said["level_label"] == "不满意"
    assert (await sanming.their_page(complaint)).shows("按规定不计入评价统计")


async def test_2_3_1_a_dissatisfied_rater_is_reported(sanming: Walk) -> None:
    """二(三)1 申请人不满意回复的，相关情况反馈同级审改办、效能办. It is not opened again, and
    counts."""
    await sanming.move("2025-11-11 09:00")
    complaint = await answered(sanming, "已处理")
    number = complaint.number
    await sanming.confirms(complaint, "不满意", "什么都没有改")
    (told,) = await sanming.heard(complaint, SUPERVISOR)
    assert "评价人确认：不满意" in told
    assert "评价人说：什么都没有改" in told
    assert NAME not in told
    assert (await sanming.order(complaint))["state"] == "closed"
    bureau = await sanming.seat("sm-bureau")
    refused = await bureau.forces(number, "leave_out", 5, reason="电话里说满意了")
    assert refused.shows("评价人本人没有经链接确认满意", "依据：二(三)1")
    assert not (await sanming.their_page(complaint)).asks_for("satisfied")
    assert await sanming.figures("2025-11-11", "SM-ZJJ") == (1, 0)


# 三(三) 被评价人权益保护


async def test_3_3_staff_appeal_through_their_agency_within_five_days(sanming: Walk) -> None:
    """三(三) 可在5个工作日内通过所在机构向同级政务服务主管部门提出申诉; 经核实为误评或恶意差评的评
    价结果不予采纳."""
    await sanming.move("2025-11-17 09:00")
    complaint = await sanming.complaint_of_staff()
    number = complaint.number
    assert (await sanming.clocks(complaint))["appeal"] == at("2025-11-24 24:00")
    rated, handler = await sanming.seat("sm-staff"), await sanming.seat("sm-handler")
    bureau = await sanming.seat("sm-bureau")
    assert await rated.offered(number) == ["appeal"]
    await rated.takes(number, "appeal", reason="当日系统停机，已当场解释")
    assert "decide_appeal" not in await bureau.offered(number), "the agency has not passed it on"
    assert "当日系统停机，已当场解释" in (await sanming.heard(complaint, ZJJ))[-1]
    await handler.takes(number, "forward_appeal", PICTURE, note="系统停机公告属实")
    assert "decide_appeal" in await bureau.offered(number)
    assert "appeal" not in await sanming.clocks(complaint)
    said = {"upheld": "申诉成立", "note": "停机公告和监控属实"}
    await bureau.takes(number, "decide_appeal", **said)
    told = await sanming.told(complaint, "order_excluding")
    assert "拟不予采纳" in told
    page = await sanming.their_page(complaint)
    assert page.shows("当日系统停机，已当场解释", "三(三)")
    assert "张美玲" not in page.text
    await sanming.move("2025-11-24 24:00")
    assert (await sanming.order(complaint))["state"] == "excluded"


async def test_3_3_an_appeal_may_come_while_it_is_rectified(sanming: Walk) -> None:
    """三(三) 5个工作日 are longer than the three of 核实: the appeal meets a rectification, whose
    days run on (reading 10)."""
    await sanming.move("2025-11-25 09:00")
    complaint = await sanming.complaint_of_staff()
    number = complaint.number
    handler, bureau = await sanming.seat("sm-handler"), await sanming.seat("sm-bureau")
    await handler.takes(number, "verify")
    due = (await sanming.clocks(complaint))["rectify"]
    await sanming.move("2025-12-02 16:00")
    asked = await sanming.says("sm-staff", f"申诉 {number} 评价人把窗口弄错了")
    assert asked["text"].startswith(f"工单{number}：已申诉。\n当前环节：整改中")
    await handler.takes(number, "forward_appeal")
    assert (await sanming.clocks(complaint))["rectify"] == due
    await bureau.takes(number, "decide_appeal", upheld="申诉不成立，继续整改", note="窗口没有弄错")
    answer = await sanming.says("sm-staff", f"{number}")
    assert "整改中" in answer["text"]
    again = await sanming.says("sm-staff", f"申诉 {number} 还是不服")
    assert again["text"] == "这份工单已经申诉过（依据：三(三)）"


async def test_3_3_after_five_days_nobody_appeals(sanming: Walk) -> None:
    """三(三) 在5个工作日内."""
    await sanming.move("2025-12-03 09:00")
    complaint = await sanming.complaint_of_staff()
    await sanming.move("2025-12-10 24:00")
    rated = await sanming.seat("sm-staff")
    assert await rated.offered(complaint.number) == []
    refused = await rated.forces(complaint.number, "appeal", 1, reason="太忙忘了")
    assert refused.shows("申诉期限已过（2025年12月10日24:00截止）", "依据：三(三)")


async def test_3_3_only_who_must_call_sees_who_it_was(sanming: Walk) -> None:
    """三(三) 规范信息查询权限: by a reason, kept in the history, told to the bureau."""
    await sanming.move("2025-12-15 09:00")
    complaint = await sanming.complaint_of_staff()
    number = complaint.number
    rated, handler = await sanming.seat("sm-staff"), await sanming.seat("sm-handler")
    auditor, bureau = await sanming.seat("sm-auditor"), await sanming.seat("sm-bureau")
    for seat in (rated, auditor):
        assert f"/staff/orders/{number}/reveal" not in (await seat.order(number)).forms
        token = (await seat.open("/staff")).token
        sent = [("csrf", token), ("reason", "想知道是谁")]
        refused = await seat.send(f"/staff/orders/{number}/reveal", sent)
        assert (refused.status, refused.shows("只有需要回访评价人的人员可以查看联系方式")) == (
            409,
            True,
        )
        assert complaint.case.phone not in refused.text
    assert (await handler.looks_up(number, "核")).shows("请写明查看联系方式的理由")
    assert (await handler.looks_up(number, "电话核实情况")).shows(NAME, complaint.case.phone)
    told = (await sanming.heard(complaint, BUREAU))[-1]
    assert "住房和城乡建设局张志远查看联系方式\n理由：电话核实情况" in told
    assert (await bureau.order(number)).shows("查看联系方式", "张志远", "电话核实情况")
    assert "电话核实情况" not in (await rated.order(number)).text
