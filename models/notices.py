"""Putting a notice into the outbox, in the transaction of what caused it. `bot` words and sends
it."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.calendar.beijing import beijing
from models.directory.regions import is_within
from models.office import Office
from models.rulebooks.rating_rules import QuietHours
from models.rulebooks.rulebook import Rulebook
from models.tables import Call, Case, Invitation, Notice
from models.words import Node


def after_quiet_hours(moment: datetime, quiet: QuietHours) -> datetime:
    """静默时段 shift a message to their end and no legal clock (reading 28)."""
    local = beijing(moment)
    end = datetime.combine(local.date(), quiet.end, local.tzinfo)
    if quiet.begin <= quiet.end:
        return end if quiet.begin <= local.time() < quiet.end else moment
    if local.time() >= quiet.begin:
        return end + timedelta(days=1)
    return end if local.time() < quiet.end else moment


async def invitation_by_sms(
    office: Office, book: Rulebook, invitation: Invitation, case: Case
) -> None:
    """评价短信 where the rulebook sends one: 三明附件 after each step, 潮安第十四条 for the case
    that the hotline handed on. Once an invitation, to the person who was there."""
    version = book.version(invitation.version)
    step = "completion" if invitation.node == Node.COMPLETION else "acceptance"
    by_step = version.invitation_sms is not None and step in version.invitation_sms.at
    by_hotline = (
        invitation.rule == "hotline"
        and version.hotline is not None
        and version.hotline.transferred_by_sms
    )
    now = office.now()
    if not (by_step or by_hotline) or now >= invitation.until:
        return
    phone = await _phone(office, case)
    if phone is None:
        return
    await put(
        Notice(
            once=f"invitation:{invitation.key}",
            kind="invitation",
            channel="sms",
            address=office.keys.seal(phone, "notice.address"),
            body={"invitation": invitation.id},
            created_at=now,
            due_at=after_quiet_hours(now, version.quiet_hours),
        )
    )


async def put(notice: Notice) -> None:
    """Unless there is one of the same `once` already."""
    if not await Notice.exists(once=notice.once):
        await notice.save()


async def _phone(office: Office, case: Case) -> str | None:
    if case.agent_phone is not None:
        return office.keys.open(case.agent_phone, "case_file.agent_phone")
    if case.applicant_phone is not None:
        return office.keys.open(case.applicant_phone, "case_file.applicant_phone")
    if case.call_number is not None:
        # 转办件: of who called, often the number is all that is known (潮安第十四条).
        call = await Call.get_or_none(number=case.call_number)
        if call is not None and call.caller and await is_within(case.region_id, call.region_id):
            return office.keys.open(call.caller, "call.caller")
    return None
