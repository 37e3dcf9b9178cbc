"""Aliyun, Tencent and a plain gateway, played strictly: what their documents demand is demanded."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from tests.bot.sms.signatures import acs3_holds, tc3_holds

KEY_ID, SECRET, ANOTHER_SECRET = "an-access-key-id", "its-secret", "another-secret"
SIGN = "政务服务好差评"

Json = dict[str, Any]


@dataclass
class Provider:
    """`saying`: answers to give, in order, instead of the right one."""

    now: Callable[[], datetime]
    saying: list[web.Response] = field(default_factory=list)
    taken: list[Json] = field(default_factory=list)
    requests: list[web.Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", self._heard)
        return app

    async def _heard(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.requests.append(request)
        self.bodies.append(body)
        right = self.answer(request, body)
        return self.saying.pop(0) if self.saying else right

    def answer(self, request: web.Request, body: bytes) -> web.Response:
        raise NotImplementedError


@dataclass
class Aliyun(Provider):
    """The example answer is that of document_detail/55284, the codes those of 101346."""

    templates: dict[str, set[str]] = field(
        default_factory=lambda: {
            "SMS_15305****": {"agency", "subject", "link"},
            "SMS_0001": set(),
        }
    )
    nonces: set[str] = field(default_factory=set)

    def answer(self, request: web.Request, body: bytes) -> web.Response:
        for code, status in self._faults(request, body):
            return web.json_response(
                {"Code": code, "Message": code, "RequestId": "R"}, status=status
            )
        self.taken.append(dict(request.query))
        return web.json_response(
            {
                "Code": "OK",
                "Message": "OK",
                "BizId": "900619746936498440^0",
                "RequestId": "F655A8D5-B967-440B-8683-DAD6FF8DE990",
            }
        )

    def _faults(self, request: web.Request, body: bytes) -> Iterator[tuple[str, int]]:
        headers = request.headers
        if not acs3_holds(request, body, KEY_ID, SECRET):
            yield "SignatureDoesNotMatch", 400
        date = datetime.strptime(headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        if abs(date - self.now()) > timedelta(minutes=15):
            yield "InvalidTimeStamp.Expired", 400
        if headers["x-acs-signature-nonce"] in self.nonces:
            yield "SignatureNonceUsed", 400
        self.nonces.add(headers["x-acs-signature-nonce"])
        if (request.method, request.path) != ("POST", "/") or body:
            yield "InvalidAction.NotFound", 404
        if (headers["x-acs-action"], headers["x-acs-version"]) != ("SendSms", "2017-05-25"):
            yield "InvalidAction.NotFound", 404
        for code in self._codes(request.query):
            yield code, 200

    def _codes(self, query: Mapping[str, str]) -> Iterator[str]:
        if set(query) - {"PhoneNumbers", "SignName", "TemplateCode", "TemplateParam", "OutId"}:
            yield "isv.INVALID_PARAMETERS"
        if not re.fullmatch(r"1\d{10}|852\d{8}", query["PhoneNumbers"]):
            yield "isv.MOBILE_NUMBER_ILLEGAL"
        if query["SignName"] != SIGN:
            yield "isv.SMS_SIGNATURE_ILLEGAL"
        if len(query["OutId"]) > 256:
            yield "isv.INVALID_PARAMETERS"
        if query["TemplateCode"] not in self.templates:
            yield "isv.SMS_TEMPLATE_ILLEGAL"
        given = json.loads(query.get("TemplateParam", "{}"))
        if set(given) != self.templates[query["TemplateCode"]]:
            yield "isv.TEMPLATE_MISSING_PARAMETERS"
        if not all(isinstance(value, str) and value for value in given.values()):
            yield "isv.INVALID_JSON_PARAM"
        if any(len(value) > 35 for name, value in given.items() if name != "link"):
            yield "isv.PARAM_LENGTH_LIMIT"


@dataclass
class Tencent(Provider):
    """The example answers are those of document/api/382/55981."""

    templates: dict[str, int] = field(default_factory=lambda: {"1110": 3, "1111": 0})

    def answer(self, request: web.Request, body: bytes) -> web.Response:
        for error in self._errors(request, body):
            return web.json_response(
                {"Response": {"Error": {"Code": error, "Message": error}, "RequestId": "R"}}
            )
        given = json.loads(body)
        code = next(self._codes(given))
        if code == "Ok":
            self.taken.append(given)
        status = {
            "SerialNo": "5000:1045710669157053657849499619" if code == "Ok" else "",
            "PhoneNumber": given["PhoneNumberSet"][0],
            "Fee": 1,
            "SessionContext": given["SessionContext"],
            "Code": code,
            "Message": "send success" if code == "Ok" else code,
            "IsoCode": "CN",
        }
        return web.json_response(
            {
                "Response": {
                    "SendStatusSet": [status],
                    "RequestId": "a0aabda6-cf91-4f3e-a81f-9198114a2279",
                }
            }
        )

    def _errors(self, request: web.Request, body: bytes) -> Iterator[str]:
        headers = request.headers
        if (request.method, request.raw_path) != ("POST", "/"):
            yield "InvalidRequest"
        if not tc3_holds(request, body, KEY_ID, SECRET):
            yield "AuthFailure.SignatureFailure"
        at = datetime.fromtimestamp(int(headers["x-tc-timestamp"]), UTC)
        if abs(at - self.now()) > timedelta(minutes=5):
            yield "AuthFailure.SignatureExpire"
        if f"/{at.date()}/" not in headers["authorization"]:
            yield "AuthFailure.SignatureFailure"
        if headers["content-type"] != "application/json; charset=utf-8":
            yield "InvalidRequest"
        if headers["x-tc-action"] != "SendSms":
            yield "InvalidAction"
        if headers["x-tc-version"] != "2021-01-11":
            yield "NoSuchVersion"
        if headers["x-tc-region"] not in ("ap-beijing", "ap-guangzhou", "ap-nanjing"):
            yield "UnsupportedRegion"
        known = {"PhoneNumberSet", "SmsSdkAppId", "TemplateId", "SignName"}
        known |= {"TemplateParamSet", "SessionContext"}
        if set(json.loads(body)) - known:
            yield "UnknownParameter"

    def _codes(self, given: Json) -> Iterator[str]:
        (number,) = given["PhoneNumberSet"]
        if not re.fullmatch(r"\+\d{8,15}", number):
            yield "InvalidParameterValue.IncorrectPhoneNumber"
        if given["SmsSdkAppId"] != "1400006666":
            yield "UnauthorizedOperation.SmsSdkAppIdVerifyFail"
        if given["SignName"] != SIGN:
            yield "FailedOperation.SignatureIncorrectOrUnapproved"
        if given["TemplateId"] not in self.templates:
            yield "FailedOperation.TemplateIncorrectOrUnapproved"
        params = given["TemplateParamSet"]
        if len(params) != self.templates[given["TemplateId"]]:
            yield "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"
        if not all(isinstance(value, str) and value for value in params):
            yield "InvalidParameterValue.TemplateParameterFormatError"
        if sum(map(len, params)) > 500 or len(given["SessionContext"].encode()) >= 512:
            yield "InvalidParameterValue.ContentLengthLimit"
        yield "Ok"


@dataclass
class Plain(Provider):
    """Takes whatever comes; the tests look at it."""

    def answer(self, _request: web.Request, _body: bytes) -> web.Response:
        return web.json_response({"code": 0, "data": [{"msgid": 4711}], "msg": "ok"})
