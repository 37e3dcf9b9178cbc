"""事件订阅: opened, answered; the platform's own example."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.callbacks import Forged, Malformed, Stale
from bot.dingtalk.callback import SIZE_LIMIT
from bot.dingtalk.events import Events
from bot.dingtalk.settings import DingtalkApp
from tests.bot.dingtalk.pushes import APP, Subscription
from tests.standing import MONDAY

OURS = Subscription()
EVENTS = Events(DingtalkApp.model_validate(APP), lambda: MONDAY)
FEW = settings(max_examples=100, deadline=None)


def test_the_example_of_the_platform() -> None:
    """DingCallbackCrypto3.py in open-dingtalk/DingTalk-Callback-Crypto."""
    at = datetime.fromtimestamp(1608001896.814, tz=UTC)
    app = DingtalkApp.model_validate({**APP, "app_key": "ding6ccabc44d2c8d38b"})
    query = {
        "signature": "03044561471240d4a14bb09372dfcfd4fd0e40cb",
        "timestamp": "1608001896814",
        "nonce": "WL4PK6yA",
    }
    encrypted = (
        "0vJiX6vliEpwG3U45CtXqi+m8PXbQRARJ8p8BbDuD1EMTDf0jKpQ79QS93qEk7XHpP6u+oTTrd15NRPvNvmBKyDCYxxO"
        "K+HZeKju4yhELOFchzNukR+t8SB/qk4ROMu3"
    )
    body = json.dumps({"encrypt": encrypted}).encode()
    assert Events(app, lambda: at).read(query, body) == "check_url"


def test_an_event_is_read_and_answered() -> None:
    push = OURS.push(MONDAY, '{"EventType":"user_leave_org","UserId":["manager1234"]}')
    assert EVENTS.read(**push) == "user_leave_org"
    assert OURS.opened(EVENTS.answer()) == "success"


@pytest.mark.parametrize(
    "change",
    [
        {"msg_signature": "0" * 40},
        {"msg_signature": ""},
        {"msg_signature": "\udc80" * 40},
        {"nonce": "another"},
        {"nonce": ""},
        {"timestamp": str(int(MONDAY.timestamp() * 1000) + 1)},
        {"timestamp": "x"},
    ],
)
def test_a_wrong_signature(change: dict[str, str]) -> None:
    push = OURS.push(MONDAY)
    with pytest.raises(Forged):
        EVENTS.read({**push["query"], **change}, push["body"])


def test_another_applications() -> None:
    with pytest.raises(Forged):
        EVENTS.read(**Subscription(owner="dingsomebodyelse").push(MONDAY))
    with pytest.raises(Forged):
        EVENTS.read(**Subscription(token="another").push(MONDAY))  # noqa: S106


def test_too_old() -> None:
    with pytest.raises(Stale):
        EVENTS.read(**OURS.push(MONDAY - timedelta(hours=1, seconds=1)))


@pytest.mark.parametrize("body", [b"", b"[]", b'{"encrypt": 1}', b"{}", b" " * (SIZE_LIMIT + 1)])
def test_nothing_encrypted(body: bytes) -> None:
    with pytest.raises(Malformed):
        EVENTS.read(OURS.push(MONDAY)["query"], body)


@pytest.mark.parametrize("said", ["", "[]", "{}", '{"EventType": 1}', "check_url"])
def test_no_event(said: str) -> None:
    with pytest.raises(Malformed):
        EVENTS.read(**OURS.push(MONDAY, said))


@FEW
@given(st.from_regex(r"[0-9A-Za-z+/=]{1,120}", fullmatch=True) | st.text(max_size=50))
def test_anything_signed(encrypted: str) -> None:
    at, nonce = str(int(MONDAY.timestamp() * 1000)), "nonce"
    with suppress(UnicodeEncodeError):
        query = {"timestamp": at, "nonce": nonce, "msg_signature": OURS.sign(at, nonce, encrypted)}
        with pytest.raises((Malformed, Forged)):
            EVENTS.read(query, json.dumps({"encrypt": encrypted}).encode())
