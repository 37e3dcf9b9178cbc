"""三明市政务服务“好差评”工作实施方案, paragraph by paragraph, over HTTP."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from models.tables import Coverage
from tests.scenarios.places import SANMING
from tests.scenarios.serving import NAME, PHONE, Json, Service, at, deadlines

VISIT = ("visit", ("staff",))
ITEM = ("completion", ("item",))

QUESTIONS = (
    "服务指引是否清晰",
    "办事程序是否便利",
    "材料手续是否精简",
    "操作界面是否友好",
    "有何改进意见",
)


@pytest.fixture
def sanming(service: Service) -> Service:
    return service.at(SANMING)


async def completed(place: Service, **more: Any) -> Json:
    """An online case, completed now: its invitation."""
    case = await place.case("online", **more)
    await place.complete(case)
    return await place.invitation(case)


# 二(一) 建立评价体系


@pytest.mark.parametrize(
    ("level", "orders"),
    [("非常满意", 0), ("满意", 0), ("基本满意", 0), ("不满意", 1), ("非常不满意", 1)],
)
async def test_2_1_2_the_two_last_levels_are_negative(
    sanming: Service, level: str, orders: int
) -> None:
    """二(一)2 评价设置五个等级，后两个等级为差评."""
    link = (await completed(sanming))["link"]
    page = await sanming.rate(link, level, words={"item": "窗口指引看不懂"})
    assert page.shows("谢谢您的评价")
    assert len(await sanming.orders()) == orders


async def test_2_1_2_a_bad_rating_says_why_as_the_platform_asks(sanming: Service) -> None:
    """The text is silent; the national field set asks for an indicator or words, and no paragraph
    is cited for it."""
    link = (await completed(sanming))["link"]
    refused = await sanming.rate(link, "不满意")
    assert refused.status == 422
    assert refused.shows("请选择对应的评价指标或填写不满意的原因")
    assert "依据" not in refused.text


# 二(二) 畅通评价渠道


async def test_2_2_1_on_site_every_visit_is_rated(sanming: Service) -> None:
    """二(二)1 实现现场服务“一次一评”."""
    case = await sanming.case()
    for number in (1, 2):
        await sanming.visit(case, number)
        assert await sanming.rateable(case) == {VISIT}
        await sanming.rate((await sanming.invitation(case, "visit"))["link"], "满意")
    await sanming.complete(case)
    assert await sanming.rateable(case) == {ITEM}


async def test_2_2_1_a_terminal_is_on_site_too(sanming: Service) -> None:
    """二(二)1 现场评价渠道包括自助服务终端; nobody serves there."""
    case = await sanming.case("terminal")
    await sanming.complete(case)
    assert await sanming.rateable(case) == {ITEM}


async def test_2_2_1_joint_approval_rated_as_a_whole(sanming: Service) -> None:
    """二(二)1 批量总体评价，一次评价的结果适用于本次实施并联审批的所有部门.

    涉及跨层级跨部门事项，评价结果归集到牵头部门."""
    cases = await sanming.group("parallel", lead_agency=SANMING.second_agency)
    await sanming.complete(*cases)
    overall = await sanming.invitation(cases[0], group=True)
    separate = (await sanming.invitation(cases[0]))["link"]
    assert overall["subject"]["agency"] == "三明市自然资源局"
    await sanming.rate(overall["link"], "不满意", words={"item": "两个部门说法不一"})
    for case in cases:
        (said,) = await sanming.evaluations(case)
        covered = await Coverage.filter(evaluation_id=said["id"]).select_related("agency")
        assert {row.agency.code for row in covered} == {SANMING.second_agency}
    assert (await sanming.browser.open(separate)).status == 409
    (order,) = await sanming.orders()
    assert (order["agency"], order["copied_to"]) == (SANMING.second_agency, [SANMING.agency])


async def test_2_2_1_joint_approval_rated_by_department_and_stage(sanming: Service) -> None:
    """二(二)1 也可选择分部门分阶段对相关审批部门单独评价."""
    cases = await sanming.group("parallel", lead_agency=SANMING.agency)
    await sanming.visit(cases[0])
    assert await sanming.rateable(cases[0]) == {VISIT}, "分阶段"
    await sanming.complete(*cases)
    overall = (await sanming.invitation(cases[0], group=True))["link"]
    second = await sanming.invitation(cases[1])
    assert second["subject"]["agency"] == "三明市自然资源局", "分部门"
    await sanming.rate(second["link"], "满意")
    (said,) = await sanming.evaluations(cases[1])
    (covered,) = await Coverage.filter(evaluation_id=said["id"]).select_related("agency")
    assert covered.agency.code == SANMING.second_agency
    assert await sanming.evaluations(cases[0]) == []
    assert await sanming.rateable(cases[0]) == {VISIT, ITEM}
    assert (await sanming.browser.open(overall)).status == 409


async def test_2_2_1_who_has_begun_department_by_department_goes_on_so(sanming: Service) -> None:
    """二(二)1 可选择总体评价, 也可单独评价: one was rated before the last was completed, so the
    choice is made; nobody is sent a link to an overall rating that would be refused."""
    cases = await sanming.group("parallel", "online", lead_agency=SANMING.agency)
    await sanming.complete(cases[0])
    await sanming.rate((await sanming.invitation(cases[0]))["link"], "满意")
    await sanming.complete(cases[1])
    (only,) = await sanming.invitations(cases[1])
    assert only["subject"]["cases"] == [cases[1]]
    # Of the first one, whoever has rated already is not asked any more.
    (second,) = await sanming.messages("sms")
    assert "建设用地规划许可" in second.text


async def test_2_2_1_one_thing_is_rated_once_and_not_by_stage(sanming: Service) -> None:
    """二(二)1 “一件事”集成套餐服务事项，由企业群众统一评价，不再分阶段评价."""
    cases = await sanming.group("theme", theme=SANMING.theme, lead_agency=SANMING.agency)
    await sanming.visit(cases[0])
    await sanming.complete(cases[0])
    assert await sanming.rateable(cases[0]) == set()
    await sanming.complete(cases[1])
    assert await sanming.rateable(cases[0]) == await sanming.rateable(cases[1]) == {ITEM}
    (only,) = await sanming.invitations(cases[1])
    assert only["subject"]["title"] == "项目开工一件事"
    await sanming.rate(only["link"], "满意")
    assert await sanming.evaluations(cases[0]) == await sanming.evaluations(cases[1])
    (said,) = await sanming.evaluations(cases[0])
    covered = await Coverage.filter(evaluation_id=said["id"]).select_related("agency")
    assert [row.agency.code for row in covered] == [SANMING.agency] * 2, "归集到牵头部门"


async def test_2_2_2_online_every_case_is_rated(sanming: Service) -> None:
    """二(二)2 推行网上服务“一事一评”."""
    case = await sanming.case("online")
    assert await sanming.rateable(case) == set()
    await sanming.complete(case)
    assert await sanming.rateable(case) == {ITEM}


async def test_2_2_2_calls_to_12345_are_rated(sanming: Service) -> None:
    """二(二)2 线上评价渠道包括12345便民服务平台; 一 人员都接受评价."""
    (invitation,) = (await sanming.call(caller=PHONE))["invitations"]
    assert (invitation["node"], invitation["targets"]) == ("call", ["staff"])


async def test_2_2_3_the_public_reviews_a_hall(sanming: Service) -> None:
    """二(二)3 推动社会各界“综合点评”: bound to no case."""
    code = await sanming.report("codes", hall=SANMING.hall)
    page = await sanming.browser.open(f"{code['link']}?whole=1")
    page.choose("level", "非常满意")
    assert (await sanming.browser.submit(page)).shows("谢谢您的评价")
    (said,) = (await sanming.get("evaluations"))["evaluations"]
    covered = await Coverage.get(evaluation_id=said["id"])
    assert (covered.target, covered.case_id) == ("hall", None)


async def test_2_2_3_the_five_questions_are_kept_as_they_were_answered(sanming: Service) -> None:
    """二(二)3 细化评价问询表单, 五项, 由办事企业群众自愿填写."""
    invitation = await completed(sanming)
    page = await sanming.browser.open(invitation["link"])
    for question in QUESTIONS:
        assert page.shows(question)
    said = {QUESTIONS[0]: "清晰", QUESTIONS[4]: "周末也开门"}
    await sanming.rate(invitation["link"], "满意", answers=said)
    (kept,) = await sanming.evaluations(invitation["subject"]["cases"][0])
    assert kept["answers"] == said


async def test_annex_an_sms_after_acceptance_and_after_completion(sanming: Service) -> None:
    """附件 在完成办件受理与办结等重要环节操作后，向办事企业群众发送评价短信, with the address."""
    case = await sanming.case()
    await sanming.visit(case)
    (accepted,) = await sanming.messages("sms")
    assert accepted.link is not None
    assert len(urlsplit(accepted.link).path) <= 30
    assert not urlsplit(accepted.link).query
    await sanming.complete(case)
    await sanming.complete(case)
    _, completed_too = await sanming.messages("sms")
    assert completed_too.to == f"+86{PHONE}"
    assert completed_too.link is not None
    assert completed_too.link in completed_too.text
    assert (await sanming.rate(completed_too.link, "满意")).status == 200


async def test_annex_the_sms_waits_until_the_morning(sanming: Service) -> None:
    """附件 names no hour; nobody is woken for it (reading 28)."""
    sanming.clock.at = at("2026-03-02 22:15")
    await completed(sanming)
    assert await sanming.messages("sms") == []
    sanming.clock.at = at("2026-03-03 08:00")
    assert len(await sanming.messages("sms")) == 1


async def test_annex_one_thing_is_asked_for_once(sanming: Service) -> None:
    """二(二)1 不再分阶段评价: no SMS at its stages, and one for all at the end."""
    cases = await sanming.group("theme", theme=SANMING.theme)
    await sanming.visit(cases[0])
    await sanming.complete(cases[0])
    assert await sanming.messages() == []
    await sanming.complete(cases[1])
    assert len(await sanming.messages("sms")) == 1


async def test_annex_nobody_is_sent_a_link_that_is_over(sanming: Service) -> None:
    """附件 after the step: a completion that is reported a year late is no such moment."""
    case = await sanming.case("online")
    sanming.clock.advance(days=365)
    await sanming.report("completions", case=case, at="2026-03-02T09:00:00+08:00")
    assert await sanming.messages() == []


# 二(三) 及时处理反馈


@pytest.mark.parametrize(
    ("given", "verified", "appealed"),
    [
        # A plain week, from Monday March 2.
        ("2026-03-02 09:00", "2026-03-05 24:00", "2026-03-09 24:00"),
        # Spring Festival 2026, February 15 to 23; Saturday the 14th is worked.
        ("2026-02-12 09:00", "2026-02-24 24:00", "2026-02-26 24:00"),
        # National Day 2025, October 1 to 8; Saturday the 11th is worked.
        ("2025-09-29 09:00", "2025-10-10 24:00", "2025-10-13 24:00"),
    ],
)
async def test_2_3_1_bureau_and_department_verify_together_within_three_days(
    sanming: Service, given: str, verified: str, appealed: str
) -> None:
    """二(三)1 管委会应在评价后3个工作日内会同审批部门完成回访核实; 三(三) 5个工作日内提出申诉.

    The ten days of 整改 run from 核实属实, the three of 撤销 from 核实认定: not yet (reading 9)."""
    sanming.clock.at = at(given)
    await sanming.rate((await completed(sanming))["link"], "不满意", words={"item": "太慢"})
    (order,) = await sanming.orders()
    assert (order["holder"], order["agency"]) == ("SM-GWH", SANMING.agency)
    assert order["received_at"] is not None
    assert deadlines(order) == {"verify": at(verified), "appeal": at(appealed)}
    assert {each["source"] for each in order["deadlines"]} == {"二(三)1", "三(三)"}


async def test_2_3_1_both_are_told_and_neither_who_it_was(sanming: Service) -> None:
    """二(三)1 管委会会同审批部门; 三(三) 未经当事人同意，不得将评价人信息提供给第三方."""
    invitation = await completed(sanming)
    await sanming.rate(invitation["link"], "非常不满意", words={"item": "材料要了两遍"})
    told = await sanming.messages("staff")
    assert {each.to for each in told} == {"三明市行政服务中心管委会", "三明市住房和城乡建设局"}
    for message in told:
        assert "材料要了两遍" in message.text
        for personal in (NAME, PHONE, *invitation["subject"]["cases"]):
            assert personal not in message.text


# 三(三) 权益保护


async def test_3_3_the_real_name_is_welcome_and_not_demanded(sanming: Service) -> None:
    """三(三) 鼓励办事企业群众实名评价: who gives no name is heard as well."""
    known = await completed(sanming)
    unknown = await completed(sanming, applicant={})
    for invitation in (known, unknown):
        assert (await sanming.rate(invitation["link"], "满意")).status == 200
    named = [
        (await sanming.evaluations(each["subject"]["cases"][0]))[0]["real_name"]
        for each in (known, unknown)
    ]
    assert named == [True, False]


# What the text does not say


async def test_silent_nobody_is_reminded_and_silence_means_nothing(sanming: Service) -> None:
    """The SMS of 附件 goes out at the step; there is no 催评, no default, no 未评."""
    invitation = await completed(sanming)
    assert invitation["remind_at"] is None
    assert invitation["timely_until"] is None
    sanming.clock.advance(days=100)
    await sanming.rate(invitation["link"], "满意")
    (said,) = await sanming.evaluations(invitation["subject"]["cases"][0])
    assert said["late"] is False
    assert said["provenance"] == "person"


async def test_silent_a_second_rating_is_refused_and_nothing_more_offered(
    sanming: Service,
) -> None:
    """The text knows no 追加评价."""
    link = (await completed(sanming))["link"]
    await sanming.rate(link, "满意")
    page = await sanming.browser.open(link)
    assert page.status == 409
    assert "追加评价" not in page.text


async def test_silent_a_batch_is_rated_case_by_case(sanming: Service) -> None:
    """The text knows no 批量业务: 一事一评 remains."""
    cases = await sanming.group("batch", "online")
    await sanming.complete(*cases)
    for case in cases:
        (only,) = await sanming.invitations(case)
        assert only["subject"]["cases"] == [case]
    await sanming.rate((await sanming.invitation(cases[0]))["link"], "满意")
    assert await sanming.rateable(cases[1]) == {ITEM}


async def test_silent_a_transferred_case_is_an_ordinary_case(sanming: Service) -> None:
    """Only 潮安第十四条 says what becomes of the cases that a hotline hands on."""
    call = await sanming.call()
    case = await sanming.case("online", kind="transferred", call=call["number"])
    await sanming.complete(case)
    assert await sanming.rateable(case) == {ITEM}
