"""A switch's audio formats, by Asterisk's names, to and from a line's PCM."""

from __future__ import annotations

from typing import Final

from ivr.line import RATE
from ivr.media.resampling import Downsampling
from ivr.pcm import audioop

_LINEAR: Final = {
    "slin": RATE,
    "slin12": 12_000,
    "slin16": 16_000,
    "slin24": 24_000,
    "slin32": 32_000,
    "slin44": 44_100,
    "slin48": 48_000,
    "slin96": 96_000,
    "slin192": 192_000,
}
"""Samples a second."""
_LAWS: Final = {
    "ulaw": (audioop.ulaw2lin, audioop.lin2ulaw),
    "alaw": (audioop.alaw2lin, audioop.lin2alaw),
}


class UnknownFormat(Exception):
    """`name`: as the switch calls it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Codec:
    """Of one call."""

    def __init__(self, name: str) -> None:
        """Raises UnknownFormat."""
        if name not in _LINEAR and name not in _LAWS:
            raise UnknownFormat(name)
        self._law = _LAWS.get(name)
        self._rate = _LINEAR.get(name, RATE)
        self._heard = Downsampling(self._rate)
        self.frame: Final = self._rate // 50 * (1 if self._law else 2)
        """Bytes in 20 ms."""
        self.silence: Final = self.encoded(bytes(2))[:2]
        """Of a sample or two."""

    def decoded(self, audio: bytes) -> bytes:
        return self._law[0](audio, 2) if self._law else self._heard.feed(audio)

    def encoded(self, pcm: bytes) -> bytes:
        if self._law:
            return self._law[1](pcm, 2)
        if self._rate == RATE:
            return pcm
        return audioop.ratecv(pcm, 2, 1, RATE, self._rate, None)[0]
