"""WeChat callbacks a second, in plain and in AES mode, beside WeRoBot on tornado, the best known
Python framework for official accounts.

    pip install WeRoBot tornado
    python -m tests.bench.callbacks

No database on either side: a text message is checked, read and answered with its own words, by one
process on one core, WeRoBot's session storage off. Both run in the same minutes on the same
machine, in turns; what counts is the ratio: of callbacks a second, and, where others work on the
machine too, of processor time a callback (from /proc, so on Linux). The load comes from this
process, as octets made beforehand, over 32 connections.
"""

from __future__ import annotations

import asyncio
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import cast
from urllib.parse import urlencode

import uvloop
from aiohttp import web

from bot.wechat.callback import Callback
from bot.wechat.settings import OfficialAccount
from tests.bench.engines import free_port
from tests.bot.wechat.callbacks import message
from tests.bot.wechat.crypto import Platform

CONNECTIONS = 32
CALLBACKS = 5000
ROUNDS = 5
WORDS = "不满意，等了两个小时"
LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


async def ours(platform: Platform, port: int) -> None:
    settings = {"app_id": platform.app_id, "token": platform.token, "aes_key": platform.key}
    account = OfficialAccount.model_validate({**settings, "mode": platform.mode})
    callback = Callback(account, lambda: datetime.now(UTC))

    async def take(request: web.Request) -> web.Response:
        incoming = callback.read(request.query, await request.read())
        answer = callback.answer(incoming, incoming.words)
        return web.Response(body=answer, content_type="application/xml")

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print("up", flush=True)  # noqa: T201 - the benchmark waits for it
    await asyncio.Event().wait()


async def werobot(platform: Platform, port: int) -> None:
    from tornado.web import Application  # noqa: PLC0415
    from werobot import WeRoBot  # noqa: PLC0415
    from werobot.contrib.tornado import make_handler  # noqa: PLC0415

    encrypted = {"app_id": platform.app_id, "encoding_aes_key": platform.key}
    robot = WeRoBot(
        token=platform.token,
        SESSION_STORAGE=False,
        **(encrypted if platform.mode == "aes" else {}),
    )
    robot.text(lambda message: message.content)
    Application([("/", make_handler(robot))]).listen(port, "127.0.0.1")
    print("up", flush=True)  # noqa: T201
    await asyncio.Event().wait()


@contextmanager
def server(kind: str, mode: str) -> Iterator[tuple[int, int]]:
    """Its port and process."""
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.callbacks", kind, mode, str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603
        try:
            if process.stdout is None or not process.stdout.readline():
                raise RuntimeError(f"{kind} did not start")
            yield port, process.pid
        finally:
            process.kill()


def requests(platform: Platform) -> list[bytes]:
    """Different messages, signed now: they are good for ten minutes."""
    now = datetime.now(UTC)
    made = []
    for number in range(1, CALLBACKS + 1):
        xml = message(WORDS, MsgId=str(number), CreateTime=str(int(now.timestamp())))
        query, body = platform.push(xml, now, str(number))
        head = (
            f"POST /?{urlencode(query)} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Content-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        made.append(head.encode() + body)
    return made


class Connection(asyncio.Protocol):
    """Sends the next request when the last is answered. `done`: the last answer's body."""

    def __init__(self, waiting: Iterator[bytes]) -> None:
        self.waiting = waiting
        self.heard = b""
        self.last = b""
        self.done: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's is no subclass of it.
        self.transport = cast(asyncio.Transport, transport)
        self.send()

    def send(self) -> None:
        request = next(self.waiting, None)
        if request is not None:
            self.transport.write(request)
            return
        self.done.set_result(self.last)
        self.transport.close()

    def data_received(self, data: bytes) -> None:
        self.heard += data
        head, blank, body = self.heard.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not blank or (length and len(body) < int(length[1])):
            return
        if not head.startswith(b"HTTP/1.1 200") or not length:
            self.transport.abort()
            return
        self.heard, self.last = b"", body
        self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or RuntimeError(self.heard.decode()))


async def rate(platform: Platform, port: int, made: list[bytes]) -> float:
    """Requests a second; the last answer of each connection is opened and must say the words."""
    loop, waiting = asyncio.get_running_loop(), iter(made)
    begun = time.perf_counter()
    connections = [
        await loop.create_connection(lambda: Connection(waiting), "127.0.0.1", port)
        for _ in range(CONNECTIONS)
    ]
    answers = await asyncio.gather(*(connection.done for _, connection in connections))
    rated = len(made) / (time.perf_counter() - begun)
    for answer in filter(None, answers):
        if WORDS not in platform.opened(answer):
            raise RuntimeError("another answer")
    return rated


def spent(process: int) -> float:
    """Seconds of processor time, user's and system's."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(mode: str) -> None:
    platform = Platform(mode=mode)
    with server("ours", mode) as mine, server("werobot", mode) as other:
        made = requests(platform)
        begun = [spent(other[1]), spent(mine[1])]
        rates = [
            [uvloop.run(rate(platform, port, made)) for port, _ in (other, mine)]
            for _ in range(ROUNDS)
        ]
        theirs, own = (statistics.median(column) for column in zip(*rates, strict=True))
        ratio = statistics.median(second / first for first, second in rates)
        their_time, own_time = spent(other[1]) - begun[0], spent(mine[1]) - begun[1]
    print(  # noqa: T201
        f"{mode:<8}{own:>14,.0f}{theirs:>12,.0f}{ratio:>8.2f}{their_time / own_time:>17.2f}"
    )


def main() -> None:
    if len(sys.argv) > 1:
        kind, mode, port = sys.argv[1:]
        platform = Platform(mode=mode)
        if kind == "ours":
            uvloop.run(ours(platform, int(port)))
        else:
            asyncio.run(werobot(platform, int(port)))
        return
    print(f"{'mode':<8}{'callbacks/s':>14}{'WeRoBot/s':>12}{'ratio':>8}{'processor ratio':>17}")  # noqa: T201
    for mode in ("plain", "aes"):
        measure(mode)


if __name__ == "__main__":
    main()
