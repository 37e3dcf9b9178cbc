"""Putting notices into the outbox, in the transaction of what caused them. `bot` words and sends
them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from models.calendar.beijing import beijing
from models.office import Office
from models.refusals import Conflict
from models.rulebooks.rating_rules import QuietHours
from models.rulebooks.rulebook import Rulebook, Version
from models.tables import Call, Case, Evaluation, Invitation, Notice
from models.words import Channel, Node, NoticeState, Provenance

GIVE_UP: Final = timedelta(days=3)
"""For how long a message is tried. After that it would only puzzle whoever gets it."""


def after_quiet_hours(moment: datetime, quiet: QuietHours) -> datetime:
    """静默时段 shift a message to their end and no legal clock (reading 28)."""
    local = beijing(moment)
    end = datetime.combine(local.date(), quiet.end, local.tzinfo)
    if quiet.begin <= quiet.end:
        return end if quiet.begin <= local.time() < quiet.end else moment
    if local.time() >= quiet.begin:
        return end + timedelta(days=1)
    return end if local.time() < quiet.end else moment


def notice(
    kind: str,
    what: str,
    body: dict[str, Any],
    *,
    now: datetime,
    due: datetime | None = None,
    agency: int | None = None,
) -> Notice:
    """`what` makes it, with its kind, this notice and no other. `due`: not before then."""
    due = due or now
    return Notice(
        once=f"{kind}:{what}",
        kind=kind,
        agency_id=agency,
        body=body,
        created_at=now,
        due_at=due,
        next_at=due,
        give_up_at=max(due, now) + GIVE_UP,
        state=NoticeState.WAITING.value,
        exhausted=[],
    )


async def put(notices: Iterable[Notice]) -> None:
    """Those that are there already stay as they are."""
    await Notice.bulk_create(list(notices), ignore_conflicts=True)


async def send_again(office: Office, given_up: Notice) -> None:
    """By every way from the first, for as long as a new one. Raises Conflict for a notice that is
    not among the dead letters: what has reached somebody is not sent twice."""
    now = office.now()
    revived = await Notice.filter(id=given_up.id, state=NoticeState.DEAD.value).update(
        state=NoticeState.WAITING.value,
        next_at=now,
        give_up_at=now + GIVE_UP,
        exhausted=[],
        why=None,
    )
    if not revived:
        raise Conflict("这条通知不在已放弃的通知里，不能重发", field="state")


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
    if not (by_step or by_hotline) or office.now() >= invitation.until:
        return
    if await _reachable(case):
        await _invite(office, version, invitation)


async def invite_caller(office: Office, invitation: Invitation) -> None:
    """评价短信 to who did not rate the call on the telephone. Once a call."""
    version = office.shelf.book(invitation.rulebook).version(invitation.version)
    await _invite(office, version, invitation)


async def _invite(office: Office, version: Version, invitation: Invitation) -> None:
    now = office.now()
    await put(
        [
            notice(
                "invitation",
                invitation.key,
                {"invitation": invitation.id},
                now=now,
                due=after_quiet_hours(now, version.quiet_hours),
                agency=invitation.agency_id,
            )
        ]
    )


async def _reachable(case: Case) -> bool:
    """Whether there is anything to write to. Of who called the hotline, often the number is all
    that is known (潮安第十四条), and their call may be reported after the case."""
    if case.agent_phone or case.applicant_phone or case.applicant_email:
        return True
    call = Call.filter(number=case.call_number, caller__not_isnull=True)
    return case.call_number is not None and await call.exists()


async def put_thanks(evaluation: Evaluation, order: int | None) -> None:
    """A word back where the rater has no page before them, or a work order to ask after: with the
    receipt, and the link of 追加评价 where it may be added to. Whoever staff have keyed in a rating
    for learns of it, and can say that it is not theirs. The official account has said it all in
    the chat."""
    somewhere = evaluation.rater_phone is not None or evaluation.invitation_id is not None
    no_page = evaluation.channel in (Channel.SMS, Channel.MAIL)
    proxy = evaluation.provenance == Provenance.PROXY
    in_chat = evaluation.channel == Channel.OFFICIAL_ACCOUNT
    if in_chat or not somewhere or not (no_page or proxy or order is not None):
        return
    body = {"evaluation": str(evaluation.id)}
    await put([notice("thanks", str(evaluation.id), body, now=evaluation.at)])
