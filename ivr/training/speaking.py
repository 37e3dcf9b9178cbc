"""Synthesised Mandarin: espeak-ng speaks numbered pinyin. Of characters it misreads many.

A voice is a variant of its formant synthesis at some speed and pitch, made smaller or larger (what
a longer or shorter throat does) by playing it slower or faster.
"""

from __future__ import annotations

import io
import re
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from ivr.training.programs import piped

RATE: Final = 8000
Sound: TypeAlias = NDArray[np.floating[Any]]
"""Samples at RATE, in the range of 16 bits."""

_NAMES: Final = """
    Alex Alicia Andrea Andy Annie Denis Diogo Gene Gene2 Henrique Jacky Mario Mike Nguyen Storm
    Tweaky adam anika aunty belinda benjamin boris david ed edward edward2 f1 f3 f5 grandma
    grandpa iven iven2 iven3 john kaukovalta klatt klatt2 klatt3 klatt5 m1 m2 m4 m5 m7 m8 marcelo
    max michel miguel norbert pablo paul pedro quincy rob robert sandro steph steph2 travis victor
    zac
"""
VARIANTS: Final = tuple(_NAMES.split())
HELD_OUT: Final = (
    "Lee",
    "Michael",
    "antonio",
    "f2",
    "f4",
    "gustave",
    "klatt4",
    "linda",
    "m3",
    "m6",
    "shelby",
    "steph3",
)
"""Heard in no training."""


@dataclass(frozen=True, slots=True)
class Voice:
    """`speed`: words a minute; `pitch`: 0 to 99; `size`: 1 as the variant is."""

    variant: str
    speed: int = 160
    pitch: int = 50
    size: float = 1.0


def voice(random: Random, variants: Sequence[str]) -> Voice:
    return Voice(
        random.choice(variants),
        speed=random.randint(110, 220),
        pitch=random.randint(20, 85),
        size=random.uniform(0.86, 1.16),
    )


def spoken(pinyin: str, voice: Voice) -> Sound:
    """`pinyin`: words of numbered syllables, with commas for pauses."""
    said = _espeak("--stdout", pinyin, voice=voice)
    with wave.open(io.BytesIO(said)) as file:
        rate = file.getframerate()
        # Its length stands as unknown in the header: it was written into a pipe.
        samples = np.frombuffer(file.readframes(len(said)), "<i2")
    played = round(rate / voice.size / 50)
    return np.asarray(resample_poly(samples, RATE // 50, played), np.float32)


def check(syllables: Sequence[str]) -> None:
    """Raises ValueError for a syllable that would be spelled out or read as two: espeak-ng tells
    the phonemes, and after each vowel the tone as two or three digits."""
    for syllable in syllables:
        phonemes = _espeak("-q", "-x", syllable, voice=Voice("m1")).decode()
        if not re.fullmatch(r"\D+\d{2,3}\D*", phonemes.strip()):
            raise ValueError(f"{syllable} would be read as {phonemes}")


def _espeak(*arguments: str, voice: Voice) -> bytes:
    name, speed, pitch = f"cmn-latn-pinyin+{voice.variant}", str(voice.speed), str(voice.pitch)
    return piped(b"", "espeak-ng", "-v", name, "-s", speed, "-p", pitch, *arguments)
