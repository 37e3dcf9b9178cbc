"""A call placed by AudioSocket, as a switch does: keys and speech when it is the caller's turn."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Final
from uuid import UUID

from ivr.line import FRAME, RATE
from ivr.media.frames import Audio, FrameFault, Frames, HangUp, audio, identity, key
from ivr.media.pacing import Pace
from ivr.pcm import audioop

PAUSE: Final = 0.6
"""Seconds without a sound after which the service has finished speaking."""
REACTION: Final = 0.3
"""Seconds in which what it was saying may still be heard."""
PATIENCE: Final = 2.0
"""Seconds for a reply to begin. None comes while a reason is being recorded."""
EARLY: Final = 0.5
"""Seconds of what the service says that are listened to all the same."""
BETWEEN_KEYS: Final = 0.2
"""Seconds: a finger's."""
LONGEST: Final = 300.0
"""Seconds until the caller hangs up whatever happens."""


@dataclass(frozen=True, slots=True)
class Keys:
    """`names`: one or more of 0 to 9, *, #, A to D."""

    names: str


@dataclass(frozen=True, slots=True)
class Speech:
    """`told`: what it is, for whoever reads along."""

    pcm: bytes
    told: str


Answer = Keys | Speech


@dataclass(frozen=True, slots=True)
class Given:
    """`at`: seconds into the call."""

    at: float
    answer: Answer


@dataclass(frozen=True, slots=True)
class Call:
    """`heard`: PCM at 8 kHz, from the beginning to the end. `hung_up`: by the service, rather than
    cut off."""

    heard: bytes
    given: tuple[Given, ...]
    hung_up: bool


class NobodyListens(Exception):
    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"AudioSocket {host}:{port} 没有应答，请检查地址和服务是否已启动")


async def place(
    host: str, port: int, handover: UUID, answers: Sequence[Answer], *, early: bool = False
) -> Call:
    """Each answer is given when the service has finished speaking; `early`: while it speaks.
    Ends when the service hangs up. Raises NobodyListens."""
    try:
        reader, writer = await asyncio.open_connection(host, port)
    except OSError:
        raise NobodyListens(host, port) from None
    caller = _Caller(writer, early=early)
    writer.write(identity(handover))
    speaking = (asyncio.create_task(caller.pace()), asyncio.create_task(caller.answer(answers)))
    try:
        with suppress(TimeoutError, ConnectionError, FrameFault):
            async with asyncio.timeout(LONGEST):
                await caller.listen(reader)
    finally:
        for task in speaking:
            task.cancel()
        ended = await asyncio.gather(*speaking, return_exceptions=True)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    for fault in ended:
        if isinstance(fault, Exception) and not isinstance(fault, ConnectionError):
            raise fault
    return caller.call


_RANDOM: Final = Random(0)  # noqa: S311 - noise
_NOISE: Final = array("h", (round(_RANDOM.gauss(0, 8)) for _ in range(RATE))).tobytes()


class _Caller:
    """Goes by what has been heard so far: the service paces it."""

    def __init__(self, writer: asyncio.StreamWriter, *, early: bool) -> None:
        self._writer = writer
        self._early = early
        self._heard = bytearray()
        self._heard_more = asyncio.Event()
        self._began = 0.0
        """To speak, after a pause."""
        self._loud: float | None = None
        """When it was last heard."""
        self._saying = bytearray()
        self._given: list[Given] = []
        self._hung_up = False

    @property
    def call(self) -> Call:
        return Call(bytes(self._heard), tuple(self._given), self._hung_up)

    async def listen(self, reader: asyncio.StreamReader) -> None:
        frames = Frames()
        while data := await reader.read(65536):
            for frame in frames.feed(data):
                match frame:
                    case Audio(rate=8000, pcm=pcm):
                        self._hear(pcm)
                    case HangUp():
                        self._hung_up = True
                        return

    async def pace(self) -> None:
        clock = asyncio.get_running_loop().time
        pace = Pace(clock())
        while True:
            for _ in range(pace.frames(clock())):
                pcm = bytes(self._saying[:FRAME])
                del self._saying[:FRAME]
                pcm = audioop.add(pcm.ljust(FRAME, b"\0"), self._noise(), 2)
                self._writer.write(audio(pcm))
            await self._writer.drain()
            await asyncio.sleep(pace.due - clock())

    async def answer(self, answers: Sequence[Answer]) -> None:
        last: float | None = None
        for answer in answers:
            while not self._our_turn(last):
                await self._more()
            self._given.append(Given(self._now, answer))
            match answer:
                case Keys(names):
                    await self._press(names)
                case Speech(pcm):
                    self._saying += pcm
                    while self._saying:
                        await self._more()
            last = self._now

    @property
    def _now(self) -> float:
        return len(self._heard) / 2 / RATE

    def _hear(self, pcm: bytes) -> None:
        self._heard += pcm
        if any(pcm):
            if self._loud is None or self._now - self._loud >= PAUSE:
                self._began = self._now
            self._loud = self._now
        self._heard_more.set()

    async def _more(self) -> None:
        self._heard_more.clear()
        await self._heard_more.wait()

    def _noise(self) -> bytes:
        """Of a line: no recogniser was made for perfect silence."""
        begin = _RANDOM.randrange(len(_NOISE) - FRAME) & ~1
        return _NOISE[begin : begin + FRAME]

    def _our_turn(self, last: float | None) -> bool:
        """`last`: when the last answer ended."""
        if self._loud is None:
            return False
        began = self._began if last is None else max(self._began, last + REACTION)
        quiet = self._now - self._loud >= PAUSE
        if self._loud >= began:
            return quiet or (self._early and self._loud >= began + EARLY)
        return quiet and last is not None and self._now > last + PATIENCE

    async def _press(self, names: str) -> None:
        for number, name in enumerate(names):
            pressed = self._now
            while number and self._now < pressed + BETWEEN_KEYS:
                await self._more()
            self._writer.write(key(name))
