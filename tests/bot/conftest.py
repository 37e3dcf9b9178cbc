"""A town under a rulebook, on each engine, and gateways that remember."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from bot.gateways import Message, NotDelivered
from models.office import Office
from tests.models.town import Town, build


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

    async def send(self, message: Message) -> None:
        self.tried += 1
        if self.refusing:
            raise NotDelivered("线路忙")
        self.sent.append(message)


@pytest.fixture
def sms() -> Recording:
    return Recording()


@pytest.fixture
def staff() -> Recording:
    return Recording()
