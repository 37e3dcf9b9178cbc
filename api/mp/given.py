"""What somebody says in an app, and who they are as far as that must be told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from models.office import Office
from models.raters import name_of, phone_of
from models.ratings.asked import Asked
from models.ratings.given import Rating, ReasonGiven
from models.ratings.refusals import RealNameMissing
from models.refusals import Invalid
from models.tables import Rater
from models.texts import Line, Phone, Words
from models.words import Channel, Credential, Level, Target

Once = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,40}$")]
"""The app's own key, drawn when a form is shown: sent again with it, it is the same."""


class Spoken(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    submission: Once
    name: Line | None = None
    phone: Phone | None = None


class GivenRating(Spoken):
    level: Level
    reasons: dict[Target, ReasonGiven] = {}
    answers: Annotated[dict[Words, Words], Field(max_length=20)] = {}


class GivenAtPlace(Spoken):
    """`words`, `digits`: of an opinion; `reasons`: of 综合点评."""

    level: Level | None = None
    reasons: dict[Target, ReasonGiven] = {}
    words: Words = ""
    digits: Annotated[Line, StringConstraints(max_length=10)] | None = None


def submission_of(office: Office, rater: Rater, once: str) -> str:
    """Two people's keys never meet, and nobody tells from one of them whose it is."""
    return office.keys.find(f"{rater.id}\0{once}", "submission")


@dataclass(frozen=True, slots=True)
class Told:
    """Of themselves."""

    name: str | None = None
    phone: str | None = None


def told(office: Office, rater: Rater, given: Spoken, *, required: bool = False) -> Told:
    """What the app has checked counts before what they have typed in. Where nothing is required
    and they tell nothing, it is not told for them either."""
    if not (required or given.name or given.phone):
        return Told()
    return Told(
        name=name_of(office, rater) or given.name or None,
        phone=phone_of(office, rater) or given.phone,
    )


@contextmanager
def naming(rating: Rating) -> Iterator[None]:
    """A missing name stands at the field of this API that is to bring it."""
    try:
        yield
    except RealNameMissing as missing:
        missing.field = "phone" if rating.rater_name else "name"
        raise


def rating_of(
    office: Office,
    rater: Rater,
    given: GivenRating,
    asked: Asked,
    channel: Channel,
    credential: Credential,
) -> Rating:
    """Raises Invalid."""
    if unknown := set(given.answers) - set(asked.questions):
        raise Invalid(f"没有这个问题：{min(unknown)}", field="answers")
    own = Told()
    if asked.asks_name:
        own = told(office, rater, given, required=asked.name_required)
    return Rating(
        level=given.level,
        reasons=given.reasons,
        answers=given.answers,
        channel=channel,
        credential=credential,
        submission=submission_of(office, rater, given.submission),
        rater_name=own.name,
        rater_phone=own.phone,
    )
