"""What a transport has received and the dialogue has not taken yet."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Final

from ivr.line import RATE, Heard, Key, Sound

LONGEST: Final = 5 * 2 * RATE
"""Bytes of sound: five seconds. A side that sends faster than time goes loses the oldest."""
KEYS: Final = 64
"""Nobody has pressed more in five seconds."""
_LEAST: Final = 16
"""Bytes that a sound counts as at the least: however short, it takes up room."""


class Inbox(AsyncIterator[Heard]):
    """In order, by `async for`. Giving up waiting for the next loses nothing."""

    def __init__(self) -> None:
        self._heard: deque[Heard] = deque()
        self._bytes = 0
        self._keys = 0
        self._ended = False
        self._changed = asyncio.Event()

    def put(self, heard: Heard) -> None:
        """After the end nothing is taken any more."""
        if self._ended:
            return
        match heard:
            case Sound():
                self._bytes += _size(heard)
            case Key() if self._keys < KEYS:
                self._keys += 1
            case Key():
                return
        self._heard.append(heard)
        while self._bytes > LONGEST:
            self._drop_sound()
        self._changed.set()

    def end(self) -> None:
        self._ended = True
        self._changed.set()

    async def __anext__(self) -> Heard:
        while not self._heard:
            if self._ended:
                raise StopAsyncIteration
            self._changed.clear()
            await self._changed.wait()
        heard = self._heard.popleft()
        self._forget(heard)
        return heard

    def _drop_sound(self) -> None:
        """The oldest. Keys stay."""
        for n, heard in enumerate(self._heard):
            if isinstance(heard, Sound):
                self._forget(heard)
                del self._heard[n]
                return

    def _forget(self, heard: Heard) -> None:
        if isinstance(heard, Sound):
            self._bytes -= _size(heard)
        else:
            self._keys -= 1


def _size(sound: Sound) -> int:
    return max(len(sound.pcm), _LEAST)
