"""Between a chat platform and what staff say and are told there: WeCom, DingTalk and Feishu bring
`Said` in and carry `Answered` and `Card` out, each in its own way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    command: str
    """What a tap says, as if it were typed: 受理 1024. Handed back as `Said.words`."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a member of staff wrote, tapped or sent, authenticated and decrypted by the platform's
    own means."""

    app: str
    """The application's name in the settings."""
    platform: str
    """wecom, dingtalk, feishu; official_account."""
    user: str
    """The platform's id of the person."""
    once: str
    """The platform's id of the message or the tap: what is delivered again is answered again, and
    done once."""
    words: str
    """As typed, @ and all, or the command of the button tapped. "": pictures only."""
    pictures: Sequence[Callable[[], Awaitable[bytes]]]
    """Fetched only where they are wanted. Each raises bot.gateways.NotDelivered where the platform
    does not hand it over."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    text: str
    """Plain text, lines divided by \\n. No markup: where the platform has any, it escapes."""
    buttons: Sequence[Button] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """One push. Never who has rated."""

    title: str
    """"": of an answer."""
    text: str
    link: str
    """Opens the order, or the list, on the console. "": nothing, of an answer."""
    buttons: Sequence[Button] = ()
    """For one person's application. A group robot cannot hear: it leaves them out."""
    key: str = ""
    """The same at every attempt, for platforms that deduplicate by it."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The platform takes so many messages in so long, from all processes together."""

    count: int
    within: timedelta
    each: bool = False
    """To each person, not of the application as a whole."""


class StaffApp(Protocol):
    """An application: reaches single persons."""

    limits: Sequence[Limit]
    at_once: int
    """So many users in one call of `send`."""

    async def send(self, users: Sequence[str], card: Card) -> str | None:
        """The platform's reference. Raises bot.gateways.NotDelivered (also where it is throttled),
        Unheard, Rejected, nothing else for whatever the other side does. Rejected: none of them
        is reached this way."""
        ...


class Robot(Protocol):
    """A group robot: reaches whoever is in its group."""

    limits: Sequence[Limit]
    """WeCom and DingTalk: 20 a minute; Feishu: 100 a minute, and 5 a second."""

    async def send(self, card: Card) -> str | None:
        """As StaffApp.send."""
        ...
