"""A recording of what a caller said when the agent had hung up, delivered once the call is over."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from models.calendar.beijing import spoken
from models.cases.handovers import Handed, handed, handover_of
from models.cases.locking import lock_call, lock_entry
from models.directory.lookup import Lookup
from models.office import Office
from models.ratings.attachments import Proof, sealed
from models.ratings.by_phone import link_sent, take
from models.ratings.refusals import AlreadyRated
from models.refusals import Conflict, Missing
from models.tables import Attachment, Call, Evaluation, Handover, Integrator, Invitation
from models.texts import could_be_code
from models.words import Channel, Level


class CallNotRated(Conflict):
    """The rulebook lets nobody rate it."""

    code = "call_not_rated"

    def __init__(self) -> None:
        super().__init__("这次通话没有可以评价的")


class CallRated(Conflict):
    """AlreadyRated, said to the call centre and not to the rater."""

    code = AlreadyRated.code

    def __init__(self, first: Evaluation) -> None:
        by = f"通过{Channel(first.channel).label}" if first.channel else ""
        super().__init__(
            f"这次通话已于{spoken(first.at)}{by}评价为“{Level(first.level).label}”，"
            "以第一次评价为准，这段录音没有保存。"
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """What was made of it: `attachment` has its evaluation or its opinion loaded. `link`: one is
    sent to the caller, or has been."""

    attachment: Attachment
    link: bool


@dataclass(frozen=True, slots=True)
class Recording:
    """`key`: the digit that was pressed. The same file with the same key is the same recording."""

    of: Handed
    file: Proof
    key: int | None

    def name(self, office: Office) -> str:
        return office.keys.find(f"{self.of.id}\0{self.file.digest}\0{self.key}", "recording")

    def id(self, office: Office) -> UUID:
        return UUID(self.name(office)[:32])


async def call_named(office: Office, integrator: Integrator, name: str) -> Handed:
    """By its number, or by the UUID of its handover, however long ago that was. Raises Missing,
    Forbidden, CallNotRated."""
    call = await _call(name)
    if call is None:
        raise Missing(f"没有编号为“{name}”的通话")
    await Lookup(integrator).must_own(call.region_id, field="id")
    async with office.database.transaction() as connection:
        await lock_call(connection, call.number)
        if not await Invitation.exists(call_id=call.id):
            raise CallNotRated
        return await handed(office, await handover_of(office, call))


async def _call(name: str) -> Call | None:
    try:
        handover = await Handover.get_or_none(id=UUID(name)).select_related("call")
    except ValueError:
        handover = None
    if handover is not None:
        return handover.call
    return await Call.get_or_none(number=name) if could_be_code(name) else None


async def check_open(office: Office, recording: Recording) -> None:
    """Before it is listened to. Raises CallRated for another one of a call that is rated."""
    said = await Evaluation.filter(invitation=recording.of.invitation).order_by("ordinal").first()
    if said is not None and not await Attachment.exists(id=recording.id(office)):
        raise CallRated(said)


async def keep_recording(
    office: Office, recording: Recording, level: Level | None, words: str
) -> Kept:
    """`level`: None where none is sure. `words`: what else was said. The same recording again is
    stored once. Raises CallRated."""
    call = await Call.get(number=recording.of.call)
    attachment = await sealed(office, recording.file, recording.id(office))
    attachment.said_at = call.ended_at
    submission = f"recording-{recording.name(office)[:40]}"
    try:
        async with office.database.transaction() as connection:
            await lock_entry(connection, submission)
            known = await Attachment.get_or_none(id=attachment.id)
            if known is None:
                await take(office, recording.of, submission, level, words, attachment)
                known = attachment
            link = known.opinion_id is not None and await link_sent(office, recording.of)
    except AlreadyRated as second:
        raise CallRated(await Evaluation.get(id=second.evaluation)) from None
    await known.fetch_related("evaluation", "opinion")
    return Kept(known, link)
