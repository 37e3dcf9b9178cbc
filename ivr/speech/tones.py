"""The tones of a telephone's keys (DTMF), where they come as sound: two at once, of set pitches."""

from __future__ import annotations

import math
from array import array
from typing import Final

from ivr.line import FRAME, RATE
from ivr.pcm import audioop

_LOW: Final = (697, 770, 852, 941)
_HIGH: Final = (1209, 1336, 1477, 1633)
"""Hertz."""
_TOGETHER: Final = 0.6
"""How much of the sound the two must be."""
_LESSER: Final = 0.05
"""How much the weaker."""


def is_key_tone(pcm: bytes) -> bool:
    """`pcm`: 20 ms."""
    power = audioop.rms(pcm, 2) ** 2 or 1
    low = max(_power(pcm, pitch) for pitch in _LOW) / power
    high = max(_power(pcm, pitch) for pitch in _HIGH) / power
    return low + high > _TOGETHER and min(low, high) > _LESSER


def _power(pcm: bytes, pitch: int) -> float:
    """Of this pitch in it: by how much a wave and another, a quarter behind, are in it."""
    return sum((audioop.findfactor(pcm, wave) * _LOUD) ** 2 / 2 for wave in _WAVES[pitch])


_LOUD: Final = 16000


def _wave(pitch: int, phase: float) -> bytes:
    turn = 2 * math.pi * pitch / RATE
    return array(
        "h", (round(_LOUD * math.cos(turn * n + phase)) for n in range(FRAME // 2))
    ).tobytes()


_WAVES: Final = {pitch: (_wave(pitch, 0), _wave(pitch, math.pi / 2)) for pitch in (*_LOW, *_HIGH)}
