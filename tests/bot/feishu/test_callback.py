"""Who may call back, and what is read from it (bot/feishu/callback.py, incoming.py)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.callbacks import Forged, Malformed, Stale
from bot.feishu.callback import Callback, Challenge
from bot.feishu.cards import Shown
from bot.feishu.incoming import Tapped, Written
from tests.bot.feishu import theirs
from tests.bot.feishu.conftest import application
from tests.bot.feishu.fake_feishu import APP_ID
from tests.bot.feishu.theirs import CARD, MESSAGE, OPEN_ID, Push
from tests.standing import MONDAY

CALLBACK = Callback(application(), lambda: MONDAY)
AT = datetime(2020, 12, 27, 12, 45, 51, 345000, tzinfo=UTC)


def read(push: Push) -> Any:
    return CALLBACK.read(push.headers, push.body)


def said(event: object) -> Any:
    return read(theirs.push(event, MONDAY))


def test_a_text_of_a_single_chat() -> None:
    assert said(theirs.text(APP_ID, "受理 1024")) == Written(MESSAGE, OPEN_ID, "受理 1024", (), AT)


def test_mentions_are_taken_out_of_a_text_of_a_group() -> None:
    words = "@_user_1 受理 1024 @_user_10 @_all"
    in_group = {"chat_type": "group", "mentions": [theirs.mention(), theirs.mention(10)]}
    assert said(theirs.text(APP_ID, words, **in_group)).words == "受理 1024"


def test_a_group_s_talk_is_not_for_us() -> None:
    assert said(theirs.text(APP_ID, "吃饭去", chat_type="group")) is None


@pytest.mark.parametrize("other", ["app", "bot", "anonymous"])
def test_another_robot_is_not_answered(other: str) -> None:
    assert said(theirs.text(APP_ID, "受理 1024", sender_type=other)) is None


def test_a_picture() -> None:
    heard = said(theirs.message(APP_ID, "image", {"image_key": "img_v3_02ab_4adb3cc3-902b"}))
    assert (heard.words, heard.pictures) == ("", ("img_v3_02ab_4adb3cc3-902b",))


def test_a_post_with_pictures() -> None:
    content = {
        "title": "整改 1024",
        "content": [
            [
                {"tag": "at", "user_id": "@_user_1", "user_name": ""},
                {"tag": "text", "text": "已增开", "style": ["bold"]},
                {"tag": "a", "href": "https://a.example", "text": "窗口"},
            ],
            [{"tag": "img", "image_key": "img_1"}],
            [{"tag": "emotion", "emoji_type": "SMILE"}],
            [{"tag": "hr"}],
            [{"tag": "code_block", "language": "GO", "text": "每天9点到12点"}],
            [{"tag": "img", "image_key": "img_2"}],
        ],
    }
    heard = said(theirs.message(APP_ID, "post", content))
    assert heard.words == "整改 1024\n已增开窗口\n每天9点到12点"
    assert heard.pictures == ("img_1", "img_2")


@pytest.mark.parametrize("kind", ["audio", "file", "sticker", "media", "share_chat", "new_kind"])
def test_what_cannot_be_read_is_heard_all_the_same(kind: str) -> None:
    assert said(theirs.message(APP_ID, kind, {"file_key": "75235e0c"})).words is None


def test_a_tap() -> None:
    value = {"command": "受理 1024", "title": "新差评", "text": "等了很久", "link": "https://a.cn"}
    at = datetime(2020, 10, 29, 13, 14, 58, tzinfo=UTC)
    shown = Shown("新差评", "等了很久", "https://a.cn")
    tapped = Tapped("f7984f25108f8137722bb63c", CARD, OPEN_ID, "受理 1024", shown, at)
    assert said(theirs.tap(APP_ID, value)) == tapped


@pytest.mark.parametrize("value", ["受理 1024", {}, {"key": "value"}, {"command": 7}, None, []])
def test_a_card_that_is_not_ours(value: object) -> None:
    assert said(theirs.tap(APP_ID, value)) is None


def test_other_events_are_passed_over() -> None:
    assert said(theirs.event("im.message.message_read_v1", {}, APP_ID, "1609073151345")) is None


def test_what_cannot_be_stored_is_left_out() -> None:
    assert said(theirs.text(APP_ID, "受\x00理\ud800 1024\x07")).words == "受理 1024"


def test_the_address_is_verified_encrypted_and_plain() -> None:
    """Neither is signed."""
    right = Challenge("ajls384kdj1234")
    plain = json.dumps(theirs.challenge()).encode()
    for body in (theirs.envelope(theirs.challenge()), plain):
        assert CALLBACK.read({}, body) == right
    assert said(theirs.challenge()) == right


@pytest.mark.parametrize("token", ["", "wrong", None, 7, "汉字", "\ud800"])
def test_the_address_is_verified_to_who_has_the_token(token: Any) -> None:
    for body in (
        theirs.envelope(theirs.challenge(token)),
        json.dumps(theirs.challenge(token)).encode(),
    ):
        with pytest.raises(Forged):
            CALLBACK.read({}, body)


GOOD = theirs.push(theirs.text(APP_ID, "受理 1024"), MONDAY)


@pytest.mark.parametrize(
    "change",
    [
        {"X-Lark-Signature": "0" * 64},
        {"X-Lark-Signature": ""},
        {"X-Lark-Signature": GOOD.headers["X-Lark-Signature"].upper()},
        {"X-Lark-Request-Timestamp": str(int(MONDAY.timestamp()) + 1)},
        {"X-Lark-Request-Timestamp": ""},
        {"X-Lark-Request-Timestamp": "１７７２４１３２００"},
        {"X-Lark-Request-Nonce": "173456722"},
        {"X-Lark-Request-Nonce": ""},
    ],
)
def test_a_wrong_signature(change: dict[str, str]) -> None:
    with pytest.raises(Forged):
        read(Push(GOOD.headers | change, GOOD.body))


def test_each_octet_is_signed() -> None:
    with pytest.raises(Forged):
        read(Push(GOOD.headers, GOOD.body.replace(b": ", b":")))


def test_what_is_cut_otherwise_is_not_signed() -> None:
    """Timestamp, nonce and key are hashed as one run."""
    timestamp, nonce = GOOD.headers["X-Lark-Request-Timestamp"], "173456721"
    shifted = {
        "X-Lark-Request-Timestamp": timestamp + nonce[0],
        "X-Lark-Request-Nonce": nonce[1:],
    }
    with pytest.raises(Forged):
        read(Push(GOOD.headers | shifted, GOOD.body))


def test_signed_with_another_key() -> None:
    with pytest.raises(Forged):
        read(theirs.push(theirs.text(APP_ID, "受理 1024"), MONDAY, "another key"))


def test_an_event_in_plain_is_not_read_however_well_it_is_signed() -> None:
    body = json.dumps(theirs.text(APP_ID, "受理 1024")).encode()
    with pytest.raises(Malformed):
        read(theirs.signed(body, MONDAY))
    with pytest.raises(Forged):
        CALLBACK.read({}, body)


def test_for_another_application() -> None:
    with pytest.raises(Forged):
        said(theirs.text("cli_another00000000", "受理 1024"))


def test_with_another_token() -> None:
    event = theirs.text(APP_ID, "受理 1024")
    event["header"] |= {"token": "another"}
    with pytest.raises(Forged):
        said(event)


@pytest.mark.parametrize("late", [timedelta(hours=8), timedelta(minutes=-10), timedelta(days=400)])
def test_outside_the_window(late: timedelta) -> None:
    with pytest.raises(Stale):
        read(theirs.push(theirs.text(APP_ID, "受理 1024"), MONDAY - late))


@pytest.mark.parametrize(
    "late", [timedelta(hours=7, minutes=20), timedelta(seconds=-599), timedelta(0)]
)
def test_the_last_repetition_is_heard(late: timedelta) -> None:
    push = theirs.push(theirs.text(APP_ID, "受理 1024"), MONDAY - late)
    assert read(push).words == "受理 1024"


def test_nobody_is_told_whether_a_cipher_opens() -> None:
    """Else 400 and 403 together would read it octet by octet."""
    whole = json.loads(GOOD.body)["encrypt"]
    for text in (whole, whole[:-8] + "AAAAAAA=", "no base64", "AAAA", 7):
        with pytest.raises(Forged) as refused:
            CALLBACK.read({}, json.dumps({"encrypt": text}).encode())
        assert str(refused.value) == "the signature is wrong"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        b'{"encrypt": 7}',
        b'{"encrypt": "AAAA"}',
        theirs.envelope([]),
        theirs.envelope({}),
        theirs.envelope({"header": []}),
    ],
    # What is encrypted is another each time, and so would be its name.
    ids=lambda body: f"{len(body)} octets",
)
def test_signed_nonsense(body: bytes) -> None:
    with pytest.raises(Malformed):
        read(theirs.signed(body, MONDAY))


@pytest.mark.parametrize(
    "change",
    [
        {"message_id": "om/../../x"},
        {"message_id": "a" * 65},
        {"message_id": None},
        {"create_time": "soon"},
        {"create_time": "１６０９０７３１５１３４５"},
        {"create_time": 1609073151345},
        {"content": "{"},
        {"content": "[]"},
        {"content": json.dumps({"image_key": "img_1"})},
        {"message_type": "image", "content": json.dumps({"image_key": "../../secret"})},
        {"message_type": "image", "content": json.dumps({"image_key": 7})},
        {"message_type": "post", "content": json.dumps({"zh_cn": {}})},
    ],
)
def test_a_message_that_is_none(change: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        said(theirs.text(APP_ID, "受理 1024", **change))
