"""A small town under a rulebook, and its cases as a business system reports them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from models.cases.calls import take_call
from models.cases.facts import GroupKind
from models.cases.intake import take_case, take_completion, take_visit
from models.cases.reports import (
    Applicant,
    CallReport,
    CaseReport,
    CompletionReport,
    Group,
    VisitReport,
)
from models.office import Office
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
PHONE = "13800138000"

Client = TestClient[web.Request, web.Application]


def under(*rulebooks: str) -> pytest.MarkDecorator:
    """The test's towns: under these rulebooks only."""
    return pytest.mark.parametrize("town", rulebooks, indirect=True)


@dataclass
class Town:
    """One region, and everything once."""

    office: Office
    rulebook: str
    region: Region
    integrator: Integrator

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

    async def call(self) -> Invitation:
        report = CallReport(
            number="CALL-1", platform="hotline", staff="staff", ended_at=self.office.now()
        )
        (invitation,) = (await take_call(self.office, self.integrator, report)).invitations
        return invitation


async def build_town(office: Office, rulebook: str) -> Town:
    region = await Region.create(code="R", name="本区", rulebook=rulebook)
    await Agency.create(code="bureau", name="政务服务局", region=region, party="bureau")
    agency = await Agency.create(code="agency", name="市场监管局", region=region)
    await Agency.create(code="agency-2", name="税务局", region=region)
    hall = await Hall.create(code="hall", name="政务服务中心", region=region, agency=agency)
    window = await Window.create(code="window", name="3号窗口", hall=hall, agency=agency)
    await Staff.create(code="staff", name="王丽", agency=agency)
    for place in range(1, 13):
        await ServiceItem.create(
            code=f"item-{place}", name=f"食品经营许可（第{place}类）", agency=agency
        )
    await Theme.create(code="theme", name="我要开餐馆", region=region)
    platform = await Platform.create(
        code="terminal", name="1号自助机", kind="terminal", region=region, agency=agency
    )
    await Platform.create(
        code="hotline", name="12345热线", kind="hotline", region=region, agency=agency
    )
    now = office.now()
    await StaticCode.create(code="W1", window=window, created_at=now)
    await StaticCode.create(code="H1", hall=hall, created_at=now)
    await StaticCode.create(code="P1", platform=platform, created_at=now)
    integrator = await Integrator.create(name="业务系统", key_hash="0" * 64, created_at=now)
    return Town(office, rulebook, region, integrator)


def once_in(page: str) -> str:
    """The form's own number."""
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found is not None, page
    return found[1]
