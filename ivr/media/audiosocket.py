"""AudioSocket: the switch connects over TCP, says whose call it is, and we talk. It hangs up by
closing."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Final, cast
from uuid import UUID

import structlog

from ivr.line import Key
from ivr.media.audiosocket_line import UNREAD, AudioSocketLine
from ivr.media.frames import Audio, Failure, Frame, FrameFault, Frames, HangUp, Id

PATIENCE: Final = 5.0
"""Seconds that a connection has to say whose call it is."""
MOST: Final = 500
"""Connections at a time. Further ones are closed."""
LAST_WORDS: Final = 5.0
"""Seconds that `answer` has to come to its end when the server closes."""

Answer = Callable[[UUID, AudioSocketLine], Awaitable[None]]

log = structlog.get_logger()


class AudioSocketServer:
    """Made by `serve_audiosocket`, to be closed. `port`: where it listens."""

    port: int

    def __init__(self, answer: Answer, patience: float, most: int, last_words: float) -> None:
        self._answer = answer
        self._patience = patience
        self._most = most
        self._last_words = last_words
        self._connections: set[_Connection] = set()
        self._answering: set[asyncio.Task[None]] = set()
        self._all_left = asyncio.Event()
        self._all_left.set()

    async def listen(self, host: str, port: int) -> None:
        """Raises OSError."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Connection(self, self._patience), host, port
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Hangs up what is open."""
        self._server.close()
        # Of those that were accepted already and come to `admit` later.
        self._most = 0
        for connection in tuple(self._connections):
            connection.end()
        if self._answering:
            _, late = await asyncio.wait(self._answering, timeout=self._last_words)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._all_left.wait()
        await self._server.wait_closed()

    def admit(self, connection: _Connection) -> bool:
        if len(self._connections) >= self._most:
            log.warning("audiosocket_full")
            return False
        self._connections.add(connection)
        self._all_left.clear()
        return True

    def leave(self, connection: _Connection) -> None:
        self._connections.discard(connection)
        if not self._connections:
            self._all_left.set()

    def begin(self, call: UUID, line: AudioSocketLine) -> None:
        task = asyncio.create_task(self._attended(call, line), name=f"call-{call}")
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _attended(self, call: UUID, line: AudioSocketLine) -> None:
        try:
            try:
                await self._answer(call, line)
            except Exception:
                log.exception("call_failed", handover=str(call))
                line.hush()
            await line.hang_up()
        finally:
            # Cancelled, whatever it was waiting for.
            line.drop()


async def serve_audiosocket(
    host: str,
    port: int,
    answer: Answer,
    *,
    patience: float = PATIENCE,
    most: int = MOST,
    last_words: float = LAST_WORDS,
) -> AudioSocketServer:
    """`port`: 0 for any that is free; `answer`: the call of that UUID, which is hung up when it
    returns. Raises OSError."""
    server = AudioSocketServer(answer, patience, most, last_words)
    await server.listen(host, port)
    return server


class _Connection(asyncio.Protocol):
    """Until it says whose call it is, there is no line."""

    def __init__(self, server: AudioSocketServer, patience: float) -> None:
        self._server = server
        self._frames = Frames()
        self._line: AudioSocketLine | None = None
        self._deadline = asyncio.get_running_loop().call_later(patience, self._refuse, "no_id")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's is none by inheritance.
        self._transport = cast(asyncio.Transport, transport)
        # What waits in the kernel to be read is seen by nobody.
        connected = transport.get_extra_info("socket")
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, UNREAD)
        if not self._server.admit(self):
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        try:
            for frame in self._frames.feed(data):
                if self._transport.is_closing():
                    return
                self._take(frame)
        except FrameFault as fault:
            self._refuse(str(fault))

    def eof_received(self) -> None:
        self._transport.abort()

    def connection_lost(self, _fault: Exception | None) -> None:
        self._deadline.cancel()
        self._server.leave(self)
        if self._line is not None:
            self._line.gone()

    def end(self) -> None:
        if self._line is None:
            self._transport.abort()
        else:
            self._line.end()

    def _take(self, frame: Frame) -> None:
        match frame:
            case Id() if self._line is None:
                self._deadline.cancel()
                self._line = AudioSocketLine(self._transport)
                self._server.begin(frame.id, self._line)
            case HangUp():
                self._transport.abort()
            case Failure():
                self._refuse(f"failure {frame.code.hex()}")
            case Audio() | Key() if self._line is not None:
                self._line.take(frame)
            case _:
                self._refuse(f"{type(frame).__name__} out of turn")

    def _refuse(self, why: str) -> None:
        log.warning("audiosocket_refused", why=why)
        self._transport.abort()
