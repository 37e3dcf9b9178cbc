"""Calls, from the first prompt to the last."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ivr.dialogue.talk import Ask
from ivr.line import Heard, Key, Sound
from ivr.prompts import Language, Prompt, Prompts
from models.words import Level
from tests.ivr.dialogue.conftest import Call, Called
from tests.ivr.dialogue.scripted_line import keys, voice
from tests.ivr.dialogue.test_talk import KEYS_ONLY, SCRIPT

LATEST = 120.0


def louder(pcm: bytes, factor: float) -> bytes:
    samples = (int(each * factor) for each in memoryview(pcm).cast("h"))
    return b"".join(each.to_bytes(2, "little", signed=True) for each in samples)


def said(called: Called, prompts: Prompts, language: Language = Language.MANDARIN) -> list[Prompt]:
    """What a caller heard the beginning of."""
    known = {prompts.pcm(language, each): each for each in Prompt}
    return [known[pcm] for _, pcm in called.line.spoken]


@pytest.fixture
def asked(prompts: Prompts) -> float:
    """Seconds until the question has been heard."""
    parts = (Prompt.GREETING, Prompt.RATE_5)
    return sum(prompts.seconds(Language.MANDARIN, each) for each in parts)


@pytest.fixture
def why(prompts: Prompts) -> float:
    """Seconds from a negative level to the end of the tone."""
    return sum(prompts.seconds(Language.MANDARIN, each) for each in (Prompt.WHY, Prompt.TONE))


def test_a_key_during_the_prompt_stops_it_and_counts(call: Call, prompts: Prompts) -> None:
    called = call(keys(1.5, "5"), SCRIPT)
    assert [told.level for told in called.kept.told] == [Level.VERY_SATISFIED]
    assert called.line.cut == 1
    assert said(called, prompts)[-1] is Prompt.THANKS
    assert called.line.spoken[-1][0] == pytest.approx(1.5, abs=0.1)
    assert called.line.hung_up


def test_who_says_nothing_is_asked_twice(call: Call, prompts: Prompts, asked: float) -> None:
    called = call([], SCRIPT)
    assert said(called, prompts) == [
        *(Prompt.GREETING, Prompt.RATE_5),
        *(Prompt.NO_INPUT, Prompt.RATE_5),
        *(Prompt.LINK, Prompt.GOODBYE),
    ]
    assert called.line.spoken[2][0] == pytest.approx(asked + 5.0, abs=0.2)
    assert called.kept.told[0].level is None
    assert called.ended < LATEST


def test_a_level_by_voice(
    call: Call, prompts: Prompts, asked: float, recordings: dict[str, bytes]
) -> None:
    called = call(voice(asked + 1, recordings["very-satisfied"]), SCRIPT)
    assert called.kept.told[0].level is Level.VERY_SATISFIED
    assert called.kept.told[0].recording is None
    assert said(called, prompts)[-1] is Prompt.THANKS


def test_a_reason_by_voice_is_recorded_and_written_down(
    call: Call, asked: float, why: float, recordings: dict[str, bytes]
) -> None:
    reason = recordings["dissatisfied-waited"]
    acts = [*keys(asked, "2"), *voice(asked + why + 0.5, reason)]
    called = call(acts, SCRIPT)
    assert called.kept.levels == [Level.DISSATISFIED]
    assert called.kept.told[0].level is Level.DISSATISFIED
    assert "等" in called.kept.told[0].words
    assert called.kept.seconds > len(reason) / 16000
    # Three seconds of silence end it.
    assert called.line.spoken[-1][0] == pytest.approx(
        asked + why + 0.5 + len(reason) / 16000 + 3.0, abs=1.0
    )


def test_a_reason_ends_by_hash(
    call: Call, asked: float, why: float, recordings: dict[str, bytes]
) -> None:
    begun = asked + why + 0.5
    acts = [
        *keys(asked, "1"),
        *voice(begun, recordings["dissatisfied-waited"]),
        *keys(begun + 2, "#"),
    ]
    called = call(acts, SCRIPT)
    assert called.line.spoken[-1][0] == pytest.approx(begun + 2, abs=0.2)
    assert called.kept.seconds == pytest.approx(2.0, abs=0.1)


def test_a_hash_right_behind_the_figure_is_not_the_end_of_the_reason(
    call: Call, asked: float
) -> None:
    called = call(keys(asked, "2#"), SCRIPT)
    assert called.line.cut == 0
    assert called.kept.told[0].level is Level.DISSATISFIED


@pytest.mark.parametrize("at", [3.0, 20.0], ids=["over the prompt", "after it"])
def test_who_gives_no_reason_is_thanked_all_the_same(
    call: Call, why: float, prompts: Prompts, at: float
) -> None:
    called = call(keys(at, "1"), SCRIPT)
    assert said(called, prompts)[-3:] == [Prompt.WHY, Prompt.TONE, Prompt.THANKS_NEGATIVE]
    assert called.line.spoken[-1][0] == pytest.approx(at + why + 6.0, abs=0.3)
    told = called.kept.told[0]
    assert (told.level, told.words, told.recording) == (Level.VERY_DISSATISFIED, "", None)


def test_a_reason_lasts_a_minute_at_most(
    call: Call, asked: float, why: float, recordings: dict[str, bytes]
) -> None:
    reason = (recordings["dissatisfied-waited"] + bytes(8000)) * 40
    called = call([*keys(asked, "2"), *voice(asked + why, reason)], SCRIPT)
    assert called.kept.seconds == pytest.approx(60.5, abs=0.6)


def hang_ups() -> list[float]:
    return [0.0, 0.5, 3.0, 9.0, 14.0, 20.0, 26.0, 33.0, 40.0]


@pytest.mark.parametrize("at", hang_ups())
def test_hung_up_before_a_level_nothing_is_told(call: Call, at: float) -> None:
    called = call([(at, None)], SCRIPT)
    assert [told.level for told in called.kept.told] == [None]
    assert called.ended == pytest.approx(min(at, called.ended), abs=0.1)
    assert called.line.hung_up


@pytest.mark.parametrize("later", [0.0, 0.3, 2.0, 5.0, 7.0, 9.0, 12.0, 20.0])
def test_hung_up_after_a_level_it_counts(
    call: Call, asked: float, why: float, later: float, recordings: dict[str, bytes]
) -> None:
    acts: list[tuple[float, Heard | None]] = [
        *keys(asked, "2"),
        *voice(asked + why + 0.2, recordings["dissatisfied-waited"]),
        (asked + 0.01 + later, None),
    ]
    called = call(acts, SCRIPT)
    assert [told.level for told in called.kept.told] == [Level.DISSATISFIED]
    # What was said of the reason is kept as well.
    assert (called.kept.seconds > 0.0) == (later > why + 1.0)


def test_what_was_said_last_counts_though_the_caller_has_hung_up(
    call: Call, asked: float, recordings: dict[str, bytes]
) -> None:
    pcm = recordings["very-satisfied"]
    end = asked + 1 + 0.2 + len(pcm) / 16000 + 0.1
    acts = [each for each in voice(asked + 1, pcm) if each[0] < end]
    called = call([*acts, (end, None)], SCRIPT)
    assert called.kept.told[0].level is Level.VERY_SATISFIED
    assert called.talk.ask is Ask.OVER


def test_a_key_wins_over_what_was_said_before_it(
    call: Call, asked: float, recordings: dict[str, bytes]
) -> None:
    # Nothing is known of what was said until there has been a pause.
    acts = [*voice(asked + 1, recordings["very-satisfied"]), *keys(asked + 2.5, "2")]
    called = call(acts, SCRIPT)
    assert called.kept.told[0].level is Level.DISSATISFIED


def test_a_voice_is_heard_though_no_frame_follows_it(
    call: Call, asked: float, recordings: dict[str, bytes]
) -> None:
    """A switch sends nothing while the caller's side does not: muted, or with gaps in silence."""
    pcm = recordings["very-satisfied"].strip(b"\0")
    acts: list[tuple[float, Heard | None]] = [
        (asked + 1 + start / 16000, Sound(pcm[start : start + 320]))
        for start in range(0, len(pcm), 320)
    ]
    called = call(acts, SCRIPT)
    assert called.kept.told[0].level is Level.VERY_SATISFIED
    assert called.ended < asked + 1 + len(pcm) / 16000 + 5.0


def test_a_sure_level_counts_over_the_prompt_and_stops_it(
    call: Call, recordings: dict[str, bytes]
) -> None:
    called = call(voice(2.0, louder(recordings["very-satisfied"], 4)), SCRIPT)
    assert called.kept.told[0].level is Level.VERY_SATISFIED
    assert called.line.cut == 1


def test_noise_over_the_prompt_stops_nothing(
    call: Call, asked: float, prompts: Prompts, recordings: dict[str, bytes]
) -> None:
    called = call([*voice(2.0, recordings["dissatisfied-waited"][:4000])], SCRIPT)
    assert called.line.spoken[2][0] == pytest.approx(asked + 5.0, abs=0.2)
    assert said(called, prompts)[2] is Prompt.NO_INPUT


def test_the_echo_of_the_prompt_is_no_answer(call: Call, prompts: Prompts) -> None:
    """The line gives back what we say, a little later and weaker."""
    greeting = prompts.pcm(Language.MANDARIN, Prompt.GREETING)
    question = prompts.pcm(Language.MANDARIN, Prompt.RATE_5)
    echo = louder(greeting + question, 0.25)
    called = call(voice(0.1, echo), SCRIPT)
    assert said(called, prompts)[2] is Prompt.NO_INPUT
    assert called.line.cut == 0


def test_who_is_not_listened_to_rates_by_key(
    call: Call, prompts: Prompts, asked: float, recordings: dict[str, bytes]
) -> None:
    called = call(voice(asked, recordings["very-satisfied"]), KEYS_ONLY)
    assert called.kept.told[0].level is None
    assert said(called, prompts)[1] is Prompt.RATE_5_KEYS


def test_in_cantonese(call: Call, prompts: Prompts) -> None:
    cantonese = replace(KEYS_ONLY, language=Language.CANTONESE)
    called = call(keys(3.0, "4"), cantonese)
    assert called.kept.told[0].level is Level.SATISFIED
    assert said(called, prompts, Language.CANTONESE)[-1] is Prompt.THANKS


@pytest.mark.parametrize("key", "25")
def test_what_cannot_be_kept_is_not_thanked_for(call: Call, prompts: Prompts, key: str) -> None:
    called = call(keys(3.0, key), SCRIPT, broken=True)
    assert said(called, prompts)[-1] is Prompt.FAULT
    assert called.line.hung_up


def test_what_is_not_enough_for_the_rules_is_not_said_to_be_dealt_with(
    call: Call, prompts: Prompts
) -> None:
    called = call(keys(3.0, "2"), SCRIPT, enough=False)
    assert said(called, prompts)[-2:] == [Prompt.LINK, Prompt.GOODBYE]


def test_keys_of_all_kinds_in_any_order_end_a_call(call: Call) -> None:
    acts: list[tuple[float, Heard | None]] = [
        (place * 0.7, Key(name)) for place, name in enumerate("*#0#9*6A")
    ]
    called = call(acts, SCRIPT)
    assert called.kept.told[0].level is None
    assert called.ended < LATEST
