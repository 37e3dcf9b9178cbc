"""What may be rated and what is asked, as an app shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel

from models.cases.shown import Shown, shown
from models.office import Office
from models.ratings.asked import Asked, AskedTarget
from models.ratings.places import Place
from models.ratings.theirs import rateable_here
from models.tables import Invitation, Rater
from models.words import Channel, Level, Node, Target

NameAsked = Literal["required", "welcome", "known", "none"]
"""`known`: 实名 is required, and the app has told it already."""


class SubjectAnswer(BaseModel):
    title: str
    agency: str
    staff: str | None
    window: str | None
    group: str | None


class TargetAnswer(BaseModel):
    target: Target
    label: str


class RateableAnswer(SubjectAnswer):
    tail: str
    """Tells two cases of one item apart; empty where it is no single case."""
    token: str
    node: Node
    targets: list[TargetAnswer]
    until: datetime
    timely_until: datetime | None
    late: bool


class LevelAnswer(BaseModel):
    level: Level
    label: str


class ChoiceAnswer(BaseModel):
    code: str
    text: str
    other: bool
    """Asks for words."""


class AskedTargetAnswer(BaseModel):
    target: Target
    label: str
    name: str
    choices: dict[str, list[ChoiceAnswer]]
    """By level."""

    @classmethod
    def of(cls, asked: AskedTarget) -> Self:
        return cls(
            target=asked.target,
            label=asked.target.label,
            name=asked.name,
            choices={
                str(int(level)): [
                    ChoiceAnswer.model_validate(each, from_attributes=True) for each in choices
                ]
                for level, choices in asked.choices.items()
                if choices
            },
        )


class AskedAnswer(BaseModel):
    levels: list[LevelAnswer]
    targets: list[AskedTargetAnswer]
    negative: list[Level]
    hint: str
    """What a negative rating must bring."""
    name: NameAsked
    name_rule: str
    questions: list[str]

    @classmethod
    def of(cls, asked: Asked, rater: Rater, **more: object) -> Self:
        """`more`: the fields of a form of its own kind."""
        return cls.model_validate(
            {
                "levels": [{"level": level, "label": level.label} for level in Level],
                "targets": [AskedTargetAnswer.of(each) for each in asked.targets],
                "negative": sorted(asked.negative),
                "hint": asked.hint,
                "name": _name_asked(asked, rater),
                "name_rule": asked.name_rule,
                "questions": asked.questions,
                **more,
            }
        )


class CaseShown(BaseModel):
    number: str
    item: str


class RatingForm(SubjectAnswer, AskedAnswer):
    token: str
    cases: list[CaseShown]
    until: datetime
    late: bool


class FollowUpForm(AskedAnswer):
    code: str
    """Of the receipt of the first rating."""
    title: str
    agency: str
    until: datetime


class PlaceForm(BaseModel):
    code: str
    kind: str
    name: str
    takes_reviews: bool
    """综合点评; else what is said is kept as an opinion."""
    rateable: list[RateableAnswer]
    """Their own cases here, the oldest first."""
    asked: AskedAnswer


def _name_asked(asked: Asked, rater: Rater) -> NameAsked:
    if asked.name_required:
        return "known" if rater.name and rater.phone else "required"
    return "welcome" if asked.name_welcome else "none"


async def rateable_answer(
    office: Office, invitation: Invitation, channel: Channel
) -> RateableAnswer:
    targets, seen = [Target(target) for target in invitation.targets], await shown(invitation)
    return RateableAnswer(
        **lines_of(seen),
        tail=seen.tail,
        token=office.links.rating(invitation.nonce, channel),
        node=Node(invitation.node),
        targets=[TargetAnswer(target=target, label=target.label) for target in targets],
        until=invitation.until,
        timely_until=invitation.timely_until,
        late=is_late(office, invitation),
    )


def lines_of(seen: Shown) -> dict[str, Any]:
    """The fields of a SubjectAnswer."""
    return {name: getattr(seen, name) for name in SubjectAnswer.model_fields}


def is_late(office: Office, invitation: Invitation) -> bool:
    over = invitation.timely_until
    return invitation.silence is not None or (over is not None and office.now() >= over)


async def place_form(office: Office, place: Place, rater: Rater, channel: Channel) -> PlaceForm:
    theirs = await rateable_here(office, rater, place.subject, place.version)
    return PlaceForm(
        code=place.code.code,
        kind=place.kind,
        name=place.name,
        takes_reviews=place.takes_reviews,
        rateable=[await rateable_answer(office, each, channel) for each in theirs],
        asked=AskedAnswer.of(place.asked, rater),
    )
