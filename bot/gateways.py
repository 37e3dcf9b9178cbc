"""The boundary to whoever carries a message: SMS provider, chat platform, mail server, WeChat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One message, worded. `key` is the same at every attempt: gateways that take an idempotency
    key get it."""

    key: str
    kind: str
    channel: str
    to: str
    text: str
    link: str | None
    at: datetime


class NotDelivered(Exception):
    """The gateway did not take the message; it may at another time."""


class Gateway(Protocol):
    async def send(self, message: Message) -> None:
        """Raises NotDelivered."""
        ...
