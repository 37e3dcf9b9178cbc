"""重庆市綦江区政务服务中心“好差评”管理办法, 第十四条, 第十六条, 第十八条: what becomes of a bad
rating. At the console, in the chat of the demo, and in Feishu by its real callback."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.bot.feishu.fake_feishu import FakeFeishu
from tests.bot.feishu.theirs import OPEN_ID
from tests.scenarios.chats import InFeishu, binds, feishu_settings, now
from tests.scenarios.handling import PICTURE, Complaint, Walk, walking
from tests.scenarios.places import Place
from tests.scenarios.serving import at

pytestmark = pytest.mark.asyncio(loop_scope="module")

QIJIANG = Place(
    prefix="QJ",
    agency="QJ-MZJ",
    item="QJ-I2",
    staff="QJ-0501",
    window="QJ-W1",
    hotline="QJ-P1",
    operator="QJ-HL01",
)
EXPLAINED = "缺乏法定依据，已向评价人解释说明"
BUREAU, MZJ = "綦江区政务服务管理办公室", "綦江区民政局"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def feishu(lasting_url: str) -> AsyncIterator[FakeFeishu]:  # noqa: ARG001 - one for each engine
    async with FakeFeishu(now) as fake:
        fake.people[OPEN_ID] = None
        yield fake


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def qijiang(
    feishu: FakeFeishu, lasting_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Walk]:
    folder = tmp_path_factory.mktemp("qijiang")
    begins = "2026-04-30 09:00"
    async with walking(folder, lasting_url, QIJIANG, begins, feishu_settings(feishu)) as walk:
        yield walk


async def answered(walk: Walk, class_name: str = "问题复杂") -> Complaint:
    complaint = await walk.complaint("高龄津贴查了两个月没有结果")
    handler = await walk.seat("qj-handler")
    await handler.takes(complaint.number, "verify", class_name=class_name)
    await handler.takes(complaint.number, "answer", text="津贴已于今日补发到账")
    return complaint


# 第十六条 督促差评整改


async def test_article_16_a_complex_matter_has_five_working_days(qijiang: Walk) -> None:
    """第十六条 问题复杂的问题，采取承诺答复、整改回访等处理方式，限期5个工作日予以解决. From the
    receipt, which is at once: 第十四条 转交责任部门处理. Over Labour Day 2026, with the Saturday
    that is worked."""
    complaint = await qijiang.complaint("高龄津贴查了两个月没有结果")
    number = complaint.number
    assert {who for who, _ in await qijiang.pushed(complaint)} == {MZJ}
    assert await qijiang.clocks(complaint) == {"rectify": at("2026-05-11 24:00")}
    handler = await qijiang.seat("qj-handler")
    unsaid = await handler.tries(number, "verify", note="情况属实")
    assert (unsaid.status, unsaid.shows("请选择成因或类别")) == (422, True)
    await handler.takes(number, "verify", class_name="问题复杂")
    assert await qijiang.clocks(complaint) == {"rectify": at("2026-05-11 24:00")}
    explained = await qijiang.explained(complaint)
    assert "2026年4月30日09:00起算，当日不计，数满5个工作日" in explained
    assert "5月9日 调休上班，计1日" in explained
    assert (await handler.order(number)).shows("问题复杂", "依据：第十六条")


async def test_article_16_a_simple_matter_is_solved_on_the_spot(qijiang: Walk) -> None:
    """第十六条 情况简单、事实清楚的，采取解释说明、当场裁定等处理方式当场解决: before the day is
    over (reading 30)."""
    await qijiang.move("2026-05-11 09:00")
    complaint = await qijiang.complaint("工作人员没有戴工牌")
    handler = await qijiang.seat("qj-handler")
    await handler.takes(complaint.number, "verify", class_name="情况简单、事实清楚")
    assert await qijiang.clocks(complaint) == {"rectify": at("2026-05-11 24:00")}
    assert "应当场办结，最迟不过当日" in await qijiang.explained(complaint)
    await handler.takes(complaint.number, "answer", text="已当场改正，谢谢您的提醒")
    assert "已当场改正，谢谢您的提醒" in await qijiang.told(complaint, "order_answered")


async def test_article_16_in_feishu_from_the_push_to_the_rater(
    qijiang: Walk, feishu: FakeFeishu
) -> None:
    """第十六条 承办的政务服务机构要及时通过电话、短信、微信、上门见面等方式进行回访，将整改情况反馈
    企业和群众; 第十四条对问题处理情况进行跟踪回访. Handled in Feishu, by its real callback, signed
    and sealed."""
    await qijiang.move("2026-05-12 09:00")
    person = InFeishu(feishu, qijiang.demo.session)
    await binds(await qijiang.seat("qj-handler"), person)
    complaint = await qijiang.complaint("材料交了三次")
    number = complaint.number
    assert [who for who, _ in await qijiang.pushed(complaint)] == [f"gov/{OPEN_ID}"]
    card = person.pushed[-1]
    assert f"差评工单{number}号" in card.text
    assert "内容：服务事项——材料交了三次" in card.text
    assert complaint.case.number not in card.text
    assert f"工单{number}：已受理" in (await person.taps("受理")).text
    asked = await person.taps("核实")
    assert "请选择成因或类别" in asked.text
    chosen = await person.taps("核实复杂")
    assert "当前环节：整改中\n最近时限：2026年5月19日24:00" in chosen.text
    called = await person.says(f"联系 {number} 电话 已接通 已听取意见并致歉")
    assert f"工单{number}：已联系评价人" in called.text
    assert f"请接着发送“整改 {number}”后面的内容" in (await person.taps("整改")).text
    done = await person.says("已编制一次性告知单，三次材料不再重复收取")
    assert "当前环节：待评价人确认" in done.text

    told = await qijiang.told(complaint, "order_answered")
    assert "綦江区民政局答复：已编制一次性告知单，三次材料不再重复收取。请您确认是否满意" in told
    page = await qijiang.confirms(complaint, "满意")
    assert page.shows("已办结", "綦江区民政局已与您联系（电话）")
    assert "已听取意见并致歉" not in page.text
    assert "评价人确认：满意" in (await qijiang.heard(complaint, BUREAU))[-1]
    assert await qijiang.heard(complaint, f"gov/{OPEN_ID}") != []
    assert "评价人确认：满意" in person.pushed[-1].text


async def test_article_16_what_cannot_be_solved_is_explained(qijiang: Walk) -> None:
    """第十六条 确实无法解决的，应做好耐心细致的解释说明工作."""
    await qijiang.move("2026-05-13 09:00")
    complaint = await qijiang.complaint("未满八十岁也要发")
    number = complaint.number
    handler = await qijiang.seat("qj-handler")
    await handler.takes(number, "verify", class_name="问题复杂")
    said = {"text": "津贴按规定自八十周岁起发放，谢谢您的理解", "explained": [EXPLAINED]}
    await handler.takes(number, "answer", **said)
    sheet = await handler.order(number)
    assert sheet.shows("已作解释说明")
    assert "津贴按规定自八十周岁起发放" in await qijiang.told(complaint, "order_answered")


async def test_article_14_who_is_not_satisfied_is_heard_and_it_stays_closed(
    qijiang: Walk,
) -> None:
    """第十四条 对问题处理情况进行跟踪回访: the bureau is told. That it begins again nobody
    wrote."""
    await qijiang.move("2026-05-14 09:00")
    complaint = await answered(qijiang)
    await qijiang.confirms(complaint, "不满意", "只补了一个月")
    told = (await qijiang.heard(complaint, BUREAU))[-1]
    assert "评价人确认：不满意" in told
    assert "评价人说：只补了一个月" in told
    assert (await qijiang.order(complaint))["state"] == "closed"
    bureau = await qijiang.seat("qj-bureau")
    refused = await bureau.forces(complaint.number, "leave_out", 5, reason="电话里满意了")
    assert refused.shows("本地规定没有“满意回复的可不予计算”")


async def test_article_14_who_does_not_answer_is_not_waited_for_forever(qijiang: Walk) -> None:
    """The platform's thirty days. Nobody's silence is a satisfaction."""
    await qijiang.move("2026-05-15 09:00")
    complaint = await answered(qijiang)
    assert await qijiang.clocks(complaint) == {"callback": at("2026-06-14 24:00")}
    desk = await qijiang.seat("qj-callback")
    assert f"/staff/orders/{complaint.number}" in (await desk.open("/staff/orders?mine=1")).text
    # The desk may call; it cannot say for them that they are satisfied.
    assert await desk.offered(complaint.number) == ["contact"]
    assert (await desk.forces(complaint.number, "confirm", 3, satisfied="1")).status == 404
    await qijiang.move("2026-06-14 24:00")
    order = await qijiang.order(complaint)
    assert order["state"] == "closed"
    assert [each["kind"] for each in order["events"]][-2:] == ["unconfirmed", "closed"]
    page = await qijiang.their_page(complaint)
    assert page.shows("您没有在期限内确认")
    assert not page.asks_for("satisfied")


# 第十八条 申诉复核


async def test_article_18_staff_appeal_themselves(qijiang: Walk) -> None:
    """第十八条 工作人员收到“不满意”评价时可提出申诉，经核实为误评或恶意差评的评价结果不予采纳; 第六
    条 区政务办承担复核申诉. In person, with no term, and without their agency; 非常不满意 is meant
    as well (reading 15)."""
    await qijiang.move("2026-06-15 09:00")
    complaint = await qijiang.complaint_of_staff(level="非常不满意")
    number = complaint.number
    assert await qijiang.figures("2026-06-15", "QJ-MZJ") == (1, 0)
    handler, bureau = await qijiang.seat("qj-handler"), await qijiang.seat("qj-bureau")
    refused = await handler.forces(number, "appeal", 1, reason="评价人误会了")
    assert refused.shows("申诉由被评价的工作人员提出", "依据：第六条、第十八条")
    await handler.takes(number, "verify", class_name="问题复杂")
    await qijiang.move("2026-07-01 10:00")
    asked = await qijiang.says("qj-staff", f"申诉 {number} 评价人把窗口弄错了", PICTURE)
    assert asked["text"].startswith(f"工单{number}：已申诉，附1个文件。")
    assert "appeal" not in await qijiang.clocks(complaint)
    told = (await qijiang.heard(complaint, BUREAU))[-1]
    assert "申诉\n理由：评价人把窗口弄错了" in told
    said = {"upheld": "申诉成立", "note": "监控显示评价人在6号窗口办理"}
    await bureau.takes(number, "decide_appeal", **said)
    assert "拟不予采纳" in await qijiang.told(complaint, "order_excluding")
    heard = await qijiang.heard(complaint, "demo/qj-staff")
    assert "复核：申诉成立\n说明：监控显示评价人在6号窗口办理" in heard[-1]
    await qijiang.move("2026-07-08 24:00")
    assert await qijiang.figures("2026-06-15", "QJ-MZJ") == (0, 0)
    assert (await qijiang.their_page(complaint)).shows("不计入统计", "评价人把窗口弄错了")


async def test_article_18_an_appeal_that_is_not_upheld_leaves_the_days_as_they_were(
    qijiang: Walk,
) -> None:
    """第十八条 对经核实属于单位或个人履职不到位 …… 扣减绩效分: it counts, and is rectified."""
    await qijiang.move("2026-07-13 09:00")
    complaint = await qijiang.complaint_of_staff()
    number = complaint.number
    due = (await qijiang.clocks(complaint))["rectify"]
    await qijiang.says("qj-staff", f"申诉 {number} 我没有说过")
    bureau = await qijiang.seat("qj-bureau")
    said = {"upheld": "申诉不成立，继续整改", "note": "录音属实"}
    await bureau.takes(number, "decide_appeal", **said)
    assert (await qijiang.clocks(complaint))["rectify"] == due
    assert await qijiang.figures("2026-07-13", "QJ-MZJ") == (1, 0)
    assert await qijiang.sms(complaint, "order_excluding") == []


async def test_article_18_of_a_rating_of_the_item_no_staff_appeals(qijiang: Walk) -> None:
    """第十八条 工作人员收到“不满意”评价: what they were not rated for they do not even see."""
    await qijiang.move("2026-07-14 09:00")
    complaint = await qijiang.complaint()
    assert (await (await qijiang.seat("qj-staff")).order(complaint.number)).status == 404


async def test_article_18_the_agencys_own_way_needs_a_second_party_too(qijiang: Walk) -> None:
    """第十八条 经核实为误评或恶意差评的评价结果不予采纳: found by the agency, decided by 区政务
    办."""
    await qijiang.move("2026-07-15 09:00")
    complaint = await qijiang.complaint()
    number = complaint.number
    said = await qijiang.says("qj-handler", f"误评 {number} 误评 评价人来电说明点错了")
    assert "请附上证据（照片或录音）\n请在30分钟内发送照片" in said["text"]
    done = await qijiang.says("qj-handler", "", PICTURE)
    assert "当前环节：待审核认定" in done["text"]
    refused = await qijiang.says("qj-handler", f"同意认定 {number} 属实")
    assert refused["text"] == "这一步由主管部门办理"
    bureau = await qijiang.seat("qj-bureau")
    await bureau.takes(number, "confirm_mistaken", note="来电录音属实")
    assert (await qijiang.order(complaint))["state"] == "excluding"
