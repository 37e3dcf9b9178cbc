"""`haochaping demo` as a process, spoken to by HTTP and nothing else: its clock is moved, it is
stopped and started again, and what it did is asked of its API and read on its pages."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import aiohttp
from yarl import URL

from tests.bench.engines import free_port
from tests.e2e.killing.lives import begin, until_it_answers
from tests.scenarios.browser import Page
from tests.scenarios.places import DIRECTORY, Place
from tests.scenarios.serving import NAME, at
from tests.scenarios.serving import moment as read

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Applied:
    """A case, and the invented number of who applied for it: no two cases have the same."""

    number: str
    phone: str


@dataclass
class Demo:
    folder: Path
    settings: Path
    session: aiohttp.ClientSession
    port: int
    empty: bool = True
    _life: BaseProcess | None = None
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    # The process.

    async def start(self, moment: str) -> None:
        words = ["--at", at(moment).isoformat(), "--port", str(self.port)]
        words += ["--empty"] if self.empty else []
        files = ["--data", str(self.folder / "demo"), "--settings", str(self.settings)]
        self._life = begin(["demo", *files, *words], self._output)
        await until_it_answers(self._life, f"http://127.0.0.1:{self.port}")

    def stop(self) -> None:
        assert self._life is not None
        self._life.terminate()
        self._life.join()
        assert self._life.exitcode == 0, self._output.read_text(encoding="utf-8")

    @property
    def _output(self) -> Path:
        return self.folder / "output.txt"

    # The business system.

    async def ask(self, method: str, path: str, body: Json | None = None) -> Json:
        key = (self.folder / "demo" / "admin-api-key.txt").read_text().strip()
        headers = {"Authorization": f"Bearer {key}"}
        async with self.session.request(method, path, json=body, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            said: Json = await answer.json()
        return said

    async def case(self, place: Place, handling: str = "online", **more: Any) -> Applied:
        n = next(self._numbers)
        made = Applied(f"{place.prefix}2026{n:06}", f"1380013{n:04}")
        usual = {
            "agency": place.agency,
            "item": place.item,
            "applicant": {"name": NAME, "phone": made.phone},
        }
        report = {"number": made.number, "handling": handling, **usual, **more}
        await self.ask("POST", "/api/v1/cases", report)
        return made

    async def group(self, place: Place, kind: str, **more: Any) -> list[Applied]:
        """Two cases applied for together: of one item in a batch, else of two agencies."""
        said = {"kind": kind, "number": f"{place.prefix}-{kind}", "size": 2, **more}
        other = {"agency": place.second_agency, "item": place.second_item}
        return [
            await self.case(place, "window", group=said),
            await self.case(place, "window", group=said, **({} if kind == "batch" else other)),
        ]

    async def visit(self, place: Place, case: Applied, moment: str) -> None:
        said = {"staff": place.staff, "window": place.window, "at": at(moment).isoformat()}
        await self.ask("POST", "/api/v1/visits", {"case": case.number, "number": 1, **said})

    async def complete(self, moment: str, *cases: Applied) -> None:
        for case in cases:
            report = {"case": case.number, "at": at(moment).isoformat()}
            await self.ask("POST", "/api/v1/completions", report)

    # Time.

    async def move(self, moment: str) -> None:
        """Answered when everything due by then has been done."""
        moved = await self.ask("POST", "/demo/clock", {"to": at(moment).isoformat()})
        assert read(moved["now"]) == at(moment)

    async def step(self, moment: str, length: str) -> None:
        """There, in steps of that length."""
        while (await self.now()) < at(moment):
            await self.ask("POST", "/demo/clock", {"advance": length})

    async def now(self) -> datetime:
        return datetime.fromisoformat((await self.ask("GET", "/demo/clock"))["now"])

    # What became of it.

    async def messages(self, case: Applied | None = None) -> list[Json]:
        """Oldest first; of one case, those to its number. Never one twice."""
        found: list[Json] = (await self.ask("GET", "/demo/messages"))["messages"]
        twice = [key for key, n in Counter(each["key"] for each in found).items() if n > 1]
        assert not twice
        return [each for each in found if case is None or each["to"] == f"+86{case.phone}"]

    async def sms(self, case: Applied) -> list[tuple[str, datetime, datetime]]:
        """Kind, when it was due, when it was sent."""
        found = await self.messages(case)
        assert {each["channel"] for each in found} <= {"sms"}
        times = ((each["kind"], read(each["due"]), read(each["at"])) for each in found)
        return [(kind, due, sent) for kind, due, sent in times if due and sent]

    async def notices(self) -> list[Json]:
        """The outbox, whatever became of each."""
        found: list[Json] = (await self.ask("GET", "/api/v1/notices?limit=500"))["notices"]
        return found

    async def evaluations(self, case: Applied | None = None) -> list[Json]:
        path = f"/api/v1/cases/{case.number}" if case else "/api/v1/evaluations?limit=500"
        found: list[Json] = (await self.ask("GET", path))["evaluations"]
        return found

    async def orders(self) -> list[Json]:
        found: list[Json] = (await self.ask("GET", "/api/v1/orders"))["orders"]
        return found

    async def invitations(self, case: Applied) -> list[Json]:
        found: list[Json] = (await self.ask("GET", f"/api/v1/cases/{case.number}"))["invitations"]
        return found

    async def invitation(self, case: Applied, node: str = "completion") -> Json:
        """Of the case alone, at the node."""
        found = await self.invitations(case)
        (one,) = [each for each in found if each["node"] == node and not each["subject"]["group"]]
        return one

    async def links(self, case: Applied) -> list[str]:
        """What may be rated now."""
        found = (await self.ask("GET", f"/api/v1/links?case={case.number}"))["invitations"]
        return [each["link"] for each in found]

    # Who rates.

    async def open(self, address: str) -> Page:
        url = URL(address)
        async with self.session.get(url.relative() if url.absolute else url) as answer:
            return Page(answer.status, await answer.text(), answer.url)

    async def rate(self, link: str, level: str, **words: str) -> Page:
        """The page after the form was sent; `words` by target."""
        page = await self.open(link)
        assert page.status == 200, page.text
        page.choose("level", level)
        for target, text in words.items():
            page.write(f"w-{target}", text)
        async with self.session.post(page.target, data=page.filled_in) as answer:
            return Page(answer.status, await answer.text(), answer.url)

    async def reply(self, case: Applied, words: str, **more: str) -> str:
        """What the answer to an SMS was taken as."""
        body = {"phone": case.phone, "words": words, **more}
        return str((await self.ask("POST", "/demo/replies", body))["taken_as"])


@asynccontextmanager
async def living(folder: Path, database_url: str, moment: str) -> AsyncIterator[Demo]:
    """With the five jurisdictions' offices and no case."""
    port, settings = free_port(), folder / "settings.toml"
    settings.write_text(f'database = "{database_url}"\n')
    # No connection outlives its request: the process it leads to may be stopped in between.
    connector = aiohttp.TCPConnector(force_close=True)
    base = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession(base, connector=connector) as session:
        demo = Demo(folder, settings, session, port)
        await demo.start(moment)
        try:
            await demo.ask("POST", "/api/v1/directory", DIRECTORY)
            yield demo
        finally:
            demo.stop()
