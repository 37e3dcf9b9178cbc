"""A line whose caller acts by a script: at such a second this key, this voice, the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from ivr.line import FRAME, RATE, SILENCE, Heard, Key, Sound


@dataclass
class ScriptedLine:
    """`acts`: by second of the call. `said_at`: what was begun to be said, and when."""

    acts: list[tuple[float, Heard | None]]
    spoken: list[tuple[float, bytes]] = field(default_factory=list)
    cut: int = 0
    hung_up: bool = False
    _until: float = 0.0
    _hushed: asyncio.Event = field(default_factory=asyncio.Event)

    def say(self, pcm: bytes) -> None:
        now = _now()
        self.spoken.append((max(now, self._until), pcm))
        self._until = max(now, self._until) + len(pcm) / (2 * RATE)

    def hush(self) -> None:
        if self._until > _now():
            self.cut += 1
        self._until = _now()
        self._hushed.set()
        self._hushed = asyncio.Event()

    async def said(self) -> None:
        while (left := self._until - _now()) > 1e-6:
            try:
                async with asyncio.timeout(left):
                    await self._hushed.wait()
            except TimeoutError:
                return

    async def heard(self) -> AsyncIterator[Heard]:
        for at, act in sorted(self.acts, key=lambda each: each[0]):
            await asyncio.sleep(max(0.0, at - _now()))
            if act is None:
                self.hush()
                return
            yield act
        await asyncio.Event().wait()

    async def hang_up(self) -> None:
        self.hung_up = True


def voice(at: float, pcm: bytes) -> list[tuple[float, Heard | None]]:
    """In frames of 20 ms, with silence before and after it."""
    pcm = SILENCE * 10 + pcm + SILENCE * 60
    starts = range(0, len(pcm), FRAME)
    return [(at + start / (2 * RATE), Sound(pcm[start : start + FRAME])) for start in starts]


def keys(at: float, names: str) -> list[tuple[float, Heard | None]]:
    return [(at + place * 0.2, Key(name)) for place, name in enumerate(names)]


def _now() -> float:
    return asyncio.get_running_loop().time()
