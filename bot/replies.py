"""上行短信: whoever answers our message with 1 to 5, or in words, has rated.

Every reply is stored as it came, once, before anything is made of it; a process that dies in
between finds it again when the provider repeats it, and what was made of it is made once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Final

from tortoise.expressions import Q

from bot.sms.received import SmsReply
from models.contacts import contacts_of
from models.notices import notice, put
from models.office import Office
from models.ratings.follow_up import follow_up
from models.ratings.given import Rating, ReasonGiven
from models.ratings.heard import Heard, Wish, heard
from models.ratings.opinions import OpinionGiven, keep_opinion
from models.ratings.refusals import (
    AlreadyRated,
    LinkExpired,
    LinkUnknown,
    ReasonMissing,
)
from models.ratings.submit import submit
from models.refusals import Refused
from models.sm3 import sm3
from models.tables import Call, Case, Evaluation, Invitation, Notice, OptOut, Reply
from models.texts import harmless
from models.words import Channel, Credential, Level, Ordinal, Target

PATIENCE: Final = timedelta(days=7)
"""For how long a level told waits for its reason."""


class TakenAs(StrEnum):
    RECEIVED = "received"
    """Not yet worked on."""
    RATING = "rating"
    FOLLOW_UP = "follow_up"
    ASKED = "asked"
    """A negative level that lacks its reason: asked for."""
    BY_LINK = "by_link"
    """It takes more than a line of text: the link was sent."""
    OPINION = "opinion"
    STOP = "stop"
    HELP = "help"
    UNKNOWN = "unknown"
    """From a number that we have written nothing to."""


async def take_reply(office: Office, gateway: str, answer: SmsReply) -> TakenAs:
    """Sent again, the same answer is answered the same and stored once."""
    reference = sm3(f"{gateway}\0{answer.reference}".encode()).hex()
    await Reply.bulk_create(
        [
            Reply(
                gateway=gateway,
                reference=reference,
                sender=office.keys.seal(answer.phone, "reply.sender"),
                sender_hash=office.keys.find(answer.phone, "phone"),
                words=harmless(answer.words),
                at=answer.at or office.now(),
                taken_as=TakenAs.RECEIVED.value,
            )
        ],
        ignore_conflicts=True,
    )
    reply = await Reply.get(gateway=gateway, reference=reference)
    if reply.taken_as != TakenAs.RECEIVED:
        return TakenAs(reply.taken_as)
    taken_as = await _work(office, reply, answer.phone)
    await Reply.filter(id=reply.id).update(taken_as=taken_as.value)
    return taken_as


async def _work(office: Office, reply: Reply, phone: str) -> TakenAs:
    said = heard(reply.words)
    if said.wish is Wish.STOP:
        await _stop(office, reply)
        return TakenAs.STOP
    written_to = [each async for each in _written_to(office, phone)]
    if not written_to:
        return TakenAs.UNKNOWN
    if said.wish is Wish.HELP:
        await _write_back(office, reply, written_to[0], "help")
        return TakenAs.HELP
    taken_as = await _made_of(reply)
    if taken_as is None and said.wish is Wish.FOLLOW_UP:
        taken_as = await _follow_up(office, reply, written_to, said)
    if taken_as is None:
        taken_as = await _first(office, reply, written_to, said)
    # A twin in another process may have made its rating of it meanwhile.
    taken_as = taken_as or await _made_of(reply)
    if taken_as is None:
        await _keep(office, reply, written_to[0])
    return taken_as or TakenAs.OPINION


async def _made_of(reply: Reply) -> TakenAs | None:
    """What an earlier run has made of it, that did not live to say so."""
    made = await Evaluation.get_or_none(submission=_submission(reply))
    if made is None:
        return None
    return TakenAs.FOLLOW_UP if made.ordinal == Ordinal.FOLLOW_UP else TakenAs.RATING


def _submission(reply: Reply) -> str:
    return f"reply-{reply.reference[:40]}"


async def _first(
    office: Office, reply: Reply, written_to: Sequence[Invitation], said: Heard
) -> TakenAs | None:
    """The newest that is still open is rated; a reason alone goes to where a level was told."""
    asked = await _asked(office, reply)
    for invitation in written_to:
        if invitation.closed_at is not None:
            continue
        if said.level is not None and said.sure:
            return await _rate(office, reply, invitation, said.level, said.words)
        if asked is not None and asked.invitation_id == invitation.id:
            return await _rate(office, reply, invitation, Level(asked.level or 0), reply.words)
    return None


async def _stop(office: Office, reply: Reply) -> None:
    stop = OptOut(channel=Channel.SMS.value, address_hash=reply.sender_hash, at=office.now())
    await OptOut.bulk_create([stop], ignore_conflicts=True)


async def _written_to(office: Office, phone: str) -> AsyncIterator[Invitation]:
    """What this number was asked about, the newest message first."""
    known_by = office.keys.find(phone, "phone")
    cases = await Case.filter(Q(phone_hash=known_by) | Q(agent_phone_hash=known_by))
    calls = await Call.filter(caller_hash=known_by)
    handed_on = await Case.filter(call_number__in=[call.number for call in calls])
    known = [*cases, *handed_on]
    invitations = await Invitation.filter(
        Q(case_id__in=[case.id for case in known])
        | Q(group_id__in=[case.group_id for case in known if case.group_id])
        | Q(call_id__in=[call.id for call in calls])
    )
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


_ASKING = ("invitation", "reminder")


async def _asked(office: Office, reply: Reply) -> Reply | None:
    """The newest reply of this number that told a level and no reason."""
    return (
        await Reply.filter(
            sender_hash=reply.sender_hash,
            taken_as=TakenAs.ASKED.value,
            at__gt=office.now() - PATIENCE,
        )
        .order_by("-id")
        .first()
    )


async def _rate(
    office: Office, reply: Reply, invitation: Invitation, level: Level, words: str
) -> TakenAs | None:
    """None: somebody else was faster, or the link's end came."""
    try:
        await submit(office, invitation, _rating(reply, invitation, level, words))
    except (AlreadyRated, LinkExpired, LinkUnknown):
        return None
    except Refused as refusal:
        if (made := await _made_of(reply)) is not None:
            return made
        if isinstance(refusal, ReasonMissing) and not refusal.each:
            await Reply.filter(id=reply.id).update(level=int(level), invitation_id=invitation.id)
            await _write_back(office, reply, invitation, "why", level=int(level))
            return TakenAs.ASKED
        await _write_back(office, reply, invitation, "by_link")
        return TakenAs.BY_LINK
    return TakenAs.RATING


def _rating(reply: Reply, invitation: Invitation, level: Level, words: str) -> Rating:
    """What is said in one line is said of the first target: the item, where it is rated."""
    words = harmless(words)
    about = Target(invitation.targets[0])
    return Rating(
        level=level,
        reasons={about: ReasonGiven(words=words)} if words else {},
        channel=Channel.SMS,
        credential=Credential.REPLY,
        submission=_submission(reply),
    )


async def _follow_up(
    office: Office, reply: Reply, written_to: Sequence[Invitation], said: Heard
) -> TakenAs | None:
    """追评 and a level, to the newest rating that can be added to. None: there is none."""
    if said.level is None:
        return None
    for invitation in written_to:
        first = await Evaluation.get_or_none(
            invitation_id=invitation.id, ordinal=int(Ordinal.FIRST)
        )
        if first is None:
            continue
        try:
            await follow_up(office, first, _rating(reply, invitation, said.level, said.words))
        except Refused:
            continue
        return TakenAs.FOLLOW_UP
    return None


async def _write_back(
    office: Office, reply: Reply, invitation: Invitation, kind: str, **more: int
) -> None:
    body = {"reply": reply.id, "invitation": invitation.id, **more}
    await put([notice(kind, str(reply.id), body, now=office.now())])


async def _keep(office: Office, reply: Reply, invitation: Invitation) -> None:
    given = OpinionGiven(
        words=harmless(reply.words) or "（空）",
        phone=office.keys.open(reply.sender, "reply.sender"),
        channel=Channel.SMS,
        submission=_submission(reply),
    )
    await keep_opinion(office, given, region=invitation.region_id, agency=invitation.agency_id)
