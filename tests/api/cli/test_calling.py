"""call, against the service, and against one that says little."""

from __future__ import annotations

import asyncio
import wave
from array import array
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from api.demo.filling import KEY_FILE
from ivr.dialogue.reception import Reception
from ivr.line import Heard, Key, Line, Sound
from ivr.media.audiosocket import Answer, serve_audiosocket
from ivr.prompts import Language, Prompt, Prompts
from ivr.prompts.sound import peak, wav_of
from ivr.settings import Hotline
from models.tables import Evaluation
from tests.api.cli.conftest import Done, Run
from tests.api.service import Service

PROMPTS = Prompts()
THANKS = PROMPTS.pcm(Language.MANDARIN, Prompt.THANKS)
BUZZ = array("h", (2000, -2000) * 80_000).tobytes()

Call = Callable[..., Coroutine[Any, Any, Done]]


@pytest.fixture
def call(run: Run) -> Call:
    """A call to `answer`, while this loop goes on."""

    async def call(answer: Answer, *words: str | Path, code: int = 0, **settings: str) -> Done:
        server = await serve_audiosocket("127.0.0.1", 0, answer)
        try:
            port = str(server.port)
            # Or the service's would be among what the command prints.
            with capture_logs():
                return await asyncio.to_thread(
                    run, "call", "--port", port, *words, code=code, **settings
                )
        finally:
            await server.close()

    return call


def frames(wav: Path) -> bytes:
    with wave.open(str(wav)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8000, 1, 2)
        pcm: bytes = file.readframes(file.getnframes())
        return pcm


async def test_a_call_is_registered_and_rated(call: Call, service: Service, tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_text(service.keys["admin"] + "\n")
    reception = Reception(service.office, Hotline(), PROMPTS, None)
    server = str(service.client.make_url("")).rstrip("/")
    report = ("--server", server, "--data", ".", "--platform", "CA-P1", "--staff", "CA-S1")

    done = await call(
        reception.answer, *report, "--keys", "5", "--early", "--out", tmp_path / "call.wav"
    )

    greeting, key, thanks, end, file = done.stdout.splitlines()
    assert "服务：您好，请评价本次服务。（说了" in greeting
    assert greeting.endswith("被打断）")
    assert key.endswith("来电：按 5")
    assert thanks.endswith("服务：感谢您的评价。")
    assert end.endswith("服务挂机")
    assert file.startswith("来电人听到的声音：")
    assert THANKS in frames(tmp_path / "call.wav")
    assert (await Evaluation.get()).level == 5


class Buzzing:
    """Makes a sound all the time, and hangs up at a #."""

    def __init__(self) -> None:
        self.call: UUID | None = None
        self.heard: list[Heard] = []

    async def __call__(self, call: UUID, line: Line) -> None:
        self.call = call
        line.say(BUZZ)
        async for heard in line.heard():
            self.heard.append(heard)
            if heard == Key("#"):
                line.hush()
                await line.hang_up()


async def test_answers_keep_their_order(call: Call, tmp_path: Path) -> None:
    (tmp_path / "word.wav").write_bytes(wav_of(THANKS[:3200]))
    service, registered = Buzzing(), uuid4()
    words = ("--keys", "2", "--wav", "word.wav", "--say", "满意", "--keys", "4#")

    done = await call(service, "--uuid", str(registered), *words, "--early")

    first, *caller, end, _file = done.stdout.splitlines()
    assert first.startswith("00:00.0  服务：（一段提示，")
    assert [line.partition("：")[2] for line in caller] == [
        *("按 2", "（录音word.wav，0.2秒）", "满意", "按 4#"),
    ]
    assert end.endswith("服务挂机")
    assert service.call == registered
    keys = [n for n, heard in enumerate(service.heard) if isinstance(heard, Key)]
    assert [service.heard[n] for n in keys] == [Key("2"), Key("4"), Key("#")]
    between = [each for each in service.heard[keys[0] : keys[1]] if isinstance(each, Sound)]
    assert peak(b"".join(each.pcm for each in between)) > -20
    assert (tmp_path / "heard.wav").is_file()


async def test_a_call_that_nobody_answers(call: Call, tmp_path: Path) -> None:
    async def refuse(_: UUID, line: Line) -> None:
        await line.hang_up()

    done = await call(refuse, "--uuid", str(uuid4()), "--keys", "5", code=1)

    assert "没有登记过，或者已经用过、过期了" in done.stderr
    assert not (tmp_path / "heard.wav").exists()


async def test_what_the_service_says_against_it_is_told(
    run: Run, service: Service, port: int
) -> None:
    server = str(service.client.make_url("")).rstrip("/")
    tianjin = ("--server", server, "--platform", "TJ-P1")

    async def told(*words: str) -> str:
        done = await asyncio.to_thread(run, "call", "--port", str(port), *words, code=1)
        return done.stderr

    assert "没有演示的接口密钥" in await told(*tianjin)
    assert "接口密钥无效" in await told(*tianjin, "--key", "hcp_x")
    key = ("--key", service.keys["admin"])
    assert "没有代码为“x”的工作人员" in await told(*tianjin, *key, "--staff", "x")
    assert "没有应答" in await told("--server", f"http://127.0.0.1:{port}", *key)
    assert f"AudioSocket 127.0.0.1:{port} 没有应答" in await told(
        *tianjin, *key, "--staff", "TJ-S1"
    )


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--keys", ""), "按键是0至9"),
        (("--keys", "5x"), "按键是0至9"),
        (("--wav", "missing.wav"), "missing.wav"),
        (("--uuid", "x"), "--uuid"),
    ],
)
def test_what_it_cannot_read_is_refused(run: Run, words: tuple[str, ...], why: str) -> None:
    assert why in run("call", *words, code=2).stderr


def test_what_cannot_be_said_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("text")

    assert "只能说汉字" in run("call", "--say", "OK", code=1).stderr
    assert "无法识别" in run("call", "--wav", "text.wav", code=1).stderr
