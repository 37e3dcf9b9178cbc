"""A loop whose time stands still while something is done, and jumps where there is only waiting."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from typing import Any


class QuickLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._passed = 0.0
        self._elsewhere = 0
        super().__init__(_Selector(self))

    def time(self) -> float:
        return self._passed

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Threads take real time: none passes here meanwhile."""
        self._elsewhere += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._back)
        return future

    def wait(self, seconds: float) -> bool:
        """False: not while a thread is at work."""
        if self._elsewhere == 0:
            self._passed += seconds
        return self._elsewhere == 0

    def _back(self, _future: asyncio.Future[Any]) -> None:
        self._elsewhere -= 1


class _Selector(selectors.DefaultSelector):
    def __init__(self, loop: QuickLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is not None and self._loop.wait(timeout):
            return []
        return super().select(timeout)
