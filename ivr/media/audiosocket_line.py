"""A caller behind AudioSocket.

We pace: one frame every 20 ms, silence where nothing is said, since two seconds without traffic end
the call at the other side. It plays a frame when it comes, so nothing is to be taken back there. It
sends none while the caller's side sends none.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import structlog

from ivr.line import FRAME, RATE, SILENCE, Heard, Key, Sound
from ivr.media.frames import HANG_UP, Audio, audio
from ivr.media.inbox import Inbox
from ivr.media.pacing import Pace
from ivr.media.resampling import Downsampling

UNREAD: Final = RATE
"""Bytes: where so many wait to be sent, half a second's, nobody reads at the other side."""
LINGER: Final = 1.0
"""Seconds that the other side has to close after we have hung up."""

log = structlog.get_logger()


class AudioSocketLine:
    """A Line."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._inbox = Inbox()
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
        return self._inbox

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
                self._inbox.put(frame)
            case Audio():
                if frame.rate != self._rate:
                    self._rate, self._downsampling = frame.rate, Downsampling(frame.rate)
                if pcm := self._downsampling.feed(frame.pcm):
                    self._inbox.put(Sound(pcm))

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
        self._inbox.end()

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


_SILENT: Final = audio(SILENCE)
