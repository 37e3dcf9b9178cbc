"""上行短信: whoever answers our message with 1 to 5, or in words, has rated."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Final

from bot.answering import (
    Answer,
    TakenAs,
    add,
    asked_before,
    keep,
    made_of,
    rate,
    stop,
    stored,
    write_back,
)
from bot.sms.received import SmsReply
from models.cases.persons import invitations_of
from models.contacts import contacts_of
from models.office import Office
from models.ratings.heard import Heard, Wish, heard
from models.sm3 import sm3
from models.tables import Invitation, Notice, Reply
from models.words import Channel, Level


async def take_reply(office: Office, gateway: str, said: SmsReply) -> TakenAs:
    """Sent again, the same reply is answered the same and stored once."""
    answer = Answer(
        gateway=gateway,
        reference=sm3(f"{gateway}\0{said.reference}".encode()).hex(),
        by=Channel.SMS,
        sender=said.phone,
        words=said.words,
        at=said.at or office.now(),
    )
    reply = await stored(office, answer)
    if reply.taken_as != TakenAs.RECEIVED:
        return TakenAs(reply.taken_as)
    taken_as = await _work(office, answer, reply)
    await Reply.filter(id=reply.id).update(taken_as=taken_as.value)
    return taken_as


async def _work(office: Office, answer: Answer, reply: Reply) -> TakenAs:
    said = heard(reply.words)
    if said.wish is Wish.STOP:
        await stop(office, reply)
        return TakenAs.STOP
    written_to = [each async for each in _written_to(office, answer.sender)]
    if not written_to:
        return TakenAs.UNKNOWN
    newest = written_to[0]
    if said.wish is Wish.HELP:
        await write_back(office, reply, newest, "help")
        return TakenAs.HELP
    taken_as = await made_of(answer)
    if taken_as is None and said.wish is Wish.FOLLOW_UP and said.level is not None:
        for invitation in written_to:
            if await add(office, answer, invitation, said.level, said.words):
                return TakenAs.FOLLOW_UP
    if taken_as is None:
        taken_as = await _first(office, answer, reply, written_to, said)
    # A twin in another process may have made its rating of it meanwhile.
    taken_as = taken_as or await made_of(answer)
    return taken_as or await keep(office, answer, region=newest.region_id, agency=newest.agency_id)


async def _first(
    office: Office, answer: Answer, reply: Reply, written_to: Sequence[Invitation], said: Heard
) -> TakenAs | None:
    """The newest that is still open is rated; a reason alone goes to where a level was told."""
    asked = await asked_before(office, reply)
    for invitation in written_to:
        if invitation.closed_at is not None:
            continue
        if said.level is not None and said.sure:
            return await rate(office, answer, reply, invitation, said.level, said.words)
        if asked is not None and asked.invitation_id == invitation.id:
            told = Level(asked.level or 0)
            return await rate(office, answer, reply, invitation, told, reply.words)
    return None


async def _written_to(office: Office, phone: str) -> AsyncIterator[Invitation]:
    """What this number was asked about, the newest message first."""
    invitations = await (await invitations_of(office.keys.find(phone, "phone")))
    by_name = {f"{kind}:{each.key}": each for kind in _ASKING for each in invitations}
    sent = Notice.filter(once__in=list(by_name), route=Channel.SMS.value, sent_at__not_isnull=True)
    seen: set[int] = set()
    for one in await sent.order_by("-sent_at", "-id"):
        invitation = by_name[one.once]
        if invitation.id not in seen:
            seen.add(invitation.id)
            # The applicant's number and the agent's are both known; only one was written to.
            if (await contacts_of(office, invitation)).phone == phone:
                yield invitation


_ASKING: Final = ("invitation", "reminder")
