"""By telephone: what a caller says once the agent has hung up, made a rating of the call.

Who ends before a level is confirmed has said nothing that counts, and gets the link by SMS. Where
the rules want more than was said (a reason, a name), the level is kept as an opinion and the link
goes out, whose page asks for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from models.cases.handovers import Handed
from models.contacts import contacts_of
from models.notices import invite_caller
from models.office import Office
from models.ratings.attachments import proof, sealed
from models.ratings.given import Rating, ReasonGiven
from models.ratings.opinions import OpinionGiven, keep_opinion
from models.ratings.refusals import AlreadyRated
from models.ratings.submit import Receipt, submit
from models.refusals import Refused
from models.tables import Attachment, Handover, Invitation
from models.texts import harmless
from models.words import Channel, Credential, Level, Target

RECORDED: Final = "（见录音）"
"""The reason, where it was said aloud and could not be written down."""


@dataclass(frozen=True, slots=True)
class Said:
    """`level`: confirmed. `words`: why, as far as they were understood. `recording`: of that, a
    WAV file."""

    level: Level | None = None
    words: str = ""
    recording: bytes | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """What has become of it. `link`: one is sent to the caller, or has been."""

    receipt: Receipt | None = None
    opinion: UUID | None = None
    link: bool = False


async def keep_level(office: Office, handed: Handed, level: Level) -> None:
    """Confirmed: it counts, whatever becomes of the call and of this process."""
    async with office.database.transaction():
        await Handover.filter(id=handed.id, ended_at=None).update(level=int(level))


async def finish(office: Office, handed: Handed, said: Said) -> Ended:
    """All that was said. Once: whatever is said the second time is not added, and the answer is
    that of the first. Raises AttachmentUnfit."""
    recording = None
    if said.recording is not None:
        recording = await sealed(office, await proof(said.recording), uuid4())
    async with office.database.transaction():
        row = await Handover.filter(id=handed.id).select_for_update().get()
        level = None if row.level is None else Level(row.level)
        words = ""
        if row.ended_at is None:
            level, words = said.level or level, said.words
            row.level, row.ended_at = level, office.now()
            await row.save(update_fields=["level", "ended_at"])
        else:
            recording = None
        if recording is not None:
            recording.said_at = row.claimed_at
        try:
            return await take(office, handed, f"handover-{row.id}", level, words, recording)
        except AlreadyRated:
            return Ended()


async def take(
    office: Office,
    handed: Handed,
    submission: str,
    level: Level | None,
    words: str,
    recording: Attachment | None,
) -> Ended:
    """In a transaction. The same submission again is answered again. `recording`: sealed, and not
    stored yet. Raises AlreadyRated."""
    receipt = opinion = None
    words = harmless(words)
    if level is not None:
        receipt = await _rated(office, handed, submission, level, words, recording)
    if receipt is None and (level is not None or recording is not None):
        opinion = await _kept(office, handed, submission, level, words)
    if recording is not None:
        recording.evaluation_id = receipt.evaluation if receipt else None
        recording.opinion_id = opinion
        await recording.save(force_create=True)
    return Ended(receipt, opinion, link=receipt is None and await link_sent(office, handed))


async def _rated(
    office: Office,
    handed: Handed,
    submission: str,
    level: Level,
    words: str,
    recording: Attachment | None,
) -> Receipt | None:
    """None where the rules want more. Raises AlreadyRated."""
    reasons = {}
    if level in handed.negative and (words or recording is not None):
        about = Target(handed.invitation.targets[0])
        reasons[about] = ReasonGiven(words=words or RECORDED)
    rating = Rating(
        level=level,
        reasons=reasons,
        channel=Channel.HOTLINE,
        credential=Credential.CALL,
        submission=submission,
    )
    try:
        return await submit(office, handed.invitation, rating)
    except AlreadyRated:
        raise
    except Refused:
        return None


async def _kept(
    office: Office, handed: Handed, submission: str, level: Level | None, words: str
) -> UUID:
    chosen = "没有听清满意程度" if level is None else f"选择了“{level.label}”"
    said = [f"（电话评价没有完成：{chosen}）", *([words] if words else [])]
    given = OpinionGiven(
        level=level,
        words=harmless("\n".join(said)),
        phone=(await contacts_of(office, handed.invitation)).phone,
        channel=Channel.HOTLINE,
        submission=submission,
    )
    about = handed.invitation
    return await keep_opinion(office, given, region=about.region_id, agency=about.agency_id)


async def link_sent(office: Office, handed: Handed) -> bool:
    """Once a call, unless nobody would get it, or there is nothing left to rate."""
    invitation = await Invitation.get(id=handed.invitation.id)
    if not handed.reachable or invitation.closed_at is not None or office.now() >= invitation.until:
        return False
    await invite_caller(office, invitation)
    return True
