"""A town under a rulebook, on each engine, and gateways that remember."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.gateways import Gateway, Message, NotDelivered, Post, Rejected
from models.office import Office
from tests.models.town import Town, build

BASE = "https://pj.example"


@pytest.fixture
async def town(office: Office, request: pytest.FixtureRequest) -> Town:
    """Under Sanming's rulebook, which sends SMS at every step, unless the test says `under`."""
    return await build(office, getattr(request, "param", "sanming"))


@dataclass
class Recording:
    """Takes everything, and refuses while it is told to."""

    refusing: bool = False
    sent: list[Message] = field(default_factory=list)
    tried: int = 0

    rejecting: bool = False
    wait: timedelta | None = None

    async def send(self, message: Message) -> str | None:
        self.tried += 1
        if self.rejecting:
            raise Rejected("号码不存在")
        if self.refusing:
            raise NotDelivered("线路忙", wait=self.wait)
        self.sent.append(message)
        return f"reference-{len(self.sent)}"


def post(**gateways: Gateway) -> Post:
    return Post(gateways, BASE, answerable=True)


@pytest.fixture
def sms() -> Recording:
    return Recording()


@pytest.fixture
def mail() -> Recording:
    return Recording()


@pytest.fixture
def staff() -> Recording:
    return Recording()
