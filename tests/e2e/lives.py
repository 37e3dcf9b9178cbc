"""Lives of the service: processes that run a `haochaping` command and are killed.

Forked from one that has imported the program and done nothing else (multiprocessing's forkserver),
so that a thousand lives are spent on living and not on importing: from its command line on, each
does all that a start does, and nothing of an earlier one is in it.
"""

from __future__ import annotations

import multiprocessing
import os
from multiprocessing.process import BaseProcess
from pathlib import Path

from api.cli import main, serving

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])
__all__ = ["begin", "main", "serving"]


def begin(words: list[str], output: Path) -> BaseProcess:
    """Running. What it prints is added to the file."""
    life = _FORKS.Process(target=_live, args=(words, output), daemon=True)
    life.start()
    return life


def _live(words: list[str], output: Path) -> None:
    handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    main(words)
