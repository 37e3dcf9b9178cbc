"""潮州市潮安区政务服务“好差评”工作细则, article by article, over HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from models.office import Office
from models.ratings.by_phone import Said
from models.rulebooks.shelf import Shelf
from models.tables import Coverage, Notice
from models.words import Level
from tests.scenarios.places import CHAOAN
from tests.scenarios.serving import NAME, PHONE, Service, at, deadlines, moment, serving
from tests.standing import StandingClock

VISIT = ("visit", ("staff",))
ITEM = ("completion", ("item",))


@pytest.fixture
def chaoan(service: Service) -> Service:
    return service.at(CHAOAN)


# 第二章 服务标准和评价指标


async def test_article_5_a_terminal_case_is_rated_for_its_item_only(chaoan: Service) -> None:
    """第五条 自助终端办理的事项，评价人可对服务事项进行评价."""
    case = await chaoan.case("terminal")
    await chaoan.complete(case)
    assert await chaoan.rateable(case) == {ITEM}


@pytest.mark.parametrize("level", ["非常满意", "满意", "基本满意"])
async def test_article_7_a_good_rating_needs_no_label(chaoan: Service, level: str) -> None:
    """第七条 可不选择评价标签直接提交评价结果; nobody has to answer for it."""
    case = await chaoan.case("online")
    await chaoan.complete(case)
    page = await chaoan.rate((await chaoan.invitation(case))["link"], level)
    assert page.status == 200
    assert page.shows("谢谢您的评价", level)
    assert await chaoan.orders() == []


@pytest.mark.parametrize("level", ["不满意", "非常不满意"])
async def test_article_7_a_bad_rating_brings_a_label_or_a_reason(
    chaoan: Service, level: str
) -> None:
    """第七条 应当选择对应的评价标签或填写不满意原因."""
    case = await chaoan.case("online")
    await chaoan.complete(case)
    link = (await chaoan.invitation(case))["link"]
    refused = await chaoan.rate(link, level)
    assert refused.status == 422
    assert refused.shows("第七条")
    assert await chaoan.evaluations(case) == []
    assert (await chaoan.rate(link, level, words={"item": "让我跑了三趟"})).status == 200
    (said,) = await chaoan.evaluations(case)
    assert said["level_label"] == level
    assert said["reasons"]["item"]["words"] == "让我跑了三趟"


async def test_article_7_a_label_alone_is_enough(chaoan: Service) -> None:
    """第七条 选择对应的评价标签: of this level, in the national table's words."""
    case = await chaoan.case("online")
    await chaoan.complete(case)
    link = (await chaoan.invitation(case))["link"]
    assert (await chaoan.rate(link, "不满意", ticked={"item": ["没有提供材料清单"]})).status == 200
    (said,) = await chaoan.evaluations(case)
    assert said["reasons"]["item"]["indicators"] == ["208"]


# 第三章、第四章 渠道


async def test_article_8_an_items_own_questions_are_answered_freely(chaoan: Service) -> None:
    """第八条 针对具体服务事项设计评价问询表单，自主自愿填写."""
    item = {"code": "CA-I9", "name": "烟花零售许可", "agency": "CA-SJJ"}
    await chaoan.report("directory", item=[{**item, "questions": ["从哪里知道的", "还缺什么"]}])
    cases = [await chaoan.case("online", item="CA-I9") for _ in range(2)]
    await chaoan.complete(*cases)
    links = [(await chaoan.invitation(case))["link"] for case in cases]
    assert (await chaoan.rate(links[0], "满意")).status == 200
    await chaoan.rate(links[1], "满意", answers={"从哪里知道的": "邻居说的"})
    answers = [(await chaoan.evaluations(case))[0]["answers"] for case in cases]
    assert answers == [{}, {"从哪里知道的": "邻居说的"}]


async def test_article_12_a_static_code_finds_the_case(chaoan: Service) -> None:
    """第十二条 张贴静态二维码，供评价人扫码评价."""
    case = await chaoan.case()
    await chaoan.complete(case)
    code = await chaoan.report("codes", window=CHAOAN.window)
    page = await chaoan.browser.open(code["link"])
    page.write("phone", PHONE)
    page.write("digits", case[-4:])
    found = await chaoan.browser.submit(page)
    assert found.shows("食品经营许可", case)
    found.choose("level", "满意")
    assert (await chaoan.browser.submit(found)).shows("谢谢您的评价")
    (said,) = await chaoan.evaluations(case)
    assert said["channel"] == "static_code"


async def test_article_12_a_static_code_takes_anonymous_ratings(chaoan: Service) -> None:
    """第四条、第十二条. The text asks for no real name: who is matched with no case may still rate
    the agency as a whole, counted apart from its cases (reading 23)."""
    code = await chaoan.report("codes", window=CHAOAN.window)
    page = await chaoan.browser.open(code["link"])
    page = await chaoan.browser.open(page.links["没有办件，直接综合点评"])
    page.choose("level", "基本满意")
    assert (await chaoan.browser.submit(page)).shows("谢谢您的评价", "潮安区市场监督管理局")
    (said,) = (await chaoan.get("evaluations"))["evaluations"]
    assert said["real_name"] is False
    covered = await Coverage.get(evaluation_id=said["id"])
    assert (covered.target, covered.case_id) == ("agency", None)


async def test_article_13_a_terminal_is_rated_as_a_platform(chaoan: Service) -> None:
    """第十三条 在自助服务终端张贴二维码; 第四条 政务服务平台（含自助服务端）的便捷性、完善性."""
    code = await chaoan.report("codes", platform=CHAOAN.terminal)
    page = await chaoan.browser.open(code["link"])
    page = await chaoan.browser.open(page.links["没有办件，直接综合点评"])
    assert page.choices("i-platform-2") == ["便捷性", "完善性"]
    page.choose("level", "不满意")
    refused = await chaoan.browser.submit(page)
    assert refused.status == 422
    assert refused.shows("第七条")
    refused.choose("i-platform-2", "便捷性")
    assert (await chaoan.browser.submit(refused)).shows("潮安区大厅1号自助终端")
    (message,) = await chaoan.messages("staff")
    assert "便捷性" in message.text


async def test_article_14_after_a_call_the_operators_service_is_rated(chaoan: Service) -> None:
    """第十四条 在通话结束后语音提示评价人对话务服务质量进行评价."""
    call = await chaoan.call(caller=PHONE)
    (invitation,) = call["invitations"]
    assert (invitation["node"], invitation["targets"]) == ("call", ["staff"])
    assert invitation["subject"]["staff"] == "黄丽华"
    assert "第十四条" in invitation["source"]


@pytest.mark.parametrize("words", ["没有听完就挂断了", ""])
async def test_article_14_a_bad_rating_of_a_call_is_called_back_by_hand(
    chaoan: Service, words: str
) -> None:
    """第十四条 对“不满意”“非常不满意”的评价进行人工回访: whether they have said why or not."""
    await chaoan.say(Said(Level.DISSATISFIED, words))
    (said,) = (await chaoan.get("evaluations"))["evaluations"]
    assert (said["level"], said["channel"]) == (2, "hotline")
    (order,) = await chaoan.orders()
    assert [(step["kind"], step["source"]) for step in order["events"]] == [
        ("opened", "第二十二条"),
        ("callback_opened", "第十四条"),
    ]
    (complaint,) = await chaoan.messages("staff")
    assert words in complaint.text
    assert "由热线人工回访评价人（第十四条）" in complaint.text
    (thanks,) = [each for each in chaoan.recorder.taken if each.channel == "sms"]
    assert thanks.to == f"+86{PHONE}"
    assert thanks.link is not None
    receipt = await chaoan.browser.open(thanks.link)
    assert receipt.shows("不满意", f"{order['number']}号")


async def test_article_14_a_good_rating_of_a_call_is_no_reason_to_write(chaoan: Service) -> None:
    await chaoan.say(Said(Level.VERY_SATISFIED))
    assert (await chaoan.get("evaluations"))["evaluations"][0]["level"] == 5
    assert await chaoan.orders() == []
    assert await chaoan.messages() == []


async def test_article_14_who_hangs_up_is_reminded_by_sms_once(chaoan: Service) -> None:
    """第十四条 开通“好差评”语音和短信评价提示功能."""
    await chaoan.say(Said())
    (sms,) = await chaoan.messages("sms")
    assert sms.to == f"+86{PHONE}"
    assert sms.link is not None
    page = await chaoan.rate(sms.link, "满意")
    assert page.shows("谢谢您的评价")
    (said,) = (await chaoan.get("evaluations"))["evaluations"]
    assert said["channel"] == "sms"
    assert [each.kind for each in await chaoan.messages("sms")] == ["invitation", "thanks"]


async def test_article_14_a_case_named_by_the_call_was_handed_on(chaoan: Service) -> None:
    """The hotline knows the case's number, and the agency's system the call's not."""
    case = await chaoan.case("online", kind="transferred", applicant={})
    await chaoan.call(caller=PHONE, case=case)
    await chaoan.complete(case)
    (sms,) = await chaoan.messages("sms")
    assert sms.to == f"+86{PHONE}"


async def test_article_14_a_transferred_case_is_asked_for_by_sms(chaoan: Service) -> None:
    """第十四条 转政务服务机构承办的事项办结后，通过短信提示评价人对承办单位办理情况进行评价."""
    call = await chaoan.call(caller=PHONE)
    case = await chaoan.case("online", kind="transferred", call=call["number"])
    assert await chaoan.messages("sms") == []
    await chaoan.complete(case)
    assert await chaoan.rateable(case) == {("completion", ("agency",))}
    (sms,) = await chaoan.messages("sms")
    assert sms.to == f"+86{PHONE}"
    assert sms.link is not None
    page = await chaoan.rate(sms.link, "不满意", words={"agency": "没有答复"})
    assert page.status == 200
    (said,) = await chaoan.evaluations(case)
    assert said["channel"] == "sms"
    (order,) = await chaoan.orders()
    assert order["agency"] == CHAOAN.agency


async def test_article_14_the_caller_is_asked_where_only_the_call_knows_the_number(
    chaoan: Service,
) -> None:
    """第十四条 热线通过短信提示评价人: who called is who rates, whatever the agency wrote down."""
    call = await chaoan.call(caller=PHONE)
    case = await chaoan.case("online", kind="transferred", call=call["number"], applicant={})
    await chaoan.complete(case)
    (sms,) = await chaoan.messages("sms")
    assert sms.to == f"+86{PHONE}"


async def test_article_14_no_other_case_is_asked_for_by_sms_at_its_step(chaoan: Service) -> None:
    """The text sends an SMS to remind (第十九条) and for transferred cases, to nobody else."""
    case = await chaoan.case()
    await chaoan.visit(case)
    await chaoan.complete(case)
    assert await chaoan.messages() == []


# 第五章 评价节点


async def test_article_16_online_the_item_is_rated_once_after_completion(chaoan: Service) -> None:
    """第十六条 全程网上办理的事项办结后，评价人对服务事项进行1次评价."""
    case = await chaoan.case("online")
    assert await chaoan.rateable(case) == set()
    await chaoan.complete(case)
    assert await chaoan.rateable(case) == {ITEM}
    link = (await chaoan.invitation(case))["link"]
    assert (await chaoan.rate(link, "满意")).status == 200
    assert await chaoan.rateable(case) == set()
    assert (await chaoan.browser.open(link)).status == 409


async def test_article_16_once_however_often_it_is_sent(chaoan: Service) -> None:
    """第十六条 1次评价. A second click is thanked for the first; two people at once: one counts."""
    case, other = await chaoan.case("online"), await chaoan.case("online")
    await chaoan.complete(case, other)
    page = await chaoan.browser.open((await chaoan.invitation(case))["link"])
    page.choose("level", "满意")
    for answer in (await chaoan.browser.submit(page), await chaoan.browser.submit(page)):
        assert answer.shows("谢谢您的评价")
    assert len(await chaoan.evaluations(case)) == 1
    link, words = (await chaoan.invitation(other))["link"], {"item": "太慢"}
    answers = await asyncio.gather(*(chaoan.rate(link, "不满意", words=words) for _ in range(4)))
    assert sorted(each.status for each in answers) == [200, 409, 409, 409]
    assert len(await chaoan.evaluations(other)) == len(await chaoan.orders()) == 1


async def test_article_16_staff_at_every_visit_and_the_item_at_completion(chaoan: Service) -> None:
    """第十六条 每次到窗口办理后均可对服务人员进行1次评价，事项办结后可对服务事项进行1次评价."""
    case = await chaoan.case()
    await chaoan.visit(case, 1)
    assert await chaoan.rateable(case) == {VISIT}
    first = await chaoan.invitation(case, "visit")
    assert (first["subject"]["staff"], first["visit"]) == ("林志强", 1)
    await chaoan.rate(first["link"], "非常满意")
    chaoan.clock.advance(days=1)
    await chaoan.visit(case, 2)
    assert (await chaoan.invitation(case, "visit"))["visit"] == 2
    await chaoan.complete(case)
    assert await chaoan.rateable(case) == {VISIT, ITEM}


async def test_article_16_online_with_a_visit_is_partly_at_the_window(chaoan: Service) -> None:
    """第十六条 线上线下相结合的事项 has a visit, however the case was announced."""
    case = await chaoan.case("online")
    await chaoan.visit(case)
    await chaoan.complete(case)
    assert await chaoan.rateable(case) == {VISIT, ITEM}


async def test_article_16_events_in_any_order_end_in_the_same_state(chaoan: Service) -> None:
    """A completion may come before its visit, and both before their case."""
    number = chaoan.new_number()
    assert (await chaoan.complete(number))["held"] is True
    assert (await chaoan.visit(number))["held"] is True
    await chaoan.case(number=number)
    assert await chaoan.rateable(number) == {VISIT, ITEM}
    before = await chaoan.invitations(number)
    assert (await chaoan.complete(number))["fresh"] is False
    assert (await chaoan.visit(number))["fresh"] is False
    await chaoan.case(number=number)
    assert await chaoan.invitations(number) == before


async def test_article_17_one_rating_is_valid_for_the_whole_batch(chaoan: Service) -> None:
    """第十七条 实行“一次评价”，评价的结果适用于本次批量办理的所有业务."""
    cases = await chaoan.group("batch")
    for case in cases:
        await chaoan.visit(case)
    await chaoan.complete(cases[0])
    assert await chaoan.rateable(cases[0]) == {VISIT}, "not before all are completed"
    await chaoan.complete(cases[1])
    assert await chaoan.rateable(cases[0]) == {VISIT, ITEM}
    overall = await chaoan.invitation(cases[0], group=True)
    assert overall["subject"]["cases"] == cases
    await chaoan.rate(overall["link"], "非常不满意", words={"item": "等了一上午"})
    first, second = [(await chaoan.evaluations(case)) for case in cases]
    assert first == second
    assert len(first) == 1
    assert len(await chaoan.orders()) == 1, "reading 20: one order for all"


async def test_article_17_only_what_was_applied_for_at_a_window_is_a_batch(
    chaoan: Service,
) -> None:
    """第十七条 在窗口单次申报同一事项; online 第十六条 remains: each case is rated once."""
    cases = await chaoan.group("batch", "online")
    await chaoan.complete(*cases)
    for case in cases:
        (only,) = await chaoan.invitations(case)
        assert only["subject"]["cases"] == [case]


async def test_article_18_a_theme_rated_as_a_whole(chaoan: Service) -> None:
    """第十八条 总体评价时，评价一次，结果适用于主题业务关联的所有事项."""
    cases = await chaoan.group("theme", theme=CHAOAN.theme)
    await chaoan.complete(*cases)
    separate = await chaoan.invitation(cases[1])
    overall = await chaoan.invitation(cases[0], group=True)
    assert overall["subject"]["title"] == "我要开小餐馆"
    await chaoan.rate(overall["link"], "满意")
    for case in cases:
        assert await chaoan.rateable(case) == set()
        assert len(await chaoan.evaluations(case)) == 1
    assert (await chaoan.browser.open(separate["link"])).status == 409


async def test_article_18_a_theme_rated_item_by_item(chaoan: Service) -> None:
    """第十八条 分别评价时，评价人对主题业务关联的所有事项展开分别进行评价."""
    cases = await chaoan.group("theme", theme=CHAOAN.theme)
    await chaoan.complete(*cases)
    overall = await chaoan.invitation(cases[0], group=True)
    await chaoan.rate((await chaoan.invitation(cases[0]))["link"], "满意")
    assert (await chaoan.browser.open(overall["link"])).status == 409
    assert await chaoan.rateable(cases[1]) == {ITEM}
    await chaoan.rate((await chaoan.invitation(cases[1]))["link"], "基本满意")
    levels = [(await chaoan.evaluations(case))[0]["level_label"] for case in cases]
    assert levels == ["满意", "基本满意"]


async def test_article_18_who_has_begun_item_by_item_goes_on_so(chaoan: Service) -> None:
    """第十八条 总体评价或分别评价: the first item is rated before the second is completed."""
    cases = await chaoan.group("theme", theme=CHAOAN.theme)
    await chaoan.complete(cases[0])
    await chaoan.rate((await chaoan.invitation(cases[0]))["link"], "满意")
    await chaoan.complete(cases[1])
    (only,) = await chaoan.invitations(cases[1])
    assert only["subject"]["cases"] == [cases[1]]


async def test_article_19_reminded_after_a_day_silent_after_seven(chaoan: Service) -> None:
    """第十九条 24小时内未做出评价的发送短信；7个自然日内未做出评价的，系统默认为“非常满意”. Natural
    days: the last one is the last, in the middle of the National Day holiday (reading 5)."""
    chaoan.clock.at = at("2025-09-29 16:30")
    case = await chaoan.case()
    await chaoan.visit(case)
    await chaoan.complete(case)
    completed = await chaoan.invitation(case)
    assert moment(completed["remind_at"]) == at("2025-09-30 16:30")
    assert moment(completed["timely_until"]) == at("2025-10-06 24:00")
    visit = await chaoan.invitation(case, "visit")
    assert visit["remind_at"] is None, "对已办结服务事项"
    assert visit["timely_until"] is None
    why = (await chaoan.get(f"cases/{case}/explanation"))["because"]
    (silence,) = (each for each in why if each["rule"] == "silence")
    assert silence["source"] == "第十九条"
    assert silence["days"][-1] == "2025年10月6日24:00截止"


@pytest.mark.parametrize(("now", "late"), [("2025-10-06 23:59", False), ("2025-10-06 24:00", True)])
async def test_article_19_a_late_rating_is_kept_and_marked(
    chaoan: Service, now: str, late: bool
) -> None:
    """第十九条 says what silence becomes, and nobody is turned away afterwards (reading 18)."""
    chaoan.clock.at = at("2025-09-29 16:30")
    case = await chaoan.case("online")
    await chaoan.complete(case)
    link = (await chaoan.invitation(case))["link"]
    chaoan.clock.at = at(now)
    assert (await chaoan.rate(link, "满意")).status == 200
    (said,) = await chaoan.evaluations(case)
    assert said["late"] is late


async def test_article_19_a_second_rating_is_refused_and_the_follow_up_offered(
    chaoan: Service,
) -> None:
    """第十九条 评价人做出评价后，可在60个自然日内进行一次追加评价."""
    case = await chaoan.case("online")
    await chaoan.complete(case)
    link = (await chaoan.invitation(case))["link"]
    await chaoan.rate(link, "非常满意")
    second = await chaoan.browser.open(link)
    assert second.status == 409
    assert second.shows("2026年5月1日24:00"), "60 days after March 2, a holiday or not"
    chaoan.clock.advance(days=3)
    more = await chaoan.rate(second.links["追加评价"], "不满意", words={"item": "证照印错了"})
    assert more.status == 200
    first, added = await chaoan.evaluations(case)
    assert (first["ordinal"], first["level_label"]) == (1, "非常满意"), "added to, not replaced"
    assert (added["ordinal"], added["level_label"]) == (2, "不满意")
    assert [order["evaluation"] for order in await chaoan.orders()] == [added["id"]]
    third = await chaoan.browser.open(second.links["追加评价"])
    assert third.status == 409, "一次"


async def test_article_19_a_bad_follow_up_brings_its_reason(chaoan: Service) -> None:
    """第七条 asks it of every rating, the added one too (reading 19)."""
    case = await chaoan.case("online")
    await chaoan.complete(case)
    link = (await chaoan.invitation(case))["link"]
    await chaoan.rate(link, "满意")
    follow_up = (await chaoan.browser.open(link)).links["追加评价"]
    refused = await chaoan.rate(follow_up, "不满意")
    assert refused.status == 422
    assert refused.shows("第七条")


async def test_article_19_after_sixty_days_nothing_is_added(chaoan: Service) -> None:
    """第十九条 60个自然日内: May 1 is the sixtieth day after March 2."""
    case = await chaoan.case("online")
    await chaoan.complete(case)
    link = (await chaoan.invitation(case))["link"]
    await chaoan.rate(link, "满意")
    chaoan.clock.at = at("2026-05-01 23:59")
    follow_up = (await chaoan.browser.open(link)).links["追加评价"]
    chaoan.clock.at = at("2026-05-01 24:00")
    assert "追加评价" not in (await chaoan.browser.open(link)).links
    assert (await chaoan.browser.open(follow_up)).status == 410


# 第七章 差评转办、核实和整改


async def test_article_22_the_bureau_gets_the_order_first(chaoan: Service) -> None:
    """第二十二条 自动生成差评工单，由区政务服务数据管理局获取，并进行转办.

    The seven days of 第二十四条 run from 收到工单, so not yet; the line for dispatching is the
    platform's own (reading 8). On the Friday before Spring Festival: that Saturday is worked."""
    chaoan.clock.at = at("2026-02-13 17:00")
    case = await chaoan.case("online")
    await chaoan.complete(case)
    link = (await chaoan.invitation(case))["link"]
    await chaoan.rate(link, "不满意", words={"item": "让我跑了三趟"})
    (order,) = await chaoan.orders()
    assert (order["holder"], order["agency"]) == ("CA-ZSJ", CHAOAN.agency)
    assert order["state"] == "opened"
    assert order["received_at"] is None
    assert deadlines(order) == {"dispatch": at("2026-02-14 24:00")}
    assert order["deadlines"][0]["source"] == "platform"


async def test_article_22_the_complaint_is_pushed_without_naming_anybody(chaoan: Service) -> None:
    """第二十二条. The notice is in the outbox as soon as the rating is; it says what, never who."""
    case = await chaoan.case("online")
    await chaoan.complete(case)
    link = (await chaoan.invitation(case))["link"]
    await chaoan.rate(link, "非常不满意", words={"item": "窗口一直没人"})
    notice = await Notice.get(kind="complaint")
    (said,) = await chaoan.evaluations(case)
    assert (notice.state, notice.created_at) == ("waiting", moment(said["at"]))
    (message,) = await chaoan.messages("staff")
    assert message.to == "潮安区政务服务数据管理局"
    assert "非常不满意" in message.text
    assert "窗口一直没人" in message.text
    for personal in (NAME, PHONE, case):
        assert personal not in message.text + str(notice.body)


async def test_article_28_a_case_is_judged_by_the_day_it_was_completed(chaoan: Service) -> None:
    """第二十八条. No date is given: in force whenever a case was completed (reading 33)."""
    chaoan.clock.at = at("2021-01-04 09:00")
    case = await chaoan.case("online")
    await chaoan.complete(case)
    assert (await chaoan.invitation(case))["version"] == 1


def amended(folder: Path) -> Shelf:
    """As if 第十九条 had been amended from April 2026 on: 5 days, and 默认为“基本满意”."""
    text = (files("models.rulebooks") / "chaoan.toml").read_text("utf-8")
    head, rules = text.split("[[version]]\n")
    before = rules.replace("effective_source", "effective_until = 2026-03-31\neffective_source", 1)
    after = rules.replace('effective_from = "unknown"', "effective_from = 2026-04-01", 1)
    after = after.replace('count = 7, unit = "natural_days"', 'count = 5, unit = "natural_days"')
    after = after.replace('default_level = "非常满意"', 'default_level = "基本满意"')
    whole = f"{head}[[version]]\n{before}[[version]]\n{after}"
    (folder / "chaoan.toml").write_text(whole, "utf-8")
    return Shelf.load(folder)


async def test_article_28_the_version_in_force_at_completion_judges(
    office: Office, clock: StandingClock, tmp_path: Path
) -> None:
    """第十九条 counts from 办结, and so do its versions: neither report nor rating decides."""
    (tmp_path / "own").mkdir()
    office = replace(office, shelf=amended(tmp_path / "own"))
    async with serving(office, clock, CHAOAN) as chaoan:
        old, new = await chaoan.case("online"), await chaoan.case("online")
        clock.at = at("2026-04-02 09:00")
        await chaoan.report("completions", case=old, at="2026-03-31T23:59:00+08:00")
        await chaoan.report("completions", case=new, at="2026-04-01T00:00:00+08:00")
        ends = [moment((await chaoan.invitation(case))["timely_until"]) for case in (old, new)]
        assert ends == [at("2026-04-07 24:00"), at("2026-04-06 24:00")]
        for case in (old, new):
            await chaoan.rate((await chaoan.invitation(case))["link"], "满意")
        assert [(await chaoan.evaluations(case))[0]["version"] for case in (old, new)] == [1, 2]


# What the text does not say


async def test_silent_no_real_name_is_asked(chaoan: Service) -> None:
    """No article asks who somebody is (reading 23)."""
    case = await chaoan.case("online", applicant={})
    await chaoan.complete(case)
    link = (await chaoan.invitation(case))["link"]
    assert not (await chaoan.browser.open(link)).asks_for("name")
    await chaoan.rate(link, "不满意", words={"item": "太慢"})
    (said,) = await chaoan.evaluations(case)
    assert said["real_name"] is False


async def test_silent_parallel_approval_is_rated_case_by_case(chaoan: Service) -> None:
    """The text knows no 并联审批: 第十六条 remains for each case."""
    cases = await chaoan.group("parallel", lead_agency=CHAOAN.agency)
    await chaoan.complete(*cases)
    for case in cases:
        (only,) = await chaoan.invitations(case)
        assert only["subject"]["cases"] == [case]
