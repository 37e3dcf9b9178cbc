"""A caller behind Asterisk's chan_websocket.

The switch plays what it has at its own pace. It takes 1000 frames and then loses what comes, so a
mark goes behind every message, and no more of them are under way than it has room for.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

import structlog
from aiohttp import WSMessage, WSMsgType, web

from ivr.line import RATE, Heard, Key, Sound
from ivr.media.codecs import Codec
from ivr.media.control import MARK, Event, Form, command, number, read_event
from ivr.media.frames import KEYS
from ivr.media.inbox import Inbox

MESSAGE: Final = 8000
"""Bytes in one of ours: an Asterisk built for low memory reads 8192 with the header."""
UNDER_WAY: Final = 800
"""Frames at the switch: where it says MEDIA_XON, and 100 below its MEDIA_XOFF."""
GOODBYE: Final = 2.0
"""Seconds for the other side to close."""

log = structlog.get_logger()


class WebSocketLine:
    """A Line that the switch paces."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        form: Form,
        codec: Codec,
        frame: int,
        patience: float,
    ) -> None:
        """`frame`: bytes."""
        self._socket = socket
        self._form = form
        self._codec = codec
        self._frame = frame
        self._patience = patience
        self._room = max(1, UNDER_WAY // (MESSAGE // frame))
        """Messages."""
        self._inbox = Inbox()
        self._unsent: deque[bytes] = deque()
        self._flush = False
        self._stopped = False
        """By MEDIA_XOFF."""
        self._sent = 0
        """Messages, each with a mark by its number behind it."""
        self._over = 0
        """Up to which they were heard, or taken back."""
        self._asked: int | None = None
        """Up to which QUEUE_DRAINED will speak. One is asked for at a time, since the switch
        answers two with one."""
        self._due = 0.0
        self._refused = False
        self._gone = False
        self._work = asyncio.Event()
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._clock = asyncio.get_running_loop().time

    def say(self, pcm: bytes) -> None:
        if self._gone or not pcm:
            return
        audio = self._codec.encoded(pcm)
        # The switch drops what is less than a frame at the end of a message.
        missing = -len(audio) % self._frame
        audio += (self._codec.silence * missing)[:missing]
        size = MESSAGE // self._frame * self._frame
        self._unsent += (audio[start : start + size] for start in range(0, len(audio), size))
        self._due = max(self._due, self._clock()) + len(pcm) / (2 * RATE)
        self._quiet.clear()
        self._work.set()

    def hush(self) -> None:
        if self._quiet.is_set():
            return
        self._unsent.clear()
        self._flush = True
        self._due = self._clock()
        self._heard_up_to(self._sent)
        self._work.set()

    async def said(self) -> None:
        try:
            async with asyncio.timeout_at(self._due + self._patience):
                await self._quiet.wait()
        except TimeoutError:
            log.warning("the switch does not say that a prompt was heard")
            self.hush()

    def heard(self) -> AsyncIterator[Heard]:
        return self._inbox

    async def hang_up(self) -> None:
        if not self._gone:
            await self.said()
        if self._gone:
            return
        self._end()
        with suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(GOODBYE):
                await self._socket.send_str(command(self._form, "HANGUP"))

    def take(self, message: WSMessage) -> None:
        """What the switch sent, whatever it is."""
        if message.type is WSMsgType.BINARY:
            if pcm := self._codec.decoded(message.data):
                self._inbox.put(Sound(pcm))
        elif message.type is WSMsgType.TEXT and (event := read_event(message.data)):
            self._told(event)

    async def listen(self) -> None:
        """Until the caller has hung up."""
        try:
            async for message in self._socket:
                self.take(message)
        finally:
            self._end()

    async def speak(self) -> None:
        """Until the line is gone."""
        with suppress(ConnectionError):
            while not self._gone:
                self._work.clear()
                if self._flush:
                    self._flush = False
                    await self._command("FLUSH_MEDIA")
                elif self._unsent and self._sent - self._over < self._room and not self._stopped:
                    await self._send(self._unsent.popleft())
                elif self._asked is None and not self._unsent and self._over < self._sent:
                    self._asked = self._sent
                    await self._command("REPORT_QUEUE_DRAINED")
                else:
                    await self._work.wait()

    async def _send(self, message: bytes) -> None:
        self._sent += 1
        mark = str(self._sent)
        await self._socket.send_bytes(message)
        await self._command("MARK_MEDIA", **{MARK: mark})

    async def _command(self, name: str, **fields: str) -> None:
        await self._socket.send_str(command(self._form, name, **fields))

    def _told(self, event: Event) -> None:
        match event.name:
            case "DTMF_END" if (digit := event.fields.get("digit")) in KEYS:
                self._inbox.put(Key(digit))
            case "MEDIA_MARK_PROCESSED":
                self._heard_up_to(number(event, MARK))
            case "QUEUE_DRAINED" if self._asked is not None:
                self._heard_up_to(self._asked)
                self._asked = None
            case "MEDIA_XOFF":
                self._stopped = True
            case "MEDIA_XON":
                self._stopped = False
            case "ERROR" if not self._refused:
                self._refused = True
                log.warning("the switch refuses a command")
        self._work.set()

    def _heard_up_to(self, number: int) -> None:
        if self._over < number <= self._sent:
            self._over = number
        if self._over == self._sent and not self._unsent:
            self._quiet.set()

    def _end(self) -> None:
        self._gone = True
        self._unsent.clear()
        self._quiet.set()
        self._work.set()
        self._inbox.end()
