"""A started service, looked at until it answers and stopped by a signal."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

PATIENCE: Final = 60.0
"""Seconds until it must answer; the machine may be busy."""
STOPPING: Final = 20.0
"""Seconds in which it must have stopped, on a busy machine too."""


@dataclass
class Started:
    process: subprocess.Popen[str]
    port: int
    output: Path

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            raw = body if isinstance(body, str) or body is None else json.dumps(body)
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, raw, named)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def json(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        status, text = self.ask(method, path, body, **headers)
        assert status == 200, text
        return json.loads(text)

    def wait(self) -> None:
        """Until /readyz says so."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < end:
            try:
                if self.ask("GET", "/readyz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.02)
        raise AssertionError(self.said())

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(by)
        return self.process.wait(STOPPING)

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")


@contextmanager
def started(
    command: list[str | Path], environment: Mapping[str, str], port: int, folder: Path
) -> Iterator[Started]:
    """Ready. It is killed at the end if it is still there."""
    output = folder / f"output-{port}.txt"
    with output.open("w") as out:
        process = subprocess.Popen(  # noqa: S603 - our own script
            command, env=environment, cwd=folder, stdout=out, stderr=out, text=True
        )
    service = Started(process, port, output)
    try:
        service.wait()
        yield service
    finally:
        process.kill()
        process.wait()
