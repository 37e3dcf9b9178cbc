"""Whether DingTalk sent it, and what it says; that nothing else than three names is raised."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.callbacks import Forged, Malformed, Stale
from bot.dingtalk.callback import SIZE_LIMIT, Callback
from bot.dingtalk.incoming import Incoming, read_message
from bot.dingtalk.settings import DingtalkApp
from tests.bot.dingtalk.pushes import APP, USER, headers, message, picture, rich
from tests.standing import MONDAY

CALLBACK = Callback(DingtalkApp.model_validate(APP), lambda: MONDAY)
FEW = settings(max_examples=100, deadline=None)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


def read(**changes: Any) -> Incoming:
    body = json.dumps(message(MONDAY, **changes)).encode()
    return CALLBACK.read(headers(MONDAY), body)


def test_a_text() -> None:
    incoming = read(msgId="msg1==", text={"content": " 受理 1024 "})
    assert (incoming.once, incoming.user, incoming.words) == ("msg1==", USER, "受理 1024")
    assert (incoming.at, incoming.group, incoming.readable) == (MONDAY, False, True)


def test_a_picture() -> None:
    incoming = read(**picture("code"))
    assert (incoming.words, incoming.pictures, incoming.readable) == ("", ("code",), True)


def test_words_with_pictures() -> None:
    parts = {"text": "申诉 1024 "}, {"type": "picture", "downloadCode": "a"}, {"text": "见图"}
    incoming = read(**rich(*parts, {"type": "picture", "pictureDownloadCode": "b"}))
    assert (incoming.words, incoming.pictures) == ("申诉 1024 见图", ("a", "b"))


@pytest.mark.parametrize("kind", ["audio", "video", "file", "unknownMsgType"])
def test_what_cannot_be_read_is_said_to_be(kind: str) -> None:
    incoming = read(msgtype=kind, text=None, content={"downloadCode": "code"})
    assert (incoming.readable, incoming.words, incoming.pictures) == (False, "", ())


def test_a_group() -> None:
    assert read(conversationType="2").group


def test_an_outsider() -> None:
    assert read(senderStaffId=None).user is None
    assert read(senderStaffId="").user is None


def test_numbers_may_be_strings() -> None:
    assert read(createAt=str(int(MONDAY.timestamp() * 1000))).at == MONDAY


@pytest.mark.parametrize("apart", [timedelta(hours=1), -timedelta(hours=1)])
def test_an_hour_is_the_window(apart: timedelta) -> None:
    body = json.dumps(message(MONDAY)).encode()
    assert CALLBACK.read(headers(MONDAY + apart), body)
    with pytest.raises(Stale):
        CALLBACK.read(headers(MONDAY + apart * 1.001), body)


@pytest.mark.parametrize(
    "change",
    [
        {"sign": ""},
        {"sign": "DJrE6qdyVGCQz9z5r2MDuNcNAhwYnuAkyj13cx169CA="},
        {"sign": "\udc80" * 44},
        {"timestamp": ""},
        {"timestamp": "١٢٣٤٥٦٧٨٩٠١٢٣"},
        {"timestamp": str(int(MONDAY.timestamp()))},
        headers(MONDAY, "another-secret-of-somebody"),
    ],
)
def test_a_wrong_signature(change: dict[str, str]) -> None:
    with pytest.raises(Forged):
        CALLBACK.read({**headers(MONDAY), **change}, json.dumps(message(MONDAY)).encode())


@pytest.mark.parametrize(
    "change",
    [
        {"msgId": None},
        {"msgId": "a b"},
        {"msgId": "m" * 129},
        {"createAt": None},
        {"createAt": "yesterday"},
        {"senderStaffId": "x\n"},
        {"msgtype": None},
        {"msgtype": ["text"]},
        {"msgtype": "richText", "content": {"richText": "x"}},
    ],
)
def test_what_the_platform_does_not_push(change: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        read(**change)


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b"[" * 100_000, b"0" * (SIZE_LIMIT + 1)])
def test_no_message(body: bytes) -> None:
    with pytest.raises(Malformed):
        CALLBACK.read(headers(MONDAY), body)


@FEW
@given(st.binary(max_size=200))
def test_any_octets(body: bytes) -> None:
    with pytest.raises(Malformed):
        read_message(body)


@FEW
@given(st.dictionaries(st.sampled_from([*sorted(message(MONDAY)), "content"]), JSON, max_size=4))
def test_any_values(changes: dict[str, Any]) -> None:
    with suppress(Malformed):
        incoming = read_message(json.dumps(message(MONDAY) | changes).encode())
        assert "\x00" not in incoming.words
        incoming.words.encode()


@FEW
@given(st.text(max_size=50), st.text(max_size=50))
def test_any_headers(at: str, signed: str) -> None:
    with pytest.raises(Forged):
        CALLBACK.read({"timestamp": at, "sign": signed}, b"{}")
