"""腾讯云短信: SendSms 2021-01-11, and what its callbacks bring.

Sources: cloud.tencent.com/document/api/382/55981 (SendSms) and 59177 (error codes),
tencentcloud.com/document/product/382/43547 (status callback) and 43548 (reply callback).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar, Final

from yarl import URL

from bot.exchange import Request
from bot.gateways import Message, NotDelivered, Rejected
from bot.reading import at_path, reference, why, word
from bot.receipts import Report
from bot.sms import tc3
from bot.sms.exchange import DAY, HOUR, MINUTE, Wire
from bot.sms.received import JSON, Answer, Received, SmsReply, collect, items, reply, report
from bot.sms.settings import TencentSms
from bot.sms.variables import variables

_VERSION: Final = "2021-01-11"

_NEVER: Final = frozenset(
    {
        # the number
        "FailedOperation.PhoneNumberInBlacklist",
        "FailedOperation.PhoneNumberOnBlacklist",
        # the template, the signature, the variables
        "FailedOperation.ContainSensitiveWord",
        "FailedOperation.FailResolvePacket",
        "FailedOperation.JsonParseFail",
        "FailedOperation.MissingSignature",
        "FailedOperation.SignatureIncorrectOrUnapproved",
        "FailedOperation.TemplateIncorrectOrUnapproved",
        "FailedOperation.TemplateParamSetNotMatchApprovedTemplate",
        "FailedOperation.TemplateUnapprovedOrNotExist",
        # the account's rights
        "AuthFailure.UnauthorizedOperation",
        "UnauthorizedOperation.IndividualUserMarketingSmsPermissionDeny",
        "UnauthorizedOperation.RequestPermissionDeny",
        "UnauthorizedOperation.SdkAppIdIsDisabled",
        "UnauthorizedOperation.SmsSdkAppIdVerifyFail",
    }
)
_NEVER_OF_KIND: Final = frozenset(
    {"InvalidParameter", "InvalidParameterValue", "MissingParameter", "UnsupportedOperation"}
)
"""What stands before the dot: the request itself is wrong, now and later."""
_LIMITS: Final = {
    "LimitExceeded.PhoneNumberThirtySecondLimit": MINUTE,
    "LimitExceeded.DeliveryFrequencyLimit": MINUTE,
    "LimitExceeded.PhoneNumberOneHourLimit": HOUR,
    "LimitExceeded.PhoneNumberDailyLimit": DAY,
    "LimitExceeded.PhoneNumberSameContentDailyLimit": DAY,
    "LimitExceeded.AppDailyLimit": DAY,
    "LimitExceeded.DailyLimit": DAY,
    "RequestLimitExceeded": MINUTE,
}


@dataclass(frozen=True, slots=True)
class TencentGateway:
    settings: TencentSms
    wire: Wire
    answer: ClassVar = Answer('{"result":0,"errmsg":"OK"}', JSON)

    async def send(self, message: Message) -> str | None:
        """The SerialNo. Raises NotDelivered and Rejected."""
        answered = await self.wire.exchange(self._call(message))
        said = answered.json()
        # A refused request has an Error; of a taken one, each number has a status of its own.
        status = at_path(said, "Response.SendStatusSet.0") or at_path(said, "Response.Error")
        code = word(at_path(status, "Code"))
        if code == "Ok" and answered.ok:
            return reference(at_path(status, "SerialNo"))
        raise _fault(code, word(at_path(status, "Message")))

    def read(self, body: bytes) -> Received:
        """Status and reply callbacks, which may share one address. Raises Malformed."""
        return collect(items(body), _item)

    def _call(self, message: Message) -> Request:
        settings = self.settings
        template = settings.templates.get(message.kind)
        if template is None:
            raise Rejected(f"没有为 {message.kind} 配置短信模板")
        filled = variables(message, template.variables, settings.variable_length)
        body = json.dumps(
            {
                "PhoneNumberSet": [message.to],
                "SmsSdkAppId": settings.sdk_app_id,
                "SignName": settings.sign,
                "TemplateId": template.id,
                "TemplateParamSet": list(filled.values()),
                "SessionContext": message.key,
            },
            ensure_ascii=False,
        ).encode()
        base = URL(str(settings.base_url))
        signed = {
            "content-type": "application/json; charset=utf-8",
            "host": base.host_port_subcomponent or "",
            "x-tc-action": "SendSms",
        }
        headers = tc3.sign(
            signed,
            body,
            "sms",
            settings.secret_id,
            settings.secret_key.get_secret_value(),
            self.wire.now(),
        )
        headers |= {"x-tc-version": _VERSION, "x-tc-region": settings.region}
        return Request("POST", base.with_path("/"), headers, body)


def _fault(code: str, words: str) -> NotDelivered:
    line = why(["腾讯云短信", code or "没有给出结果码", words])
    if code in _NEVER or code.partition(".")[0] in _NEVER_OF_KIND:
        return Rejected(line)
    return NotDelivered(line, wait=_LIMITS.get(code))


def _item(item: object) -> Report | SmsReply:
    match item:
        case {"sid": number, "report_status": "SUCCESS" | "FAIL" as status, **rest}:
            words = why([rest.get("errmsg"), rest.get("description")])
            return report(
                number,
                delivered=status == "SUCCESS",
                why=words,
                at=rest.get("user_receive_time"),
            )
        case {"mobile": mobile, "nationcode": country, "text": words, **rest}:
            return reply(None, f"+{word(country)}{word(mobile)}", words, rest.get("time"))
        case _:
            raise ValueError("neither a status nor a reply")
