"""What comes from a caller: keys, what was meant, and the reason while it is recorded."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from ivr.dialogue.recording import Recording
from ivr.dialogue.talk import Best
from ivr.line import Key, Line
from ivr.speech.ear import Ear, Utterance
from ivr.speech.hearing import Hearing
from ivr.speech.meaning import Meaning

OVER_PROMPT: Final = -23.0
"""Decibels of full scale. What is said over a prompt is louder, or it is the prompt's own echo: a
prompt reaches -12, and a line gives back less than a fourth of that."""
LATER: Final = 60.0
"""Seconds: whatever is being said is over by then."""


class Gone:
    """The caller has hung up."""


@dataclass(frozen=True, slots=True)
class _Meant:
    question: int
    meaning: Meaning


class Caller:
    """Reads the line until it is gone, or `leave`."""

    def __init__(self, line: Line, hearing: Hearing | None, best: Best, *, speech: bool) -> None:
        """`hearing`: None where nobody would understand the language; where `speech` is False it
        still writes down the reason."""
        self._line = line
        self._hearing = hearing
        self._best = best
        self._speech = speech
        self._clock = asyncio.get_running_loop().time
        self._happened: asyncio.Queue[Key | _Meant | Gone] = asyncio.Queue()
        self._question = 0
        self._begun = self._clock()
        self._ear = Ear(self._begun)
        self._quiet_since: float | None = None
        """Since when neither we nor the caller have said anything; None while we speak."""
        self._understanding: set[asyncio.Task[None]] = set()
        self._recording: Recording | None = None
        self._words: list[asyncio.Task[str]] = []
        self._reading = asyncio.create_task(self._read())

    @property
    def since_question(self) -> float:
        """Seconds since we have begun to ask."""
        return self._clock() - self._begun

    @property
    def silent_for(self) -> float:
        """Seconds. None have passed while somebody speaks, or is not understood yet."""
        if self._quiet_since is None or self._ear.speaking or self._understanding:
            return 0.0
        return self._clock() - self._quiet_since

    @property
    def has_explained(self) -> bool:
        due = self._recording.due if self._recording is not None else None
        return due is not None and self._clock() >= due

    def question(self, *, why: bool) -> None:
        """Another one is put; what was said before is no answer to it. `why`: its answer is
        recorded."""
        self._question += 1
        self._begun = self._clock()
        self._quiet_since = None
        if why and self._recording is None:
            self._recording = Recording()

    def asked(self) -> None:
        """The question has been heard."""
        self._quiet_since = self._clock()
        if self._recording is not None:
            self._recording.begin(self._quiet_since)

    async def next(self, within: float) -> Key | Meaning | Gone | None:
        """None: nothing has come within so many seconds."""
        try:
            async with asyncio.timeout(within):
                happened = await self._happened.get()
        except TimeoutError:
            # Nobody may be sending any sound, in the middle of a word.
            self._uttered(self._ear.tick(self._clock()))
            return None
        if not isinstance(happened, _Meant):
            return happened
        # A key that was pressed meanwhile was faster, and counts.
        return happened.meaning if happened.question == self._question else None

    async def last(self) -> Meaning | None:
        """What was said when the line went. Raises what has gone wrong in reading it."""
        self._uttered(self._ear.tick(self._clock() + LATER))
        if self._understanding:
            await asyncio.wait(self._understanding)
        await self._reading
        found = [self._happened.get_nowait() for _ in range(self._happened.qsize())]
        meant = [each for each in found if isinstance(each, _Meant)]
        return meant[-1].meaning if meant and meant[-1].question == self._question else None

    async def reason(self, patience: float) -> tuple[str, bytes | None]:
        """In words, as far as they are understood within so many seconds, and as WAV. Nobody is
        listened to any more."""
        self._hearing = None
        if self._words:
            await asyncio.wait(self._words, timeout=patience)
        words = [task.result() for task in self._words if task.done() and not task.exception()]
        wav = self._recording.wav if self._recording is not None else None
        return "，".join(filter(None, words)), wav

    async def leave(self) -> None:
        tasks = [self._reading, *self._understanding, *self._words]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _read(self) -> None:
        try:
            async for heard in self._line.heard():
                if isinstance(heard, Key):
                    self._happened.put_nowait(heard)
                else:
                    self._sound(heard.pcm)
        finally:
            self._happened.put_nowait(Gone())

    def _sound(self, pcm: bytes) -> None:
        now = self._clock()
        utterance = self._ear.feed(pcm, now)
        if self._recording is not None:
            self._recording.add(pcm)
            if self._ear.speaking:
                self._recording.voice(now)
        self._uttered(utterance)

    def _uttered(self, utterance: Utterance | None) -> None:
        if utterance is None or self._hearing is None:
            return
        if self._recording is not None:
            if utterance.began >= self._begun:
                words = self._hearing.words(utterance.pcm)
                self._words.append(asyncio.create_task(words))
            return
        if not self._speech:
            return
        over_prompt = self._quiet_since is None or utterance.began < self._quiet_since
        if over_prompt and utterance.loudness < OVER_PROMPT:
            return
        if self._quiet_since is not None:
            self._quiet_since = max(self._quiet_since, utterance.ended)
        task = asyncio.create_task(self._understand(self._hearing, utterance.pcm, over=over_prompt))
        self._understanding.add(task)
        task.add_done_callback(self._understanding.discard)

    async def _understand(self, hearing: Hearing, pcm: bytes, *, over: bool) -> None:
        question = self._question
        meaning = await hearing.rating(pcm, self._best)
        nothing = meaning.level is None and meaning.yes is None
        if not (over and (nothing or not meaning.sure)):
            self._happened.put_nowait(_Meant(question, meaning))
