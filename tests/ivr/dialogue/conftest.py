from __future__ import annotations

import asyncio
import io
import wave
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest

from ivr.dialogue.attending import Told, attend
from ivr.dialogue.talk import Script, Talk
from ivr.line import Heard
from ivr.prompts import Prompts
from ivr.speech.decoding import decoded
from ivr.speech.hearing import Hearing
from ivr.speech.recognising import OURS, Recogniser
from models.words import Level
from tests.ivr.dialogue.quick_loop import QuickLoop
from tests.ivr.dialogue.scripted_line import ScriptedLine

Result = TypeVar("Result")
RECORDINGS = Path(__file__).parent.parent / "recordings"


@dataclass
class Kept:
    """What the notes hold after a call."""

    levels: list[Level] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    broken: bool = False
    enough: bool = True

    async def keep(self, level: Level) -> None:
        await self._stored()
        self.levels.append(level)

    async def close(self, told: Told) -> bool:
        await self._stored()
        self.told.append(told)
        return self.enough and told.level is not None

    async def _stored(self) -> None:
        await asyncio.sleep(0.05)
        if self.broken:
            raise ConnectionError

    @property
    def seconds(self) -> float:
        """Of the recording."""
        recording = self.told[-1].recording
        if recording is None:
            return 0.0
        with wave.open(io.BytesIO(recording)) as wav:
            assert (wav.getframerate(), wav.getsampwidth(), wav.getnchannels()) == (8000, 2, 1)
            return float(wav.getnframes() / wav.getframerate())


@dataclass(frozen=True)
class Called:
    talk: Talk
    line: ScriptedLine
    kept: Kept
    ended: float


def run(coroutine: Callable[[], Awaitable[Result]]) -> Result:
    """In a loop whose waiting takes no time."""

    async def awaited() -> Result:
        return await coroutine()

    with asyncio.Runner(loop_factory=QuickLoop) as runner:
        return runner.run(awaited())


@pytest.fixture(scope="session")
def prompts() -> Prompts:
    return Prompts()


@pytest.fixture(scope="session")
def recogniser() -> Iterator[Recogniser]:
    with closing(Recogniser(OURS)) as recogniser:
        yield recogniser


@pytest.fixture(scope="session")
def recordings() -> dict[str, bytes]:
    """What the held-out voices say, as PCM."""

    async def read() -> dict[str, bytes]:
        return {file.stem: await decoded(file.read_bytes()) for file in RECORDINGS.iterdir()}

    return asyncio.run(read())


Call = Callable[..., Called]


@pytest.fixture
def call(prompts: Prompts, recogniser: Recogniser) -> Call:
    def called(
        acts: list[tuple[float, Heard | None]],
        script: Script,
        *,
        broken: bool = False,
        enough: bool = True,
    ) -> Called:
        async def calling() -> Called:
            line, kept = ScriptedLine(acts), Kept(broken=broken, enough=enough)
            loop = asyncio.get_running_loop()
            try:
                talk = await attend(line, script, prompts, Hearing(recogniser, 1), kept)
            except ConnectionError:
                talk = Talk()
            return Called(talk, line, kept, loop.time())

        return run(calling)

    return called
