"""代录: what was said on paper, in a suggestion box or to a supervisor's call, keyed in by staff.

It takes the same way as every other rating and is marked as keyed in for ever. Nobody keys in a
rating of themselves, and nothing is keyed in without the picture or the recording of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.calendar.beijing import spoken
from models.cases.locking import lock_entry
from models.cases.received import not_in_the_future
from models.directory.lookup import Lookup
from models.office import Office
from models.ratings.attachments import proof, sealed
from models.ratings.entered_about import About, about_case, about_place
from models.ratings.given import Rating, ReasonGiven, Submission
from models.ratings.opinions import OpinionGiven, keep_opinion
from models.ratings.refusals import AlreadyRated
from models.ratings.submit import submit_on
from models.refusals import Conflict, Forbidden, Invalid
from models.tables import Account, Attachment, Evaluation, Integrator, Opinion, Staff, Visit
from models.texts import Code, Line, Moment, Phone, Words
from models.words import Channel, Credential, Level, Target

Medium = Literal[Channel.PAPER, Channel.SUGGESTION_BOX, Channel.SURVEY_CALL]


class EntryGiven(BaseModel):
    """About one of `case`, `window`, `hall`, `platform` and `agency`; `visit` is the number of a
    visit of the case, null its completion.

    Without `level` it is an opinion, and so is what is said of a place whose rules take no rating
    without a case. `words` are the opinion, or are said of the first target rated.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    submission: Submission
    medium: Medium
    said_at: Moment | None = None
    """When the form was filled in or the call was made."""
    case: Code | None = None
    visit: Annotated[int, Field(ge=1, le=1000)] | None = None
    window: Code | None = None
    hall: Code | None = None
    platform: Code | None = None
    agency: Code | None = None
    level: Level | None = None
    reasons: dict[Target, ReasonGiven] = {}
    words: Words = ""
    rater_name: Line | None = None
    rater_phone: Phone | None = None

    @model_validator(mode="after")
    def _about_one_thing(self) -> Self:
        named = (self.case, self.window, self.hall, self.platform, self.agency)
        if sum(each is not None for each in named) != 1:
            raise ValueError("case、window、hall、platform、agency 五者给出一个")
        if self.visit is not None and self.case is None:
            raise ValueError("visit 要与 case 一起给出")
        if self.level is None and not self.words:
            raise ValueError("请给出满意程度（level），或写下意见（words）")
        return self


class Entry(EntryGiven):
    """By an integrator's system. `keyed_by`: code of the member of staff."""

    keyed_by: Code


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who keys in."""

    lookup: Lookup
    keyed_by: str
    staff: int | None
    """Who they are as one that is rated. None: nobody rates them."""
    space: str
    """In which a submission is one of a kind."""


async def clerk_of(account: Account) -> Clerk:
    """`account` with its agency. Keyed in by the member of staff that it is, else by its login."""
    region = account.agency.region_id if account.agency is not None else None
    staff = await Staff.get_or_none(id=account.staff_id)
    return Clerk(
        lookup=Lookup(Integrator(region_id=region)),
        keyed_by=staff.code if staff is not None else f"account:{account.login}",
        staff=account.staff_id,
        space=f"account:{account.id}",
    )


class RatedBefore(Conflict):
    """AlreadyRated, said to the member of staff and not to the rater."""

    code = AlreadyRated.code

    def __init__(self, first: Evaluation) -> None:
        by = f"通过{Channel(first.channel).label}" if first.channel else ""
        super().__init__(
            f"这次服务已于{spoken(first.at)}{by}评价为“{Level(first.level).label}”，"
            "以第一次评价为准，不能再代录。"
        )
        self.evaluation = first.id


async def enter(office: Office, integrator: Integrator, entry: Entry, content: bytes) -> Attachment:
    """`enter_by`, for the member of staff whom an integrator names. Raises UnknownReference,
    Forbidden, and what `enter_by` does."""
    lookup = Lookup(integrator)
    staff = await lookup.staff(entry.keyed_by, "keyed_by")
    clerk = Clerk(lookup, entry.keyed_by, staff.id, str(integrator.id))
    return await enter_by(office, clerk, entry, content)


async def enter_by(office: Office, clerk: Clerk, entry: EntryGiven, content: bytes) -> Attachment:
    """The row of the file, with its evaluation or its opinion. The same entry with the same file
    again is answered again and stored once.

    Raises AttachmentUnfit, UnknownReference, Forbidden, RatedBefore, Conflict, and the refusals
    of `decide`.
    """
    if entry.said_at is not None:
        not_in_the_future(office, entry.said_at, "said_at")
    about = await _about(office, clerk.lookup, entry)
    file = await proof(content)
    submission = f"entry-{_hash(office, clerk, entry.submission)[:40]}"
    # The id tells this entry from another one under the same key.
    whole = _hash(office, clerk, f"{entry.model_dump_json()}\0{file.digest}")
    attachment = await sealed(office, file, UUID(whole[:32]))
    try:
        async with office.database.transaction() as connection:
            await lock_entry(connection, submission)
            known = await Attachment.get_or_none(id=attachment.id)
            if known is None:
                await _not_of_themselves(about, clerk)
                await _store(office, clerk, entry, about, submission, attachment)
                known = attachment
    except AlreadyRated as second:
        raise RatedBefore(await Evaluation.get(id=second.evaluation)) from None
    await known.fetch_related("evaluation", "opinion")
    return known


async def _about(office: Office, lookup: Lookup, entry: EntryGiven) -> About:
    if entry.case is not None:
        return await about_case(lookup, entry.case, entry.visit, rated=entry.level is not None)
    return await about_place(
        office,
        lookup,
        window=entry.window,
        hall=entry.hall,
        platform=entry.platform,
        agency=entry.agency,
    )


async def _not_of_themselves(about: About, clerk: Clerk) -> None:
    """Raises Forbidden for whoever is rated, or served any of the cases, or sat at the window."""
    if clerk.staff is None:
        return
    served = Visit.filter(staff_id=clerk.staff)
    if (
        (about.subject is not None and about.subject.staff == clerk.staff)
        or await served.filter(case_number__in=about.numbers).exists()
        or (about.window is not None and await served.filter(window_id=about.window).exists())
    ):
        raise Forbidden("不能代录对本人的评价，请由其他工作人员代录", field="keyed_by")


async def _store(
    office: Office,
    clerk: Clerk,
    entry: EntryGiven,
    about: About,
    submission: str,
    attachment: Attachment,
) -> None:
    """Inside the transaction. What is refused leaves nothing of it."""
    for table in (Evaluation, Opinion):
        if await table.exists(submission=submission):
            raise Conflict("这个编号已用于另一份代录", field="submission")
    if entry.level is not None and about.subject is not None:
        rating = _rating(entry, entry.level, about.subject.targets[0], submission)
        receipt = await submit_on(office, about.subject, rating, keyed_by=clerk.keyed_by)
        attachment.evaluation_id = receipt.evaluation
    else:
        attachment.opinion_id = await _opinion(office, clerk, entry, about, submission)
    attachment.said_at = entry.said_at
    await attachment.save(force_create=True)


def _rating(entry: EntryGiven, level: Level, first: Target, submission: str) -> Rating:
    reasons = dict(entry.reasons)
    if entry.words:
        said = reasons.get(first, ReasonGiven())
        if said.words:
            raise Invalid(f"对{first.label}的意见写了两处，请只写一处", field="words")
        reasons[first] = said.model_copy(update={"words": entry.words})
    return Rating(
        level=level,
        reasons=reasons,
        channel=entry.medium,
        credential=Credential.NONE,
        submission=submission,
        rater_name=entry.rater_name,
        rater_phone=entry.rater_phone,
    )


async def _opinion(
    office: Office, clerk: Clerk, entry: EntryGiven, about: About, submission: str
) -> UUID:
    if entry.reasons:
        raise Invalid("这里只能记为意见，请把内容写在words里", field="reasons")
    given = OpinionGiven(
        level=entry.level,
        words=entry.words,
        name=entry.rater_name,
        phone=entry.rater_phone,
        digits=entry.case[-4:] if entry.case else None,
        channel=entry.medium,
        submission=submission,
    )
    return await keep_opinion(
        office, given, region=about.region, agency=about.agency, keyed_by=clerk.keyed_by
    )


def _hash(office: Office, clerk: Clerk, text: str) -> str:
    return office.keys.find(f"{clerk.space}\0{text}", "entry")
