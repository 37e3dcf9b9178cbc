"""A town with a district and a neighbour, and its cases as business systems report them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from models.cases.calls import take_call
from models.cases.facts import GroupKind
from models.cases.intake import take_case, take_completion, take_visit
from models.cases.received import Taken
from models.cases.reports import (
    Applicant,
    CallReport,
    CaseReport,
    CompletionReport,
    Group,
    Report,
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
from models.words import Handling, Node
from tests.standing import MONDAY

PHONE = "+8613800138000"
NAME = "欧阳小明"
VISITED = MONDAY - timedelta(hours=2)
DONE = MONDAY - timedelta(hours=1)


def under(*rulebooks: str) -> pytest.MarkDecorator:
    """The test's town: under each of these rulebooks. Without it: under Chao'an's."""
    return pytest.mark.parametrize("town", rulebooks, indirect=True)


def case(number: str = "C1", **more: Any) -> CaseReport:
    fields: dict[str, Any] = {
        "agency": "agency",
        "item": "item-1",
        "handling": Handling.WINDOW,
        "applicant": Applicant(name=NAME, phone=PHONE),
    }
    return CaseReport(number=number, **{**fields, **more})


def visit(
    of: str = "C1",
    number: int = 1,
    *,
    staff: str = "staff-1",
    at: datetime = VISITED,
    window: str | None = "window",
) -> VisitReport:
    return VisitReport(case=of, number=number, staff=staff, window=window, at=at)


def done(of: str = "C1", at: datetime = DONE) -> CompletionReport:
    return CompletionReport(case=of, at=at)


def call(number: str = "T1", **more: Any) -> CallReport:
    fields: dict[str, Any] = {"platform": "hotline", "staff": "staff-1", "ended_at": DONE}
    return CallReport(number=number, **{**fields, **more})


def member(
    number: str, kind: GroupKind, place: int = 1, *, group: str = "G1", size: int = 2, **more: Any
) -> CaseReport:
    """A case of a group: a batch of one item, or a theme or joint matter of several."""
    said = Group(
        kind=kind,
        number=group,
        size=size,
        theme="theme" if kind is GroupKind.THEME else None,
        lead_agency=more.pop("lead", None),
    )
    item = "item-1" if kind is GroupKind.BATCH else f"item-{place}"
    return case(number, **{"item": item, "group": said, **more})


async def take(office: Office, integrator: Integrator, report: Report) -> Taken:
    if isinstance(report, CaseReport):
        return await take_case(office, integrator, report)
    if isinstance(report, VisitReport):
        return await take_visit(office, integrator, report)
    if isinstance(report, CompletionReport):
        return await take_completion(office, integrator, report)
    if isinstance(report, CallReport):
        return await take_call(office, integrator, report)
    raise TypeError(report)


@dataclass(frozen=True)
class Town:
    """`integrator` speaks for the town and its district, `district` for the district alone,
    `stranger` for the neighbour, `admin` for all."""

    office: Office
    region: Region
    integrator: Integrator
    district: Integrator
    stranger: Integrator
    admin: Integrator

    async def report(self, *reports: Report) -> Taken:
        """One after the other; the answer to the last."""
        for report in reports:
            taken = await take(self.office, self.integrator, report)
        return taken

    async def invitation(self, *reports: Report, node: Node = Node.COMPLETION) -> Invitation:
        """The one that the last report opened at this node."""
        taken = await self.report(*reports)
        (found,) = [each for each in taken.invitations if each.node == node]
        return found

    def as_seen_by(self, office: Office) -> Town:
        """The same town from another connection."""
        return replace(self, office=office)


async def build(office: Office, rulebook: str = "chaoan") -> Town:
    town = await Region.create(code="R", name="本市", rulebook=rulebook)
    district = await Region.create(code="D", name="本区", parent=town)
    neighbour = await Region.create(code="X", name="邻市", rulebook="lingang")
    await Agency.create(code="bureau", name="政务服务局", region=town, party="bureau")
    await Agency.create(code="government", name="区人民政府", region=district, party="district")
    agency = await Agency.create(code="agency", name="市场监管局", region=town)
    second = await Agency.create(code="agency-2", name="税务局", region=town)
    below = await Agency.create(code="agency-d", name="区消防大队", region=district)
    foreign = await Agency.create(code="agency-x", name="邻市民政局", region=neighbour)
    hall = await Hall.create(code="hall", name="政务服务中心", region=town, agency=agency)
    window = await Window.create(code="window", name="3号窗口", hall=hall, agency=agency)
    other_hall = await Hall.create(code="hall-x", name="邻市大厅", region=neighbour, agency=foreign)
    await Window.create(code="window-x", name="1号窗口", hall=other_hall, agency=foreign)
    await Staff.create(code="staff-1", name="王丽", agency=agency)
    await Staff.create(code="staff-2", name="李强", agency=second)
    await Staff.create(code="staff-x", name="赵敏", agency=foreign)
    for place, at in enumerate((agency, second, below), start=1):
        await ServiceItem.create(code=f"item-{place}", name=f"事项之{place}", agency=at)
    await ServiceItem.create(code="item-x", name="邻市事项", agency=foreign)
    await Theme.create(code="theme", name="我要开餐馆", region=town)
    hotline = await Platform.create(
        code="hotline", name="12345热线", kind="hotline", region=town, agency=agency
    )
    now = office.now()
    await StaticCode.create(code="W1", window=window, created_at=now)
    await StaticCode.create(code="H1", hall=hall, created_at=now)
    await StaticCode.create(code="P1", platform=hotline, created_at=now)
    return Town(
        office,
        town,
        *[
            await Integrator.create(name=name, region=of, key_hash=name, created_at=now)
            for name, of in (
                ("town", town),
                ("district", district),
                ("stranger", neighbour),
                ("admin", None),
            )
        ],
    )
