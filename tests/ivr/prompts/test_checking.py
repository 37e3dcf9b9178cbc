"""Texts, readings, espeak-ng and recordings agree, and where they do not it is told."""

from __future__ import annotations

import importlib.util
import math
import shutil
import struct
from dataclasses import replace
from pathlib import Path

import pytest

from ivr.prompts import Language, Prompt, Prompts
from ivr.prompts.checking import mandarin, outdated, readings, sounds, utterances
from ivr.prompts.rendering import RENDERED, digest, render, spoken
from ivr.prompts.sound import amplified, seconds, wav_of
from ivr.prompts.texts import OURS, Wording, path, wordings

THANKS = (Language.MANDARIN, Prompt.THANKS)
FIVE = (Language.CANTONESE, Prompt.RATE_5)

with_espeak = pytest.mark.skipif(
    shutil.which("espeak-ng") is None, reason="espeak-ng is not installed"
)
with_pypinyin = pytest.mark.skipif(
    importlib.util.find_spec("pypinyin") is None,
    reason="pypinyin, of the extra `training`, is not installed",
)


def instead(each: tuple[Language, Prompt], **change: str) -> dict[tuple[Language, Prompt], Wording]:
    return {each: replace(wordings()[each], **change)}


def own(folder: Path, recording: bytes) -> Prompts:
    (folder / "cmn").mkdir()
    (folder / "cmn" / "thanks.wav").write_bytes(wav_of(recording))
    return Prompts(folder)


def test_ours_sound_well() -> None:
    assert list(sounds(Prompts())) == []


def test_ours_say_what_is_written() -> None:
    told = wordings()

    assert list(outdated(told)) == []
    assert list(readings(told)) == []


@pytest.mark.parametrize(
    ("gain", "what"), [(-20, "音量为-40 dBFS"), (30, "过载失真"), (-200, "音量为-inf dBFS")]
)
def test_how_loud_a_recording_is_is_told(tmp_path: Path, gain: float, what: str) -> None:
    told = list(sounds(own(tmp_path, amplified(Prompts().pcm(*THANKS), gain))))

    assert any(fault.startswith("cmn/thanks：") and what in fault for fault in told)


@pytest.mark.parametrize("length", [0.4, 20.0])
def test_a_recording_that_is_cut_or_another_is_told(tmp_path: Path, length: float) -> None:
    tone = struct.pack(
        f"<{int(8000 * length)}h", *(int(5000 * math.sin(n)) for n in range(int(8000 * length)))
    )

    (fault,) = sounds(own(tmp_path, tone))

    assert f"6个字，录音长{length}秒" in fault


def test_a_reading_that_was_changed_and_not_rendered_is_told() -> None:
    (fault,) = outdated(instead(THANKS, reading="xie4xie5 nin2 de5 ping2jia4."))

    assert fault.startswith("cmn/thanks：")


@pytest.mark.parametrize(
    ("reading", "what"),
    [
        ("gan3xie4 nin2 de5 ping2", "6个字，5个读音"),
        ("gan3xie4 nin2 de5 pingjia4", "不是读音：pingjia4"),
        ("gan3xie4 nin2 de5 ping2jia6", "不是读音：jia6"),
    ],
)
def test_a_reading_that_cannot_be_is_told(reading: str, what: str) -> None:
    assert any(what in fault for fault in readings(instead(THANKS, reading=reading)))


def test_jyutping_is_told_from_what_is_not() -> None:
    for reading in ("do1 ze6 nei5 ge3 ping4 ga", "do1 ze6 nei5 ge3 ping4 xia3", "do1 ze6 ne5i"):
        told = instead((Language.CANTONESE, Prompt.THANKS), reading=reading)
        assert any("不是读音" in fault for fault in readings(told))


@with_pypinyin
def test_the_pinyin_is_that_of_the_characters() -> None:
    assert list(mandarin(wordings())) == []


@with_pypinyin
def test_pinyin_of_another_character_is_told() -> None:
    (fault,) = mandarin(instead(THANKS, reading="gan3xie4 nin2 de5 ping2ja4"))
    assert fault == "cmn/thanks：“价”不读ja4"


@with_espeak
def test_espeak_says_the_readings() -> None:
    assert list(utterances(wordings())) == []


@with_espeak
@pytest.mark.parametrize(
    ("each", "reading"),
    [
        # Of characters it makes other words.
        (THANKS, "感谢您的评价"),
        # Without a tone two syllables become something else.
        (THANKS, "gan3xie4 nin2 de5 pingjia4"),
        (THANKS, "gan3xie4 nin2 de5 xqz4jia4"),
        (FIVE, "mun5 ji3 on3 xng5"),
    ],
)
def test_what_espeak_reads_otherwise_is_told(each: tuple[Language, Prompt], reading: str) -> None:
    (fault,) = utterances(instead(each, reading=reading))
    assert "espeak-ng读成了" in fault


@with_espeak
@pytest.mark.parametrize("each", [THANKS, FIVE])
def test_rendering_makes_the_same_bytes_again(each: tuple[Language, Prompt]) -> None:
    language, prompt = each
    wording = wordings()[each]

    once, twice = spoken(language, wording), spoken(language, wording)

    assert once == twice
    # Other versions of it sound a little different.
    shipped = path(OURS, language, prompt).stat().st_size
    assert len(once) == pytest.approx(shipped, rel=0.1)


@with_espeak
def test_what_is_rendered_can_be_used(tmp_path: Path) -> None:
    render(tmp_path)

    assert list(sounds(Prompts(tmp_path))) == []
    assert (tmp_path / RENDERED).read_text() == (OURS / RENDERED).read_text()


@with_espeak
def test_a_five_in_cantonese_can_be_heard() -> None:
    """It has no vowel, and left to itself espeak-ng all but swallows it."""
    five = spoken(Language.CANTONESE, Wording("五", "ng5"))

    assert seconds(five) > 0.25


def test_a_digest_is_of_voice_and_reading() -> None:
    one = Wording("满意", "man3yi4")

    made = {
        digest(language, wording) for language in Language for wording in (one, Wording("", ""))
    }

    assert len(made) == 4
    assert digest(Language.MANDARIN, replace(one, text="满意！")) in made
