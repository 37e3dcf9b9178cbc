"""A small town under each rulebook, and the pages served over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from api.keys import OFFICE
from api.pages.routes import setup_pages
from models.calendar.working_days import WorkingDays
from models.cases.facts import GroupKind
from models.cases.intake import take_case, take_completion, take_visit
from models.cases.reports import Applicant, CaseReport, CompletionReport, Group, VisitReport
from models.database import Database
from models.keys import KeyRing
from models.links import Links
from models.office import Office
from models.rulebooks.shelf import Shelf
from models.tables import (
    Agency,
    Hall,
    Integrator,
    Invitation,
    Platform,
    Region,
    ServiceItem,
    Staff,
    StaticCode,
    Theme,
    Window,
)
from models.words import CaseKind, Handling

JURISDICTIONS = ("chaoan", "lingang", "qijiang", "sanming", "tianjin")
START = datetime(2026, 3, 2, 2, tzinfo=UTC)
"""A Monday, 10:00 in Beijing."""
PHONE = "13800138000"


@dataclass
class StandingClock:
    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def advance(self, **length: float) -> None:
        self.at += timedelta(**length)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def office(database: Database, clock: StandingClock) -> Office:
    keys = KeyRing.fresh()
    return Office(database, Shelf.load(), WorkingDays(), keys, Links(keys.link_key), clock)


@dataclass
class Town:
    """One region, everything once, and cases as a business system reports them."""

    office: Office
    rulebook: str
    region: Region
    integrator: Integrator
    _cases: list[str] = field(default_factory=list)

    async def case(
        self,
        number: str = "LS2026030001",
        *,
        item: str = "item-1",
        agency: str = "agency",
        handling: Handling = Handling.WINDOW,
        kind: CaseKind = CaseKind.APPLICATION,
        named: bool = True,
        phone: str | None = PHONE,
        group: Group | None = None,
    ) -> str:
        applicant = Applicant(name="陈小明" if named else None, phone=phone)
        report = CaseReport(
            number=number,
            agency=agency,
            item=item,
            kind=kind,
            handling=handling,
            applicant=applicant,
            group=group,
        )
        await take_case(self.office, self.integrator, report)
        return number

    async def visit(self, case: str, number: int = 1, staff: str = "staff") -> list[Invitation]:
        report = VisitReport(
            case=case, number=number, staff=staff, window="window", at=self.office.now()
        )
        taken = await take_visit(self.office, self.integrator, report)
        return [each for each in taken.invitations if each.node == "visit"]

    async def complete(self, case: str) -> list[Invitation]:
        report = CompletionReport(case=case, at=self.office.now())
        taken = await take_completion(self.office, self.integrator, report)
        return [each for each in taken.invitations if each.node == "completion"]

    async def completed(self, number: str = "LS2026030001", *, named: bool = True) -> Invitation:
        """One case, completed at the window: its item is to be rated."""
        await self.case(number, named=named)
        (invitation,) = await self.complete(number)
        return invitation

    async def group(self, kind: GroupKind, size: int = 2, *, visit: bool = True) -> None:
        """All cases of a group, applied for at the window and completed."""
        theme = "theme" if kind is GroupKind.THEME else None
        numbers = [f"G{place:09d}" for place in range(1, size + 1)]
        for place, number in enumerate(numbers, start=1):
            same = kind is GroupKind.BATCH
            await self.case(
                number,
                item="item-1" if same else f"item-{place}",
                group=Group(kind=kind, number="GROUP-1", size=size, theme=theme),
            )
        if visit:
            for number in numbers:
                await self.visit(number)
        for number in numbers:
            await self.complete(number)

    def link(self, invitation: Invitation, query: str = "") -> str:
        return f"/r/{self.office.links.rating(invitation.nonce)}{query}"


NewTown = Callable[[str], Awaitable[Town]]


@pytest.fixture
def new_town(office: Office) -> NewTown:
    async def build(rulebook: str) -> Town:
        region = await Region.create(code="R", name="本区", rulebook=rulebook)
        await Agency.create(code="bureau", name="政务服务局", region=region, party="bureau")
        agency = await Agency.create(code="agency", name="市场监管局", region=region)
        await Agency.create(code="agency-2", name="税务局", region=region)
        hall = await Hall.create(code="hall", name="政务服务中心", region=region, agency=agency)
        window = await Window.create(code="window", name="3号窗口", hall=hall, agency=agency)
        await Staff.create(code="staff", name="王丽", agency=agency)
        for place in (1, 2, 3):
            await ServiceItem.create(
                code=f"item-{place}", name=f"食品经营许可（第{place}类）", agency=agency
            )
        await Theme.create(code="theme", name="我要开餐馆", region=region)
        platform = await Platform.create(
            code="terminal", name="1号自助机", kind="terminal", region=region, agency=agency
        )
        now = office.now()
        await StaticCode.create(code="W1", window=window, created_at=now)
        await StaticCode.create(code="H1", hall=hall, created_at=now)
        await StaticCode.create(code="P1", platform=platform, created_at=now)
        integrator = await Integrator.create(name="业务系统", key_hash="0" * 64, created_at=now)
        return Town(office, rulebook, region, integrator)

    return build


@pytest.fixture
async def town(new_town: NewTown, request: pytest.FixtureRequest) -> Town:
    """Under Chao'an's rulebook, unless the test names another."""
    return await new_town(getattr(request, "param", "chaoan"))


@pytest.fixture
async def client(office: Office) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    app = web.Application()
    app[OFFICE] = office
    setup_pages(app)
    async with TestClient(TestServer(app)) as client:
        yield client
