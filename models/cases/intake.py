"""Storing what business systems report. Each call is idempotent, may come late or out of order,
and is stored whole with all it opens, or not at all.

A visit or a completion whose case is not known yet is kept; the case, when it comes, finds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient

from models.cases.facts import GroupKind
from models.cases.invitations import reconcile_call, reconcile_case
from models.cases.locking import lock_case, lock_group
from models.cases.openings import Closed
from models.cases.reports import (
    Agent,
    CallReport,
    CaseReport,
    CompletionReport,
    Group,
    Report,
    VisitReport,
)
from models.directory.lookup import Lookup
from models.directory.regions import is_within
from models.office import Office
from models.refusals import Conflict, Forbidden, Invalid
from models.tables import Call, Case, CaseGroup, Completion, Integrator, Invitation, Visit


@dataclass(frozen=True, slots=True)
class Taken:
    """The answer to a report. `held`: kept until its case is reported. `fresh`: not seen before."""

    fresh: bool
    held: bool
    invitations: tuple[Invitation, ...]
    closed: tuple[Closed, ...]


CLOCKS_APART = timedelta(minutes=10)
"""How far a reporting system's clock may be ahead of ours."""


async def take_case(office: Office, integrator: Integrator, report: CaseReport) -> Taken:
    """Raises Invalid, UnknownReference, Forbidden, Conflict."""
    if report.accepted_at is not None:
        _not_in_the_future(office, report.accepted_at, "accepted_at")
    fingerprint = _fingerprint(office, report)
    async with office.database.transaction() as connection:
        await lock_case(connection, report.number)
        if report.group is not None:
            await lock_group(connection, report.group.number)
        known = await Case.get_or_none(number=report.number).select_related("region")
        lookup = Lookup(integrator)
        if known is not None:
            await lookup.must_own(known.region_id, field="number")
            _same(known.fingerprint, fingerprint, f"办件{report.number}")
            return await _answer_case(office, known, fresh=False)
        case = await _new_case(office, integrator, report, lookup, fingerprint)
        await case.save(using_db=connection)
        await _drop_strangers(case)
        return await _answer_case(office, case, fresh=True)


async def take_visit(office: Office, integrator: Integrator, report: VisitReport) -> Taken:
    """Raises Invalid, UnknownReference, Forbidden, Conflict."""
    _not_in_the_future(office, report.at, "at")
    fingerprint = _fingerprint(office, report)
    async with office.database.transaction() as connection:
        case = await _locked_case(connection, integrator, report.case)
        known = await Visit.get_or_none(case_number=report.case, number=report.number)
        if known is not None:
            _own_report(known.integrator_id, integrator, case)
            _same(known.fingerprint, fingerprint, f"办件{report.case}的第{report.number}次到窗口")
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
    _not_in_the_future(office, report.at, "at")
    fingerprint = _fingerprint(office, report)
    async with office.database.transaction() as connection:
        case = await _locked_case(connection, integrator, report.case)
        known = await Completion.get_or_none(case_number=report.case)
        if known is not None:
            _own_report(known.integrator_id, integrator, case)
            _same(known.fingerprint, fingerprint, f"办件{report.case}的办结")
            return await _answer(office, case, fresh=False)
        await Completion.create(
            case_number=report.case,
            at=report.at,
            integrator=integrator,
            reported_at=office.now(),
            fingerprint=fingerprint,
        )
        return await _answer(office, case, fresh=True)


async def take_call(office: Office, integrator: Integrator, report: CallReport) -> Taken:
    """Raises Invalid, UnknownReference, Forbidden, Conflict."""
    _not_in_the_future(office, report.ended_at, "ended_at")
    fingerprint = _fingerprint(office, report)
    async with office.database.transaction() as connection:
        await lock_case(connection, f"call:{report.number}")
        lookup = Lookup(integrator)
        call = await Call.get_or_none(number=report.number)
        fresh = call is None
        if call is None:
            platform = await lookup.platform(report.platform, "platform")
            call = await Call.create(
                number=report.number,
                region_id=platform.region_id,
                platform=platform,
                staff=await lookup.staff(report.staff, "staff"),
                caller=_sealed(office, report.caller, "call.caller"),
                caller_hash=_hashed(office, report.caller, "phone"),
                ended_at=report.ended_at,
                integrator=integrator,
                reported_at=office.now(),
                fingerprint=fingerprint,
            )
        else:
            await lookup.must_own(call.region_id, field="number")
            _same(call.fingerprint, fingerprint, f"通话{report.number}")
        invitations, closed = await reconcile_call(office, call)
        return Taken(fresh=fresh, held=False, invitations=invitations, closed=closed)


async def _new_case(
    office: Office, integrator: Integrator, report: CaseReport, lookup: Lookup, fingerprint: str
) -> Case:
    agency = await lookup.agency(report.agency, "agency")
    item = await lookup.item(report.item, "item")
    group = report.group and await _group(lookup, report.group, report.item, agency.region_id)
    call = await lookup.call(report.call, "call") if report.call else None
    applicant, agent = report.applicant, report.agent or Agent()
    return Case(
        number=report.number,
        kind=report.kind,
        handling=report.handling,
        region_id=agency.region_id,
        agency=agency,
        item=item,
        group=group,
        call=call,
        applicant_kind=applicant.kind,
        applicant_name=_sealed(office, applicant.name, "case_file.applicant_name"),
        applicant_phone=_sealed(office, applicant.phone, "case_file.applicant_phone"),
        phone_hash=_hashed(office, applicant.phone, "phone"),
        applicant_identity=_sealed(office, applicant.identity, "case_file.applicant_identity"),
        identity_hash=_hashed(office, applicant.identity, "identity"),
        applicant_email=_sealed(office, applicant.email, "case_file.applicant_email"),
        agent_name=_sealed(office, agent.name, "case_file.agent_name"),
        agent_phone=_sealed(office, agent.phone, "case_file.agent_phone"),
        agent_phone_hash=_hashed(office, agent.phone, "phone"),
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


def _same(stored: str, sent: str, what: str) -> None:
    if stored != sent:
        raise Conflict(f"{what}已报送过，内容与这次不一致")


def _not_in_the_future(office: Office, moment: datetime, field: str) -> None:
    if moment > office.now() + CLOCKS_APART:
        raise Invalid("时间晚于当前时间", field=field)


def _fingerprint(office: Office, report: Report) -> str:
    return office.keys.find(report.model_dump_json(), "report")


def _sealed(office: Office, plain: str | None, column: str) -> str | None:
    return office.keys.seal(plain, column) if plain else None


def _hashed(office: Office, plain: str | None, kind: str) -> str | None:
    return office.keys.find(plain, kind) if plain else None
