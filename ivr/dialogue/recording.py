"""The reason that a caller gives, as it is recorded. Times are the loop's, in seconds."""

from __future__ import annotations

from typing import Final

from ivr.line import RATE
from ivr.prompts.sound import wav_of

LONGEST: Final = 60.0
BEGINS: Final = 6.0
"""Seconds somebody may think before the first word."""
PAUSES: Final = 3.0
"""Seconds without a voice that end it."""
BEFORE: Final = RATE
"""Bytes kept from before it begins, half a second: many start to speak with the tone."""


class Recording:
    def __init__(self) -> None:
        self._kept = bytearray()
        self._begun: float | None = None
        self._voice: float | None = None

    @property
    def due(self) -> float | None:
        """When it is over, if nobody says more."""
        if self._begun is None:
            return None
        quiet = self._begun + BEGINS if self._voice is None else self._voice + PAUSES
        return min(quiet, self._begun + LONGEST)

    @property
    def wav(self) -> bytes | None:
        """None: nobody has spoken."""
        return None if self._voice is None else wav_of(bytes(self._kept))

    def begin(self, at: float) -> None:
        self._begun = at

    def add(self, pcm: bytes) -> None:
        self._kept += pcm
        if self._begun is None:
            del self._kept[:-BEFORE]

    def voice(self, at: float) -> None:
        """Somebody is speaking, or was until now."""
        self._voice = at
