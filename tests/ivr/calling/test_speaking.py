"""What a caller says, as sound (ivr/calling/speaking.py)."""

from __future__ import annotations

from importlib.util import find_spec
from shutil import which

import pytest

from ivr.calling.speaking import CannotSpeak, spoken
from ivr.prompts import Language, Prompt, Prompts
from ivr.prompts.sound import loudness, seconds
from models.words import Level

PROMPTS = Prompts()
with_speech = pytest.mark.skipif(
    not (find_spec("pypinyin") and which("espeak-ng")), reason="needs pypinyin and espeak-ng"
)
without_pinyin = pytest.mark.skipif(
    find_spec("pypinyin") is not None, reason="pypinyin is installed"
)


@pytest.mark.parametrize("level", Level)
def test_the_levels_are_recorded(level: Level) -> None:
    said = spoken(level.label, PROMPTS)

    assert said == PROMPTS.pcm(Language.MANDARIN, Prompt(f"level-{level.value}"))


@with_speech
def test_anything_is_spoken() -> None:
    said = spoken("等了两个小时，没有人管。", PROMPTS)

    assert 2 < seconds(said) < 5
    assert loudness(said) > -30


@without_pinyin
def test_what_is_missing_is_named() -> None:
    with pytest.raises(CannotSpeak, match=r"haochaping\[training\]"):
        spoken("等了两个小时", PROMPTS)


@pytest.mark.parametrize("text", ["", "，", "OK", "5分"])
def test_what_is_no_chinese_is_refused(text: str) -> None:
    with pytest.raises(CannotSpeak, match="只能说汉字"):
        spoken(text, PROMPTS)
