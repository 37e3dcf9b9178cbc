"""Somebody in the chat of an official account."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from bot.wechat.incoming import Incoming, Kind
from bot.wechat.receiving import receive
from bot.wechat.scenes import Leads, Scene
from bot.wechat.settings import OfficialAccount
from bot.wechat.working import Chat
from models.office import Office
from models.raters import bind_phone, met
from models.sm3 import sm3
from models.tables import Invitation, Rater
from models.words import Channel
from tests.bot.conftest import BASE

ACCOUNT = OfficialAccount.model_validate(
    {"app_id": "wx1234567890abcdef", "token": "tokenoftests", "mode": "plain"}
)
CHAT = Chat("city", ACCOUNT, BASE, calls=True)
BEGAN = datetime(2026, 3, 2, 1, tzinfo=UTC)

_numbers = count(1)


@dataclass
class Citizen:
    """`says` and the others return what is answered. Each thing is sent a second after the last."""

    office: Office
    openid: str = "o-citizen"
    chat: Chat = CHAT
    sent: list[Incoming] = field(default_factory=list)

    async def says(self, words: str) -> str | None:
        return await self.send(self.write(words))

    async def scans(self, invitation: Invitation) -> str | None:
        return await self.send(self.scan(invitation))

    async def taps(self, key: str) -> str | None:
        return await self.send(self._next(Kind.CLICK, key=key))

    async def send(self, incoming: Incoming) -> str | None:
        return await receive(self.office, self.chat, incoming)

    def write(self, words: str) -> Incoming:
        return self._next(Kind.TEXT, words=words)

    def scan(self, invitation: Invitation, kind: Kind = Kind.SCAN) -> Incoming:
        token = self.office.links.rating(invitation.nonce, Channel.OFFICIAL_ACCOUNT)
        return self._next(kind, scene=str(Scene(Leads.RATING, token)))

    def scan_place(self, code: str) -> Incoming:
        return self._next(Kind.SCAN, scene=str(Scene(Leads.PLACE, code)))

    def does(self, kind: Kind) -> Incoming:
        return self._next(kind)

    def speak(self, media_id: str) -> Incoming:
        return self._next(Kind.VOICE, media_id=media_id, media_format="amr")

    async def rater(self) -> Rater:
        return await met(self.office, self.chat.name, Channel.OFFICIAL_ACCOUNT, self.openid)

    async def binds(self, phone: str) -> None:
        await bind_phone(self.office, await self.rater(), phone)

    def _next(self, kind: Kind, **more: str) -> Incoming:
        number = next(_numbers)
        incoming = Incoming(
            kind=kind,
            sender=self.openid,
            account="gh_city",
            at=BEGAN + timedelta(seconds=number),
            once=sm3(f"{self.openid} {number}".encode()).hex(),
            **more,  # type: ignore[arg-type]
        )
        self.sent.append(incoming)
        return incoming
