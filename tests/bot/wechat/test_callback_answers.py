"""What the platform gets back (bot/wechat/callback.py), read as it reads it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.wechat.callback import fitting
from bot.wechat.messages import TEXT_OCTETS
from tests.bot.wechat.callbacks import ACCOUNT, SENDER, callback, message, read
from tests.bot.wechat.crypto import Platform, element
from tests.standing import MONDAY

MODES = ["plain", "compatible", "aes"]


def answered(platform: Platform, words: str | None) -> bytes:
    return callback(platform).answer(read(platform, message()), words)


def content(platform: Platform, words: str) -> str:
    return element(platform.opened(answered(platform, words)), "Content")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("words", [None, "", " \n", "\0"])
def test_nothing_to_say(mode: str, words: str | None) -> None:
    assert answered(Platform(mode=mode), words) == b"success"


@pytest.mark.parametrize("mode", MODES)
def test_a_text_goes_back_to_its_sender(mode: str) -> None:
    platform = Platform(mode=mode)
    answer = platform.opened(answered(platform, "谢谢\n您的评价"))
    assert element(answer, "ToUserName") == SENDER
    assert element(answer, "FromUserName") == ACCOUNT
    assert element(answer, "MsgType") == "text"
    assert element(answer, "CreateTime") == str(int(MONDAY.timestamp()))
    assert element(answer, "Content") == "谢谢\n您的评价"


@pytest.mark.parametrize("mode", ["compatible", "aes"])
def test_an_encrypted_answer_shows_nothing(mode: str) -> None:
    answer = answered(Platform(mode=mode), "谢谢").decode()
    assert "谢谢" not in answer
    assert SENDER not in answer


def test_no_two_answers_look_alike() -> None:
    platform = Platform()
    assert answered(platform, "谢谢") != answered(platform, "谢谢")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "words",
    [
        "]]>",
        "]]>]]>",
        "a]]",
        "]]]>",
        "]]></Content><Content>b",
        "]]><MsgType>a</MsgType><![CDATA[",
        "<xml>&amp;&#0;",
        "{0}{data}%s",
        "{{encrypt}}",
    ],
)
def test_words_do_not_break_out(mode: str, words: str) -> None:
    assert content(Platform(mode=mode), words) == words


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("a\0b\x1bc\x7f", "abc"),
        ("a\r\nb\rc\td", "a\nb\nc\td"),
        ("\ud800a\ufffe\uffff", "a"),
        (" 谢谢 ", "谢谢"),
    ],
)
def test_what_xml_cannot_hold_is_left_out(words: str, kept: str) -> None:
    assert content(Platform(), words) == kept


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("好" * 682 + "ab", "好" * 682 + "ab"),
        ("好" * 683, "好" * 681 + "…"),
        ("a" * 2048, "a" * 2048),
        ("a" * 2049, "a" * 2045 + "…"),
        ("😀" * 600, "😀" * 511 + "…"),
    ],
)
def test_what_is_too_long_is_cut_at_a_character(words: str, kept: str) -> None:
    assert content(Platform(), words) == kept
    assert len(kept.encode()) <= TEXT_OCTETS


@settings(max_examples=60, deadline=None)
@given(
    words=st.text(
        st.one_of(st.characters(), st.sampled_from("]>[<&\n!CDAT")), min_size=1, max_size=800
    ),
    mode=st.sampled_from(MODES),
)
def test_any_words(words: str, mode: str) -> None:
    platform = Platform(mode=mode)
    kept = fitting(words)
    assert len(kept.encode()) <= TEXT_OCTETS
    if kept:
        assert content(platform, words) == kept
    else:
        assert answered(platform, words) == b"success"
