"""The heartbeat: what is written is sent, once, and no fault stops it for good."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from aiohttp import web
from structlog.testing import capture_logs
from tortoise.exceptions import OperationalError

import api.pulse
from api.pulse import Pulse
from bot.gateways import Message, NotDelivered, Post
from bot.retrying import AGAIN, JITTER
from models.tables import Notice
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
    (task,) = [task for task in asyncio.all_tasks() if task.get_name() == "pulse"]
    with pytest.raises(StopAsyncIteration):
        await anext(running)
    assert task.cancelled()
