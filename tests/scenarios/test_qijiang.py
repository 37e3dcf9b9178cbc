"""重庆市綦江区政务服务中心“好差评”管理办法, article by article, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from models.tables import Coverage
from tests.scenarios.places import QIJIANG
from tests.scenarios.serving import NAME, PHONE, Json, Service, at, deadlines, moment

VISIT = ("visit", ("staff",))
ITEM = ("completion", ("item",))


@pytest.fixture
def qijiang(service: Service) -> Service:
    return service.at(QIJIANG)


async def completed(place: Service, **more: Any) -> Json:
    """An online case, completed now: its invitation."""
    case = await place.case("online", **more)
    await place.complete(case)
    return await place.invitation(case)


# 第二章 评价体系与内容


async def test_article_7_every_step_may_be_rated(qijiang: Service) -> None:
    """第七条 确保企业和群众在办理政务服务事项各环节均能进行评价: each visit, and the completion."""
    case = await qijiang.case()
    for number in (1, 2):
        await qijiang.visit(case, number)
        invitation = await qijiang.invitation(case, "visit")
        assert invitation["subject"]["staff"] == "罗小芳"
        await qijiang.rate(invitation["link"], "满意")
    await qijiang.complete(case)
    assert await qijiang.rateable(case) == {ITEM}
    assert len(await qijiang.evaluations(case)) == 2


@pytest.mark.parametrize("level", ["非常满意", "满意", "基本满意"])
async def test_article_8_the_three_good_levels_open_nothing(qijiang: Service, level: str) -> None:
    """第八条 5个等级; 第十六条 deals with “不满意”或“非常不满意” only."""
    page = await qijiang.rate((await completed(qijiang))["link"], level)
    assert page.shows("谢谢您的评价", level)
    assert await qijiang.orders() == []


async def test_article_9_content_follows_the_national_scheme(qijiang: Service) -> None:
    """第九条 按照《全国一体化在线政务服务平台“好差评”系统技术方案》确定的评价内容."""
    page = await qijiang.browser.open((await completed(qijiang))["link"])
    assert "多头跑窗口和部门" in page.choices("i-item-1")
    assert "一窗受理一次办结" in page.choices("i-item-5")


# 第三章 评价渠道与方式


@pytest.mark.parametrize("handling", ["online", "terminal", "window"])
async def test_article_10_every_case_is_rated_once(qijiang: Service, handling: str) -> None:
    """第十条 线上、线下实行“一事一评”."""
    case = await qijiang.case(handling)
    assert await qijiang.rateable(case) == set()
    await qijiang.complete(case)
    assert await qijiang.rateable(case) == {ITEM}
    link = (await qijiang.invitation(case))["link"]
    assert (await qijiang.rate(link, "满意")).status == 200
    assert (await qijiang.browser.open(link)).status == 409


async def test_article_10_a_hotline_call_is_rated(qijiang: Service) -> None:
    """第十条 线下评价渠道包括政务服务热线电话."""
    (invitation,) = (await qijiang.call(caller=PHONE))["invitations"]
    assert (invitation["node"], invitation["targets"]) == ("call", ["staff"])
    assert "第十条" in invitation["source"]


async def test_article_10_the_windows_code_finds_the_case(qijiang: Service) -> None:
    """第十条 在每一个办事窗口设置评价装置和二维码，方便企业和群众通过手机扫码评价."""
    case = await qijiang.case()
    await qijiang.complete(case)
    code = await qijiang.report("codes", window=QIJIANG.window)
    qijiang.clock.advance(days=3)
    page = await qijiang.browser.open(code["link"])
    page.write("phone", f"+86 {PHONE}")
    page.write("digits", case[-4:])
    found = await qijiang.browser.submit(page)
    assert found.shows("高龄津贴申领", case)


async def test_article_10_who_matches_no_case_rates_the_whole(qijiang: Service) -> None:
    """第十条 积极主动听取综合评价意见; 鼓励实名 is no demand."""
    code = await qijiang.report("codes", window=QIJIANG.window)
    page = await qijiang.browser.open(code["link"])
    page.write("phone", PHONE)
    page.write("digits", "0000")
    whole = await qijiang.browser.submit(page)
    assert whole.shows("没有找到可以评价的办件")
    whole.choose("level", "不满意")
    whole.write("w-agency", "厅里没有座位")
    assert (await qijiang.browser.submit(whole)).shows("谢谢您的评价")
    (said,) = (await qijiang.get("evaluations"))["evaluations"]
    covered = await Coverage.get(evaluation_id=said["id"]).select_related("agency")
    assert (covered.target, covered.agency.code) == ("agency", QIJIANG.agency)
    (order,) = await qijiang.orders()
    assert order["agency"] == QIJIANG.agency
    (message,) = await qijiang.messages("staff")
    assert "厅里没有座位" in message.text


@pytest.mark.parametrize(
    ("applicant", "named"), [({}, False), ({"name": NAME, "phone": PHONE}, True)]
)
async def test_article_10_the_real_name_is_welcome_and_not_demanded(
    qijiang: Service, applicant: dict[str, str], named: bool
) -> None:
    """第十条 鼓励企业和群众实名评价政务服务."""
    invitation = await completed(qijiang, applicant=applicant)
    assert (await qijiang.rate(invitation["link"], "满意")).status == 200
    (said,) = await qijiang.evaluations(invitation["subject"]["cases"][0])
    assert said["real_name"] is named


# 第四章 处理反馈与限期整改


async def test_article_13_the_push_does_not_say_who_rated(qijiang: Service) -> None:
    """第十三条 要严格保护评价人信息; 第十四条 转交责任部门处理."""
    link = (await completed(qijiang))["link"]
    await qijiang.rate(link, "非常不满意", words={"item": "材料要了两遍"})
    (message,) = await qijiang.messages("staff")
    assert message.to == "綦江区民政局"
    assert "材料要了两遍" in message.text
    assert NAME not in message.text
    assert PHONE not in message.text


@pytest.mark.parametrize("level", ["不满意", "非常不满意"])
async def test_article_14_the_department_answers_itself(qijiang: Service, level: str) -> None:
    """第十四条 转交责任部门处理.

    第十六条 gives 当场 to a simple matter and 5个工作日 to a difficult one: until somebody has said
    which it is the longer one runs; an appeal has no term (第十八条). February 14 is worked, 15 to
    23 are not, then 24 to 27."""
    qijiang.clock.at = at("2026-02-13 10:00")
    await qijiang.rate((await completed(qijiang))["link"], level, words={"item": "太慢"})
    (order,) = await qijiang.orders()
    assert order["holder"] == order["agency"] == QIJIANG.agency
    assert moment(order["received_at"]) == at("2026-02-13 10:00")
    assert deadlines(order) == {"rectify": at("2026-02-27 24:00")}


async def test_article_16_a_bad_rating_says_why_as_the_platform_asks(qijiang: Service) -> None:
    """The text is silent; the national field set asks for it, and no article is cited."""
    link = (await completed(qijiang))["link"]
    refused = await qijiang.rate(link, "非常不满意")
    assert refused.status == 422
    assert "依据" not in refused.text
    assert (
        await qijiang.rate(link, "非常不满意", ticked={"item": ["多头跑窗口和部门"]})
    ).status == 200


# What the text does not say


async def test_silent_nobody_is_reminded_and_silence_means_nothing(qijiang: Service) -> None:
    """No SMS, no default, no 未评, no rating that comes too late."""
    case = await qijiang.case()
    await qijiang.visit(case)
    await qijiang.complete(case)
    for invitation in await qijiang.invitations(case):
        assert invitation["remind_at"] is None
        assert invitation["timely_until"] is None
    qijiang.clock.advance(days=30)
    assert await qijiang.messages() == []
    await qijiang.rate((await qijiang.invitation(case))["link"], "满意")
    (said,) = await qijiang.evaluations(case)
    assert said["late"] is False


async def test_silent_a_second_rating_is_refused_and_nothing_more_offered(
    qijiang: Service,
) -> None:
    """The text knows no 追加评价."""
    link = (await completed(qijiang))["link"]
    await qijiang.rate(link, "满意")
    page = await qijiang.browser.open(link)
    assert page.status == 409
    assert "追加评价" not in page.text


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("batch", {}),
        ("theme", {"theme": QIJIANG.theme}),
        ("parallel", {"lead_agency": QIJIANG.agency}),
    ],
)
async def test_silent_what_is_applied_for_together_is_rated_case_by_case(
    qijiang: Service, kind: str, more: dict[str, str]
) -> None:
    """The text knows no 批量, no 主题式, no 并联审批: 第十条 “一事一评” remains."""
    cases = await qijiang.group(kind, "online", **more)
    await qijiang.complete(*cases)
    for case in cases:
        (only,) = await qijiang.invitations(case)
        assert only["subject"]["cases"] == [case]
    await qijiang.rate((await qijiang.invitation(cases[0]))["link"], "满意")
    assert await qijiang.rateable(cases[1]) == {ITEM}
    assert await qijiang.evaluations(cases[1]) == []
