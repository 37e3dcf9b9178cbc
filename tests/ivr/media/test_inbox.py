"""What waits to be heard (ivr/media/inbox.py)."""

from __future__ import annotations

import asyncio

import pytest

from ivr.line import Heard, Key, Sound
from ivr.media.inbox import KEYS, LONGEST, Inbox

SECOND = 16_000


async def taken(inbox: Inbox) -> list[Heard]:
    inbox.end()
    return [heard async for heard in inbox]


async def test_in_order() -> None:
    inbox = Inbox()
    each: list[Heard] = [Sound(b"12"), Key("1"), Sound(b"34"), Sound(b"56"), Key("#")]
    for heard in each:
        inbox.put(heard)

    assert await taken(inbox) == each


async def test_of_more_than_is_held_the_oldest_sound_goes_and_every_key_stays() -> None:
    inbox = Inbox()
    inbox.put(Key("1"))
    for second in range(8):
        inbox.put(Sound(bytes((second,)) * SECOND))
        inbox.put(Key(str(second)))

    heard = await taken(inbox)

    assert [each.name for each in heard if isinstance(each, Key)] == list("101234567")
    assert [each.pcm[0] for each in heard if isinstance(each, Sound)] == [3, 4, 5, 6, 7]


async def test_memory_is_bounded() -> None:
    inbox = Inbox()
    for _ in range(100_000):
        inbox.put(Sound(b"12"))
        inbox.put(Key("1"))

    heard = await taken(inbox)

    assert len(heard) <= KEYS + LONGEST // 16


async def test_to_give_up_waiting_loses_nothing() -> None:
    inbox = Inbox()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.001):
            await anext(inbox)

    waiting = asyncio.ensure_future(anext(inbox))
    await asyncio.sleep(0)
    inbox.put(Key("5"))

    assert await waiting == Key("5")


async def test_what_comes_after_the_end_is_not_heard() -> None:
    inbox = Inbox()
    inbox.put(Key("1"))
    inbox.end()
    inbox.put(Key("2"))

    assert await taken(inbox) == [Key("1")]
    assert await taken(inbox) == []


async def test_the_end_comes_to_who_waits() -> None:
    inbox = Inbox()
    waiting = asyncio.ensure_future(anext(inbox, None))
    await asyncio.sleep(0)
    inbox.end()

    assert await waiting is None
