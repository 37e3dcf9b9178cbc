"""A switch at its end of AudioSocket. It is strict: what it hears is frames of 20 ms at 8 kHz, and
nothing follows a hang-up."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID, uuid4

from ivr.media.audiosocket import Answer, AudioSocketServer, serve_audiosocket

PATIENCE = 10.0
"""Seconds for what should come at once."""
SILENT = bytes(320)


def frame(kind: int, payload: bytes = b"") -> bytes:
    return struct.pack(">BH", kind, len(payload)) + payload


@asynccontextmanager
async def answering(answer: Answer, **limits: Any) -> AsyncIterator[AudioSocketServer]:
    """Leaves nothing behind, and nothing went wrong unseen."""
    loop, unseen = asyncio.get_running_loop(), []
    before = _others()
    loop.set_exception_handler(lambda _, context: unseen.append(context))
    server = await serve_audiosocket("127.0.0.1", 0, answer, **limits)
    try:
        yield server
    finally:
        await server.close()
    assert _others() == before
    assert unseen == []


def _others() -> set[asyncio.Task[Any]]:
    return asyncio.all_tasks() - {asyncio.current_task()}


@dataclass
class Switch:
    """`heard`: payloads of audio, and `at` when each came; `hung_up`: a hang-up was read."""

    server: AudioSocketServer
    call: UUID = field(default_factory=uuid4)
    heard: list[bytes] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    hung_up: bool = False

    async def __aenter__(self) -> Self:
        self.reader, self._writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        self._more = asyncio.Event()
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()
        await asyncio.wait_for(self._reading, PATIENCE)

    async def send(self, *frames: bytes) -> None:
        self._writer.write(b"".join(frames))
        await self._writer.drain()

    async def identify(self) -> None:
        await self.send(frame(0x01, self.call.bytes))

    async def end(self) -> None:
        """As Asterisk does when the caller hangs up."""
        self._writer.close()
        await self.gone()

    async def gone(self) -> None:
        """The other side has closed."""
        await asyncio.wait_for(asyncio.shield(self._reading), PATIENCE)

    async def frames(self, number: int) -> list[bytes]:
        """The first so many."""
        async with asyncio.timeout(PATIENCE):
            while len(self.heard) < number:
                assert not self._reading.done(), "hung up before that"
                self._more.clear()
                await self._more.wait()
        return self.heard[:number]

    async def speech(self, frames: int) -> list[bytes]:
        """So many, from the first that is not silent."""
        first = 0
        while (await self.frames(first + 1))[first] == SILENT:
            first += 1
        return (await self.frames(first + frames))[first:]

    @property
    def said(self) -> bytes:
        """What was said between the silences."""
        return b"".join(self.heard).strip(b"\0")

    async def _read(self) -> None:
        try:
            while header := await self.reader.read(1):
                kind, length = struct.unpack(">BH", header + await self.reader.readexactly(2))
                payload = await self.reader.readexactly(length)
                assert not self.hung_up, "something followed the hang-up"
                if kind == 0x00:
                    assert payload == b""
                    self.hung_up = True
                    # Asterisk leaves its loop at this.
                    assert await self.reader.read() == b""
                    self._writer.close()
                    return
                assert (kind, length) == (0x10, 320)
                self.heard.append(payload)
                self.at.append(time.monotonic())
                self._more.set()
        except (ConnectionResetError, asyncio.IncompleteReadError):
            return
        finally:
            self._more.set()


def deaf(server: AudioSocketServer, call: UUID) -> socket.socket:
    """Says whose call it is, and reads nothing."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", server.port))
    connection.sendall(frame(0x01, call.bytes))
    return connection
