"""The prompts as espeak-ng speaks them: the same bytes for the same espeak-ng.

Mandarin from pinyin, Cantonese from jyutping: of characters it misreads many.
"""

from __future__ import annotations

import hashlib
import math
import re
import struct
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ivr.line import RATE
from ivr.prompts.sound import amplified, loudness, peak, wav_of
from ivr.prompts.texts import OURS, SPOKEN, Language, Prompt, Wording, path, wordings
from ivr.training.programs import FFMPEG, piped

LOUDNESS: Final = -20.0
"""dBFS of what is said."""
PEAK: Final = -3.5
"""dBFS that nothing exceeds."""


@dataclass(frozen=True, slots=True)
class Voice:
    """`speed`: words a minute."""

    name: str
    speed: int


VOICES: Final[Mapping[Language, Voice]] = {
    Language.MANDARIN: Voice("cmn-latn-pinyin+f2", 170),
    # Two voices are called yue; the other one reads jyutping as English.
    Language.CANTONESE: Voice("sit/yue-Latn-jyutping+f2", 155),
}
_BAND: Final = "highpass=f=300,lowpass=f=3400"
_STEP: Final = RATE // 100
_RAMP: Final = RATE // 250
_PAUSE: Final = RATE // 5
"""Samples of silence after a full stop: another piece may follow."""


def render(folder: Path = OURS) -> None:
    """Needs espeak-ng: raises FileNotFoundError without, CalledProcessError where it fails."""
    for language in Language:
        (folder / language).mkdir(parents=True, exist_ok=True)
        path(folder, language, Prompt.TONE).write_bytes(wav_of(tone()))
    told = wordings()
    for (language, prompt), wording in told.items():
        path(folder, language, prompt).write_bytes(wav_of(spoken(language, wording)))
    (folder / RENDERED).write_text("\n".join(_digests(told)))


RENDERED: Final = "rendered.toml"


def _digests(told: Mapping[tuple[Language, Prompt], Wording]) -> list[str]:
    lines = ["# Of what each recording says: haochaping ivr prompts --render"]
    for language in Language:
        lines += ["", f"[{language}]"]
        lines += [f'{prompt} = "{digest(language, told[language, prompt])}"' for prompt in SPOKEN]
    return [*lines, ""]


def digest(language: Language, wording: Wording) -> str:
    said = f"{VOICES[language]} {wording.reading}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def spoken(language: Language, wording: Wording) -> bytes:
    said = espeak(language, wording.reading, "--stdout")
    # Written into a pipe, it does not know its length.
    source = ("-f", "wav", "-ignore_length", "1", "-i", "pipe:0", "-af", _BAND)
    wanted = ("-ar", str(RATE), "-ac", "1", "-f", "s16le", "-bitexact", "pipe:1")
    sound = _levelled(_trimmed(piped(said, *FFMPEG, *source, *wanted)))
    pause = _PAUSE if wording.text.endswith("。") else 0
    return _ramped(sound) + bytes(2 * pause)


def espeak(language: Language, reading: str, *wanted: str) -> bytes:
    voice = VOICES[language]
    said = _SYLLABIC.sub(_nasal, reading) if language is Language.CANTONESE else reading
    return piped(
        b"", "espeak-ng", "-v", voice.name, "-s", str(voice.speed), "-p", "50", *wanted, said
    )


_SYLLABIC: Final = re.compile(r"\b(m|ng)([1-6])\b")


def _nasal(match: re.Match[str]) -> str:
    """唔 and 五, which have no vowel: espeak-ng would leave them without tone and all but without
    sound. The shortest of its vowels, in the place of the nasal, has both."""
    nasal = "m" if match[1] == "m" else "N"
    return f"[['@-{match[2]}{nasal}]]"


def tone() -> bytes:
    """0.3 s of 800 Hz."""
    amplitude = 32768 * 10 ** (LOUDNESS / 20) * math.sqrt(2)
    wave = [math.sin(2 * math.pi * 800 * n / RATE) for n in range(RATE * 3 // 10)]
    return _ramped(struct.pack(f"<{len(wave)}h", *(round(amplitude * each) for each in wave)))


def _trimmed(pcm: bytes) -> bytes:
    samples = array("h", pcm)
    steps = [
        max(map(abs, samples[start : start + _STEP])) for start in range(0, len(samples), _STEP)
    ]
    said = [n for n, step in enumerate(steps) if step > max(steps) / 100]
    return samples[max(said[0] - 1, 0) * _STEP : (said[-1] + 3) * _STEP].tobytes()


def _levelled(pcm: bytes) -> bytes:
    return amplified(pcm, min(LOUDNESS - loudness(pcm), PEAK - peak(pcm)))


def _ramped(pcm: bytes) -> bytes:
    """So that it neither begins nor ends with a click."""
    samples = array("h", pcm)
    for n in range(_RAMP):
        share = (1 - math.cos(math.pi * n / _RAMP)) / 2
        samples[n] = round(samples[n] * share)
        samples[-1 - n] = round(samples[-1 - n] * share)
    return samples.tobytes()
