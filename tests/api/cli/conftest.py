"""Commands as operators run them: the installed script, a folder, no settings of this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

SCRIPT: Final = Path(sysconfig.get_path("scripts")) / "haochaping"
PATIENCE: Final = 60.0
"""Seconds: the machine may be busy."""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HAOCHAPING_")}
    return {**kept, "HAOCHAPING_DATA": str(folder)}


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path) -> Run:
    """Runs a command to its end. Nobody who uses it ever sees a traceback."""

    def run(*words: str | Path, code: int = 0, **settings: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(  # noqa: S603 - our own script
            [SCRIPT, *words],
            env={**environment, **settings},
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode == code, done.stdout + done.stderr
        return done

    return run


@pytest.fixture
def installed(run: Run, folder: Path) -> Path:
    run("migrate")
    return folder


@pytest.fixture
def port() -> int:
    """Free a moment ago."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        number: int = taken.getsockname()[1]
        return number
