"""Aliyun and Tencent: what is sent, what their codes mean (bot/sms/aliyun.py, tencent.py)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from aiohttp import web

from bot.gateways import NotDelivered, Rejected
from tests.bot.sms.conftest import LINK, Line, message
from tests.bot.sms.providers import ANOTHER_SECRET

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

aliyun = pytest.mark.parametrize("line", ["aliyun"], indirect=True)
tencent = pytest.mark.parametrize("line", ["tencent"], indirect=True)
both = pytest.mark.parametrize("line", ["aliyun", "tencent"], indirect=True)


def aliyun_says(code: str, words: str = "", status: int = 200) -> web.Response:
    return web.json_response({"Code": code, "Message": words, "RequestId": "R"}, status=status)


def tencent_says(code: str, words: str = "") -> web.Response:
    error = {"Code": code, "Message": words}
    return web.json_response({"Response": {"Error": error, "RequestId": "R"}})


def tencent_says_of_number(code: str, words: str = "") -> web.Response:
    status = {"SerialNo": "", "Code": code, "Message": words}
    return web.json_response({"Response": {"SendStatusSet": [status], "RequestId": "R"}})


@aliyun
async def test_aliyun_takes_it(line: Line) -> None:
    assert await line.gateway.send(message()) == "900619746936498440^0"
    (taken,) = line.provider.taken
    assert taken["PhoneNumbers"] == "13800138000"
    assert taken["OutId"] == "invitation:42"
    assert json.loads(taken["TemplateParam"]) == {
        "agency": "潮安区政务服务中心",
        "subject": "居住证办理",
        "link": LINK,
    }


@tencent
async def test_tencent_takes_it(line: Line) -> None:
    assert await line.gateway.send(message()) == "5000:1045710669157053657849499619"
    (taken,) = line.provider.taken
    assert taken["PhoneNumberSet"] == ["+8613800138000"]
    assert taken["SessionContext"] == "invitation:42"
    assert taken["TemplateParamSet"] == ["潮安区政务服务中心", "居住证办理", LINK]


@both
async def test_sent_again_it_is_signed_anew(line: Line) -> None:
    first = await line.gateway.send(message())
    assert await line.gateway.send(message()) == first


@both
async def test_a_template_may_take_nothing(line: Line) -> None:
    assert await line.gateway.send(message(kind="stopped", link=None, fields={}))


@aliyun
async def test_a_number_of_hong_kong(line: Line) -> None:
    assert await line.gateway.send(message(to="+85221234567"))
    assert line.provider.taken[0]["PhoneNumbers"] == "85221234567"


@aliyun
async def test_a_long_variable_is_cut_and_a_link_is_not(line: Line) -> None:
    link = f"https://pj.example/r/{'x' * 60}"
    fields = {"agency": "局" * 36, "subject": "事\n项 ", "link": link}
    assert await line.gateway.send(message(link=link, fields=fields))
    taken = json.loads(line.provider.taken[0]["TemplateParam"])
    assert taken == {"agency": "局" * 34 + "…", "subject": "事 项", "link": link}


@tencent
async def test_the_link_without_its_host(line: Line) -> None:
    """Tencent refuses whole addresses as variables (ProhibitedUseUrlInTemplateParameter)."""
    template = {"id": "1110", "variables": ["agency", "subject", "link_path"]}
    assert await line.of(templates={"invitation": template}).send(message())
    assert line.provider.taken[0]["TemplateParamSet"][2] == "r/AbCdEfGhIjKlMnOpQrStUv?c=s"


@both
async def test_no_template_for_it(line: Line) -> None:
    with pytest.raises(Rejected, match="没有为 reminder 配置短信模板"):
        await line.gateway.send(message(kind="reminder"))
    assert not line.provider.requests


@both
async def test_nothing_to_put_into_its_template(line: Line) -> None:
    with pytest.raises(Rejected, match="需要 subject"):
        await line.gateway.send(message(fields={"agency": "潮安区政务服务中心", "subject": " "}))
    assert not line.provider.requests


@both
async def test_a_sign_that_is_not_approved(line: Line) -> None:
    with pytest.raises(Rejected):
        await line.of(sign="别的签名").send(message())


@aliyun
async def test_a_wrong_key_waits_for_its_operator(line: Line) -> None:
    with pytest.raises(NotDelivered, match="SignatureDoesNotMatch") as fault:
        await line.of(access_key_secret=ANOTHER_SECRET).send(message())
    assert not isinstance(fault.value, Rejected)


@tencent
async def test_a_wrong_key_at_tencent(line: Line) -> None:
    with pytest.raises(NotDelivered, match=r"AuthFailure\.SignatureFailure") as fault:
        await line.of(secret_key=ANOTHER_SECRET).send(message())
    assert not isinstance(fault.value, Rejected)


@aliyun
@pytest.mark.parametrize(
    "code",
    [
        "isv.MOBILE_NUMBER_ILLEGAL",
        "isv.SMS_TEMPLATE_ILLEGAL",
        "isv.SMS_SIGNATURE_ILLEGAL",
        "isv.BLACK_KEY_CONTROL_LIMIT",
        "isp.RAM_PERMISSION_DENY",
    ],
)
async def test_aliyun_never_takes_it(line: Line, code: str) -> None:
    line.provider.saying.append(aliyun_says(code, "无权"))
    with pytest.raises(Rejected, match=code):
        await line.gateway.send(message())


@aliyun
@pytest.mark.parametrize(
    ("code", "words", "wait"),
    [
        ("isv.BUSINESS_LIMIT_CONTROL", "触发分钟级流控Permits:1", MINUTE),
        ("isv.BUSINESS_LIMIT_CONTROL", "触发小时级流控Permits:5", HOUR),
        ("isv.BUSINESS_LIMIT_CONTROL", "触发天级流控Permits:10", DAY),
        ("isv.BUSINESS_LIMIT_CONTROL", "触发业务流控", HOUR),
        ("isv.DAY_LIMIT_CONTROL", "触发日发送限额", DAY),
        ("isv.AMOUNT_NOT_ENOUGH", "账户余额不足", None),
        ("isv.OUT_OF_SERVICE", "业务停机", None),
        ("isp.SYSTEM_ERROR", "系统错误", None),
        ("isv.NEVER_SEEN_BEFORE", "", None),
    ],
)
async def test_aliyun_takes_it_later(
    line: Line, code: str, words: str, wait: timedelta | None
) -> None:
    line.provider.saying.append(aliyun_says(code, words))
    with pytest.raises(NotDelivered, match=code) as fault:
        await line.gateway.send(message())
    assert not isinstance(fault.value, Rejected)
    assert fault.value.wait == wait


@aliyun
async def test_aliyun_s_front_answers_with_4xx(line: Line) -> None:
    line.provider.saying.append(aliyun_says("Throttling.User", "Request was denied", 400))
    with pytest.raises(NotDelivered) as fault:
        await line.gateway.send(message())
    assert fault.value.wait == MINUTE


@tencent
@pytest.mark.parametrize(
    "code",
    [
        "FailedOperation.PhoneNumberInBlacklist",
        "InvalidParameterValue.IncorrectPhoneNumber",
        "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter",
        "FailedOperation.TemplateIncorrectOrUnapproved",
        "FailedOperation.SignatureIncorrectOrUnapproved",
        "UnauthorizedOperation.RequestPermissionDeny",
    ],
)
async def test_tencent_never_takes_it(line: Line, code: str) -> None:
    line.provider.saying += [tencent_says(code), tencent_says_of_number(code)]
    for _ in range(2):
        with pytest.raises(Rejected, match=code):
            await line.gateway.send(message())


@tencent
@pytest.mark.parametrize(
    ("code", "wait"),
    [
        ("LimitExceeded.PhoneNumberThirtySecondLimit", MINUTE),
        ("LimitExceeded.PhoneNumberOneHourLimit", HOUR),
        ("LimitExceeded.PhoneNumberDailyLimit", DAY),
        ("LimitExceeded.AppDailyLimit", DAY),
        ("RequestLimitExceeded", MINUTE),
        ("FailedOperation.InsufficientBalanceInSmsPackage", None),
        ("UnauthorizedOperation.SerivceSuspendDueToArrears", None),
        ("UnauthorizedOperation.RequestIpNotInWhitelist", None),
        ("InternalError.Timeout", None),
    ],
)
async def test_tencent_takes_it_later(line: Line, code: str, wait: timedelta | None) -> None:
    line.provider.saying += [tencent_says(code), tencent_says_of_number(code)]
    for _ in range(2):
        with pytest.raises(NotDelivered, match=code) as fault:
            await line.gateway.send(message())
        assert not isinstance(fault.value, Rejected)
        assert fault.value.wait == wait


@both
async def test_why_is_short_and_holds_no_number(line: Line) -> None:
    says = aliyun_says if line.name == "aliyun" else tencent_says
    words = "number 13800138000 / +86 138 0013 8000 / 138-0013-8000 is wrong\n" + "很长" * 300
    line.provider.saying.append(says("Some.Code", words))
    with pytest.raises(NotDelivered, match=r"number … / \+… / … is") as fault:
        await line.gateway.send(message())
    why = fault.value.why
    assert len(why) == 200
    assert "\n" not in why
    assert "138" not in why
    assert "Some.Code" in why


@both
async def test_taken_without_a_reference_is_taken(line: Line) -> None:
    taken = {"Code": "OK", "Response": {"SendStatusSet": [{"Code": "Ok", "SerialNo": []}]}}
    line.provider.saying.append(web.json_response(taken))
    assert await line.gateway.send(message()) is None
