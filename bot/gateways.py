"""The boundary to whoever carries a message: SMS provider, mail server, chat platform, WeChat."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Message:
    """One message, worded. `key` is the same at every attempt: gateways that take an idempotency
    key get it."""

    key: str
    kind: str
    channel: str
    to: str
    """E.164, an e-mail address, the name of an agency; in an app `ACCOUNT/OPENID`, the account by
    its name in the settings."""
    title: str
    text: str
    """Without the signature 【…】, which belongs to the account that sends it."""
    link: str | None
    due: datetime
    at: datetime
    fields: Mapping[str, str] = field(default_factory=dict)
    """What the words are made of, for providers that send approved templates only."""
    table: tuple[tuple[str, ...], ...] = ()
    """Rows under the text, the first one the heading. Mail shows them."""
    buttons: tuple[tuple[str, str], ...] = ()
    """What staff may answer with a tap: its label, and the command that it says."""


class NotDelivered(Exception):
    """The gateway did not take the message, or nobody knows; it may at another time.

    The words are for the dead-letter list: no number, no address, no name in them.
    """

    def __init__(self, why: str, *, wait: timedelta | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.wait = wait
        """The gateway's own wish, where it says one."""


class Unheard(NotDelivered):
    """No answer came. It may have been taken all the same."""


class Rejected(NotDelivered):
    """This message is never taken on this way: the number does not exist, the account may not."""


class NoConsent(Rejected):
    """They have not consented to it, or their consent has been used up."""


class Gateway(Protocol):
    async def send(self, message: Message) -> str | None:
        """The provider's reference, by which its receipt will name the message. Raises
        NotDelivered and Rejected, and nothing else for whatever the other side does."""
        ...


@dataclass(frozen=True, slots=True)
class Room:
    """How many messages may go now. `wait`: until the first may, where none does."""

    messages: int
    wait: timedelta = timedelta()


@runtime_checkable
class Limited(Protocol):
    """A gateway that takes so many messages a minute. What it cannot take one by one is merged."""

    async def room(self, channel: str, to: str, wanted: int) -> Room:
        """For all that are wanted, for one, or for none. What it grants is used up."""
        ...


@dataclass(frozen=True, slots=True)
class Post:
    """What carries messages, by channel, and where its links lead."""

    gateways: Mapping[str, Gateway]
    base_url: str
    answerable: bool = False
    """An SMS can be answered (上行短信), and says so."""
    pushes: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    """Kinds of notice that go by apps, by account; and whether only to who has consented (订阅)."""
    staff_apps: Collection[str] = ()
    """Applications in which staff are reached."""
    robots: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Group robots, and the codes of the agencies whose groups they speak in."""
