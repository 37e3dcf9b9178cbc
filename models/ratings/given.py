"""What a channel hands over: one rating, whoever gave it and wherever."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from models.texts import Code, Line, Phone, Words
from models.words import Channel, Credential, Level, Target

Submission = Annotated[str, StringConstraints(pattern=r"^[!-~]{8,64}$")]
"""The sender's own key, in visible ASCII: the same one again is the same submission."""


class ReasonGiven(BaseModel):
    """理由 for one target: indicators by code, and words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    indicators: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    words: Words = ""

    @property
    def empty(self) -> bool:
        return not self.indicators and not self.words


class Rating(BaseModel):
    """评价."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    level: Level
    reasons: dict[Target, ReasonGiven] = {}
    answers: Annotated[dict[Words, Words], Field(max_length=20)] = {}
    channel: Channel
    credential: Credential
    submission: Submission
    rater_name: Line | None = None
    rater_phone: Phone | None = None

    def reason(self, target: Target) -> ReasonGiven:
        return self.reasons.get(target, ReasonGiven())
