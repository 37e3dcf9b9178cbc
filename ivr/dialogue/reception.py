"""Who is let in by the telephone, and where what they say is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Final, TypeVar
from uuid import UUID

import structlog

from ivr.dialogue.attending import Told, attend
from ivr.dialogue.talk import Script
from ivr.line import Line
from ivr.prompts import Language, Prompt, Prompts
from ivr.settings import Hotline
from ivr.speech.hearing import Hearing
from models.cases.handovers import Handed, claim
from models.office import Office
from models.ratings.by_phone import Said, finish, keep_level
from models.refusals import Refused
from models.words import Level

AGAIN: Final = (0.2, 1.0, 2.0)
"""Seconds until a database that did not answer is asked again: the caller waits meanwhile."""

log = structlog.get_logger()
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Reception:
    """`hearing`: None where there is no model, and callers rate by key."""

    office: Office
    settings: Hotline
    prompts: Prompts
    hearing: Hearing | None

    async def answer(self, handover: UUID, line: Line) -> None:
        """Leaves the line hung up. Unknown, used and expired UUIDs are not answered at all."""
        try:
            handed = await claim(self.office, handover)
        except Refused as refusal:
            log.warning("call not answered", handover=str(handover), why=refusal.code)
            await line.hang_up()
            return
        if handed.rated:
            await self._already(handed, line)
            return
        language = self.settings.language_in(handed.queue)
        # The model speaks Mandarin.
        hearing = self.hearing if language is Language.MANDARIN else None
        with (
            hearing.place() if hearing is not None else nullcontext(enter_result=False) as listened
        ):
            script = Script(
                language=language,
                best=self.settings.best_in(handed.queue),
                speech=listened,
                negative=handed.negative,
                reachable=handed.reachable,
            )
            talk = await attend(line, script, self.prompts, hearing, _Notes(self.office, handed))
        log.info("call answered", call=handed.call, ended=talk.ask, told=talk.told)

    async def _already(self, handed: Handed, line: Line) -> None:
        language = self.settings.language_in(handed.queue)
        line.say(self.prompts.pcm(language, Prompt.ALREADY))
        await line.said()
        await line.hang_up()
        await finish(self.office, handed, Said())


@dataclass(frozen=True, slots=True)
class _Notes:
    office: Office
    handed: Handed

    async def keep(self, level: Level) -> None:
        await _patiently(lambda: keep_level(self.office, self.handed, level))

    async def close(self, told: Told) -> bool:
        said = Said(level=told.level, words=told.words, recording=told.recording)
        ended = await _patiently(lambda: finish(self.office, self.handed, said))
        return ended.receipt is not None


async def _patiently(do: Callable[[], Awaitable[Answer]]) -> Answer:
    """Raises what it raises in the end."""
    for pause in AGAIN:
        try:
            return await do()
        except Refused:
            raise
        except Exception:
            log.exception("what a caller said is not kept yet")
        await asyncio.sleep(pause)
    return await do()
