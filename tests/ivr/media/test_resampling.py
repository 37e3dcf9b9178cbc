"""Down to 8,000 samples a second (ivr/media/resampling.py)."""

from __future__ import annotations

import math
from array import array
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.media.resampling import Downsampling

RATES = (12_000, 16_000, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000)
LOUD = 20_000


def tone(hertz: float, rate: int, seconds: float = 0.2, loudness: int = LOUD) -> bytes:
    samples = range(round(rate * seconds))
    return array(
        "h", (round(loudness * math.sin(2 * math.pi * hertz * n / rate)) for n in samples)
    ).tobytes()


def decibels(pcm: bytes) -> float:
    """Against the tone that went in. Its first 50 ms are the filter's own."""
    samples = array("h", pcm)[400:]
    power = sum(sample * sample for sample in samples) / len(samples)
    return 10 * math.log10(power / (LOUD * LOUD / 2) + 1e-12)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from((8000, 12_000, 16_000, 44_100, 48_000)), st.binary(max_size=3000), st.data())
def test_cuts_make_no_difference(rate: int, pcm: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(pcm)), max_size=6)))
    edges = [0, *cuts, len(pcm)]
    part_by_part, whole = Downsampling(rate), Downsampling(rate)

    parts = [part_by_part.feed(pcm[start:end]) for start, end in pairwise(edges)]

    assert b"".join(parts) == whole.feed(pcm)


def test_8000_stays_as_it_is() -> None:
    sound = Downsampling(8000)

    assert sound.feed(b"12345") + sound.feed(b"") + sound.feed(b"678") == b"12345678"


@pytest.mark.parametrize("rate", RATES)
def test_a_second_stays_a_second(rate: int) -> None:
    assert abs(len(Downsampling(rate).feed(bytes(2 * rate))) - 16_000) <= 2


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("hertz", [300, 1000, 3000])
def test_what_a_telephone_carries_comes_through(rate: int, hertz: int) -> None:
    heard = Downsampling(rate).feed(tone(hertz, rate))

    assert decibels(heard) == pytest.approx(0, abs=1.5)


@pytest.mark.parametrize(
    ("rate", "hertz"),
    [(rate, hertz) for rate in RATES for hertz in (4700, 5500, 7000, 13_000) if hertz < rate / 2],
)
def test_what_it_does_not_carry_is_not_folded_back(rate: int, hertz: int) -> None:
    assert decibels(Downsampling(rate).feed(tone(hertz, rate))) < -35


def test_the_loudest_sound_stays_what_it_is() -> None:
    samples = array("h", Downsampling(16_000).feed(tone(1000, 16_000, loudness=32_767)))[400:]

    assert max(samples) == pytest.approx(32_767, rel=0.01)
    assert min(samples) == pytest.approx(-32_767, rel=0.01)
