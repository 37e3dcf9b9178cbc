"""A call from the first prompt to the last: the dialogue's decisions, carried out on a line.

Every wait is by the wall clock: a switch sends nothing while the caller's side does not.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final, Protocol

from ivr.dialogue.caller import Caller, Gone
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
from ivr.speech.hearing import Hearing
from models.words import Level

SILENCE: Final = 5.0
"""Seconds for an answer, from the end of the question."""
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
    the notes raise, once the caller has heard an apology. `hearing`: see `Caller`."""
    call = _Call(line, script, prompts, hearing, notes)
    try:
        return await call.run()
    finally:
        await call.leave()


class _Call:
    def __init__(
        self, line: Line, script: Script, prompts: Prompts, hearing: Hearing | None, notes: Notes
    ) -> None:
        self._line = line
        self._caller = Caller(line, hearing, script.best, speech=script.speech)
        self._script = script
        self._prompts = prompts
        self._notes = notes
        self._talk = Talk()
        self._saying: asyncio.Task[None] | None = None

    async def run(self) -> Talk:
        self._say(begin(self._script).say)
        while self._talk.ask is not Ask.OVER:
            event = await self._event()
            if event is None:
                await self._hung_up()
                return self._talk
            turn = step(self._script, self._talk, event)
            if turn is not None:
                await self._take(turn)
        await self._line.said()
        return self._talk

    async def leave(self) -> None:
        if self._saying is not None:
            self._saying.cancel()
        await self._caller.leave()
        await self._line.hang_up()

    async def _take(self, turn: Turn) -> None:
        self._talk, say = turn.talk, turn.say
        if self._saying is not None:
            # Or it takes the hush for the end of what is only now going to be said.
            self._saying.cancel()
        self._line.hush()
        self._caller.question(why=turn.talk.ask is Ask.WHY)
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

    def _say(self, prompts: tuple[Prompt, ...]) -> None:
        for prompt in prompts:
            self._line.say(self._prompts.pcm(self._script.language, prompt))
        self._saying = asyncio.create_task(self._said())

    async def _said(self) -> None:
        await self._line.said()
        self._caller.asked()

    async def _close(self) -> bool:
        words, recording = await self._caller.reason(TRANSCRIBED)
        return await self._notes.close(Told(self._talk.told, words, recording))

    async def _hung_up(self) -> None:
        """What was said last counts, where it is understood without asking back."""
        last = await self._caller.last()
        turn = step(self._script, self._talk, last) if last is not None else None
        if turn is not None:
            self._talk = turn.talk
        await self._close()

    async def _event(self) -> Event | None:
        """None: the caller has hung up."""
        while True:
            event: Event | None
            match await self._caller.next(LOOK):
                case Gone():
                    return None
                case Key(name=name):
                    event = Pressed(name, early=self._caller.since_question < self._early)
                case None:
                    event = self._passed()
                case meaning:
                    event = meaning
            if event is not None:
                return event

    @property
    def _early(self) -> float:
        """Seconds of this turn in which a key cannot be an answer to it."""
        if self._talk.ask is Ask.WHY:
            return FIRST
        if self._talk.ask is not Ask.SURE or self._talk.level is None:
            return 0.0
        heard = (Prompt.YOU_SAID, LEVELS[self._talk.level])
        return sum(self._prompts.seconds(self._script.language, each) for each in heard)

    def _passed(self) -> Event | None:
        """What has come about by time alone."""
        if self._talk.ask is Ask.WHY:
            return Pause.RECORDED if self._caller.has_explained else None
        return Pause.SILENCE if self._caller.silent_for >= SILENCE else None
