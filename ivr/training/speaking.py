"""Synthesised Mandarin: espeak-ng speaks numbered pinyin. Of characters it misreads many.

A voice is a variant of its formant synthesis at some speed and pitch, made smaller or larger (what
a longer or shorter throat does) by playing it slower or faster. There are a few dozen variants; any
number more are invented.
"""

from __future__ import annotations

import io
import re
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
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
    """`speed`: words a minute; `pitch`: 0 to 99; `size`: 1 as the variant is; `made`: a variant of
    our own, in espeak-ng's terms."""

    variant: str
    speed: int = 160
    pitch: int = 50
    size: float = 1.0
    made: str = ""


def voice(random: Random, variants: Sequence[str]) -> Voice:
    return Voice(
        random.choice(variants),
        speed=random.randint(110, 220),
        pitch=random.randint(20, 85),
        size=random.uniform(0.86, 1.16),
    )


def invented(random: Random) -> Voice:
    """A variant that nobody has made: throat, breath and harshness by chance."""
    other = voice(random, ("invented",))
    return replace(other, made="\n".join(["language variant", "name invented", *_traits(random)]))


def _traits(random: Random) -> Iterator[str]:
    def by(low: float, high: float) -> int:
        return round(random.uniform(low, high))

    throat = random.uniform(0.88, 1.18)
    low = by(70, 190)
    yield f"pitch {low} {round(low * random.uniform(1.15, 1.9))}"
    yield f"formant 0 {by(85, 140)} {by(60, 200)} {by(80, 190)}"
    for number in (1, 2, 3):
        place = round(100 * throat * random.uniform(0.88, 1.12))
        yield f"formant {number} {place} {by(50, 160)} {by(70, 170)}"
    for number in range(4, 9):
        yield f"formant {number} {by(80, 130)} {by(10, 150)} {by(60, 150)}"
    yield f"flutter {by(0, 20)}"
    yield f"roughness {by(0, 5)}"
    yield f"voicing {round(100 * 2 ** random.uniform(-1.5, 1))}"
    yield f"consonants {by(60, 180)} {by(50, 180)}"
    if random.random() < 0.3:
        breath = random.uniform(0.05, 1)
        yield "breath " + " ".join(str(round(breath * each)) for each in (75, 75, 50, 40, 15, 10))
        yield "breathw 150 150 200 200 400 400"
    if random.random() < 0.2:
        yield f"echo {by(50, 230)} {by(5, 40)}"
    if random.random() < 0.15:
        yield f"klatt {random.randint(1, 5)}"
    if random.random() < 0.3:
        tilt = by(40, 255)
        yield f"tone 600 {by(150, 255)} 1200 {tilt} 2000 {round(tilt * random.uniform(0.3, 1))}"


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
    said = ("-v", name, "-s", speed, "-p", pitch, *arguments)
    if not voice.made:
        return piped(b"", "espeak-ng", *said)
    folder = Path(_with_own_variants().name)
    (folder / f"espeak-ng-data/voices/!v/{voice.variant}").write_text(voice.made)
    return piped(b"", "espeak-ng", f"--path={folder}", *said)


@cache
def _with_own_variants() -> TemporaryDirectory[str]:
    """espeak-ng's data, with a folder for variants that can be written to."""
    *_, installed = piped(b"", "espeak-ng", "--version").decode().split()
    folder = TemporaryDirectory()
    data = Path(folder.name, "espeak-ng-data")
    (data / "voices/!v").mkdir(parents=True)
    for each in Path(installed).iterdir():
        if each.name != "voices":
            (data / each.name).symlink_to(each)
    return folder
