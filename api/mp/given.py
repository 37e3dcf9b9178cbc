"""What somebody says in an app, and who they are as far as that must be told."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from models.office import Office
from models.raters import name_of, phone_of
from models.ratings.asked import Asked
from models.ratings.given import Rating, ReasonGiven
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


def person(office: Office, rater: Rater, given: Spoken, asked: Asked) -> dict[str, str | None]:
    """Where the real name is required what the app has checked counts before what is typed in;
    where it is welcome it is told only if they tell something of themselves."""
    volunteered = asked.name_welcome and (given.name or given.phone)
    if not (asked.name_required or volunteered):
        return {}
    return {
        "rater_name": name_of(office, rater) or given.name or None,
        "rater_phone": phone_of(office, rater) or given.phone,
    }


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
    return Rating.model_validate(
        {
            "level": given.level,
            "reasons": given.reasons,
            "answers": given.answers,
            "channel": channel,
            "credential": credential,
            "submission": submission_of(office, rater, given.submission),
            **person(office, rater, given, asked),
        }
    )
