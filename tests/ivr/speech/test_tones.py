"""Keys that are heard as tones, and voices, which are none."""

from __future__ import annotations

from itertools import product

import pytest

from ivr.line import FRAME
from ivr.speech.tones import is_key_tone
from tests.ivr.speech.sounds import hiss, loudness, recorded, silence, together, tones

KEYS = list(product((697, 770, 852, 941), (1209, 1336, 1477, 1633)))


def share(sound: bytes) -> float:
    """Of the 20 ms that are taken for a key's tone."""
    frames = [sound[n : n + FRAME] for n in range(0, len(sound) - FRAME + 1, FRAME)]
    return sum(map(is_key_tone, frames)) / len(frames)


@pytest.mark.parametrize(("low", "high"), KEYS)
def test_every_key_is_heard(low: int, high: int) -> None:
    assert share(tones(0.4, low, high)) == 1


@pytest.mark.parametrize(("low", "high"), [(697, 1209), (941, 1633)])
def test_a_key_is_heard_in_noise(low: int, high: int) -> None:
    key = tones(0.4, low, high, loudness=3000)
    assert share(together(key, hiss(0.4, 1000))) > 0.9


@pytest.mark.parametrize("pitch", [450, 697, 1000, 1209])
def test_one_tone_by_itself_is_no_key(pitch: int) -> None:
    assert share(tones(0.4, pitch)) == 0


@pytest.mark.parametrize("sound", [silence(0.2), hiss(0.4, 2000)], ids=["silence", "hiss"])
def test_no_sound_and_noise_are_no_key(sound: bytes) -> None:
    assert share(sound) == 0


@pytest.mark.parametrize("name", ["very-satisfied.amr", "five-points-mulaw.wav", "yes.wav"])
async def test_a_voice_is_no_key(name: str) -> None:
    voice = await recorded(name)
    assert loudness(voice) > 100
    assert share(voice) < 0.02
