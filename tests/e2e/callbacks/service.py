"""Two processes of the service on one database, with two official accounts, and what business
systems have reported to them."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import aiohttp

from tests.bot.wechat.crypto import Platform
from tests.e2e.callbacks.scripts import HALL, WINDOW
from tests.e2e.killing.lives import begin, until_it_answers

ACCOUNTS: Final = {
    "city": Platform(app_id="wxaes0123456789ab"),
    "district": Platform(token="plaintoken", app_id="wxplain0123456789", mode="plain"),  # noqa: S106
}
REGION: Final = "445103"
DIRECTORY: Final = {
    "region": [{"code": REGION, "name": "潮安区", "rulebook": "chaoan"}],
    "agency": [
        {"code": "B", "name": "潮安区政数局", "region": REGION, "party": "bureau"},
        {"code": "A", "name": "潮安区市场监管局", "region": REGION},
    ],
    "hall": [{"code": HALL, "name": "政务服务中心", "region": REGION, "agency": "B"}],
    "window": [{"code": WINDOW, "name": "3号窗口", "hall": HALL, "agency": "A"}],
    "item": [{"code": "I", "name": "食品经营许可", "agency": "A"}],
}
_AT_ONCE: Final = 16


class Unexpected(Exception):
    """An answer that no business system may get."""


@dataclass(frozen=True)
class Service:
    bases: list[str]
    key: str

    async def report(self, numbers: Iterable[str]) -> dict[str, str]:
        """Cases, completed, and the places. The scenes of their codes. Raises Unexpected."""
        async with self._session() as session:
            await self._post(session, "directory", DIRECTORY)
            hall = await self._post(session, "codes", {"hall": HALL})
            window = await self._post(session, "codes", {"window": WINDOW})
            ways = asyncio.Semaphore(_AT_ONCE)

            async def one(number: str) -> tuple[str, str]:
                async with ways:
                    return number, await self._case(session, number)

            cases = await asyncio.gather(*map(one, numbers))
        return {**dict(cases), HALL: f"q/{hall['code']}", WINDOW: f"q/{window['code']}"}

    async def _case(self, session: aiohttp.ClientSession, number: str) -> str:
        case = {"number": number, "agency": "A", "item": "I", "handling": "online"}
        applicant = {"name": "林女士", "phone": "13800138000"}
        await self._post(session, "cases", {**case, "applicant": applicant})
        done = {"case": number, "at": datetime.now(UTC).isoformat()}
        taken = await self._post(session, "completions", done)
        link = re.fullmatch(r"https?://[^/]+/(r/.+)", taken["invitations"][0]["link"])
        if link is None:
            raise Unexpected(str(taken))
        return link[1]

    async def _post(self, session: aiohttp.ClientSession, what: str, said: object) -> Any:
        base = self.bases[hash(str(said)) % len(self.bases)]
        async with session.post(f"{base}/api/v1/{what}", json=said) as answer:
            if answer.status != HTTPStatus.OK:
                raise Unexpected(f"{what}: {answer.status} {await answer.text()}")
            return await answer.json()

    def _session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(headers={"Authorization": f"Bearer {self.key}"})


@asynccontextmanager
async def serving(folder: Path, database: str, ports: list[int]) -> AsyncIterator[Service]:
    """A process for each port."""
    settings = folder / "settings.toml"
    accounts = (_ACCOUNT.format(name=name, its=each) for name, each in ACCOUNTS.items())
    settings.write_text(_SETTINGS.format(database=database) + "".join(accounts))
    words = ["--settings", str(settings), "--data", str(folder)]
    _run("migrate", *words)
    key = _run("integrator", "add", "管理员", *words).split()[-1]
    output = folder / "output.txt"
    lives = [begin(["serve", *words, "--port", str(port)], output) for port in ports]
    bases = [f"http://127.0.0.1:{port}" for port in ports]
    try:
        for life, base in zip(lives, bases, strict=True):
            await until_it_answers(life, base)
        yield Service(bases, key)
    finally:
        for life in lives:
            life.terminate()
        for life in lives:
            await asyncio.to_thread(life.join)


def _run(*words: str) -> str:
    command = [sys.executable, "-c", "from api.cli import main; main()", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603


_SETTINGS: Final = """
database = "{database}"
public_url = "https://hcp.example"
"""
_ACCOUNT: Final = """
[wechat.{name}]
app_id = "{its.app_id}"
token = "{its.token}"
aes_key = "{its.key}"
mode = "{its.mode}"
"""
