"""When a caller speaks, and when they have finished.

WebRTC's voice activity detection says of each 20 ms whether it may be a voice; by itself it takes
hum, hiss and people in the background for one too. So a voice has to stand out from what the line
has been like for some seconds, and to go on for a while: a click is none, nor is a key's tone.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Final

import webrtcvad

from ivr.line import FRAME, RATE
from ivr.pcm import audioop
from ivr.speech.tones import is_key_tone

PAUSE: Final = 0.54
"""Seconds without a voice that end an utterance."""
LONGEST: Final = 15.0
"""Seconds after which it ends in any case."""
LATE: Final = 0.1
"""Seconds that sound may be late. Then none is coming, as from a telephone that sends no silence,
and the clock alone counts."""

_STEP: Final = FRAME / 2 / RATE
_PAUSE: Final = round(PAUSE / _STEP)
_LONGEST: Final = round(LONGEST / _STEP)
_WINDOW: Final = 15
_ENOUGH: Final = 7
"""Steps with a voice, of so many in a row, that are somebody speaking."""
_FEW: Final = 2
"""Steps in a pause that may sound like a voice."""
_BEFORE: Final = 15
_AFTER: Final = 10
"""Steps kept around a voice: the first letter is often weaker than the line."""
_MARGIN: Final = 5.0
"""Decibels a voice is louder than the line."""
_SILENCE: Final = -60.0
"""Decibels of a line on which nothing comes."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """`pcm`: with a little of the line before and after the voice; `began`, `ended`: of the voice,
    by the clock of `feed`; `loudness`: of its loudest 20 ms, in decibels of full scale, negative.
    """

    pcm: bytes
    began: float
    ended: float
    loudness: float


class Ear:
    """One for a call: it gets used to the line."""

    def __init__(self, since: float = math.inf) -> None:
        """`since`: when the line was opened, by the clock of `feed`, which tells a line on which
        nothing comes while nobody speaks. By default: with the first sound."""
        self._detection = webrtcvad.Vad(2)
        self._line = _Line()
        self._rest = b""
        self._heard_at = since
        self._recent: deque[_Heard] = deque(maxlen=_BEFORE + _WINDOW)
        self._spoken: _Spoken | None = None
        self._finished: deque[Utterance] = deque()

    @property
    def speaking(self) -> bool:
        return self._spoken is not None

    @property
    def due(self) -> float | None:
        """When to `tick` if nothing is fed until then. None: nothing is under way."""
        if self._finished:
            return self._heard_at
        if self._spoken is None:
            return None
        silent = max(self._spoken.ended + PAUSE, self._heard_at + LATE)
        return min(silent, self._spoken.began + LONGEST)

    def feed(self, pcm: bytes, at: float) -> Utterance | None:
        """`pcm`: 16-bit at RATE, of any length; `at`: when its last sample came, in seconds of a
        clock that only goes forward. How sound is divided makes no difference; of several
        utterances that end in one piece each call, or `tick`, returns the next."""
        begins = at - len(pcm) / 2 / RATE
        self._end_if_due(begins)
        if begins > self._heard_at + LATE:
            self._line.silent(begins - self._heard_at)
        self._heard_at = at
        sound = self._rest + pcm
        whole = len(sound) - len(sound) % FRAME
        self._rest = sound[whole:]
        for start in range(0, whole, FRAME):
            end = start + FRAME
            self._take(sound[start:end], at - (len(sound) - end) / 2 / RATE)
        return self._next()

    def tick(self, at: float) -> Utterance | None:
        """At `due`: what was said may have ended without a sound after it."""
        self._end_if_due(at)
        return self._next()

    def _next(self) -> Utterance | None:
        return self._finished.popleft() if self._finished else None

    def _end_if_due(self, at: float) -> None:
        due = self.due
        if self._spoken is not None and due is not None and at >= due:
            self._end(self._spoken)

    def _end(self, spoken: _Spoken) -> None:
        self._finished.append(spoken.utterance())
        self._spoken = None
        self._recent.clear()

    def _take(self, pcm: bytes, at: float) -> None:
        loudness = 20 * math.log10(max(audioop.rms(pcm, 2), 1) / 32768)
        self._line.take(loudness)
        floor = self._line.usual if self._spoken is None else self._spoken.floor(self._line.quiet)
        # Asked always: it gets used to the line, too.
        voice = self._detection.is_speech(pcm, RATE) and loudness > floor and not is_key_tone(pcm)
        heard = _Heard(pcm, at, loudness, voice=voice)
        if self._spoken is not None:
            self._spoken.take(heard)
            if self._spoken.over:
                self._end(self._spoken)
            return
        self._recent.append(heard)
        voices = [n for n, each in enumerate(self._recent) if each.voice]
        lately = [n for n in voices if n >= len(self._recent) - _WINDOW]
        if len(lately) >= _ENOUGH:
            self._spoken = _Spoken(list(self._recent)[max(0, lately[0] - _BEFORE) :])


@dataclass(frozen=True, slots=True)
class _Heard:
    """20 ms. `at`: its end."""

    pcm: bytes
    at: float
    loudness: float
    voice: bool


class _Line:
    """How loud the last five seconds were. `usual`: what a voice has to exceed; `quiet`: less, so
    that who speaks for long is not taken for what the line is like."""

    _STEPS: Final = 250
    _EVERY: Final = 10
    """Looked at again after so many steps."""

    def __init__(self) -> None:
        self._loudness: deque[float] = deque(maxlen=self._STEPS)
        self._steps = 0
        self.usual = self.quiet = 0.0

    def take(self, loudness: float) -> None:
        self._loudness.append(loudness)
        if self._steps % self._EVERY == 0:
            self._look()
        self._steps += 1

    def silent(self, seconds: float) -> None:
        """Nothing came: the first that does may well be a voice."""
        self._loudness.extend([_SILENCE] * round(min(seconds / _STEP, self._STEPS)))
        self._look()

    def _look(self) -> None:
        ordered = sorted(self._loudness)
        self.usual = ordered[len(ordered) * 5 // 10] + _MARGIN
        self.quiet = ordered[len(ordered) * 3 // 10] + _MARGIN


class _Spoken:
    """What is being said, begun with a voice."""

    def __init__(self, heard: list[_Heard]) -> None:
        voices = [each for each in heard if each.voice]
        self.began = voices[0].at - _STEP
        self.ended = voices[-1].at
        self._heard = heard
        self._loudest = max(each.loudness for each in voices)
        self._last = max(n for n, each in enumerate(heard) if each.voice)
        self._lately = deque([True] * _PAUSE, maxlen=_PAUSE)
        self._lately.extend(each.voice for each in heard[self._last + 1 :])

    def floor(self, quiet: float) -> float:
        """Half way from the line to this voice: what is behind it is not its own."""
        return max(quiet, (quiet - _MARGIN + self._loudest) / 2)

    def take(self, heard: _Heard) -> None:
        self._heard.append(heard)
        self._lately.append(heard.voice)
        self._loudest = max(self._loudest, heard.loudness)
        if heard.voice:
            self.ended = heard.at
            self._last = len(self._heard) - 1

    @property
    def over(self) -> bool:
        return sum(self._lately) <= _FEW or len(self._heard) >= _LONGEST

    def utterance(self) -> Utterance:
        kept = self._heard[: self._last + 1 + _AFTER]
        pcm = b"".join(each.pcm for each in kept)
        return Utterance(pcm, self.began, self.ended, self._loudest)
