"""阿里云短信: SendSms of Dysmsapi 2017-05-25, and what its HTTP batch push brings.

Sources, at help.aliyun.com: document_detail/55284 (SendSms), 101346 (error codes),
zh/sms/developer-reference/smsreport-2 and smsup-http. Aliyun does not deduplicate; OutId lets a
person find a message again.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import ClassVar, Final

from yarl import URL

from bot.exchange import Request
from bot.gateways import Message, NotDelivered, Rejected
from bot.reading import reference, why, word
from bot.receipts import Report
from bot.sms import acs3
from bot.sms.exchange import DAY, HOUR, MINUTE, Wire
from bot.sms.received import JSON, Answer, Received, SmsReply, collect, items, reply, report
from bot.sms.settings import AliyunSms
from bot.sms.variables import national, variables

_VERSION: Final = "2017-05-25"

_NEVER: Final = frozenset(
    {
        # the number
        "isv.MOBILE_NUMBER_ILLEGAL",
        "isv.MOBILE_COUNT_OVER_LIMIT",
        "isv.DOMESTIC_NUMBER_NOT_SUPPORTED",
        # the template, the signature, the variables
        "isv.SMS_TEMPLATE_ILLEGAL",
        "isv.SMS_SIGNATURE_ILLEGAL",
        "isv.SMS_SIGN_ILLEGAL",
        "isv.SMS_SIGNATURE_SCENE_ILLEGAL",
        "isv.SMS_CONTENT_ILLEGAL",
        "isv.TEMPLATE_MISSING_PARAMETERS",
        "isv.TEMPLATE_PARAMS_ILLEGAL",
        "isv.INVALID_PARAMETERS",
        "isv.INVALID_JSON_PARAM",
        "isv.PARAM_LENGTH_LIMIT",
        "isv.PARAM_NOT_SUPPORT_URL",
        "isv.BLACK_KEY_CONTROL_LIMIT",
        "isv.EXTEND_CODE_ERROR",
        # the account's rights
        "isp.RAM_PERMISSION_DENY",
        "isv.PRODUCT_UN_SUBSCRIPT",
        "isv.PRODUCT_UNSUBSCRIBE",
        "isv.ACCOUNT_NOT_EXISTS",
    }
)
_LIMITS: Final = {
    "isv.DAY_LIMIT_CONTROL": DAY,
    "isv.MONTH_LIMIT_CONTROL": DAY,
    "Throttling": MINUTE,
    "Throttling.User": MINUTE,
    "Throttling.Api": MINUTE,
}
_BY_NUMBER: Final = (("分钟级", MINUTE), ("小时级", HOUR), ("天级", DAY), ("月级", DAY))
"""isv.BUSINESS_LIMIT_CONTROL says in its words alone which limit of the number was met."""


@dataclass(frozen=True, slots=True)
class AliyunGateway:
    settings: AliyunSms
    wire: Wire
    answer: ClassVar = Answer('{"code":0,"msg":"成功"}', JSON)

    async def send(self, message: Message) -> str | None:
        """The BizId. Raises NotDelivered and Rejected."""
        answered = await self.wire.exchange(self._call(message))
        said = answered.json()
        code = word(said.get("Code"))
        if code == "OK" and answered.ok:
            return reference(said.get("BizId"))
        raise _fault(code, word(said.get("Message")))

    def read(self, body: bytes) -> Received:
        """SmsReport and SmsUp, which may share one address. Raises Malformed."""
        return collect(items(body), _item)

    def _call(self, message: Message) -> Request:
        settings = self.settings
        template = settings.templates.get(message.kind)
        if template is None:
            raise Rejected(f"没有为 {message.kind} 配置短信模板")
        filled = variables(message, template.variables, settings.variable_length)
        query = {
            "PhoneNumbers": national(message.to),
            "SignName": settings.sign,
            "TemplateCode": template.id,
            "OutId": message.key,
        }
        if filled:
            query["TemplateParam"] = json.dumps(filled, ensure_ascii=False)
        base = URL(str(settings.base_url))
        request = acs3.Request(
            method="POST",
            host=base.host_port_subcomponent or "",
            path=base.raw_path,
            query=query,
            headers={"x-acs-action": "SendSms", "x-acs-version": _VERSION},
        )
        headers = acs3.sign(
            request,
            settings.access_key_id,
            settings.access_key_secret.get_secret_value(),
            self.wire.now(),
            secrets.token_hex(16),
        )
        url = URL(f"{base}?{acs3.canonical_query(query)}", encoded=True)
        return Request("POST", url, headers)


def _fault(code: str, words: str) -> NotDelivered:
    line = why(["阿里云短信", code or "没有给出结果码", words])
    if code in _NEVER:
        return Rejected(line)
    wait = _LIMITS.get(code)
    if code == "isv.BUSINESS_LIMIT_CONTROL":
        wait = next((limit for named, limit in _BY_NUMBER if named in words), HOUR)
    return NotDelivered(line, wait=wait)


def _item(item: object) -> Report | SmsReply:
    match item:
        case {"biz_id": number, "success": bool(delivered), **rest}:
            words = why([rest.get("err_code"), rest.get("err_msg")])
            return report(number, delivered=delivered, why=words, at=rest.get("report_time"))
        case {"phone_number": str(sender), "content": words, **rest}:
            return reply(rest.get("sequence_id"), sender, words, rest.get("send_time"))
        case _:
            raise ValueError("neither SmsReport nor SmsUp")
