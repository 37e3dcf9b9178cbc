"""A chat application of which every account of the town is bound, and what is sent into it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.gateways import NotDelivered, Post
from bot.staff.answering import answer
from bot.staff.gateways import ChatGateway, RobotGateway
from bot.staff.platform import Answered, Card, Limit, Robot, Said
from bot.staff.quota import Quota
from models.accounts.binding import bind, new_code
from models.office import Office
from tests.bot.conftest import BASE
from tests.models.handling.desk import PICTURE, Desk

APP = "work"
MINUTE = timedelta(minutes=1)

_numbers = itertools.count(1)


async def picture() -> bytes:
    return PICTURE


async def text_file() -> bytes:
    return b"not a picture"


async def lost() -> bytes:
    raise NotDelivered("素材已过期")


@dataclass
class Pushed:
    users: tuple[str, ...]
    card: Card


@dataclass
class Recorder:
    """An application and a robot at once, which remember. `limits` as a platform states them."""

    limits: Sequence[Limit] = (Limit(30, MINUTE, each=True), Limit(600, MINUTE))
    at_once: int = 100
    pushed: list[Pushed] = field(default_factory=list)
    fault: NotDelivered | None = None

    async def send(self, users: Sequence[str], card: Card) -> str | None:
        if self.fault is not None:
            raise self.fault
        self.pushed.append(Pushed(tuple(users), card))
        return f"reference-{len(self.pushed)}"


@dataclass
class Group:
    limits: Sequence[Limit] = (Limit(20, MINUTE),)
    cards: list[Card] = field(default_factory=list)
    fault: NotDelivered | None = None

    async def send(self, card: Card) -> str | None:
        if self.fault is not None:
            raise self.fault
        self.cards.append(card)
        return None


@dataclass
class Chat:
    desk: Desk
    app: Recorder = field(default_factory=Recorder)

    @property
    def office(self) -> Office:
        return self.desk.town.office

    @classmethod
    async def of(cls, desk: Desk) -> Chat:
        for role, account in desk.who.items():
            code = await new_code(desk.town.office, account)
            await bind(desk.town.office, "wecom", APP, role, code)
        return cls(desk)

    def said(self, who: str, words: str, *pictures: object, once: str | None = None) -> Said:
        return Said(
            app=APP,
            platform="wecom",
            user=who,
            once=once or f"message-{next(_numbers)}",
            words=words,
            pictures=pictures,  # type: ignore[arg-type]
            at=self.office.now(),
        )

    async def ask(self, who: str, words: str, *pictures: object) -> Answered:
        return await answer(self.office, BASE, self.said(who, words, *pictures))

    def post(self, **robots: tuple[Robot, Sequence[str]]) -> Post:
        """`robots`: each with the codes of its agencies."""
        quota = Quota(self.office, self.office.now)
        return Post(
            {
                "chat": ChatGateway({APP: self.app}, quota),
                "robot": RobotGateway({name: each for name, (each, _) in robots.items()}, quota),
            },
            BASE,
            staff_apps=(APP,),
            robots={name: codes for name, (_, codes) in robots.items()},
        )
