"""What the providers push: their documents' examples, and everything else (bot/sms/received.py).

The documents mask the sender's number; a whole one stands in its place here.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.callbacks import Malformed
from bot.receipts import Report
from bot.sms.gateway import SmsGateway, gateway
from bot.sms.received import Answer, Received, SmsReply
from tests.bot.sms.conftest import PROVIDERS, now, settings

each = pytest.mark.parametrize("name", list(PROVIDERS))

ALIYUN_REPORT: dict[str, object] = {
    "phone_number": "1381111****",
    "send_time": "2017-01-01 00:00:00",
    "report_time": "2017-01-01 00:00:00",
    "success": True,
    "err_code": "DELIVERED",
    "err_msg": "用户接收成功",
    "sms_size": "1",
    "biz_id": "12345********",
    "out_id": "67890**",
}
"""help.aliyun.com/zh/sms/developer-reference/smsreport-2"""
ALIYUN_UP: dict[str, object] = {
    "phone_number": "13811110000",
    "content": "内容",
    "send_time": "2017-09-01 00:00:00",
    "dest_code": "1234",
    "sequence_id": "1234567890",
}
"""help.aliyun.com/zh/sms/developer-reference/smsup-http"""
TENCENT_STATUS: dict[str, object] = {
    "user_receive_time": "2015-10-17 08:03:04",
    "nationcode": "86",
    "mobile": "13xxxxxxxxx",
    "report_status": "SUCCESS",
    "errmsg": "DELIVRD",
    "description": "用户短信送达成功",
    "sid": "xxxxxxx",
}
"""tencentcloud.com/document/product/382/43547"""
TENCENT_REPLY: dict[str, object] = {
    "extend": "扩展码",
    "mobile": "13811110000",
    "nationcode": "86",
    "sign": "短信签名",
    "text": "用户回复内容",
    "time": 1457336869,
}
"""tencentcloud.com/document/product/382/43548"""
PLAIN_REPORT: dict[str, object] = {
    "msgid": 4711,
    "state": "DELIVRD",
    "when": {"time": 1457336869000},
}
PLAIN_REPLY: dict[str, object] = {
    "from": "13811110000",
    "content": 5,
    "id": "r-1",
    "time": "2017-09-01T00:00:00Z",
}

MIDNIGHT = datetime(2017, 8, 31, 16, tzinfo=UTC)
"""2017-09-01 in Beijing."""


def reader(name: str, **changes: Any) -> SmsGateway:
    """Reading asks nobody: there is no session."""
    return gateway(settings(name, **changes), cast(aiohttp.ClientSession, None), now)


def read(name: str, pushed: object, **changes: Any) -> Received:
    return reader(name, **changes).read(json.dumps(pushed).encode())


def reply_of(received: Received) -> SmsReply:
    assert not received.broken
    (reply,) = received.replies
    return reply


def test_aliyun_s_receipt() -> None:
    assert read("aliyun", [ALIYUN_REPORT]) == Received(
        reports=(
            Report(
                "12345********",
                delivered=True,
                why="DELIVERED 用户接收成功",
                at=datetime(2016, 12, 31, 16, tzinfo=UTC),
            ),
        )
    )


def test_aliyun_s_reply() -> None:
    reply = SmsReply("1234567890", "+8613811110000", "内容", MIDNIGHT)
    assert read("aliyun", [ALIYUN_UP]) == Received(replies=(reply,))
    # An older edition, knowledge_detail/60127, has a number.
    assert read("aliyun", [{**ALIYUN_UP, "sequence_id": 1234567890}]) == Received(replies=(reply,))


def test_aliyun_s_failure() -> None:
    failed = {
        **ALIYUN_REPORT,
        "success": False,
        "err_code": "MN:0059",
        "err_msg": "空号13811110000",
    }
    (report,) = read("aliyun", [failed]).reports
    assert (report.delivered, report.why) == (False, "MN:0059 空号…")


def test_tencent_s_receipt() -> None:
    assert read("tencent", [TENCENT_STATUS]) == Received(
        reports=(
            Report(
                "xxxxxxx",
                delivered=True,
                why="DELIVRD 用户短信送达成功",
                at=datetime(2015, 10, 17, 0, 3, 4, tzinfo=UTC),
            ),
        )
    )
    (failed,) = read("tencent", [{**TENCENT_STATUS, "report_status": "FAIL"}]).reports
    assert not failed.delivered


def test_tencent_s_reply_has_no_number_of_its_own() -> None:
    reply = reply_of(read("tencent", TENCENT_REPLY))
    assert (reply.phone, reply.words) == ("+8613811110000", "用户回复内容")
    assert reply.at == datetime(2016, 3, 7, 7, 47, 49, tzinfo=UTC)
    assert len(reply.reference) == 64
    assert reply_of(read("tencent", TENCENT_REPLY)) == reply
    for change in ({"time": 1457336870}, {"text": "1"}, {"mobile": "13811110001"}):
        another = reply_of(read("tencent", {**TENCENT_REPLY, **change}))
        assert another.reference != reply.reference


def test_a_plain_gateway_s() -> None:
    report = Report(
        "4711", delivered=True, why="DELIVRD", at=datetime(2016, 3, 7, 7, 47, 49, tzinfo=UTC)
    )
    reply = SmsReply("r-1", "+8613811110000", "5", MIDNIGHT + timedelta(hours=8))
    assert read("plain", [PLAIN_REPORT, PLAIN_REPLY]) == Received((report,), (reply,))
    assert read("plain", PLAIN_REPORT) == Received((report,))
    (late,) = read("plain", {"msgid": "4711", "state": "EXPIRED"}).reports
    assert late == Report("4711", delivered=False, why="EXPIRED", at=None)
    (zero,) = read("plain", {"msgid": "4711", "state": "0"}).reports
    assert zero.delivered


def test_a_plain_gateway_s_forms() -> None:
    made = reader("plain")
    reply = reply_of(made.read(b"from=%2B8613811110000&content=1+%E5%B7%AE&id=9"))
    assert reply == SmsReply("9", "+8613811110000", "1 差", None)
    (report,) = made.read(b"msgid=4711&state=DELIVRD").reports
    assert report.delivered


def test_a_plain_gateway_that_pushes_nothing() -> None:
    assert read("plain", [PLAIN_REPORT, PLAIN_REPLY], receipts=None, replies=None).broken == 2


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("aliyun", ALIYUN_UP, {**ALIYUN_UP, "phone_number": "1381111****"}),
        ("aliyun", ALIYUN_UP, {**ALIYUN_UP, "content": None}),
        ("aliyun", ALIYUN_UP, {**ALIYUN_UP, "content": " \x00"}),
        ("aliyun", ALIYUN_REPORT, {**ALIYUN_REPORT, "success": "yes"}),
        ("aliyun", ALIYUN_REPORT, {**ALIYUN_REPORT, "biz_id": None}),
        ("aliyun", ALIYUN_REPORT, "report"),
        ("tencent", TENCENT_REPLY, {**TENCENT_REPLY, "nationcode": "999"}),
        ("tencent", TENCENT_STATUS, {**TENCENT_STATUS, "report_status": "success"}),
        ("tencent", TENCENT_STATUS, {**TENCENT_STATUS, "sid": ""}),
        ("plain", PLAIN_REPLY, {**PLAIN_REPLY, "from": "110"}),
        ("plain", PLAIN_REPORT, {"state": "DELIVRD"}),
    ],
)
def test_a_broken_item_loses_no_neighbour(name: str, good: object, bad: object) -> None:
    whole = read(name, [good, good])
    assert read(name, [good, bad, good]) == Received(whole.reports, whole.replies, 1)


@pytest.mark.parametrize(
    "time", [None, "", "soon", "9999-99-99 00:00:00", "0001-01-01", [], "9" * 13]
)
def test_a_receipt_counts_without_its_time(time: object) -> None:
    (report,) = read("aliyun", [{**ALIYUN_REPORT, "report_time": time}]).reports
    assert (report.delivered, report.at) == (True, None)


def test_what_the_database_does_not_take_is_left_out() -> None:
    pushed = {
        **ALIYUN_UP,
        "content": " 不满意\x00，\ud800等了\n两个小时\x1b",
        "sequence_id": "1" * 65,
    }
    reply = reply_of(read("aliyun", [pushed]))
    assert reply.words == "不满意，等了\n两个小时"
    assert len(reply.reference) == 64
    long = reply_of(read("aliyun", [{**ALIYUN_UP, "content": "等" * 5000}]))
    assert long.words == "等" * 1000


@each
@pytest.mark.parametrize(
    "body", [b"", b"null", b"1", b'"text"', b"{", b"[", b"\xff\xff", b"[" * 100_000, b"9" * 5000]
)
def test_nonsense(name: str, body: bytes) -> None:
    with pytest.raises(Malformed):
        reader(name).read(body)


@each
def test_an_empty_push(name: str) -> None:
    assert read(name, []) == Received()


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("aliyun", {"code": 0, "msg": "成功"}),
        ("tencent", {"result": 0, "errmsg": "OK"}),
        ("plain", {"ok": True}),
    ],
)
def test_what_they_want_to_hear(name: str, answer: object) -> None:
    said = reader(name).answer
    assert (json.loads(said.body), said.content_type) == (answer, "application/json")


def test_what_a_plain_gateway_wants_to_hear() -> None:
    assert reader("plain", answer="SUCCESS").answer == Answer("SUCCESS", "text/plain")


EXAMPLES: dict[str, list[dict[str, object]]] = {
    "aliyun": [ALIYUN_REPORT, ALIYUN_UP],
    "tencent": [TENCENT_STATUS, TENCENT_REPLY],
    "plain": [PLAIN_REPORT, PLAIN_REPLY],
}
KEYS = sorted({key for examples in EXAMPLES.values() for example in examples for key in example})
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["13811110000", "86", "SUCCESS", "DELIVRD", "2017-09-01 00:00:00"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(), inner, max_size=8)
    ),
    max_leaves=20,
)


def check(received: Received) -> None:
    for report in received.reports:
        assert 0 < len(report.reference) <= 200
        assert len(report.why) <= 200
    for reply in received.replies:
        assert reply.phone.startswith("+")
        assert 0 < len(reply.reference) <= 64
        assert 0 < len(reply.words) <= 1000
        (reply.words + reply.reference).encode()
    for at in [*(it.at for it in received.reports), *(it.at for it in received.replies)]:
        assert at is None or at.tzinfo is UTC


@each
@given(body=st.binary() | st.text().map(str.encode))
def test_any_bytes(name: str, body: bytes) -> None:
    with suppress(Malformed):
        check(reader(name).read(body))


@each
@given(pushed=values)
def test_any_json(name: str, pushed: object) -> None:
    with suppress(Malformed):
        check(read(name, pushed))


@each
@given(changes=st.dictionaries(st.sampled_from(KEYS), values, max_size=3))
def test_any_change_of_an_example(name: str, changes: dict[str, object]) -> None:
    pushed = [*EXAMPLES[name], *({**example, **changes} for example in EXAMPLES[name])]
    received = read(name, pushed)
    assert len(received.reports) + len(received.replies) + received.broken == 4
    assert received.reports
    assert received.replies
    check(received)
