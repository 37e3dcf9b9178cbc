"""The processes under fire, and the gateway that they send by."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from typing import Final

from tests.bench.engines import free_port
from tests.e2e.killing.lives import answers, begin, until_it_answers

AT: Final = "2025-03-03T09:00:00+08:00"
"""A Monday; a year of moves from there on has its holidays known."""
LONGEST: Final = 1.2
"""Seconds that a life lasts at most, from its command on."""


@dataclass
class Fleet:
    """Processes of one command over one database, and the gateway that they send by."""

    command: str
    folder: Path
    database: str
    ports: list[int]
    gateway: int
    dice: Random
    lives: list[BaseProcess] = field(default_factory=list)
    kills: int = 0
    starting: int = 0

    def install(self) -> None:
        """Keys and tables, and for `serve` the administrator's key. Not under fire."""
        self.settings.write_text(_SETTINGS.format(database=self.database, gateway=self.gateway))
        if self.command == "serve":
            self._run("migrate")
            self.key_file.write_text(self._run("integrator", "add", "管理员").split()[-1])

    @property
    def settings(self) -> Path:
        return self.folder / "settings.toml"

    @property
    def key_file(self) -> Path:
        return self.folder / "admin-api-key.txt"

    @property
    def output(self) -> Path:
        return self.folder / "output.txt"

    def key(self) -> str:
        with suppress(FileNotFoundError):
            return self.key_file.read_text().strip()
        return ""

    @property
    def bases(self) -> list[str]:
        return [f"http://127.0.0.1:{port}" for port in self.ports]

    def _run(self, *words: str) -> str:
        words = (*words, "--settings", str(self.settings), "--data", str(self.folder))
        command = [sys.executable, "-c", "from api.cli import main; main()", *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603

    def begin(self, port: int) -> BaseProcess:
        words = [self.command, "--settings", str(self.settings), "--data", str(self.folder)]
        if self.command == "demo":
            words += ["--empty"] if self.kills else ["--empty", "--at", AT]
        return begin([*words, "--port", str(port)], self.output)

    async def start(self) -> None:
        self.lives = [self.begin(port) for port in self.ports]
        for life, base in zip(self.lives, self.bases, strict=True):
            await until_it_answers(life, base)

    async def kill(self) -> None:
        """One of them, at a moment that the dice choose, and a new one in its place."""
        await asyncio.sleep(self.dice.uniform(0, LONGEST / len(self.lives)))
        which = self.dice.randrange(len(self.lives))
        self.starting += not await answers(self.bases[which])
        life = self.lives[which]
        if not life.is_alive():
            raise RuntimeError(
                f"died by itself: {life.exitcode}\n{self.output.read_text()[-4000:]}"
            )
        life.kill()
        await asyncio.to_thread(life.join)
        self.kills += 1
        self.lives[which] = self.begin(self.ports[which])

    def end(self) -> None:
        for life in self.lives:
            life.terminate()
        for life in self.lives:
            life.join()


_SETTINGS: Final = """
database = "{database}"
public_url = "https://hcp.example"

[sms.counting]
provider = "plain"
hook_key = "not-used-in-this-proof"
url = "http://127.0.0.1:{gateway}/send"
fields = {{ to = "{{phone}}", text = "{{text}}" }}
"""


@contextmanager
def counting(seed: int) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "tests.e2e.killing.counting", str(port), str(seed)]
    with subprocess.Popen(command) as process:  # noqa: S603 - our own gateway
        try:
            yield port
        finally:
            process.kill()
