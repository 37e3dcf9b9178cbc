"""Storing what business systems report. Each call is idempotent, may come late or out of order,
and is stored whole with all it opens, or not at all.

A visit or a completion whose case is not known yet is kept; the case, when it comes, finds it.
"""

from __future__ import annotations

from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient

from models.cases.calls import check_handed_on, handed_on_from
from models.cases.facts import GroupKind
from models.cases.invitations import reconcile_case
from models.cases.locking import lock_call, lock_case, lock_group
from models.cases.received import (
    Taken,
    fingerprint_of,
    hashed,
    not_in_the_future,
    same,
    sealed,
)
from models.cases.reports import Agent, CaseReport, CompletionReport, Group, VisitReport
from models.directory.lookup import Lookup
from models.directory.regions import is_within
from models.office import Office
from models.refusals import Conflict, Forbidden, Invalid
from models.tables import Case, CaseGroup, Completion, Integrator, Visit


async def take_case(office: Office, integrator: Integrator, report: CaseReport) -> Taken:
    """Raises Invalid, UnknownReference, Forbidden, Conflict."""
    if report.accepted_at is not None:
        not_in_the_future(office, report.accepted_at, "accepted_at")
    fingerprint = fingerprint_of(office, report)
    async with office.database.transaction() as connection:
        await lock_case(connection, report.number)
        if report.group is not None:
            await lock_group(connection, report.group.number)
        if report.call is not None:
            await lock_call(connection, report.call)
        known = await Case.get_or_none(number=report.number).select_related("region")
        lookup = Lookup(integrator)
        if known is not None:
            await lookup.must_own(known.region_id, field="number")
            same(known.fingerprint, fingerprint, f"办件{report.number}")
            return await _answer_case(office, known, fresh=False)
        case = await _new_case(office, integrator, report, lookup, fingerprint)
        if case.call_number is None:
            case.call_number = await handed_on_from(case)
        await case.save(using_db=connection)
        await _drop_strangers(case)
        return await _answer_case(office, case, fresh=True)


async def take_visit(office: Office, integrator: Integrator, report: VisitReport) -> Taken:
    """Raises Invalid, UnknownReference, Forbidden, Conflict."""
    not_in_the_future(office, report.at, "at")
    fingerprint = fingerprint_of(office, report)
    async with office.database.transaction() as connection:
        case = await _locked_case(connection, integrator, report.case)
        known = await Visit.get_or_none(case_number=report.case, number=report.number)
        if known is not None:
            _own_report(known.integrator_id, integrator, case)
            same(known.fingerprint, fingerprint, f"办件{report.case}的第{report.number}次到窗口")
            return await _answer(office, case, fresh=False)
        lookup = Lookup(integrator)
        staff = await lookup.staff(report.staff, "staff")
        window = await lookup.window(report.window, "window") if report.window else None
        await Visit.create(
            case_number=report.case,
            number=report.number,
            staff=staff,
            window=window,
            at=report.at,
            integrator=integrator,
            reported_at=office.now(),
            fingerprint=fingerprint,
        )
        return await _answer(office, case, fresh=True)


async def take_completion(
    office: Office, integrator: Integrator, report: CompletionReport
) -> Taken:
    """Raises Invalid, Forbidden, Conflict."""
    not_in_the_future(office, report.at, "at")
    fingerprint = fingerprint_of(office, report)
    async with office.database.transaction() as connection:
        case = await _locked_case(connection, integrator, report.case)
        known = await Completion.get_or_none(case_number=report.case)
        if known is not None:
            _own_report(known.integrator_id, integrator, case)
            same(known.fingerprint, fingerprint, f"办件{report.case}的办结")
            return await _answer(office, case, fresh=False)
        await Completion.create(
            case_number=report.case,
            at=report.at,
            integrator=integrator,
            reported_at=office.now(),
            fingerprint=fingerprint,
        )
        return await _answer(office, case, fresh=True)


async def _new_case(
    office: Office, integrator: Integrator, report: CaseReport, lookup: Lookup, fingerprint: str
) -> Case:
    agency = await lookup.agency(report.agency, "agency")
    item = await lookup.item(report.item, "item")
    group = report.group and await _group(lookup, report.group, report.item, agency.region_id)
    if report.call is not None:
        await check_handed_on(report.call, agency.region_id)
    applicant, agent = report.applicant, report.agent or Agent()
    return Case(
        number=report.number,
        kind=report.kind,
        handling=report.handling,
        region_id=agency.region_id,
        agency=agency,
        item=item,
        group=group,
        call_number=report.call,
        applicant_kind=applicant.kind,
        applicant_name=sealed(office, applicant.name, "case_file.applicant_name"),
        applicant_phone=sealed(office, applicant.phone, "case_file.applicant_phone"),
        phone_hash=hashed(office, applicant.phone, "phone"),
        applicant_identity=sealed(office, applicant.identity, "case_file.applicant_identity"),
        identity_hash=hashed(office, applicant.identity, "identity"),
        applicant_email=sealed(office, applicant.email, "case_file.applicant_email"),
        agent_name=sealed(office, agent.name, "case_file.agent_name"),
        agent_phone=sealed(office, agent.phone, "case_file.agent_phone"),
        agent_phone_hash=hashed(office, agent.phone, "phone"),
        accepted_at=report.accepted_at,
        integrator=integrator,
        reported_at=office.now(),
        fingerprint=fingerprint,
    )


async def _group(lookup: Lookup, said: Group, item: str, region_id: int) -> CaseGroup:
    """The group is made by the first of its cases; the others must say the same of it."""
    theme = await lookup.theme(said.theme, "group.theme") if said.theme else None
    lead = await lookup.agency(said.lead_agency, "group.lead_agency") if said.lead_agency else None
    content: dict[str, Any] = {
        "kind": said.kind.value,
        "size": said.size,
        "theme_id": theme.id if theme else None,
        "lead_agency_id": lead.id if lead else None,
    }
    group = await CaseGroup.get_or_none(number=said.number)
    if group is None:
        return await CaseGroup.create(number=said.number, region_id=region_id, **content)
    await lookup.must_own(group.region_id, field="group.number")
    for name, value in content.items():
        if getattr(group, name) != value:
            field = f"group.{name.removesuffix('_id')}"
            raise Conflict(f"{said.kind.label}{said.number}已报送，内容不一致", field=field)
    members = await Case.filter(group=group).select_related("item")
    if len(members) >= group.size:
        raise Conflict(
            f"{said.kind.label}{said.number}的{group.size}个办件已全部报送", field="group.size"
        )
    _fits(said.kind, item, {member.item.code for member in members})
    return group


def _fits(kind: GroupKind, item: str, others: set[str]) -> None:
    if kind is GroupKind.BATCH and others - {item}:
        raise Invalid("批量业务须为同一事项", field="item")
    if kind is GroupKind.THEME and item in others:
        raise Invalid("主题式服务须由不同事项组成", field="item")


async def _locked_case(
    connection: BaseDBAsyncClient, integrator: Integrator, number: str
) -> Case | None:
    await lock_case(connection, number)
    case = await Case.get_or_none(number=number).select_related("group")
    if case is None:
        return None
    await Lookup(integrator).must_own(case.region_id, field="case")
    if case.group is not None:
        await lock_group(connection, case.group.number)
    return case


async def _drop_strangers(case: Case) -> None:
    """Of what waited under the case's number: all that would have been refused, had it been known
    whose region the number belongs to."""
    held: list[Visit | Completion] = []
    held += await Visit.filter(case_number=case.number).select_related("integrator")
    held += await Completion.filter(case_number=case.number).select_related("integrator")
    for event in held:
        region_id = event.integrator.region_id
        if region_id is not None and not await is_within(case.region_id, region_id):
            await event.delete()


async def _answer(office: Office, case: Case | None, *, fresh: bool) -> Taken:
    if case is None:
        return Taken(fresh=fresh, held=True, invitations=(), closed=())
    return await _answer_case(office, case, fresh=fresh)


async def _answer_case(office: Office, case: Case, *, fresh: bool) -> Taken:
    invitations, closed = await reconcile_case(office, case)
    return Taken(fresh=fresh, held=False, invitations=invitations, closed=closed)


def _own_report(integrator_id: int, integrator: Integrator, case: Case | None) -> None:
    """While its case is unknown, nobody can tell whose region an event belongs to."""
    if case is None and integrator_id != integrator.id and integrator.region_id is not None:
        raise Forbidden("同一编号的事件已由其他系统报送", field="case")
