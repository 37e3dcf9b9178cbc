"""意见: said at a static code, by message, on paper, and matched with no case. Kept and read, never
scored, never lost."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator
from tortoise.exceptions import IntegrityError

from models.office import Office
from models.ratings.given import Submission
from models.tables import Opinion, StaticCode
from models.texts import Line, Phone, Words
from models.words import Channel, Level


class OpinionGiven(BaseModel):
    """`digits`: of the case that was not found."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    level: Level | None = None
    words: Words = ""
    name: Line | None = None
    phone: Phone | None = None
    digits: Annotated[Line, StringConstraints(max_length=10)] | None = None
    channel: Channel
    submission: Submission

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.level is None and not self.words:
            raise ValueError("请写下您的意见，或选择满意程度")
        return self


async def keep_opinion(
    office: Office,
    given: OpinionGiven,
    *,
    region: int,
    agency: int,
    code: StaticCode | None = None,
    keyed_by: str | None = None,
) -> UUID:
    """Sent twice, kept once. `keyed_by`: who keyed it in from paper."""
    known = await Opinion.get_or_none(submission=given.submission)
    if known is not None:
        return known.id
    name, phone = given.name, given.phone
    try:
        kept = await Opinion.create(
            id=uuid4(),
            submission=given.submission,
            region_id=region,
            agency_id=agency,
            code=code,
            keyed_by=keyed_by,
            level=None if given.level is None else int(given.level),
            words=given.words,
            name=office.keys.seal(name, "opinion.name") if name else None,
            phone=office.keys.seal(phone, "opinion.phone") if phone else None,
            phone_hash=office.keys.find(phone, "phone") if phone else None,
            digits=given.digits,
            channel=given.channel.value,
            at=office.now(),
        )
    except IntegrityError:
        # The same one, sent twice at once.
        kept = await Opinion.get(submission=given.submission)
    return kept.id
