"""What waits to be heard (ivr/media/hearing.py)."""

from __future__ import annotations

import asyncio

import pytest

from ivr.line import Heard, Key, Sound
from ivr.media.hearing import KEYS, LONGEST, Hearing

SECOND = 16_000


async def taken(hearing: Hearing) -> list[Heard]:
    hearing.end()
    return [heard async for heard in hearing]


async def test_in_order() -> None:
    hearing = Hearing()
    each: list[Heard] = [Sound(b"12"), Key("1"), Sound(b"34"), Sound(b"56"), Key("#")]
    for heard in each:
        hearing.put(heard)

    assert await taken(hearing) == each


async def test_of_more_than_is_held_the_oldest_sound_goes_and_every_key_stays() -> None:
    hearing = Hearing()
    hearing.put(Key("1"))
    for second in range(8):
        hearing.put(Sound(bytes((second,)) * SECOND))
        hearing.put(Key(str(second)))

    heard = await taken(hearing)

    assert [each.name for each in heard if isinstance(each, Key)] == list("101234567")
    assert [each.pcm[0] for each in heard if isinstance(each, Sound)] == [3, 4, 5, 6, 7]


async def test_memory_is_bounded() -> None:
    hearing = Hearing()
    for _ in range(100_000):
        hearing.put(Sound(b"12"))
        hearing.put(Key("1"))

    heard = await taken(hearing)

    assert len(heard) <= KEYS + LONGEST // 16


async def test_to_give_up_waiting_loses_nothing() -> None:
    hearing = Hearing()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.001):
            await anext(hearing)

    waiting = asyncio.ensure_future(anext(hearing))
    await asyncio.sleep(0)
    hearing.put(Key("5"))

    assert await waiting == Key("5")


async def test_what_comes_after_the_end_is_not_heard() -> None:
    hearing = Hearing()
    hearing.put(Key("1"))
    hearing.end()
    hearing.put(Key("2"))

    assert await taken(hearing) == [Key("1")]
    assert await taken(hearing) == []


async def test_the_end_comes_to_who_waits() -> None:
    hearing = Hearing()
    waiting = asyncio.ensure_future(anext(hearing, None))
    await asyncio.sleep(0)
    hearing.end()

    assert await waiting is None
