"""AudioSocket: the switch connects over TCP, says whose call it is, and we talk.

We pace: one frame every 20 ms, silence where nothing is said, since two seconds without traffic end
the call at the other side. It plays a frame when it comes, so nothing is to be taken back there. It
sends none while the caller's side sends none, and hangs up by closing.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final, cast
from uuid import UUID

import structlog

from ivr.line import FRAME, RATE, SILENCE, Heard, Key, Sound
from ivr.media.frames import HANG_UP, Audio, Failure, Frame, FrameFault, Frames, HangUp, Id, audio
from ivr.media.hearing import Hearing
from ivr.media.pacing import Pace
from ivr.media.resampling import Downsampling

PATIENCE: Final = 5.0
"""Seconds that a connection has to say whose call it is."""
MOST: Final = 500
"""Connections at a time. Further ones are closed."""
UNREAD: Final = RATE
"""Bytes: where so many wait to be sent, half a second's, nobody reads at the other side."""
LINGER: Final = 1.0
"""Seconds that the other side has to close after we have hung up."""
LAST_WORDS: Final = 5.0
"""Seconds that `answer` has to come to its end when the server closes."""

Answer = Callable[[UUID, "AudioSocketLine"], Awaitable[None]]

log = structlog.get_logger()


class AudioSocketLine:
    """A Line."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._hearing = Hearing()
        self._rate = RATE
        self._downsampling = Downsampling(RATE)
        self._unsaid = bytearray()
        self._said = asyncio.Event()
        self._said.set()
        self._over = False
        self._closed = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._pace = Pace(self._loop.time())
        self._timer = self._loop.call_at(self._pace.due, self._step)

    def say(self, pcm: bytes) -> None:
        if pcm and not self._over:
            self._unsaid += pcm
            self._said.clear()

    def hush(self) -> None:
        self._unsaid.clear()
        self._said.set()

    async def said(self) -> None:
        await self._said.wait()

    def heard(self) -> AsyncIterator[Heard]:
        return self._hearing

    async def hang_up(self) -> None:
        await self.said()
        self.end()
        try:
            async with asyncio.timeout(LINGER):
                await self._closed.wait()
        except TimeoutError:
            self.drop()
            await self._closed.wait()

    def end(self) -> None:
        """In the middle of a word."""
        if not self._over and not self._transport.is_closing():
            self._transport.write(HANG_UP)
            # Closed at once, what the caller's side still sends would be answered by a reset, and
            # the switch might read that before the frame.
            self._transport.write_eof()
            self._stop()

    def take(self, frame: Audio | Key) -> None:
        match frame:
            case Key():
                self._hearing.put(frame)
            case Audio():
                if frame.rate != self._rate:
                    self._rate, self._downsampling = frame.rate, Downsampling(frame.rate)
                if pcm := self._downsampling.feed(frame.pcm):
                    self._hearing.put(Sound(pcm))

    def drop(self) -> None:
        """Without a word."""
        self._transport.abort()

    def gone(self) -> None:
        """The connection is closed."""
        self._stop()
        self._closed.set()

    def _stop(self) -> None:
        self._over = True
        self._timer.cancel()
        self.hush()
        self._hearing.end()

    def _step(self) -> None:
        frames = self._pace.frames(self._loop.time())
        self._transport.write(b"".join(self._next_frame() for _ in range(frames)))
        if self._transport.get_write_buffer_size() > UNREAD:
            log.warning("audiosocket_not_read")
            self.drop()
            return
        self._timer = self._loop.call_at(self._pace.due, self._step)

    def _next_frame(self) -> bytes:
        if not self._unsaid:
            return _SILENT
        pcm = bytes(self._unsaid[:FRAME])
        del self._unsaid[:FRAME]
        if not self._unsaid:
            self._said.set()
        return audio(pcm.ljust(FRAME, b"\0"))


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


_SILENT: Final = audio(SILENCE)


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
