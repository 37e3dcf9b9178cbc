"""When a caller speaks and has finished, by what comes over the line."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.line import FRAME
from ivr.speech.ear import LATE, LONGEST, PAUSE, Ear, Utterance
from ivr.speech.recognising import OURS, Recogniser
from tests.ivr.speech.sounds import (
    RATE,
    hiss,
    loudness,
    pcm,
    recorded,
    silence,
    together,
    tones,
)

SAID = {
    "very-satisfied.amr": "非常满意",
    "not-quite-satisfied-alaw.wav": "不太满意",
    "passable.opus": "还可以",
    "yes.wav": "是的",
}


@pytest.fixture(scope="module")
def recogniser() -> Iterator[Recogniser]:
    recogniser = Recogniser(OURS)
    yield recogniser
    recogniser.close()


def length(sound: bytes) -> float:
    """In seconds."""
    return len(sound) / 2 / RATE


def heard(ear: Ear, sound: bytes, at: float = 0.0, size: int = FRAME) -> list[Utterance]:
    """What ends while `sound` comes, from `at` on, in pieces of `size`."""
    found = [
        ear.feed(sound[n : n + size], at + length(sound[: n + size]))
        for n in range(0, len(sound), size)
    ]
    return [each for each in found if each is not None]


@pytest.mark.parametrize("name", SAID)
@pytest.mark.parametrize("quieter", [None, 25, 10], ids=["no noise", "25 dB", "10 dB"])
async def test_an_utterance_is_cut_out(name: str, quieter: int | None) -> None:
    voice = await recorded(name)
    line = silence(3) + voice + silence(1.5)
    if quieter is not None:
        noise = hiss(length(line), loudness(voice) / 10 ** (quieter / 20))
        line = together(line, noise)

    (utterance,) = heard(Ear(), line)

    assert 2.9 < utterance.began < utterance.ended < 3.1 + length(voice)
    assert utterance.pcm in line
    assert -60 < utterance.loudness < 0


@pytest.mark.parametrize("name", SAID)
async def test_what_is_cut_out_is_understood(recogniser: Recogniser, name: str) -> None:
    line = together(silence(3) + await recorded(name) + silence(1), hiss(6, 20))

    (utterance,) = heard(Ear(), line)

    assert (await recogniser.hear(utterance.pcm)).text == SAID[name]


async def test_the_first_letter_is_kept() -> None:
    voice = await recorded("very-satisfied.amr")
    line = silence(3) + voice + silence(1)

    (utterance,) = heard(Ear(), line)

    before = utterance.began - length(line[: line.index(utterance.pcm)])
    after = length(line[: line.index(utterance.pcm)] + utterance.pcm) - utterance.ended
    assert before == pytest.approx(0.3)
    assert after == pytest.approx(0.2)


async def test_the_end_is_found_soon() -> None:
    ear, voice = Ear(), await recorded("passable.opus")
    line = together(silence(3) + voice + silence(1), hiss(6, 20))

    ended = [
        (n / 2 / RATE, utterance)
        for n in range(0, len(line), FRAME)
        if (utterance := ear.feed(line[n : n + FRAME], (n + FRAME) / 2 / RATE)) is not None
    ]

    ((at, utterance),) = ended
    assert PAUSE - 0.1 < at - utterance.ended < PAUSE + 0.1


async def test_one_after_the_other() -> None:
    first, second = await recorded("passable.opus"), await recorded("yes.wav")
    line = silence(2) + first + silence(0.8) + second + silence(0.8)

    utterances = heard(Ear(), line)

    assert len(utterances) == 2
    assert utterances[0].ended < utterances[1].began


async def test_somebody_is_speaking_until_the_end_was_found() -> None:
    ear, voice = Ear(), await recorded("passable.opus")
    line = silence(2) + voice + silence(1)
    half, speaking = len(voice) // 2, []
    for start, end in pairwise([0, 32000, 32000 + half, len(line)]):
        heard(ear, line[start:end], at=start / 2 / RATE)
        speaking.append(ear.speaking)

    assert speaking == [False, True, False]


SIZES = st.lists(st.integers(1, 6000), min_size=1, max_size=8)


@given(sizes=SIZES)
@settings(max_examples=25, deadline=None)
def test_however_it_is_divided(two_said: bytes, sizes: list[int]) -> None:
    whole, ear, found, start, turn = Ear(), Ear(), list[Utterance](), 0, 0
    wanted = heard(whole, two_said)
    while start < len(two_said):
        end = min(len(two_said), start + sizes[turn % len(sizes)])
        utterance = ear.feed(two_said[start:end], end / 2 / RATE)
        while utterance is not None:
            found.append(utterance)
            utterance = ear.tick(end / 2 / RATE)
        start, turn = end, turn + 1

    assert [each.pcm for each in found] == [each.pcm for each in wanted]
    assert [each.began for each in found] == pytest.approx([each.began for each in wanted])
    assert len(found) == 2


@pytest.fixture(scope="module")
def two_said() -> bytes:
    first, second = (asyncio.run(recorded(name)) for name in ("passable.opus", "yes.wav"))
    return silence(1) + first + silence(0.7) + second + silence(0.7)


async def test_several_that_end_in_one_piece_come_one_by_one(two_said: bytes) -> None:
    ear = Ear()

    first = ear.feed(two_said, at=10.0)
    assert ear.due == 10.0
    second = ear.tick(10.0)

    assert first is not None
    assert second is not None
    assert 10 - length(two_said) < first.began < first.ended < second.began < 10
    assert ear.due is None


async def test_the_clock_ends_it_where_no_silence_comes() -> None:
    ear, voice = Ear(), await recorded("very-satisfied.amr")
    line = silence(2) + voice[: len(voice) * 2 // 3]

    assert heard(ear, line) == []
    due = ear.due
    assert due is not None
    assert ear.tick(due - 0.01) is None
    utterance = ear.tick(due)

    assert utterance is not None
    assert due == pytest.approx(max(utterance.ended + PAUSE, length(line) + LATE))
    assert ear.due is None


def voiced(sound: bytes) -> bytes:
    """Without what is quiet before and behind it."""
    frames = [sound[n : n + FRAME] for n in range(0, len(sound) - FRAME + 1, FRAME)]
    peaks = [max(map(abs, array("h", each))) for each in frames]
    places = [n for n, peak in enumerate(peaks) if peak > max(peaks) / 10]
    return b"".join(frames[places[0] : places[-1] + 1])


@pytest.mark.parametrize("name", [*SAID, "one-star.mp3", "very-dissatisfied.awb"])
async def test_a_side_that_sends_nothing_but_voice_is_heard_each_time(name: str) -> None:
    """There is no quiet to tell the voice from: the clock knows of it."""
    voice = voiced(await recorded(name))
    ear, at = Ear(0.0), 10.0
    for _ in range(3):
        found = heard(ear, voice, at)
        at += length(voice)
        found += filter(None, [ear.tick(at + PAUSE + LATE)])
        assert len(found) == 1
        assert length(found[0].pcm) > 0.8 * length(voice)
        at += 4


async def test_what_comes_after_a_gap_is_another_utterance() -> None:
    ear, voice = Ear(), await recorded("passable.opus")
    line = silence(2) + voice[: len(voice) * 2 // 3]

    assert heard(ear, line) == []
    found = ear.feed(silence(0.02), length(line) + 3)

    assert found is not None
    assert found.ended <= length(line)


async def test_a_little_comfort_noise_now_and_then_does_not_put_it_off() -> None:
    ear, voice = Ear(), await recorded("passable.opus")
    at = 2 + length(voice)
    found = heard(ear, silence(2) + voice)
    while not found and at < 6:
        at += 0.16
        found += heard(ear, hiss(0.02, 8), at)
        if ear.due is not None and ear.due < at + 0.14 and (last := ear.tick(ear.due)):
            found.append(last)

    (utterance,) = found
    assert at - utterance.ended < PAUSE + 0.3


@pytest.mark.parametrize("low", [697, 941])
@pytest.mark.parametrize("seconds", [0.1, 0.4, 2.0])
def test_a_key_is_no_voice(low: int, seconds: float) -> None:
    line = silence(1) + tones(seconds, low, 1336) + silence(1)
    ear = Ear()
    assert heard(ear, together(line, hiss(length(line), 30))) == []
    assert not ear.speaking


@pytest.mark.parametrize("seconds", [0.005, 0.05, 0.1])
def test_a_click_is_no_voice(seconds: float) -> None:
    once = hiss(seconds, 8000) + silence(0.4)
    ear = Ear()
    assert heard(ear, silence(2) + once * 5) == []
    assert not ear.speaking


@pytest.mark.parametrize("kind", ["hiss", "hum", "hiss that begins"])
def test_a_line_by_itself_is_no_voice(kind: str) -> None:
    line = {
        "hiss": hiss(8, 600),
        "hum": together(tones(8, 50, 100, 150, 250, loudness=800), hiss(8, 30)),
        "hiss that begins": silence(5) + hiss(8, 600),
    }[kind]
    ear = Ear()
    assert heard(ear, line) == []
    assert not ear.speaking


def test_music_does_not_go_on_for_ever() -> None:
    tune = b"".join(
        pcm(each * (1 - n / 4800) for n, each in enumerate(memoryview(chord).cast("h")))
        for root in (262, 294, 330, 392, 349, 330) * 12
        for chord in [tones(0.6, root, root * 1.26, root * 1.5, root * 2, loudness=2500)]
    )
    ear = Ear()

    utterances = heard(ear, silence(1) + tune)

    assert utterances
    assert all(length(each.pcm) <= LONGEST for each in utterances)


async def test_who_goes_on_and_on_is_cut_off_at_fifteen_seconds() -> None:
    (once,) = heard(Ear(), silence(1) + await recorded("very-satisfied.amr") + silence(1))
    # Without the line before and after the voice.
    line = silence(3) + once.pcm[4800:-3200] * 30

    utterances = heard(Ear(), line)

    assert LONGEST - 0.5 < length(utterances[0].pcm) <= LONGEST
    assert all(first.ended <= second.began for first, second in pairwise(utterances))


@given(st.lists(st.tuples(st.binary(max_size=2000), st.floats(0, 3)), max_size=8))
@settings(max_examples=50, deadline=None)
def test_anything_may_come_at_any_time(pieces: list[tuple[bytes, float]]) -> None:
    ear, at = Ear(), 0.0
    for sound, later in pieces:
        at += later
        ear.feed(sound, at)
        assert ear.due is None or ear.speaking
