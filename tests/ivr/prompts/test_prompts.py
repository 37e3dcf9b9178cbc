"""What callers hear: ours, and a speaker's recordings in their place (ivr/prompts)."""

from __future__ import annotations

import math
import shutil
import struct
import wave
from array import array
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.prompts import Language, Prompt, PromptFault, Prompts
from ivr.prompts.sound import NotTelephoneSound, loudness, pcm_of, peak, wav_of
from ivr.prompts.texts import OURS, path
from ivr.speech.recognising import OURS as MODEL
from ivr.speech.recognising import Recogniser
from models.ratings.heard import heard
from models.words import Level

EVERY = [(language, prompt) for language in Language for prompt in Prompt]
BEEP = struct.pack("<800h", *(round(8000 * math.sin(n / 2)) for n in range(800)))


@pytest.fixture(scope="module")
def ours() -> Prompts:
    return Prompts()


@pytest.fixture(scope="module")
def recogniser() -> Iterator[Recogniser]:
    recogniser = Recogniser(MODEL)
    yield recogniser
    recogniser.close()


def g711(coding: int, data: bytes, rate: int = 8000) -> bytes:
    head = struct.pack("<4sIHHIIHH", b"fmt ", 18, coding, 1, rate, rate, 1, 8) + bytes(2)
    body = b"WAVE" + head + struct.pack("<4sI", b"fact", 4) + bytes(4)
    body += struct.pack("<4sI", b"data", len(data)) + data
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def pcm(*, rate: int = 8000, channels: int = 1, width: int = 2) -> bytes:
    """BEEP, said to be something else."""
    wav = bytearray(wav_of(BEEP))
    struct.pack_into("<HI", wav, 22, channels, rate)
    struct.pack_into("<H", wav, 34, 8 * width)
    return bytes(wav)


def put(folder: Path, name: str, recording: bytes) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(recording)


@pytest.mark.parametrize(("language", "prompt"), EVERY, ids=["/".join(each) for each in EVERY])
def test_each_is_a_telephones_sound(ours: Prompts, language: Language, prompt: Prompt) -> None:
    with wave.open(str(path(OURS, language, prompt))) as file:
        shape = file.getframerate(), file.getnchannels(), file.getsampwidth()
        frames = file.readframes(file.getnframes())

    said = ours.pcm(language, prompt)

    assert shape == (8000, 1, 2)
    assert said == frames
    assert ours.seconds(language, prompt) == len(said) / 16000
    assert -21.5 < loudness(said) < -19.5
    assert peak(said) < -3
    first, last = struct.unpack("<h", said[:2]), struct.unpack("<h", said[-2:])
    assert first == last == (0,)


def test_each_has_a_text_but_the_tone(ours: Prompts) -> None:
    without = [(language, prompt) for language, prompt in EVERY if not ours.text(language, prompt)]

    assert without == [(language, Prompt.TONE) for language in Language]
    assert ours.text(Language.MANDARIN, Prompt.LEVEL_2) == "不满意。"


def test_nobody_is_kept_waiting(ours: Prompts) -> None:
    for language in Language:
        assert ours.seconds(language, Prompt.GREETING) < 3.5
        for prompt in (Prompt.RATE_5, Prompt.RATE_1, Prompt.RATE_5_KEYS, Prompt.RATE_1_KEYS):
            assert ours.seconds(language, prompt) < 12


def test_the_order_of_the_figures_is_said(ours: Prompts) -> None:
    for language in Language:
        for five, one in (
            (Prompt.RATE_5, Prompt.RATE_1),
            (Prompt.RATE_5_KEYS, Prompt.RATE_1_KEYS),
        ):
            assert "非常满意请按5" in ours.text(language, five)
            assert "非常不满意按1" in ours.text(language, five)
            assert "非常满意请按1" in ours.text(language, one)
            assert "非常不满意按5" in ours.text(language, one)
            assert ours.pcm(language, five) != ours.pcm(language, one)


def test_the_tone_is_one_clean_tone(ours: Prompts) -> None:
    tone = array("h", ours.pcm(Language.MANDARIN, Prompt.TONE))

    crossings = sum((a < 0) != (b < 0) for a, b in pairwise(tone))

    assert len(tone) == 2400
    assert crossings == pytest.approx(2 * 800 * 0.3, abs=2)


def test_they_are_small() -> None:
    assert sum(path(OURS, *each).stat().st_size for each in EVERY) < 4_000_000


@pytest.mark.parametrize("level", Level)
async def test_the_recogniser_hears_the_levels(
    ours: Prompts, recogniser: Recogniser, level: Level
) -> None:
    said = ours.pcm(Language.MANDARIN, Prompt(f"level-{level.value}"))
    noise = Random(level)  # noqa: S311
    quiet = bytes(4800)
    # No line is as silent as a file.
    line = array("h", (n + round(noise.gauss(0, 20)) for n in array("h", quiet + said + quiet)))

    transcript = await recogniser.hear(line.tobytes())

    told = heard(transcript.text)
    assert (told.level, told.words) == (level, "")


@pytest.mark.parametrize(
    "recording",
    [wav_of(BEEP), g711(6, b"\x55\xd5\x80" * 300), g711(7, b"\x00\x80\xff" * 300)],
    ids=["PCM", "A-law", "mu-law"],
)
def test_a_speakers_recording_wins(ours: Prompts, tmp_path: Path, recording: bytes) -> None:
    put(tmp_path, "cmn/greeting.wav", recording)
    put(tmp_path, "who-spoke.txt", b"")

    prompts = Prompts(tmp_path)

    assert prompts.pcm(Language.MANDARIN, Prompt.GREETING) == pcm_of(recording)
    for language, prompt in EVERY[1:]:
        assert prompts.pcm(language, prompt) == ours.pcm(language, prompt)


def test_g711_is_as_loud_as_it_was() -> None:
    assert struct.unpack("<3h", pcm_of(g711(6, b"\x55\xd5\x2a"))) == (-8, 8, -32256)
    assert struct.unpack("<3h", pcm_of(g711(7, b"\x00\x80\xff"))) == (-32124, 32124, 0)


@pytest.mark.parametrize(
    ("recording", "why"),
    [
        (pcm(rate=16000), "16000赫兹"),
        (pcm(channels=2), "2声道"),
        (pcm(width=1), "8位"),
        (g711(6, b"\x55" * 900, rate=16000), "16000赫兹"),
        (wav_of(b""), "没有声音"),
        (b"ID3" + bytes(1000), "不是WAV文件"),
        (wav_of(BEEP)[:30], "不是WAV文件"),
        (b"", "不是WAV文件"),
    ],
)
def test_others_are_refused(tmp_path: Path, recording: bytes, why: str) -> None:
    put(tmp_path, "yue/thanks.wav", recording)

    with pytest.raises(PromptFault, match=why) as refused:
        Prompts(tmp_path)

    (fault,) = refused.value.faults
    assert "yue/thanks.wav" in fault


def test_how_to_convert_is_said(tmp_path: Path) -> None:
    put(tmp_path, "cmn/why.wav", pcm(rate=44100, channels=2))

    with pytest.raises(PromptFault, match=r"ffmpeg -i 原文件 -ar 8000 -ac 1 -c:a pcm_s16le"):
        Prompts(tmp_path)


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    put(tmp_path, "cmn/greeting.wav", pcm(rate=16000))
    put(tmp_path, "cmn/greting.wav", wav_of(BEEP))
    put(tmp_path, "thanks.wav", wav_of(BEEP))
    (tmp_path / "yue" / "why.wav").mkdir(parents=True)

    with pytest.raises(PromptFault) as refused:
        Prompts(tmp_path)

    told = "\n".join(refused.value.faults)
    assert len(refused.value.faults) == 4
    for name in ("cmn/greeting.wav", "cmn/greting.wav", "thanks.wav", "yue/why.wav"):
        assert name in told


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PromptFault, match="没有这个提示音文件夹"):
        Prompts(tmp_path / "gone")


def test_all_of_them_may_be_a_speakers(ours: Prompts, tmp_path: Path) -> None:
    for language in Language:
        shutil.copytree(OURS / language, tmp_path / language)

    prompts = Prompts(tmp_path)

    assert all(prompts.pcm(*each) == ours.pcm(*each) for each in EVERY)


@given(st.binary(max_size=200).map(lambda data: data[: len(data) // 2 * 2]))
def test_what_is_written_is_read(said: bytes) -> None:
    assert pcm_of(wav_of(said)) == said


@given(st.binary(max_size=120), st.integers(0, 120), st.integers(0, 80))
def test_any_bytes_are_sound_or_refused(strange: bytes, at: int, cut: int) -> None:
    wav = wav_of(BEEP[:100])
    for bytes_ in (strange, wav[:at] + strange + wav[at + len(strange) :], wav[:cut] + strange):
        with suppress(NotTelephoneSound):
            assert len(pcm_of(bytes_)) % 2 == 0
