"""天津市政务服务“好差评”实施细则, article by article, over HTTP. 河西区 is its district."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models.calendar.added_years import read_year
from models.calendar.working_days import WorkingDays
from models.calendar.year_plan import library_plans
from models.office import Office
from models.ratings.by_phone import Said
from models.settling import settle
from models.tables import Coverage
from models.words import Level
from tests.scenarios.browser import Page
from tests.scenarios.places import HEXI, TIANJIN
from tests.scenarios.serving import NAME, PHONE, Json, Service, at, deadlines, moment, serving
from tests.standing import StandingClock

VISIT = ("visit", ("staff",))
ITEM = ("completion", ("item",))
BOTH = ("completion", ("staff", "item"))


@pytest.fixture
def hexi(service: Service) -> Service:
    return service.at(HEXI)


@pytest.fixture
def tianjin(service: Service) -> Service:
    """The city's own departments."""
    return service.at(TIANJIN)


async def completed(place: Service, **more: Any) -> Json:
    """An online case, completed now: its invitation."""
    case = await place.case("online", **more)
    await place.complete(case)
    return await place.invitation(case)


# 第二章 评价指标


@pytest.mark.parametrize("handling", ["online", "terminal"])
async def test_article_6_online_only_the_item_is_rated(hexi: Service, handling: str) -> None:
    """第六条 线上办理事项只评价服务事项; 第十一条 自助终端办理事项办结后对相应事项进行1次评价."""
    case = await hexi.case(handling)
    assert await hexi.rateable(case) == set()
    await hexi.complete(case)
    assert await hexi.rateable(case) == {ITEM}
    page = await hexi.browser.open((await hexi.invitation(case))["link"])
    assert page.shows("公共场所卫生许可", case), "第十条(三)"
    assert not page.asks_for("i-staff-2")


@pytest.mark.parametrize("level", ["非常满意", "满意", "基本满意"])
async def test_article_7_praise_needs_no_indicator(hexi: Service, level: str) -> None:
    """第七条 提交“好评”，可不选择对应指标."""
    page = await hexi.rate((await completed(hexi))["link"], level)
    assert page.shows("谢谢您的评价")
    assert await hexi.orders() == []


@pytest.mark.parametrize("level", ["不满意", "非常不满意"])
async def test_article_7_blame_names_an_indicator_or_says_why(hexi: Service, level: str) -> None:
    """第七条 提交“差评”，应选择对应指标或文字输入不满意原因."""
    link = (await completed(hexi))["link"]
    refused = await hexi.rate(link, level)
    assert refused.status == 422
    assert refused.shows("第七条")
    assert (await hexi.rate(link, level, words={"item": "多跑了两趟"})).status == 200


async def test_article_7_the_annexs_indicators_are_offered(hexi: Service) -> None:
    """第七条 可以选择系统预设的评价内容: those of the level in 附表, in its words."""
    page = await hexi.browser.open((await completed(hexi))["link"])
    assert page.choices("i-item-2") == [
        "没有提供材料样本",
        "没有提供材料清单",
        "未在承诺时间内办结",
        "同样内容的证明材料被要求多次提交",
        "承诺网办但无法在线办理",
        "在线预约办理后到实体大厅重复取号排队",
        "其他",
    ]


async def test_annex_other_needs_words(hexi: Service) -> None:
    """附表 “其他” says nothing by itself, and 第七条 asks for the reason."""
    link = (await completed(hexi))["link"]
    refused = await hexi.rate(link, "不满意", ticked={"item": ["其他"]})
    assert refused.status == 422
    assert refused.shows("选择“其他”时，请写明具体情况")
    said = {"item": "预约的窗口关着"}
    assert (await hexi.rate(link, "不满意", ticked={"item": ["其他"]}, words=said)).status == 200


# 第三章 评价渠道


async def test_article_9_a_call_is_rated(hexi: Service) -> None:
    """第九条(四) 12345政务服务便民热线：评价主体可通过电话等进行评价."""
    (invitation,) = (await hexi.call(caller=PHONE))["invitations"]
    assert (invitation["node"], invitation["targets"]) == ("call", ["staff"])
    assert invitation["subject"]["staff"] == "赵静"


async def test_article_17_a_caller_whose_name_nobody_knows_is_asked_for_it_by_sms(
    hexi: Service,
) -> None:
    """第十七条 “好差评”实行实名制: what they said on the telephone is kept beside it."""
    ended = await hexi.say(Said(Level.SATISFIED))
    assert ended.receipt is None
    (sms,) = await hexi.messages("sms")
    assert sms.link is not None
    page = await hexi.rate(sms.link, "满意", name=NAME, phone=PHONE)
    assert page.shows("谢谢您的评价")


async def test_article_10_the_page_shows_item_serial_number_and_staff(hexi: Service) -> None:
    """第十条(一) 应显示评价主体所办事项名称、业务流水号、窗口工作人员姓名."""
    case = await hexi.case()
    await hexi.visit(case)
    page = await hexi.browser.open((await hexi.invitation(case, "visit"))["link"])
    assert page.shows("公共场所卫生许可", case, "王建军")


async def seek(place: Service, digits: str) -> Page:
    """第十条(二): somebody scans the static code of the window and names their case."""
    code = await place.report("codes", window=HEXI.window)
    page = await place.browser.open(code["link"])
    page.write("phone", PHONE)
    page.write("digits", digits)
    return await place.browser.submit(page)


async def test_article_10_the_static_code_finds_todays_case(hexi: Service) -> None:
    """第十条(二) 在窗口办完相关事项后，通过扫码方式进行评价. Who it is must be known."""
    case = await hexi.case()
    await hexi.visit(case)
    page = await seek(hexi, case[-4:])
    assert page.shows(case, "王建军")
    page.choose("level", "满意")
    assert (await hexi.browser.submit(page)).status == 200
    (said,) = await hexi.evaluations(case)
    assert (said["channel"], said["real_name"]) == ("static_code", True)


async def test_article_10_what_matches_no_case_is_an_opinion(hexi: Service) -> None:
    """第十七条 rules out an anonymous rating: it is kept as an opinion, not scored, not lost."""
    case = await hexi.case()
    await hexi.complete(case)
    hexi.clock.advance(days=1)  # no case of this day any more
    page = await seek(hexi, case[-4:])
    assert page.shows("没有找到可以评价的办件")
    page.write("words", "排队太久")
    assert (await hexi.browser.submit(page)).shows("不计入评分")
    assert (await hexi.get("evaluations"))["evaluations"] == []
    (opinion,) = (await hexi.get("opinions"))["opinions"]
    assert (opinion["agency"], opinion["words"]) == (HEXI.agency, "排队太久")


# 第四章 评价规则


async def test_article_11_staff_at_every_visit_and_the_item_at_completion(hexi: Service) -> None:
    """第十一条 每次现场办理后均可对服务人员进行1次评价，办结后可对相应事项进行1次评价."""
    case = await hexi.case("mixed")
    for number in (1, 2):
        await hexi.visit(case, number)
        assert await hexi.rateable(case) == {VISIT}
        link = (await hexi.invitation(case, "visit"))["link"]
        assert (await hexi.rate(link, "满意")).status == 200
        assert (await hexi.browser.open(link)).status == 409, "1次"
    await hexi.complete(case)
    assert await hexi.rateable(case) == {ITEM}
    assert len(await hexi.evaluations(case)) == 2


async def batch(place: Service) -> tuple[list[str], Json]:
    """Applied for at one window, completed: the cases, and the invitation of all."""
    cases = await place.group("batch")
    for case in cases:
        await place.visit(case)
    await place.complete(*cases)
    return cases, await place.invitation(cases[0], group=True)


async def test_article_12_one_praise_is_valid_for_staff_and_item_of_all(hexi: Service) -> None:
    """第十二条 “一次评价”，结果适用于本次批量办理的所有业务；“好评”适用于服务人员和服务事项."""
    cases, overall = await batch(hexi)
    assert await hexi.rateable(cases[0]) == await hexi.rateable(cases[1]) == {BOTH}
    await hexi.rate(overall["link"], "满意")
    (first,), (second,) = [await hexi.evaluations(case) for case in cases]
    assert first == second
    covered = Coverage.filter(evaluation_id=first["id"])
    assert await covered.filter(target="item").count() == 2
    assert await covered.filter(target="staff", staff_id__not_isnull=True).count() == 2


async def test_article_12_blame_is_said_of_staff_and_of_item(hexi: Service) -> None:
    """第十二条 给予“差评”的，需选择服务人员和服务事项具体差评内容."""
    cases, overall = await batch(hexi)
    link = overall["link"]
    for only in ("staff", "item"):
        refused = await hexi.rate(link, "不满意", words={only: "不行"})
        assert refused.status == 422
        assert refused.shows("第十二条")
    ticked = {"staff": ["窗口人员业务不熟，办事效率较低"], "item": ["没有提供材料清单"]}
    assert (await hexi.rate(link, "不满意", ticked=ticked)).status == 200
    assert len(await hexi.evaluations(cases[1])) == 1
    (order,) = await hexi.orders()
    assert order["copied_to"] == []


async def test_article_13_joint_approval_has_two_nodes(hexi: Service) -> None:
    """第十三条 收件时对窗口人员服务进行评价，办结时对窗口人员服务和办理事项进行评价."""
    cases = await hexi.group("parallel", lead_agency=HEXI.agency)
    for case in cases:
        await hexi.visit(case)
    assert await hexi.rateable(cases[0]) == await hexi.rateable(cases[1]) == {VISIT}
    await hexi.rate((await hexi.invitation(cases[0], "visit", group=True))["link"], "满意")
    hexi.clock.advance(days=7)
    assert await hexi.rateable(cases[1]) == set(), "one visit with both applications"
    await hexi.complete(*cases)
    assert await hexi.rateable(cases[0]) == {BOTH}
    overall = await hexi.invitation(cases[0], group=True)
    assert overall["subject"]["agency"] == "河西区行政审批局"
    await hexi.rate(overall["link"], "非常满意")
    for case in cases:
        visit, completion = await hexi.evaluations(case)
        assert (visit["level"], completion["level"]) == (4, 5)


async def test_article_13_blame_is_said_of_staff_and_of_item(hexi: Service) -> None:
    """第十三条 给予“差评”的，需选择服务人员和服务事项具体差评内容. The lead department answers, the
    others are told (reading 21)."""
    cases = await hexi.group("parallel", lead_agency=HEXI.second_agency)
    await hexi.visit(cases[0])
    await hexi.complete(*cases)
    link = (await hexi.invitation(cases[0], group=True))["link"]
    refused = await hexi.rate(link, "非常不满意", words={"item": "两家互相推"})
    assert refused.status == 422
    assert refused.shows("第十三条")
    words = {"item": "两家互相推", "staff": "说不清楚"}
    assert (await hexi.rate(link, "非常不满意", words=words)).status == 200
    (order,) = await hexi.orders()
    assert (order["agency"], order["copied_to"]) == (HEXI.second_agency, [HEXI.agency])


async def test_article_13_without_a_visit_there_is_no_staff_to_rate(hexi: Service) -> None:
    """第六条 线上办理事项只评价服务事项: joint approval applied for online, too."""
    cases = await hexi.group("parallel", "online", lead_agency=HEXI.agency)
    await hexi.complete(*cases)
    assert await hexi.rateable(cases[0]) == {ITEM}
    link = (await hexi.invitation(cases[0], group=True))["link"]
    assert (await hexi.rate(link, "不满意", words={"item": "太慢"})).status == 200


async def test_article_14_a_theme_as_a_whole_or_item_by_item(hexi: Service) -> None:
    """第十四条 可进行总体评价，结果适用于所有事项，也可对关联事项分别进行评价."""
    whole = await hexi.group("theme", "online", theme=HEXI.theme)
    apart = await hexi.group("theme", "online", theme=HEXI.theme)
    await hexi.complete(*whole, *apart)
    await hexi.rate((await hexi.invitation(whole[0], group=True))["link"], "满意")
    assert await hexi.rateable(whole[0]) == await hexi.rateable(whole[1]) == set()
    overall = (await hexi.invitation(apart[0], group=True))["link"]
    await hexi.rate((await hexi.invitation(apart[0]))["link"], "满意")
    assert (await hexi.browser.open(overall)).status == 409
    assert await hexi.rateable(apart[1]) == {ITEM}


async def test_article_15_an_online_consultation_is_not_rated(hexi: Service) -> None:
    """第十五条 在线上办结查询咨询类业务的，不进行评价. The system that reports is told so."""
    case = await hexi.case("online", kind="consultation")
    answer = await hexi.complete(case)
    assert answer["invitations"] == []
    (why,) = answer["not_rated"]
    assert (why["code"], why["source"]) == ("consultation_online", "第十五条")


async def test_article_15_a_consultation_in_the_hall_rates_the_staff(hexi: Service) -> None:
    """第十五条 在政务大厅办结的，可对窗口人员服务进行评价."""
    case = await hexi.case(kind="consultation")
    await hexi.visit(case)
    await hexi.complete(case)
    assert await hexi.rateable(case) == {VISIT}


@pytest.mark.parametrize(
    ("completion", "end"),
    [
        # National Day 2025, October 1 to 8; Saturday the 11th is worked.
        ("2025-09-29 10:00", "2025-10-13 24:00"),  # Sept 30, Oct 9, 10, 11, 13
        # Spring Festival 2026, February 15 to 23; Saturday the 14th is worked.
        ("2026-02-13 10:00", "2026-02-27 24:00"),  # Feb 14, 24, 25, 26, 27
        # Completed by night, and on a Sunday.
        ("2026-03-01 23:30", "2026-03-06 24:00"),  # Mar 2, 3, 4, 5, 6
    ],
)
async def test_article_16_unrated_after_five_working_days(
    hexi: Service, completion: str, end: str
) -> None:
    """第十六条 24小时内未评价的，可发送短信或致电提醒；5个工作日内未进行评价的，标记为“未评”."""
    hexi.clock.at = at(completion)
    invitation = await completed(hexi)
    assert moment(invitation["timely_until"]) == at(end)
    assert moment(invitation["remind_at"]) == at(completion).replace(day=at(completion).day + 1)
    assert invitation["provisional"] is False


@pytest.mark.parametrize(("now", "late"), [("2026-02-27 23:59", False), ("2026-02-27 24:00", True)])
async def test_article_16_a_late_rating_is_kept_and_marked(
    hexi: Service, now: str, late: bool
) -> None:
    """第十六条. What nobody rated in time is 未评; who comes later is heard (reading 18)."""
    hexi.clock.at = at("2026-02-13 10:00")
    invitation = await completed(hexi)
    hexi.clock.at = at(now)
    assert (await hexi.rate(invitation["link"], "基本满意")).status == 200
    (said,) = await hexi.evaluations(invitation["subject"]["cases"][0])
    assert said["late"] is late


@pytest.mark.parametrize("applicant", [{}, {"phone": PHONE}, {"name": NAME}])
async def test_article_17_who_rates_says_who_they_are(
    hexi: Service, applicant: dict[str, str]
) -> None:
    """第十七条 “好差评”实行实名制. A case that does not say who applied: the page asks."""
    link = (await completed(hexi, applicant=applicant))["link"]
    page = await hexi.browser.open(link)
    assert page.shows("第十七条")
    refused = await hexi.rate(link, "满意")
    assert refused.status == 422
    assert refused.shows("实名制", "第十七条")
    assert (await hexi.rate(link, "满意", name=NAME, phone=PHONE)).status == 200
    (said,) = (await hexi.get("evaluations"))["evaluations"]
    assert said["real_name"] is True


async def test_article_17_who_is_known_is_not_asked_again(hexi: Service) -> None:
    """第十七条. The case says who applied."""
    link = (await completed(hexi))["link"]
    assert not (await hexi.browser.open(link)).asks_for("name")
    await hexi.rate(link, "满意")
    (said,) = (await hexi.get("evaluations"))["evaluations"]
    assert said["real_name"] is True


# 第五章 差评处理


async def test_article_18_a_districts_order_goes_to_its_government(hexi: Service) -> None:
    """第十八条 系统自动提示区人民政府整改，区人民政府应及时将工单分送给被评价区级部门.

    The clocks of 第二十条 and 第二十一条 run from 收到, so not yet. On the eve of the holiday."""
    hexi.clock.at = at("2025-09-30 16:00")
    await hexi.rate((await completed(hexi))["link"], "不满意", words={"item": "太慢"})
    (order,) = await hexi.orders()
    assert (order["holder"], order["agency"]) == ("HX-ZF", HEXI.agency)
    assert order["received_at"] is None
    assert deadlines(order) == {"dispatch": at("2025-10-09 24:00")}
    (message,) = await hexi.messages("staff")
    assert message.to == "河西区人民政府"


async def test_article_18_a_district_that_names_the_rulebook_itself(hexi: Service) -> None:
    """第十八条. The department is the district's, whether the district has the rulebook
    from the city or names it itself."""
    region = {"code": "120103", "name": "天津市河西区", "rulebook": "tianjin"}
    await hexi.report("directory", region=[region])
    await hexi.rate((await completed(hexi))["link"], "不满意", words={"item": "太慢"})
    (order,) = await hexi.orders()
    assert order["holder"] == "HX-ZF"


async def test_article_18_a_municipal_departments_order_is_its_own(tianjin: Service) -> None:
    """第十八条 系统自动提示相关市级部门; 第二十条 1个工作日内回访; 第二十一条 1个工作日内提出复核.

    From the moment it is there. February 14 is worked, the holiday begins on the 15th and ends on
    the 23rd; the 28th is worked. Until it has a class: the longest term, 15个工作日."""
    tianjin.clock.at = at("2026-02-14 11:00")
    await tianjin.rate((await completed(tianjin))["link"], "非常不满意", words={"item": "退了三次"})
    (order,) = await tianjin.orders()
    assert order["holder"] == order["agency"] == TIANJIN.agency
    assert moment(order["received_at"]) == at("2026-02-14 11:00")
    assert deadlines(order) == {
        "first_contact": at("2026-02-24 24:00"),
        "appeal": at("2026-02-24 24:00"),
        "rectify": at("2026-03-13 24:00"),
    }


async def test_article_17_the_push_does_not_say_who_rated(tianjin: Service) -> None:
    """第十七条 严格保护评价主体信息: 第十八条 tells what was said, not who said it."""
    link = (await completed(tianjin, applicant={}))["link"]
    await tianjin.rate(link, "不满意", words={"item": "退了三次"}, name=NAME, phone=PHONE)
    (message,) = await tianjin.messages("staff")
    assert message.to == "天津市公安局"
    assert "退了三次" in message.text
    assert NAME not in message.text
    assert PHONE not in message.text


# 第七章 附则


async def test_article_28_nothing_is_judged_before_its_day(hexi: Service) -> None:
    """第二十八条 自2021年8月1日起施行."""
    hexi.clock.at = at("2021-07-31 23:59")
    before = await hexi.case("online")
    (why,) = (await hexi.complete(before))["not_rated"]
    assert why["code"] == "no_rulebook_in_force"
    hexi.clock.at = at("2021-07-31 24:00")
    after = await hexi.case("online")
    await hexi.complete(after)
    assert await hexi.rateable(after) == {ITEM}


async def test_article_28_a_case_begun_before_and_completed_after(hexi: Service) -> None:
    """第二十八条. The visit was before the day and is not rated; the completion is judged by the
    version in force at it."""
    hexi.clock.at = at("2021-07-30 10:00")
    case = await hexi.case()
    await hexi.visit(case)
    hexi.clock.at = at("2021-08-02 10:00")
    await hexi.complete(case)
    assert await hexi.rateable(case) == {ITEM}


# What the text does not say


async def test_silent_a_second_rating_is_refused_and_nothing_more_offered(hexi: Service) -> None:
    """The text knows no 追加评价."""
    invitation = await completed(hexi)
    await hexi.rate(invitation["link"], "满意")
    page = await hexi.browser.open(invitation["link"])
    assert page.status == 409
    assert "追加评价" not in page.text


async def test_silent_no_sms_at_the_step_itself(hexi: Service) -> None:
    """第十六条 sends one to remind, and none before."""
    case = await hexi.case()
    await hexi.visit(case)
    await hexi.complete(case)
    assert await hexi.messages() == []


# 工作日 of a year without its notice


async def test_orders_of_december_reach_into_a_year_without_notice(
    office: Office, clock: StandingClock
) -> None:
    """第十六条、第二十条 count working days. Into 2027 they are provisional, shown so, and settled
    when the operator adds the year (DESIGN §6). In the added year January 1 to 3 are off."""
    known = {year: plan for year, plan in library_plans().items() if year <= 2026}
    unready = replace(office, days=WorkingDays(library=known))
    clock.at = at("2026-12-31 10:00")
    async with serving(unready, clock, TIANJIN) as tianjin:
        invitation = await completed(tianjin)
        assert invitation["provisional"] is True
        await tianjin.rate(invitation["link"], "不满意", words={"item": "太慢"})
        waiting = await tianjin.get("deadlines?provisional=true")
        kinds = {each["kind"] for each in waiting["deadlines"]}
        assert kinds == {"first_contact", "appeal", "rectify"}
        (message,) = await tianjin.messages("staff")
        assert "2027年1月1日24:00（暂推" in message.text

        notice = Path(__file__).parents[1] / "models" / "calendar" / "2027.toml"
        year = read_year(notice.read_text("utf-8"), notice.name, library=known)
        assert await settle(replace(unready, days=WorkingDays([year], library=known))) == 4

        assert (await tianjin.get("deadlines?provisional=true"))["deadlines"] == []
        (order,) = await tianjin.orders()
        first = at("2027-01-04 24:00")
        # 4 to 8, 11 to 15, 18 to 22.
        longest = at("2027-01-22 24:00")
        assert deadlines(order) == {"first_contact": first, "appeal": first, "rectify": longest}
        (case,) = invitation["subject"]["cases"]
        (settled,) = await tianjin.invitations(case, state="rated")
        assert moment(settled["timely_until"]) == at("2027-01-08 24:00")  # 4, 5, 6, 7, 8
