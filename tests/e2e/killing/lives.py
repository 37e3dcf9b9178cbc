"""Lives of the service: processes that run a `haochaping` command, and are stopped or killed.

Forked from one that has imported the program and done nothing else (multiprocessing's forkserver),
so that a thousand lives are spent on living and not on importing: from its command line on, each
does all that a start does, and nothing of an earlier one is in it.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from http import HTTPStatus
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

import aiohttp

# Not called here, but what takes long to import.
from api.cli import main, serving

_FORKS: Final = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])
_PATIENCE: Final = 1200
"""Looks, a twentieth of a second apart, until it must answer: the machine may be busy."""

__all__ = ["answers", "begin", "serving", "until_it_answers"]


def begin(words: list[str], output: Path) -> BaseProcess:
    """Running, without any settings of this machine. What it prints is added to the file."""
    life = _FORKS.Process(target=_live, args=(words, output), daemon=True)
    life.start()
    return life


def _live(words: list[str], output: Path) -> None:
    for name in [name for name in os.environ if name.startswith("HAOCHAPING_")]:
        del os.environ[name]
    handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    main(words)


async def answers(base: str) -> bool:
    try:
        async with aiohttp.ClientSession() as session, session.get(f"{base}/readyz") as answer:
            return answer.status == HTTPStatus.OK
    except (aiohttp.ClientError, ConnectionError):
        return False


async def until_it_answers(life: BaseProcess, base: str) -> None:
    """Raises RuntimeError where it does not."""
    for _ in range(_PATIENCE):
        if await answers(base):
            return
        if not life.is_alive():
            break
        await asyncio.sleep(0.05)
    raise RuntimeError(f"{base} does not answer; exit code: {life.exitcode}")
