"""The mini-program's own files on a phone (`wechat.mjs`), the service, the platform behind both."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from api.app import make_app
from api.mp.limits import Limits
from api.mp.routes import setup_mp
from api.settings import Settings
from bot.wechat.platform import Patience, Platform
from bot.wechat.settings import MiniProgram
from models.office import Office
from tests.api.pages.town import Town, build_town
from tests.bot.wechat.fake_platform import FakePlatform
from tests.bot.wechat.nodejs import NODE
from tests.standing import StandingClock

FOLDER: Final = Path(__file__).parents[3] / "bot" / "mini_program"
ACCOUNT: Final = "town"
OPENID: Final = "openid-1"
LASTING: Final = "THANKS_TEMPLATE"
SINGLE: Final = "REMINDER_TEMPLATE"
TEMPLATES: Final = {
    "thanks": {"id": LASTING, "fields": {"thing1": "{subject}"}, "lasting": True},
    "reminder": {"id": SINGLE, "fields": {"thing1": "{subject}"}},
}


class Faulty(Exception):
    """The mini-program, or what it asks of WeChat, is wrong."""


@dataclass
class Phone:
    process: asyncio.subprocess.Process
    server: str
    fake: FakePlatform
    text: str = ""
    """All words on the screen, a line each."""
    route: str = ""
    calls: list[Any] = field(default_factory=list)
    """Of wx by the last act: name and options."""
    storage: dict[str, str] = field(default_factory=dict)

    async def do(self, act: str, given: object = None) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([act, given]).encode() + b"\n")
        await self.process.stdin.drain()
        answer = json.loads(await self.process.stdout.readline())
        if "fault" in answer:
            raise Faulty(answer["fault"])
        self.text, self.route = answer["text"], answer["route"]
        self.calls, self.storage = answer["calls"], answer["storage"]
        return answer["made"]

    async def give(self, **answers: object) -> None:
        """What the person and the platform will answer: see `wechat.mjs`."""
        await self.do("give", answers)

    async def open(self, address: str) -> None:
        await self.do("open", address)

    async def scan(self, scene: str) -> None:
        """Of one of our codes, with WeChat's own camera: it opens the page of the settings."""
        await self.open(f"pages/rate/rate?scene={scene.replace('/', '%2F')}")

    async def tap(self, says: str) -> None:
        await self.do("tap", says)

    async def type(self, label: str, words: str) -> None:
        await self.do("type", [label, words])

    def asked(self, path: str) -> int:
        """How often the service was asked for it by the last act."""
        urls = [options["url"] for name, options in self.calls if name == "request"]
        return len([url for url in urls if url.endswith(path)])


def installed(folder: Path, server: str) -> Path:
    """The mini-program as somebody has it who has filled in its config.js."""
    shutil.copytree(FOLDER, folder)
    config = {"server": server, "account": ACCOUNT, "operator": "本市政务服务数据管理局"}
    (folder / "config.js").write_text(f"module.exports = {json.dumps(config)};", encoding="utf-8")
    return folder


async def switched_on(folder: Path, server: str, fake: FakePlatform) -> Phone:
    pipe = asyncio.subprocess.PIPE
    script = Path(__file__).parent / "phone.mjs"
    process = await asyncio.create_subprocess_exec(
        NODE, script, folder, stdin=pipe, stdout=pipe, limit=2**24
    )
    return Phone(process, server, fake)


async def switched_off(phone: Phone) -> None:
    assert phone.process.stdin is not None
    phone.process.stdin.close()
    assert await phone.process.wait() == 0


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """What the mini-program is told is tried on both engines in `tests/api/mp`."""
    return str(request.param)


@pytest.fixture
async def town(office: Office, request: pytest.FixtureRequest) -> Town:
    """Under Chao'an's rulebook, unless the test says `under`."""
    return await build_town(office, str(getattr(request, "param", "chaoan")))


@pytest.fixture
async def fake(clock: StandingClock) -> AsyncIterator[FakePlatform]:
    async with FakePlatform(clock.now) as fake:
        fake.mini.person(OPENID)
        yield fake


@pytest.fixture
def limits() -> Limits:
    return Limits()


@pytest.fixture
async def server(
    office: Office, clock: StandingClock, fake: FakePlatform, limits: Limits
) -> AsyncIterator[str]:
    """The whole service with one mini-program; its address."""
    mini = fake.mini
    settings = MiniProgram.model_validate(
        {"app_id": mini.app_id, "app_secret": mini.secret, "templates": TEMPLATES}
    )
    app: web.Application = make_app(office, Settings())
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        patience = Patience(busy=(0,))
        platform = Platform(
            office,
            ACCOUNT,
            mini.app_id,
            mini.secret,
            fake.url,
            session,
            clock.now,
            patience=patience,
        )
        setup_mp(app, {ACCOUNT: (settings, platform)}, {}, clock.now, limits)
        running = await stack.enter_async_context(TestServer(app))
        yield str(running.make_url("/")).rstrip("/")


@pytest.fixture
async def phone(server: str, fake: FakePlatform, tmp_path: Path) -> AsyncIterator[Phone]:
    """Of somebody who has agreed to the 隐私保护指引, and may log in three times."""
    phone = await switched_on(installed(tmp_path / "mini_program", server), server, fake)
    await phone.give(logins=[fake.mini.log_in(OPENID) for _ in range(3)])
    yield phone
    await switched_off(phone)
