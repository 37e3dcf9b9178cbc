"""The heartbeat: what is written is sent, once, and no fault stops it for good."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from aiohttp import web
from structlog.testing import capture_logs
from tortoise.exceptions import OperationalError

import api.pulse
from api.failures import DATABASE_AWAY
from api.pulse import Pulse
from bot.delivery import CLAIM
from bot.gateways import Message, NotDelivered, Post
from bot.retrying import AGAIN, JITTER
from models.tables import Notice
from tests.api.away import away
from tests.api.service import BASE, Service


class Mailbox:
    """A gateway that keeps what it gets; `failing`: how often it does not."""

    def __init__(self, failing: int = 0) -> None:
        self.got: list[Message] = []
        self.failing = failing
        self.tries = 0

    async def send(self, message: Message) -> None:
        self.tries += 1
        if self.tries <= self.failing:
            raise NotDelivered("busy")
        self.got.append(message)


@pytest.fixture(autouse=True)
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[MutableMapping[str, Any]]]:
    """Quick beats, and what they say."""
    monkeypatch.setattr(api.pulse, "EVERY", 0.01)
    with capture_logs() as lines:
        yield lines


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await condition():  # noqa: ASYNC110 - it is in the database
            await asyncio.sleep(0.01)


async def test_a_complaint_is_pushed_once(service: Service) -> None:
    await service.rate(await service.completed())
    mailbox = Mailbox()
    pulse = Pulse(service.office, Post({"staff": mailbox}, BASE))
    await asyncio.gather(pulse.beat(), pulse.beat())
    assert len(mailbox.got) == await Notice.filter(route="staff", state="sent").count() >= 1
    assert "陈小明" not in mailbox.got[0].text
    assert "13800138000" not in mailbox.got[0].text
    assert await pulse.beat() == (0, 0)


async def test_what_was_not_delivered_is_tried_again_later(service: Service) -> None:
    await service.rate(await service.completed())
    mailbox = Mailbox(failing=1)
    pulse = Pulse(service.office, Post({"staff": mailbox}, BASE))
    await pulse.beat()
    sent = len(mailbox.got)
    await pulse.beat()
    assert len(mailbox.got) == sent
    service.clock.advance(seconds=AGAIN[0] * (1 + JITTER) / timedelta(seconds=1))
    await pulse.beat()
    assert len(mailbox.got) == sent + 1


async def test_what_has_no_gateway_waits(service: Service) -> None:
    await service.rate(await service.completed())
    assert await Pulse(service.office, Post({}, BASE)).beat() == (0, 0)
    assert await Notice.filter(state="waiting").exists()


@pytest.mark.parametrize(
    "fault", [OperationalError("gone"), OSError("gone"), KeyError("a fault of ours")], ids=str
)
async def test_a_missed_beat_is_not_the_last(
    service: Service, fault: Exception, logged: list[MutableMapping[str, Any]]
) -> None:
    await service.rate(await service.completed())
    mailbox = Mailbox()
    pulse = Pulse(service.office, Post({"staff": mailbox}, BASE))
    missed = 0

    async def fails(*_args: object) -> int:
        nonlocal missed
        missed += 1
        raise fault

    async def has_missed() -> bool:
        return missed > 1

    async def has_sent() -> bool:
        return bool(mailbox.got)

    running = pulse.run(web.Application())
    with patch("api.pulse.tick", fails):
        await anext(running)
        await until(has_missed)
    await until(has_sent)
    assert logged[0]["event"] == "the pulse missed a beat"
    with pytest.raises(StopAsyncIteration):
        await anext(running)


async def test_it_stops_when_the_service_does(service: Service) -> None:
    pulse = Pulse(service.office, Post({}, BASE))
    running = pulse.run(web.Application())
    await anext(running)
    hearts = [task for task in asyncio.all_tasks() if task.get_name() in {"tick", "deliver"}]
    assert len(hearts) == 2
    with pytest.raises(StopAsyncIteration):
        await anext(running)
    assert all(task.cancelled() for task in hearts)


async def test_time_goes_on_while_a_gateway_is_slow(service: Service) -> None:
    await service.rate(await service.completed())
    await service.completed("CA-2")
    begun, go_on = asyncio.Event(), asyncio.Event()

    class Slow(Mailbox):
        async def send(self, message: Message) -> None:
            begun.set()
            await go_on.wait()
            await super().send(message)

    running = Pulse(service.office, Post({"staff": Slow()}, BASE)).run(web.Application())
    await anext(running)
    await begun.wait()
    service.clock.advance(hours=24)

    async def reminded() -> bool:
        return await Notice.exists(kind="reminder")

    await until(reminded)
    go_on.set()
    with pytest.raises(StopAsyncIteration):
        await anext(running)


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
async def test_the_database_is_gone_while_a_message_is_sent(
    service: Service, database_url: str
) -> None:
    """Taken by the gateway, and nobody can note it: sent again under the same key."""
    await service.rate(await service.completed())

    class Leaving(Mailbox):
        async def send(self, message: Message) -> None:
            await super().send(message)
            await stack.enter_async_context(away(database_url))

    async with AsyncExitStack() as stack:
        leaving = Leaving()
        pulse = Pulse(service.office, Post({"staff": leaving}, BASE))
        for _ in range(3):
            with pytest.raises(DATABASE_AWAY):
                await pulse.beat()
        assert len(leaving.got) == 1
    mailbox = Mailbox()
    pulse = Pulse(service.office, Post({"staff": mailbox}, BASE))
    assert leaving.got[0].key not in {message.key for message in mailbox.got}
    service.clock.advance(seconds=CLAIM.total_seconds())
    await pulse.beat()
    assert leaving.got[0].key in {message.key for message in mailbox.got}
    assert await Notice.filter(kind="complaint", state="sent").count() == 1
