"""The ears of all calls: one model, and so many callers listened to at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Literal

from ivr.speech.meaning import Meaning, agreed, meant, rating_grammar
from ivr.speech.recognising import Recogniser

PATIENCE: Final = 3.0
"""Seconds to understand a level: the caller is waiting."""


class Hearing:
    def __init__(self, recogniser: Recogniser, most: int) -> None:
        """`most`: callers at once; whoever comes beyond rates by key. None are listened to where
        the model has no words for the five levels."""
        self._recogniser = recogniser
        self._grammar = rating_grammar(recogniser)
        self._free = most if self._grammar is not None else 0

    @contextmanager
    def place(self) -> Iterator[bool]:
        """For one call. False: there is none."""
        if self._free <= 0:
            yield False
            return
        self._free -= 1
        try:
            yield True
        finally:
            self._free += 1

    async def rating(self, pcm: bytes, best: Literal[1, 5]) -> Meaning:
        """`best`: the key for 非常满意. What is not understood in time is not understood."""
        try:
            async with asyncio.timeout(PATIENCE):
                narrow, free = await asyncio.gather(
                    self._recogniser.hear(pcm, grammar=self._grammar), self._recogniser.hear(pcm)
                )
        except TimeoutError:
            return Meaning(level=None, yes=None, sure=False)
        return agreed(meant(narrow, best), meant(free, best))

    async def words(self, pcm: bytes) -> str:
        return (await self._recogniser.hear(pcm)).text
