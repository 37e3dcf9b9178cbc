"""Recordings that a call centre delivers when a call is over, where no switch brings us the caller.

Nobody can be asked again. So a level that was said counts only where both ways of listening, for
the words of a rating and for any words, come to the same one and one of them is sure.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from ivr.line import FRAME, RATE
from ivr.settings import Hotline
from ivr.speech.decoding import decoded
from ivr.speech.ear import Ear
from ivr.speech.meaning import meant, rating_grammar
from ivr.speech.recognising import Recogniser, Transcript
from models.ratings.heard import heard
from models.refusals import Invalid
from models.words import Level

WAITING: Final = 8
"""Recordings taken in at once. One of them is listened to, so that callers on the line are
understood in time; the others wait for their turn."""


class Deaf(Invalid):
    """There is no speech model, or it has no words for the levels."""

    code = "speech_unavailable"

    def __init__(self) -> None:
        super().__init__("这里没有可用的语音识别，请给出评价人所按的键（key）", field="key")


class Busy(Exception):
    """As many recordings as may wait are waiting."""


@dataclass(frozen=True, slots=True)
class Part:
    """One utterance, listened to for the words of a rating and for any."""

    rating: Transcript
    free: Transcript


@dataclass(frozen=True, slots=True)
class Understood:
    """`level`: that was made out, if any; `sure`: it counts. `confidence`: 0 to 1. `transcript`: of
    everything; `words`: what was said beside the level."""

    level: Level | None
    sure: bool
    confidence: float
    transcript: str
    words: str


class Listener:
    def __init__(self, recogniser: Recogniser | None, hotline: Hotline) -> None:
        self._recogniser = recogniser
        self._grammar = rating_grammar(recogniser) if recogniser is not None else None
        self._hotline = hotline
        self._waiting = 0
        self._turn = asyncio.Lock()

    async def understood(self, recording: bytes, queue: str, key: int | None) -> Understood:
        """`recording`: as `decoded` takes it; `queue`: where the call was answered, or empty;
        `key`: the digit that was pressed, 1 to 5. Raises NotAudio, TooLong, Deaf, Busy."""
        if key is None and self._grammar is None:
            raise Deaf
        if self._waiting >= WAITING:
            raise Busy
        self._waiting += 1
        try:
            async with self._turn:
                parts = await self._parts(await decoded(recording, RATE))
        finally:
            self._waiting -= 1
        best = self._hotline.best_in(queue)
        understood = made_out(parts, best)
        if key is None:
            return understood
        return replace(understood, level=Level(key if best == 5 else 6 - key), sure=True)

    async def _parts(self, sound: bytes) -> list[Part]:
        recogniser, grammar = self._recogniser, self._grammar
        if recogniser is None or grammar is None:
            return []
        return [
            Part(await recogniser.hear(pcm, grammar=grammar), await recogniser.hear(pcm))
            for pcm in await asyncio.to_thread(utterances, sound)
        ]


def utterances(sound: bytes) -> list[bytes]:
    """16-bit PCM at RATE. All of it where nobody stands out: it may begin with a voice."""
    ear, found = Ear(), []
    for start in range(0, len(sound), FRAME):
        piece = sound[start : start + FRAME]
        found.append(ear.feed(piece, (start + len(piece)) / 2 / RATE))
    while ear.due is not None:
        found.append(ear.tick(ear.due))
    return [each.pcm for each in found if each is not None] or [sound]


def made_out(parts: Sequence[Part], best: Literal[1, 5]) -> Understood:
    """The first level that is said. `best`: see `meant`."""
    transcript = _joined(part.free.text for part in parts)
    for place, part in enumerate(parts):
        rating, free = meant(part.rating, best), meant(part.free, best)
        level = free.level or rating.level
        if level is None:
            continue
        told = heard(part.free.text)
        beside = told.words if told.sure else part.free.text
        others = [each.free.text for each in (*parts[:place], *parts[place + 1 :])]
        return Understood(
            level=level,
            # Not as sure as `agreed`: a reason said in one breath with the level is no word of the
            # grammar.
            sure=free.level == rating.level
            and (free.sure or rating.sure)
            and not any(_contradicts(each, level, best) for each in parts[place + 1 :]),
            confidence=max(part.rating.confidence, part.free.confidence),
            transcript=transcript,
            words=_joined((beside, *others)),
        )
    confidence = min((part.free.confidence for part in parts), default=0.0)
    return Understood(
        None, sure=False, confidence=confidence, transcript=transcript, words=transcript
    )


def _contradicts(part: Part, level: Level, best: Literal[1, 5]) -> bool:
    """Said after it: a surer word of another level."""
    meanings = (meant(part.rating, best), meant(part.free, best))
    return any(each.sure and each.level not in (None, level) for each in meanings)


def _joined(texts: Iterable[str]) -> str:
    return "，".join(text for text in texts if text)
