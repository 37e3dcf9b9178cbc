"""The other side of a WebSocket media call as channels/chan_websocket.c of Asterisk 22.10 is: its
queue, its control messages in both forms, its limits. What it would drop or complain of is a fault.

Its clock is quick: a frame of 20 ms goes by whenever nothing else is to be done.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

LOST_AT, XOFF_AT, XON_BELOW = 1000, 900, 800
LONGEST_COMMAND = 128
LARGEST_MESSAGE = 8192
"""With a header of four bytes."""


@dataclass
class FakeSwitch:
    """`reports`: which of the events about its queue it sends, to be an older or a broken one."""

    socket: ClientWebSocketResponse
    json: bool
    frame: int
    reports: frozenset[str]
    played: bytearray = field(default_factory=bytearray)
    """What the caller has heard, in the call's format."""
    commands: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    longest: int = 0
    """Frames that were ever in the queue."""
    paused: bool = False
    _queue: deque[bytes | str] = field(default_factory=deque)
    _full: bool = False
    _asked: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(
        self, codec: str, variables: dict[str, str] | None = None, **more: object
    ) -> None:
        said = {
            "connection_id": "hotline",
            "channel": "WebSocket/hotline/0x55d0c8a0",
            "channel_id": "1767225600.7",
            "format": codec,
            "optimal_frame_size": self.frame,
            "ptime": 20,
            **more,
        }
        if self.json:
            said["channel_variables"] = {
                "DIALEDPEERNUMBER": "hotline/c(slin)",
                **(variables or {}),
            }
        await self.tell("MEDIA_START", **said)

    async def tell(self, name: str, **fields: object) -> None:
        await self.socket.send_str(self._event(name, fields))

    async def press(self, digit: str) -> None:
        await self.tell("DTMF_END", digit=digit, channel_id="1767225600.7")

    async def send(self, audio: bytes) -> None:
        await self.socket.send_bytes(audio)

    async def until(self, so: Callable[[], bool]) -> None:
        """Looked at after everything that happens here."""
        async with asyncio.timeout(5):
            while not so():
                self._news.clear()
                await self._news.wait()

    @property
    def waiting(self) -> int:
        """Frames in the queue."""
        return sum(isinstance(each, bytes) for each in self._queue)

    @property
    def closed(self) -> bool:
        return self.socket.closed

    async def listen(self) -> None:
        async for message in self.socket:
            if message.type is WSMsgType.TEXT:
                await self._obey(message.data)
            elif message.type is WSMsgType.BINARY:
                await self._take(message.data)
            self._news.set()
        self._news.set()

    async def play(self) -> None:
        with suppress(ConnectionError):
            while not self.socket.closed:
                if not self.paused:
                    await self._tick()
                await asyncio.sleep(0)

    async def _tick(self) -> None:
        self._news.set()
        if self._full and self.waiting < XON_BELOW:
            self._full = False
            await self._report("MEDIA_XON")
        if not self._queue and self._asked:
            self._asked = False
            await self._report("QUEUE_DRAINED")
        while self._queue:
            first = self._queue.popleft()
            if isinstance(first, bytes):
                self.played += first
                return
            await self._report("MEDIA_MARK_PROCESSED", first)

    async def _take(self, audio: bytes) -> None:
        if len(audio) + 4 > LARGEST_MESSAGE:
            self.faults.append(f"{len(audio)} bytes in a message")
        if self.waiting >= LOST_AT:
            self.faults.append("sound lost")
            return
        if len(audio) % self.frame:
            self.faults.append("part of a frame")
        for start in range(0, len(audio) - self.frame + 1, self.frame):
            self._queue.append(audio[start : start + self.frame])
        self.longest = max(self.longest, self.waiting)
        if not self._full and self.waiting >= XOFF_AT:
            self._full = True
            await self._report("MEDIA_XOFF")

    async def _obey(self, text: str) -> None:
        if len(text.encode()) > LONGEST_COMMAND:
            self.faults.append(f"too long: {text}")
        command, mark = self._read(text)
        self.commands.append(command)
        match command:
            case "MARK_MEDIA":
                self._queue.append(mark)
            case "FLUSH_MEDIA":
                self._queue.clear()
            case "REPORT_QUEUE_DRAINED":
                self._asked = True
            case "HANGUP":
                await self.socket.close()
            case _:
                self.faults.append(f"unknown: {text}")

    def _read(self, text: str) -> tuple[str, str]:
        if not self.json:
            command, _, mark = text.partition(" ")
            return command, mark
        try:
            said = json.loads(text)
        except ValueError:
            self.faults.append(f"no JSON: {text}")
            return "", ""
        return said.get("command", ""), said.get("correlation_id", "")

    async def _report(self, name: str, mark: str = "") -> None:
        if name not in self.reports:
            return
        if mark and not self.json:
            await self.socket.send_str(f"{name} {mark}")
        else:
            await self.tell(name, **({"correlation_id": mark} if mark else {}))

    def _event(self, name: str, fields: dict[str, object]) -> str:
        if self.json:
            return json.dumps({"event": name, "channel_id": "1767225600.7", **fields})
        return " ".join((name, *(f"{field}:{value}" for field, value in fields.items())))


REPORTS = frozenset({"MEDIA_XON", "MEDIA_XOFF", "QUEUE_DRAINED", "MEDIA_MARK_PROCESSED"})


@asynccontextmanager
async def dialled(
    url: str,
    *,
    as_json: bool = False,
    frame: int = 320,
    reports: frozenset[str] = REPORTS,
    headers: dict[str, str] | None = None,
) -> AsyncIterator[FakeSwitch]:
    """Connected, and MEDIA_START still to be sent; hung up in the end. Nothing may be at fault."""
    async with (
        ClientSession() as session,
        session.ws_connect(url, protocols=["media"], headers=headers) as socket,
    ):
        assert socket.protocol == "media"
        switch = FakeSwitch(socket, as_json, frame, reports)
        tasks = [asyncio.create_task(switch.listen()), asyncio.create_task(switch.play())]
        try:
            yield switch
        finally:
            await socket.close()
            await asyncio.gather(*tasks)
        assert switch.faults == []
