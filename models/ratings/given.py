"""What a channel hands over: one rating, whoever gave it and wherever."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from models.texts import Code, Line, Phone, Words
from models.words import Channel, Credential, Level, Target


class ReasonGiven(BaseModel):
    """理由 for one target: indicators by code, and words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    indicators: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    words: Words = ""

    @property
    def empty(self) -> bool:
        return not self.indicators and not self.words


class Rating(BaseModel):
    """评价. `submission` is the sender's own key: the same one again is the same submission."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    level: Level
    reasons: dict[Target, ReasonGiven] = {}
    answers: Annotated[dict[str, Words], Field(max_length=20)] = {}
    channel: Channel
    credential: Credential
    submission: Annotated[str, Field(min_length=8, max_length=64)]
    rater_name: Line | None = None
    rater_phone: Phone | None = None

    def reason(self, target: Target) -> ReasonGiven:
        return self.reasons.get(target, ReasonGiven())
