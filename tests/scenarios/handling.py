"""The walk of a work order in the demo: somebody complains, staff act at the console and in chat,
the rater opens the page of their order, the clock is moved, and everybody reads their messages."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp

from tests.bench.engines import free_port
from tests.scenarios.browser import Page
from tests.scenarios.console import Seat, sign_in
from tests.scenarios.living import Applied, Demo, Json
from tests.scenarios.places import Place
from tests.scenarios.serving import deadlines

PICTURE = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9") + bytes(64)
"""What the camera over the counter has seen."""
WORDS = "等了三个小时才轮到我"


@dataclass(frozen=True, slots=True)
class Complaint:
    """`number`: of its work order."""

    number: int
    case: Applied
    receipt: Page


@dataclass
class Walk:
    """Of one demo. Its clock goes forwards only, so each test begins later than the one before."""

    demo: Demo
    place: Place
    stack: AsyncExitStack
    moment: str
    _seats: dict[str, Seat] = field(default_factory=dict)

    async def move(self, moment: str) -> None:
        await self.demo.move(moment)
        self.moment = moment

    # Who rates.

    async def complaint(
        self, words: str = WORDS, level: str = "不满意", *, place: Place | None = None, **more: Any
    ) -> Complaint:
        """Of a case that was completed online just now."""
        case = await self.demo.case(place or self.place, "online", **more)
        await self.demo.complete(self.moment, case)
        return await self.rated(case, level, item=words)

    async def complaint_of_staff(
        self, words: str = "态度生硬，问三遍才答一句", level: str = "非常不满意"
    ) -> Complaint:
        """Of a visit to the window just now."""
        case = await self.demo.case(self.place, "window")
        await self.demo.visit(self.place, case, self.moment)
        return await self.rated(case, level, staff=words)

    async def rated(self, case: Applied, level: str, **words: str) -> Complaint:
        (link,) = await self.demo.links(case)
        page = await self.demo.rate(link, level, **words)
        assert page.shows("谢谢您的评价"), page.text
        *_, said = await self.demo.evaluations(case)
        return Complaint(said["order"], case, page)

    async def sms(self, complaint: Complaint, kind: str | None = None) -> list[str]:
        """What has reached the rater's phone, oldest first."""
        found = await self.demo.messages(complaint.case)
        assert {each["channel"] for each in found} <= {"sms"}
        return [each["text"] for each in found if kind in (None, each["kind"])]

    async def told(self, complaint: Complaint, kind: str) -> str:
        """The last such message to the rater."""
        return (await self.sms(complaint, kind))[-1]

    async def receipt(self, complaint: Complaint) -> Page:
        """As it is now."""
        return await self.demo.open(str(complaint.receipt.url))

    async def their_page(self, complaint: Complaint) -> Page:
        """/a/…, as the last message that leads there opens it."""
        found = await self.demo.messages(complaint.case)
        return await self.demo.open([each["link"] for each in found if "/a/" in each["link"]][-1])

    async def confirms(self, complaint: Complaint, answer: str, words: str = "") -> Page:
        """满意 or 不满意."""
        page = await self.their_page(complaint)
        page.choose("satisfied", answer)
        page.write("words", words)
        return await self._given(page)

    async def objects(self, complaint: Complaint, reason: str) -> Page:
        page = await self.their_page(complaint)
        page.write("reason", reason)
        return await self._given(page)

    async def _given(self, page: Page) -> Page:
        async with self.demo.session.post(page.target, data=page.filled_in) as answer:
            return Page(answer.status, await answer.text(), answer.url)

    # Who handles.

    async def seat(self, login: str) -> Seat:
        """At the console, signed in once."""
        if login not in self._seats:
            known = await self._account(login)
            jar = aiohttp.CookieJar(unsafe=True)
            base = f"http://127.0.0.1:{self.demo.port}"
            session = await self.stack.enter_async_context(
                aiohttp.ClientSession(base, cookie_jar=jar)
            )
            self._seats[login] = await sign_in(session, login, known["password"], known["code"])
        return self._seats[login]

    async def _account(self, login: str) -> Json:
        headers = {"Accept": "application/json"}
        async with self.demo.session.get("/demo/accounts", headers=headers) as answer:
            accounts = (await answer.json())["accounts"]
        return next(each for each in accounts if each["login"] == login)

    async def says(self, login: str, words: str, picture: bytes = b"") -> Json:
        """In the staff chat: the `text` of the answer, and its `buttons`."""
        sent = {"account": login, "words": words, "picture": base64.b64encode(picture).decode()}
        return await self.demo.ask("POST", "/demo/staff-chat", sent)

    async def pushed(self, complaint: Complaint, kind: str | None = None) -> list[tuple[str, str]]:
        """What staff have been told of it: who by name, and the text."""
        return [(each["to"], each["text"]) for each in await self.pushes(complaint, kind)]

    async def heard(self, complaint: Complaint, who: str, kind: str = "order_step") -> list[str]:
        """What they have been told of its handling. Of two that are sent at once nobody is first:
        whoever wants the last one has read the messages in between."""
        return [text for to, text in await self.pushed(complaint, kind) if to == who]

    async def pushes(self, complaint: Complaint, kind: str | None = None) -> list[Json]:
        end = f"/staff/orders/{complaint.number}"
        found = [each for each in await self.demo.messages() if each["link"]]
        about = [each for each in found if each["link"].endswith(end)]
        return [each for each in about if kind in (None, each["kind"])]

    # What became of it.

    async def order(self, complaint: Complaint) -> Json:
        return await self.demo.ask("GET", f"/api/v1/orders/{complaint.number}")

    async def clocks(self, complaint: Complaint) -> dict[str, datetime | None]:
        """Those that run, and until when."""
        order = await self.order(complaint)
        open_ones = [each for each in order["deadlines"] if not (each["met_at"] or each["void_at"])]
        return deadlines({"deadlines": open_ones})

    async def kinds(self, complaint: Complaint) -> list[str]:
        """What has happened."""
        return [each["kind"] for each in (await self.order(complaint))["events"]]

    async def explained(self, complaint: Complaint) -> str:
        """Everything that the explanation says, a line each."""
        path = f"/api/v1/orders/{complaint.number}/explanation"
        because = (await self.demo.ask("GET", path))["because"]
        lines = [(each["what"], each["source"], *each["days"]) for each in because]
        return "\n".join(line for each in lines for line in each if line)

    async def figures(self, day: str, agency: str) -> tuple[int, int]:
        """Of what was rated on that day: how many bad ratings count, and how many that were set
        aside count as 未评."""
        since, until = (f"{day}T00:00:00%2B08:00", f"{day}T23:59:59%2B08:00")
        query = f"since={since}&until={until}&agency={agency}"
        found = await self.demo.ask("GET", f"/api/v1/statistics?{query}")
        bad = sum(each["number"] for each in found["counts"] if each["level"] <= 2)
        return bad, sum(each["invalidated"] for each in found["unrated"])


def plain(page: Page) -> str:
    """What a page says, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page.text)).split())


@asynccontextmanager
async def walking(
    folder: Path,
    database_url: str,
    place: Place,
    moment: str,
    more: str = "",
    directory: Json | None = None,
) -> AsyncIterator[Walk]:
    """`more`: settings besides the database."""
    settings = folder / "settings.toml"
    settings.write_text(f'database = "{database_url}"\n{more}')
    port = free_port()
    async with AsyncExitStack() as stack:
        base = f"http://127.0.0.1:{port}"
        session = await stack.enter_async_context(aiohttp.ClientSession(base))
        demo = Demo(folder, settings, session, port, empty=False)
        await demo.start(moment)
        stack.callback(demo.stop)
        if directory is not None:
            await demo.ask("POST", "/api/v1/directory", directory)
        yield Walk(demo, place, stack, moment)
