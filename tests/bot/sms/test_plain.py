"""The gateway that the settings describe (bot/sms/plain.py)."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from hashlib import md5, sha256
from hmac import HMAC
from typing import Any
from urllib.parse import parse_qsl

import pytest
from aiohttp import web
from cryptography.hazmat.primitives import hashes, hmac
from pydantic import ValidationError

from bot.gateways import NotDelivered, Rejected
from tests.bot.sms.conftest import LINK, NOW, PHONE, Line, message, settings
from tests.bot.sms.providers import SIGN

pytestmark = pytest.mark.parametrize("line", ["plain"], indirect=True)
KEY = "a-shared-secret"


def hmac_sm3(key: bytes, text: bytes) -> bytes:
    mac = hmac.HMAC(key, hashes.SM3())
    mac.update(text)
    return mac.finalize()


def says(code: object, words: str = "", status: int = 200) -> web.Response:
    return web.json_response({"code": code, "msg": words}, status=status)


def heard(line: Line) -> dict[str, Any]:
    (body,) = line.provider.bodies
    said: dict[str, Any] = json.loads(body)
    return said


async def test_it_takes_it(line: Line) -> None:
    assert await line.gateway.send(message()) == "4711"
    (request,) = line.provider.requests
    assert request.method == "POST"
    assert request.headers["Idempotency-Key"] == "invitation:42"
    assert request.headers["Content-Type"] == "application/json; charset=utf-8"
    assert heard(line) == {"mobile": "13800138000", "content": f"【{SIGN}】{message().text}"}


async def test_every_placeholder(line: Line) -> None:
    names = ["phone", "national", "key", "time", "milliseconds", "sign", "link", "link_path"]
    names += ["agency", "subject"]
    fields = {name: f"<{{{name}}}>" for name in names} | {"brace": "{{}}", "nonce": "{nonce}"}
    await line.of(fields=fields).send(message(fields={"agency": "{phone}"}))
    said = heard(line)
    assert len(said.pop("nonce")) == 32
    assert said.pop("brace") == "{}"
    assert said == {
        "phone": f"<{PHONE}>",
        "national": "<13800138000>",
        "key": "<invitation:42>",
        "time": f"<{int(NOW.timestamp())}>",
        "milliseconds": f"<{int(NOW.timestamp())}000>",
        "sign": f"<{SIGN}>",
        "link": f"<{LINK}>",
        "link_path": "<r/AbCdEfGhIjKlMnOpQrStUv?c=s>",
        "agency": "<{phone}>",
        "subject": "<>",
    }


async def test_without_a_sign_the_text_stands_alone(line: Line) -> None:
    await line.of(sign=None).send(message())
    assert heard(line)["content"] == message().text


async def test_a_form(line: Line) -> None:
    await line.of(content="form").send(message(text="一 & 二=三"))
    (request,), (body,) = line.provider.requests, line.provider.bodies
    assert request.content_type == "application/x-www-form-urlencoded"
    assert dict(parse_qsl(body.decode())) == {
        "mobile": "13800138000",
        "content": f"【{SIGN}】一 & 二=三",
    }


async def test_in_the_address(line: Line) -> None:
    await line.of(method="GET", fields={"to": "{phone}", "text": "{text}"}).send(message())
    (request,), (body,) = line.provider.requests, line.provider.bodies
    assert (request.method, body) == ("GET", b"")
    assert dict(request.query) == {"to": PHONE, "text": f"【{SIGN}】{message().text}"}
    assert request.headers["Idempotency-Key"] == "invitation:42"


async def test_headers_are_one_line(line: Line) -> None:
    made = line.of(headers={"X-Text": "{text}", "X-App": "1"}, sign=None)
    await made.send(message(text="a\r\nIdempotency-Key: b\x00"))
    (request,) = line.provider.requests
    assert request.headers["X-Text"].strip() == "a  Idempotency-Key: b"
    assert request.headers.getall("Idempotency-Key") == ["invitation:42"]


@pytest.mark.parametrize(
    ("algorithm", "digest"),
    [
        ("md5", lambda key, text: md5(text).digest()),  # noqa: S324, ARG005
        ("sha256", lambda key, text: sha256(text).digest()),  # noqa: ARG005
        ("hmac-sha256", lambda key, text: HMAC(key, text, "sha256").digest()),
        ("hmac-sm3", hmac_sm3),
    ],
)
@pytest.mark.parametrize(
    ("encoding", "encode"), [("hex", bytes.hex), ("base64", lambda raw: b64encode(raw).decode())]
)
async def test_a_signature(
    line: Line,
    algorithm: str,
    digest: Callable[[bytes, bytes], bytes],
    encoding: str,
    encode: Callable[[bytes], str],
) -> None:
    string = "{national}|{text}|{time}|{secret}"
    made = line.of(
        signature={"string": string, "algorithm": algorithm, "encoding": encoding},
        fields={"sig": "{signature}", "content": "{text}"},
        headers={"X-Signature": "v1 {signature}"},
        secret=KEY,
    )
    await made.send(message())
    text = f"13800138000|【{SIGN}】{message().text}|{int(NOW.timestamp())}|{KEY}"
    expected = encode(digest(KEY.encode(), text.encode()))
    assert heard(line)["sig"] == expected
    assert line.provider.requests[0].headers["X-Signature"] == f"v1 {expected}"


async def test_a_code_that_is_never_taken(line: Line) -> None:
    line.provider.saying += [says("1001", "空号 13800138000"), says(1001, "空号", 422)]
    with pytest.raises(Rejected, match="1001 空号 …"):
        await line.gateway.send(message())
    with pytest.raises(Rejected, match="422"):
        await line.gateway.send(message())


@pytest.mark.parametrize("answer", [says("2", "余额不足"), says(0, status=403), says(None)])
async def test_any_other_code_is_tried_again(line: Line, answer: web.Response) -> None:
    line.provider.saying.append(answer)
    with pytest.raises(NotDelivered) as fault:
        await line.gateway.send(message())
    assert not isinstance(fault.value, Rejected)


async def test_where_the_status_says_all(line: Line) -> None:
    made = line.of(ok_field=None, ok_values=[], rejected_values=[], reference_field="id")
    line.provider.saying += [
        web.Response(text="OK"),
        web.Response(status=204),
        web.json_response({"id": "m-1"}, status=201),
        web.Response(text="no", status=400),
    ]
    assert await made.send(message()) is None
    assert await made.send(message()) is None
    assert await made.send(message()) == "m-1"
    with pytest.raises(NotDelivered, match="400"):
        await made.send(message())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"fields": {"to": "{mobile}"}}, "mobile"),
        ({"fields": {"to": "{phone.real}"}}, "phone.real"),
        ({"fields": {"to": "{phone!r}"}}, "占位符"),
        ({"fields": {"to": "{phone:>20}"}}, "占位符"),
        ({"fields": {"to": "{}"}}, "占位符"),
        ({"fields": {"to": "{phone"}}, "大括号"),
        ({"fields": {"sig": "{signature}"}}, "signature"),
        ({"fields": {"password": "{secret}"}}, "secret"),
        ({"headers": {"X-Sig": "{signature}"}}, "signature"),
        ({"headers": {"Idempotency-Key": "{nonce}"}}, "由程序填写"),
        ({"headers": {"X Y": "1"}}, "headers"),
        ({"signature": {"string": "{signature}", "algorithm": "md5"}}, "signature"),
        ({"signature": {"string": "{text}", "algorithm": "hmac-sm3"}}, "secret"),
        ({"signature": {"string": "{text}", "algorithm": "sha1"}}, "algorithm"),
        ({"ok_values": []}, "ok_values"),
        ({"ok_field": None, "ok_values": []}, "rejected_values"),
        ({"reference_field": "a..b"}, "reference_field"),
        ({"method": "PUT"}, "method"),
        ({"hook_key": "short"}, "hook_key"),
        ({"unknown": 1}, "unknown"),
    ],
)
async def test_settings_that_cannot_work(line: Line, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        settings(line.name, **changes)
