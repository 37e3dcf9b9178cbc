"""意见邮箱: mail that answers an invitation is a rating, any other an opinion; a bounce tells what
became of a message of ours."""

from __future__ import annotations

import asyncio

import structlog

from bot.answering import Answer, TakenAs, asked_before, keep, made_of, rate, stop, stored
from bot.mail.received import ReceivedMail, Unreadable, read
from bot.receipts import Report, take_report
from models.contacts import contacts_of
from models.office import Office
from models.ratings.heard import Wish, heard
from models.tables import Agency, Attempt, Invitation, Reply
from models.words import Channel, Level

GATEWAY = "mail"

log = structlog.get_logger()


async def take_mail(office: Office, agency: Agency, raw: bytes) -> TakenAs:
    """`agency`: whose mailbox it is. The same mail again is answered the same and stored once."""
    try:
        # In a thread: the worst that is still read takes a second.
        mail = await asyncio.to_thread(read, raw)
    except Unreadable as unreadable:
        # It stays in the mailbox, marked as read: whoever runs it may look at it there.
        log.warning("unreadable mail", size=len(raw), why=str(unreadable))
        return TakenAs.UNKNOWN
    if mail.bounced is not None:
        await _bounced(office, mail)
    if mail.automatic or mail.sender is None:
        return TakenAs.AUTOMATIC
    answer = Answer(
        gateway=GATEWAY,
        reference=mail.reference,
        by=Channel.MAIL,
        sender=mail.sender.casefold(),
        words="\n".join(part for part in (mail.subject, mail.words) if part),
        at=office.now(),
    )
    reply = await stored(office, answer)
    if reply.taken_as != TakenAs.RECEIVED:
        return TakenAs(reply.taken_as)
    if Wish.STOP in (heard(mail.subject).wish, heard(mail.words).wish):
        await stop(office, reply)
        taken_as: TakenAs | None = TakenAs.STOP
    else:
        taken_as = await made_of(answer) or await _rating(office, answer, reply, mail)
    if taken_as is None:
        taken_as = await keep(
            office,
            answer,
            region=agency.region_id,
            agency=agency.id,
            name=mail.sender_name or None,
        )
    await Reply.filter(id=reply.id).update(taken_as=taken_as.value)
    return taken_as


async def _bounced(office: Office, mail: ReceivedMail) -> None:
    bounced = mail.bounced
    if bounced is None or not bounced.permanent or bounced.message_id is None:
        return
    report = Report(bounced.message_id, delivered=False, why=bounced.why, at=office.now())
    await take_report(office, Channel.MAIL.value, report)


async def _rating(
    office: Office, answer: Answer, reply: Reply, mail: ReceivedMail
) -> TakenAs | None:
    """From the address that the invitation went to, in words that tell a level, or the reason of
    one told before."""
    said = heard(mail.words)
    level, words = (said.level, said.words) if said.sure else (None, mail.words)
    asked = await asked_before(office, reply)
    for attempt in await Attempt.filter(
        reference__in=list(mail.answers), route=Channel.MAIL.value
    ).select_related("notice"):
        invitation = await Invitation.get_or_none(id=attempt.notice.body.get("invitation", 0))
        if invitation is None or invitation.closed_at is not None:
            continue
        known = (await contacts_of(office, invitation)).email
        if known is None or known.casefold() != answer.sender:
            continue
        if level is None and asked is not None and asked.invitation_id == invitation.id:
            level = Level(asked.level or 0)
        if level is not None:
            return await rate(office, answer, reply, invitation, level, words)
    return None
