"""The whole service over HTTP, driven as its neighbours drive it: a business system reports, a
person rates on the page, the outbox delivers, the API tells what became of it."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from aiohttp.test_utils import TestClient, TestServer
from pydantic import HttpUrl

from api.access import new_integrator
from api.app import make_app
from api.settings import Settings
from bot.delivery import deliver
from bot.gateways import Gateway, Message, Post
from models.cases.handovers import claim
from models.office import Office
from models.ratings.by_phone import Ended, Said, finish
from models.words import Level
from tests.scenarios.browser import Browser, Client, Page
from tests.scenarios.places import DIRECTORY, Place
from tests.standing import StandingClock

Json = dict[str, Any]
Opened = set[tuple[str, tuple[str, ...]]]
"""What may be rated: the node and the targets."""

PUBLIC: Final = "https://hcp.example"
NAME, PHONE = "欧阳明月", "13800138001"
"""Invented; the number belongs to nobody."""

_BEIJING = timezone(timedelta(hours=8))


def at(text: str) -> datetime:
    """2026-02-13 10:00 in Beijing; 24:00 is the end of the day."""
    day, _, hour = text.partition(" ")
    if hour == "24:00":
        return at(f"{day} 00:00") + timedelta(days=1)
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=_BEIJING)


def moment(said: str | None) -> datetime | None:
    return None if said is None else datetime.fromisoformat(said)


@dataclass
class Recorder:
    """A gateway that takes everything."""

    taken: list[Message] = field(default_factory=list)

    async def send(self, message: Message) -> str | None:
        self.taken.append(message)
        return None


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Json


@dataclass
class Service:
    office: Office
    clock: StandingClock
    client: Client
    key: str
    place: Place
    recorder: Recorder = field(default_factory=Recorder)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def at(self, place: Place) -> Service:
        return replace(self, place=place)

    @property
    def browser(self) -> Browser:
        return Browser(self.client)

    async def ask(self, method: str, path: str, body: Json | None = None) -> Answer:
        headers = {"Authorization": f"Bearer {self.key}"}
        answer = await self.client.request(method, f"/api/v1/{path}", json=body, headers=headers)
        return Answer(answer.status, await answer.json(content_type=None))

    async def get(self, path: str) -> Json:
        answer = await self.ask("GET", path)
        assert answer.status == 200, answer.body
        return answer.body

    async def report(self, path: str, **body: Any) -> Json:
        answer = await self.ask("POST", path, body)
        assert answer.status == 200, answer.body
        return answer.body

    # What the business system reports.

    def new_number(self) -> str:
        return f"{self.place.prefix}2026{next(self._numbers):06d}"

    async def case(
        self, handling: str = "window", *, number: str | None = None, **more: Any
    ) -> str:
        """Applied for by 欧阳明月. The case's number."""
        number = number or self.new_number()
        usual = {
            "agency": self.place.agency,
            "item": self.place.item,
            "applicant": {"name": NAME, "phone": PHONE},
        }
        await self.report("cases", number=number, handling=handling, **(usual | more))
        return number

    async def visit(self, case: str, number: int = 1, **more: Any) -> Json:
        usual = {"staff": self.place.staff, "window": self.place.window, "at": self._now}
        return await self.report("visits", case=case, number=number, **(usual | more))

    async def complete(self, *cases: str) -> Json:
        """The answer to the last of them."""
        answer: Json = {}
        for case in cases:
            answer = await self.report("completions", case=case, at=self._now)
        return answer

    async def call(self, **more: Any) -> Json:
        usual = {"platform": self.place.hotline, "staff": self.place.operator}
        number = self.new_number()
        answer = await self.report("calls", number=number, ended_at=self._now, **(usual | more))
        return {"number": number, **answer}

    async def say(self, said: Said) -> Ended:
        """By telephone, by whoever called, once the agent has hung up."""
        call = await self.call(caller=PHONE)
        handed = await claim(self.office, UUID(call["survey"]["uuid"]))
        return await finish(self.office, handed, said)

    async def group(self, kind: str, handling: str = "window", **more: Any) -> list[str]:
        """Two cases applied for together: of one item in a batch, else of two agencies."""
        said = {"kind": kind, "number": self.new_number(), "size": 2, **more}
        second = {} if kind == "batch" else {"agency": self.place.second_agency}
        second |= {} if kind == "batch" else {"item": self.place.second_item}
        return [
            await self.case(handling, group=said),
            await self.case(handling, group=said, **second),
        ]

    @property
    def _now(self) -> str:
        return self.clock.now().isoformat()

    # What is open, said and ordered.

    async def invitations(self, case: str, *, state: str = "open") -> list[Json]:
        found: list[Json] = (await self.get(f"cases/{case}"))["invitations"]
        return [each for each in found if each["state"] == state]

    async def rateable(self, case: str) -> Opened:
        return {(each["node"], tuple(each["targets"])) for each in await self.invitations(case)}

    async def invitation(self, case: str, node: str = "completion", *, group: bool = False) -> Json:
        """The one that is open at the node: of the case alone, or of its group as a whole."""
        (found,) = (
            each
            for each in await self.invitations(case)
            if each["node"] == node and (each["subject"]["group"] is not None) is group
        )
        return found

    async def evaluations(self, case: str) -> list[Json]:
        found: list[Json] = (await self.get(f"cases/{case}"))["evaluations"]
        return found

    async def orders(self) -> list[Json]:
        found: list[Json] = (await self.get("orders"))["orders"]
        return found

    async def messages(self, channel: str | None = None) -> list[Message]:
        """Everything that is due and has been sent by now."""
        gateways: dict[str, Gateway] = {"sms": self.recorder, "staff": self.recorder}
        await deliver(self.office, Post(gateways, PUBLIC))
        return [each for each in self.recorder.taken if channel in (None, each.channel)]

    # What the person does.

    async def rate(
        self,
        link: str,
        level: str,
        *,
        ticked: Mapping[str, Iterable[str]] | None = None,
        words: Mapping[str, str] | None = None,
        answers: Mapping[str, str] | None = None,
        **person: str,
    ) -> Page:
        """The page after the form was sent. `ticked` and `words` go by target: item, staff, …"""
        page = await self.browser.open(link)
        assert page.status == 200, page.text
        page.choose("level", level)
        for target, labels in (ticked or {}).items():
            for label in labels:
                page.choose(f"i-{target}-{Level.of_label(level):d}", label)
        for target, text in (words or {}).items():
            page.write(f"w-{target}", text)
        for question, text in (answers or {}).items():
            page.answer(question, text)
        for name, text in person.items():
            page.write(name, text)
        return await self.browser.submit(page)


def deadlines(order: Json) -> dict[str, datetime | None]:
    """Which clocks run, and until when."""
    return {each["kind"]: moment(each["due_at"]) for each in order["deadlines"]}


@asynccontextmanager
async def serving(office: Office, clock: StandingClock, place: Place) -> AsyncIterator[Service]:
    settings = Settings(data=Path("/nowhere"), public_url=HttpUrl(PUBLIC))
    key = await new_integrator(office, f"管理员{clock.now():%f}", None)
    async with TestClient(TestServer(make_app(office, settings))) as client:
        service = Service(office, clock, client, key, place)
        await service.report("directory", **DIRECTORY)
        yield service
