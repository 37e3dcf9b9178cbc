"""Sounds of a telephone line, as PCM at 8 kHz."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable
from pathlib import Path
from random import Random

from ivr.speech.decoding import decoded

RATE = 8000
RECORDINGS = Path(__file__).parent.parent / "recordings"


async def recorded(name: str) -> bytes:
    return await decoded((RECORDINGS / name).read_bytes())


def pcm(samples: Iterable[float]) -> bytes:
    return array("h", (max(-32768, min(32767, round(each))) for each in samples)).tobytes()


def silence(seconds: float) -> bytes:
    return bytes(2 * round(seconds * RATE))


def hiss(seconds: float, loudness: float, seed: int = 1) -> bytes:
    noise = Random(seed)  # noqa: S311
    return pcm(noise.gauss(0, loudness) for _ in range(round(seconds * RATE)))


def tones(seconds: float, *pitches: float, loudness: float = 6000) -> bytes:
    return pcm(
        loudness * sum(math.sin(2 * math.pi * pitch * n / RATE) for pitch in pitches)
        for n in range(round(seconds * RATE))
    )


def together(*sounds: bytes) -> bytes:
    """At the same time, as long as the longest."""
    mixed = [0] * (max(map(len, sounds)) // 2)
    for sound in sounds:
        for n, sample in enumerate(array("h", sound)):
            mixed[n] += sample
    return pcm(mixed)


def loudness(sound: bytes) -> float:
    """Of what is more than noise in it, as the deviation of a hiss that is as loud."""
    loud = [each for each in array("h", sound) if abs(each) > 50]
    return math.sqrt(sum(each * each for each in loud) / len(loud))
