"""What people answer to our messages, whatever they came by: stored as it came, once, before
anything is made of it; a process that dies in between finds it again when it is repeated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from models.notices import notice, put
from models.office import Office
from models.ratings.follow_up import follow_up
from models.ratings.given import Rating, ReasonGiven
from models.ratings.opinions import OpinionGiven, keep_opinion
from models.ratings.refusals import AlreadyRated, LinkExpired, LinkUnknown, ReasonMissing
from models.ratings.submit import submit
from models.refusals import Refused
from models.tables import Evaluation, Invitation, OptOut, Reply
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
    AUTOMATIC = "automatic"
    """No person wrote it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`reference`: 64 hex digits, the same whenever the same one comes again; `by`: SMS or MAIL;
    `sender`: a number (E.164) or an address."""

    gateway: str
    reference: str
    by: Channel
    sender: str
    words: str
    at: datetime

    @property
    def submission(self) -> str:
        return f"{self.by}-{self.reference[:40]}"


async def stored(office: Office, answer: Answer) -> Reply:
    kind = "phone" if answer.by is Channel.SMS else "email"
    row = Reply(
        gateway=answer.gateway,
        reference=answer.reference,
        channel=answer.by.value,
        sender=office.keys.seal(answer.sender, "reply.sender"),
        sender_hash=office.keys.find(answer.sender, kind),
        words=harmless(answer.words),
        at=answer.at,
        taken_as=TakenAs.RECEIVED.value,
    )
    await Reply.bulk_create([row], ignore_conflicts=True)
    return await Reply.get(gateway=answer.gateway, reference=answer.reference)


async def stop(office: Office, reply: Reply) -> None:
    """退订: no more messages on this way to whoever wrote."""
    wish = OptOut(channel=reply.channel, address_hash=reply.sender_hash, at=office.now())
    await OptOut.bulk_create([wish], ignore_conflicts=True)


async def made_of(answer: Answer) -> TakenAs | None:
    """What an earlier run has made of it, that did not live to say so."""
    made = await Evaluation.get_or_none(submission=answer.submission)
    if made is None:
        return None
    return TakenAs.FOLLOW_UP if made.ordinal == Ordinal.FOLLOW_UP else TakenAs.RATING


async def rate(
    office: Office, answer: Answer, reply: Reply, invitation: Invitation, level: Level, words: str
) -> TakenAs | None:
    """None: somebody else was faster, or the link's end came."""
    try:
        await submit(office, invitation, _rating(answer, invitation, level, words))
    except (AlreadyRated, LinkExpired, LinkUnknown):
        return None
    except Refused as refusal:
        if (made := await made_of(answer)) is not None:
            return made
        if isinstance(refusal, ReasonMissing) and not refusal.each:
            await Reply.filter(id=reply.id).update(level=int(level), invitation_id=invitation.id)
            await write_back(office, reply, invitation, "why", level=int(level))
            return TakenAs.ASKED
        await write_back(office, reply, invitation, "by_link")
        return TakenAs.BY_LINK
    return TakenAs.RATING


async def asked_before(office: Office, reply: Reply) -> Reply | None:
    """The newest reply of this sender that told a level and no reason."""
    return (
        await Reply.filter(
            sender_hash=reply.sender_hash,
            taken_as=TakenAs.ASKED.value,
            at__gt=office.now() - PATIENCE,
        )
        .order_by("-id")
        .first()
    )


async def add(
    office: Office, answer: Answer, invitation: Invitation, level: Level, words: str
) -> bool:
    """追加评价. False: there is nothing to add to, or it lacks something."""
    first = await Evaluation.get_or_none(invitation_id=invitation.id, ordinal=int(Ordinal.FIRST))
    if first is None:
        return False
    try:
        await follow_up(office, first, _rating(answer, invitation, level, words))
    except Refused:
        return False
    return True


def _rating(answer: Answer, invitation: Invitation, level: Level, words: str) -> Rating:
    """What is said in one line is said of the first target: the item, where it is rated."""
    words = harmless(words)
    about = Target.ITEM if Target.ITEM in invitation.targets else Target(invitation.targets[0])
    return Rating(
        level=level,
        reasons={about: ReasonGiven(words=words)} if words else {},
        channel=answer.by,
        credential=Credential.REPLY,
        submission=answer.submission,
    )


async def write_back(
    office: Office, reply: Reply, invitation: Invitation, kind: str, **more: int
) -> None:
    """On the way on which it came."""
    body = {"reply": reply.id, "invitation": invitation.id, **more}
    await put([notice(kind, str(reply.id), body, now=office.now(), agency=invitation.agency_id)])


async def keep(
    office: Office, answer: Answer, *, region: int, agency: int, name: str | None = None
) -> TakenAs:
    """意见: what is no rating is kept and read."""
    given = OpinionGiven(
        words=harmless(answer.words) or "（空）",
        name=name,
        phone=answer.sender if answer.by is Channel.SMS else None,
        channel=answer.by,
        submission=answer.submission,
    )
    await keep_opinion(office, given, region=region, agency=agency)
    return TakenAs.OPINION
