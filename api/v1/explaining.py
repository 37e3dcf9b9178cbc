"""The explanation of a case or an order, as the API answers it."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from models.because import Explained


class BecauseAnswer(BaseModel):
    what: str
    rule: str
    source: str
    quote: str | None
    days: list[str]


class Explanation(BaseModel):
    rulebook: str
    title: str
    version: int | None
    judged_at: datetime | None
    because: list[BecauseAnswer]


def explanation(explained: Explained) -> Explanation:
    return Explanation(
        rulebook=explained.rulebook,
        title=explained.title,
        version=explained.version,
        judged_at=explained.judged_at,
        because=[
            BecauseAnswer(
                what=each.what,
                rule=each.rule,
                source=each.source,
                quote=each.quote,
                days=list(each.days),
            )
            for each in explained.because
        ],
    )
