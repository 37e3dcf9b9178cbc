"""A call without a switch (ivr/calling/placing.py), to a service that says little."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import pytest

from ivr.calling.placing import PATIENCE, PAUSE, Answer, Call, Keys, NobodyListens, Speech, place
from ivr.line import Heard, Key, Line, Sound
from ivr.media.audiosocket import serve_audiosocket

TONE = array("h", (4000, 4000, -4000, -4000) * 800).tobytes()
"""0.4 s."""
WORD = array("h", (n % 900 * 20 - 9000 for n in range(3200))).tobytes()


class Service:
    """Greets, and says TONE for each of the keys that it waits for."""

    def __init__(self, *waits_for: str, greeting: bytes = TONE) -> None:
        self.waits_for = list(waits_for)
        self.greeting = greeting
        self.call: UUID | None = None
        self.heard: list[Heard] = []

    async def __call__(self, call: UUID, line: Line) -> None:
        self.call = call
        line.say(self.greeting)
        async for heard in line.heard():
            self.heard.append(heard)
            if self.waits_for and heard == Key(self.waits_for[0]):
                self.waits_for.pop(0)
                line.hush()
                line.say(TONE)
            if not self.waits_for:
                await line.hang_up()

    @property
    def keys(self) -> str:
        return "".join(each.name for each in self.heard if isinstance(each, Key))

    @property
    def pcm(self) -> bytes:
        return b"".join(each.pcm for each in self.heard if isinstance(each, Sound))


async def called(service: Service, *answers: Answer, early: bool = False) -> Call:
    async with serving(service) as port:
        call = uuid4()
        placed = await place("127.0.0.1", port, call, answers, early=early)
    assert service.call == call
    return placed


@asynccontextmanager
async def serving(service: Service) -> AsyncIterator[int]:
    server = await serve_audiosocket("127.0.0.1", 0, service)
    try:
        yield server.port
    finally:
        await server.close()


def loudest_difference(one: bytes, other: bytes) -> int:
    return max(abs(a - b) for a, b in zip(array("h", one), array("h", other), strict=True))


async def test_keys_in_their_turn() -> None:
    service = Service("2", "#")

    call = await called(service, Keys("2"), Keys("4#"))

    first, second = call.given
    assert service.keys == "24#"
    assert PAUSE + 0.4 <= first.at < PAUSE + 0.4 + 0.3
    assert 2 * PAUSE + 0.8 <= second.at < 2 * PAUSE + 0.8 + 0.6
    assert call.hung_up
    assert call.heard.count(TONE) == 3


async def test_early_is_while_the_service_speaks() -> None:
    service = Service("2", greeting=TONE * 20)

    call = await called(service, Keys("2"), early=True)

    assert 0.5 <= call.given[0].at < 1
    assert 1 <= call.heard.count(TONE) < 20


async def test_speech_is_followed_though_nobody_replies() -> None:
    """A reason is recorded without a word. The line is never quite silent."""
    service = Service("#")

    call = await called(service, Speech(WORD, "一句话"), Keys("#"))

    spoken, ended = call.given
    assert spoken.at + 0.4 + PATIENCE <= ended.at < spoken.at + 0.4 + PATIENCE + 0.6
    assert service.keys == "#"
    heard = service.pcm
    begin = next(n for n, sample in enumerate(array("h", heard)) if abs(sample) > 200) * 2
    assert loudest_difference(heard[begin : begin + len(WORD)], WORD) < 60
    assert 0 < max(map(abs, array("h", heard[:begin]))) < 60


async def test_a_call_that_is_not_answered() -> None:
    async def refusing(_: UUID, line: Line) -> None:
        await line.hang_up()

    server = await serve_audiosocket("127.0.0.1", 0, refusing)
    call = await place("127.0.0.1", server.port, uuid4(), [Keys("5")])
    await server.close()

    assert call.hung_up
    assert call.given == ()
    assert call.heard.strip(b"\0") == b""


@pytest.mark.parametrize("sent", [b"", b"\x03\x00\x00", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
async def test_a_call_that_is_cut_off(sent: bytes) -> None:
    async def cut(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(sent)
        writer.close()

    server = await asyncio.start_server(cut, "127.0.0.1", 0)
    call = await place("127.0.0.1", server.sockets[0].getsockname()[1], uuid4(), [Keys("5")])
    server.close()

    assert call == Call(b"", (), hung_up=False)


async def test_nobody_listens() -> None:
    server = await serve_audiosocket("127.0.0.1", 0, Service())
    await server.close()

    with pytest.raises(NobodyListens, match=str(server.port)):
        await place("127.0.0.1", server.port, uuid4(), [])
