"""What every rule is made of: its source, its words, its periods."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from models.words import Level

PLATFORM = "platform"
"""The source of a rule that no article states: the platform's own, chosen by the jurisdiction."""


def _level(value: object) -> Level:
    """Words only: a bare number would be somebody's code, and codes differ by province."""
    if isinstance(value, Level):
        return value
    try:
        return Level.of_label(str(value))
    except KeyError:
        raise ValueError(f"“{value}”不是五个评价等级之一") from None


LevelWord = Annotated[
    Level, BeforeValidator(_level), PlainSerializer(lambda level: level.label, return_type=str)
]
"""A level written as the regulations write it: 非常满意 … 非常不满意."""


_NUMBER = "[一二三四五六七八九十百零〇]+"
_ARTICLE = (
    rf"(第{_NUMBER}条(第{_NUMBER}款)?([(（]{_NUMBER}[)）])?"
    rf"|{_NUMBER}([(（]{_NUMBER}[)）]\d*)?"
    r"|附[件表]\d*)"
)
_SOURCE = re.compile(rf"{PLATFORM}|{_ARTICLE}(、{_ARTICLE})*")


def _source(value: str) -> str:
    if not _SOURCE.fullmatch(value):
        raise ValueError(f"缺少条文出处：“{value}”不是条文（如第十九条、二(三)1），也不是platform")
    return value


Source = Annotated[str, Field(max_length=100), AfterValidator(_source)]
"""Where a rule stands: an article, several joined by 、, or `platform`."""


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(Strict):
    """One rule of one regulation.

    `source` is the article (第十九条; 二(三)1; 三(二)2) or `platform`; `quote` the article's words
    to the letter, where they decide something; `reading` the number of the chosen reading in the
    rule matrix, where the text leaves more than one.
    """

    source: Source
    quote: str | None = None
    reading: int | None = None

    @property
    def statutory(self) -> bool:
        return self.source != PLATFORM


class Counting(StrEnum):
    WORKING_DAYS = "working_days"
    NATURAL_DAYS = "natural_days"
    HOURS = "hours"
    AT_ONCE = "at_once"
    """当场: before the rater leaves, at the latest the same natural day (reading 30)."""


class Since(StrEnum):
    """起算点."""

    COMPLETION = "completion"
    EVALUATION = "evaluation"
    RECEIVED = "received"
    """The system delivered the order to the agency; not when somebody opened it (reading 8)."""
    ENTERED = "entered"
    """The order stands at its first receiver and waits to be dispatched."""
    VERIFIED = "verified"
    FOUND_MISTAKEN = "found_mistaken"
    APPEALED = "appealed"
    SET_ASIDE = "set_aside"
    """The second party has confirmed the finding; the rater is told and may object."""
    ANSWERED = "answered"


class Period(Strict):
    """A length of time as a regulation states it. The starting day is not counted (reading 5)."""

    count: int = Field(ge=0, le=3650)
    unit: Counting
    since: Since
    roll_over_holidays: bool = False
    """A natural-day period that ends on a holiday ends on the next working day (reading 5)."""
