"""The application's side of Asterisk's chan_websocket (20.18, 22.8 and later): GET with an upgrade,
subprotocol `media`. https://docs.asterisk.org/Configuration/Channel-Drivers/WebSocket/

The switch plays what it has at its own pace. It takes 1000 frames and then loses what comes, so a
mark goes behind every message, and no more of them are under way than it has room for.
"""

from __future__ import annotations

import asyncio
import traceback
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import structlog
from aiohttp import BasicAuth, WSMessage, WSMsgType, hdrs, web

from ivr.line import RATE, Heard, Key, Line, Sound
from ivr.media.codecs import Codec, UnknownFormat
from ivr.media.control import MARK, Event, Form, command, read_event
from ivr.media.frames import KEYS
from ivr.media.inbox import Inbox

PROTOCOL: Final = "media"
PATIENCE: Final = 5.0
"""Seconds for MEDIA_START, and for the word that a prompt was heard, beyond its own length."""
BEFORE_START: Final = 64
"""Messages that are kept: a busy Asterisk sends sound before MEDIA_START, for a second and more."""
LARGEST: Final = 64 * 1024
"""Bytes in a message of theirs."""
MESSAGE: Final = 8000
"""Bytes in one of ours: an Asterisk built for low memory reads 8192 with the header."""
UNDER_WAY: Final = 800
"""Frames at the switch: where it says MEDIA_XON, and 100 below its MEDIA_XOFF."""
GOODBYE: Final = 2.0
"""Seconds for the other side to close."""
LAST_WORDS: Final = 5.0
"""Seconds that `answer` has to come to its end when the service stops."""
HEARTBEAT: Final = 20.0
"""Seconds without a sound from the switch before it is asked whether it is there."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class MediaCall:
    """`query`: the URI parameters, of `v(…)` in the dial string; `user`, `password`: of
    websocket_client.conf."""

    query: Mapping[str, str]
    user: str | None
    password: str | None


class SwitchLine:
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
                self._heard_up_to(_number(event, MARK))
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


def setup_media(
    app: web.Application,
    answer: Callable[[MediaCall, Line], Awaitable[None]],
    *,
    patience: float = PATIENCE,
) -> None:
    """GET /ivr/media. `answer` takes a call; the line is hung up when it returns, and when the
    service stops."""
    calls: dict[asyncio.Task[None], SwitchLine] = {}

    async def handle(request: web.Request) -> web.StreamResponse:
        _check(request)
        socket = web.WebSocketResponse(
            protocols=(PROTOCOL,),
            timeout=GOODBYE,
            heartbeat=HEARTBEAT,
            compress=False,
            max_msg_size=LARGEST,
        )
        await socket.prepare(request)
        try:
            line = await _opened(socket, patience)
            if line is not None:
                # Of its own: hanging up may end the request, not the keeping of what was said.
                call = asyncio.create_task(_serve(line, answer(_call(request), line)))
                calls[call] = line
                call.add_done_callback(calls.pop)
                await asyncio.shield(call)
        finally:
            await _close(request, socket)
        return socket

    async def stop(_app: web.Application) -> None:
        for line in calls.values():
            line.hush()
        await asyncio.gather(*(line.hang_up() for line in calls.values()))
        if calls:
            _, late = await asyncio.wait(calls, timeout=LAST_WORDS)
            for call in late:
                call.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    app.router.add_get("/ivr/media", handle)
    app.on_shutdown.append(stop)


def _check(request: web.Request) -> None:
    """Raises HTTPUpgradeRequired, HTTPBadRequest."""
    if request.headers.get(hdrs.UPGRADE, "").lower() != "websocket":
        raise web.HTTPUpgradeRequired(
            text="这个地址只接受电话交换机的WebSocket连接。", headers={hdrs.UPGRADE: "websocket"}
        )
    offered = request.headers.get(hdrs.SEC_WEBSOCKET_PROTOCOL, "")
    if PROTOCOL not in (each.strip() for each in offered.split(",")):
        raise web.HTTPBadRequest(text="WebSocket子协议应为media。")


def _call(request: web.Request) -> MediaCall:
    try:
        known = BasicAuth.decode(request.headers.get(hdrs.AUTHORIZATION, ""))
    except ValueError:
        return MediaCall(dict(request.query), None, None)
    return MediaCall(dict(request.query), known.login, known.password)


async def _opened(socket: web.WebSocketResponse, patience: float) -> SwitchLine | None:
    """None: there is no call."""
    early: deque[WSMessage] = deque(maxlen=BEFORE_START)
    try:
        async with asyncio.timeout(patience):
            async for message in socket:
                event = read_event(message.data) if message.type is WSMsgType.TEXT else None
                if event is not None and event.name == "MEDIA_START":
                    line = _line(socket, event, patience)
                    for each in early:
                        line.take(each)
                    return line
                if message.type is not WSMsgType.ERROR and len(message.data) <= MESSAGE:
                    early.append(message)
    except TimeoutError:
        log.warning("no MEDIA_START came")
    except UnknownFormat as fault:
        log.warning("the switch speaks a format that is not understood", format=fault.name)
    return None


def _line(socket: web.WebSocketResponse, start: Event, patience: float) -> SwitchLine:
    """Raises UnknownFormat."""
    codec = Codec(start.fields.get("format", ""))
    frame = _number(start, "optimal_frame_size")
    if not 0 < frame <= MESSAGE:
        frame = codec.frame
    return SwitchLine(socket, start.form, codec, frame, patience)


def _number(event: Event, field: str) -> int:
    """0: it is none."""
    digits = event.fields.get(field, "")
    return int(digits) if digits.isdecimal() and len(digits) < 10 else 0


async def _serve(line: SwitchLine, answering: Awaitable[None]) -> None:
    tasks = (asyncio.create_task(line.listen()), asyncio.create_task(line.speak()))
    try:
        await answering
    except asyncio.CancelledError:
        line.hush()
        raise
    except Exception as failure:  # noqa: BLE001 - the last place that knows of it
        line.hush()
        log.error(  # noqa: TRY400 - without the message
            "call failed",
            error=type(failure).__name__,
            at=traceback.format_tb(failure.__traceback__),
        )
    finally:
        await line.hang_up()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _close(request: web.Request, socket: web.WebSocketResponse) -> None:
    try:
        # It waits for the other side to close, but not for it to read what is unread.
        async with asyncio.timeout(2 * GOODBYE):
            await socket.close()
    except TimeoutError:
        if request.transport is not None:
            request.transport.abort()
