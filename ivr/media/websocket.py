"""The application's side of Asterisk's chan_websocket (20.18, 22.8 and later): GET with an upgrade,
subprotocol `media`. https://docs.asterisk.org/Configuration/Channel-Drivers/WebSocket/
"""

from __future__ import annotations

import asyncio
import traceback
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

import structlog
from aiohttp import BasicAuth, WSMessage, WSMsgType, hdrs, web

from ivr.line import Line
from ivr.media.codecs import Codec, UnknownFormat
from ivr.media.control import Event, number, read_event
from ivr.media.websocket_line import GOODBYE, MESSAGE, WebSocketLine

PROTOCOL: Final = "media"
VARIABLE: Final = "RATING_CALL"
"""Of the channel: what `v(…)` in the dial string would say, and counts before it."""
PATIENCE: Final = 5.0
"""Seconds for MEDIA_START, and for the word that a prompt was heard, beyond its own length."""
BEFORE_START: Final = 64
"""Messages that are kept: a busy Asterisk sends sound before MEDIA_START, for a second and more."""
LARGEST: Final = 64 * 1024
"""Bytes in a message of theirs."""
LAST_WORDS: Final = 5.0
"""Seconds that `answer` has to come to its end when the service stops."""
HEARTBEAT: Final = 20.0
"""Seconds without a sound from the switch before it is asked whether it is there."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class MediaCall:
    """`told`: what the switch tells of the call; `user`, `password`: of websocket_client.conf."""

    told: Mapping[str, str]
    user: str | None
    password: str | None


def setup_media(
    app: web.Application,
    answer: Callable[[MediaCall, Line], Awaitable[None]],
    *,
    patience: float = PATIENCE,
) -> None:
    """GET /ivr/media. `answer` takes a call; the line is hung up when it returns, and when the
    service stops."""
    calls: dict[asyncio.Task[None], WebSocketLine] = {}

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
            opened = await _opened(socket, patience)
            if opened is not None:
                line, start = opened
                # Of its own: hanging up may end the request, not the keeping of what was said.
                call = asyncio.create_task(_serve(line, answer(_call(request, start), line)))
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


def _call(request: web.Request, start: Event) -> MediaCall:
    # Of two calls at the same moment chan_websocket may send the URI parameters of one with both:
    # they are kept with the connection's settings, not with the call. A channel's variables are
    # its own.
    own = start.variables.get(VARIABLE)
    told = dict(request.query) if own is None else dict(parse_qsl(own.replace(",", "&")))
    try:
        known = BasicAuth.decode(request.headers.get(hdrs.AUTHORIZATION, ""))
    except ValueError:
        return MediaCall(told, None, None)
    return MediaCall(told, known.login, known.password)


async def _opened(
    socket: web.WebSocketResponse, patience: float
) -> tuple[WebSocketLine, Event] | None:
    """With the MEDIA_START. None: there is no call."""
    early: deque[WSMessage] = deque(maxlen=BEFORE_START)
    try:
        async with asyncio.timeout(patience):
            async for message in socket:
                event = read_event(message.data) if message.type is WSMsgType.TEXT else None
                if event is not None and event.name == "MEDIA_START":
                    line = _line(socket, event, patience)
                    for each in early:
                        line.take(each)
                    return line, event
                if message.type is not WSMsgType.ERROR and len(message.data) <= MESSAGE:
                    early.append(message)
    except TimeoutError:
        log.warning("no MEDIA_START came")
    except UnknownFormat as fault:
        log.warning("the switch speaks a format that is not understood", format=fault.name)
    return None


def _line(socket: web.WebSocketResponse, start: Event, patience: float) -> WebSocketLine:
    """Raises UnknownFormat."""
    codec = Codec(start.fields.get("format", ""))
    frame = number(start, "optimal_frame_size")
    if not 0 < frame <= MESSAGE:
        frame = codec.frame
    return WebSocketLine(socket, start.form, codec, frame, patience)


async def _serve(line: WebSocketLine, answering: Awaitable[None]) -> None:
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
