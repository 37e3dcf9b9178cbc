"""The service with its telephone, and a directory that calls can name."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp

from tests.bench.engines import free_port
from tests.e2e.killing.lives import begin, until_it_answers

REGION: Final = "445103"
PLATFORM: Final = "12345"
AGENT: Final = "A1"
QUEUE: Final = "hotline"
DIRECTORY: Final = {
    "region": [{"code": REGION, "name": "潮安区", "rulebook": "chaoan"}],
    "agency": [
        {"code": "B", "name": "潮安区政数局", "region": REGION, "party": "bureau"},
        {"code": "A", "name": "潮安区12345中心", "region": REGION},
    ],
    "staff": [{"code": AGENT, "name": "坐席一", "agency": "A"}],
    "platform": [
        {
            "code": PLATFORM,
            "name": "12345热线",
            "kind": "hotline",
            "region": REGION,
            "agency": "B",
        }
    ],
}


@dataclass(frozen=True)
class Service:
    """`port`: of HTTP. `key`: an integrator's."""

    port: int
    audiosocket: int
    fastagi: int
    key: str
    pid: int

    @property
    def cpu(self) -> float:
        """Seconds, its threads' and all."""
        return cpu(self.pid)


def cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def serving(folder: Path, database: str, at_once: int) -> AsyncIterator[Service]:
    """`at_once`: callers, all of whom are listened to."""
    port, audiosocket, fastagi = free_port(), free_port(), free_port()
    settings = folder / "settings.toml"
    settings.write_text(_SETTINGS.format(**locals()))
    words = ["--settings", str(settings), "--data", str(folder)]
    _run("migrate", *words)
    key = _run("integrator", "add", "管理员", *words).split()[-1]
    life = begin(["serve", *words, "--port", str(port)], folder / "output.txt")
    base = f"http://127.0.0.1:{port}"
    try:
        await until_it_answers(life, base)
        await _direct(base, key)
        yield Service(port, audiosocket, fastagi, key, life.pid or 0)
    finally:
        life.terminate()
        await asyncio.to_thread(life.join)


async def _direct(base: str, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        aiohttp.ClientSession(headers=headers, raise_for_status=True) as session,
        session.post(f"{base}/api/v1/directory", json=DIRECTORY),
    ):
        pass


def _run(*words: str) -> str:
    command = [sys.executable, "-c", "from api.cli import main; main()", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603


_SETTINGS: Final = """
database = "{database}"
public_url = "https://hcp.example"

[hotline]
host = "127.0.0.1"
audiosocket = {audiosocket}
fastagi = {fastagi}
listened_to = {at_once}
"""
