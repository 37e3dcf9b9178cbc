"""What the service said, from its sound (ivr/calling/overhearing.py)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.calling.overhearing import Said, overheard
from ivr.prompts import Language, Prompt, Prompts

PROMPTS = Prompts()
SECOND = 16_000
STRANGE = b"\x10\x00\xf0\xff" * (SECOND // 4)


def pcm(prompt: Prompt, language: Language = Language.MANDARIN) -> bytes:
    return PROMPTS.pcm(language, prompt)


def text(prompt: Prompt, language: Language = Language.MANDARIN) -> str:
    return PROMPTS.text(language, prompt)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("prompt", Prompt)
def test_each_prompt_is_told(language: Language, prompt: Prompt) -> None:
    (said,) = overheard(bytes(SECOND) + pcm(prompt, language) + bytes(SECOND), PROMPTS)

    assert said.text == (text(prompt, language) or "（提示音）")
    assert said.whole
    assert said.at == pytest.approx(1, abs=0.05)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(Prompt), st.integers(0, 9000)), max_size=6))
def test_one_after_the_other(sequence: list[tuple[Prompt, int]]) -> None:
    heard = b"".join(bytes(2 * silence) + pcm(prompt) for prompt, silence in sequence)

    assert [said.text for said in overheard(heard, PROMPTS)] == [
        text(prompt) or "（提示音）" for prompt, _ in sequence
    ]


def test_broken_off_by_the_next() -> None:
    heard = pcm(Prompt.GREETING)[:SECOND] + pcm(Prompt.THANKS)

    greeting, thanks = overheard(heard, PROMPTS)

    assert (greeting.text, greeting.whole) == (text(Prompt.GREETING), False)
    assert greeting.seconds == pytest.approx(1, abs=0.05)
    assert (thanks.text, thanks.whole) == (text(Prompt.THANKS), True)
    assert thanks.at == pytest.approx(1, abs=0.05)


def test_what_is_no_prompt_is_told_by_its_length() -> None:
    between = pcm(Prompt.GREETING) + STRANGE + pcm(Prompt.THANKS) + bytes(SECOND) + STRANGE

    greeting, strange, thanks, last = overheard(between, PROMPTS)

    assert greeting.text == text(Prompt.GREETING)
    assert strange.text is None
    assert strange.seconds == pytest.approx(1, abs=0.05)
    assert thanks.text == text(Prompt.THANKS)
    assert last == Said(last.at, 1.0, None)


@pytest.mark.parametrize("heard", [b"", bytes(3 * SECOND)])
def test_of_silence_nothing(heard: bytes) -> None:
    assert overheard(heard, PROMPTS) == []
