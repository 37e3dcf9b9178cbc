"""威海临港《关于明确政务服务“差评”整改管理制度的通知》, paragraph by paragraph, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from models.tables import Coverage, Notice
from tests.scenarios.places import LINGANG
from tests.scenarios.serving import NAME, PHONE, Json, Service, at, deadlines, moment

VISIT = ("visit", ("staff",))
ITEM = ("completion", ("item",))


@pytest.fixture
def lingang(service: Service) -> Service:
    return service.at(LINGANG)


async def completed(place: Service, **more: Any) -> Json:
    """An online case, completed now: its invitation."""
    case = await place.case("online", **more)
    await place.complete(case)
    return await place.invitation(case)


# 一、差评来源


async def test_1_on_site_every_visit_is_rated(lingang: Service) -> None:
    """一 现场服务“一次一评”，评价对象为服务事项及相关工作人员."""
    case = await lingang.case()
    for number in (1, 2):
        await lingang.visit(case, number)
        assert await lingang.rateable(case) == {VISIT}
        await lingang.rate((await lingang.invitation(case, "visit"))["link"], "满意")
    await lingang.complete(case)
    assert await lingang.rateable(case) == {ITEM}


@pytest.mark.parametrize("handling", ["online", "terminal"])
async def test_1_online_every_case_is_rated(lingang: Service, handling: str) -> None:
    """一 网上服务“一事一评”; who is served by nobody rates nobody."""
    case = await lingang.case(handling)
    assert await lingang.rateable(case) == set()
    await lingang.complete(case)
    assert await lingang.rateable(case) == {ITEM}


async def test_1_the_public_reviews_the_window(lingang: Service) -> None:
    """一 社会各界“综合点评”, 二维码评价、留言评价: bound to no case, by nobody in particular."""
    code = await lingang.report("codes", window=LINGANG.window)
    page = await lingang.browser.open(code["link"])
    page = await lingang.browser.open(page.links["没有办件，直接综合点评"])
    assert not page.asks_for("name"), "the text asks for no name"
    page.choose("level", "满意")
    page.write("w-agency", "导办员很热心")
    assert (await lingang.browser.submit(page)).shows("谢谢您的评价")
    (said,) = (await lingang.get("evaluations"))["evaluations"]
    covered = await Coverage.get(evaluation_id=said["id"])
    assert (covered.target, covered.case_id) == ("agency", None)


async def test_1_calls_are_made_to_spot_check_and_not_rated(lingang: Service) -> None:
    """一 政务服务电话“抽查”: the office calls the citizen; a call to it is no service to rate."""
    call = await lingang.call(caller=PHONE)
    assert call["invitations"] == []
    (why,) = call["not_rated"]
    assert why["code"] == "hotline_call_not_rated"


# 二、差评的分类


@pytest.mark.parametrize(
    ("level", "orders"),
    [("非常满意", 0), ("满意", 0), ("基本满意", 0), ("不满意", 1), ("非常不满意", 1)],
)
async def test_2_two_levels_are_negative(lingang: Service, level: str, orders: int) -> None:
    """二 “不满意”“非常不满意”两个等级为差评."""
    link = (await completed(lingang))["link"]
    await lingang.rate(link, level, words={"item": "空调坏了"})
    assert len(await lingang.orders()) == orders


async def test_2_a_bad_rating_says_why_as_the_platform_asks(lingang: Service) -> None:
    """The text is silent; the national field set asks for it, and no paragraph is cited."""
    link = (await completed(lingang))["link"]
    refused = await lingang.rate(link, "不满意")
    assert refused.status == 422
    assert "依据" not in refused.text


# 三、差评的处置，四、差评申诉复核机制


@pytest.mark.parametrize(
    ("given", "due"),
    [
        ("2026-03-02 09:00", "2026-03-03 24:00"),
        # Given on a Saturday: Monday is the first working day.
        ("2026-03-07 20:00", "2026-03-09 24:00"),
        # National Day 2025, October 1 to 8.
        ("2025-09-30 17:30", "2025-10-09 24:00"),
        # Spring Festival 2026, February 15 to 23; Saturday the 14th is worked.
        ("2026-02-13 17:30", "2026-02-14 24:00"),
        ("2026-02-14 17:30", "2026-02-24 24:00"),
    ],
)
async def test_3_the_unit_itself_calls_back_within_a_working_day(
    lingang: Service, given: str, due: str
) -> None:
    """三(一) 业务办理单位收到差评后，要启动即时响应机制; 附件 于1个工作日内回访, whatever the class
    (reading 16); 四 可在1个工作日内提出复核申请. By when it is answered depends on the class, and
    is in `test_order_deadlines.py`."""
    lingang.clock.at = at(given)
    await lingang.rate((await completed(lingang))["link"], "不满意", words={"item": "太慢"})
    (order,) = await lingang.orders()
    assert order["holder"] == order["agency"] == LINGANG.agency
    assert moment(order["received_at"]) == at(given)
    first = {kind: each for kind, each in deadlines(order).items() if kind != "rectify"}
    assert first == {"first_contact": at(due), "appeal": at(due)}


async def test_3_the_push_names_the_first_term_and_nobody(lingang: Service) -> None:
    """三(一) 即时响应: written with the rating, sent at once."""
    link = (await completed(lingang))["link"]
    await lingang.rate(link, "非常不满意", words={"item": "让我等了两个小时"})
    assert (await Notice.get(kind="complaint")).state == "waiting"
    (message,) = await lingang.messages("staff")
    assert message.to == "临港区行政审批服务局"
    assert "让我等了两个小时" in message.text
    assert "2026年3月3日24:00" in message.text
    assert NAME not in message.text
    assert PHONE not in message.text


async def test_3_a_member_of_staff_rated_badly(lingang: Service) -> None:
    """二(一) 对工作人员服务态度不满意: the order is the unit's, whose staff it is."""
    case = await lingang.case()
    await lingang.visit(case)
    link = (await lingang.invitation(case, "visit"))["link"]
    page = await lingang.rate(link, "非常不满意", ticked={"staff": ["服务态度差效率低"]})
    assert page.shows("您反映的情况已转交处理")
    (order,) = await lingang.orders()
    assert order["agency"] == LINGANG.agency


# What the text does not say


async def test_silent_nobody_is_reminded_and_silence_means_nothing(lingang: Service) -> None:
    """短信评价 is a channel; who is sent one, and when, the text does not say."""
    invitation = await completed(lingang)
    assert invitation["remind_at"] is None
    assert invitation["timely_until"] is None
    lingang.clock.advance(days=30)
    assert await lingang.messages() == []
    await lingang.rate(invitation["link"], "满意")
    (said,) = await lingang.evaluations(invitation["subject"]["cases"][0])
    assert said["late"] is False


async def test_silent_a_second_rating_is_refused_and_nothing_more_offered(
    lingang: Service,
) -> None:
    """The text knows no 追加评价."""
    link = (await completed(lingang))["link"]
    await lingang.rate(link, "满意")
    page = await lingang.browser.open(link)
    assert page.status == 409
    assert "追加评价" not in page.text


async def test_silent_no_real_name_is_asked_for_a_case(lingang: Service) -> None:
    """三(一) speaks of 实名差评, and asks nobody for a name."""
    invitation = await completed(lingang, applicant={})
    assert not (await lingang.browser.open(invitation["link"])).asks_for("name")
    await lingang.rate(invitation["link"], "不满意", words={"item": "太慢"})
    (said,) = await lingang.evaluations(invitation["subject"]["cases"][0])
    assert said["real_name"] is False


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("batch", {}),
        ("theme", {"theme": LINGANG.theme}),
        ("parallel", {"lead_agency": LINGANG.agency}),
    ],
)
async def test_silent_what_is_applied_for_together_is_rated_case_by_case(
    lingang: Service, kind: str, more: dict[str, str]
) -> None:
    """The text knows no 批量, no 主题式, no 并联审批: “一次一评”“一事一评” remain."""
    cases = await lingang.group(kind, **more)
    await lingang.visit(cases[0])
    await lingang.complete(*cases)
    assert await lingang.rateable(cases[0]) == {VISIT, ITEM}
    (only,) = await lingang.invitations(cases[1])
    assert only["subject"]["cases"] == [cases[1]]


async def test_silent_a_transferred_case_is_an_ordinary_case(lingang: Service) -> None:
    """The text says nothing of cases that a hotline hands on."""
    case = await lingang.case("online", kind="transferred")
    await lingang.complete(case)
    assert await lingang.rateable(case) == {ITEM}
