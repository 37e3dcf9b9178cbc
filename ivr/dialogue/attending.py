"""A call from the first prompt to the last: the dialogue's decisions, carried out on a line.

Every wait is by the wall clock: a switch sends nothing while the caller's side does not.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final, Protocol

from ivr.dialogue.recording import Recording
from ivr.dialogue.talk import (
    LEVELS,
    Ask,
    Event,
    Pause,
    Pressed,
    Script,
    Talk,
    Turn,
    begin,
    by_link,
    step,
)
from ivr.line import Key, Line
from ivr.prompts import Prompt, Prompts
from ivr.speech.ear import Ear, Utterance
from ivr.speech.hearing import Hearing
from ivr.speech.meaning import Meaning
from models.words import Level

SILENCE: Final = 5.0
"""Seconds for an answer, from the end of the question."""
OVER_PROMPT: Final = -23.0
"""Decibels of full scale. What is said over a prompt is louder, or it is the prompt's own echo: a
prompt reaches -12, and a line gives back less than a fourth of that."""
LOOK: Final = 0.05
"""Seconds between looks at the clock."""
TRANSCRIBED: Final = 8.0
"""Seconds that the last words of a reason are waited for."""
FIRST: Final = 1.0
"""Seconds in which a # still belongs to the figure before."""


@dataclass(frozen=True, slots=True)
class Told:
    """`recording`: WAV. `words`: a transcript of it, as far as it was understood."""

    level: Level | None
    words: str = ""
    recording: bytes | None = None


class Notes(Protocol):
    """Where what was said is kept."""

    async def keep(self, level: Level) -> None:
        """A level that counts whatever becomes of the call; its reason is still to come."""

    async def close(self, told: Told) -> bool:
        """All that was said. Whether it is a rating: the rules may want more than that."""


async def attend(
    line: Line, script: Script, prompts: Prompts, hearing: Hearing | None, notes: Notes
) -> Talk:
    """Leaves the line hung up and what was said with the notes, however the call ends. Raises what
    the notes raise, once the caller has heard an apology. `hearing`: None where nobody would
    understand the language; where `script.speech` is False, it still writes down the reason."""
    call = _Call(line, script, prompts, hearing, notes)
    try:
        return await call.run()
    finally:
        await call.leave()


@dataclass(frozen=True, slots=True)
class _Understood:
    """`over_prompt`: it was said while a prompt was."""

    turn: int
    over_prompt: bool
    meaning: Meaning


class _Call:
    def __init__(
        self, line: Line, script: Script, prompts: Prompts, hearing: Hearing | None, notes: Notes
    ) -> None:
        self._line = line
        self._script = script
        self._prompts = prompts
        self._hearing = hearing
        self._notes = notes
        self._clock = asyncio.get_running_loop().time
        self._talk = Talk()
        self._happened: asyncio.Queue[Key | _Understood | None] = asyncio.Queue()
        """None: the caller has hung up."""
        self._reading = asyncio.create_task(self._read())
        self._saying: asyncio.Task[None] | None = None
        self._decoding: set[asyncio.Task[None]] = set()
        self._words: list[asyncio.Task[str]] = []
        self._ear = Ear()
        self._recording = Recording()
        self._turn = 0
        self._begun = 0.0
        self._quiet_since: float | None = None
        """Nobody has said anything since; None while we speak."""

    async def run(self) -> Talk:
        self._say(begin(self._script).say)
        while self._talk.ask is not Ask.OVER:
            event = await self._event()
            if event is None:
                await self._hung_up()
                await self._reading
                return self._talk
            turn = step(self._script, self._talk, event)
            if turn is not None:
                await self._take(turn)
        await self._line.said()
        return self._talk

    async def leave(self) -> None:
        tasks = [self._reading, *self._decoding, *self._words]
        if self._saying is not None:
            tasks.append(self._saying)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._line.hang_up()

    async def _take(self, turn: Turn) -> None:
        self._talk, say = turn.talk, turn.say
        self._hush()
        try:
            if turn.talk.ask is Ask.OVER:
                rated = await self._close()
                say = say if rated else by_link(self._script)
            elif turn.talk.told is not None:
                await self._notes.keep(turn.talk.told)
        except Exception:
            self._say((Prompt.FAULT,))
            await self._line.said()
            raise
        self._say(say)

    def _hush(self) -> None:
        """What was being said, and waited for, is over."""
        self._turn += 1
        self._quiet_since = None
        if self._saying is not None:
            # Or it takes this for the end of what is only now going to be said.
            self._saying.cancel()
        self._line.hush()

    def _say(self, prompts: tuple[Prompt, ...]) -> None:
        self._begun = self._clock()
        for prompt in prompts:
            self._line.say(self._prompts.pcm(self._script.language, prompt))
        self._saying = asyncio.create_task(self._said())

    async def _said(self) -> None:
        await self._line.said()
        self._quiet_since = self._clock()
        if self._talk.ask is Ask.WHY:
            self._recording.begin(self._quiet_since)

    async def _close(self) -> bool:
        if self._words:
            await asyncio.wait(self._words, timeout=TRANSCRIBED)
        words = [task.result() for task in self._words if task.done() and not task.exception()]
        told = self._talk.told
        recording = self._recording.wav if told in self._script.negative else None
        return await self._notes.close(Told(told, "，".join(filter(None, words)), recording))

    async def _hung_up(self) -> None:
        """What was said last counts, where it is understood without asking back."""
        self._uttered(self._ear.tick(self._clock() + SILENCE))
        if self._decoding:
            await asyncio.wait(self._decoding)
        while not self._happened.empty():
            last = self._happened.get_nowait()
            if isinstance(last, _Understood) and last.turn == self._turn:
                turn = step(self._script, self._talk, last.meaning)
                self._talk = turn.talk if turn is not None else self._talk
        await self._close()

    async def _event(self) -> Event | None:
        """None: the caller has hung up."""
        while True:
            try:
                happened = await asyncio.wait_for(self._happened.get(), LOOK)
            except TimeoutError:
                event = self._passed(self._clock())
            else:
                if happened is None:
                    return None
                event = self._meant(happened)
            if event is not None:
                return event

    def _meant(self, happened: Key | _Understood) -> Event | None:
        if isinstance(happened, Key):
            return Pressed(happened.name, early=self._clock() - self._begun < self._early)
        # A key was faster, and counts.
        if happened.turn != self._turn:
            return None
        meaning = happened.meaning
        unsaid = meaning.level is None and meaning.yes is None
        return None if happened.over_prompt and (unsaid or not meaning.sure) else meaning

    @property
    def _early(self) -> float:
        """Seconds of this turn in which a key cannot be an answer to it."""
        if self._talk.ask is Ask.WHY:
            return FIRST
        if self._talk.ask is not Ask.SURE or self._talk.level is None:
            return 0.0
        heard = (Prompt.YOU_SAID, LEVELS[self._talk.level])
        return sum(self._prompts.seconds(self._script.language, each) for each in heard)

    def _passed(self, now: float) -> Event | None:
        """What has come about by time alone."""
        self._uttered(self._ear.tick(now))
        if self._talk.ask is Ask.WHY:
            over = self._recording.due
            return Pause.RECORDED if over is not None and now >= over else None
        if self._ear.speaking or self._decoding or self._quiet_since is None:
            return None
        return Pause.SILENCE if now >= self._quiet_since + SILENCE else None

    async def _read(self) -> None:
        try:
            async for heard in self._line.heard():
                if isinstance(heard, Key):
                    self._happened.put_nowait(heard)
                else:
                    self._sound(heard.pcm)
        finally:
            self._happened.put_nowait(None)

    def _sound(self, pcm: bytes) -> None:
        now = self._clock()
        utterance = self._ear.feed(pcm, now)
        if self._talk.ask is Ask.WHY:
            self._recording.add(pcm)
            if self._ear.speaking:
                self._recording.voice(now)
        self._uttered(utterance)

    def _uttered(self, utterance: Utterance | None) -> None:
        if utterance is None or self._talk.ask is Ask.OVER:
            return
        hearing = self._hearing
        if self._talk.ask is Ask.WHY:
            if hearing is not None and utterance.began >= self._begun:
                self._words.append(asyncio.create_task(hearing.words(utterance.pcm)))
            return
        over_prompt = self._quiet_since is None or utterance.began < self._quiet_since
        if over_prompt and utterance.loudness < OVER_PROMPT:
            return
        if self._quiet_since is not None:
            self._quiet_since = max(self._quiet_since, utterance.ended)
        if hearing is not None and self._script.speech:
            task = asyncio.create_task(self._understand(hearing, utterance.pcm, over=over_prompt))
            self._decoding.add(task)
            task.add_done_callback(self._decoding.discard)

    async def _understand(self, hearing: Hearing, pcm: bytes, *, over: bool) -> None:
        turn = self._turn
        meaning = await hearing.rating(pcm, self._script.best)
        self._happened.put_nowait(_Understood(turn, over, meaning))
