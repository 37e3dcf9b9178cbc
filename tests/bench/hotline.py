"""Processor time for each second of a caller's sound, beside vosk-server's own WebSocket server.

    pip install 'websockets<14'
    python -m tests.bench.hotline VOSK_SERVER/websocket/asr_server.py

Both have the same model, the same grammar and the same callers at the same time, so many at once
and in real time: over AudioSocket here, over a WebSocket there, a fifth of a second a message as
by its own client. What counts is the ratio of processor time (from /proc, so on Linux), which is
that of callers a core. A caller who rates listens for five seconds, says a level and is silent for
one; who gives a reason speaks nearly all the time. How many calls were written down word for word
is told too.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from aiohttp import ClientSession

from ivr.line import FRAME, RATE, Line, Sound
from ivr.media.audiosocket import serve_audiosocket
from ivr.media.frames import HANG_UP, Kind, audio
from ivr.speech.ear import Ear, Utterance
from ivr.speech.meaning import rating_grammar
from ivr.speech.recognising import OURS, Recogniser
from tests.bench.callbacks import spent
from tests.bench.engines import free_port
from tests.ivr.speech.sounds import hiss, recorded, silence, together

CALLERS: Final = 20
"""At once, at each of the two."""
ROUNDS: Final = 3
SAID: Final = {
    "very-satisfied.amr": "非常满意",
    "satisfied.speex": "满意",
    "basically-satisfied.amr": "基本满意",
    "very-dissatisfied.awb": "非常不满意",
    "nothing-to-complain.speex": "没什么不满意的",
    "not-quite-satisfied-alaw.wav": "不太满意",
    "passable.opus": "还可以",
}
CHUNK: Final = 2 * RATE // 5
Call = tuple[bytes, str]
"""What comes over the line, and what is said."""


async def ours(kind: str, port: int) -> None:
    """Prints what was said, a line for each call."""
    recogniser = Recogniser(OURS)
    grammar = rating_grammar(recogniser) if kind == "ratings" else None

    async def answer(_call: UUID, line: Line) -> None:
        ear, hearing = Ear(), list[asyncio.Task[str]]()

        async def hear(utterance: Utterance) -> str:
            free = await recogniser.hear(utterance.pcm)
            if grammar is None:
                return free.text
            # A level is heard both ways.
            return (await recogniser.hear(utterance.pcm, grammar=grammar)).text

        async for heard in line.heard():
            if isinstance(heard, Sound):
                utterance = ear.feed(heard.pcm, asyncio.get_running_loop().time())
                if utterance is not None:
                    hearing.append(asyncio.create_task(hear(utterance)))
        print("".join(await asyncio.gather(*hearing)), flush=True)  # noqa: T201

    await serve_audiosocket("127.0.0.1", port, answer)
    await asyncio.Event().wait()


async def calls(kind: str) -> list[Call]:
    said = [(await recorded(name), text) for name, text in SAID.items()]
    made = []
    for number in range(CALLERS):
        if kind == "ratings":
            sound, text = said[number % len(said)]
            before = 5.0
        else:
            several = [said[(number + each) % len(said)] for each in (0, 2, 3)]
            sound, text = (
                b"".join(each for each, _ in several),
                "".join(each for _, each in several),
            )
            before = 0.5
        line = silence(before) + sound + silence(1)
        made.append((together(line, hiss(len(line) / 2 / RATE, 20)), text))
    return made


async def in_real_time(sound: bytes, size: int) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for start in range(0, len(sound), size):
        await asyncio.sleep(begun + start / 2 / RATE - loop.time())
        yield sound[start : start + size]


async def call_ours(port: int, sound: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answered = asyncio.create_task(reader.read())
    writer.write(bytes([Kind.ID, 0, 16]) + uuid4().bytes)
    async for piece in in_real_time(sound, FRAME):
        writer.write(audio(piece))
    writer.write(HANG_UP)
    answered.cancel()
    writer.close()
    await writer.wait_closed()


async def call_theirs(port: int, sound: bytes, grammar: str | None) -> str:
    """What was understood."""
    texts = []
    async with ClientSession() as session, session.ws_connect(f"ws://127.0.0.1:{port}") as server:
        phrases = {"phrase_list": json.loads(grammar)} if grammar else {}
        await server.send_json({"config": {"sample_rate": RATE, **phrases}})
        async for piece in in_real_time(sound, CHUNK):
            await server.send_bytes(piece)
            texts.append((await server.receive_json()).get("text", ""))
        await server.send_str('{"eof" : 1}')
        texts.append((await server.receive_json()).get("text", ""))
    return "".join(texts).replace(" ", "").replace("[unk]", "")


@contextmanager
def running(port: int, *command: str) -> Iterator[tuple[int, Path]]:
    """Its process, and a file of what it prints. Begins when it listens."""
    interface = {"VOSK_SERVER_INTERFACE": "127.0.0.1", "VOSK_SERVER_PORT": str(port)}
    with tempfile.NamedTemporaryFile("w") as output:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, *command],
            stdout=output,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **interface},
        )
        try:
            while not listening(port):
                if process.poll() is not None:
                    raise RuntimeError(f"{command} did not start")
                time.sleep(0.1)
            yield process.pid, Path(output.name)
        finally:
            process.kill()
            process.wait()


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def measure(kind: str, server: str) -> None:
    recogniser = Recogniser(OURS)
    grammar = rating_grammar(recogniser) if kind == "ratings" else None
    recogniser.close()
    made = await calls(kind)
    seconds = sum(len(sound) for sound, _ in made) / 2 / RATE
    here, there = free_port(), free_port()
    mine = running(here, "-m", "tests.bench.hotline", "ours", kind, str(here))
    other = running(there, server, str(OURS))
    with mine as (own, output), other as (their, _):
        times, understood = list[tuple[float, float]](), list[str]()
        for _ in range(ROUNDS):
            begun = spent(own), spent(their)
            texts, _ = await asyncio.gather(
                asyncio.gather(*(call_theirs(there, sound, grammar) for sound, _ in made)),
                asyncio.gather(*(call_ours(here, sound) for sound, _ in made)),
            )
            await asyncio.sleep(1)
            understood += texts
            times.append((spent(own) - begun[0], spent(their) - begun[1]))
        written = output.read_text().splitlines()
    own_time, their_time = (statistics.median(each) / seconds for each in zip(*times, strict=True))
    ratio = statistics.median(second / first for first, second in times)
    wanted = [text for _, text in made]
    print(  # noqa: T201
        f"{kind:<10}{1 / own_time:>14.0f}{1 / their_time:>14.0f}{ratio:>8.2f}"
        f"{matching(written, wanted):>9.0%}{matching(understood, wanted):>9.0%}"
    )


def matching(texts: list[str], wanted: list[str]) -> float:
    """How many of `texts`, in any order, are what was said in so many rounds."""
    left = wanted * ROUNDS
    for text in texts:
        if text in left:
            left.remove(text)
    return 1 - len(left) / len(wanted) / ROUNDS


def main() -> None:
    if sys.argv[1] == "ours":
        asyncio.run(ours(sys.argv[2], int(sys.argv[3])))
        return
    print(  # noqa: T201
        f"{'':<10}{'callers/core':>14}{'vosk-server':>14}{'ratio':>8}{'right':>9}{'theirs':>9}"
    )
    for kind in ("ratings", "reasons"):
        asyncio.run(measure(kind, sys.argv[1]))


if __name__ == "__main__":
    main()
