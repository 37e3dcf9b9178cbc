"""python -m ivr.training.recordings FOLDER: the recordings that the tests listen to.

Spoken by voices that the model has never heard, over lines with some noise, in the formats that
WeChat and call centres deliver. Needs Debian's speex and libvo-amrwbenc0 besides.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import click
import numpy as np

from ivr.training.lines import heard_over, padded
from ivr.training.programs import FFMPEG, piped
from ivr.training.speaking import RATE, Sound, Voice, spoken
from ivr.training.units import syllables

_PCM: Final = ("-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "pipe:0")


def _ffmpeg(sound: Sound, *wanted: str) -> bytes:
    return piped(_pcm(sound), *FFMPEG, *_PCM, *wanted, "pipe:1")


def _speex(sound: Sound) -> bytes:
    return piped(_pcm(sound), "speexenc", "--quiet", "--rate", str(RATE), "-", "-")


def _pcm(sound: Sound) -> bytes:
    return bytes(sound.astype("<i2").tobytes())


def _amr_wideband(sound: Sound) -> bytes:
    """No program of Debian's encodes it, but a library does: 20 ms of 16 kHz at a time."""
    library = ctypes.CDLL("libvo-amrwbenc.so.0")
    library.E_IF_init.restype = ctypes.c_void_p
    encoder = ctypes.c_void_p(library.E_IF_init())
    wide = np.repeat(sound, 2).astype("<i2")
    frame = ctypes.create_string_buffer(64)
    made = b"#!AMR-WB\n"
    for start in range(0, len(wide) - 319, 320):
        mode, discontinuous = 2, 0
        piece = wide[start : start + 320].tobytes()
        length = library.E_IF_encode(encoder, mode, piece, frame, discontinuous)
        made += frame.raw[:length]
    library.E_IF_exit(encoder)
    return made


_ENCODED: Final[Mapping[str, Callable[[Sound], bytes]]] = {
    ".amr": lambda sound: _ffmpeg(sound, "-c:a", "libopencore_amrnb", "-b:a", "7.95k", "-f", "amr"),
    ".awb": _amr_wideband,
    ".speex": _speex,
    ".mp3": lambda sound: _ffmpeg(sound, "-b:a", "16k", "-f", "mp3"),
    ".opus": lambda sound: _ffmpeg(sound, "-c:a", "libopus", "-b:a", "12k", "-f", "opus"),
    "-alaw.wav": lambda sound: _ffmpeg(sound, "-c:a", "pcm_alaw", "-f", "wav"),
    "-mulaw.wav": lambda sound: _ffmpeg(sound, "-c:a", "pcm_mulaw", "-f", "wav"),
    ".wav": lambda sound: _ffmpeg(sound, "-f", "wav"),
}
"""How the name ends, and what makes it. `-ar` is the sound's own."""

SAID: Final[Mapping[str, tuple[str, Voice]]] = {
    "very-satisfied.amr": ("非常满意", Voice("f4", 150, 50)),
    "satisfied.speex": ("满意", Voice("m3", 150, 45)),
    "basically-satisfied.amr": ("基本满意", Voice("m6", 160, 50)),
    "dissatisfied-waited.amr": ("不满意 等太久了", Voice("f2", 150, 55)),
    "very-dissatisfied.awb": ("非常不满意", Voice("m3", 155, 50)),
    "nothing-to-complain.speex": ("没什么不满意的", Voice("f4", 150, 50)),
    "not-quite-satisfied-alaw.wav": ("不太满意", Voice("m6", 150, 45)),
    "five-points-mulaw.wav": ("五分", Voice("f2", 140, 50)),
    "one-star.mp3": ("一星", Voice("m3", 140, 50)),
    "passable.opus": ("还可以", Voice("f4", 140, 60)),
    "yes.wav": ("是的", Voice("m6", 140, 50)),
}


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def main(folder: Path) -> None:
    random = np.random.default_rng(1)
    names, sounds = list(SAID), []
    for text, voice in SAID.values():
        pinyin = ", ".join("".join(syllables(part)) for part in text.split())
        sounds.append(padded(spoken(pinyin, voice), random))
    for name, sound in zip(names, heard_over(sounds, random, noise=(25, 35)), strict=True):
        ending = max((each for each in _ENCODED if name.endswith(each)), key=len)
        (folder / name).write_bytes(_ENCODED[ending](sound))


if __name__ == "__main__":
    main()
