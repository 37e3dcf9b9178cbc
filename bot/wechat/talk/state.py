"""What a dialogue has asked, and what was said before it could be understood.

Kept by the times at which people sent, not at which callbacks arrived: the platform may deliver
them in another order. An answer belongs to the newest question that was asked before it was sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from models.ratings.given import ReasonGiven
from models.words import Level, Target

PATIENCE: Final = timedelta(hours=24)
"""For how long a question waits."""
AFTERTHOUGHT: Final = timedelta(minutes=10)
"""For how long what is said next is taken to be of what has just been rated."""
QUESTIONS: Final = 12
UNPLACED: Final = 6
"""As many as are kept."""


class Ask(StrEnum):
    LEVEL = "level"
    WHY = "why"
    SURE = "sure"
    """Whether a level was rightly understood."""
    WHICH = "which"
    CODE = "code"
    """Sent by SMS, to bind a phone."""
    DONE = "done"
    """No question: it has been rated."""


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class About(_Kept):
    """What is rated: one of an invitation, a place (综合点评, or an opinion of it), and a first
    rating that is added to (追加评价)."""

    invitation: int | None = None
    place: str | None = None
    first: UUID | None = None


class Told(_Kept):
    """What somebody has said of it already."""

    level: Level
    words: str = ""
    """Said with it, and not yet of anything."""
    reasons: dict[Target, ReasonGiven] = {}
    recording: int | None = None
    """The voice message that told the level."""


class Question(_Kept):
    ask: Ask
    at: datetime
    """When that was sent which led to the question."""
    until: datetime
    about: About | None = None
    told: Told | None = None
    asking: tuple[Target, ...] = ()
    """Whose reasons are asked for."""
    options: tuple[About, ...] = ()


class Unplaced(_Kept):
    """Understood by nothing that had arrived yet."""

    at: datetime
    once: str
    words: str


class Talk(_Kept):
    questions: tuple[Question, ...] = ()
    """By time."""
    unplaced: tuple[Unplaced, ...] = ()

    @property
    def until(self) -> datetime | None:
        return min((each.until for each in self.questions), default=None)

    def before(self, moment: datetime) -> Iterator[Question]:
        """The newest first, of those that were asked before something was sent."""
        return (each for each in reversed(self.questions) if each.at <= moment)

    def asked(self, question: Question) -> Self:
        """In the place of an older one about the same."""
        others = [
            each
            for each in self.questions
            if each.about != question.about or (each.about is None and each.ask != question.ask)
        ]
        kept = sorted([*others, question], key=lambda each: each.at)[-QUESTIONS:]
        return self.model_copy(update={"questions": tuple(kept)})

    def without(self, question: Question) -> Self:
        kept = tuple(each for each in self.questions if each != question)
        return self.model_copy(update={"questions": kept})

    def expired(self, now: datetime) -> tuple[Self, tuple[Question, ...]]:
        """What is left of it, and the questions that nobody has answered in time."""
        over = tuple(each for each in self.questions if each.until <= now)
        if not over:
            return self, ()
        kept = tuple(each for each in self.questions if each.until > now)
        young = tuple(each for each in self.unplaced if each.at > now - AFTERTHOUGHT)
        left = self.model_copy(update={"questions": kept, "unplaced": young})
        return left, tuple(each for each in over if each.ask is not Ask.DONE)

    def missed(self, unplaced: Unplaced) -> Self:
        kept = sorted([*self.unplaced, unplaced], key=lambda each: each.at)[-UNPLACED:]
        return self.model_copy(update={"unplaced": tuple(kept)})

    def later_than(self, moment: datetime) -> tuple[Self, tuple[Unplaced, ...]]:
        """What may be understood now that something sent before it has arrived."""
        again = tuple(each for each in self.unplaced if each.at >= moment)
        kept = tuple(each for each in self.unplaced if each.at < moment)
        return self.model_copy(update={"unplaced": kept}), again
