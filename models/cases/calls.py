"""Hotline calls, and the cases that were handed on from them (转办件)."""

from __future__ import annotations

from models.cases.handovers import handover_of
from models.cases.invitations import book_of, reconcile_call, seen_case
from models.cases.locking import lock_call, lock_case
from models.cases.received import (
    Taken,
    fingerprint_of,
    hashed,
    not_in_the_future,
    same,
    sealed,
)
from models.cases.reports import CallReport
from models.directory.lookup import Lookup
from models.directory.regions import is_within
from models.notices import invitation_by_sms
from models.office import Office
from models.refusals import Forbidden
from models.tables import Call, Case, Integrator
from models.words import CaseKind


async def take_call(office: Office, integrator: Integrator, report: CallReport) -> Taken:
    """Raises Invalid, UnknownReference, Forbidden, Conflict."""
    if report.ended_at is not None:
        not_in_the_future(office, report.ended_at, "ended_at")
    fingerprint = fingerprint_of(office, report)
    async with office.database.transaction() as connection:
        if report.case is not None:
            await lock_case(connection, report.case)
        await lock_call(connection, report.number)
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
                caller=sealed(office, report.caller, "call.caller"),
                caller_hash=hashed(office, report.caller, "phone"),
                queue=report.queue,
                case_number=report.case,
                ended_at=report.ended_at or office.now(),
                integrator=integrator,
                reported_at=office.now(),
                fingerprint=fingerprint,
            )
            await _was_about(call)
        else:
            await lookup.must_own(call.region_id, field="number")
            same(call.fingerprint, fingerprint, f"通话{report.number}")
        invitations, closed = await reconcile_call(office, call)
        if fresh:
            await _tell_handed_on(office, call)
        handover = await handover_of(office, call) if invitations else None
        return Taken(fresh, held=False, invitations=invitations, closed=closed, handover=handover)


async def check_handed_on(number: str, region_id: int) -> None:
    """The hotline of a city hands on to its districts. A call that is not reported yet is taken
    on trust, and looked at when it comes. Raises Forbidden."""
    call = await Call.get_or_none(number=number)
    if call is not None and not await is_within(region_id, call.region_id):
        raise Forbidden("办件所在地区不属于这次通话的热线", field="call")


async def handed_on_from(case: Case) -> str | None:
    """The number of the call that named this case when it was reported, if the case is of a hotline
    (转办件) and whoever called may be who it is for."""
    for call in await Call.filter(case_number=case.number).order_by("ended_at", "id"):
        if await _handed_on(call, case):
            return call.number
    return None


async def _was_about(call: Call) -> None:
    """Raises Forbidden for a case of somewhere else."""
    if call.case_number is None:
        return
    case = await Case.get_or_none(number=call.case_number)
    if case is None:
        return
    if not await is_within(case.region_id, call.region_id):
        raise Forbidden("办件所在地区不属于这次通话的热线", field="case")
    if case.call_number is None and await _handed_on(call, case):
        case.call_number = call.number
        await case.save(update_fields=["call_number"])


async def _handed_on(call: Call, case: Case) -> bool:
    """A call about somebody else's case is no ground to ask its caller how that was handled."""
    strangers = {case.phone_hash, case.agent_phone_hash} - {None}
    return (
        case.kind == CaseKind.TRANSFERRED
        and (not strangers or call.caller_hash in strangers)
        and await is_within(case.region_id, call.region_id)
    )


async def _tell_handed_on(office: Office, call: Call) -> None:
    """The case may have come first, without a telephone number of its own (潮安第十四条)."""
    for case in await Case.filter(call_number=call.number):
        invitations, _ = await seen_case(office, case)
        for invitation in invitations:
            if invitation.closed_at is None:
                book = await book_of(office, invitation.region_id)
                await invitation_by_sms(office, book, invitation, case)
