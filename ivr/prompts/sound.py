"""A telephone's sound, 16-bit little-endian mono PCM at 8 kHz: its WAV files, its loudness."""

from __future__ import annotations

import math
import struct
import wave
from collections.abc import Iterator
from io import BytesIO
from typing import Final

from ivr.line import RATE
from ivr.pcm import audioop

FULL: Final = 32768
"""0 dBFS."""
_STEP: Final = RATE // 50 * 2
"""Bytes in the 20 ms whose loudness is told."""


class NotTelephoneSound(ValueError):
    """`why`: in Chinese."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def pcm_of(file: bytes) -> bytes:
    """`file`: a WAV file, 8 kHz mono, with 16-bit PCM or G.711. Raises NotTelephoneSound."""
    chunks = dict(_chunks(file))
    if len(chunks.get(b"fmt ", b"")) < 16 or b"data" not in chunks:
        raise NotTelephoneSound("不是WAV文件，或已损坏")
    coding, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", chunks[b"fmt "])
    if coding == _EXTENSIBLE and len(chunks[b"fmt "]) >= 26:
        (coding,) = struct.unpack_from("<H", chunks[b"fmt "], 24)
    if (channels, rate) != (1, RATE) or (coding, bits) not in _CODINGS:
        raise NotTelephoneSound(
            f"是{rate}赫兹、{channels}声道、{bits}位，需要8000赫兹、单声道、16位PCM（或8位G.711）的WAV，"
            "可以用 ffmpeg -i 原文件 -ar 8000 -ac 1 -c:a pcm_s16le 新文件.wav 转换"
        )
    data = chunks[b"data"]
    if coding == _A_LAW:
        return audioop.alaw2lin(data, 2)
    if coding == _MU_LAW:
        return audioop.ulaw2lin(data, 2)
    return data[: len(data) // 2 * 2]


_PCM, _A_LAW, _MU_LAW, _EXTENSIBLE = 1, 6, 7, 0xFFFE
_CODINGS: Final = {(_PCM, 16), (_A_LAW, 8), (_MU_LAW, 8)}


def _chunks(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    if file[:4] != b"RIFF" or file[8:12] != b"WAVE":
        return
    at = 12
    while at + 8 <= len(file):
        name, length = struct.unpack_from("<4sI", file, at)
        yield name, file[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def wav_of(pcm: bytes) -> bytes:
    made = BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(pcm)
    return made.getvalue()


def seconds(pcm: bytes) -> float:
    return len(pcm) / 2 / RATE


def loudness(pcm: bytes) -> float:
    """Of what is said, without the pauses, in dBFS; of silence -inf."""
    steps = [
        audioop.rms(pcm[start : start + _STEP], 2)
        for start in range(0, len(pcm) - _STEP + 1, _STEP)
    ]
    said = [step for step in steps if step > max(steps) / 10]
    return decibels(math.sqrt(sum(step**2 for step in said) / len(said))) if said else -math.inf


def peak(pcm: bytes) -> float:
    """In dBFS; of silence -inf."""
    return decibels(audioop.max(pcm, 2))


def amplified(pcm: bytes, gain: float) -> bytes:
    """`gain`: in dB."""
    return audioop.mul(pcm, 2, 10 ** (gain / 20))


def decibels(amplitude: float) -> float:
    return 20 * math.log10(amplitude / FULL) if amplitude else -math.inf
