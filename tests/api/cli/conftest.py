"""Commands as operators run them: a folder, and no settings of this machine.

`run` calls them in this process, which saves a second each; `script` is the installed one.
"""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sysconfig
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Final

import pytest

from api.cli import main

SCRIPT: Final = Path(sysconfig.get_path("scripts")) / "haochaping"
PATIENCE: Final = 60.0
"""Seconds: the machine may be busy."""

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HAOCHAPING_")}
    return {**kept, "HAOCHAPING_DATA": str(folder)}


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command to its end. What it does not tell is raised here, and fails the test."""

    def run(*words: str | Path, code: int = 0, **settings: str) -> Done:
        out, err = io.StringIO(), io.StringIO()
        with (
            monkeypatch.context() as changed,
            chdir(tmp_path),
            redirect_stdout(out),
            redirect_stderr(err),
            # Of its own: asyncio.run would take away the loop of the thread it is in.
            ThreadPoolExecutor(1) as thread,
        ):
            for name in [name for name in os.environ if name.startswith("HAOCHAPING_")]:
                changed.delenv(name)
            for name, value in {**environment, **settings}.items():
                changed.setenv(name, value)
            ended = thread.submit(main, [str(word) for word in words]).exception(PATIENCE)
        if not isinstance(ended, SystemExit):
            assert ended is not None
            raise ended
        done = Done(words, int(ended.code or 0), out.getvalue(), err.getvalue())
        assert done.returncode == code, done.stdout + done.stderr
        return done

    return run


@pytest.fixture
def script(environment: dict[str, str], tmp_path: Path) -> Run:
    """Runs the installed script to its end. Nobody who uses it ever sees a traceback."""

    def run(*words: str | Path, code: int = 0, **settings: str) -> Done:
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
def migrated(folder: Path, migrated_file: Path) -> Path:
    """The folder with its tables, which take seconds to make, and nothing else."""
    folder.mkdir()
    shutil.copy(migrated_file, folder)
    return folder


@pytest.fixture
def installed(run: Run, migrated: Path) -> Path:
    run("migrate")
    return migrated


@pytest.fixture
def port() -> int:
    """Free a moment ago."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        number: int = taken.getsockname()[1]
        return number
